"""Validation reports as XML after ETSI TS 119 102-2 (V1.2.1): what other validation software reads."""

import base64
import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from lxml import etree

from signing.report import SignatureReport, ValidationReport

_REPORT = "http://uri.etsi.org/19102/v1.2.1#"
_XADES = "http://uri.etsi.org/01903/v1.3.2#"
_DSIG = "http://www.w3.org/2000/09/xmldsig#"
_SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
_URN = "urn:etsi:019102"
_FACT = "urn:jitsuin:fact"  # what the standard has no place for
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2


def to_etsi(reports: Iterable[ValidationReport]) -> bytes | None:
    """All signatures of all files in one report, in UTF-8; None where there is none, which the schema has no form for.

    A file without a signature is not in it. A certificate is given by its digest, not as a whole.
    """
    signatures = [(report, signature) for report in reports for signature in report.signatures]
    if not signatures:
        return None
    root = etree.Element(_name("ValidationReport"), nsmap={None: _REPORT, "xades": _XADES, "ds": _DSIG})
    for report, signature in signatures:
        _signature(root, report, signature)
    digests = dict.fromkeys(each.sha256 for _report, one in signatures for each in one.certification_path)
    if digests:
        objects = _add(root, "SignatureValidationObjects")
        for digest in digests:
            _certificate(objects, digest)
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True))


def _signature(root: etree._Element, report: ValidationReport, signature: SignatureReport) -> None:
    element = _add(root, "SignatureValidationReport")
    identifier = _add(element, "SignatureIdentifier")
    _add(identifier, "HashOnly", "false")
    _add(identifier, "DocHashOnly", "false")
    _add(identifier, "DAIdentifier", f"{report.path}: {signature.name}")
    _times(element, report, signature)
    if report.sha256:
        _digest(_add(element, "SignersDocument"), report.sha256)
    if signature.intact:
        _attributes(element, signature)
    if signature.certification_path:
        signer = _add(element, "SignerInformation")
        _refer(signer, "SignerCertificate", signature.certification_path[0].sha256)
        if signature.signer:
            _add(signer, "Signer", signature.signer)
    process = "LTVM" if signature.timestamp_time else "Basic"  # 5.5 and 5.3 of EN 319 102-1
    _add(
        _add(element, "SignatureValidationProcess"),
        "SignatureValidationProcessID",
        f"{_URN}:validationprocess:{process}",
    )
    _status(element, signature)


def _times(element: etree._Element, report: ValidationReport, signature: SignatureReport) -> None:
    times = _add(element, "ValidationTimeInfo")
    _add(times, "ValidationTime", _time(report.moment))
    best = _add(times, "BestSignatureTime")
    _add(best, "POETime", _time(signature.timestamp_time or report.moment))
    _add(best, "TypeOfProof", f"{_URN}:poetype:validation")


def _attributes(element: etree._Element, signature: SignatureReport) -> None:
    if not (signature.signing_time or signature.timestamp_time):
        return
    attributes = _add(element, "SignatureAttributes")
    if signature.signing_time:
        _add(_add(attributes, "SigningTime", Signed="true"), "Time", _time(signature.signing_time))
    if signature.timestamp_time:
        stamp = _add(attributes, "SignatureTimeStamp", Signed="false")
        _add(stamp, "TimeStampValue", _time(signature.timestamp_time))


def _status(element: etree._Element, signature: SignatureReport) -> None:
    status = _add(element, "SignatureValidationStatus")
    _add(status, "MainIndication", f"{_URN}:mainindication:{signature.indication.lower()}")
    if signature.sub_indication:
        _add(status, "SubIndication", f"{_URN}:subindication:{signature.sub_indication}")
    data = _add(status, "AssociatedValidationReportData")
    _chain(data, signature)
    additional = _add(data, "AdditionalValidationReportData")
    for kind, value in _facts(signature):
        entry = _add(additional, "ReportData")
        _add(entry, "Type", f"{_FACT}:{kind}")
        _add(entry, "Value", value)


def _chain(data: etree._Element, signature: SignatureReport) -> None:
    path = [each.sha256 for each in signature.certification_path]
    if not path:
        return
    anchor = path[-1] if signature.trusted else None
    if anchor:
        _refer(data, "TrustAnchor", anchor)
    chain = _add(data, "CertificateChain")
    _refer(chain, "SigningCertificate", path[0])
    for digest in path[1:-1] if anchor else path[1:]:
        _refer(chain, "IntermediateCertificate", digest)
    if anchor:
        _refer(chain, "TrustAnchor", anchor)


def _facts(signature: SignatureReport) -> Iterator[tuple[str, str]]:
    yield "format", signature.format
    if signature.level:
        yield "level", signature.level
    yield "covers", signature.covers
    yield "changes-after", signature.changes_after
    yield "revocation", signature.revocation
    yield "issuer-class", signature.issuer_class
    for problem in signature.problems:
        yield "problem", problem.code


def _certificate(objects: etree._Element, digest: str) -> None:
    element = _add(objects, "ValidationObject", id=_identifier(digest))
    _add(element, "ObjectType", f"{_URN}:validationObject:certificate")
    _digest(_add(element, "ValidationObjectRepresentation"), digest)


def _digest(parent: etree._Element, hexadecimal: str) -> None:
    element = _add(parent, "DigestAlgAndValue")
    etree.SubElement(element, f"{{{_DSIG}}}DigestMethod", Algorithm=_SHA256)
    value = etree.SubElement(element, f"{{{_DSIG}}}DigestValue")
    value.text = base64.b64encode(bytes.fromhex(hexadecimal)).decode()


def _refer(parent: etree._Element, name: str, digest: str) -> None:
    _add(parent, name, VOReference=_identifier(digest))


def _identifier(digest: str) -> str:
    return f"certificate-{digest}"  # an XML identifier does not begin with a digit


def _add(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, _name(name), **attributes)
    element.text = None if text is None else _NO_XML.sub("\N{REPLACEMENT CHARACTER}", text)
    return element


def _name(name: str) -> str:
    return f"{{{_REPORT}}}{name}"


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
