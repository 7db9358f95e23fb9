"""Every signer of a CMS SignedData in a file of its own: .p7m with its content, .p7s with the content beside it.

RFC 5652 and CAdES (ETSI EN 319 122-1), in DER, BER, PEM (RFC 7468) or plain base64.
"""

import base64
import binascii
import contextlib
import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePath
from typing import BinaryIO

from asn1crypto import cms, core

from signing import errors
from signing.certificate import certificate_facts, signer_name
from signing.judgement import Judgement
from signing.report import (
    ChangesAfter,
    Coverage,
    Findings,
    IssuerClass,
    Problem,
    Revocation,
    SignatureFormat,
    SignatureLevel,
    SignatureReport,
    SubIndication,
    constrained,
    indication,
    rejected,
)
from signing.signature_with_time import judge_with_time
from signing.timestamp import Timestamp, out_of_order
from signing.trust import Trust
from signing.xml.neighbours import Neighbours, Unestablished

# It is held in memory, several times over while it is parsed. What is larger is signed detached.
MAXIMUM_SIZE = 128 << 20
HEAD = 1 << 16  # of a content: more than the signed attributes of anybody come to
_MESSAGE_DIGEST = bytes.fromhex("06092a864886f70d010904")
_MOST_SIGNERS = 64
_ARMOUR = re.compile(rb"\s*-----BEGIN ([^\r\n]+?)-----\s(.+?)-----END \1-----\s*", re.DOTALL)
_OWN_ENDING = re.compile(r"(-practice-signed)?(-\d+)?$")  # as signing.job names what it makes
_ESS_CERTIFICATE = frozenset({"signing_certificate", "signing_certificate_v2"})
_COUNTER_SIGNATURE = "1.2.840.113549.1.9.6"
_LONG_TERM = frozenset(  # archive timestamps and what they cover (EN 319 122-1, 5.5 and annex A)
    {
        *("0.4.0.1733.2.4", "0.4.0.1733.2.5", "1.2.840.113549.1.9.16.2.27", "1.2.840.113549.1.9.16.2.48"),
        *("1.2.840.113549.1.9.16.2.25", "1.2.840.113549.1.9.16.2.26"),
    }
)


@dataclass(frozen=True, slots=True)
class SignedContent:
    """What a signature is about: how its digest by an algorithm of hashlib is found, and its name where it has one.

    `head` returns how it begins. Both raise Unestablished where it cannot be looked at.
    """

    digest: Callable[[str], bytes]
    head: Callable[[], bytes]
    name: str | None = None
    _known: dict[str, bytes] = field(default_factory=dict)

    def digest_of(self, algorithm: str) -> bytes:
        """Computed once, however many signers there are."""
        if algorithm not in self._known:
            self._known[algorithm] = self.digest(algorithm)
        return self._known[algorithm]


def verify_cms(file: BinaryIO, name: str, neighbours: Neighbours, *, trust: Trust, moment: datetime) -> Findings:
    """Judge every signer at `moment`. `name` is that of the file: the content of NAME.p7s is NAME, in `neighbours`.

    Never raises for what the file is: what fails for one signer is told in its report, the rest in `problems`.
    """
    try:
        signed_data = read_signed_data(_content(file))
        inside = attached_content(signed_data)
    except errors.DocumentError as error:
        return Findings(problems=(Problem(error.code, error.facts),))
    beside = _beside(name, neighbours)
    reports = judge_signers(signed_data, inside or beside, trust=trust, moment=moment)
    if inside and _differ(inside, beside):
        problem = Problem("signature.content-differs", {"name": beside.name})
        return Findings(tuple(map(constrained, reports)), (problem,))
    return Findings(reports)


def _content(file: BinaryIO) -> bytes:
    if file.seek(0, 2) > MAXIMUM_SIZE:  # told before it is in memory
        raise errors.DocumentTooLarge(limit=MAXIMUM_SIZE)
    file.seek(0)
    return file.read()


def whole_signed_data(file: BinaryIO) -> bytes:
    """The ContentInfo in a file, without its armour. Raises DocumentError."""
    return _without_armour(_content(file))


