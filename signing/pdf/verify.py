"""Every signature of a PDF, each judged by itself (ISO 32000-2, 12.8; ETSI EN 319 102-1)."""

from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, BinaryIO

from pyhanko.pdf_utils.generic import parse_pdf_date
from pyhanko.pdf_utils.reader import PdfFileReader

from signing import errors
from signing.carried import ValidationData
from signing.certificate import certificate_facts, signer_name
from signing.judgement import Judgement
from signing.pdf.embedded import EmbeddedSignature, contents_of
from signing.pdf.reader import (
    SignatureField,
    entry,
    open_reader,
    signature_fields,
    stray_signature_fields,
    usage_rights,
)
from signing.pdf.revisions import SUSPICIOUS, LaterChanges, SignedRange
from signing.pdf.single_pass import SinglePass
from signing.pdf.validation_data import validation_data
from signing.report import (
    Change,
    Coverage,
    Findings,
    IssuerClass,
    Problem,
    Revocation,
    SignatureFormat,
    SignatureLevel,
    SignatureReport,
    SubIndication,
    indication,
    rejected,
)
from signing.signature_with_time import judge_with_time
from signing.timestamp import Timestamp, has_timestamp, held_against_each_other, judge_timestamp, out_of_order
from signing.trust import Trust

_TIMESTAMP = "/ETSI.RFC3161"
_FORMATS = {
    "/ETSI.CAdES.detached": SignatureFormat.PADES,
    _TIMESTAMP: SignatureFormat.PADES,
    "/adbe.pkcs7.detached": SignatureFormat.PKCS7,
}
_MOST_SIGNATURES = 500
_ESS_CERTIFICATE = frozenset({"signing_certificate", "signing_certificate_v2"})
_ALTERATIONS = SUSPICIOUS | {"form-filled"}


def verify_pdf(file: BinaryIO, *, trust: Trust, moment: datetime, password: str = "") -> Findings:
    """Judge every signature at `moment`. Nothing is fetched, and the file is not held in memory.

    Never raises for what the file is: what fails in one signature is told in its report, the rest in `problems`.
    """
    try:
        reader = open_reader(file, password)
        fields = list(islice(signature_fields(reader), _MOST_SIGNATURES + 1))
        if len(fields) > _MOST_SIGNATURES:
            raise errors.DocumentTooComplex
    except errors.DocumentError as error:
        read = SinglePass(file)
        unreached = [errors.SignatureUnreached.code] if read.marks else []
        return Findings(problems=tuple(map(Problem, (error.code, *unreached))), sha256=read.sha256)
    signatures = [_embedded(reader, field) for field in fields]
    read = _read_once(reader, fields, signatures)
    if read.marks > len(fields):
        strays = list(islice(stray_signature_fields(reader, fields), _MOST_SIGNATURES))
        fields += strays
        signatures += [_embedded(reader, field) for field in strays]
    later = LaterChanges(list(filter(None, signatures)))
    examination = _Examination(reader, read, signatures, later, trust, moment, validation_data(reader))
    problems = [errors.DocumentHybrid.code] if reader.xrefs.hybrid_xrefs_present else []
    if not fields and read.marks > usage_rights(reader):
        problems.append(errors.SignatureUnreached.code)
    return Findings(
        examination.reports(fields),
        tuple(map(Problem, problems)),
        reader.xrefs.total_revisions,
        read.sha256,
    )


def _read_once(
    reader: PdfFileReader, fields: list[SignatureField], signatures: list[EmbeddedSignature | None]
) -> SinglePass:
    algorithms = {signature.digest_algorithm for signature in signatures if signature}
    ranges = (_signed_range(reader, field) for field in fields)
    return SinglePass(reader.stream, filter(None, ranges), algorithms)


def _signed_range(reader: PdfFileReader, field: SignatureField) -> SignedRange | None:
    reader.stream.seek(0, 2)
    return SignedRange.of(entry(field.signature, "/ByteRange"), reader.stream.tell())


