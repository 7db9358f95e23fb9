"""The words of what was found in a document: before signing (notes) and when verifying (report)."""

from collections.abc import Sequence

from desktop.words.containers import CONTAINER_PROBLEM_WORDS
from desktop.words.errors import Entry
from desktop.words.formatting import listed, plain
from desktop.words.translation import _, mark
from desktop.words.xml import XML_PROBLEM_WORDS
from signing.report import Change, IssuerClass, SubIndication

# What the rehearsal of a signature found; nothing here stops the signing.
NOTE_WORDS: dict[str, str] = {
    "already-signed": mark("Already signed. Signatures so far: {count}; they stay as they are."),
    "encoding-disputed": mark(
        "In the encoding of this XML, programs read some characters differently: {characters}. On another system the "
        "signature may fail; in UTF-8 that cannot happen."
    ),
    "encrypted-empty-password": mark("Encrypted, but it opens without a password. The result will be so too."),
    "certified": mark("Certified by its author, who permits signing."),
    "empty-fields": mark("It has a place prepared for a signature: {count}. Choose it under “Seal and more”."),
    "seal-moved": mark("The seal was put beyond the edge of the page; it is moved in."),
    "stamp-plain-signature": mark(
        "A plain signature, such as the registry demands. If the file goes there, add no time stamp."
    ),
    "my-number-likely": mark(
        "There seems to be a My Number in it{pages}. It may be given only to those whom the law names, for tax, social "
        "security or disaster relief. Make sure that the recipient needs it; after signing it cannot be masked."
    ),
    "my-number-possible": mark(
        "A number of 12 digits{pages} could be a My Number; many others are built alike. Look at it before you sign."
    ),
    "portfolio": mark("A portfolio: files are attached, and the signature covers them too."),
}

# What came after the signed revision.
CHANGE_WORDS: dict[str, str] = {
    "form-filled": mark("a form field was filled"),
    "signed-again": mark("it was signed once more"),
    "signature-shown": mark("with it, a picture was put on a page"),
    "timestamped": mark("it was time-stamped"),
    "page-changed": mark("the content of a page was changed"),
    "annotated": mark("something was put on a page"),
    "validation-data": mark("data for later verification"),
    "unclassified": mark("changes of a kind that cannot be classified"),
    "trailing-bytes": mark("data at the end that belongs to no version of the document"),
    "not-permitted": mark("something that the signer had forbidden"),
    "metadata": mark("details of the file, not of its pages"),
}
_SEVERAL: dict[str, str] = {
    "form-filled": mark("{count} form fields were filled"),
    "signed-again": mark("it was signed {count} times more"),
    "signature-shown": mark("with signatures, pictures were put on {count} pages"),
    "timestamped": mark("it was time-stamped {count} times"),
    "page-changed": mark("the content of {count} pages was changed"),
    "annotated": mark("something was put on {count} pages"),
}


def disregarded(names: Sequence[str]) -> str:
    """What the person chose to believe, and the program cannot read: judged without it, more is unknown, not less."""
    words = _(
        "Of what you chose to believe, this is damaged or locked, and does not count: {names}. It was left as it is; "
        "add it again."
    )
    return words.format(names=listed(map(plain, names)))


def told_change(change: Change) -> str:
    """The change in words, with the numbers of the pages where they are known."""
    of_one = CHANGE_WORDS[change.code]
    text = of_one if change.count == 1 else _SEVERAL.get(change.code, of_one)
    words = _(text).format(count=change.count)
    if not change.pages:
        return words
    return _("{words} (page {pages})").format(words=words, pages=listed(map(str, change.pages)))


# EN 319 102-1, 5.1.3: why a signature did not pass.
SUB_INDICATION_WORDS: dict[SubIndication, str] = {
    SubIndication.FORMAT_FAILURE: mark("The signature is not built as its standard demands."),
    SubIndication.HASH_FAILURE: mark("The document is not what was signed: it was changed afterwards, or damaged."),
    SubIndication.SIG_CRYPTO_FAILURE: mark("The signature does not belong to the certificate that comes with it."),
    SubIndication.REVOKED: mark("The certificate has been revoked."),
    SubIndication.REVOKED_NO_POE: mark("Nothing proves that the signature is older than that."),
    SubIndication.REVOKED_CA_NO_POE: mark("Nothing proves that the signature is older than that."),
    SubIndication.EXPIRED: mark("The certificate had expired."),
    SubIndication.NOT_YET_VALID: mark("The certificate was not valid yet."),
    SubIndication.SIG_CONSTRAINTS_FAILURE: mark("What one sees in the document may differ from what was signed."),
    SubIndication.CHAIN_CONSTRAINTS_FAILURE: mark("The certificate is not one for signing documents."),
    SubIndication.CERTIFICATE_CHAIN_GENERAL_FAILURE: mark("The certificates above this one could not be checked."),
    SubIndication.CRYPTO_CONSTRAINTS_FAILURE: mark("The signature uses a method that is too weak."),
    SubIndication.NO_SIGNING_CERTIFICATE_FOUND: mark("The certificate of the signer is missing."),
    SubIndication.NO_CERTIFICATE_CHAIN_FOUND: mark("The certificate leads to no authority that is trusted here."),
    SubIndication.OUT_OF_BOUNDS_NO_POE: mark(
        "The certificate was not in its validity period at the moment of judging, and nothing proves that the "
        "signature was made within it."
    ),
    SubIndication.CRYPTO_CONSTRAINTS_FAILURE_NO_POE: mark(
        "The signature uses a method that is too weak today, and nothing proves that it is older."
    ),
    SubIndication.NO_POE: mark("Nothing proves when the signature was made."),
    SubIndication.TRY_LATER: mark("Whether the certificate has been revoked was not established."),
    SubIndication.TIMESTAMP_ORDER_FAILURE: mark("The times of the time stamps contradict each other."),
    SubIndication.SIGNED_DATA_NOT_FOUND: mark("What was signed is not in the file."),
}

