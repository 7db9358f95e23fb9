"""libxmlsec1 looks at what was signed, from the bytes up, before it is handed over: a mistake is never of two makes."""

import copy
import functools
import io
import itertools
import os
import threading
import urllib.parse
from collections.abc import Callable, Mapping
from typing import Any

import xmlsec
from lxml import etree

from signing.xml import parse
from signing.xml.canonical import Canonicalization, canonical
from signing.xml.profiles import ENVELOPED
from signing.xml.signature import DSIG, decoded

_HMAC = "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"
_IDENTIFIERS = ("id", "Id", "ID")
_served = threading.local()


def agrees(data: bytes, signature_id: str, certificate: bytes, files: Mapping[str, bytes]) -> bool:
    """Whether libxmlsec1 verifies, by this certificate's key, the signature of this Id in a file of this content.

    `files` are the contents behind references to files, by URI as written. Nothing else is opened.
    """
    _serve_only_what_is_given()
    _served.files = {_name(uri): content for uri, content in files.items()}
    try:
        root = parse.read(data).root
        signature = next(each for each in root.iter(f"{{{DSIG}}}Signature") if each.get("Id") == signature_id)
        encoded = [
            each for each in _references(signature) if each.get("URI").startswith("#") and "%" in each.get("URI")
        ]
        if encoded:  # libxmlsec1 does not decode #%E6…, as e-Gov writes it: value and digests one by one
            value_is_right = _value_agrees(signature, certificate)
            for each in encoded:
                each.set("URI", urllib.parse.unquote(each.get("URI")))
            return value_is_right and _digests_agree(signature)
        _context(signature, _key(certificate)).verify(signature)
    except (xmlsec.Error, StopIteration, etree.LxmlError):
        return False
    finally:
        del _served.files
    return True


def confirms(signature: etree._Element, certificate: bytes) -> bool:
    """Whether libxmlsec1 verifies the value of a signature, and the digests of its own parts, without its document.

    The references to anything else are taken out of the tree.
    """
    _serve_only_what_is_given()
    _served.files = {}
    own = {f"#{each.get(name)}" for each in signature.iterdescendants() for name in _IDENTIFIERS if each.get(name)}
    try:
        value_is_right = _value_agrees(signature, certificate)
        for each in _references(signature):
            if each.get("URI") not in own:
                each.getparent().remove(each)
        return value_is_right and _digests_agree(signature)
    except (xmlsec.Error, etree.LxmlError):
        return False
    finally:
        del _served.files


def computed(signature: etree._Element, key: bytes) -> tuple[list[bytes], bytes] | None:
    """The digests that libxmlsec1 computes for a signature in its document, and its HMAC-SHA256 over SignedInfo.

    It puts them into the tree. None where it computes none; nothing but the document is opened.
    """
    _serve_only_what_is_given()
    _served.files = {}
    try:
        for each in _references(signature):
            each.set("URI", urllib.parse.unquote(each.get("URI")))  # it does not decode #%E6…
        _sign(signature, key)
        return _digests(signature), decoded(signature.findtext(f"{{{DSIG}}}SignatureValue"))
    except (xmlsec.Error, etree.LxmlError):
        return None
    finally:
        del _served.files


def digesting(
    signature: etree._Element, uri: str, target: etree._Element | etree._ElementTree
) -> Callable[[], bytes | None]:
    """What computes with libxmlsec1, later and in any thread, the digest of the one reference of a signature.

    The signature belongs to the document of the target and stands outside of its tree, which stays as it is; so
    nothing is left for a transform to take out of that. A further reference, to a file that is not there, ends the work
    where libxmlsec1 would go through all of the document once more, for SignedInfo.
    """
    (reference,) = _references(signature)
    reference.set("URI", urllib.parse.unquote(uri))
    for each in list(reference.iter(f"{{{DSIG}}}Transform")):
        if each.get("Algorithm") == ENVELOPED:
            each.getparent().remove(each)
    missing = copy.deepcopy(reference)
    missing.set("URI", "missing")
    reference.addnext(missing)
    context = _hmac(signature, bytes(32))
    for name in _IDENTIFIERS:
        if etree.iselement(target) and target.get(name) == reference.get("URI").removeprefix("#"):
            context.register_id(target, name)
    return lambda: _digest_before_the_end(context, signature)