def _embedded(reader: PdfFileReader, field: SignatureField) -> EmbeddedSignature | None:
    try:
        return EmbeddedSignature(reader, field)
    except Exception:  # the library raises whatever it stumbles over, also on valid files
        return None


@dataclass(frozen=True, slots=True)
class _Examination:
    """One file, one moment, and all signatures that could be read; None for those that could not."""

    reader: PdfFileReader
    read: SinglePass
    signatures: list[EmbeddedSignature | None]
    later: LaterChanges
    trust: Trust
    moment: datetime
    brought: ValidationData

    def reports(self, fields: list[SignatureField]) -> tuple[SignatureReport, ...]:
        """In the order of the fields. The last is judged first: what lies under a document timestamp that holds is
        proven to have existed then, and judged as of then (EN 319 102-1, 5.6)."""
        reports: dict[int, SignatureReport] = {}
        stamps: list[tuple[int, datetime]] = []
        for place in sorted(range(len(fields)), key=self._revision, reverse=True):
            above = [time for revision, time in stamps if revision > self._revision(place)]
            report = self._report(place, fields[place], min(above, default=None))
            if report.is_timestamp and report.timestamp_time and report.covers is not Coverage.PART:
                stamps.append((self._revision(place), report.timestamp_time))
            reports[place] = report
        return held_against_each_other([reports[place] for place in range(len(fields))])

    def _revision(self, place: int) -> int:
        signature = self.signatures[place]
        return signature.signed_revision if signature else -1

    def _report(self, place: int, field: SignatureField, proven: datetime | None) -> SignatureReport:
        signature = self.signatures[place]
        if _is_malformed(field.signature) or (signed := _signed_range(self.reader, field)) is None:
            return _rejected(field, SubIndication.FORMAT_FAILURE, "signature.malformed")
        if signature is None or entry(field.signature, "/SubFilter") not in _FORMATS:
            return _rejected(field, None, errors.SignatureUnreadable.code)
        try:
            return self._judged(field, signature, signed, proven)
        except Exception:  # as above; one signature that cannot be judged does not silence the others
            return _rejected(field, None, errors.SignatureUnreadable.code)

    def _judged(
        self, field: SignatureField, signature: EmbeddedSignature, signed: SignedRange, proven: datetime | None
    ) -> SignatureReport:
        stamp, judgement = self._cryptography(signature, signed, min(self.moment, proven or self.moment))
        others = [other for other in self.signatures if other is not None]
        wrapped = not signed.leaves_out_only(signature.contents, self.reader)
        covers = Coverage.PART if wrapped else signature.covers(signed.second_start - signed.hole_start, signed.end)
        after, changes = self.later.after(signature, signed, covers)
        reason = SubIndication.FORMAT_FAILURE if wrapped and judgement.intact else _reason(judgement, covers, changes)
        path = judgement.path if judgement.intact and not wrapped else None
        facts = tuple(map(certificate_facts, path.certificates)) if path else ()
        claimed = _claimed(signature, judgement, stamp)
        return SignatureReport(
            name=field.name,
            format=_FORMATS[entry(field.signature, "/SubFilter")],
            level=_level(signature, others),
            indication=indication(reason),
            sub_indication=reason,
            intact=judgement.intact,
            covers=covers,
            changes_after=after,
            changes=changes,
            issuer_class=facts[0].issuer_class if facts else IssuerClass.UNKNOWN,
            trusted=path.trusted if path else False,
            revocation=judgement.status.revocation if path else Revocation.NOT_CHECKED,
            signer=signer_name(path.certificates[0]) if path else None,
            certification_path=facts,
            is_timestamp=signature.is_timestamp,
            signing_time=claimed,
            timestamp_time=stamp.time if stamp and stamp.proven else proven if judgement.intact else None,
            timestamp=stamp.facts() if stamp else None,
            digest_algorithm=judgement.digest_algorithm,
            signature_algorithm=judgement.signature_algorithm,
            revision=signature.signed_revision + 1,
            signed_bytes=signed.end if covers is not Coverage.PART else None,
            problems=(*_problems(judgement, stamp, wrapped=wrapped), *out_of_order(claimed, stamp)),
        )

    def _cryptography(
        self, signature: EmbeddedSignature, signed: SignedRange, moment: datetime
    ) -> tuple[Timestamp | None, Judgement]:
        def digest_of(algorithm: str) -> bytes:
            return self.read.digest(signed, algorithm)

        if signature.is_timestamp != (entry(signature.sig_object, "/SubFilter") == _TIMESTAMP):
            raise errors.SignatureUnreadable
        if signature.is_timestamp:
            stamp = judge_timestamp(
                signature.signed_data, digest_of, trust=self.trust, moment=moment, brought=self.brought
            )
            return stamp, stamp.judgement
        return judge_with_time(signature.signed_data, digest_of, trust=self.trust, moment=moment, brought=self.brought)


