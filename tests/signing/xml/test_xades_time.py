"""XAdES with a genuine time stamp (RFC 3161; EN 319 132-1, 5.3) by an authority of our own: what it proves, and not."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from lxml import etree

from signing import Document, Profile, SignedFile, SigningBatch, SigningJob, rehearse
from signing.credential import SignatureAlgorithm
from signing.report import Indication, SignatureReport, SubIndication
from signing.xml.canonical import Canonicalization, canonical

EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
SOURCE = '<?xml version="1.0"?>\n<order xmlns="urn:o"><item n="2">x</item></order>\n'


@dataclass
class InMemory:
    holder: object
    algorithm: SignatureAlgorithm = SignatureAlgorithm.RSA_SHA256

    @property
    def certification_path(self) -> tuple[bytes, ...]:
        return (self.holder.der,)

    def sign(self, data: bytes) -> bytes:
        return self.holder.key.sign(data, padding.PKCS1v15(), hashes.SHA256())


@pytest.fixture
def signed(bench) -> Callable[..., Path]:
    """A file with a XAdES signature of ours, made at this moment."""

    def make(holder: object, moment: datetime) -> Path:
        source = bench.folder() / "order.xml"
        source.write_text(SOURCE)
        job = SigningJob.beside(Document.open(source), Profile.XADES_ENVELOPED, practice=False)
        with SigningBatch([rehearse(job)], refuge=source.parent, clock=lambda: moment) as batch:
            (result,) = batch.sign(InMemory(holder))
        assert isinstance(result, SignedFile), result
        return result.path

    return make


def stamped(path: Path, token_over: Callable[[bytes], bytes], method: str = EXCLUSIVE) -> Path:
    """Put a SignatureTimeStamp into the file; the token is made over the canonical ds:SignatureValue."""
    text = path.read_text()
    value = etree.fromstring(text.encode()).find(".//{*}SignatureValue")
    token = token_over(canonical(value, Canonicalization(method)))
    stamp = (
        "<xades:UnsignedProperties><xades:UnsignedSignatureProperties><xades:SignatureTimeStamp>"
        f'<ds:CanonicalizationMethod Algorithm="{method}"/><xades:EncapsulatedTimeStamp>'
        f"{base64.b64encode(token).decode()}</xades:EncapsulatedTimeStamp></xades:SignatureTimeStamp>"
        "</xades:UnsignedSignatureProperties></xades:UnsignedProperties>"
    )
    assert text.count("</xades:QualifyingProperties>") == 1
    path.write_text(text.replace("</xades:QualifyingProperties>", f"{stamp}</xades:QualifyingProperties>"))
    return path


def only(bench, path: Path, **how: object) -> SignatureReport:
    (signature,) = bench.judge(path, **how).signatures
    return signature


@pytest.mark.parametrize("method", [EXCLUSIVE, C14N])
def test_the_time_of_a_trusted_authority_is_proven(bench, signed, method: str) -> None:
    moment = bench.now - timedelta(days=3)
    path = stamped(
        signed(bench.plain, moment), lambda data: bench.timestamp_token(bench.clock, data, moment).dump(), method
    )
    signature = only(bench, path)
    assert (signature.level, signature.timestamp_time, signature.intact) == ("B-T", moment, True)
    assert signature.indication is Indication.TOTAL_PASSED


def test_what_expired_since_is_judged_as_of_the_proven_time(bench, signed) -> None:
    """Proof of existence (EN 319 102-1, 5.5): and without it the same signature says nothing any more."""
    moment = bench.now - timedelta(days=20)
    expired = bench.issue("Expired", bench.root, key=6, days=(-300, -10))
    path = signed(expired, moment)
    alone = only(bench, path)
    assert (alone.level, alone.indication) == ("B-B", Indication.INDETERMINATE)
    proven = only(bench, stamped(path, lambda data: bench.timestamp_token(bench.clock, data, moment).dump()))
    assert (proven.level, proven.timestamp_time) == ("B-T", moment)
    assert proven.indication is Indication.TOTAL_PASSED


def test_a_time_after_the_end_of_the_certificate_saves_nothing(bench, signed) -> None:
    expired = bench.issue("Expired", bench.root, key=6, days=(-300, -10))
    path = signed(expired, bench.now - timedelta(days=20))
    late = bench.now - timedelta(days=5)
    signature = only(bench, stamped(path, lambda data: bench.timestamp_token(bench.clock, data, late).dump()))
    assert signature.timestamp_time == late
    assert signature.indication is not Indication.TOTAL_PASSED


def test_a_stamp_over_something_else_proves_nothing(bench, signed) -> None:
    moment = bench.now - timedelta(days=3)
    others = {
        "another signature": lambda data: bench.timestamp_token(
            bench.clock, data[:-30] + bytes([data[-30] ^ 1]) + data[-29:], moment
        ),
        "the text of the value": lambda data: bench.timestamp_token(
            bench.clock, etree.fromstring(data).text.encode(), moment
        ),
        "a stranger's clock": lambda data: bench.timestamp_token(stranger, data, moment),
        "no clock": lambda data: bench.timestamp_token(bench.plain, data, moment),
    }
    unknown = bench.issue("Unknown", key=7, authority=True)
    stranger = bench.issue("Clock", unknown, key=8, extensions=[*purposes(bench)])
    for name, token in others.items():
        signature = only(bench, stamped(signed(bench.plain, moment), lambda data, token=token: token(data).dump()))
        assert (signature.level, signature.timestamp_time) == ("B-B", None), name
        assert "timestamp.not-proven" in [each.code for each in signature.problems], name
        assert signature.intact, name


def purposes(bench) -> list[tuple[object, bool]]:
    """The extended key usage of the bench's own clock."""
    from cryptography.x509 import ExtendedKeyUsage

    extension = bench.clock.certificate.extensions.get_extension_for_class(ExtendedKeyUsage)
    return [(extension.value, True)]


def test_a_token_whose_own_signature_was_changed_is_found(bench, signed) -> None:
    moment = bench.now - timedelta(days=3)

    def broken(data: bytes) -> bytes:
        token = bench.timestamp_token(bench.clock, data, moment)
        value = token["content"]["signer_infos"][0]["signature"].native
        return token.dump().replace(value, bytes([value[0] ^ 1]) + value[1:])

    signature = only(bench, stamped(signed(bench.plain, moment), broken))
    assert (signature.level, signature.timestamp_time) == ("B-B", None)


def test_the_stamp_does_not_reach_the_content(bench, signed) -> None:
    """A genuine stamp on a signature whose document was changed: the document is what counts."""
    moment = bench.now - timedelta(days=3)
    path = stamped(signed(bench.plain, moment), lambda data: bench.timestamp_token(bench.clock, data, moment).dump())
    path.write_text(path.read_text().replace('n="2"', 'n="9"'))
    signature = only(bench, path)
    assert signature.sub_indication is SubIndication.HASH_FAILURE
    assert signature.timestamp_time is None
