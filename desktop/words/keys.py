"""The words of keys that are not on the My Number Card: in a file, or on a token."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from desktop.words.formatting import before_stop, day_in_japan, enumerated, joined, listed, plain, shown_date
from desktop.words.translation import _, mark

if TYPE_CHECKING:
    from signing.credential import OtherCredential
    from signing.keys.pkcs11 import TokenFacts

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
    return _("{name}: by {issuer}, until {day}").format(name=name, issuer=plain(issuer_name(der)), day=day)


def certificate_disclosure(der: bytes) -> str:
    """What others will see of the signer in this certificate; to be shown before its key is used."""
    from desktop.messages import disclosure
    from signing.certificate import certificate_facts, revealed

    if certificate_facts(der).holder:  # of JPKI
        return disclosure()
    found = revealed(der)
    revealing = enumerated(
        _("{what}: {value}").format(what=_(words), value=plain(listed(found[kind])))
        for kind, words in _REVEALED.items()
        if kind in found
    )
    return joined(
        _("By signing, this goes into the file, inside the electronic certificate: {listed}.").format(
            listed=before_stop(revealing)
        ),
        _("There may be more in it than this program can read."),
        _("Everyone who receives the file can see it, and it cannot be removed afterwards."),
    )


def missing_issuer_words(credential: "OtherCredential") -> str:
    """That the chain of its certificates ends before a root; empty where it does not."""
    from signing.certificate import issuer_name

    if credential.reaches_root:
        return ""
    issuer = plain(issuer_name(credential.certification_path[-1]))
    return joined(
        _("The certificate of the issuer {issuer} is not beside the key, and so it does not go into the file.").format(
            issuer=issuer
        ),
        _("Recipients who do not have it may not be able to trace yours to an authority that they trust."),
        _("You can sign all the same."),
    )


def unopened_disclosure() -> str:
    """The same of a certificate that lies behind a password."""
    return _(
        "What others will see stands in the electronic certificate. It is shown as soon as the password has opened it, "
        "and before anything is signed."
    )


def pin_words(token: "TokenFacts") -> str:
    """What a token tells of its PIN; empty where it says nothing."""
    remaining = _(_REMAINING[token.remaining]) if token.remaining in _REMAINING else ""
    return joined(remaining, _("The token says that its PIN is to be changed.") if token.wants_new_pin else "")


def token_lines(tokens: "Sequence[TokenFacts]") -> list[str]:
    """Each in one line, as they stand in a list; those that look the same are told apart by their slots."""
    lines = [" · ".join(filter(None, map(plain, (each.label, each.model)))) for each in tokens]
    same = Counter(lines)
    slots = [_("slot {number}").format(number=each.slot) for each in tokens]
    return [f"{line} · {slot}" if same[line] > 1 else line for line, slot in zip(lines, slots, strict=True)]


def keypad_words() -> str:
    """Where the PIN is typed, when the token has keys of its own."""
    return _("Type the PIN on the keypad of the token or its reader. This program does not see it.")
