"""The words of time stamps, and of what makes a signature last."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from desktop.words.formatting import before_stop, joined, listed, plain, shown_moment
from desktop.words.translation import _, mark
from signing.report import SignatureLevel

if TYPE_CHECKING:
    from desktop.time.authorities import Authority, TimeSettings
    from signing.report import TimestampFacts

_CHOICES: dict[SignatureLevel, tuple[str, str]] = {
    SignatureLevel.B_T: (
        mark("A time stamp (B-T)"),
        mark("It proves that the signature existed before that time, also when the certificate has ended."),
    ),
    SignatureLevel.B_LT: (
        mark("A time stamp, and data for later verification (B-LT)"),
        mark("Others can then verify it without asking anybody, as long as the time stamp is believed."),
    ),
    SignatureLevel.B_LTA: (
        mark("The same, and a time stamp over all of it (B-LTA)"),
        mark("For keeping many years. It also renews a time stamp that ends soon."),
    ),
}

_LEVEL_WORDS: dict[SignatureLevel, str] = {
    SignatureLevel.B_T: mark("a time stamp"),
    SignatureLevel.B_LT: mark("a time stamp, and data for long-term validation"),
    SignatureLevel.B_LTA: mark("a time stamp, data for long-term validation, and a time stamp over all of it"),
}


def timestamp_in_words(stamp: "TimestampFacts") -> list[tuple[str, str]]:
    """Names and values of what a time stamp says, and of whether that is proven."""
    proof = _("proven") if stamp.proven else _("claimed, not proven")
    facts = [(_("Time of the time stamp"), listed((shown_moment(stamp.time), proof)))]
    if stamp.accuracy:
        seconds = f"{stamp.accuracy.total_seconds():.6f}".rstrip("0").rstrip(".")
        facts.append((_("Accuracy of its clock"), _("± {seconds} s").format(seconds=seconds)))
    if stamp.authority:
        facts.append((_("Time stamp by"), plain(stamp.authority)))
    if stamp.policy:
        facts.append((_("Policy of the time stamp"), stamp.policy))
    if stamp.ends:
        facts.append((_("Certificate of the time stamp ends"), shown_moment(stamp.ends)))
    return facts


def consequence(level: SignatureLevel) -> str:
    """What is added."""
    return _(_LEVEL_WORDS[level])


def choice_of(level: SignatureLevel) -> tuple[str, str]:
    """A title, and what it is good for."""
    title, meaning = _CHOICES[level]
    return _(title), _(meaning)


def sources_in_words(sources: Sequence[str]) -> str:
    """Who may be asked for revocation data, beside those that the authority's own certificate names."""
    if not sources:
        return _("What the certificate of the authority names may be asked whether it has been revoked.")
    words = _("Asked whether the certificates have been revoked: {addresses}, and what that of the authority names.")
    return words.format(addresses=listed(map(plain, sources)))


def destination_of_request(authority: "Authority") -> str:
    """Where the request goes and what it carries; to be said before the password."""
    words = _("The time comes from {name} ({server}). What goes there: 32 bytes of hash, and nothing of the document.")
    said = words.format(name=authority.name, server=authority.server)
    return joined(said, open_connection(authority)) if authority.is_open else said


def open_connection(authority: "Authority") -> str:
    """What http without TLS means. Said beside the field of the signature password, which goes nowhere."""
    words = _("The connection is not encrypted (http): others on the way can read what goes there.")
    return joined(words, _("The password for this authority goes there too.")) if authority.user else words


def removal_words(name: str, before: "TimeSettings", after: "TimeSettings") -> str:
    """That an authority was removed, and which one is asked from now on where that is another one."""
    removed = _("Removed: {name}.").format(name=before_stop(plain(name)))
    if not after.authorities or before.authorities[0] == after.authorities[0]:
        return removed
    asked = after.authorities[0]
    words = _("Time stamps are now asked for from {name} ({server}).")
    return joined(removed, words.format(name=plain(asked.name), server=plain(asked.server)))


def waiting_words() -> str:
    """That nothing is lost."""
    return _("The signed file is kept. “jitsuin waiting” shows what waits, tries again, saves or discards it.")
