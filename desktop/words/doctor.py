"""The words of each finding of the doctor: what was found, and what to do."""

import platform
import sys

from desktop.card.doctor import Diagnosis, Finding
from desktop.messages import Words
from desktop.words.card import reader_name
from desktop.words.translation import _, mark

# Title, explanation, action.
DOCTOR_WORDS: dict[str, tuple[str, str, str]] = {
    "doctor.ready": (
        mark("A My Number Card was found"),
        mark("The way to the card is open. Whether its certificates were revoked cannot be seen here."),
        mark("Nothing has to be done."),
    ),
    "doctor.last-try": (
        mark("Only one try is left"),
        mark("If the next signature password is wrong, it is locked until it is reset."),
        mark("Look for your note of the password before you enter it."),
    ),
    # --- the library and the service
    "doctor.library-missing": (
        mark("The library for card readers is not installed"),
        mark("Real cards need pyscard. The practice card works without it."),
        mark("Install the program again with its reader parts. “installer/bootstrap.py run” tells what is missing."),
    ),
    "doctor.service-missing": (
        mark("The smart card service is not installed"),
        mark("Card readers on Linux need the service pcscd and the driver for USB readers (CCID)."),
        mark("On Debian and Ubuntu: sudo apt-get install pcscd libccid. On Fedora: sudo dnf install pcsc-lite-ccid."),
    ),
    "doctor.service-stopped": (
        mark("The smart card service is not running"),
        mark("It is installed, and does not answer."),
        mark("Start it with: sudo systemctl enable --now pcscd.socket"),
    ),
    "doctor.service-denied": (
        mark("The smart card service runs, and refuses this program"),
        mark("The rules of the system (polkit) decide who may use card readers: mostly the person at the screen."),
        mark(
            "Log in at the computer itself, or ask its administrator to allow org.debian.pcsc-lite.access_pcsc "
            "and access_card for you."
        ),
    ),
    "doctor.remote": (
        mark("You are logged in from another computer"),
        mark("Over SSH the smart card service often refuses, although it works at the screen."),
        mark("Start the program at the computer to which the reader is connected."),
    ),
    "doctor.sandbox-flatpak": (
        mark("Flatpak keeps the program from the card reader"),
        mark("The permission for smart cards (pcsc) is missing, or no smart card service runs outside."),
        mark("Give it with: flatpak override --user --socket=pcsc followed by the name of the application."),
    ),
    "doctor.sandbox-snap": (
        mark("Snap keeps the program from the card reader"),
        mark("The connection to the smart card service is not allowed yet."),
        mark("Allow it with: sudo snap connect jitsuin:pcscd"),
    ),
    "doctor.service-windows": (
        mark("The Windows service “Smart Card” does not run"),
        mark("Windows starts it when a reader is connected. It may have been switched off."),
        mark("Connect the reader. If that does not help, set “Smart Card” to automatic in the list of services."),
    ),
    "doctor.service-mac": (
        mark("The smart card service of macOS does not answer"),
        mark("macOS starts it when a reader is connected."),
        mark("Unplug the reader, wait a moment and connect it again; restart the computer if that does not help."),
    ),
    "doctor.service-odd": (
        mark("The smart card service gives no list of readers"),
        mark("It answered with {code}."),
        mark("Unplug the reader and connect it again, or restart the computer."),
    ),
    # --- the reader
    "doctor.no-reader": (
        mark("No card reader found"),
        mark("The smart card service runs, and knows of no reader."),
        mark("Connect the reader directly, not through a hub, and try another cable or port."),
    ),
    "doctor.virtual-reader-only": (
        mark("Only a virtual reader was found"),
        mark("{reader} is part of this computer and cannot hold a My Number Card."),
        mark("Connect a card reader that works with the My Number Card."),
    ),
    "doctor.driver-missing": (
        mark("A card reader is connected, but its driver is missing"),
        mark("The system sees a USB card reader that the smart card service does not know."),
        mark(
            "Install the driver for USB readers (Debian and Ubuntu: libccid) or the one of the reader's maker, "
            "then start pcscd again."
        ),
    ),
    "doctor.reader-held-by-kernel": (
        mark("The Linux kernel holds the reader for itself"),
        mark("Its NFC driver ({drivers}) took the reader, so that the smart card service cannot see it."),
        mark("Keep that driver out with a file in /etc/modprobe.d (blacklist), then connect the reader again."),
    ),
    "doctor.driver-windows": (
        mark("On Windows, a reader may need the driver of its maker"),
        mark("Some readers, contactless ones above all, are not seen with what Windows brings."),
        mark("Install the maker's driver, and restart the computer. Over Remote Desktop, share smart cards."),
    ),
    "doctor.driver-mac": (
        mark("On macOS 14 and later, some readers need another driver"),
        mark("macOS uses a driver of its own for USB readers, and has a second one (IFD CCID) in reserve."),
        mark(
            "Try the second: sudo defaults write /Library/Preferences/com.apple.security.smartcard "
            "useIFDCCID -bool yes; then connect the reader again."
        ),
    ),
    # --- the card
    "doctor.no-card": (
        mark("No card on the reader"),
        mark("The reader is there, but it sees no card."),
        mark("Put the My Number Card on the reader, or into it, with the chip towards the contacts."),
    ),
    "doctor.placement": (
        mark("The card may only lie badly"),
        mark(
            "The My Number Card is of type B. Some readers see it only in the middle, and none through other cards "
            "or a metal table."
        ),
        mark("Take it out of its case, put it flat in the middle of the reader, alone, and do not move it."),
    ),
    "doctor.card-in-use": (
        mark("Another program is using the card"),
        mark("The card can be used by one program at a time."),
        mark("Close the other program, for example a browser page for e-Tax or Mynaportal, and try again."),
    ),
    "doctor.holders": (
        mark("These programs sometimes hold cards"),
        mark("Running now: {programs}."),
        mark("Close them, or take the card off and put it back."),
    ),
    "doctor.card-silent": (
        mark("The card does not answer as it should"),
        mark("The reader sees a card, and the connection failed ({code})."),
        mark("Take the card off, wait a moment and put it back. A reader must be able to read type B."),
    ),
    "doctor.other-card": (
        mark("This is not a My Number Card"),
        mark("The card on the reader has no certificates of the public service for individuals (JPKI)."),
        mark("Put your My Number Card on the reader, alone."),
    ),
    "doctor.practice-unavailable": (
        mark("The practice card cannot be made"),
        mark("Its keys are kept in the folder for the data of this program, and cannot be written or read there."),
        mark("See to it that there is free space and that you may write into your home folder, then try again."),
    ),
    "doctor.resident-card": (
        mark("This is an old Basic Resident Registration card"),
        mark("The certificates on these cards (住基カード) have all ended."),
        mark("Use the My Number Card."),
    ),
    "doctor.phone": (
        mark("This is a phone"),
        mark("The certificates on a phone are others than those of the card, and are not used here."),
        mark("Put the My Number Card itself on the reader."),
    ),
    "doctor.unknown-token": (
        mark("A card of an unknown kind"),
        mark(
            "It has the application for JPKI, but calls itself by an unknown name; it may be newer than this program."
        ),
        mark("Look for a newer version of this program."),
    ),
    "doctor.no-signature-certificate": (
        mark("The card has no signature certificate"),
        mark("It can identify you, but not sign. It is not issued to everyone, and has to be asked for."),
        mark("Ask at the counter of your municipality."),
    ),
    "doctor.certificate-ended": (
        mark("The certificates of the card have ended"),
        mark(
            "By the clock of this computer, the last day of the user-authentication certificate is over, and the "
            "signature certificate never runs longer."
        ),
        mark(
            "Have new ones issued at the counter of your municipality. If this cannot be so, set the date of this "
            "computer."
        ),
    ),
    "doctor.password-locked": (
        mark("The signature password is locked"),
        mark("The card was found, but it signs nothing until the password is reset."),
        mark("Have it reset at the counter of your municipality, or at a kiosk if you know your 4-digit PIN."),
    ),
}


