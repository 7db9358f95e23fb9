"""Associated Signature Containers, ASiC-S and ASiC-E (ETSI EN 319 162-1): a ZIP with files and signatures over them.

Every file is accounted for: it is signed, or part of what signs, or told.
"""

import hashlib
import hmac
import io
import re
import unicodedata
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import BinaryIO

from asn1crypto import cms
from lxml import etree

from signing import errors
from signing.algorithms import weak_digest
from signing.cms_verify import HEAD, SignedContent, attached_content, judge_signers, read_signed_data
from signing.judgement import each_once
from signing.report import (
    Findings,
    Problem,
    SignatureReport,
    SubIndication,
    constrained,
    indication,
    rejected,
)
from signing.trust import Trust
from signing.xml import parse
from signing.xml.algorithms import AlgorithmRefused, digest_algorithm
from signing.xml.neighbours import Unestablished, only_match
from signing.xml.signature import DSIG, Malformed, Method, decoded, plain_text
from signing.xml.verify import verify_xml
from signing.zip_package import ZipPackage, opened_package

_MIMETYPE = "mimetype"
_SIMPLE = b"application/vnd.etsi.asic-s+zip"
_EXTENDED = b"application/vnd.etsi.asic-e+zip"
_NAMESPACE = "http://uri.etsi.org/02918/v1.2.1#"
_SIGNATURE = re.compile(r"META-INF/[^/]*signature[^/]*\.p7s", re.IGNORECASE)
_XML_SIGNATURES = re.compile(r"META-INF/[^/]*signatures[^/]*\.xml", re.IGNORECASE)
_MANIFEST = re.compile(r"META-INF/ASiCManifest[^/]*\.xml", re.IGNORECASE)
_EVIDENCE = re.compile(
    r"META-INF/([^/]*\.tst|[^/]*evidencerecord[^/]*\.(ers|xml)|ASiC(Archive|EvidenceRecord)Manifest[^/]*\.xml)"
)
# The list of files that OpenDocument demands and ASiC takes over (6.3): it says nothing that a reader relies on.
_LISTING = "META-INF/manifest.xml"
_MOST_REFERENCES = 1000


def verify_asic(file: BinaryIO, *, trust: Trust, moment: datetime) -> Findings | None:
    """Judge every signature of a container, or None where a ZIP is none.

    Raises PackageRefused where its size, its names or its structure are not those of an honest package.
    """
    with opened_package(file) as package:
        extended = _is_extended(package)
        if extended is None:
            return None
        return _Container(package, trust, moment).verified(_extended if extended else _simple)


def _is_extended(package: ZipPackage) -> bool | None:
    """By the media type it states (4.3.3.1); where it states none, by its signatures. None where it is no container."""
    signatures = [name for name in package.entries if _SIGNATURE.fullmatch(name) or _XML_SIGNATURES.fullmatch(name)]
    if _MIMETYPE not in package.entries:
        manifests = [name for name in package.entries if _MANIFEST.fullmatch(name)]
        return bool(manifests) if signatures else None
    stated = package.content(_MIMETYPE).strip()
    return {_SIMPLE: False, _EXTENDED: True}.get(stated)


@dataclass(frozen=True, slots=True)
class _Signed:
    """What one signature file is about: its content, the names of the signed files, and what is to be stated.

    `weak`: the digests in between are of a kind that can be forged.
    """

    content: SignedContent
    names: frozenset[str]
    weak: tuple[Problem, ...] = ()


