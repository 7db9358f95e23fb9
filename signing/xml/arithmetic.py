"""Whether the numbers of an XML signature are right: its references and its value, and whose key verifies it."""

from collections.abc import Sequence
from dataclasses import dataclass

from asn1crypto import keys, x509

from signing import errors
from signing.algorithms import weak_key
from signing.judgement import each_once
from signing.report import Problem, SubIndication
from signing.xml.algorithms import AlgorithmRefused, SignatureMethod, shown_name, signature_method, verifies
from signing.xml.canonical import Canonicalization, canonical
from signing.xml.key_value import public_key
from signing.xml.neighbours import Unestablished
from signing.xml.references import References, Resolved
from signing.xml.signature import DSIG, Malformed, Reference, XmlSignature, manifest_references

_MANIFEST = f"{{{DSIG}}}Manifest"


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`intact`: every digest and the value match. Otherwise `sub_indication` says why they do not, or is None where
    that could not be established. `certificate` is the one whose key verifies the value, `others` came with it.
    `signed_info` is what the value is over, nothing where that could not be computed.
    """

    intact: bool
    sub_indication: SubIndication | None
    method: SignatureMethod | None = None
    resolved: tuple[Resolved, ...] = ()
    certificate: x509.Certificate | None = None
    others: tuple[x509.Certificate, ...] = ()
    problems: tuple[Problem, ...] = ()
    signed_info: bytes = b""


def establish(signature: XmlSignature, references: References) -> Arithmetic:
    """Compute everything that the signature claims.

    Raises Malformed. The gravest finding decides: a value that does not match is told before a file that is missing.
    """
    try:
        method = signature_method(signature.method)
        data = _signed_info(signature)
    except AlgorithmRefused as refusal:
        return Arithmetic(False, SubIndication.CRYPTO_CONSTRAINTS_FAILURE, problems=(refusal.problem,))
    except errors.DocumentError as error:  # there is no canonical form of it
        return Arithmetic(False, None, problems=(Problem(error.code, error.facts),))
    key = _verifying_key(signature, method, data)
    found = _Digests()
    found.add(signature.references, signature, references)
    for each in tuple(found.resolved):  # the references of a manifest are relied on as those of the signature are
        if each.target.element is not None and each.target.element.tag == _MANIFEST:
            found.add(manifest_references(each.target.element), signature, references)
    reason, intact = _outcome(key, found)
    return Arithmetic(
        intact=intact,
        sub_indication=reason,
        method=method,
        resolved=tuple(found.resolved),
        certificate=key.certificate,
        others=tuple(each for each in key.certificates if each is not key.certificate),
        problems=each_once((*key.problems, *found.problems)),
        signed_info=data,
    )


def _signed_info(signature: XmlSignature) -> bytes:
    method = Canonicalization.named(signature.canonicalization.algorithm, signature.canonicalization.prefixes)
    if method is None or signature.canonicalization.parameters:
        name = shown_name(signature.canonicalization.algorithm)
        raise AlgorithmRefused(Problem("algorithm.unknown", {"algorithm": name}))
    return canonical(signature.signed_info, method)


@dataclass(frozen=True, slots=True)
class _Key:
    """`verifies`: None where there is no key to verify with."""

    verifies: bool | None
    certificates: tuple[x509.Certificate, ...]
    certificate: x509.Certificate | None = None
    problems: tuple[Problem, ...] = ()


def _verifying_key(signature: XmlSignature, method: SignatureMethod, data: bytes) -> _Key:
    """The certificate is found by its key: files hold authorities beside it, in any order."""
    certificates, broken = parsed_certificates(signature.certificates)
    problems = [Problem(errors.CertificateUnreadable.code)] if broken else []
    bare = _bare_key(signature)
    for certificate in certificates:
        if verifies(certificate.public_key, method, signature.value, data):
            if signature.key_value is not None and (bare is None or not _same(bare, certificate.public_key)):
                problems.append(Problem("signature.key-differs"))
            return _Key(True, certificates, certificate, tuple(problems))
    if certificates:
        return _Key(False, certificates, problems=tuple(problems))
    if bare is None:
        return _Key(None, certificates, problems=tuple(problems))
    return _Key(verifies(bare, method, signature.value, data), certificates, problems=(*problems, *weak_key(bare)))


def _bare_key(signature: XmlSignature) -> keys.PublicKeyInfo | None:
    try:
        return None if signature.key_value is None else public_key(signature.key_value)
    except Malformed:
        return None


def _same(one: keys.PublicKeyInfo, other: keys.PublicKeyInfo) -> bool:
    return bool(one["public_key"].native == other["public_key"].native) and one.algorithm == other.algorithm


def parsed_certificates(ders: Sequence[bytes]) -> tuple[tuple[x509.Certificate, ...], int]:
    """Those that can be read, each once, and how many cannot."""
    certificates, broken = [], 0
    for der in dict.fromkeys(ders):
        try:
            certificate = x509.Certificate.load(der, strict=True)
            certificate.public_key.dump()  # the parser is lazy: what cannot be read shows here
        except Exception:  # it raises whatever it stumbles over
            broken += 1
        else:
            certificates.append(certificate)
    return tuple(certificates), broken


class _Digests:
    """What became of the references: those computed, and the worst of what could not be."""

    def __init__(self) -> None:
        self.resolved: list[Resolved] = []
        self.problems: list[Problem] = []
        self.unknown: list[SubIndication | None] = []

    def add(self, wanted: Sequence[Reference], signature: XmlSignature, references: References) -> None:
        for reference in wanted:
            try:
                self.resolved.append(references.resolve(reference, signature.element))
            except Unestablished as unknown:
                self.problems.append(unknown.problem)
                self.unknown.append(unknown.reason)
            except AlgorithmRefused as refusal:
                self.problems.append(refusal.problem)
                self.unknown.append(SubIndication.CRYPTO_CONSTRAINTS_FAILURE)


def _outcome(key: _Key, found: _Digests) -> tuple[SubIndication | None, bool]:
    if key.verifies is False:
        return SubIndication.SIG_CRYPTO_FAILURE, False
    if not all(each.matches for each in found.resolved):
        return SubIndication.HASH_FAILURE, False
    if found.unknown:
        return next((reason for reason in found.unknown if reason), None), False
    if key.certificate is None:
        return SubIndication.NO_SIGNING_CERTIFICATE_FOUND, key.verifies is True
    return None, True
