"""A ZIP package, such as official documents of e-Gov (公文書) come in: looked into in place, nothing is unpacked."""

import contextlib
import io
import lzma
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import PurePosixPath
from typing import BinaryIO

from signing import errors
from signing.document import Kind, kind_of
from signing.report import ChangesAfter, Coverage, Findings, Indication, Problem, SignatureReport, SubIndication
from signing.trust import Trust
from signing.xml.neighbours import only_match
from signing.xml.verify import verify_xml

_HEAD = b"PK\x03\x04"
_MOST_ENTRIES = 1000
_LARGEST_ENTRY = 64 << 20
_LARGEST_CONTENT = 256 << 20
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
)


def is_package(file: BinaryIO) -> bool:
    """Whether the file is a ZIP from its first byte."""
    file.seek(0)
    return file.read(len(_HEAD)) == _HEAD and zipfile.is_zipfile(file)


def verify_package(file: BinaryIO, *, trust: Trust, moment: datetime) -> Findings:
    """Judge every signature of the XML documents in a package; each is named after its document.

    Raises DocumentUnsupported where there is no XML in it, PackageRefused where its size, its names or its structure
    are not those of an honest package.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            return _Package(archive).verified(trust=trust, moment=moment)
    except _BROKEN as error:
        raise errors.PackageRefused from error


@dataclass(slots=True)
class _Package:
    """An open archive, how many bytes were taken out of it, and which files signatures are about.

    Sizes are counted, not believed.
    """

    archive: zipfile.ZipFile
    names: dict[str, zipfile.ZipInfo] = field(default_factory=dict)
    taken: int = 0
    signed: set[str] = field(default_factory=set)

    def verified(self, *, trust: Trust, moment: datetime) -> Findings:
        self._list()
        documents = [name for name in self.names if self._is_xml(name)]
        if not documents:
            raise errors.DocumentUnsupported
        reports: list[SignatureReport] = []
        problems: list[Problem] = []
        for name in documents:
            findings = verify_xml(io.BytesIO(self.content(name)), _Beside(self, name), trust=trust, moment=moment)
            reports += (replace(each, name=f"{name}: {each.name}") for each in findings.signatures)
            problems += findings.problems
            self.signed |= {name} if findings.signatures else set()
        unsigned = [name for name in self.names if name not in self.signed and not _is_style(name)]
        if reports and unsigned:
            problems.append(Problem("package.files-unsigned", {"count": len(unsigned)}))
            reports = [_of_part(each) for each in reports]
        return Findings(tuple(reports), tuple(problems))

    def _list(self) -> None:
        entries = [each for each in self.archive.infolist() if not each.is_dir()]
        if len(entries) > _MOST_ENTRIES or sum(each.file_size for each in entries) > _LARGEST_CONTENT:
            raise errors.PackageRefused
        for entry in entries:
            name = unicodedata.normalize("NFC", _decoded(entry))
            if name in self.names or not _is_plain(name) or entry.flag_bits & 1:
                raise errors.PackageRefused
            self.names[name] = entry

    def _is_xml(self, name: str) -> bool:
        with self.archive.open(self.names[name]) as content:
            return kind_of(content.read(1024)) is Kind.XML and not _is_style(name)

    def content(self, name: str) -> bytes:
        """Raises PackageRefused where it is more than the archive said, or than there is room for."""
        with self.archive.open(self.names[name]) as content:
            data = content.read(_LARGEST_ENTRY + 1)
        self.taken += len(data)
        if len(data) > _LARGEST_ENTRY or self.taken > _LARGEST_CONTENT:
            raise errors.PackageRefused
        return data


def _decoded(entry: zipfile.ZipInfo) -> str:
    """The name, also where a program wrote it in UTF-8 or Shift_JIS without saying so."""
    if entry.flag_bits & 0x800:
        return entry.filename
    raw = entry.filename.encode("cp437")  # what the library takes for granted
    for encoding in ("utf-8", "cp932"):
        with contextlib.suppress(UnicodeDecodeError):
            return raw.decode(encoding)
    return entry.filename


def _is_style(name: str) -> bool:
    return PurePosixPath(name).suffix.lower() in (".xsl", ".xslt")


def _of_part(report: SignatureReport) -> SignatureReport:
    """A signature in a package that has other content besides what is signed."""
    report = replace(report, covers=Coverage.PART, changes_after=ChangesAfter.SUSPICIOUS)
    if report.indication is not Indication.TOTAL_PASSED:
        return report
    reason = SubIndication.SIG_CONSTRAINTS_FAILURE
    return replace(report, indication=Indication.INDETERMINATE, sub_indication=reason)


def _is_plain(name: str) -> bool:
    """Whether a name leads nowhere but down, on every system; what is not so was made to deceive."""
    parts = name.split("/")
    return all(part not in ("", ".", "..") for part in parts) and not {"\\", "\0", ":"} & set(name)


@dataclass(frozen=True, slots=True)
class _Beside:
    """The files in the folder of one document of a package."""

    package: _Package
    document: str

    @contextmanager
    def opened(self, name: str) -> Iterator[BinaryIO]:
        folder = PurePosixPath(self.document).parent
        beside = (PurePosixPath(each) for each in self.package.names)
        found = only_match(name, (each.name for each in beside if each.parent == folder))
        self.package.signed.add(str(folder / found))
        yield io.BytesIO(self.package.content(str(folder / found)))