class _Unfit(Exception):
    """The container is not built as its kind demands; the problem says how."""

    def __init__(self, code: str, reason: SubIndication = SubIndication.FORMAT_FAILURE, **facts: object) -> None:
        super().__init__(code)
        self.problem = Problem(code, facts)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class _Container:
    """An open container, and the files of META-INF that signatures have made use of."""

    package: ZipPackage
    trust: Trust
    moment: datetime
    used: set[str] = field(default_factory=set)
    digests: dict[tuple[str, str], bytes] = field(default_factory=dict)

    def verified(self, find: "_Finder") -> Findings:
        reports: list[tuple[SignatureReport, frozenset[str]]] = []
        for name in self.package.entries:
            if _SIGNATURE.fullmatch(name):
                reports += self._cms(name, find)
            elif _XML_SIGNATURES.fullmatch(name):
                reports += self._xml(name)
        if not reports:
            return Findings(problems=self._evidence())
        signed = frozenset().union(*(names for _report, names in reports))
        unsigned = [name for name in self.package.entries if not self._is_accounted_for(name, signed)]
        problems = [Problem("package.files-unsigned", {"count": len(unsigned)})] if unsigned else []
        everything = frozenset(self.data)
        return Findings(
            tuple(report if everything <= names and not unsigned else constrained(report) for report, names in reports),
            (*problems, *self._evidence()),
        )

    @property
    def data(self) -> list[str]:
        """The files that the container is about (4.3.3.2: all that are not in META-INF)."""
        return [name for name in self.package.entries if name != _MIMETYPE and not name.startswith("META-INF/")]

    def digest(self, name: str, algorithm: str) -> bytes:
        """Of a file, computed once. Raises PackageRefused, Unestablished."""
        if name not in self.package.entries:
            raise Unestablished("reference.missing", SubIndication.SIGNED_DATA_NOT_FOUND, name=name)
        if (name, algorithm) not in self.digests:
            with self.package.opened(name) as file:
                self.digests[name, algorithm] = hashlib.file_digest(file, algorithm).digest()  # type: ignore[arg-type]
        return self.digests[name, algorithm]

    def head(self, name: str) -> bytes:
        """How a file begins. Raises PackageRefused."""
        with self.package.opened(name) as file:
            return file.read(HEAD)

    def _is_accounted_for(self, name: str, signed: frozenset[str]) -> bool:
        signs = _SIGNATURE.fullmatch(name) or _XML_SIGNATURES.fullmatch(name)
        return bool(name in (_MIMETYPE, _LISTING) or name in signed | self.used or signs or _EVIDENCE.fullmatch(name))

    def _evidence(self) -> tuple[Problem, ...]:
        found = [name for name in self.package.entries if _EVIDENCE.fullmatch(name)]
        return (Problem("package.evidence-not-checked", {"count": len(found)}),) if found else ()

    # --- CAdES

    def _cms(self, name: str, find: "_Finder") -> list[tuple[SignatureReport, frozenset[str]]]:
        try:
            signed_data = _detached(self.package.content(name))
            found = find(self, name)
        except (_Unfit, Unestablished) as unfit:
            return [(rejected(name, unfit.problem, unfit.reason), frozenset())]
        except errors.DocumentDamaged:
            return [(rejected(name, Problem("signature.malformed"), SubIndication.FORMAT_FAILURE), frozenset())]
        reports = judge_signers(signed_data, found.content, trust=self.trust, moment=self.moment)
        return [
            (_named(_weakened(each, found.weak), name, found.names), found.names if each.intact else frozenset())
            for each in reports
        ]

    # --- XAdES

    def _xml(self, name: str) -> list[tuple[SignatureReport, frozenset[str]]]:
        files = _Files(self)
        content = self.package.content(name)
        findings = verify_xml(io.BytesIO(content), files, trust=self.trust, moment=self.moment)
        if not findings.signatures:
            return [(rejected(name, problem), frozenset()) for problem in findings.problems]
        several = len(findings.signatures) > 1
        found = files.looked_at - (_could_be_elements(content) if several else set())
        return [(replace(each, name=f"{name}: {each.name}"), _among(found, each)) for each in findings.signatures]


_Finder = Callable[[_Container, str], _Signed]


def _detached(content: bytes) -> cms.SignedData:
    signed_data = read_signed_data(content)
    if attached_content(signed_data) is not None:  # two contents: which one was meant?
        raise errors.DocumentDamaged
    return signed_data


def _named(report: SignatureReport, name: str, signed: frozenset[str]) -> SignatureReport:
    return replace(report, name=f"{name}: {report.name}", signed_elements=tuple(sorted(signed)))


def _weakened(report: SignatureReport, weak: tuple[Problem, ...]) -> SignatureReport:
    if not weak or not report.intact:
        return report
    report = replace(report, problems=(*report.problems, *weak))
    if report.sub_indication not in (None, SubIndication.TRY_LATER):
        return report
    reason = SubIndication.CRYPTO_CONSTRAINTS_FAILURE_NO_POE
    return replace(report, indication=indication(reason), sub_indication=reason)


