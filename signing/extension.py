"""A signed document that is to last: time stamps and validation data added to a copy (ETSI EN 319 142-1, 6.3).

Signatures of others are extended like one's own. Nothing that is signed is touched, and the file itself never.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from signing import errors
from signing.document import Document, Kind
from signing.note import Note
from signing.report import Findings, Indication, SignatureFormat, SignatureLevel, SignatureReport
from signing.staged_copy import StagedCopy, StagedFile, translated
from signing.trust import Trust
from signing.validation import findings_in

# The modules of a format are imported where they are used, as in job.py.
if TYPE_CHECKING:
    from signing.revocation_sources import Fetch
    from signing.timestamping import Timestamper

LEVELS = (SignatureLevel.B_T, SignatureLevel.B_LT, SignatureLevel.B_LTA)


@dataclass(frozen=True, slots=True)
class Extension:
    """A document that will not fail for any reason that can be known before a server is asked.

    `sources` are the addresses that may be asked for revocation data, beside those in the authority's certificate.
    """

    document: Document
    level: SignatureLevel
    notes: tuple[Note, ...] = ()
    sources: tuple[str, ...] = ()


def extended_name(document: Document, directory: Path | None = None) -> Path:
    """Where the extended copy goes: NAME-stamped beside the document or in `directory`.

    A .p7s keeps its name but for a number, because by it one finds what was signed.
    """
    name = document.path.name if document.kind is Kind.CMS else f"{document.path.stem}-stamped{document.path.suffix}"
    return (directory or document.path.parent) / name


def rehearse_extension(document: Document, level: SignatureLevel, *, trust: Trust, moment: datetime) -> Extension:
    """Try everything that can fail before a server is asked. Raises DocumentError, ExtensionError."""
    if level is not SignatureLevel.B_T and document.kind is not Kind.PDF:
        raise errors.LevelUnsupported
    findings = _findings(document, trust, moment)
    require_extendable(document.kind, findings.signatures)
    plain = document.kind is Kind.PDF and any(each.format is SignatureFormat.PKCS7 for each in findings.signatures)
    notes = (Note("stamp-plain-signature"),) if plain else ()
    sources = () if level is SignatureLevel.B_T else _sources(document, trust, moment)
    return Extension(document, level, notes, sources)


def require_extendable(kind: Kind, signatures: Sequence[SignatureReport]) -> None:
    """What verifying a document tells of that. Raises NothingToExtend, SignatureNotIntact, SignatureNotConfirmed."""
    takes_one = {
        Kind.PDF: lambda _signature: True,
        Kind.CMS: lambda signature: signature.timestamp is None,
        Kind.XML: lambda signature: signature.format is SignatureFormat.XADES and signature.timestamp is None,
    }
    doubtful = [signature for signature in signatures if not signature.intact]
    if any(signature.indication is Indication.TOTAL_FAILED for signature in doubtful):
        raise errors.SignatureNotIntact
    if doubtful:
        raise errors.SignatureNotConfirmed
    if kind not in takes_one or not any(map(takes_one[kind], signatures)):
        raise errors.NothingToExtend


def _sources(document: Document, trust: Trust, moment: datetime) -> tuple[str, ...]:
    from signing.pdf.extend import signatures_in
    from signing.pdf.long_term import paths_of
    from signing.pdf.reader import open_reader
    from signing.pdf.validation_data import validation_data
    from signing.revocation_sources import sources_of

    with document.opened() as file:
        reader = open_reader(file, document.password)
        paths = paths_of(signatures_in(reader), validation_data(reader), trust=trust, moment=moment)
    return tuple(dict.fromkeys(source for path in paths for source in sources_of(path.certificates)))


def extend(
    extension: Extension,
    folder: Path,
    *,
    timestamper: "Timestamper",
    trust: Trust,
    moment: datetime,
    fetch: "Fetch | None" = None,
) -> StagedFile:
    """A staged file in `folder` with what the level demands, read back: whatever held in the document holds in it.

    `fetch` gets revocation data in place of the network.
    Raises TimestampError, ExtensionError, DocumentError, DestinationError; then nothing is left of it.
    """
    document = extension.document
    before = _findings(document, trust, moment)
    staged: StagedFile = StagedCopy(document, folder) if document.kind is Kind.PDF else StagedFile(folder)
    try:
        if isinstance(staged, StagedCopy):
            _extend_pdf(staged, extension, timestamper, trust=trust, moment=moment, fetch=fetch)
        else:
            _write(staged, _stamped(document, timestamper))
        with staged.reopened() as file:
            after = findings_in(document, file, trust=trust, moment=moment)
        _require_as_good(before, after)
    except BaseException:
        staged.close()
        raise
    return staged


def _findings(document: Document, trust: Trust, moment: datetime) -> Findings:
    with document.opened() as file:
        return findings_in(document, file, trust=trust, moment=moment)


def _extend_pdf(
    copy: StagedCopy,
    extension: Extension,
    timestamper: "Timestamper",
    *,
    trust: Trust,
    moment: datetime,
    fetch: "Fetch | None",
) -> None:
    from signing.pdf.extend import ExtendedPdf, is_stamped
    from signing.pdf.long_term import complete_data, paths_of
    from signing.revocation_sources import from_network

    pdf = ExtendedPdf(copy, extension.document)
    if extension.level is SignatureLevel.B_T:
        pdf.add_timestamp(timestamper)
        return
    if not is_stamped(pdf.signatures()):
        pdf.add_timestamp(timestamper)
    brought = pdf.validation_data()
    paths = paths_of(pdf.signatures(), brought, trust=trust, moment=moment)
    pdf.add_validation_data(complete_data(paths, brought, fetch or from_network))
    if extension.level is SignatureLevel.B_LTA:
        pdf.add_document_timestamp(timestamper)


def _stamped(document: Document, timestamper: "Timestamper") -> bytes:
    with document.opened() as file:
        if document.kind is Kind.XML:
            from signing.xml.extend import add_timestamps as stamp_xml
            from signing.xml.parse import whole

            return stamp_xml(whole(file), timestamper)
        if document.kind is Kind.CMS:
            from signing.cms import add_timestamps as stamp_cms
            from signing.cms_verify import whole_signed_data

            return stamp_cms(whole_signed_data(file), timestamper)
    raise errors.NothingToExtend


def _write(staged: StagedFile, content: bytes) -> None:
    with translated(len(content)):
        staged.file.write(content)
    staged.sync()


def _require_as_good(before: Findings, after: Findings) -> None:
    """Every signature that was there still stands there as it was, and what was added holds."""
    held = [signature.intact for signature in before.signatures]
    now = [signature.intact for signature in after.signatures]
    if now[: len(held)] != held or not all(now[len(held) :]):
        raise errors.OutputNotVerified