def read_signed_data(content: bytes) -> cms.SignedData:
    """In any of its forms. Raises DocumentDamaged."""
    der = _without_armour(content)
    try:
        signed_data = cms.ContentInfo.load(der, strict=True)["content"]
        list(signed_data["signer_infos"])  # the parser is lazy: now, and not in the middle of something
        inside = signed_data["encap_content_info"]
        inside["content_type"].native, inside["content"]
    except Exception as error:  # it raises whatever it stumbles over, also where this is no SignedData
        raise errors.DocumentDamaged from error
    return signed_data


def _without_armour(content: bytes) -> bytes:
    if content[:1] == b"\x30":
        return content
    armour = _ARMOUR.fullmatch(content)
    try:
        return base64.b64decode(b"".join((armour[2] if armour else content).split()), validate=True)
    except binascii.Error as error:
        raise errors.DocumentDamaged from error


def attached_content(signed_data: cms.SignedData) -> SignedContent | None:
    """The content that lies in the SignedData itself, or None where it is detached. Raises DocumentDamaged."""
    inside = signed_data["encap_content_info"]["content"]
    if inside is core.VOID or inside.contents is None:
        return None
    try:
        pieces = list(_pieces(inside.contents)) if inside.method else [inside.contents]
    except (ValueError, IndexError) as error:
        raise errors.DocumentDamaged from error

    def digest(algorithm: str) -> bytes:
        hashed = hashlib.new(algorithm)
        for piece in pieces:
            hashed.update(piece)
        return hashed.digest()

    return SignedContent(digest, lambda: b"".join(pieces)[:HEAD])


def _pieces(contents: bytes) -> Iterator[memoryview]:
    """The pieces of an octet string that was written as it came (X.690, 8.7.3); the library would put them together
    one by one, each time copying all of those before. Raises ValueError, IndexError where they are something else."""
    view, place = memoryview(contents), 0
    while place < len(view):
        tag, first, start = view[place], view[place + 1], place + 2
        size = first
        if first & 0x80:
            start += first & 0x7F
            size = int.from_bytes(view[place + 2 : start], "big")
        place = start + size
        if tag != 0x04 or first == 0x80 or place > len(view):
            raise ValueError
        yield view[start:place]


def _beside(name: str, neighbours: Neighbours) -> SignedContent:
    wanted = _name_of_content(unicodedata.normalize("NFC", PurePath(name).stem), neighbours)

    def digest(algorithm: str) -> bytes:
        if not PurePath(name).suffix:  # its name does not say what it belongs to
            raise Unestablished("signature.content-unnamed", SubIndication.SIGNED_DATA_NOT_FOUND)
        with neighbours.opened(wanted) as file:
            return hashlib.file_digest(file, algorithm).digest()  # type: ignore[arg-type]  # a file is what it takes

    def head() -> bytes:
        with neighbours.opened(wanted) as file:
            return file.read(HEAD)

    return SignedContent(digest, head, wanted)


def _name_of_content(name: str, neighbours: Neighbours) -> str:
    """The name itself; where no file has it, what stands before the ending that this program puts to a second one."""
    before = _OWN_ENDING.sub("", name)
    for candidate in dict.fromkeys((name, before)):
        with contextlib.suppress(Unestablished), neighbours.opened(candidate):
            return candidate
    return name


def _differ(inside: SignedContent, beside: SignedContent) -> bool:
    """Whether a file lies beside the signature that one would take for what was signed, and is not."""
    try:
        return inside.digest_of("sha256") != beside.digest_of("sha256")
    except Unestablished:
        return False


def judge_signers(
    signed_data: cms.SignedData, content: SignedContent, *, trust: Trust, moment: datetime
) -> tuple[SignatureReport, ...]:
    """One report for each signer, in their order. Never raises for what the SignedData is."""
    return tuple(
        _report(f"Signature{place}", signed_data, signer, content, trust=trust, moment=moment)
        if place <= _MOST_SIGNERS
        else rejected(f"Signature{place}", Problem("signature.too-costly"))
        for place, signer in enumerate(signed_data["signer_infos"], start=1)
    )


