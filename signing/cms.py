"""CMS SignedData (RFC 5652) over content that lies elsewhere: what a PDF signature and a .p7s file carry."""

import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from asn1crypto import algos, cms, core, tsp, x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import load_der_x509_certificate

from signing import errors
from signing.credential import Credential

if TYPE_CHECKING:
    from signing.timestamping import Timestamper

# A SignerInfo with its attributes takes less than 2 kB; certificates are counted as they are.
_ROOM_BESIDE_CERTIFICATES = 4096
ROOM_FOR_TOKEN = 10 << 10  # bytes; tokens with their certificates take three to eight thousand
_HASHES = {"sha256": hashes.SHA256, "sha384": hashes.SHA384}


def cades_attributes(digest: bytes, certificate: bytes) -> cms.CMSAttributes:
    """Signed attributes of CAdES and PAdES B-B (ETSI EN 319 122-1, 5.1 and 5.2.2).

    `digest` is that of the content by the algorithm of the signature (RFC 8933, 3), `certificate` is DER. The claimed
    time is not among them: in a PDF it stands in the signature dictionary (EN 319 142-1, 6.3), elsewhere add
    `signing_time`.
    """
    reference = tsp.ESSCertIDv2({"cert_hash": hashlib.sha256(certificate).digest()})
    return cms.CMSAttributes(
        [
            *_plain_attributes(digest),
            _attribute("signing_certificate_v2", tsp.SigningCertificateV2({"certs": [reference]})),
        ]
    )


def pkcs7_attributes(digest: bytes, moment: datetime) -> cms.CMSAttributes:
    """Content type, message digest and signing time, and no other: what old relying parties expect."""
    return cms.CMSAttributes([*_plain_attributes(digest), signing_time(moment)])


def signing_time(moment: datetime) -> cms.CMSAttribute:
    """The claimed time (RFC 5652, 11.3); UTCTime until 2049."""
    return _attribute("signing_time", cms.Time({"utc_time": moment.astimezone(UTC).replace(microsecond=0)}))


def _plain_attributes(digest: bytes) -> list[cms.CMSAttribute]:
    return [_attribute("content_type", "data"), _attribute("message_digest", digest)]


def _attribute(kind: str, value: object) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": kind, "values": [value]})


def room_for(certification_path: tuple[bytes, ...]) -> int:
    """An upper bound in bytes for the SignedData that `sign_attributes` makes with this path."""
    return _ROOM_BESIDE_CERTIFICATES + sum(map(len, certification_path))


def sign_attributes(attributes: cms.CMSAttributes, credential: Credential) -> bytes:
    """Let the credential sign the attributes, once, and return the detached SignedData in DER.

    Raises CardError and its subclasses.
    """
    certificates = [x509.Certificate.load(der) for der in credential.certification_path]
    digest = algos.DigestAlgorithm({"algorithm": credential.algorithm.digest})
    signer = cms.SignerInfo(
        {
            "version": "v1",
            "sid": {
                "issuer_and_serial_number": {
                    "issuer": certificates[0].issuer,
                    "serial_number": certificates[0].serial_number,
                }
            },
            "digest_algorithm": digest,
            "signed_attrs": attributes,
            "signature_algorithm": {"algorithm": credential.algorithm.cms},
            # RFC 5652, 5.4: what is signed is the DER of the attributes as a SET OF, not as [0].
            "signature": credential.sign(attributes.untag().dump()),
        }
    )
    signed_data = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [digest],
            "encap_content_info": {"content_type": "data"},
            "certificates": certificates,
            "signer_infos": [signer],
        }
    )
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": signed_data}).dump())


def add_timestamps(signed_data: bytes, timestamper: "Timestamper") -> bytes:
    """The same ContentInfo in DER with a time stamp over each signature value that has none (RFC 5126, 6.1.1).

    Each costs one request. Raises NothingToExtend where every signer has one, TimestampError, DocumentDamaged.
    """
    from signing.timestamp import has_timestamp  # what judges takes long to load, and few signatures are stamped

    container = _parsed(signed_data)
    signers = [each for each in container["content"]["signer_infos"] if not has_timestamp(each)]
    if not signers:
        raise errors.NothingToExtend
    for signer in signers:
        token = timestamper.stamp(hashlib.sha256(signer["signature"].native).digest())
        others = [] if signer["unsigned_attrs"] is core.VOID else list(signer["unsigned_attrs"])
        stamp = _attribute("signature_time_stamp_token", cms.ContentInfo.load(token.der))
        signer["unsigned_attrs"] = cms.CMSAttributes([*others, stamp])
    return bytes(container.dump())


def _parsed(signed_data: bytes) -> cms.ContentInfo:
    try:
        container = cms.ContentInfo.load(signed_data, strict=True)
        len(container["content"]["signer_infos"])  # the parser is lazy
    except Exception as error:  # it raises whatever it stumbles over
        raise errors.DocumentDamaged from error
    return container


def signs(signed_data: bytes, digest: bytes, certificate: bytes) -> bool:
    """Whether a SignedData made by `sign_attributes` holds, by arithmetic, for this digest and this certificate.

    It judges what this program wrote, before it is handed over; what others wrote is for signing.validation.
    """
    content = cms.ContentInfo.load(signed_data, strict=False)["content"]
    (signer,) = content["signer_infos"]
    attributes = signer["signed_attrs"]
    (stated,) = [a["values"][0].native for a in attributes if a["type"].native == "message_digest"]
    key = load_der_x509_certificate(certificate).public_key()
    value, signed = signer["signature"].native, attributes.untag().dump()
    algorithm = _HASHES[signer["digest_algorithm"]["algorithm"].native]()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(value, signed, padding.PKCS1v15(), algorithm)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(value, signed, ec.ECDSA(algorithm))
        else:
            return False
    except InvalidSignature:
        return False
    return bool(stated == digest)
