"""The words of what was found in a document: before signing (notes) and when verifying (report)."""

from desktop.error_words import Entry
from desktop.translation import mark
from signing.report import IssuerClass, SubIndication

# What the rehearsal of a signature found; nothing here stops the signing.
NOTE_WORDS: dict[str, str] = {
    "already-signed": mark("Already signed. Signatures so far: {count}; they stay as they are."),
    "encrypted-empty-password": mark("Encrypted, but it opens without a password. The result will be so too."),
    "certified": mark("Certified by its author, who permits signing."),
    "portfolio": mark("A portfolio: files are attached, and the signature covers them too."),
}

# What came after the signed revision.
CHANGE_WORDS: dict[str, str] = {
    "form-filled": mark("Form fields were filled: {count}"),
    "signed-again": mark("Further signatures were added: {count}"),
    "timestamped": mark("Time-stamps were added: {count}"),
    "validation-data": mark("Data for later verification was added: {count}"),
    "unclassified": mark("Changes of a kind that cannot be classified: {count}"),
    "trailing-bytes": mark("Bytes at the end that belong to no version of the document: {count}"),
}

# EN 319 102-1, 5.1.3: why a signature did not pass.
SUB_INDICATION_WORDS: dict[SubIndication, str] = {
    SubIndication.FORMAT_FAILURE: mark("The signature is not built as its standard demands."),
    SubIndication.HASH_FAILURE: mark("The document is not what was signed: it was changed afterwards, or damaged."),
    SubIndication.SIG_CRYPTO_FAILURE: mark("The signature does not belong to the certificate that comes with it."),
    SubIndication.REVOKED: mark("The certificate has been revoked."),
    SubIndication.EXPIRED: mark("The certificate had expired."),
    SubIndication.NOT_YET_VALID: mark("The certificate was not valid yet."),
    SubIndication.SIG_CONSTRAINTS_FAILURE: mark("The signature lacks something that it must have."),
    SubIndication.CHAIN_CONSTRAINTS_FAILURE: mark("The certificate is not one for signing documents."),
    SubIndication.CERTIFICATE_CHAIN_GENERAL_FAILURE: mark("The certificates above this one could not be checked."),
    SubIndication.CRYPTO_CONSTRAINTS_FAILURE: mark("The signature uses a method that is too weak."),
    SubIndication.NO_SIGNING_CERTIFICATE_FOUND: mark("The certificate of the signer is missing."),
    SubIndication.NO_CERTIFICATE_CHAIN_FOUND: mark("The certificate leads to no authority that is trusted here."),
    SubIndication.OUT_OF_BOUNDS_NO_POE: mark(
        "The certificate has expired since, and nothing proves that the signature is older."
    ),
    SubIndication.CRYPTO_CONSTRAINTS_FAILURE_NO_POE: mark(
        "The signature uses a method that is too weak today, and nothing proves that it is older."
    ),
    SubIndication.NO_POE: mark("Nothing proves when the signature was made."),
    SubIndication.TRY_LATER: mark("Whether the certificate has been revoked was not established."),
    SubIndication.SIGNED_DATA_NOT_FOUND: mark("What was signed is not in the file."),
}

# Whose certificate it is, once trusted; before that it is what the certificate claims.
ISSUER_WORDS: dict[IssuerClass, str] = {
    IssuerClass.JPKI: mark("J-LIS (public certification service for individuals, JPKI)"),
    IssuerClass.JPKI_TEST: mark("the TEST authority of JPKI"),
    IssuerClass.PRACTICE: mark("the PRACTICE authority of this program"),
    IssuerClass.GPKI: mark("the Government (GPKI)"),
    IssuerClass.LGPKI: mark("local governments (LGPKI)"),
    IssuerClass.COMMERCIAL_REGISTRY: mark("the commercial registry (corporate certificates)"),
    IssuerClass.OTHER: mark("another authority"),
    IssuerClass.UNKNOWN: mark("an unknown authority"),
}

# Problems that only a verification meets; those of signing.errors have their words in error_words.py.
PROBLEM_WORDS: dict[str, Entry] = {
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