def _report(
    name: str,
    signed_data: cms.SignedData,
    signer: cms.SignerInfo,
    content: SignedContent,
    *,
    trust: Trust,
    moment: datetime,
) -> SignatureReport:
    try:
        alone = _alone(signed_data, signer)
        # By the standard (EN 319 102-1, 5.2.7) the data comes first: without it nothing is said of the rest.
        content.digest_of(signer["digest_algorithm"]["algorithm"].native)
        if signer["signed_attrs"] is core.VOID and _could_be_attributes(content.head()):
            return rejected(name, Problem("signature.malformed"), SubIndication.FORMAT_FAILURE)
        stamp, judgement = judge_with_time(alone, content.digest_of, trust=trust, moment=moment)
        return cms_report(name, alone, judgement, stamp, signed=content.name)
    except Unestablished as unknown:
        return rejected(name, unknown.problem, unknown.reason)
    except Exception:  # the parsers raise whatever they stumble over; one signer does not silence the others
        return rejected(name, Problem(errors.SignatureUnreadable.code))


def _could_be_attributes(head: bytes) -> bool:
    """A signature over signed attributes is also one over a content that consists of them: nobody signed that."""
    return head[:1] == b"\x31" and _MESSAGE_DIGEST in head


def _alone(signed_data: cms.SignedData, signer: cms.SignerInfo) -> cms.SignedData:
    """The same with this signer only, and as if the content were elsewhere."""
    parts = {
        "version": signed_data["version"],
        "digest_algorithms": signed_data["digest_algorithms"],
        "encap_content_info": {"content_type": signed_data["encap_content_info"]["content_type"].native},
        "signer_infos": [signer],
    }
    optional = {part: signed_data[part] for part in ("certificates", "crls") if signed_data[part] is not core.VOID}
    return cms.SignedData({**parts, **optional})


def cms_report(
    name: str, signed_data: cms.SignedData, judgement: Judgement, stamp: Timestamp | None, *, signed: str | None
) -> SignatureReport:
    """What was established about the only signer of a SignedData, which covers all of what was signed."""
    path = judgement.path if judgement.intact else None
    facts = tuple(map(certificate_facts, path.certificates)) if path else ()
    attributes = _attributes(signed_data["signer_infos"][0])
    qualified = not attributes.isdisjoint(_ESS_CERTIFICATE)
    return SignatureReport(
        name=name,
        format=SignatureFormat.CADES if qualified else SignatureFormat.PKCS7,
        level=_level(judgement, stamp) if qualified and judgement.intact else None,
        indication=indication(judgement.sub_indication),
        sub_indication=judgement.sub_indication,
        intact=judgement.intact,
        covers=Coverage.WHOLE,
        changes_after=ChangesAfter.NONE if judgement.intact else ChangesAfter.SUSPICIOUS,
        issuer_class=facts[0].issuer_class if facts else IssuerClass.UNKNOWN,
        trusted=path.trusted if path else False,
        revocation=judgement.status.revocation if path else Revocation.NOT_CHECKED,
        signer=signer_name(path.certificates[0]) if path else None,
        certification_path=facts,
        signing_time=judgement.signing_time,
        timestamp_time=stamp.time if stamp and stamp.proven else None,
        timestamp=stamp.facts() if stamp else None,
        signed_elements=(signed,) if signed else (),
        digest_algorithm=judgement.digest_algorithm,
        signature_algorithm=judgement.signature_algorithm,
        problems=_problems(judgement, stamp, attributes),
    )


def _attributes(signer: cms.SignerInfo) -> set[str]:
    """Names of the signed ones, identifiers of the unsigned ones."""
    signed, unsigned = signer["signed_attrs"], signer["unsigned_attrs"]
    names = {each["type"].native for each in signed} if signed is not core.VOID else set()
    return names | ({each["type"].dotted for each in unsigned} if unsigned is not core.VOID else set())


def _level(judgement: Judgement, stamp: Timestamp | None) -> SignatureLevel:
    """As far as it was established (EN 319 122-1, 6): archive timestamps are not judged, so they do not count."""
    if stamp is None or not stamp.proven:
        return SignatureLevel.B_B
    return SignatureLevel.B_LT if judgement.status.revocation is Revocation.GOOD else SignatureLevel.B_T


def _problems(judgement: Judgement, stamp: Timestamp | None, attributes: set[str]) -> tuple[Problem, ...]:
    problems = list(judgement.problems)
    problems += stamp.doubts if stamp else ()
    problems += out_of_order(judgement.signing_time, stamp)
    if _COUNTER_SIGNATURE in attributes:
        problems.append(Problem("signature.counter-not-checked"))
    if not attributes.isdisjoint(_LONG_TERM):
        problems.append(Problem("signature.long-term-not-checked"))
    return tuple(problems)
