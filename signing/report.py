"""The facts of a validation in the words of ETSI EN 319 102-1; no prose, no opinion."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from signing.document import Kind


class Indication(StrEnum):
    """EN 319 102-1, 5.1.2."""

    TOTAL_PASSED = "TOTAL-PASSED"
    TOTAL_FAILED = "TOTAL-FAILED"
    INDETERMINATE = "INDETERMINATE"


class SubIndication(StrEnum):
    """EN 319 102-1, 5.1.3; the ones that this program can establish."""

    FORMAT_FAILURE = "FORMAT_FAILURE"
    HASH_FAILURE = "HASH_FAILURE"
    SIG_CRYPTO_FAILURE = "SIG_CRYPTO_FAILURE"
    REVOKED = "REVOKED"
    REVOKED_NO_POE = "REVOKED_NO_POE"
    REVOKED_CA_NO_POE = "REVOKED_CA_NO_POE"
    EXPIRED = "EXPIRED"
    NOT_YET_VALID = "NOT_YET_VALID"
    SIG_CONSTRAINTS_FAILURE = "SIG_CONSTRAINTS_FAILURE"
    CHAIN_CONSTRAINTS_FAILURE = "CHAIN_CONSTRAINTS_FAILURE"
    CERTIFICATE_CHAIN_GENERAL_FAILURE = "CERTIFICATE_CHAIN_GENERAL_FAILURE"
    CRYPTO_CONSTRAINTS_FAILURE = "CRYPTO_CONSTRAINTS_FAILURE"
    NO_SIGNING_CERTIFICATE_FOUND = "NO_SIGNING_CERTIFICATE_FOUND"
    NO_CERTIFICATE_CHAIN_FOUND = "NO_CERTIFICATE_CHAIN_FOUND"
    OUT_OF_BOUNDS_NO_POE = "OUT_OF_BOUNDS_NO_POE"
    CRYPTO_CONSTRAINTS_FAILURE_NO_POE = "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"
    NO_POE = "NO_POE"
    TRY_LATER = "TRY_LATER"
    SIGNED_DATA_NOT_FOUND = "SIGNED_DATA_NOT_FOUND"
    TIMESTAMP_ORDER_FAILURE = "TIMESTAMP_ORDER_FAILURE"


# EN 319 102-1, 5.1.3: these end in TOTAL-FAILED, all others in INDETERMINATE.
_FAILURES = frozenset(
    {
        SubIndication.FORMAT_FAILURE,
        SubIndication.HASH_FAILURE,
        SubIndication.SIG_CRYPTO_FAILURE,
        SubIndication.REVOKED,
    }
)


def indication(reason: SubIndication | None) -> Indication:
    """What follows from the reason why a signature does not pass; None where there is no reason."""
    if reason is None:
        return Indication.TOTAL_PASSED
    return Indication.TOTAL_FAILED if reason in _FAILURES else Indication.INDETERMINATE


class SignatureFormat(StrEnum):
    PADES = "PAdES"
    PKCS7 = "PKCS7"
    XMLDSIG = "XMLDSig"
    XADES = "XAdES"
    CADES = "CAdES"


class SignatureLevel(StrEnum):
    B_B = "B-B"
    B_T = "B-T"
    B_LT = "B-LT"
    B_LTA = "B-LTA"


class DocumentForm(StrEnum):
    """What kind of XML document a signature belongs to, told by its shape."""

    E_TAX = "e-tax"  # return or application to the National Tax Agency
    TEG = "teg"  # certificate of deduction, of withholding and the like
    E_GOV_APPLICATION = "e-gov-application"  # 構成管理XML
    OFFICIAL_DOCUMENT = "official-document"  # 公文書 of e-Gov
    PRESCRIPTION = "prescription"
    GENERIC = "generic"


class Coverage(StrEnum):
    """How much of the document's bytes a signature covers."""

    WHOLE = "whole"
    REVISION = "revision"  # a complete earlier revision
    PART = "part"


class ChangesAfter(StrEnum):
    """What came after the signed revision."""

    NONE = "none"
    ALLOWED = "allowed"  # classified, and of a kind that the signer left open
    SUSPICIOUS = "suspicious"


class IssuerClass(StrEnum):
    """Whose certificate it claims to be; a claim until `trusted` holds."""

    JPKI = "jpki"
    JPKI_SMARTPHONE = "jpki-smartphone"
    JPKI_TEST = "jpki-test"
    PRACTICE = "practice"
    GPKI = "gpki"
    LGPKI = "lgpki"
    COMMERCIAL_REGISTRY = "commercial-registry"
    ACCREDITED = "accredited"
    CONTRACT_SERVICE = "contract-service"
    OTHER = "other"
    UNKNOWN = "unknown"


class Revocation(StrEnum):
    GOOD = "good"
    REVOKED = "revoked"
    NOT_CHECKED = "not-checked"


