"""The words of failures of keys that are not on the My Number Card: in a file, or on a token."""

from desktop.words.errors.entry import NO_TRY, Entry
from desktop.words.translation import mark

KEY_WORDS: dict[str, Entry] = {
    "key.file-unreadable": (
        mark("This is not a certificate file"),
        (mark("A file with a certificate and its key (PKCS#12, .p12 or .pfx) was expected."),),
        (mark("Choose the file that your certificate authority gave you."),),
    ),
    "key.file-stuck": (
        mark("The certificate file could not be opened"),
        (mark("It asks for so much work that it was given up."), mark("Nothing was signed.")),
        (mark("Choose the file that your certificate authority gave you."),),
    ),
    "key.password-wrong": (
        mark("The password does not open the certificate file"),
        (mark("A file counts no tries: you can try again."), mark("Nothing was signed.")),
        (mark("Check upper and lower case, and the language of the keyboard."),),
    ),
    "key.cipher-unsupported": (
        mark("The certificate file is encrypted in a way that this program does not know"),
        (mark("Nothing was signed."),),
        (mark("Export it again from the program that made it, with AES encryption."),),
    ),
    "key.none": (
        mark("There is no key to sign with"),
        (mark("A private key and the certificate that belongs to it are both needed."), mark("Nothing was signed.")),
        (mark("Choose the file or the token that holds both."),),
    ),
    "key.unsupported": (
        mark("This kind of key cannot be used"),
        (
            mark("Keys of RSA with 2048 bits or more, and of the curves P-256 and P-384, can be used."),
            mark("A key that wants its PIN before each single signature cannot."),
        ),
        (mark("Use another certificate, or ask its issuer for a new one."),),
    ),
    "key.module-unusable": (
        mark("The library for the token cannot be used"),
        (mark("The file is not there, or it is no PKCS#11 library for this kind of computer."),),
        (mark("Install the software that came with the token, and choose its PKCS#11 library."),),
    ),
    "key.token-missing": (
        mark("No token found"),
        (mark("The library sees no token, or not the one that was chosen."), NO_TRY),
        (mark("Connect the token and try again."),),
    ),
    "key.pin-incorrect": (
        mark("The PIN of the token is wrong"),
        (mark("The token counted one try. How many are left it does not tell."), mark("Nothing was signed.")),
        (mark("Check the PIN before you try again: a token locks after a few wrong ones."),),
    ),
    "key.pin-incorrect/few": (
        mark("The PIN of the token is wrong"),
        (mark("The token says that few tries are left."), mark("Nothing was signed.")),
        (mark("Look the PIN up before you try again: after a few more wrong ones the token is locked."),),
    ),
    "key.pin-incorrect/one": (
        mark("The PIN of the token is wrong"),
        (mark("The token says that one try is left."), mark("Nothing was signed.")),
        (mark("Do not try again before you are sure: after one more wrong PIN the token is locked."),),
    ),
    "key.pin-locked": (
        mark("The PIN of the token is locked"),
        (mark("The token accepts no PIN any more."), mark("Nothing was signed.")),
        (mark("Ask whoever issued the token how it is unlocked."),),
    ),
    "key.pin-expired": (
        mark("The token wants another PIN before it signs"),
        (mark("Its PIN is still the one that it was issued with, or has run out."), mark("Nothing was signed.")),
        (mark("Change the PIN with the software of the token."),),
    ),
    "key.pin-format": (
        mark("This cannot be the PIN of the token"),
        (mark("Its length or its characters are not those of a PIN of this token."), NO_TRY),
        (mark("Check the PIN and type it again."),),
    ),
    "key.token-failed": (
        mark("The token does not work"),
        (mark("It was removed, or its library failed."), mark("A file that was not finished was not kept.")),
        (mark("Connect the token again and try once more."),),
    ),
}
