"""The words of failures of the place where the result goes."""

from desktop.words.errors.entry import SOURCE_SAFE, Entry
from desktop.words.translation import mark

DESTINATION_WORDS: dict[str, Entry] = {
    "destination.exists": (
        mark("A file of this name is already there"),
        (mark("This program never writes over a file."), SOURCE_SAFE),
        (mark("Choose another name or folder."),),
    ),
    "destination.missing": (
        mark("The folder for the result does not exist"),
        (mark("Nothing was signed."),),
        (mark("Choose another folder, or create it."),),
    ),
    "destination.not-writable": (
        mark("The result cannot be written there"),
        (mark("The system does not let this program write into that folder."), SOURCE_SAFE),
        (mark("Choose another folder."),),
    ),
    "destination.full": (
        mark("There is not enough room on the disk"),
        (mark("{bytes_needed} are needed."), SOURCE_SAFE),
        (mark("Make room, or choose a folder on another disk."),),
    ),
    "destination.not-verified": (
        mark("The result was not kept"),
        (mark("What was written did not verify when it was read back."), SOURCE_SAFE),
        (mark("Check the disk, and sign again."),),
    ),
}
