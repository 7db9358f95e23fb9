"""Why a reader or a card is not seen: a diagnosis of typed findings, with nothing personal in it. Free of Qt.

`diagnose(readers, look_at_computer())` is all; the words of a finding are given by `doctor_words.describe_finding`.
"""

import importlib.util
import os
import platform
import re
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from desktop.words.formatting import listed, plain
from signing.card import CardFacts, Readers, ReaderState, TokenKind
from signing.errors import (
    CardError,
    CardInUse,
    CardLibraryMissing,
    CardServiceUnavailable,
    CertificateUnreadable,
    NoCard,
    NoReader,
    PracticeCardUnavailable,
    UnsupportedCard,
)

_SOCKET: Final = Path("/run/pcscd/pcscd.comm")
_USB: Final = Path("/sys/bus/usb")
_SMART_CARD_CLASS: Final = "0b"  # USB device class of CCID
_NFC_DRIVERS: Final = ("pn533_usb", "port100")  # of the kernel; they keep a reader from PC/SC
_HOLDERS: Final = ("scdaemon", "gpg-agent", "opensc-notify", "pcsc_scan", "chrome", "chromium", "firefox")
_COMMAND_LENGTH: Final = 15  # of the name of a process in /proc (TASK_COMM_LEN)
_VIRTUAL: Final = re.compile(
    r"virtual smart ?card|windows hello|\btpm\b|uicc|microsoft (platform|passport|ifd)", re.IGNORECASE
)


class Severity(StrEnum):
    PROBLEM = "problem"  # the card cannot be used until this is solved
    HINT = "hint"
    GOOD = "good"


@dataclass(frozen=True, slots=True)
class Finding:
    """`code` never changes; `facts` are what its words need."""

    code: str
    severity: Severity
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Computer:
    """What matters of this computer; None or empty where it does not apply or cannot be seen."""

    system: str = sys.platform  # as sys.platform
    library: bool = True  # pyscard is installed
    sandbox: str | None = None  # "flatpak", "snap"
    service_installed: bool | None = None
    service_socket: bool | None = None
    remote: bool = False  # logged in over a network
    usb_readers: int = 0  # devices of the smart card class
    nfc_drivers: tuple[str, ...] = ()  # of the kernel, holding a device now
    holders: tuple[str, ...] = ()  # running programs that are known to take cards


