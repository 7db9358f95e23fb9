"""The words of failures of the seal, of a prepared field, and of a certification."""

from desktop.words.formatting import plain
from desktop.words.translation import _, mark
from signing.pdf.options import PdfOptions, Permission

_SOURCE_SAFE = mark("Your original file was not changed.")

# As in errors.py: title, explanation, action.
SEAL_WORDS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "seal.text": (
        mark("This cannot be cut into a seal"),
        (
            mark("A seal has room for one to four characters, or for two columns of up to five."),
            mark("Names in other letters take up to three lines."),
        ),
        (mark("Shorten the name. A space parts the two columns."),),
    ),
    "seal.glyph-missing": (
        mark("No font here has {characters}"),
        (mark("The seal would show an empty box in its place."),),
        (mark("Install a font that has the character, write the name in another form, or use a picture of the seal."),),
    ),
    "seal.no-font": (
        mark("No Japanese font was found"),
        (mark("A seal needs one that may be embedded in documents."),),
        (mark("Install one (on Linux: fonts-noto-cjk), or use a picture of the seal."),),
    ),
    "seal.picture": (
        mark("The picture cannot be used"),
        (mark("It cannot be read as PNG or JPEG, or it is far too large, or much too long for its width."),),
        (mark("Use a PNG or JPEG that shows the seal alone."),),
    ),
    "seal.not-permitted": (
        mark("No seal may be put on this document"),
        (
            mark("Its author has certified it: signing is permitted, a new picture on a page is not."),
            mark("With one, programs would say that the document was changed against the rules."),
        ),
        (mark("Sign without a seal, or in a field that the author prepared."),),
    ),
    "seal.too-large": (
        mark("There is no room for the seal"),
        (mark("The page, or the field in it, is smaller than the seal, or cannot be seen."), _SOURCE_SAFE),
        (mark("Choose a smaller seal, another page, or no seal."),),
    ),
    "document.certification-not-first": (
        mark("Only the first signature can forbid changes"),
        (mark("The document is signed already; what the first signer permitted stays in force."), _SOURCE_SAFE),
        (mark("Sign without forbidding changes, or begin with an unsigned version."),),
    ),
    "document.field-missing": (
        mark("The field for the signature is not there any more"),
        (mark("It was filled or taken away since it was chosen."), _SOURCE_SAFE),
        (mark("Choose another field, or a new one."),),
    ),
    "document.field-constrained": (
        mark("The field asks for something that this signature would not have"),
        (mark("Whoever prepared the field requires: {constraint}."), _SOURCE_SAFE),
        (mark("Sign in a new field, or ask whoever prepared the document."),),
    ),
}

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
