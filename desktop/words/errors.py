"""The words of every failure: what happened, what did not happen, what to do now."""

from desktop.words.keys import KEY_WORDS
from desktop.words.seal import SEAL_WORDS
from desktop.words.time import TIME_WORDS
from desktop.words.time import Entry as Entry  # its name here is the one that others use
from desktop.words.translation import mark

_NO_TRY = mark("No password try was used.")
_SOURCE_SAFE = mark("Your original file was not changed.")
_RESET = mark(
    "The signature password can be reset at the counter of your municipality. With the smartphone app "
    "JPKI暗証番号リセット it can also be reset at a convenience-store kiosk, if you know your 4-digit "
    "user-authentication PIN."
)

# Keyed by the code of the error; a suffix after "/" is a variant that messages.py chooses by the facts.
ERROR_WORDS: dict[str, Entry] = {
    **KEY_WORDS,
    **SEAL_WORDS,
    **TIME_WORDS,
    # --- the card and its reader
    "card.service-unavailable": (
        mark("The smart card service is not running"),
        (mark("The service of this computer that talks to card readers does not answer."), _NO_TRY),
        (mark("Start it (on Linux: pcscd), or connect the reader again and restart the computer."),),
    ),
    "card.library-missing": (
        mark("Real cards cannot be used yet"),
        (mark("The library that talks to card readers (pyscard) is not installed."), _NO_TRY),
        (mark("Run “jitsuin doctor”; it tells what to install. The practice card works without it."),),
    ),
    "card.no-reader": (
        mark("No card reader found"),
        (mark("No card reader is connected to this computer."), _NO_TRY),
        (mark("Connect the card reader. To try the program without one, use the practice card."),),
    ),
    "card.no-card": (
        mark("No card on the reader"),
        (mark("The reader is there, but it sees no card."), _NO_TRY),
        (mark("Put the My Number Card flat on the reader and leave it there."),),
    ),
    "card.in-use": (
        mark("Another program is using the card"),
        (mark("The card can be used by one program at a time."), _NO_TRY),
        (mark("Close the other program, for example a browser page for e-Tax or Mynaportal, and try again."),),
    ),
    "card.not-responding": (
        mark("The reader does not answer"),
        (mark("The reader gave no answer in time. Another program may be using the card."), _NO_TRY),
        (mark("Close other programs that use the card, or unplug the reader and connect it again."),),
    ),
    "card.removed": (
        mark("The card was removed"),
        (
            mark("The connection to the card broke during the work, but not while the password was checked."),
            mark("A file that was not finished was not kept."),
            _NO_TRY,
            _SOURCE_SAFE,
        ),
        (mark("Put the card back, leave it on the reader until the end, and try again."),),
    ),
    "card.unsupported": (
        mark("This is not a My Number Card"),
        (
            mark("The card on the reader has no certificates of the public service for individuals (JPKI)."),
            _NO_TRY,
        ),
        (mark("Put your My Number Card on the reader."),),
    ),
    "card.unsupported-token/resident-card": (
        mark("This is an old resident card: it cannot sign any more"),
        (mark("It holds certificates of JPKI, but it is not a My Number Card."), _NO_TRY),
        (mark("Use the My Number Card itself."),),
    ),
    "card.unsupported-token/android": (
        mark("This is a phone: it cannot sign at a card reader"),
        (mark("The certificates on a phone are others than those of the card."), _NO_TRY),
        (mark("Use the My Number Card itself."),),
    ),
    "card.unsupported-token/iphone": (
        mark("This is a phone: it cannot sign at a card reader"),
        (mark("The certificates on a phone are others than those of the card."), _NO_TRY),
        (mark("Use the My Number Card itself."),),
    ),
    "card.unsupported-token": (
        mark("This kind of certificate store is not supported"),
        (mark("It holds certificates of JPKI, but it is not a My Number Card."), _NO_TRY),
        (mark("Use the My Number Card itself."),),
    ),
    "card.no-signature-certificate": (
        mark("The card has no signature certificate"),
        (
            mark(
                "Documents can be signed only with the signature certificate. It is not issued to everyone, "
                "and it ends when name or address change."
            ),
            _NO_TRY,
        ),
        (mark("Have a signature certificate issued at the counter of your municipality."),),
    ),
    "card.protocol": (
        mark("The card gave an unexpected answer"),
        (mark("The card answered the command {command} with {status}."), _SOURCE_SAFE),
        (mark("Take the card off, put it back, look at the tries left, and try again."),),
    ),
    "card.signature-wrong": (
        mark("The card returned a wrong signature"),
        (
            mark("What came back does not belong to the certificate of the card. It was not kept."),
            _SOURCE_SAFE,
        ),
        (mark("Clean the card, put it back and try again. If it happens again, the card may be damaged."),),
    ),
    # --- the signature password
    "pin.format/length": (
        mark("This cannot be the signature password"),
        (
            mark("The signature password has 6 to 16 characters."),
            mark("Nothing was sent to the card."),
            _NO_TRY,
        ),
        (mark("Enter it again. The 4-digit PIN is a different one."),),
    ),
    "pin.format/characters": (
        mark("This cannot be the signature password"),
        (
            mark("The signature password has only letters A to Z and digits."),
            mark("Nothing was sent to the card."),
            _NO_TRY,
        ),
        (mark("Enter it again. The 4-digit PIN is a different one."),),
    ),
    "pin.format/mixture": (
        mark("A new signature password needs letters and digits"),
        (
            mark("It has 6 to 16 characters, at least one letter A to Z and at least one digit."),
            mark("Nothing was sent to the card."),
            _NO_TRY,
        ),
        (mark("Choose another one, and not your date of birth or telephone number."),),
    ),
    "pin.format/four-digits": (
        mark("This cannot be the 4-digit PIN"),
        (mark("It has exactly 4 digits."), mark("Nothing was sent to the card."), _NO_TRY),
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
            _NO_TRY,
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
    # --- the certificate
    "certificate.expired": (
        mark("The signature certificate has expired"),
        (mark("It could be used until {not_after}."), mark("Nothing was signed.")),
        (mark("Have a new one issued at the counter of your municipality, with the card and its PINs."),),
    ),
    "certificate.not-yet-valid": (
        mark("The signature certificate is not valid yet"),
        (mark("It can be used from {not_before}."), mark("Nothing was signed.")),
        (mark("Check date and time of this computer."),),
    ),
    "certificate.unreadable": (
        mark("The certificate of the card cannot be read"),
        (mark("Its content is not that of a certificate."), mark("Nothing was signed.")),
        (mark("Clean the card, put it back and try again. If it happens again, ask your municipality."),),
    ),
    "certificate.not-for-signing": (
        mark("This certificate is not for signing documents"),
        (mark("Its issuer allows other uses only."), mark("Nothing was signed.")),
        (mark("Use a certificate that was issued for signatures."),),
    ),
    "certificate.not-for-signing/user-authentication": (
        mark("This certificate is for logging in, not for signing documents"),
        (mark("It is the user-authentication certificate of JPKI."), mark("Nothing was signed.")),
        (mark("Use the signature certificate of a My Number Card."),),
    ),
    "certificate.not-for-signing/authority": (
        mark("This is the certificate of an authority, not of a person or a company"),
        (mark("It is for issuing certificates."), mark("Nothing was signed.")),
        (mark("Use the certificate that the authority issued to you."),),
    ),
    "certificate.key-not-taken": (
        mark("The destination does not take signatures by this key"),
        (mark("The key is {key}; RSA with 2048 bits is asked for there."), mark("This file was not signed.")),
        (mark("Choose another destination, or sign with another certificate."),),
    ),
    # --- the document
    "document.not-found": (
        mark("The file does not exist"),
        (mark("There is no file of this name, or not any more."),),
        (mark("Check the name and the folder."),),
    ),
    "document.unreadable": (
        mark("The file cannot be read"),
        (mark("The system does not let this program read it."),),
        (mark("Check that you may open it and that its disk or network drive is connected."),),
    ),
    "document.directory": (
        mark("This is a folder"),
        (mark("A folder cannot be signed; the files in it can."),),
        (mark("Choose the files."),),
    ),
    "document.not-a-file": (
        mark("This is not a file"),
        (mark("It is a device or a connection, not a file with a content of its own."),),
        (mark("Save the document as a file first."),),
    ),
    "document.empty": (
        mark("The file is empty"),
        (mark("It has 0 bytes; perhaps a download or a copy did not finish."),),
        (mark("Get the file again."),),
    ),
    "document.unsupported": (
        mark("This kind of file cannot be handled yet"),
        (mark("This version signs PDF documents."), _SOURCE_SAFE),
        (mark("Save or print the document as PDF, and use that."),),
    ),
    "document.wrong-ending": (
        mark("Name and content do not agree"),
        (mark("By its name the file is {named}, by its content {content}."), _SOURCE_SAFE),
        (mark("If you trust where it comes from, correct the ending of its name. Otherwise do not sign it."),),
    ),
    "document.damaged": (
        mark("The document is damaged"),
        (mark("It starts like a document of its kind, but its structure cannot be read."), _SOURCE_SAFE),
        (mark("Get it again, or open it in the program that made it and save it anew."),),
    ),
    "document.too-complex": (
        mark("The document is too complex"),
        (mark("It has more revisions, signatures or objects than are read here."), _SOURCE_SAFE),
        (mark("Ask whoever made it for a simpler copy: a real document is never like that."),),
    ),
    "document.too-large": (
        mark("The file is too large"),
        (mark("Files of this kind are read up to {limit}."), _SOURCE_SAFE),
        (mark("Sign it with a signature in a file of its own (detached): that has no such limit."),),
    ),
    "document.encrypted": (
        mark("The document is protected by a password"),
        (mark("It opens only with its password."), _SOURCE_SAFE),
        (mark("Enter the password, or ask the sender for a copy without one."),),
    ),
    "document.encryption-unsupported": (
        mark("The document is encrypted in a way that cannot be signed here"),
        (mark("Parts of it are left in clear, or it carries an integrity code."), _SOURCE_SAFE),
        (mark("Save it again with the usual encryption, or without, and sign that."),),
    ),
    "document.hybrid": (
        mark("The document has two tables of contents"),
        (
            mark("Two programs may show two different documents (hybrid cross references)."),
            mark("That is why it is not signed."),
            _SOURCE_SAFE,
        ),
        (mark("Open it and save or print it as a new PDF, look at that, and sign that."),),
    ),
    "document.xfa": (
        mark("The document is a dynamic form (XFA)"),
        (mark("What one sees in such a form is not what would be signed."), _SOURCE_SAFE),
        (mark("Print the form as a PDF, look at that, and sign that."),),
    ),
    "document.changes-not-permitted": (
        mark("The document allows no further signature"),
        (
            mark("Its author has certified it and forbids every change. A signature would break theirs."),
            _SOURCE_SAFE,
        ),
        (mark("Ask the author for a version that may be signed."),),
    ),
    "document.changed-on-disk": (
        mark("The file has changed in the meantime"),
        (mark("It is not the file any more that was looked at. Nothing of it was signed."),),
        (mark("Look at the file again, and start anew."),),
    ),
    "signature.unreadable": (
        mark("A signature could not be verified"),
        (mark("The document has a signature, but it cannot be read or judged. Nothing is known about it."),),
        (mark("Do not rely on it. Ask the sender for the file again."),),
    ),
    "signature.unreached": (
        mark("There is signature data that the document does not use"),
        (mark("The file contains data of a signature, but the document does not lead to it."),),
        (mark("Do not treat the file as unsigned nor as signed. Ask the sender for the file again."),),
    ),
    # --- XML
    "xml.not-well-formed": (
        mark("The XML is broken"),
        (mark("It breaks the rules of XML in line {line}; no program can read it reliably."), _SOURCE_SAFE),
        (mark("Get the file again, or have the program that made it write it anew."),),
    ),
    "xml.encoding-wrong": (
        mark("The text of the XML cannot be decoded"),
        (mark("Its bytes do not agree with the character encoding that it declares."), _SOURCE_SAFE),
        (mark("Save it anew with the program that made it; an editor may have changed the encoding."),),
    ),
    "xml.encoding-unsupported": (
        mark("The character encoding of the XML is not supported"),
        (mark("It can be read in UTF-8, UTF-16, Shift_JIS, EUC-JP and ISO-2022-JP."), _SOURCE_SAFE),
        (mark("Save it as UTF-8 with the program that made it."),),
    ),
    "xml.entities": (
        mark("The XML declares content outside of its text"),
        (
            mark("It has entities or default attributes of its own: programs would show different documents."),
            mark("Nothing of that was loaded or expanded."),
            _SOURCE_SAFE,
        ),
        (mark("Ask for a version without a document type declaration of its own (DTD)."),),
    ),
    "xml.not-canonical": (
        mark("The XML cannot be signed in this form"),
        (mark("It names a namespace in a way for which the standard defines no form to sign."), _SOURCE_SAFE),
        (mark("Sign it with a signature in a file of its own (detached)."),),
    ),
    "xml.too-deep": (
        mark("The XML is nested too deeply"),
        (mark("Its elements lie deeper within each other than those of any real document."), _SOURCE_SAFE),
        (mark("Do not rely on the file. Ask where it comes from."),),
    ),
    "xml.crowded": (
        mark("The XML is built to overload programs"),
        (mark("It has more elements, attributes or namespaces than any real document."), _SOURCE_SAFE),
        (mark("Do not rely on the file. Ask where it comes from."),),
    ),
    "xml.too-large": (
        mark("The XML is too large"),
        (mark("XML of up to {limit} is read as XML."), _SOURCE_SAFE),
        (mark("Sign it with a signature in a file of its own (detached): that has no such limit."),),
    ),
    "xml.duplicate-id": (
        mark("Two parts of the XML have the same name"),
        (
            mark("A signature would point to an identifier that occurs twice: it would not be clear what is signed."),
            _SOURCE_SAFE,
        ),
        (mark("Have the program that made the file write it anew."),),
    ),
    "document.not-of-profile": (
        mark("The document is not of the chosen form"),
        (mark("What this form of signature is put on was not found in it, or not just once."), _SOURCE_SAFE),
        (mark("Choose another form of signature, or check that this is the right file."),),
    ),
    "xml.file-missing": (
        mark("Files that belong to the document are missing"),
        (
            mark("The document lists files that are signed with it; {count} of them are not beside it."),
            _SOURCE_SAFE,
        ),
        (mark("Put them into the same folder, under the names that the document gives them, and try again."),),
    ),
    "xml.would-break-signature": (
        mark("A further signature would break the one that is there"),
        (mark("The signature in the document covers the place where another would stand."), _SOURCE_SAFE),
        (mark("Sign it with a signature in a file of its own (detached)."),),
    ),
    "package.refused": (
        mark("The package was not opened"),
        (mark("Its size, its file names or its structure are not those of an honest ZIP file."),),
        (mark("Do not rely on it. Ask the sender for the file again."),),
    ),
    "stylesheet.failed": (
        mark("The form cannot be shown"),
        (
            mark("The document names no stylesheet that lies beside it, or the stylesheet does not work here."),
            mark("A stylesheet is never fetched from the network."),
        ),
        (mark("Look at the content of the document instead."),),
    ),
    # --- where the result goes
    "destination.exists": (
        mark("A file of this name is already there"),
        (mark("This program never writes over a file."), _SOURCE_SAFE),
        (mark("Choose another name or folder."),),
    ),
    "destination.missing": (
        mark("The folder for the result does not exist"),
        (mark("Nothing was signed."),),
        (mark("Choose another folder, or create it."),),
    ),
    "destination.not-writable": (
        mark("The result cannot be written there"),
        (mark("The system does not let this program write into that folder."), _SOURCE_SAFE),
        (mark("Choose another folder."),),
    ),
    "destination.full": (
        mark("There is not enough room on the disk"),
        (mark("{bytes_needed} are needed."), _SOURCE_SAFE),
        (mark("Make room, or choose a folder on another disk."),),
    ),
    "destination.not-verified": (
        mark("The result was not kept"),
        (mark("What was written did not verify when it was read back."), _SOURCE_SAFE),
        (mark("Check the disk, and sign again."),),
    ),
    # --- the rest
    "worker.stopped": (
        mark("The work was interrupted"),
        (mark("A part of this program ended before it gave an answer. The file may be built to overload it."),),
        (mark("Try again. If it happens again, do not rely on the file."),),
    ),
    "worker.too-slow": (
        mark("It took too long, and was stopped"),
        (mark("Nothing is known about the file. It may be built to overload programs like this one."),),
        (mark("In the window, it can be verified again with more time. Do not rely on it before that."),),
    ),
    "verification.stopped": (
        mark("The verification was stopped"),
        (mark("Nothing is known about the file."),),
        (mark("Verify it again when you want to know."),),
    ),
    "unexpected": (
        mark("Something unexpected happened"),
        (mark("This is a defect of this program, not of your file or card."), _SOURCE_SAFE),
        (mark("Look at the tries left, and try again. If it happens again, tell the makers of the program."),),
    ),
}
