"""ds:KeyValue (XML Signature 1.1, 4.5.2): a key without a name. It proves nothing of a person; it must only fit."""

from asn1crypto import keys
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from lxml import etree

from signing.xml.signature import DSIG, Malformed, decoded, plain_text

_DSIG11 = "http://www.w3.org/2009/xmldsig11#"
_CURVES: dict[str, ec.EllipticCurve] = {
    "urn:oid:1.2.840.10045.3.1.7": ec.SECP256R1(),
    "urn:oid:1.3.132.0.34": ec.SECP384R1(),
    "urn:oid:1.3.132.0.35": ec.SECP521R1(),
}


def public_key(key_value: etree._Element) -> keys.PublicKeyInfo:
    """The RSA or elliptic-curve key in a ds:KeyValue. Raises Malformed, also for other kinds of key."""
    try:
        der = _key(key_value).public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    except (ValueError, KeyError) as error:
        raise Malformed from error
    return keys.PublicKeyInfo.load(der)


def _key(key_value: etree._Element) -> rsa.RSAPublicKey | ec.EllipticCurvePublicKey:
    modulus = key_value.find(f"{{{DSIG}}}RSAKeyValue/{{{DSIG}}}Modulus")
    exponent = key_value.find(f"{{{DSIG}}}RSAKeyValue/{{{DSIG}}}Exponent")
    if modulus is not None and exponent is not None:
        return rsa.RSAPublicNumbers(_number(exponent), _number(modulus)).public_key()
    curve = key_value.find(f"{{{_DSIG11}}}ECKeyValue/{{{_DSIG11}}}NamedCurve")
    point = key_value.find(f"{{{_DSIG11}}}ECKeyValue/{{{_DSIG11}}}PublicKey")
    if curve is None or point is None:
        raise Malformed
    return ec.EllipticCurvePublicKey.from_encoded_point(_CURVES[curve.get("URI", "")], decoded(plain_text(point)))


def _number(element: etree._Element) -> int:
    return int.from_bytes(decoded(plain_text(element)), "big")
