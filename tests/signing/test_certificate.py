"""The facts of a certificate that has the profile of a JPKI signature certificate, and of those that have not."""

from collections.abc import Callable
from datetime import UTC, datetime

import asn1crypto.core
import asn1crypto.x509
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID, ObjectIdentifier

from signing import errors
from signing.certificate import certificate_facts, signer_name
from signing.report import Holder, IssuerClass

NOT_BEFORE = datetime(2025, 10, 27, 3, 4, 5, tzinfo=UTC)
NOT_AFTER = datetime(2030, 2, 17, 14, 59, 59, tzinfo=UTC)
ARC = "1.2.392.200149.8.5.5"
FOUR = {1: "黒桐　幹也", 4: "319800217", 3: "1", 5: "東京都千代田区一番町１", 2: "00010", 6: "00000000000"}
JPKI = {"O": ["JPKI"], "OU": ["JPKI for digital signature", "Japan Agency for Local Authority Information Systems"]}
PRODUCTION, TEST = "1.2.392.200149.8.5.1.1.20", "1.2.392.200149.8.5.1.0.20"
OIDS = {"C": NameOID.COUNTRY_NAME, "O": NameOID.ORGANIZATION_NAME, "OU": NameOID.ORGANIZATIONAL_UNIT_NAME}
OIDS |= {"CN": NameOID.COMMON_NAME, "L": NameOID.LOCALITY_NAME, "SN": NameOID.SERIAL_NUMBER}


def name(parts: dict[str, list[str]]) -> x509.Name:
    return x509.Name([x509.NameAttribute(OIDS[key], value) for key, values in parts.items() for value in values])


def other_name(number: int, text: str) -> x509.OtherName:
    content = text.encode()
    return x509.OtherName(ObjectIdentifier(f"{ARC}.{number}"), b"\x0c" + bytes([len(content)]) + content)


@pytest.fixture(scope="session")
def certificate() -> Callable[..., bytes]:
    key = rsa.generate_private_key(65537, 2048)
    default_subject = {"C": ["JP"], "L": ["Tokyo-to", "Chiyoda-ku"], "CN": ["20251027120405000113101A"]}

    def make(
        issuer: dict[str, list[str]],
        *,
        subject: dict[str, list[str]] = default_subject,
        policy: str | None = None,
        san: dict[int, str] | None = None,
        public_key=None,
        extra: tuple[x509.GeneralName, ...] = (),
    ) -> bytes:
        builder = (
            x509.CertificateBuilder()
            .subject_name(name(subject))
            .issuer_name(name({"C": ["JP"], **issuer}))
            .public_key(public_key or key.public_key())
            .serial_number(7)
            .not_valid_before(NOT_BEFORE)
            .not_valid_after(NOT_AFTER)
            .add_extension(x509.KeyUsage(True, True, *[False] * 7), critical=True)
        )
        names = [other_name(*pair) for pair in (san or {}).items()]
        if names or extra:
            builder = builder.add_extension(x509.SubjectAlternativeName([*names, *extra]), critical=False)
        if policy:
            information = x509.PolicyInformation(ObjectIdentifier(policy), ["http://www.jpki.go.jp/cps.html"])
            builder = builder.add_extension(x509.CertificatePolicies([information]), critical=True)
        return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)

    return make


def test_jpki_certificate_tells_the_basic_four_information_and_its_limits(certificate) -> None:
    facts = certificate_facts(certificate(JPKI, policy=PRODUCTION, san=FOUR))
    assert facts.holder == Holder("黒桐　幹也", FOUR[5], "319800217", "1", "00010", "00000000000")
    assert facts.issuer_class is IssuerClass.JPKI
    assert (facts.not_before, facts.not_after) == (NOT_BEFORE, NOT_AFTER)
    assert facts.issuer == (
        "OU=Japan Agency for Local Authority Information Systems,OU=JPKI for digital signature,O=JPKI,C=JP"
    )
    assert facts.subject == "CN=20251027120405000113101A,L=Chiyoda-ku,L=Tokyo-to,C=JP"
    assert facts.key_usage == ("digitalSignature", "nonRepudiation")
    assert facts.policies == (PRODUCTION,)
    assert (facts.public_key, facts.signature_algorithm) == ("RSA-2048", "RSA-SHA256")


def test_fields_of_the_holder_that_are_unknown_or_missing_do_no_harm(certificate) -> None:
    der = certificate(JPKI, san={1: "Ann", 7: "of a later profile"}, extra=(x509.DNSName("example.org"),))
    assert certificate_facts(der).holder == Holder("Ann")


@pytest.mark.parametrize("value", [b"\x02\x01\x07", b"\x0c\x02\xff\xfe", b"\x0c\x00", b"\x30\x00"])
def test_field_of_the_holder_that_cannot_be_read_hides_no_date(certificate, value: bytes) -> None:
    """The last day of the certificate is what a person came for."""
    birth = x509.OtherName(ObjectIdentifier(f"{ARC}.4"), value)
    facts = certificate_facts(certificate(JPKI, san={1: "Ann"}, extra=(birth,)))
    assert facts.holder is not None
    assert (facts.holder.name, facts.holder.birth_date or None, facts.not_after) == ("Ann", None, NOT_AFTER)


def test_field_of_the_holder_may_be_text_of_another_kind(certificate) -> None:
    birth = x509.OtherName(ObjectIdentifier(f"{ARC}.4"), b"\x13\x09319800217")
    holder = certificate_facts(certificate(JPKI, san={1: "Ann"}, extra=(birth,))).holder
    assert holder == Holder("Ann", birth_date="319800217")


