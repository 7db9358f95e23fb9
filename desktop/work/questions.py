"""What can be asked of the helper process about documents; a failure of a document is part of the answer or raised."""

import base64
import contextlib
import glob
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from signing.document import Document, Kind, kind_named
from signing.errors import PackageRefused, UserFacingError
from signing.job import Rehearsal, SignedFile, SigningJob, rehearse
from signing.pdf.options import AS_USUAL, PdfOptions
from signing.profile import Profile, default_profile
from signing.report import Problem, ValidationReport, Verdict


@dataclass(frozen=True, slots=True)
class Examination:
    """What is known of a file before anything is done with it. Exactly one of `rehearsal` and `error` is set."""

    path: Path
    profile: Profile | None  # None where the file could not be opened and none was asked for
    document: Document | None
    signed: bool
    rehearsal: Rehearsal | None
    error: UserFacingError | None
    options: PdfOptions = AS_USUAL


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is established about a file. Exactly one of `report` and `error` is set."""

    path: Path
    report: ValidationReport | None
    error: UserFacingError | None


def files_below(paths: Sequence[Path]) -> list[Path]:
    """The files meant by `paths`: files as they are, folders as everything in them that can be signed or verified.

    A folder with nothing of that kind stands for itself, so that something can be said about it.
    """
    found: list[Path] = []
    for path in paths:
        found += (list(_files_of_interest(path)) if path.is_dir() else []) or [path]
    return list(dict.fromkeys(found))


def _files_of_interest(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if not hidden and path.is_file() and is_of_interest(path):
            yield path


_STYLES = (".xsl", ".xslt")  # they show a document, and are none


def is_of_interest(path: Path) -> bool:
    """Whether a file that stands in a folder is meant: one that can be signed, or that holds signatures.

    By content; by name where the content cannot be told, so that nothing is passed over in silence.
    """
    if path.suffix.lower() in _STYLES:
        return False
    try:
        document = Document.open(path)
        return kind_named(path) is not None or document.kind is not Kind.OTHER or _holds_signatures(document)
    except (UserFacingError, OSError):
        return kind_named(path) is not None


def examine(
    path: Path,
    profile: Profile | None,
    practice: bool,
    password: str = "",
    folder: str = "",
    options: PdfOptions = AS_USUAL,
) -> Examination:
    """Look at a file and rehearse its signature, in the form that suits it where None is given, which goes beside it
    where no folder is; a failure is part of the answer."""
    document, signed = None, False
    try:
        document = Document.open(path).unlocked_with(password)
        signed = bears_signature(document)
        profile = profile or default_profile(document)
        directory = Path(folder) if folder else None
        job = SigningJob.beside(document, profile, practice=practice, directory=directory, options=options)
        rehearsal = rehearse(job)
    except UserFacingError as error:
        return Examination(path, profile, document, signed, None, error, options)
    # A signature without its bytes' range is one to verify too: those who sign beside it are told that it is there.
    signed = signed or any(note.code == "already-signed" for note in rehearsal.notes)
    return Examination(path, profile, document, signed, rehearsal, None, options)


_IN_XML = "SignatureValue>"
_MARKS = {
    Kind.PDF: (b"/ByteRange",),
    Kind.XML: tuple(_IN_XML.encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be")),
}


def bears_signature(document: Document) -> bool:
    """Whether it looks signed; only to open it on the right page. Proof is the matter of verification."""
    if document.kind is Kind.CMS:
        return True
    if document.kind is Kind.OTHER:  # what is named a signature or a container, and is none, is nothing to sign either
        return kind_named(document.path) in (Kind.CMS, Kind.OTHER) or _holds_signatures(document)
    marks = _MARKS[document.kind]
    before = b""
    for piece in document.pieces():
        if any(mark in before + piece for mark in marks):
            return True
        before = piece[-max(map(len, marks)) :]
    return False


def _holds_signatures(document: Document) -> bool:
    """Whether it is a package with something in it that looks like a signature."""
    from signing.zip_package import is_package, opened_package

    with document.opened() as file, contextlib.suppress(PackageRefused):
        if is_package(file):
            with opened_package(file) as package:
                names = [name for name in package.entries if name.endswith((".xml", ".p7s"))]
                return any(name.endswith(".p7s") or _MARKS[Kind.XML][0] in package.content(name) for name in names)
    return False


def judge(path: Path, moment: datetime, password: str = "") -> ValidationReport:
    """Verify a file against the authorities that this program knows."""
    from desktop.trust.store import known_trust
    from signing.validation import verify

    return verify(path, trust=known_trust(), moment=moment, password=password)


def without_answer(path: Path, error: UserFacingError, moment: datetime | None = None) -> ValidationReport:
    """The report of a file over which the helper ended, or was ended."""
    problem = Problem(error.code, error.facts)
    moment = moment or datetime.now(UTC).astimezone()
    return ValidationReport(path, Kind.OTHER, None, Verdict.UNREADABLE, moment, problems=(problem,))


def write_signed_version(path: Path, signed_bytes: int, target: Path) -> None:
    """Write the version of a PDF that was signed to a new file."""
    from signing.pdf.signed_version import save_signed_version

    save_signed_version(Document.open(path), signed_bytes, target)


def published(job: SigningJob, signature: bytes, refuge: Path) -> SignedFile | None:
    """The file in which this very signature of the card stands and holds, under whatever name it was given.

    For a helper that ended after the card had signed and before it could say where the file is.
    """
    from signing.report import IssuerClass

    for folder in (job.output.parent, refuge):
        for path in sorted(folder.glob(f"*{glob.escape(job.output.suffix)}")):
            if path.is_file() and path.stat().st_mtime > time.time() - _RECENT and _contains(path, signature):
                report = judge(path, datetime.now(UTC).astimezone())
                if report.signatures and all(each.intact for each in report.signatures):
                    practice = any(each.issuer_class is IssuerClass.PRACTICE for each in report.signatures)
                    return SignedFile(job, path, job.document.sha256, practice, rescued=folder == refuge)
    return None


_RECENT = 3600.0  # seconds; nothing older is looked into


def _contains(path: Path, signature: bytes) -> bool:
    """As DER holds it, PDF (hexadecimal), or XML (base64, perhaps in lines)."""
    from signing.xml.algorithms import forms_in_xml

    in_xml = [base64.b64encode(each) for each in forms_in_xml(signature)]
    forms = (signature, signature.hex().encode(), signature.hex().upper().encode(), *in_xml)
    rest = b""
    for piece in Document.open(path).pieces():
        seen = rest + piece
        together = b"".join(seen.split())
        if any(form in seen for form in forms) or any(form in together for form in in_xml):
            return True
        rest = seen[-2 * len(forms[1]) :]
    return False


@dataclass(frozen=True, slots=True)
class Versions:
    """A document as it was when it was opened, and the lengths of its versions, the whole last."""

    document: Document
    lengths: tuple[int, ...]


def open_versions(path: Path) -> Versions:
    """Raises DocumentError."""
    from signing.pdf.versions import lengths_of_versions

    document = Document.open(path)
    return Versions(document, lengths_of_versions(document))


def version_before(path: Path) -> int | None:
    """How long a PDF was before its last signature, where that can be proven."""
    from signing.pdf.versions import bytes_before_last_signature

    return bytes_before_last_signature(Document.open(path))


def load() -> None:
    """Import what takes a second, while nobody waits."""
    import signing.asic
    import signing.cms_verify
    import signing.pdf.verify
    import signing.trust
    import signing.xml.package
    import signing.xml.verify  # noqa: F401 - it stays in the process


def nothing() -> None:
    """Asked to start a process before it is needed."""
