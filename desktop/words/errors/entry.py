"""The shape of the words of a failure, and the sentences that many of them share."""

from desktop.words.translation import mark

# Title, explanation, action; the last two are sentences, each translated by itself.
Entry = tuple[str, tuple[str, ...], tuple[str, ...]]

NO_TRY = mark("No password try was used.")
SOURCE_SAFE = mark("Your original file was not changed.")
