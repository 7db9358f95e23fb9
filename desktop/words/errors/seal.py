"""The words of failures of the seal."""

from desktop.words.errors.entry import SOURCE_SAFE, Entry
from desktop.words.translation import mark

SEAL_WORDS: dict[str, Entry] = {
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
        (mark("The page, or the field in it, is smaller than the seal, or cannot be seen."), SOURCE_SAFE),
        (mark("Choose a smaller seal, another page, or no seal."),),
    ),
}