# Whose certificate it is, once trusted; before that it is what the certificate claims.
ISSUER_WORDS: dict[IssuerClass, str] = {
    IssuerClass.JPKI: mark("J-LIS (public certification service for individuals, JPKI)"),
    IssuerClass.JPKI_SMARTPHONE: mark("J-LIS (JPKI, a certificate on a smartphone)"),
    IssuerClass.JPKI_TEST: mark("the TEST authority of JPKI"),
    IssuerClass.PRACTICE: mark("the PRACTICE authority of this program"),
    IssuerClass.GPKI: mark("the Government (GPKI)"),
    IssuerClass.LGPKI: mark("local governments (LGPKI)"),
    IssuerClass.COMMERCIAL_REGISTRY: mark("the commercial registry (corporate certificates)"),
    IssuerClass.ACCREDITED: mark("an authority accredited under the Electronic Signature Act"),
    IssuerClass.CONTRACT_SERVICE: mark("an electronic contract service"),
    IssuerClass.OTHER: mark("another authority"),
    IssuerClass.UNKNOWN: mark("an unknown authority"),
}

# Problems that a verification meets, where nothing was to be signed. Codes that are missing here have their words
# in error_words.py.
PROBLEM_WORDS: dict[str, Entry] = {
    **XML_PROBLEM_WORDS,
    **CONTAINER_PROBLEM_WORDS,
    "certificate.not-for-signing": (
        mark("The certificate is not for signing documents"),
        (mark("Its issuer allows other uses only."),),
        (mark("Ask the signer to sign with a certificate for signatures."),),
    ),
    "certificate.revoked": (
        mark("A certificate has been revoked"),
        (mark("According to its issuer it has not been valid since {time}."),),
        (mark("Do not rely on the signature unless you know from elsewhere that it was made before."),),
    ),
    "certificate.revoked-later": (
        mark("The certificate was revoked later"),
        (mark("It was valid at the moment that counts, and was revoked on {time}."),),
        (mark("That does not undo this signature. Newer signatures with it are not to be relied on."),),
    ),
    "certificate.unreadable": (
        mark("A certificate cannot be read"),
        (mark("Its content is not that of a certificate."),),
        (mark("Ask the sender for the file again."),),
    ),
    "document.encrypted": (
        mark("The document is protected by a password"),
        (mark("It opens only with its password."),),
        (mark("Enter the password, or ask the sender for a copy without one."),),
    ),
    "document.hybrid": (
        mark("The document has two tables of contents"),
        (mark("Two programs may show two different documents (hybrid cross references)."),),
        (mark("Look at the signed version of the document, and rely on that only."),),
    ),
    "unexpected": (
        mark("Something unexpected happened"),
        (mark("This is a defect of this program, not of the file."),),
        (mark("Try again. If it happens again, tell the makers of the program."),),
    ),
    "document.unsupported": (
        mark("This kind of file cannot be verified yet"),
        (mark("PDF, XML, CMS and ASiC can be verified. Nothing is known about a signature in this file."),),
        (),
    ),
    "signature.covers-part": (
        mark("The signature does not cover the whole document"),
        (mark("Something in the file lies outside of what was signed, where only the signature may lie."),),
        (mark("Do not rely on it. Ask the sender for the file again."),),
    ),
    "signature.malformed": (
        mark("A signature is not built as it must be"),
        (mark("Its data is missing, or it does not say properly which part of the file it covers."),),
        (mark("Do not rely on it. Ask the sender for the file again."),),
    ),
    "signature.too-many-certificates": (
        mark("A signature comes with too many certificates"),
        (mark("It brings {count} of them. They were not followed: that could take for ever."),),
        (mark("Ask the sender for the file again."),),
    ),
    "timestamp.not-proven": (
        mark("A time-stamp could not be relied on"),
        (mark("It says {time}, but its authority is not one that is trusted here, or it does not fit."),),
        (mark("Take the time as a claim only."),),
    ),
    "algorithm.digest-weak": (
        mark("The signature uses a weak method"),
        (mark("Its digest ({algorithm}) is no longer safe: another document may have the same one."),),
        (mark("Rely on it only if you know from elsewhere that the document is genuine."),),
    ),
    "algorithm.key-too-short": (
        mark("The signature uses a weak key"),
        (mark("Its key ({key}) is too short to be safe today."),),
        (mark("Rely on it only if you know from elsewhere that the document is genuine."),),
    ),
}