def _is_malformed(signature: Any) -> bool:
    """Universal signature forgery: a signature dictionary without a usable signature must never pass for one."""
    try:
        return not any(contents_of(signature))
    except Exception:  # as above
        return True


def _rejected(field: SignatureField, reason: SubIndication | None, code: str) -> SignatureReport:
    form = _FORMATS.get(entry(field.signature, "/SubFilter"), SignatureFormat.PKCS7)
    return rejected(field.name, Problem(code), reason, form=form)


def _reason(judgement: Judgement, covers: Coverage, changes: tuple[Change, ...]) -> SubIndication | None:
    """Why the signature does not pass, the gravest reason first, or None where it does."""
    if not judgement.intact or judgement.sub_indication not in (None, SubIndication.TRY_LATER):
        return judgement.sub_indication
    # The constraint of this program (EN 319 102-1, 5.2.8): what one sees is what was signed. A filled form breaks
    # it even where the signer allowed filling, because that is how a prepared document shows another content
    # after signing; further signatures, timestamps and validation data add to a document and do not break it.
    if covers is Coverage.PART or any(change.code in _ALTERATIONS for change in changes):
        return SubIndication.SIG_CONSTRAINTS_FAILURE
    return judgement.sub_indication


def _level(signature: EmbeddedSignature, others: list[EmbeddedSignature]) -> SignatureLevel | None:
    """The PAdES level by its form (EN 319 142-1, 6.3); whether it holds is for the rest of the report."""
    attributes = {attribute["type"].native for attribute in signature.signer_info["signed_attrs"]}
    if entry(signature.sig_object, "/SubFilter") != "/ETSI.CAdES.detached" or not attributes & _ESS_CERTIFICATE:
        return None
    stamped = any(each.is_timestamp and each.signed_revision > signature.signed_revision for each in others)
    if "/DSS" in signature.reader.root:
        return SignatureLevel.B_LTA if stamped else SignatureLevel.B_LT
    return SignatureLevel.B_T if stamped or has_timestamp(signature.signer_info) else SignatureLevel.B_B


def _problems(judgement: Judgement, stamp: Timestamp | None, *, wrapped: bool) -> tuple[Problem, ...]:
    problems = list(judgement.problems)
    if wrapped:
        problems.append(Problem("signature.covers-part"))
    if stamp is not None and stamp.judgement is not judgement:
        problems += stamp.doubts
    return tuple(problems)


def _claimed(signature: EmbeddedSignature, judgement: Judgement, stamp: Timestamp | None) -> datetime | None:
    if signature.is_timestamp:
        return stamp.time if stamp else None
    return judgement.signing_time or _modified(signature.sig_object)


def _modified(signature: Any) -> datetime | None:
    """/M, where it can be read and says how far from UTC its clock was."""
    try:
        claimed = parse_pdf_date(entry(signature, "/M"), strict=False)
    except Exception:  # as above
        return None
    return claimed if claimed.utcoffset() is not None else None
