"""Every signature of an XML document, each judged by itself (XML Signature 1.1; EN 319 132-1; EN 319 102-1)."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, BinaryIO

from lxml import etree

from signing import errors
from signing.algorithms import digest_name
from signing.certificate import certificate_facts, signer_name
from signing.judgement import SignerJudgement, each_once, judge_signer
from signing.report import (
    ChangesAfter,
    Coverage,
    Findings,
    Indication,
    IssuerClass,
    Problem,
    Revocation,
    SignatureFormat,
    SignatureReport,
    SubIndication,
    indication,
    rejected,
)
from signing.revocation import RevocationData
from signing.trust import Trust
from signing.xml.algorithms import AlgorithmRefused
from signing.xml.arithmetic import Arithmetic, establish, parsed_certificates
from signing.xml.neighbours import Neighbours
from signing.xml.parse import XmlDocument, read_file
from signing.xml.placement import Placement, placement
from signing.xml.references import DuplicateId, References
from signing.xml.signature import SIGNATURE, Malformed, XmlSignature, read_signature
from signing.xml.xades import Properties, countersigned, level, properties_of, signature_timestamp

if TYPE_CHECKING:
    from signing.timestamp import Timestamp

# Each takes time; no document has so many. Those beyond are named, and not judged.
_MOST_SIGNATURES = 64
_MOST_STRANGERS = 4
_LONGEST_NAME = 160
# By this one knows a signature whatever its namespace is; absent names cost nothing to look for.
_SIGNED_INFO = tuple(f"{{*}}{name}" for name in ("SignedInfo", "signedInfo", "Signedinfo", "signedinfo", "SIGNEDINFO"))


def verify_xml(file: BinaryIO, neighbours: Neighbours, *, trust: Trust, moment: datetime) -> Findings:
    """Judge every signature at `moment`. Nothing is fetched; files that are signed beside it come from `neighbours`.

    Never raises for what the file is: what fails in one signature is told in its report, the rest in `problems`.
    """
    try:
        document = read_file(file)
    except errors.DocumentError as error:
        return Findings(problems=(Problem(error.code, error.facts),))
    return verify_parsed(document, neighbours, trust=trust, moment=moment)


def verify_parsed(document: XmlDocument, neighbours: Neighbours, *, trust: Trust, moment: datetime) -> Findings:
    """The same of a document that was read already."""
    found = list(document.root.iter(SIGNATURE, *_SIGNED_INFO))
    signatures = [each for each in found if each.tag == SIGNATURE]
    names = _names(signatures)
    examination = _Examination(References(document, neighbours), trust, moment, _repeated(signatures))
    reports = tuple(
        examination.report(names[element], element)
        if place < _MOST_SIGNATURES
        else _rejected(names[element], None, "signature.too-costly")
        for place, element in enumerate(signatures)
    )
    return Findings(reports, _strangers(found), sha256=document.sha256)


def _strangers(found: list[etree._Element]) -> tuple[Problem, ...]:
    """What is built like a signature, and is none by its name: a reader that goes by the shape may take it for one."""
    around = (each.getparent() for each in found if each.tag != SIGNATURE)
    names = dict.fromkeys(each.tag for each in around if each is not None and each.tag != SIGNATURE)
    shown = (name[:_LONGEST_NAME] for name in list(names)[:_MOST_STRANGERS])
    return tuple(Problem("signature.not-xmldsig", {"name": name}) for name in shown)


def _repeated(signatures: list[etree._Element]) -> frozenset[str]:
    """The identifiers that several signatures bear."""
    counts = Counter(each.get("Id") for each in signatures)
    return frozenset(identifier for identifier, count in counts.items() if identifier and count > 1)


def _names(signatures: list[etree._Element]) -> dict[etree._Element, str]:
    """By their order; a counter-signature is named after what it confirms."""
    names: dict[etree._Element, str] = {}
    counts: dict[str, int] = {}
    for each in signatures:
        confirmed = countersigned(each)
        stem = "Signature" if confirmed is None else f"{names[confirmed]}/CounterSignature"
        counts[stem] = counts.get(stem, 0) + 1
        names[each] = f"{stem}{counts[stem]}"
    return names


@dataclass(frozen=True, slots=True)
class _Signer:
    """What is known of the signer of an intact signature. `named`: the signed properties name the certificate."""

    judgement: SignerJudgement | None = None
    stamp: "Timestamp | None" = None
    named: bool | None = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Examination:
    """One document, one moment. `repeated` are the identifiers that several signatures bear; `known` names those that
    were looked at, by what is signed and the value."""

    references: References
    trust: Trust
    moment: datetime
    repeated: frozenset[str]
    known: dict[tuple[bytes, bytes], str] = field(default_factory=dict)

    def report(self, name: str, element: etree._Element) -> SignatureReport:
        try:
            return self._judged(name, read_signature(element))
        except DuplicateId:
            return _rejected(name, SubIndication.FORMAT_FAILURE, errors.XmlDuplicateId.code)
        except Malformed:
            return _rejected(name, SubIndication.FORMAT_FAILURE, "signature.malformed")
        except Exception:  # one signature that cannot be judged does not silence the others
            return _rejected(name, None, errors.SignatureUnreadable.code)

    def _judged(self, name: str, signature: XmlSignature) -> SignatureReport:
        arithmetic = establish(signature, self.references)
        if arithmetic.signed_info:
            original = self.known.setdefault((arithmetic.signed_info, signature.value), name)
            if original != name:
                return rejected(name, Problem("signature.copy", {"name": original}), form=SignatureFormat.XMLDSIG)
        identifier = signature.element.get("Id")
        if identifier in self.repeated:
            repeated = Problem("signature.duplicate-id", {"name": identifier[:_LONGEST_NAME]})
            arithmetic = replace(arithmetic, problems=(*arithmetic.problems, repeated))
        properties = properties_of(signature, arithmetic.resolved)
        place = placement(self.references.document, signature, arithmetic.resolved)
        sound = arithmetic.intact and not place.wrapped
        signer = self._signer(signature, arithmetic, properties) if sound else _Signer()
        reason = _reason(arithmetic, place, signer)
        path = signer.judgement.path if signer.judgement else None
        facts = tuple(map(certificate_facts, path.certificates)) if path else ()
        return SignatureReport(
            name=name,
            format=SignatureFormat.XMLDSIG if properties is None else SignatureFormat.XADES,
            level=level(properties, signer.named, signer.stamp) if properties else None,
            indication=indication(reason) if arithmetic.intact or reason else Indication.INDETERMINATE,
            sub_indication=reason,
            intact=arithmetic.intact,
            covers=place.covers,
            changes_after=ChangesAfter.SUSPICIOUS if _leaves_out(place) else ChangesAfter.NONE,
            issuer_class=facts[0].issuer_class if facts else IssuerClass.UNKNOWN,
            trusted=path.trusted if path else False,
            revocation=signer.judgement.status.revocation if signer.judgement else Revocation.NOT_CHECKED,
            signer=signer_name(path.certificates[0]) if path else None,
            certification_path=facts,
            signing_time=properties.signing_time() if properties and sound else None,
            timestamp_time=signer.stamp.time if signer.stamp and signer.stamp.proven else None,
            timestamp=signer.stamp.facts() if signer.stamp else None,
            signed_elements=place.signed_elements,
            form=place.form,
            digest_algorithm=_digests(arithmetic),
            signature_algorithm=arithmetic.method.name if arithmetic.method else None,
            problems=each_once(
                (*arithmetic.problems, *(place.problems if arithmetic.intact else ()), *signer.problems)
            ),
        )

    def _signer(self, signature: XmlSignature, arithmetic: Arithmetic, properties: Properties | None) -> _Signer:
        if arithmetic.certificate is None:
            return _Signer()
        stamp, problems = self._timestamp(signature, properties)
        brought = parsed_certificates(properties.certificates())[0] if properties else ()
        method = arithmetic.method.digest if arithmetic.method else None
        judgement = judge_signer(
            arithmetic.certificate.dump(),
            [each.dump() for each in (*arithmetic.others, *brought)],
            digests=(method, *(each.algorithm for each in arithmetic.resolved)),
            trust=self.trust,
            # EN 319 102-1, 5.5: what is proven to have existed then is judged as of then.
            moment=min(self.moment, stamp.time) if stamp and stamp.proven else self.moment,
            revocation_data=properties.revocation_data() if properties else RevocationData(),
        )
        named = _named(arithmetic, properties)
        problems += list(_doubts(properties, named))
        return _Signer(judgement, stamp, named, (*judgement.problems, *problems))

    def _timestamp(
        self, signature: XmlSignature, properties: Properties | None
    ) -> "tuple[Timestamp | None, list[Problem]]":
        if properties is None:
            return None, []
        try:
            stamp = signature_timestamp(signature, properties, trust=self.trust, moment=self.moment)
        except Exception:  # the parsers of tokens raise whatever they stumble over
            return None, [Problem("timestamp.unreadable")]
        return stamp, list(stamp.doubts) if stamp else []


def _named(arithmetic: Arithmetic, properties: Properties | None) -> bool | None:
    if properties is None or arithmetic.certificate is None:
        return None
    try:
        return properties.names(arithmetic.certificate)
    except (Malformed, AlgorithmRefused):
        return False


def _doubts(properties: Properties | None, named: bool | None) -> list[Problem]:
    problems = [Problem("signature.certificate-differs")] if named is False else []
    if properties is not None and properties.signed is None:
        problems.append(Problem("signature.properties-unsigned"))
    if properties is not None and properties.long_term:
        problems.append(Problem("signature.long-term-not-checked"))
    return problems


_CONSTRAINTS = frozenset(
    {
        "signature.certificate-differs",
        "signature.duplicate-id",
        "signature.key-differs",
        "signature.properties-unsigned",
    }
)


def _reason(arithmetic: Arithmetic, place: Placement, signer: _Signer) -> SubIndication | None:
    """Why the signature does not pass, the gravest reason first, or None where it does or nothing is known."""
    if not arithmetic.intact:
        return arithmetic.sub_indication
    if place.wrapped:
        return SubIndication.FORMAT_FAILURE
    reason = signer.judgement.sub_indication if signer.judgement else arithmetic.sub_indication
    if reason not in (None, SubIndication.TRY_LATER):
        return reason
    # The constraint of this program (EN 319 102-1, 5.2.8): what one sees is what was signed.
    doubted = any(problem.code in _CONSTRAINTS for problem in (*arithmetic.problems, *signer.problems))
    return SubIndication.SIG_CONSTRAINTS_FAILURE if doubted or _leaves_out(place) else reason


def _leaves_out(place: Placement) -> bool:
    return place.covers is Coverage.PART and not place.confirms


def _digests(arithmetic: Arithmetic) -> str | None:
    return ", ".join(dict.fromkeys(digest_name(each.algorithm) for each in arithmetic.resolved)) or None


def _rejected(name: str, reason: SubIndication | None, code: str) -> SignatureReport:
    return rejected(name, Problem(code), reason, form=SignatureFormat.XMLDSIG)