def describe_finding(finding: Finding) -> Words:
    """What to tell a person of a finding, in the language spoken now."""
    title, explanation, action = (_(text) for text in DOCTOR_WORDS[finding.code])
    return Words(title, explanation.format(**finding.facts), action)


def doctor_report(diagnosis: Diagnosis) -> list[str]:
    """The diagnosis in lines, for the terminal and for those who are asked for help; nothing in it is personal."""
    lines = [
        f"Python {platform.python_version()}, {platform.platform()}",
        _("Card library (pyscard): {state}").format(state=_("there") if diagnosis.library else _("missing")),
        _("Smart card service: {state}").format(state=_answers(diagnosis.service)),
    ]
    for reader in diagnosis.readers:
        lines.append(_("Reader: {reader}").format(reader=reader_name(reader.name)))
        lines.append("  " + (_("a card is in it") if reader.card else _("no card in it")))
    for finding in diagnosis.findings:
        words = describe_finding(finding)
        lines += [f"{words.title} [{finding.code}]", f"  {words.explanation}", f"  {words.action}"]
    if not diagnosis.library and sys.platform == "linux":
        lines.append(
            _("On Debian and Ubuntu this line brings what is needed to build it; then start the program again:")
        )
        lines.append("  sudo apt-get install gcc swig libpcsclite-dev python3-dev pcscd")
    return lines


def _answers(state: bool | None) -> str:
    return {True: _("it answers"), False: _("it does not answer"), None: _("not looked at")}[state]
