"""The names of destinations, and what each would refuse, with the rule and its source; never more than is known."""

from desktop.words.formatting import joined, listed, shown_size
from desktop.words.profiles import profile_hint, profile_name
from desktop.words.translation import _, mark
from signing.destination import E_TAX_ATTACHMENT, Confidence, Destination, Limit, Refusal, Rule

_NAMES = {E_TAX_ATTACHMENT.name: mark("Attachment for e-Tax (PDF)")}
_HINTS = {
    E_TAX_ATTACHMENT.name: mark(
        "No text of the tax agency says that an attachment must be signed, or that a signed one is taken."
    )
}
_RULES = {
    Limit.FILE_SIZE: mark("a file up to {limit}"),
    Limit.TOTAL_SIZE: mark("up to {limit} in one submission"),
    Limit.FILES: mark("up to {limit} files in one submission"),
    Limit.NO_PASSWORD: mark("no password"),
    Limit.RSA_BITS: mark("keys of RSA with {limit} bits"),
    Limit.NO_TIMESTAMP: mark("no time stamp"),
    Limit.SCAN: mark("scans with {limit} dots per inch or more"),
}
_REFUSED = {
    Limit.FILE_SIZE: mark("With its signature it will have about {measured}."),
    Limit.TOTAL_SIZE: mark("Together these files will have about {measured}."),
    Limit.FILES: mark("These are {measured}."),
    Limit.NO_PASSWORD: mark("This file needs one."),
}
_SOURCES = {
    Confidence.OFFICIAL: mark("Source: {source}"),
    Confidence.QUOTED: mark("Source, as others quote it: {source}"),
}
_IN_BYTES = (Limit.FILE_SIZE, Limit.TOTAL_SIZE)


def destination_name(destination: Destination) -> str:
    """What a person calls it."""
    return _(_NAMES[destination.name]) if destination.name in _NAMES else profile_name(destination.profile)


def destination_hint(destination: Destination) -> str:
    """What has to be known before signing for it; empty where there is nothing."""
    return _(_HINTS[destination.name]) if destination.name in _HINTS else profile_hint(destination.profile)


def rules_in_words(destination: Destination) -> str:
    """All that is known to be asked there, in one line; empty where nothing is."""
    if not destination.rules:
        return ""
    return _("Asked for there: {rules}").format(rules=listed(map(_rule, destination.rules)))


def refusal_words(destination: Destination, refusal: Refusal) -> str:
    """What would be refused, why, and by which text."""
    rule = refusal.rule
    measured = shown_size(refusal.measured) if rule.limit in _IN_BYTES else str(refusal.measured)
    return joined(
        _("{name}: asked for is {rule}.").format(name=destination_name(destination), rule=_rule(rule)),
        _(_REFUSED[rule.limit]).format(measured=measured),
        _("({source})").format(source=source_of(rule)),
    )


def source_of(rule: Rule) -> str:
    """Where it stands, and whether in a text of the authority."""
    return _(_SOURCES[rule.confidence]).format(source=rule.source)


def _rule(rule: Rule) -> str:
    limit = shown_size(rule.number) if rule.limit in _IN_BYTES else f"{rule.number:,}"
    return _(_RULES[rule.limit]).format(limit=limit)
