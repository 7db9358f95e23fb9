"""What a certificate says of itself: its holder, whose it claims to be, its limits in time and use."""

import functools
import unicodedata
from datetime import datetime

from asn1crypto import core, x509

from signing import errors
from signing.algorithms import key_name, signature_name
from signing.issuers import issuer_class
from signing.report import CertificateFacts, Holder, IssuerClass

# subjectAltName of the JPKI signature certificate: otherName values under this arc (J-LIS certificate profile).
_BASIC_FOUR_INFORMATION = "1.2.392.200149.8.5.5"
_HOLDER_FIELDS = {
    "1": "name",
    "2": "name_substitutions",
    "3": "gender",
    "4": "birth_date",
    "5": "address",
    "6": "address_substitutions",
}
_SHORT_NAMES = {  # RFC 4514, 3
    "2.5.4.3": "CN",
    "2.5.4.6": "C",
    "2.5.4.7": "L",
    "2.5.4.8": "ST",
    "2.5.4.9": "STREET",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
    "0.9.2342.19200300.100.1.1": "UID",
    "0.9.2342.19200300.100.1.25": "DC",
}
_REVEALING = {  # X.520, 6; RFC 2985, 5.2.1; ETSI EN 319 412-1, 5.1.4
    **dict.fromkeys(("2.5.4.3", "2.5.4.4", "2.5.4.42"), "name"),
    "2.5.4.10": "organization",
    "2.5.4.11": "unit",
    "2.5.4.12": "title",
    **dict.fromkeys(("2.5.4.7", "2.5.4.8", "2.5.4.9", "2.5.4.16", "2.5.4.17"), "place"),
    "1.2.840.113549.1.9.1": "mail",
    **dict.fromkeys(("2.5.4.5", "2.5.4.97"), "number"),
}
_UNSEEN = ("Cc", "Cf", "Zs", "Zl", "Zp")  # but not "Co": names are written with private characters too
_BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"  # letters and signs by their category
_KEY_USAGES = {  # RFC 5280, 4.2.1.3
    "digital_signature": "digitalSignature",
    "non_repudiation": "nonRepudiation",
    "key_encipherment": "keyEncipherment",
    "data_encipherment": "dataEncipherment",
    "key_agreement": "keyAgreement",
    "key_cert_sign": "keyCertSign",
    "crl_sign": "cRLSign",
    "encipher_only": "encipherOnly",
    "decipher_only": "decipherOnly",
}


@functools.lru_cache(64)  # many files of a batch carry the same certificates
def certificate_facts(der: bytes) -> CertificateFacts:
    """Read a DER certificate. Raises CertificateUnreadable."""
    try:
        return _facts(x509.Certificate.load(der, strict=True))
    except Exception as error:  # the parser is lazy and raises whatever it stumbles over
        raise errors.CertificateUnreadable from error


def _facts(certificate: x509.Certificate) -> CertificateFacts:
    usage = certificate.key_usage_value
    return CertificateFacts(
        sha256=certificate.sha256.hex(),
        subject=rfc4514(certificate.subject),
        issuer=rfc4514(certificate.issuer),
        not_before=_moment(certificate.not_valid_before),
        not_after=_moment(certificate.not_valid_after),
        issuer_class=_issuer_class(certificate),
        public_key=key_name(certificate.public_key),
        signature_algorithm=signature_name(certificate["signature_algorithm"]),
        key_usage=tuple(name for key, name in _KEY_USAGES.items() if usage is not None and key in usage.native),
        policies=_policies(certificate),
        holder=_holder(certificate),
    )


@functools.lru_cache(64)
def _moment(read: datetime) -> datetime:
    if isinstance(read, datetime):
        return read
    raise ValueError("there is no such year")  # it is 0, for which the parser has a type of its own


def signer_name(der: bytes) -> str | None:
    """The name to show for the holder: of a JPKI certificate it is not the common name, which is a number there."""
    certificate = x509.Certificate.load(der)
    holder = _holder(certificate)
    if holder is not None:
        return holder.name if _is_visible(holder.name) else None
    return _most_telling(certificate.subject)