@pytest.mark.parametrize("blank", [" ", "\u3000\u200b", "\t\u202e", "\u3164", "\u2800"])
def test_name_that_nobody_can_see_is_none(certificate, blank: str) -> None:
    """A sentence that ends "signed by" and nothing else says what was not established."""
    assert signer_name(certificate(JPKI, subject={"CN": [blank], "O": ["Trading"]})) == "Trading"
    assert signer_name(certificate(JPKI, subject={"CN": [blank]})) is None
    assert signer_name(certificate(JPKI, san={1: blank})) is None
    assert signer_name(certificate(JPKI, san={1: "\ue000"})) == "\ue000"  # a character of one's own, as names have


@pytest.mark.parametrize(
    ("issuer", "policy", "expected"),
    [
        (JPKI, PRODUCTION, IssuerClass.JPKI),
        (JPKI, TEST, IssuerClass.JPKI_TEST),
        ({"O": ["JPKI-TEST"]}, PRODUCTION, IssuerClass.JPKI_TEST),
        ({"O": ["JPKI-PRACTICE"]}, TEST, IssuerClass.PRACTICE),
        ({"O": ["JPKI-PRACTICE"]}, PRODUCTION, IssuerClass.PRACTICE),
        ({"O": ["Japanese Government"], "OU": ["OfficialStatusCA"]}, None, IssuerClass.GPKI),
        (
            {"O": ["Japanese Government"], "CN": ["Registrar of Tokyo Legal Affairs Bureau"]},
            None,
            IssuerClass.COMMERCIAL_REGISTRY,
        ),
        (
            {"O": ["Japanese Government"], "OU": ["Ministry of Justice", "Registrar of Tokyo Legal Affairs Bureau"]},
            None,
            IssuerClass.COMMERCIAL_REGISTRY,
        ),
        ({"O": ["Japanese Government"], "OU": ["DemoOfficialStatusCA"]}, None, IssuerClass.OTHER),
        ({"O": ["JPKI"]}, "1.2.392.200149.8.5.1.1.40", IssuerClass.JPKI_SMARTPHONE),
        ({"O": ["Nippon Denshi Ninsho Co.,Ltd."], "OU": ["AOSign G2"]}, None, IssuerClass.ACCREDITED),
        ({"O": ["SECOM Trust Systems CO.,LTD."], "OU": ["SECOM Passport for G-ID"]}, None, IssuerClass.ACCREDITED),
        ({"O": ["LGPKI"], "OU": ["Organization CA"]}, None, IssuerClass.LGPKI),
        ({"O": ["SECOM Trust Systems CO.,LTD."]}, None, IssuerClass.OTHER),
        ({"CN": ["JPKI"]}, PRODUCTION, IssuerClass.OTHER),
    ],
)
def test_issuer_class_tells_the_hierarchies_apart(certificate, issuer, policy, expected) -> None:
    assert certificate_facts(certificate(issuer, policy=policy)).issuer_class is expected


@pytest.mark.parametrize("service", ["CloudSign Signing Service", "クラウドサイン", "GMOサイン"])
def test_contract_service_is_told_by_its_own_name(certificate, service: str) -> None:
    """Its authority serves others too."""
    authority = {"O": ["Cybertrust Japan Co., Ltd."], "CN": ["Cybertrust Signing CA"]}
    facts = [certificate_facts(certificate(authority, subject={"CN": [each]})) for each in (service, "Yamada Hanako")]
    assert [each.issuer_class for each in facts] == [IssuerClass.CONTRACT_SERVICE, IssuerClass.OTHER]


def test_government_that_calls_itself_a_contract_service_stays_what_its_issuer_says(certificate) -> None:
    der = certificate({"O": ["JPKI-PRACTICE"]}, policy=TEST, subject={"CN": ["CloudSign"]})
    assert certificate_facts(der).issuer_class is IssuerClass.PRACTICE


def test_names_are_escaped_so_that_one_name_cannot_look_like_two(certificate) -> None:
    der = certificate({"O": ["A"]}, subject={"O": ['#1, "x"+y;\\<>'], "CN": [" edge "], "SN": ["55"]})
    assert certificate_facts(der).subject == '2.5.4.5=#13023535,CN=\\ edge\\ ,O=\\#1\\, \\"x\\"\\+y\\;\\\\\\<\\>'


def test_key_of_the_next_card_is_named(certificate) -> None:
    key = ec.generate_private_key(ec.SECP384R1()).public_key()
    assert certificate_facts(certificate(JPKI, public_key=key)).public_key == "ECDSA-P-384"


@pytest.mark.parametrize("damage", [b"", b"\x30\x03\x02\x01\x01", b"-----BEGIN CERTIFICATE-----", b"\x30\x80" * 5000])
def test_what_is_no_certificate_is_one_clear_error(damage: bytes) -> None:
    with pytest.raises(errors.CertificateUnreadable):
        certificate_facts(damage)


def test_year_that_is_none_is_one_clear_error(certificate) -> None:
    odd = asn1crypto.x509.Certificate.load(certificate(JPKI, policy=PRODUCTION))
    time = asn1crypto.core.GeneralizedTime.load(b"\x18\x0f00000101000000Z")
    odd["tbs_certificate"]["validity"]["not_after"] = asn1crypto.x509.Time(name="general_time", value=time)
    with pytest.raises(errors.CertificateUnreadable):
        certificate_facts(odd.dump(force=True))


def test_damaged_certificate_is_read_or_refused_but_never_a_crash(certificate) -> None:
    der = certificate(JPKI, policy=PRODUCTION, san=FOUR)
    refused = 0
    for place in range(0, len(der), 3):
        damaged = der[:place] + bytes([der[place] ^ 0x5A]) + der[place + 1 :]
        try:
            certificate_facts(damaged)
        except errors.CertificateUnreadable:
            refused += 1
    assert refused > 0
