"""The words of failures of the program's own work."""

from desktop.words.errors.entry import SOURCE_SAFE, Entry
from desktop.words.translation import mark

WORK_WORDS: dict[str, Entry] = {
    "worker.stopped": (
        mark("The work was interrupted"),
        (mark("A part of this program ended before it gave an answer. The file may be built to overload it."),),
        (mark("Try again. If it happens again, do not rely on the file."),),
    ),
    "worker.too-slow": (
        mark("It took too long, and was stopped"),
        (mark("Nothing is known about the file. It may be built to overload programs like this one."),),
        (mark("In the window, it can be verified again with more time. Do not rely on it before that."),),
    ),
    "verification.stopped": (
        mark("The verification was stopped"),
        (mark("Nothing is known about the file."),),
        (mark("Verify it again when you want to know."),),
    ),
    "choices.unreadable": (
        mark("What you had set cannot be read"),
        (mark("The file {file} is damaged, or locked by the system."), mark("It was left as it is.")),
        (mark("Bring back a copy of it, or put it somewhere else and enter your settings again."),),
    ),
    "unexpected": (
        mark("Something unexpected happened"),
        (mark("This is a defect of this program, not of your file or card."), SOURCE_SAFE),
        (mark("Look at the tries left, and try again. If it happens again, tell the makers of the program."),),
    ),
}