class Verdict(StrEnum):
    """Of a whole file: the worst of its signatures, in the order of the exit codes."""

    PASSED = "passed"
    INDETERMINATE = "indeterminate"
    FAILED = "failed"
    UNSIGNED = "unsigned"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Problem:
    """A stable code (those of signing.errors included) and the facts that its words need."""

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Holder:
    """The basic four information in a JPKI signature certificate, as written there."""

    name: str
    address: str | None = None
    birth_date: str | None = None  # EYYYYMMDD
    gender: str | None = None
    name_substitutions: str | None = None  # '0' and '1', one for each character of the name
    address_substitutions: str | None = None


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """What a certificate says of itself."""

    sha256: str  # hexadecimal, lower case
    subject: str  # RFC 4514
    issuer: str  # RFC 4514
    not_before: datetime
    not_after: datetime
    issuer_class: IssuerClass
    public_key: str  # "RSA-2048", "ECDSA-P-384"
    signature_algorithm: str
    key_usage: tuple[str, ...] = ()  # names of RFC 5280, 4.2.1.3
    policies: tuple[str, ...] = ()
    holder: Holder | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that came after the signed revision, by code: form-filled, signed-again, timestamped, validation-data,
    metadata, signature-shown, annotated, page-changed, unclassified, not-permitted, trailing-bytes.

    `pages` are those that it is known to concern, from 1.
    """

    code: str
    count: int = 1
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TimestampFacts:
    """A time stamp (RFC 3161, 2.4.2): what it says, and whether that is `proven`.

    `accuracy` is zero where it states none; `ends` is when the certificate of the authority does, which is also the
    last moment to cover it by another one.
    """

    time: datetime
    proven: bool
    authority: str | None = None
    accuracy: timedelta = timedelta(0)
    policy: str | None = None
    ends: datetime | None = None


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """One signature. `intact` is arithmetic alone: the digests and the signature value match the bytes."""

    name: str
    format: SignatureFormat
    level: SignatureLevel | None
    indication: Indication
    sub_indication: SubIndication | None
    intact: bool
    covers: Coverage
    changes_after: ChangesAfter
    issuer_class: IssuerClass = IssuerClass.UNKNOWN
    trusted: bool = False
    revocation: Revocation = Revocation.NOT_CHECKED
    signer: str | None = None  # None where integrity fails
    signing_time: datetime | None = None  # claimed
    timestamp_time: datetime | None = None  # proven
    signed_elements: tuple[str, ...] = ()  # XML: names and ids of what is signed, and names of signed files
    form: DocumentForm | None = None  # XML
    changes: tuple[Change, ...] = ()
    problems: tuple[Problem, ...] = ()
    certification_path: tuple[CertificateFacts, ...] = ()  # signing certificate first
    digest_algorithm: str | None = None
    signature_algorithm: str | None = None
    revision: int | None = None  # 1-based number of the signed revision
    signed_bytes: int | None = None  # length of the signed revision, so that it can be saved apart
    is_timestamp: bool = False  # of a document (ISO 32000-2, 12.8.5): `signer` is the time-stamping authority
    timestamp: TimestampFacts | None = None  # over the signature; where it is one itself, its own facts

    @property
    def signed_element(self) -> str | None:
        """What is signed, in one line, as the exports have it."""
        return ", ".join(self.signed_elements) or None


def constrained(report: SignatureReport) -> SignatureReport:
    """The same signature where one sees something else, or more, than what it signs (EN 319 102-1, 5.2.8)."""
    report = replace(report, covers=Coverage.PART, changes_after=ChangesAfter.SUSPICIOUS)
    if report.indication is not Indication.TOTAL_PASSED and report.sub_indication is not SubIndication.TRY_LATER:
        return report
    reason = SubIndication.SIG_CONSTRAINTS_FAILURE
    return replace(report, indication=indication(reason), sub_indication=reason)


def rejected(
    name: str,
    problem: Problem,
    reason: SubIndication | None = None,
    *,
    form: SignatureFormat = SignatureFormat.PKCS7,
) -> SignatureReport:
    """A signature that could not be judged, with the problem, and by the standard where it has a word for it."""
    return SignatureReport(
        name=name,
        format=form,
        level=None,
        indication=indication(reason) if reason else Indication.INDETERMINATE,
        sub_indication=reason,
        intact=False,
        covers=Coverage.PART,
        changes_after=ChangesAfter.SUSPICIOUS,
        problems=(problem,),
    )


@dataclass(frozen=True, slots=True)
class Findings:
    """What verifying a file of one kind established; `problems` are those of the file as a whole."""

    signatures: tuple[SignatureReport, ...] = ()
    problems: tuple[Problem, ...] = ()
    revisions: int | None = None  # PDF
    sha256: str | None = None  # of the file, where all of it had to be read anyway


@dataclass(frozen=True, slots=True)
class ValidationReport:
    """All that was established about one file at one moment."""

    path: Path  # as it was given
    kind: Kind
    sha256: str | None
    verdict: Verdict
    moment: datetime  # the moment judged at
    signatures: tuple[SignatureReport, ...] = ()
    problems: tuple[Problem, ...] = ()
    revisions: int | None = None
