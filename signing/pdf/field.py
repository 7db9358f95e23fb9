"""An empty signature field: what it asks of the signature that fills it (ISO 32000-2, 12.7.5.5)."""

from collections.abc import Iterator
from typing import Any

from pyhanko.pdf_utils.form_tools import get_single_field_annot
from pyhanko.pdf_utils.rw_common import PdfHandler
from pyhanko.sign.fields import FieldMDPSpec, MDPPerm, enumerate_sig_fields
from pyhanko.sign.signers.cms_embedder import SigMDPSetup

from signing import errors
from signing.pdf.options import PdfOptions
from signing.pdf.reader import entry

# What a seed value dictionary can require (table 237, /Ff), by its bits.
_FILTER, _SUBFILTER, _VERSION, _REASONS, _LEGAL, _REVOCATION, _DIGEST, _LOCK, _APPEARANCE = (1 << n for n in range(9))


def empty_fields(document: PdfHandler) -> Iterator[tuple[str, Any]]:
    """Name and dictionary of each field that waits for a signature."""
    for name, _value, reference in enumerate_sig_fields(document, filled_status=False):
        yield str(name), reference.get_object()


def require_field(document: PdfHandler, options: PdfOptions, subfilter: str) -> Any:
    """The field that was chosen. Raises SignatureFieldMissing, and SignatureFieldConstrained where it asks for
    something that would not be done."""
    for name, field in empty_fields(document):
        if name == options.field:
            _require_seed_values(entry(field, "/SV"), options, subfilter)
            return field
    raise errors.SignatureFieldMissing


def require_room(field: Any) -> None:
    """Raise SealTooLarge unless the field has one rectangle on a page, in which a seal can be seen."""
    try:
        corners = [float(each) for each in get_single_field_annot(field)["/Rect"]]
        visible = len(corners) == 4 and abs(corners[2] - corners[0]) >= 1 and abs(corners[3] - corners[1]) >= 1
    except Exception:  # the library raises whatever it stumbles over
        visible = False
    if not visible:
        raise errors.SealTooLarge


def _require_seed_values(seed: object, options: PdfOptions, subfilter: str) -> None:
    """Whatever is required and is not met by what this program makes is refused: it cannot be promised."""
    flags = int(entry(seed, "/Ff") or 0)

    def refuse(flag: int, *, when: bool, what: str) -> None:
        if flags & flag and when:
            raise errors.SignatureFieldConstrained(constraint=what)

    refuse(_FILTER, when=entry(seed, "/Filter") not in (None, "/Adobe.PPKLite"), what="filter")
    refuse(_SUBFILTER, when=subfilter not in (entry(seed, "/SubFilter") or [subfilter]), what="form")
    refuse(_VERSION, when=float(entry(seed, "/V") or 1) > 3, what="version")
    reasons = [str(each) for each in entry(seed, "/Reasons") or ()]
    refuse(_REASONS, when=bool(reasons) and reasons != ["."], what="reason")  # a full stop: that there be none
    refuse(_LEGAL, when=bool(entry(seed, "/LegalAttestation")), what="attestation")
    refuse(_REVOCATION, when=bool(entry(seed, "/AddRevInfo")), what="revocation")
    digests = [str(each).upper() for each in entry(seed, "/DigestMethod") or ()]
    refuse(_DIGEST, when=bool(digests) and "SHA256" not in digests, what="digest")
    refuse(_LOCK, when=entry(seed, "/LockDocument") == "/true", what="lock")
    refuse(_APPEARANCE, when=bool(entry(seed, "/AppearanceFilter")), what="appearance")
    if int(entry(entry(seed, "/Cert"), "/Ff") or 0):
        raise errors.SignatureFieldConstrained(constraint="certificate")
    if int(entry(entry(seed, "/TimeStamp"), "/Ff") or 0):
        raise errors.SignatureFieldConstrained(constraint="timestamp")
    _require_kind(entry(entry(seed, "/MDP"), "/P"), options)


def _require_kind(level: object, options: PdfOptions) -> None:
    """/MDP says whether the signature certifies, and with which permission; 0: that it does not (table 235)."""
    if level is not None and int(str(level)) != (options.permission or 0):
        raise errors.SignatureFieldConstrained(constraint="permission")


def modification_detection(field: object, options: PdfOptions) -> SigMDPSetup | None:
    """What the signature forbids: by certifying, and by the lock of its field, which it repeats (12.8.2.4)."""
    lock = entry(field, "/Lock")
    if options.permission is None and lock is None:
        return None
    stated = entry(lock, "/P")
    levels = [level for level in (options.permission, stated) if level is not None]
    return SigMDPSetup(
        md_algorithm="sha256",
        certify=options.permission is not None,
        field_lock=None if lock is None else FieldMDPSpec.from_pdf_object(lock),
        docmdp_perms=MDPPerm(min(map(int, levels))) if levels else None,
    )
