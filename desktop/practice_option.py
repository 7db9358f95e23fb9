"""The two spellings of a state of the practice card, made into one. Free of Qt, and light."""

import os.path
from collections.abc import Sequence

_PRACTICE, _STATE = "--practice", "--practice-state="


def with_practice_state(arguments: Sequence[str]) -> list[str]:
    """`--practice=NAME` becomes `--practice-state=NAME`, and so does `--practice NAME` where that is a state.

    A word that names a file, or no state, stays what it is: `--practice` takes no file for its own.
    """
    end = arguments.index("--") if "--" in arguments else len(arguments)
    made: list[str] = []
    for place, word in enumerate(arguments):
        before = arguments[place - 1] if place else ""
        if place < end and word.startswith(f"{_PRACTICE}="):
            made.append(_STATE + word.removeprefix(f"{_PRACTICE}="))
        elif place < end and before == _PRACTICE and _is_state(word):
            made[-1] = _STATE + word
        else:
            made.append(word)
    return made


def _is_state(word: str) -> bool:
    if os.path.lexists(word) or os.sep in word or word.startswith("-"):
        return False
    from signing.card.practice_states import PracticeState

    return word in list(PracticeState)