def _digest_before_the_end(context: xmlsec.SignatureContext, signature: etree._Element) -> bytes | None:
    _serve_only_what_is_given()
    _served.files = {}
    try:
        context.sign(signature)
    except xmlsec.Error:
        return _digests(signature)[0]
    finally:
        del _served.files
    return None


def _value_agrees(signature: etree._Element, certificate: bytes) -> bool:
    info = signature.find(f"{{{DSIG}}}SignedInfo")
    method = Canonicalization.named(info.find(f"{{{DSIG}}}CanonicalizationMethod").get("Algorithm"))
    if method is None:
        return False
    context = xmlsec.SignatureContext()
    context.key = _key(certificate)
    transform = _transforms()[info.find(f"{{{DSIG}}}SignatureMethod").get("Algorithm")]
    value = decoded(signature.findtext(f"{{{DSIG}}}SignatureValue"))
    context.verify_binary(canonical(info, method), transform, value)  # raises where it does not
    return True


def _digests_agree(signature: etree._Element) -> bool:
    """Whether libxmlsec1 computes the same digests when it signs, with a key that says nothing."""
    stated = _digests(signature)
    if not stated:
        return True
    _sign(signature, bytes(32))
    return stated == _digests(signature)


def _sign(signature: etree._Element, key: bytes) -> None:
    _hmac(signature, key).sign(signature)


def _hmac(signature: etree._Element, key: bytes) -> xmlsec.SignatureContext:
    signature.find(f"{{{DSIG}}}SignedInfo/{{{DSIG}}}SignatureMethod").set("Algorithm", _HMAC)
    return _context(signature, xmlsec.Key.from_binary_data(xmlsec.constants.KeyDataHmac, key))


def _digests(signature: etree._Element) -> list[bytes]:
    return [decoded(each.findtext(f"{{{DSIG}}}DigestValue")) for each in _references(signature)]


def _references(signature: etree._Element) -> list[etree._Element]:
    return list(signature.iterfind(f"{{{DSIG}}}SignedInfo/{{{DSIG}}}Reference"))


def _key(certificate: bytes) -> xmlsec.Key:
    return xmlsec.Key.from_memory(certificate, xmlsec.constants.KeyDataFormatCertDer)


def _transforms() -> Mapping[str, Any]:
    known = xmlsec.constants
    every = (known.TransformRsaSha256, known.TransformEcdsaSha256, known.TransformEcdsaSha384)
    return {transform.href: transform for transform in every}


def _context(signature: etree._Element, key: xmlsec.Key) -> xmlsec.SignatureContext:
    context = xmlsec.SignatureContext()
    context.key = key
    for reference in _references(signature):
        identifier = reference.get("URI").removeprefix("#")
        if not reference.get("URI").startswith("#"):
            continue
        everywhere = itertools.chain(signature.iter("*"), signature.getroottree().getroot().iter("*"))
        named = ((each, name) for each in everywhere for name in _IDENTIFIERS if each.get(name) == identifier)
        if first := next(named, None):
            context.register_id(*first)
    return context


@functools.cache
def _serve_only_what_is_given() -> None:
    """Take libxmlsec1's ways to files and networks away, for the whole process, and give it ours."""
    xmlsec.cleanup_callbacks()
    xmlsec.register_callbacks(
        lambda uri: _name(uri) in _served.files,
        _open,
        _read,
        lambda file: None,
    )


def _name(uri: str | bytes) -> str:
    return urllib.parse.unquote(os.fsdecode(uri))


def _open(uri: str | bytes) -> io.BytesIO:
    return io.BytesIO(_served.files[_name(uri)])


def _read(file: io.BytesIO, buffer: memoryview) -> int:
    return file.readinto(buffer)
