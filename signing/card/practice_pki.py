"""The certificates of the practice card: the profile of JPKI, a person who does not exist, keys made on first use."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID, ObjectIdentifier

from signing.card.practice_options import PRACTICE_BIRTH, PracticeLife

_JST: Final = timezone(timedelta(hours=9))
_FOLDER: Final = "practice-card"
_HELD: Final = ("signature", "authentication")  # keys that the card holds; those of the authorities are forgotten

_SIGNATURE_POLICY: Final = "1.2.392.200149.8.5.1.0.20"  # the test hierarchy's, never the real card's
_AUTHENTICATION_POLICY: Final = "1.2.392.200149.8.5.1.0.30"
_ORGANIZATION: Final = "JPKI-PRACTICE"
_PREFECTURE: Final = "Renshu-ken"
_CITY: Final = "Kaku-shi"
_PERSONAL: Final = "1.2.392.200149.8.5.5."
_CPS: Final = "http://www.jpki.go.jp/cps.html"

# A person who does not exist, in a prefecture that does not exist.
_NAME: Final = "実印　花子"

_Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
_PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey
_Extension = tuple[x509.ExtensionType, bool]  # and whether it is critical


@dataclass(frozen=True, slots=True)
class Practice:
    """What is on the practice card: two keys, and four certificates in DER."""

    signature_key: _Key
    signature_certificate: bytes
    signature_ca_certificate: bytes
    authentication_key: _Key
    authentication_certificate: bytes
    authentication_ca_certificate: bytes
    expired_signature_certificate: bytes


def load_practice(
    directory: Path, moment: datetime, life: PracticeLife | None = None, *, elliptic: bool = False
) -> Practice:
    """What is kept in `directory`, made first where nothing is; `moment` (aware) is the present.

    `life` is that of a card made now, `elliptic` gives it keys of P-384; what is kept stays as it was made. Two
    processes may do so at once: both get what the first of them finished. OSError as the file system says.
    """
    folder = directory / _FOLDER
    if not folder.is_dir():
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{_FOLDER}-", dir=directory))  # mode 0700
        try:
            _generate(made, life or _begun(moment), _elliptic_key if elliptic else _rsa_key)
            made.rename(folder)
        except OSError:
            if not folder.is_dir():  # otherwise another process was first
                raise
        finally:
            shutil.rmtree(made, ignore_errors=True)
    return _load(folder)


def _begun(moment: datetime) -> PracticeLife:
    """Of a card that is a month old at `moment`."""
    issued = moment.astimezone(UTC).replace(microsecond=0) - timedelta(days=30)
    return PracticeLife(issued, fifth_birthday(issued))


def _basic_four(life: PracticeLife) -> tuple[tuple[str, str], ...]:
    """Name, its substituted characters, sex, birth (era and Gregorian date), address, its substituted characters;
    in the order of real cards."""
    return (
        ("1", _NAME),
        ("4", f"4{life.birth:%Y%m%d}"),
        ("3", "2"),
        ("5", life.address),
        ("2", "0" * len(_NAME)),
        ("6", "0" * len(life.address)),
    )


def _load(folder: Path) -> Practice:
    def certificate(name: str) -> bytes:
        return (folder / f"{name}.cer").read_bytes()

    return Practice(
        signature_key=_load_key(folder / "signature.key"),
        signature_certificate=certificate("signature"),
        expired_signature_certificate=certificate("expired-signature"),
        signature_ca_certificate=certificate("signature-ca"),
        authentication_key=_load_key(folder / "authentication.key"),
        authentication_certificate=certificate("authentication"),
        authentication_ca_certificate=certificate("authentication-ca"),
    )


def _load_key(path: Path) -> _Key:
    # Unchecked: it is our own file, and the check takes longer than everything else here.
    key = serialization.load_pem_private_key(path.read_bytes(), password=None, unsafe_skip_rsa_key_validation=True)
    assert isinstance(key, _Key)  # noqa: S101 - our own file; told to the type checker
    return key


def _rsa_key() -> _Key:
    return rsa.generate_private_key(65537, 2048)


def _elliptic_key() -> _Key:
    return ec.generate_private_key(ec.SECP384R1())


def _generate(folder: Path, life: PracticeLife, make_key: Callable[[], _Key]) -> None:
    issued = life.issued
    lapsed = issued.astimezone(_JST).date()  # the card's own expiry may come before the last birthday
    earlier = replace(life, issued=issued - timedelta(days=365), until=lapsed)
    keys = {role: make_key() for role in _HELD}
    public = {role: key.public_key() for role, key in keys.items()}
    founded = issued - timedelta(days=2 * 365)
    until = max(founded.astimezone(_JST).date() + timedelta(days=10 * 365), life.until)
    signature = _Authority("JPKI for digital signature", founded, until, make_key())
    authentication = _Authority("JPKI for user authentication", founded, until, make_key())
    certificates = {
        "signature-ca": signature.certificate(),
        "signature": _signature_certificate(signature, public["signature"], life),
        "expired-signature": _signature_certificate(signature, public["signature"], earlier),
        "authentication-ca": authentication.certificate(),
        "authentication": _authentication_certificate(authentication, public["authentication"], life),
    }
    for role, key in keys.items():
        _write(folder / f"{role}.key", _pem(key))
    for name, certificate in certificates.items():
        _write(folder / f"{name}.cer", certificate)


def _pem(key: _Key) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


class _Authority:
    """One of the two self-signed roots. Its names say that it is no authority at all."""

    def __init__(self, unit: str, founded: datetime, until: date, key: _Key) -> None:
        self._key = key
        self._founded, self._until = founded, until
        self.unit = unit
        self.name = _name(
            (NameOID.ORGANIZATION_NAME, _ORGANIZATION),
            (NameOID.ORGANIZATIONAL_UNIT_NAME, unit),
            (NameOID.ORGANIZATIONAL_UNIT_NAME, "Practice card, backed by nobody"),
        )

    def certificate(self) -> bytes:
        extensions: list[_Extension] = [
            (_key_usage(key_cert_sign=True, crl_sign=True), True),
            (x509.SubjectAlternativeName([_japanese_name()]), False),
            (x509.BasicConstraints(ca=True, path_length=None), True),
            (_distribution_point(self.name), False),
            (x509.SubjectKeyIdentifier.from_public_key(self._key.public_key()), False),
        ]
        return self._sign(self.name, self._key.public_key(), self._founded, self._until, extensions)

    def issue(
        self,
        subject: x509.Name,
        key: _PublicKey,
        issued: datetime,
        until: date,
        extensions: list[_Extension],
    ) -> bytes:
        identifiers: list[_Extension] = [
            (x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), False),
            (x509.SubjectKeyIdentifier.from_public_key(key), False),
        ]
        return self._sign(subject, key, issued, until, extensions + identifiers)

    def _sign(
        self,
        subject: x509.Name,
        key: _PublicKey,
        issued: datetime,
        until: date,
        extensions: list[_Extension],
    ) -> bytes:
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key)
            .serial_number(secrets.randbelow(0x7E000000) + 0x01000000)  # four octets
            .not_valid_before(issued)
            .not_valid_after(datetime.combine(until, time(23, 59, 59), _JST).astimezone(UTC))
        )
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical=critical)
        digest = hashes.SHA256() if isinstance(self._key, rsa.RSAPrivateKey) else hashes.SHA384()
        return builder.sign(self._key, digest).public_bytes(serialization.Encoding.DER)


def _signature_certificate(authority: _Authority, key: _PublicKey, life: PracticeLife) -> bytes:
    # Not a name: when the request was made, a number in sequence, the counter that received it.
    identifier = f"{life.issued.astimezone(_JST):%Y%m%d%H%M%S}0001PRACTICE01"
    basic_four = [
        x509.OtherName(ObjectIdentifier(_PERSONAL + arc), _utf8_string(value)) for arc, value in _basic_four(life)
    ]
    extensions: list[_Extension] = [
        (_key_usage(digital_signature=True, content_commitment=True), True),
        (x509.SubjectAlternativeName(basic_four), False),
        *_common_extensions(authority, _SIGNATURE_POLICY),
    ]
    subject = _name(
        (NameOID.LOCALITY_NAME, _PREFECTURE),
        (NameOID.LOCALITY_NAME, _CITY),
        (NameOID.COMMON_NAME, identifier),
    )
    return authority.issue(subject, key, life.issued, life.until, extensions)


def _authentication_certificate(authority: _Authority, key: _PublicKey, life: PracticeLife) -> bytes:
    extensions: list[_Extension] = [
        (_key_usage(digital_signature=True), True),
        *_common_extensions(authority, _AUTHENTICATION_POLICY),
    ]
    subject = _name((NameOID.COMMON_NAME, "PRACTICE0001PRACTICE01A"))
    return authority.issue(subject, key, life.issued, life.until, extensions)


def _common_extensions(authority: _Authority, policy: str) -> list[_Extension]:
    point = _name(
        (NameOID.ORGANIZATION_NAME, _ORGANIZATION),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, authority.unit),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, "CRL Distribution Points"),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, _PREFECTURE),
        (NameOID.COMMON_NAME, f"{_CITY} CRLDP"),
    )
    return [
        (x509.CertificatePolicies([x509.PolicyInformation(ObjectIdentifier(policy), [_CPS])]), True),
        (x509.IssuerAlternativeName([_japanese_name()]), False),
        (_distribution_point(point), False),
    ]


def _distribution_point(name: x509.Name) -> x509.CRLDistributionPoints:
    """A directory name, as on the real card: no program can fetch anything from it."""
    point = x509.DistributionPoint([x509.DirectoryName(name)], None, None, None)
    return x509.CRLDistributionPoints([point])


def _key_usage(
    *,
    digital_signature: bool = False,
    content_commitment: bool = False,
    key_cert_sign: bool = False,
    crl_sign: bool = False,
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=content_commitment,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _name(*attributes: tuple[ObjectIdentifier, str]) -> x509.Name:
    country = x509.NameAttribute(NameOID.COUNTRY_NAME, "JP")
    return x509.Name([country, *(x509.NameAttribute(oid, value) for oid, value in attributes)])


def _japanese_name() -> x509.DirectoryName:
    return x509.DirectoryName(_name((NameOID.ORGANIZATION_NAME, "公的個人認証サービス（練習用）")))


def _utf8_string(text: str) -> bytes:
    """DER of a UTF8String."""
    octets = text.encode()
    length = bytes((len(octets),)) if len(octets) < 0x80 else bytes((0x81, len(octets)))
    return b"\x0c" + length + octets


def fifth_birthday(issued: datetime) -> date:
    """The fifth birthday after the day of issue, in Japan: the last day of a certificate."""
    day = issued.astimezone(_JST).date()
    years = 5 if day < PRACTICE_BIRTH.replace(year=day.year) else 6
    return PRACTICE_BIRTH.replace(year=day.year + years - 1)