@dataclass(frozen=True, slots=True)
class Reader:
    """`name` without the serial number that PC/SC puts into it."""

    name: str
    card: bool
    virtual: bool


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Findings in the order of their weight; the first is the one to act on."""

    findings: tuple[Finding, ...]
    readers: tuple[Reader, ...] = ()
    library: bool = True
    service: bool | None = None
    token: TokenKind | None = None

    @property
    def usable(self) -> bool:
        return all(finding.severity is not Severity.PROBLEM for finding in self.findings)

    def as_json(self) -> dict[str, Any]:
        """For a program, or for someone who helps; nothing in it is personal."""
        return {
            "python": platform.python_version(),
            "system": platform.platform(),
            "pyscard": self.library,
            "service": self.service,
            "readers": [{"name": each.name, "card": each.card, "virtual": each.virtual} for each in self.readers],
            "token": self.token,
            "findings": [
                {"code": each.code, "severity": each.severity.value, "facts": dict(each.facts)}
                for each in self.findings
            ],
        }


def diagnose(readers: Readers, computer: Computer) -> Diagnosis:
    """Follow the way to the card until it ends, without a PIN. Never raises a CardError."""
    if not computer.library:
        return Diagnosis((_problem("library-missing", system=computer.system),), library=False)
    try:
        states = readers.states()
    except CardLibraryMissing:
        return Diagnosis((_problem("library-missing", system=computer.system),), library=False)
    except CardError as error:
        return Diagnosis(tuple(_service(error, computer)), service=False)
    seen = tuple(Reader(without_serial(state.name), state.atr is not None, _is_virtual(state.name)) for state in states)
    real = [state for state in states if not _is_virtual(state.name)]
    if not real:
        return Diagnosis(tuple(_no_reader(seen, computer)), seen, service=True)
    findings, token = _cards(readers, real, computer)
    return Diagnosis(tuple(findings), seen, service=True, token=token)


def _problem(code: str, /, **facts: Any) -> Finding:
    return Finding(f"doctor.{code}", Severity.PROBLEM, facts)


def _hint(code: str, /, **facts: Any) -> Finding:
    return Finding(f"doctor.{code}", Severity.HINT, facts)


def _is_virtual(name: str) -> bool:
    return bool(_VIRTUAL.search(name))


def without_serial(reader: str) -> str:
    """PC/SC puts the serial number of a reader into its name, in brackets; people send this text to others."""
    return " ".join(re.sub(r"[(\[][0-9A-Za-z.:-]*\d[0-9A-Za-z.:-]*[)\]]", "", plain(reader)).split())


# --- the service


def _service(error: CardError, computer: Computer) -> Iterator[Finding]:
    if not isinstance(error, CardServiceUnavailable):
        yield _problem("service-odd", code=error.code)
    elif computer.sandbox:
        yield _problem(f"sandbox-{computer.sandbox}")
    elif computer.system in ("win32", "darwin"):
        yield _problem("service-windows" if computer.system == "win32" else "service-mac")
    elif computer.service_installed is False:
        yield _problem("service-missing")
    elif computer.service_socket:
        yield _problem("service-denied")
        if computer.remote:
            yield _hint("remote")
    else:
        yield _problem("service-stopped")


# --- the reader


def _no_reader(seen: Sequence[Reader], computer: Computer) -> Iterator[Finding]:
    if computer.nfc_drivers:
        yield _problem("reader-held-by-kernel", drivers=listed(computer.nfc_drivers))
    elif computer.usb_readers:
        yield _problem("driver-missing")
    elif seen:
        yield _problem("virtual-reader-only", reader=seen[0].name)
    else:
        yield _problem("no-reader")
    if computer.system == "win32":
        yield _hint("driver-windows")
    elif computer.system == "darwin":
        yield _hint("driver-mac")


# --- the card


def _cards(
    readers: Readers, states: Sequence[ReaderState], computer: Computer
) -> tuple[list[Finding], TokenKind | None]:
    """What the best card says; one that works hides the failures of others."""
    failures: list[CardError] = []
    other: TokenKind | None = None
    for state in states:
        if state.atr is None:
            continue
        try:
            facts = _facts(readers, state.name)
        except CardError as error:
            failures.append(error)
            continue
        if facts.token is TokenKind.MY_NUMBER_CARD:
            return list(_card(facts)), facts.token
        other = facts.token
    if other:
        return [_problem(_TOKENS[other])], other
    return list(_failure(failures[0] if failures else NoCard(), computer)), None


_TOKENS: Final = {
    TokenKind.RESIDENT_CARD: "resident-card",
    TokenKind.ANDROID: "phone",
    TokenKind.IPHONE: "phone",
    TokenKind.UNKNOWN: "unknown-token",
}


def _facts(readers: Readers, reader: str) -> CardFacts:
    from signing.card.jpki import read_facts

    return read_facts(readers, reader)


def _card(facts: CardFacts) -> Iterator[Finding]:
    if facts.has_signature_certificate is False:
        yield _problem("no-signature-certificate")
    elif _has_ended(facts):
        yield _problem("certificate-ended")
    elif facts.signature_tries == 0:
        yield _problem("password-locked")
    else:
        yield Finding("doctor.ready", Severity.GOOD)
        if facts.signature_tries == 1:
            yield _hint("last-try")


def _has_ended(facts: CardFacts) -> bool:
    """The authentication certificate is readable without a PIN, and the signature certificate ends with it."""
    from signing.certificate import certificate_facts

    try:
        return datetime.now(UTC) > certificate_facts(facts.authentication_certificate or b"").not_after
    except CertificateUnreadable:
        return False


def _failure(error: CardError, computer: Computer) -> Iterator[Finding]:
    match error:
        case NoCard():
            yield _problem("no-card")
            yield _hint("placement")
        case CardInUse():
            yield _problem("card-in-use")
            if computer.holders:
                yield _hint("holders", programs=listed(computer.holders))
        case PracticeCardUnavailable():
            yield _problem("practice-unavailable")
        case UnsupportedCard():
            yield _problem("other-card")
        case NoReader():
            yield _problem("no-reader")
        case _:
            yield _problem("card-silent", code=error.code)
            yield _hint("placement")


# --- this computer


def look_at_computer() -> Computer:
    """What can be seen without any right and without starting anything."""
    linux = sys.platform == "linux"
    return Computer(
        library=importlib.util.find_spec("smartcard") is not None,
        sandbox=_sandbox() if linux else None,
        service_installed=_service_installed() if linux else None,
        service_socket=_SOCKET.exists() if linux else None,
        remote=any(os.environ.get(name) for name in ("SSH_CONNECTION", "SSH_TTY")),
        usb_readers=_usb_readers() if linux else 0,
        nfc_drivers=_nfc_drivers() if linux else (),
        holders=_running(_HOLDERS) if linux else (),
    )


def _sandbox() -> str | None:
    if Path("/.flatpak-info").exists():
        return "flatpak"
    return "snap" if os.environ.get("SNAP") else None


def _service_installed() -> bool:
    return shutil.which("pcscd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin:/usr/local/sbin") is not None


def _usb_readers() -> int:
    classes = (_USB / "devices").glob("*/bInterfaceClass")
    return sum(_text(path) == _SMART_CARD_CLASS for path in classes)


def _nfc_drivers() -> tuple[str, ...]:
    # A driver that holds a device has a link to it, named by bus and port: "1-2:1.0".
    return tuple(name for name in _NFC_DRIVERS if any((_USB / "drivers" / name).glob("*:*")))


def _running(names: Sequence[str]) -> tuple[str, ...]:
    running = {_text(path) for path in Path("/proc").glob("[0-9]*/comm")}
    return tuple(name for name in names if name[:_COMMAND_LENGTH] in running)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:  # it went away, or is not for us
        return ""
