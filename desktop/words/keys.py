"""The words of keys that are not on the My Number Card: in a file, or on a token."""

from desktop.words.formatting import day_in_japan, joined, plain, shown_date
from desktop.words.translation import _, mark

_REVEALED = {
    "name": mark("name"),
    "organization": mark("organization"),
    "unit": mark("department"),
    "title": mark("position"),
    "place": mark("address"),
    "mail": mark("e-mail address"),
    "number": mark("number"),
}
_REMAINING = {
    "few": mark("The token says that few tries are left."),
    "one": mark("The token says that one try is left. If the next PIN is wrong, the token is locked."),
    "none": mark("The token accepts no PIN any more."),
}


def certificate_line(der: bytes) -> str:
    """A certificate in one line, as it stands in a list: whose it is, by whom, until when."""
    from signing.certificate import certificate_facts, issuer_name, signer_name

    day = shown_date(day_in_japan(certificate_facts(der).not_after))
    name = plain(signer_name(der) or _("no name"))
    return _("{name} (by {issuer}, until {day})").format(name=name, issuer=plain(issuer_name(der)), day=day)


def certificate_disclosure(der: bytes) -> str:
    """What others will see of the signer in this certificate; to be shown before its key is used."""
    from desktop.messages import disclosure
    from signing.certificate import certificate_facts, revealed

    if certificate_facts(der).holder:  # of JPKI
        return disclosure()
    found = revealed(der)
    listed = _("; ").join(
        _("{what}: {value}").format(what=_(words), value=plain(", ".join(found[kind])))
        for kind, words in _REVEALED.items()
        if kind in found
    )
    return joined(
        _("By signing, this goes into the file, inside the electronic certificate: {listed}.").format(listed=listed),
        _("There may be more in it than this program can read."),
        _("Everyone who receives the file can see it, and it cannot be removed afterwards."),
    )


def unopened_disclosure() -> str:
    """The same of a certificate that lies behind a password."""
    return _(
        "What others will see stands in the electronic certificate. It is shown as soon as the password has opened it, "
        "and before anything is signed."
    )


def remaining_words(remaining: str) -> str:
    """What a token tells of the tries of its PIN; empty where it says nothing."""
    return _(_REMAINING[remaining]) if remaining in _REMAINING else ""


def keypad_words() -> str:
    """Where the PIN is typed, when the token has keys of its own."""
    return _("Type the PIN on the keypad of the token or its reader. This program does not see it.")
