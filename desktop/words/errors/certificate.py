"""The words of failures of the certificate of a signer."""

from desktop.words.errors.entry import Entry
from desktop.words.translation import mark

CERTIFICATE_WORDS: dict[str, Entry] = {
    "certificate.expired": (
        mark("The signature certificate has expired"),
        (mark("It could be used until {not_after}."), mark("Nothing was signed.")),
        (mark("Have a new one issued at the counter of your municipality, with the card and its PINs."),),
    ),
    "certificate.expired/other": (
        mark("The certificate has expired"),
        (mark("It could be used until {not_after}."), mark("Nothing was signed.")),
        (mark("Sign with another certificate, or have its issuer give out a new one."),),
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
    "certificate.file-unreadable": (
        mark("This is not a file of certificates"),
        (mark("A certificate, or a list of revoked certificates, was expected (PEM or DER)."),),
        (mark("Choose the file that the authority publishes, for example .cer, .crt, .pem or .crl."),),
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
}
