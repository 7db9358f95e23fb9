"""What the Sign page is about now, in a sentence, as it is seen and as it is read aloud."""

from desktop.sign.desk import SignDesk, Stage
from desktop.words.translation import _


def sentence_of(desk: SignDesk) -> str:
    """How many there are to sign, or how many were."""
    rows = desk.rows
    if desk.stage is Stage.DONE:
        signed = desk.signed()
        if signed == len(rows):
            return _("Signed")
        return _("{signed} of {count} signed").format(signed=signed, count=len(rows))
    if desk.stage is Stage.SIGNING:
        return _("Signing")
    looked_at = all(entry.examination for entry in rows)
    count = len(desk.ready_rows()) if looked_at else len(rows)
    if count == 0:
        return _("Nothing here can be signed")
    return _("1 document to sign") if count == 1 else _("{count} documents to sign").format(count=count)


def failed_words(desk: SignDesk) -> str:
    """How many cannot be signed, or could not; empty where there is none."""
    count = sum(entry.failed for entry in desk.rows)
    if not count:
        return ""
    if desk.stage is Stage.DONE:
        return _("1 could not be signed") if count == 1 else _("{count} could not be signed").format(count=count)
    return _("1 cannot be signed") if count == 1 else _("{count} cannot be signed").format(count=count)


def intent_words(desk: SignDesk) -> str:
    """What the password is asked for, so far as is known: what cannot even be copied is not signed."""
    from signing.errors import UserFacingError  # not before a password is asked for

    count = len(desk.signing) - sum(isinstance(each, UserFacingError) for each in desk.digests)
    if count == 0:
        return _("Nothing here can be signed")
    return _("Sign 1 document") if count == 1 else _("Sign {count} documents").format(count=count)


def progress_words(desk: SignDesk) -> str:
    """While it signs."""
    words = _("{finished} of {total} finished. Keep the card on the reader.")
    if desk.keys.chosen:
        words = _("{finished} of {total} finished.")
    return words.format(finished=finished(desk), total=len(desk.signing))


def finished(desk: SignDesk) -> int:
    """How many of those that are being signed have come to an end."""
    return sum(entry.outcome is not None for entry in desk.signing)
