"""The words of what a verification finds in signatures that are files of their own, and in containers with them."""

from desktop.words.errors import Entry
from desktop.words.translation import mark

_ASK = mark("Do not rely on it. Ask the sender for the file again.")

# Keyed by the code of the problem; report_words.py takes them up.
CONTAINER_PROBLEM_WORDS: dict[str, Entry] = {
    "document.too-large": (
        mark("The file is too large"),
        (mark("Signatures of up to {limit} are read. Nothing is known about a signature in this file."),),
        (mark("Ask the sender for the content and the signature as two files (detached)."),),
    ),
    "document.wrong-ending": (
        mark("Name and content do not agree"),
        (
            mark("By its name the file is {named}, by its content {content}."),
            mark("Another program may show something else than what was verified here."),
        ),
        (_ASK,),
    ),
    "package.evidence-not-checked": (
        mark("Evidence in the container was not checked"),
        (mark("Time-stamps and evidence records of the container that this program does not judge: {count}."),),
        (mark("What it says about time is without them."),),
    ),
    "signature.content-differs": (
        mark("The file beside the signature is not what was signed"),
        (mark("The signature brings its own content, and “{name}” beside it is something else."),),
        (mark("Do not take “{name}” for the signed document. Ask the sender for both files again."),),
    ),
    "signature.content-unnamed": (
        mark("It is not clear which file was signed"),
        (mark("The signature does not contain what it signs, and its name does not say which file that is."),),
        (mark("Put the signed file beside it, and name the signature like it with “.p7s” at the end."),),
    ),
    "signature.counter-not-checked": (
        mark("A counter-signature was not checked"),
        (mark("Somebody confirmed this signature with another one, which this program does not judge."),),
        (mark("Nothing is known here about who confirmed it."),),
    ),
    "signature.file-changed": (
        mark("A signed file was changed"),
        (mark("“{name}” in the container is not the file that was signed."),),
        (_ASK,),
    ),
    "signature.manifest-ambiguous": (
        mark("Two lists say what the signature covers"),
        (mark("The container has several lists of signed files for one signature."),),
        (_ASK,),
    ),
    "signature.manifest-malformed": (
        mark("The list of signed files cannot be read"),
        (mark("The container says what was signed in a list, and the list is not built as its standard demands."),),
        (_ASK,),
    ),
    "signature.manifest-missing": (
        mark("The list of signed files is missing"),
        (mark("In a container of this kind a list says which files a signature covers. There is none."),),
        (_ASK,),
    ),
    "signature.not-one-file": (
        mark("The container does not hold exactly one file"),
        (mark("A container of this kind holds one signed file; here there are {count}."),),
        (_ASK,),
    ),
}
