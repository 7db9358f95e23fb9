"""The certificates that belong above one, among those that happen to be at hand."""

from collections.abc import Sequence
from dataclasses import dataclass

from asn1crypto.x509 import Certificate

from signing import errors

_LONGEST = 8


@dataclass(frozen=True, slots=True)
class Chain:
    """`path` (DER) has no root: whoever trusts it has it. `reaches_root`: it was at hand, and nothing is missing."""

    path: tuple[bytes, ...]
    reaches_root: bool


def chain_of(certificate: bytes, others: Sequence[bytes]) -> Chain:
    """The certificate, its issuer, and so on as far as they are among the others (RFC 5280, 4.2.1.1).

    Names and key identifiers choose; proof is the matter of verification. Raises CertificateUnreadable.
    """
    try:
        pool = [Certificate.load(der, strict=True) for der in others]
        path = [Certificate.load(certificate, strict=True)]
        while len(path) < _LONGEST and not path[-1].self_issued and (issuer := _issuer(path[-1], pool)) is not None:
            path.append(issuer)
            pool = [each for each in pool if each is not issuer]  # two can have issued each other
    except (ValueError, TypeError) as error:
        raise errors.CertificateUnreadable from error
    without_root = tuple(each.dump() for each in path if each is path[0] or not each.self_issued)
    return Chain(without_root, bool(path[-1].self_issued))


def _issuer(certificate: Certificate, pool: Sequence[Certificate]) -> Certificate | None:
    wanted = certificate.authority_key_identifier
    for each in pool:
        named = each.subject == certificate.issuer and each.ca
        if named and (wanted is None or each.key_identifier in (None, wanted)):
            return each
    return None