def _simple(container: _Container, _name: str) -> _Signed:
    """ASiC-S (4.3): one file, and every signature is about it."""
    names = container.data
    if len(names) != 1:
        raise _Unfit("signature.not-one-file", count=len(names))
    content = SignedContent(lambda algorithm: container.digest(names[0], algorithm), lambda: container.head(names[0]))
    return _Signed(content, frozenset(names))


# --- ASiC-E: a manifest stands between a signature and the files (4.4.4)


def _extended(container: _Container, name: str) -> _Signed:
    manifests = [
        (each, root)
        for each in container.package.entries
        if _MANIFEST.fullmatch(each) and (root := _manifest(container, each)) is not None and _signs(root) == name
    ]
    if not manifests:
        raise _Unfit("signature.manifest-missing")
    if len(manifests) > 1:
        raise _Unfit("signature.manifest-ambiguous")
    (manifest, root) = manifests[0]
    container.used.add(manifest)
    names: list[str] = []
    weak: list[Problem] = []
    for reference in _references(root):
        names.append(reference.name)
        weak += weak_digest(reference.algorithm)
        if not hmac.compare_digest(container.digest(reference.name, reference.algorithm), reference.digest):
            raise _Unfit("signature.file-changed", SubIndication.HASH_FAILURE, name=reference.name)
    content = SignedContent(lambda algorithm: container.digest(manifest, algorithm), lambda: container.head(manifest))
    return _Signed(content, frozenset(names), each_once(weak))


@dataclass(frozen=True, slots=True)
class _Reference:
    name: str
    algorithm: str
    digest: bytes


def _manifest(container: _Container, name: str) -> etree._Element | None:
    try:
        root = parse.read(container.package.content(name)).root
    except errors.DocumentError:
        return None
    return root if root.tag == f"{{{_NAMESPACE}}}ASiCManifest" else None


def _signs(root: etree._Element) -> str | None:
    found = root.findall(f"{{{_NAMESPACE}}}SigReference")
    try:
        return _target(found[0]) if len(found) == 1 else None
    except _Unfit:
        return None


def _references(root: etree._Element) -> list[_Reference]:
    found = root.findall(f"{{{_NAMESPACE}}}DataObjectReference")
    if not 0 < len(found) <= _MOST_REFERENCES:
        raise _Unfit("signature.manifest-malformed")
    return list(map(_reference, found))


def _reference(element: etree._Element) -> _Reference:
    method, value = (element.findall(f"{{{DSIG}}}{part}") for part in ("DigestMethod", "DigestValue"))
    if len(method) != 1 or len(value) != 1:
        raise _Unfit("signature.manifest-malformed")
    try:
        algorithm = digest_algorithm(Method(method[0].get("Algorithm") or ""))
        return _Reference(_target(element), algorithm, decoded(plain_text(value[0])))
    except (Malformed, AlgorithmRefused) as error:
        raise _Unfit("signature.manifest-malformed") from error


def _target(element: etree._Element) -> str:
    """The name of a file in the container (A.4): a relative reference from its root."""
    uri = element.get("URI") or ""
    try:
        parts = urllib.parse.urlsplit(uri)
        name = urllib.parse.unquote(parts.path, errors="strict")
    except ValueError as error:
        raise _Unfit("signature.manifest-malformed") from error
    if not name or parts.scheme or parts.netloc or parts.query or parts.fragment:
        raise _Unfit("reference.outside", SubIndication.SIGNED_DATA_NOT_FOUND)
    return unicodedata.normalize("NFC", name.removeprefix("/"))


@dataclass(frozen=True, slots=True)
class _Files:
    """The files of a container, as an XML signature names them: relative to its root (4.4.3.2)."""

    container: _Container
    looked_at: set[str] = field(default_factory=set)

    @contextmanager
    def opened(self, name: str) -> Iterator[BinaryIO]:
        found = only_match(name, iter(self.container.package.entries))
        self.looked_at.add(found)
        with self.container.package.opened(found) as file:
            yield file


def _among(files: set[str], report: SignatureReport) -> frozenset[str]:
    """Those of the files that an intact signature says it covers."""
    return frozenset(files.intersection(report.signed_elements)) if report.intact else frozenset()


def _could_be_elements(content: bytes) -> set[str]:
    """What the names of elements could be taken for: a signature over such an element is none over a file."""
    elements = parse.read(content).root.iter(etree.Element)
    return {etree.QName(each).localname for each in elements}
