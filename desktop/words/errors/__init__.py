"""The words of every failure: what happened, what did not happen, what to do now."""

from desktop.words.errors.card import CARD_WORDS
from desktop.words.errors.certificate import CERTIFICATE_WORDS
from desktop.words.errors.destination import DESTINATION_WORDS
from desktop.words.errors.document import DOCUMENT_WORDS
from desktop.words.errors.entry import Entry as Entry
from desktop.words.errors.key import KEY_WORDS
from desktop.words.errors.seal import SEAL_WORDS
from desktop.words.errors.time import TIME_WORDS
from desktop.words.errors.work import WORK_WORDS
from desktop.words.errors.xml import XML_WORDS

# Keyed by the code of the error; a suffix after "/" is a variant that messages.py chooses by the facts.
ERROR_WORDS: dict[str, Entry] = {
    **CARD_WORDS,
    **CERTIFICATE_WORDS,
    **KEY_WORDS,
    **DOCUMENT_WORDS,
    **SEAL_WORDS,
    **XML_WORDS,
    **DESTINATION_WORDS,
    **TIME_WORDS,
    **WORK_WORDS,
}
