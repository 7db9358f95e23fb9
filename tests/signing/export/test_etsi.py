"""The report for other validation software: held against the model of its schema that pyHanko ships."""

import dataclasses
import types
import typing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree
from pyhanko.generated.etsi import ts_11910202 as model
from xsdata.formats.dataclass.parsers import XmlParser

from signing.document import Kind
from signing.export.etsi import to_etsi
from signing.report import (
    CertificateFacts,
    ChangesAfter,
    Coverage,
    Indication,
    IssuerClass,
    Problem,
    SignatureFormat,
    SignatureLevel,
    SignatureReport,
    SubIndication,
    ValidationReport,
    Verdict,
)

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PATH = tuple(
    CertificateFacts(digit * 64, f"CN={digit}", "CN=c", NOW, NOW, IssuerClass.OTHER, "RSA-2048", "RSA-SHA256")
    for digit in "abc"
)
SIGNATURE = SignatureReport(
    name="Signature1",
    format=SignatureFormat.CADES,
    level=SignatureLevel.B_T,
    indication=Indication.INDETERMINATE,
    sub_indication=SubIndication.TRY_LATER,
    intact=True,
    covers=Coverage.WHOLE,
    changes_after=ChangesAfter.NONE,
    trusted=True,
    signer="山田 花子 <&>\x00",
    signing_time=NOW,
    timestamp_time=NOW,
    problems=(Problem("algorithm.digest-weak", {"algorithm": "SHA-1"}),),
    certification_path=PATH,
)
BROKEN = replace(
    SIGNATURE,
    name="Signature2",
    level=None,
    indication=Indication.TOTAL_FAILED,
    sub_indication=SubIndication.HASH_FAILURE,
    intact=False,
    trusted=False,
    signer=None,
    timestamp_time=None,
    certification_path=(),
)
PLAIN = replace(SIGNATURE, indication=Indication.TOTAL_PASSED, sub_indication=None, timestamp_time=None, trusted=False)


def report(*signatures: SignatureReport, name: str = "契約.pdf") -> ValidationReport:
    return ValidationReport(Path(name), Kind.PDF, "ab" * 32, Verdict.INDETERMINATE, NOW, signatures)


def unwrapped(kind: object) -> type | None:
    """The dataclass in `X | None` or `tuple[X, ...]`."""
    if dataclasses.is_dataclass(kind):
        return kind  # type: ignore[return-value]
    inner = (unwrapped(each) for each in typing.get_args(kind) if each is not types.NoneType)
    return next((each for each in inner if each is not None), None)


def hold_against(element: etree._Element, kind: type) -> None:
    """Order, presence, number and namespace of the elements, and the attributes, as the schema has them."""
    hints = typing.get_type_hints(kind)
    fields = [field for field in dataclasses.fields(kind) if field.metadata.get("type") == "Element"]
    names = [f"{{{field.metadata['namespace']}}}{field.metadata.get('name', field.name)}" for field in fields]
    found = [child.tag for child in element]
    assert set(found) <= set(names), element.tag
    assert found == sorted(found, key=names.index), element.tag
    for field, name in zip(fields, names, strict=True):
        assert not field.metadata.get("required") or name in found, (element.tag, name)
        assert found.count(name) <= 1 or typing.get_origin(hints[field.name]) is tuple, (element.tag, name)
    attributes = {
        field.metadata.get("name", field.name): field.metadata.get("required", False)
        for field in dataclasses.fields(kind)
        if field.metadata.get("type") == "Attribute"
    }
    assert set(element.attrib) <= set(attributes)
    assert {name for name, required in attributes.items() if required} <= set(element.attrib)
    for child in element:
        inner = unwrapped(hints[fields[names.index(child.tag)].name])
        if inner is not None and inner.__module__ == model.__name__:
            hold_against(child, inner)


@pytest.mark.parametrize("signatures", [(SIGNATURE,), (BROKEN,), (PLAIN,), (SIGNATURE, BROKEN, PLAIN)])
def test_it_is_what_the_schema_demands(signatures: tuple[SignatureReport, ...]) -> None:
    content = to_etsi([report(*signatures), report(SIGNATURE, name="\udcff")])
    assert content is not None
    hold_against(etree.fromstring(content), model.ValidationReport)
    identifiers = [each.get("id") for each in etree.fromstring(content).iter() if each.get("id")]
    referred = [each.get("VOReference") for each in etree.fromstring(content).iter() if each.get("VOReference")]
    assert set(referred) <= set(identifiers)
    assert len(identifiers) == len(set(identifiers))


def test_another_reader_understands_it() -> None:
    content = to_etsi([report(SIGNATURE, BROKEN)])
    assert content is not None
    good, bad = XmlParser().from_bytes(content, model.ValidationReport).signature_validation_report
    assert good.signature_validation_status.main_indication == "urn:etsi:019102:mainindication:indeterminate"
    assert good.signature_validation_status.sub_indication == ("urn:etsi:019102:subindication:TRY_LATER",)
    assert good.signer_information.signer == "山田 花子 <&>\N{REPLACEMENT CHARACTER}"
    assert good.validation_time_info.validation_time.to_datetime() == NOW
    assert bad.signature_validation_status.main_indication == "urn:etsi:019102:mainindication:total-failed"
    assert (bad.signer_information, bad.signature_attributes) == (None, None)


def test_without_a_signature_there_is_no_such_report() -> None:
    assert to_etsi([report()]) is None
