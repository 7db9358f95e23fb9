"""What a SignedData carries for a later validation: certificates, CRLs and OCSP responses, in all the places in use."""

from collections.abc import Iterator
from dataclasses import dataclass

from asn1crypto import cms, core, crl, ocsp, x509
from asn1crypto.pdf import RevocationInfoArchival

from signing.revocation import RevocationData

_ADOBE_ARCHIVAL = "1.2.840.113583.1.1.8"
_CERTIFICATE_VALUES = "1.2.840.113549.1.9.16.2.23"  # EN 319 122-1, A.1.1.2
_REVOCATION_VALUES = "1.2.840.113549.1.9.16.2.24"  # EN 319 122-1, A.1.2.2
_MOST_VALUES = 64


@dataclass(frozen=True, slots=True)
class ValidationData:
    """What a file brings along, so that it can be validated later (ETSI EN 319 102-1, 3.1); certificates in DER."""

    certificates: tuple[bytes, ...] = ()
    revocation: RevocationData = RevocationData()  # noqa: RUF009 - immutable

    def __add__(self, other: "ValidationData") -> "ValidationData":
        return ValidationData((*self.certificates, *other.certificates), self.revocation + other.revocation)


NO_VALIDATION_DATA = ValidationData()


class _Certificates(core.SequenceOf):  # type: ignore[misc]  # the library has no types
    _child_spec = x509.Certificate


class _Lists(core.SequenceOf):  # type: ignore[misc]
    _child_spec = crl.CertificateList


class _Responses(core.SequenceOf):  # type: ignore[misc]
    _child_spec = ocsp.BasicOCSPResponse


class _RevocationValues(core.Sequence):  # type: ignore[misc]
    _fields = [  # noqa: RUF012 - the library reads it from there
        ("crls", _Lists, {"explicit": 0, "optional": True}),
        ("responses", _Responses, {"explicit": 1, "optional": True}),
        ("other", core.Any, {"explicit": 2, "optional": True}),
    ]


def carried(signed_data: cms.SignedData, signer: cms.SignerInfo) -> ValidationData:
    """What the attributes of this signer bring beside the certificates of the SignedData, and its revocation data.

    Never raises for what it is.
    """
    return ValidationData(_certificates(signer), _revocation_data(signed_data, signer))


def _certificates(signer: cms.SignerInfo) -> tuple[bytes, ...]:
    try:
        values = [each for value in _values(signer, _CERTIFICATE_VALUES) for each in _Certificates.load(value)]
        return tuple(each.dump() for each in values[:_MOST_VALUES])
    except Exception:  # the parsers raise whatever they stumble over; a path can be found without them or not
        return ()


def _revocation_data(signed_data: cms.SignedData, signer: cms.SignerInfo) -> RevocationData:
    try:
        return (
            _of_choices(signed_data["crls"])
            + _together(_of_archival(value) for value in _values(signer, _ADOBE_ARCHIVAL))
            + _together(_of_values(value) for value in _values(signer, _REVOCATION_VALUES))
        )
    except Exception:  # as above
        return RevocationData(unread=True)


def _together(parts: Iterator[RevocationData]) -> RevocationData:
    return sum(parts, start=RevocationData())


def _values(signer: cms.SignerInfo, kind: str) -> list[bytes]:
    attributes = [
        attribute
        for side in ("signed_attrs", "unsigned_attrs")
        if signer[side] is not core.VOID
        for attribute in signer[side]
    ]
    return [value.dump() for each in attributes if each["type"].dotted == kind for value in each["values"]]


def _of_choices(choices: cms.RevocationInfoChoices) -> RevocationData:
    if choices is core.VOID:
        return RevocationData()
    crls, responses, others = [], [], 0
    for choice in choices:
        if choice.name == "crl":
            crls.append(choice.chosen.dump())
        elif choice.chosen["other_rev_info_format"].native == "ocsp_response":  # RFC 5940, 2.1
            responses.append(choice.chosen["other_rev_info"].dump())
        else:
            others += 1
    return RevocationData(tuple(crls), tuple(responses), unread=bool(others))


def _of_archival(der: bytes) -> RevocationData:
    """adbe-revocationInfoArchival (ISO 32000-2, 12.8.3.3.2)."""
    archival = RevocationInfoArchival.load(der)
    return RevocationData(
        tuple(each.dump() for each in archival["crl"] or ()),
        tuple(each.dump() for each in archival["ocsp"] or ()),
        unread=archival["other_rev_info"] is not core.VOID,
    )


def _of_values(der: bytes) -> RevocationData:
    values = _RevocationValues.load(der)
    return RevocationData(
        tuple(each.dump() for each in values["crls"] or ()),
        tuple(map(_whole_response, values["responses"] or ())),
        unread=values["other"] is not core.VOID,
    )


def _whole_response(basic: ocsp.BasicOCSPResponse) -> bytes:
    """CAdES keeps the inner part of a response only (RFC 6960, 4.2.1)."""
    inner = ocsp.ResponseBytes({"response_type": "basic_ocsp_response", "response": basic})
    return bytes(ocsp.OCSPResponse({"response_status": "successful", "response_bytes": inner}).dump())
