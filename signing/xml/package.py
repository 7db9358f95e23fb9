"""The XML documents of a ZIP package, such as official documents of e-Gov (公文書) come in."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import PurePosixPath
from typing import BinaryIO

from signing import errors
from signing.document import Kind, kind_of
from signing.report import Findings, Problem, SignatureReport, constrained
from signing.trust import Trust
from signing.xml.neighbours import Neighbours, only_match
from signing.xml.verify import verify_xml
from signing.zip_package import ZipPackage, opened_package


def verify_package(file: BinaryIO, *, trust: Trust, moment: datetime) -> Findings:
    """Judge every signature of the XML documents in a package; each is named after its document.

    Raises DocumentUnsupported where there is no XML in it, PackageRefused where its size, its names or its structure
    are not those of an honest package.
    """
    with opened_package(file) as package:
        return _Documents(package).verified(trust=trust, moment=moment)


@dataclass(frozen=True, slots=True)
class _Documents:
    """The files of a package, and those that signatures are about."""

    package: ZipPackage
    signed: set[str] = field(default_factory=set)

    def verified(self, *, trust: Trust, moment: datetime) -> Findings:
        names = self.package.entries
        documents = xml_documents(self.package)
        if not documents:
            raise errors.DocumentUnsupported
        reports: list[SignatureReport] = []
        problems: list[Problem] = []
        for name in documents:
            file = io.BytesIO(self.package.content(name))
            findings = verify_xml(file, _Beside(self, name), trust=trust, moment=moment)
            reports += (replace(each, name=f"{name}: {each.name}") for each in findings.signatures)
            problems += findings.problems
            self.signed.update({name} if findings.signatures else ())
        unsigned = [name for name in names if name not in self.signed and not _is_style(name)]
        if reports and unsigned:
            problems.append(Problem("package.files-unsigned", {"count": len(unsigned)}))
            reports = [constrained(each) for each in reports]
        return Findings(tuple(reports), tuple(problems))


def xml_documents(package: ZipPackage) -> tuple[str, ...]:
    """The names of the XML documents in a package, without the stylesheets that show them."""
    return tuple(name for name in package.entries if not _is_style(name) and _is_xml(package, name))


def beside(package: ZipPackage, name: str) -> Neighbours:
    """The files in the folder of one document of a package."""
    return _Beside(_Documents(package), name)


def _is_xml(package: ZipPackage, name: str) -> bool:
    with package.opened(name) as content:
        return kind_of(content.read(1024)) is Kind.XML


def _is_style(name: str) -> bool:
    return PurePosixPath(name).suffix.lower() in (".xsl", ".xslt")


@dataclass(frozen=True, slots=True)
class _Beside:
    """The files in the folder of one document of a package."""

    documents: _Documents
    document: str

    @contextmanager
    def opened(self, name: str) -> Iterator[BinaryIO]:
        folder = PurePosixPath(self.document).parent
        beside = (PurePosixPath(each) for each in self.documents.package.entries)
        found = str(folder / only_match(name, (each.name for each in beside if each.parent == folder)))
        self.documents.signed.add(found)
        with self.documents.package.opened(found) as file:
            yield file