def issuer_name(der: bytes) -> str:
    """The name to show for the authority."""
    issuer = x509.Certificate.load(der).issuer
    return _most_telling(issuer) or rfc4514(issuer)


def _most_telling(name: x509.Name) -> str | None:
    found = (value for attribute in ("CN", "O", "OU") for value in reversed(_values(name, attribute)))
    return next(filter(_is_visible, found), None)


def _is_visible(text: str) -> bool:
    """Whether anything of it is seen where it is shown: a name of blanks would leave a sentence without its subject."""
    return any(unicodedata.category(each) not in _UNSEEN and each not in _BLANK for each in text)


def revealed(der: bytes) -> dict[str, tuple[str, ...]]:
    """What a certificate of this kind tells of its subject to everybody who gets it: name, organization, unit, title,
    place, mail, number; from the subject and its other names (RFC 5280, 4.2.1.6), each value once."""
    certificate = x509.Certificate.load(der)
    found: dict[str, list[str]] = {}
    names, mails = [certificate.subject], []
    for general_name in certificate.subject_alt_name_value or ():
        if general_name.name == "directory_name":
            names.append(general_name.chosen)
        elif general_name.name == "rfc822_name":
            mails.append(general_name.native)
    pairs = [
        (pair["type"].dotted, str(pair["value"].native)) for name in names for part in name.chosen for pair in part
    ]
    for kind, value in (*((_REVEALING.get(number), value) for number, value in pairs), *(("mail", m) for m in mails)):
        if kind:
            found.setdefault(kind, []).append(value)
    return {kind: tuple(dict.fromkeys(values)) for kind, values in found.items()}


def _policies(certificate: x509.Certificate) -> tuple[str, ...]:
    policies = certificate.certificate_policies_value or ()
    return tuple(policy["policy_identifier"].dotted for policy in policies)


def _holder(certificate: x509.Certificate) -> Holder | None:
    facts: dict[str, str] = {}
    for general_name in certificate.subject_alt_name_value or ():
        if general_name.name != "other_name":
            continue
        arc, _, field = general_name.chosen["type_id"].dotted.rpartition(".")
        known = arc == _BASIC_FOUR_INFORMATION and field in _HOLDER_FIELDS  # fields yet to come are ignored
        if known and (text := _text(general_name.chosen["value"])) is not None:
            facts[_HOLDER_FIELDS[field]] = text
    return Holder(**facts) if "name" in facts else None


def _text(value: core.Any) -> str | None:
    """None of what is no text, or none that can be read: such a field is as good as missing."""
    try:
        read = value.parse()
        return str(read.native) if isinstance(read, core.AbstractString) else None
    except ValueError:
        return None


def _issuer_class(certificate: x509.Certificate) -> IssuerClass:
    names = {"issuer": certificate.issuer, "subject": certificate.subject}
    return issuer_class(lambda party, attribute: _values(names[party], attribute), _policies(certificate))


def _values(name: x509.Name, attribute: str) -> list[str]:
    return [
        str(pair["value"].native)
        for relative in name.chosen
        for pair in relative
        if _SHORT_NAMES.get(pair["type"].dotted) == attribute
    ]


def rfc4514(name: x509.Name) -> str:
    """The name as a string, last relative distinguished name first."""
    return ",".join("+".join(_attribute(pair) for pair in relative) for relative in reversed(list(name.chosen)))


def _attribute(pair: x509.NameTypeAndValue) -> str:
    kind = pair["type"].dotted
    if kind not in _SHORT_NAMES:
        return f"{kind}=#{pair['value'].dump().hex()}"
    return f"{_SHORT_NAMES[kind]}={_escaped(str(pair['value'].native))}"


def _escaped(value: str) -> str:
    escaped = "".join(f"\\{c}" if c in ',+"\\<>;' else "\\00" if c == "\0" else c for c in value)
    if escaped.startswith((" ", "#")):
        escaped = f"\\{escaped}"
    return f"{escaped[:-1]}\\ " if escaped.endswith(" ") and len(value) > 1 else escaped
