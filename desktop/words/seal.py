"""The words of the seal, of a prepared field, and of a certification."""

from desktop.words.formatting import plain
from desktop.words.translation import _, mark
from signing.pdf.options import PdfOptions, Permission

# What others may do after a certification signature (ISO 32000-2, table 257).
PERMISSION_WORDS: dict[Permission | None, str] = {
    None: mark("Later changes are allowed, and will show"),
    Permission.ANNOTATE: mark("Only comments, filled forms and further signatures"),
    Permission.FILL_FORMS: mark("Only filled forms and further signatures"),
    Permission.NO_CHANGES: mark("No change at all, and no further signature"),
}

# What seals of a size are customarily used for, in millimetres.
_SIZES: dict[float, str] = {
    10.5: mark("{size} mm · everyday"),
    12.0: mark("{size} mm · everyday, bank"),
    13.5: mark("{size} mm · bank"),
    15.0: mark("{size} mm · registered"),
    16.5: mark("{size} mm · registered"),
    18.0: mark("{size} mm · registered, company"),
}

# What a field can require of its signature.
CONSTRAINT_WORDS: dict[str, str] = {
    "filter": mark("another program to sign with"),
    "form": mark("another form of signature"),
    "version": mark("rules of a later version of PDF"),
    "reason": mark("a reason for signing"),
    "attestation": mark("a legal attestation"),
    "revocation": mark("revocation data inside of the signature"),
    "digest": mark("another method than SHA-256"),
    "lock": mark("that the document be locked"),
    "appearance": mark("a certain look"),
    "certificate": mark("a certain certificate"),
    "timestamp": mark("a time stamp of a certain authority"),
    "permission": mark("another permission for later changes"),
}


def size_words(size: float) -> str:
    """One of the customary sizes."""
    return _(_SIZES[size]).format(size=f"{size:g}")


def chosen_words(options: PdfOptions) -> list[str]:
    """What is special about the signature, for the line below the name of a document."""
    parts = []
    if options.seal:
        parts.append(_("with a seal: {text}").format(text=options.seal.text) if options.seal.text else _("with a seal"))
    if options.field:
        parts.append(_("in the field {name}").format(name=plain(options.field)))
    if options.permission is not None:
        parts.append(_("afterwards: {permission}").format(permission=_(PERMISSION_WORDS[options.permission])))
    return parts
