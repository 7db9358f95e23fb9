"""The words of failures of the card, of its reader, and of its passwords."""

from desktop.words.errors.entry import NO_TRY, SOURCE_SAFE, Entry
from desktop.words.translation import mark

_RESET = mark(
    "The signature password can be reset at the counter of your municipality. With the smartphone app "
    "JPKI暗証番号リセット it can also be reset at a convenience-store kiosk, if you know your 4-digit "
    "user-authentication PIN."
)

CARD_WORDS: dict[str, Entry] = {
    "card.service-unavailable": (
        mark("The smart card service does not answer"),
        (
            mark("The service of this computer that talks to card readers does not run, or does not let you use it."),
            NO_TRY,
        ),
        (mark("“Find out why” on the page “My card” tells what helps, and so does “jitsuin doctor” in a terminal."),),
    ),
    "card.library-missing": (
        mark("Real cards cannot be used yet"),
        (mark("The library that talks to card readers (pyscard) is not installed."), NO_TRY),
        (mark("Run “jitsuin doctor”; it tells what to install. The practice card works without it."),),
    ),
    "card.practice-unavailable": (
        mark("The practice card cannot be made"),
        (mark("Its keys are kept in the folder for the data of this program, and cannot be written or read there."),),
        (mark("See to it that there is free space and that you may write into your home folder, then try again."),),
    ),
    "card.no-reader": (
        mark("No card reader found"),
        (mark("No card reader is connected to this computer."), NO_TRY),
        (mark("Connect the card reader. To try the program without one, use the practice card."),),
    ),
    "card.no-card": (
        mark("No card on the reader"),
        (mark("The reader is there, but it sees no card."), NO_TRY),
        (mark("Put the My Number Card flat on the reader and leave it there."),),
    ),
    "card.in-use": (
        mark("Another program is using the card"),
        (mark("The card can be used by one program at a time."), NO_TRY),
        (mark("Close the other program, for example a browser page for e-Tax or Mynaportal, and try again."),),
    ),
    "card.not-responding": (
        mark("The reader does not answer"),
        (mark("The reader gave no answer in time. Another program may be using the card."), NO_TRY),
        (mark("Close other programs that use the card, or unplug the reader and connect it again."),),
    ),
    "card.removed": (
        mark("The card was removed"),
        (
            mark("The connection to the card broke during the work, but not while the password was checked."),
            mark("A file that was not finished was not kept."),
            NO_TRY,
            SOURCE_SAFE,
        ),
        (mark("Put the card back, leave it on the reader until the end, and try again."),),
    ),
    "card.unsupported": (
        mark("This is not a My Number Card"),
        (
            mark("The card on the reader has no certificates of the public service for individuals (JPKI)."),
            NO_TRY,
        ),
        (mark("Put your My Number Card on the reader."),),
    ),
    "card.unsupported-token/resident-card": (
        mark("This is an old resident card: it cannot sign any more"),
        (mark("It holds certificates of JPKI, but it is not a My Number Card."), NO_TRY),
        (mark("Use the My Number Card itself."),),
    ),
    "card.unsupported-token/android": (
        mark("This is a phone: signing with it is switched off"),
        (mark("The certificates on a phone are others than those of the card."), NO_TRY),
        (mark("Use the My Number Card itself."),),
    ),
    "card.unsupported-token/iphone": (
        mark("This is a phone: signing with it is switched off"),
        (mark("The certificates on a phone are others than those of the card."), NO_TRY),
        (mark("Use the My Number Card itself."),),
    ),
    "card.unsupported-token": (
        mark("This kind of certificate store is not supported"),
        (mark("It holds certificates of JPKI, but it is not a My Number Card."), NO_TRY),
        (mark("Use the My Number Card itself."),),
    ),
    "card.no-signature-certificate": (
        mark("The card has no signature certificate"),
        (
            mark(
                "Documents can be signed only with the signature certificate. It is not issued to everyone, "
                "and it ends when name or address change."
            ),
            NO_TRY,
        ),
        (mark("Have a signature certificate issued at the counter of your municipality."),),
    ),
    "card.protocol": (
        mark("The card gave an unexpected answer"),
        (mark("The card answered the command {command} with {status}."), SOURCE_SAFE),
        (mark("Take the card off, put it back, look at the tries left, and try again."),),
    ),
    "card.signature-wrong": (
        mark("The card returned a wrong signature"),
        (
            mark("What came back does not belong to the certificate of the card. It was not kept."),
            SOURCE_SAFE,
        ),
        (mark("Clean the card, put it back and try again. If it happens again, the card may be damaged."),),
    ),
    "pin.format/length": (
        mark("This cannot be the signature password"),
        (
            mark("The signature password has 6 to 16 characters."),
            mark("Nothing was sent to the card."),
            NO_TRY,
        ),
        (mark("Enter it again. The 4-digit PIN is a different one."),),
    ),
    "pin.format/characters": (
        mark("This cannot be the signature password"),
        (
            mark("The signature password has only letters A to Z and digits."),
            mark("Nothing was sent to the card."),
            NO_TRY,
        ),
        (mark("Enter it again. The 4-digit PIN is a different one."),),
    ),
    "pin.format/mixture": (
        mark("A new signature password needs letters and digits"),
        (
            mark("It has 6 to 16 characters, at least one letter A to Z and at least one digit."),
            mark("Nothing was sent to the card."),
            NO_TRY,
        ),
        (mark("Choose another one, and not your date of birth or telephone number."),),
    ),
    "pin.format/four-digits": (
        mark("This cannot be the 4-digit PIN"),
        (mark("It has exactly 4 digits."), mark("Nothing was sent to the card."), NO_TRY),
        (mark("Enter it again. The signature password is a different one."),),
    ),
    "pin.authentication-incorrect": (
        mark("The 4-digit PIN is wrong"),
        (mark("One try was used. Tries left: {tries_left}."), mark("Nothing was changed.")),
        (mark("Look for your note of the PIN before you try again. After 3 wrong ones in a row it is locked."),),
    ),
    "pin.authentication-locked": (
        mark("The 4-digit PIN is locked"),
        (mark("A wrong PIN was entered too many times in a row."), mark("Nothing was changed.")),
        (
            mark(
                "It can be reset at the counter of your municipality, or with the smartphone app JPKI暗証番号リセット "
                "and a kiosk that does this, if you know your signature password."
            ),
        ),
    ),
    "pin.change-experimental": (
        mark("Changing a PIN is not confirmed with real cards"),
        (
            mark("How the card takes a new PIN is not published, and was tried here with the practice card only."),
            mark("Nothing was sent to the card."),
            NO_TRY,
        ),
        (mark("Change it with the software of J-LIS, in Mynaportal, or at the counter of your municipality."),),
    ),
    "pin.change-outcome-unknown": (
        mark("It is not known whether the PIN was changed"),
        (
            mark("The connection broke at the moment when the card changed it."),
            mark("Either the old PIN or the new one is right now."),
        ),
        (mark("Put the card back and look at the tries left. Then use the new one first, and the old one after it."),),
    ),
    "pin.incorrect": (
        mark("The signature password is wrong"),
        (mark("One try was used. Tries left: {tries_left}."), mark("Nothing was signed.")),
        (mark("Look for your note of the password before you try again. A right entry restores all tries."),),
    ),
    "pin.incorrect/last": (
        mark("The signature password is wrong; one try is left"),
        (
            mark("One try was used. Tries left: {tries_left}."),
            mark("Nothing was signed."),
            mark("If the next entry is wrong too, the signature certificate is locked."),
        ),
        (mark("Try again only if you are sure. Otherwise have the password reset first."), _RESET),
    ),
    "pin.incorrect/locked": (
        mark("The signature password is wrong, and is now locked"),
        (mark("That was the last try."), mark("Nothing was signed.")),
        (_RESET,),
    ),
    "pin.locked": (
        mark("The signature password is locked"),
        (
            mark("A wrong password was entered too many times in a row."),
            mark("The card signs nothing until the password is reset."),
            mark("Nothing was signed."),
        ),
        (_RESET,),
    ),
    "pin.outcome-unknown": (
        mark("It is not known whether the password was accepted"),
        (
            mark("The connection broke at the moment when the card checked the password."),
            mark("It was not sent a second time. Tries left, read again: {tries_left}."),
            mark("Nothing was signed."),
        ),
        (mark("Put the card back and try again. If fewer tries are left than before, the entry was wrong."),),
    ),
    "pin.outcome-unknown/unread": (
        mark("It is not known whether the password was accepted"),
        (
            mark("The connection broke at the moment when the card checked the password."),
            mark("It was not sent a second time. One try may have been used; the tries left could not be read."),
            mark("Nothing was signed."),
        ),
        (mark("Put the card back and look at the tries left before you enter the password again."),),
    ),
}
