"""Files made to deceive: whatever is rearranged, none is shown clean."""

import base64
import os
import re
import socket
import unicodedata
from pathlib import Path

import pytest

from signing import verify
from signing.report import Coverage, Indication, SubIndication, Verdict

DSIG = "http://www.w3.org/2000/09/xmldsig#"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
SIGNATURE = re.compile(r"<(?:\w+:)?Signature .*</(?:\w+:)?Signature>", re.DOTALL)


def codes(signature) -> set[str]:
    return {problem.code for problem in signature.problems}


def only(report):
    (signature,) = report.signatures
    return signature


def assert_never_clean(report) -> None:
    """No name beside a green mark: either it fails, or it says that it covers a part of the file."""
    assert report.verdict is not Verdict.PASSED
    for signature in report.signatures:
        assert signature.indication is not Indication.TOTAL_PASSED
        assert signature.covers is Coverage.PART or not signature.intact


def taken_out(text: str) -> tuple[str, str]:
    signature = SIGNATURE.search(text)[0]
    return text.replace(signature, ""), signature


# --- wrapping: the signed part is still there, and something else is shown

SIGNED = '<RKO0010 VR="25.0.0" id="RKO0010">'


@pytest.fixture
def e_tax(workshop) -> str:
    return workshop.by_hand(workshop.e_tax())


def forged(text: str, identifier: str = "RKO0010") -> str:
    """The procedure with another amount, and perhaps another identifier."""
    procedure = re.search(r"<RKO0010 .*</RKO0010>", text, re.DOTALL)[0]
    changed = procedure.replace(">500000<", ">1<").replace('id="RKO0010"', f'id="{identifier}"')
    # Only the identifier of the procedure counts here: the inner ones are made different too.
    return re.sub(r'(?i)\b(id)="(?!RKO0010|evil)(\w)', r'\1="x\2', changed)


def test_second_procedure_with_the_same_identifier(workshop, e_tax: str) -> None:
    for attacked in (
        e_tax.replace(SIGNED, forged(e_tax) + SIGNED),
        e_tax.replace("<dsig:", forged(e_tax) + "<dsig:", 1),
    ):
        signature = only(workshop.judge(attacked))
        assert (signature.indication, codes(signature)) == (Indication.TOTAL_FAILED, {"xml.duplicate-id"})


@pytest.mark.parametrize("attribute", ["id", "Id", "ID", "xml:id"])
def test_identifier_twice_however_it_is_written(workshop, e_tax: str, attribute: str) -> None:
    attacked = e_tax.replace("<dsig:Signature", f'<x {attribute}="RKO0010"/><dsig:Signature', 1)
    assert codes(only(workshop.judge(attacked))) == {"xml.duplicate-id"}


def test_signed_procedure_hidden_in_a_wrapper(workshop, e_tax: str) -> None:
    procedure = re.search(r"<RKO0010 .*</RKO0010>", e_tax, re.DOTALL)[0]
    fake = forged(e_tax, "evil").replace("RKO0010", "evil")
    for place in ("before", "within", "in the signature"):
        hidden = f"<hidden>{procedure}</hidden>"
        attacked = {
            "before": e_tax.replace(procedure, hidden + fake),
            "within": e_tax.replace(procedure, fake.replace("</CONTENTS>", f"{hidden}</CONTENTS>")),
            "in the signature": e_tax.replace(procedure, fake).replace(
                "</dsig:Signature>", f"<dsig:Object>{procedure}</dsig:Object></dsig:Signature>"
            ),
        }[place]
        report = workshop.judge(attacked)
        assert_never_clean(report)
        told = codes(only(report)) & {"signature.wrong-element", "signature.misplaced", "signature.outside"}
        assert told or not only(report).intact  # in the signature it takes over one more namespace, and its digest goes


def test_whole_document_inside_another_one(workshop, e_tax: str) -> None:
    inner = e_tax.partition("?>\n")[2]
    for outer in (f"<a>{inner}</a>", f'<DATA id="DATA">{forged(e_tax, "x").replace("RKO0010", "x")}{inner}</DATA>'):
        assert_never_clean(workshop.judge(outer))


def test_deduction_certificate_around_the_signed_one(workshop) -> None:
    signed = workshop.by_hand(workshop.teg()).rpartition("?>\n")[2]
    fake = f'<TEG800 xmlns="http://xml.e-tax.nta.go.jp/XSD/kyotsu" id="x"><WNA00010>1</WNA00010>{signed}</TEG800>'
    assert_never_clean(workshop.judge(fake))
    without, signature = taken_out(signed)
    moved = fake.replace(signed, without).replace("</TEG800>\n</TEG800>", f"</TEG800>{signature}</TEG800>")
    report = workshop.judge(moved)
    assert_never_clean(report)


def test_official_document_with_another_body(workshop) -> None:
    signed = workshop.by_hand(workshop.official())
    body = re.search("<BODY.*</BODY>", signed)[0]
    fake = body.replace("給付を決定する", "給付を却下する").replace("DOCBODY", "other")
    report = workshop.judge(signed.replace(body, fake + f"<BACK>{body}</BACK>"))
    assert_never_clean(report)
    front = workshop.judge(signed.replace("<FRONT/>", "<FRONT><P>通知の補足</P></FRONT>"))
    assert_never_clean(front)
    assert "signature.outside" in codes(only(front))


def test_moved_signature(workshop) -> None:
    """Where the transform would still leave it out, but no reader expects it."""
    without, signature = taken_out(workshop.by_hand(workshop.official()))
    report = workshop.judge(without.replace("</DOC>", f"<BACK>{signature}</BACK></DOC>"))
    assert (only(report).indication, "signature.misplaced" in codes(only(report))) == (Indication.TOTAL_FAILED, True)


def test_content_in_an_object_that_nothing_signs(workshop) -> None:
    signed = workshop.by_hand(workshop.generic())
    attacked = signed.replace("</ds:Signature>", "<ds:Object><note>pay</note></ds:Object></ds:Signature>")
    report = workshop.judge(attacked)
    assert only(report).intact
    assert_never_clean(report)


@pytest.mark.parametrize("place", ["</dsig:KeyInfo>", "</dsig:X509Data>"])
def test_content_where_a_signature_has_its_keys(workshop, e_tax: str, place: str) -> None:
    report = workshop.judge(e_tax.replace(place, f'<note xmlns="">pay</note>{place}'))
    assert only(report).intact
    assert "signature.outside" in codes(only(report))


def test_content_among_unsigned_properties(workshop) -> None:
    properties = workshop.properties("s")
    end = properties[properties.rindex("</") :]
    for added in ("", '<note xmlns="">pay</note>'):
        objects = f"<ds:Object>{properties.replace(end, added + end)}</ds:Object>"
        report = workshop.judge(workshop.by_hand(workshop.generic(objects=objects)))
        assert ("signature.outside" in codes(only(report))) is bool(added)


@pytest.mark.parametrize(
    ("place", "added"),
    [
        ("<RKO0010 ", "<note/>"),
        ("<dsig:Signature ", "text"),
        ("</DATA>", "<SOFUSHO>x</SOFUSHO>"),
        ('<DATA id="DATA"', ' lang="x"'),
    ],
)
def test_something_outside_of_the_procedure(workshop, e_tax: str, place: str, added: str) -> None:
    attacked = e_tax.replace(place, place + added if place.startswith("<DATA") else added + place, 1)
    report = workshop.judge(attacked)
    assert only(report).intact
    assert_never_clean(report)
    assert "signature.outside" in codes(only(report))


@pytest.mark.parametrize("added", ['xml:lang="ja"', 'xml:space="preserve" xml:base="x"', 'xmlns:more="urn:more"'])
def test_what_the_procedure_takes_over_from_around_it_is_signed(workshop, tmp_path: Path, added: str) -> None:
    """Inclusive C14N makes xml:* and namespaces of the ancestors part of the octets: changed, the signature breaks."""
    template = workshop.e_tax().replace('<DATA id="DATA"', f'<DATA id="DATA" {added}')
    names = ["id http://xml.e-tax.nta.go.jp/XSD/shotoku:RKO0010"]
    signed = workshop.by_xmlsec1(template, workshop.signer, tmp_path, identifiers=names)
    report = workshop.judge(signed)
    assert (only(report).indication, only(report).covers) == (Indication.TOTAL_PASSED, Coverage.WHOLE)
    assert not codes(only(report))
    changed = workshop.judge(signed.replace(added, added[:-1] + '2"'))
    assert only(changed).indication is Indication.TOTAL_FAILED


def test_what_the_procedure_says_itself_is_not_taken_over(workshop, tmp_path: Path) -> None:
    template = workshop.e_tax().replace('<DATA id="DATA"', '<DATA id="DATA" xml:lang="en"')
    template = template.replace("<RKO0010 ", '<RKO0010 xml:lang="ja" ')
    names = ["id http://xml.e-tax.nta.go.jp/XSD/shotoku:RKO0010"]
    # SignedInfo takes xml:lang over, too: with its own this one can be altered, and the signature holds.
    template = template.replace("<dsig:SignedInfo", '<dsig:SignedInfo xml:lang="ja"')
    report = workshop.judge(workshop.by_xmlsec1(template, workshop.signer, tmp_path, identifiers=names))
    assert only(report).intact
    assert "signature.outside" in codes(only(report))


def test_part_of_a_document_of_no_known_kind(workshop) -> None:
    text = workshop.generic(uri="#i").replace('<item n="1">', '<item id="i" n="1">')
    report = workshop.judge(workshop.by_hand(text))
    assert only(report).signed_element == "item#i"
    assert only(report).sub_indication is SubIndication.SIG_CONSTRAINTS_FAILURE
    assert_never_clean(report)


def test_one_bad_signature_among_good_ones(workshop, e_tax: str) -> None:
    method = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384"
    template = workshop.e_tax_signature(identifier="_2", certificates=[workshop.curve.der], method=method)
    second = workshop.by_hand(e_tax.replace("</DATA>", f"{template}</DATA>"), workshop.curve)
    assert workshop.judge(second).verdict is Verdict.PASSED
    before, name, after = second.rpartition("<dsig:SignatureValue>")
    report = workshop.judge(before + name + after[:20][::-1] + after[20:])
    assert [each.indication for each in report.signatures] == [Indication.TOTAL_PASSED, Indication.TOTAL_FAILED]
    assert report.verdict is Verdict.FAILED


# --- more, or fewer, signatures than there are


@pytest.mark.parametrize("changed", ["", 'Id="_1"', "\n"])
def test_copy_of_a_signature_is_no_second_one(workshop, e_tax: str, changed: str) -> None:
    """Pasted as it is, under another Id, with its value wrapped in another way."""
    copy = SIGNATURE.search(e_tax)[0]
    copy = {"": copy, 'Id="_1"': copy.replace('Id="_1"', 'Id="_2"'), "\n": copy.replace("&#13;\n", "")}[changed]
    report = workshop.judge(e_tax.replace("</DATA>", f"{copy}</DATA>"))
    first, second = report.signatures
    assert (second.intact, second.signer, second.indication) == (False, None, Indication.INDETERMINATE)
    assert [(each.code, each.facts) for each in second.problems] == [("signature.copy", {"name": "Signature1"})]
    assert first.intact
    assert report.verdict is Verdict.INDETERMINATE
    same_id = 'Id="_2"' not in copy
    assert ("signature.duplicate-id" in codes(first)) is same_id
    assert first.indication is (Indication.INDETERMINATE if same_id else Indication.TOTAL_PASSED)


def test_signatures_by_two_keys_with_one_identifier(workshop, e_tax: str) -> None:
    template = e_tax.replace("</DATA>", workshop.e_tax_signature(certificates=[workshop.root.der]) + "</DATA>")
    report = workshop.judge(workshop.by_hand(template, workshop.root))
    assert [each.intact for each in report.signatures] == [True, True]
    for signature in report.signatures:
        assert "signature.duplicate-id" in codes(signature)
        assert signature.indication is not Indication.TOTAL_PASSED


@pytest.mark.parametrize(
    "wrong",
    [
        f"{DSIG}/",
        DSIG[:-1],
        DSIG.replace("http:", "https:"),
        DSIG.replace("xmldsig", "XMLDSIG"),
        DSIG.replace("xmldsig", "xmldisg"),
        "urn:another",
    ],
)
def test_signature_in_a_namespace_that_is_none(workshop, e_tax: str, wrong: str) -> None:
    report = workshop.judge(e_tax.replace(f'xmlns:dsig="{DSIG}"', f'xmlns:dsig="{wrong}"'))
    assert (report.verdict, report.signatures) == (Verdict.UNREADABLE, ())
    assert [(each.code, each.facts) for each in report.problems] == [
        ("signature.not-xmldsig", {"name": f"{{{wrong}}}Signature"})
    ]


@pytest.mark.parametrize(
    ("right", "wrong"), [("dsig:", ""), ("dsig:Signature", "dsig:signature"), ("dsig:Sign", "dsig:SIGN")]
)
def test_signature_without_a_namespace_or_in_another_case(workshop, e_tax: str, right: str, wrong: str) -> None:
    attacked = re.sub(rf"(?<=<){right}|(?<=</){right}", wrong, e_tax)
    report = workshop.judge(attacked.replace("SIGNedInfo", "SignedInfo"))
    assert (report.verdict, [each.code for each in report.problems]) == (Verdict.UNREADABLE, ["signature.not-xmldsig"])


def test_mangled_signature_beside_a_good_one(workshop, e_tax: str) -> None:
    mangled = SIGNATURE.search(e_tax)[0].replace('xmldsig#"', 'xmldsig"')
    report = workshop.judge(e_tax.replace("</DATA>", f"{mangled}</DATA>"))
    assert_never_clean(report)
    assert [each.code for each in report.problems] == ["signature.not-xmldsig"]
    signed_with_it = workshop.by_hand(workshop.generic().replace("<price>", f"<proof>{mangled}</proof><price>"))
    covered = workshop.judge(signed_with_it)
    assert only(covered).intact
    assert [each.code for each in covered.problems] == ["signature.not-xmldsig"]


# --- the signature itself


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<ds:SignedInfo>", "<ds:SignedInfo/><ds:SignedInfo>"),
        ("</ds:SignedInfo>", "</ds:SignedInfo><ds:SignedInfo/>"),
        ("<ds:SignatureValue>", "<ds:SignatureValue>AAAA</ds:SignatureValue><ds:SignatureValue>"),
        ("<ds:DigestValue>", "<ds:DigestValue>AAAA</ds:DigestValue><ds:DigestValue>"),
        ("<ds:DigestValue>", "<ds:DigestValue>AAAA<!---->"),
        ("<ds:SignatureValue>", "<ds:SignatureValue>AAAA<?a?>"),
        ("<ds:SignedInfo>", "<Evil/><ds:SignedInfo>"),
        ("<ds:SignedInfo>", "text<ds:SignedInfo>"),
        ("</ds:KeyInfo>", "</ds:KeyInfo><ds:KeyInfo/>"),
        ("</ds:SignatureValue>", "!</ds:SignatureValue>"),
    ],
)
def test_signature_that_can_be_read_in_two_ways(workshop, old: str, new: str) -> None:
    signed = workshop.by_hand(workshop.generic())
    signature = only(workshop.judge(signed.replace(old, new, 1)))
    assert (signature.indication, codes(signature)) == (Indication.TOTAL_FAILED, {"signature.malformed"})


@pytest.mark.parametrize(
    ("method", "code"),
    [
        (f"{DSIG}hmac-sha1", "algorithm.refused"),
        ("http://www.w3.org/2001/04/xmldsig-more#hmac-sha256", "algorithm.refused"),
        ("http://www.w3.org/2001/04/xmldsig-more#rsa-md5", "algorithm.refused"),
        ("http://www.w3.org/2001/04/xmldsig-more#none", "algorithm.refused"),
        ("urn:of-tomorrow", "algorithm.unknown"),
    ],
)
def test_methods_that_prove_nothing(workshop, method: str, code: str) -> None:
    signed = workshop.by_hand(workshop.generic()).replace("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", method)
    signature = only(workshop.judge(signed))
    assert (signature.intact, signature.signer, codes(signature)) == (False, None, {code})
    assert signature.sub_indication is SubIndication.CRYPTO_CONSTRAINTS_FAILURE


def test_truncated_value(workshop) -> None:
    method = '<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"'
    text = workshop.generic().replace(
        f"{method}/>", f"{method}><ds:HMACOutputLength>8</ds:HMACOutputLength></ds:SignatureMethod>"
    )
    signature = only(workshop.judge(workshop.by_hand(text)))
    assert (signature.intact, codes(signature)) == (False, {"algorithm.refused"})


def test_digest_by_md5(workshop) -> None:
    md5 = "http://www.w3.org/2001/04/xmldsig-more#md5"
    text = workshop.by_hand(workshop.generic())
    info = text.replace("http://www.w3.org/2001/04/xmlenc#sha256", md5)
    signature = only(workshop.judge(info))
    assert signature.indication is Indication.TOTAL_FAILED  # the value covers the name of the digest
    assert "algorithm.refused" in codes(signature)


def test_key_beside_the_certificate_that_is_not_its_key(workshop) -> None:
    number = workshop.root.key.public_key().public_numbers()
    modulus = base64.b64encode(number.n.to_bytes(256, "big")).decode()
    key = f"<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>{modulus}</ds:Modulus><ds:Exponent>AQAB</ds:Exponent>"
    text = workshop.generic().replace("<ds:KeyInfo>", f"<ds:KeyInfo>{key}</ds:RSAKeyValue></ds:KeyValue>")
    signature = only(workshop.judge(workshop.by_hand(text)))
    assert (signature.intact, "signature.key-differs" in codes(signature)) == (True, True)
    assert signature.sub_indication is SubIndication.SIG_CONSTRAINTS_FAILURE


def test_certificate_of_somebody_else(workshop) -> None:
    signature = only(workshop.judge(workshop.by_hand(workshop.generic(certificates=[workshop.root.der]))))
    assert (signature.indication, signature.signer) == (Indication.TOTAL_FAILED, None)
    assert signature.sub_indication is SubIndication.SIG_CRYPTO_FAILURE


def test_broken_certificate(workshop) -> None:
    signature = only(workshop.judge(workshop.by_hand(workshop.generic(certificates=[workshop.signer.der[:300]]))))
    assert signature.sub_indication is SubIndication.NO_SIGNING_CERTIFICATE_FOUND
    assert "certificate.unreadable" in codes(signature)


@pytest.mark.parametrize(
    "transform",
    [
        '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"><ds:XPath>not(self::u)</ds:XPath></ds:Transform>',
        '<ds:Transform Algorithm="http://www.w3.org/2002/06/xmldsig-filter2"/>',
        '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"/>',
        '<ds:Transform Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithNothing"/>',
    ],
)
def test_transforms_that_are_not_run_are_told_as_such(workshop, transform: str) -> None:
    text = workshop.generic().replace("<ds:Transforms>", f"<ds:Transforms>{transform}")
    signature = only(workshop.judge(workshop.by_hand(text)))
    assert (signature.indication, signature.sub_indication) == (Indication.INDETERMINATE, None)
    assert codes(signature) >= {"reference.transform-not-run"}
    assert (signature.intact, signature.signer) == (False, None)


# --- files beside, and what is not beside


@pytest.mark.parametrize(
    "uri",
    [
        *("../secret.txt", "..%2Fsecret.txt", "%2e%2e/secret.txt", "..\\secret.txt", "..%5Csecret.txt", "..", "."),
        *("/etc/passwd", "file:///etc/passwd", "file:secret.txt", "http://127.0.0.1/x", "//host/share", "C:secret.txt"),
        *("sub/secret.txt", "secret.txt%00", "secret.txt#x", "secret.txt?x", "%FF", "link.txt"),
    ],
)
def test_nothing_outside_of_the_folder_is_looked_at(workshop, tmp_path: Path, uri: str) -> None:
    folder = tmp_path / "folder"
    (folder / "sub").mkdir(parents=True)
    for place in (tmp_path, folder / "sub"):
        (place / "secret.txt").write_bytes(b"secret")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    path = folder / "a.xml"
    path.write_text(workshop.by_hand(workshop.sidecar(uri), octets={uri: b"secret"}))
    signature = only(verify(path, trust=workshop.trust, moment=workshop.now))
    assert (signature.indication, signature.intact) == (Indication.INDETERMINATE, False)
    assert signature.sub_indication is SubIndication.SIGNED_DATA_NOT_FOUND
    assert codes(signature) <= {"reference.outside", "reference.missing"}


def test_nothing_is_fetched(workshop) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        host = f"http://127.0.0.1:{server.getsockname()[1]}"
        dtd = f'<!DOCTYPE order SYSTEM "{host}/order.dtd">'
        style = f'<?xml-stylesheet type="text/xsl" href="{host}/a.xsl"?>'
        for text in (workshop.sidecar(f"{host}/a"), dtd + workshop.generic(), style + workshop.generic()):
            workshop.judge(workshop.by_hand(text, octets={f"{host}/a": b""}))
        server.setblocking(False)
        with pytest.raises(BlockingIOError):  # nobody has knocked
            server.accept()


@pytest.mark.parametrize("uri", ["#%00", "#%FF", "#nowhere", "#xpointer(//item)", "#"])
def test_what_is_not_in_the_document(workshop, uri: str) -> None:
    """And the good signature beside it is judged all the same."""
    signed = workshop.by_hand(workshop.e_tax())
    broken = workshop.by_hand(workshop.sidecar(uri), octets={uri: b""})
    good, bad = workshop.judge(signed.replace("</DATA>", f"{broken}</DATA>")).signatures
    assert good.indication is Indication.TOTAL_PASSED
    assert (bad.intact, bad.signer) == (False, None)
    assert codes(bad) <= {"reference.missing", "signature.malformed"}


def test_missing_file_is_named(workshop) -> None:
    signature = only(workshop.judge(workshop.by_hand(workshop.sidecar("a.bin"), octets={"a.bin": b"x"})))
    assert signature.sub_indication is SubIndication.SIGNED_DATA_NOT_FOUND
    assert [(each.code, each.facts["name"]) for each in signature.problems] == [("reference.missing", "a.bin")]


def test_two_files_that_nobody_can_tell_apart(workshop) -> None:
    composed = "ガ.txt"
    decomposed = unicodedata.normalize("NFD", composed)
    assert composed != decomposed
    uri = "%E3%82%AC.txt"
    signed = workshop.by_hand(workshop.sidecar(uri), octets={uri: b"x"})
    signature = only(workshop.judge(signed, **{composed: b"x", decomposed: b"other"}))
    assert (signature.intact, codes(signature)) == (False, {"reference.ambiguous"})


def test_file_that_cannot_be_read_and_pipe(workshop, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.bin")
    path = tmp_path / "a.xml"
    path.write_text(workshop.by_hand(workshop.sidecar("a.bin"), octets={"a.bin": b"x"}))
    signature = only(verify(path, trust=workshop.trust, moment=workshop.now))
    assert codes(signature) == {"reference.unreadable"}


# --- properties


def test_properties_that_nothing_covers_say_nothing(workshop) -> None:
    objects = f"<ds:Object>{workshop.properties('s')}</ds:Object>"
    signature = only(workshop.judge(workshop.by_hand(workshop.generic(identifier="s", objects=objects))))
    assert (signature.signing_time, signature.level) == (None, None)
    assert "signature.properties-unsigned" in codes(signature)
    assert signature.sub_indication is SubIndication.SIG_CONSTRAINTS_FAILURE


def test_properties_that_name_another_certificate(workshop) -> None:
    signed = workshop.prescription(
        objects=f"<xs:Object>{workshop.properties('sign', certificate=workshop.root.der)}</xs:Object>"
    )
    signature = only(workshop.judge(workshop.by_hand(signed)))
    assert (signature.intact, signature.level) == (True, None)
    assert "signature.certificate-differs" in codes(signature)
    assert signature.sub_indication is SubIndication.SIG_CONSTRAINTS_FAILURE


def test_long_term_data_is_told_as_not_checked(workshop) -> None:
    unsigned = (
        "<xa:UnsignedProperties><xa:UnsignedSignatureProperties><xa:TimeStampValidationData/><xa:SignatureTimeStamp>"
        "<xa:EncapsulatedTimeStamp>AAAA</xa:EncapsulatedTimeStamp></xa:SignatureTimeStamp>"
        "</xa:UnsignedSignatureProperties></xa:UnsignedProperties>"
    )
    signed = workshop.prescription(objects=f"<xs:Object>{workshop.properties('sign', unsigned=unsigned)}</xs:Object>")
    signature = only(workshop.judge(workshop.by_hand(signed)))
    assert {"signature.long-term-not-checked", "timestamp.unreadable"} <= codes(signature)
    assert (str(signature.level), signature.sub_indication) == ("B-B", SubIndication.TRY_LATER)


def test_counter_signature_is_told_apart(workshop) -> None:
    first = workshop.prescription().replace("<xs:SignatureValue/>", '<xs:SignatureValue Id="value"/>')
    first = workshop.by_hand(first)
    counter = workshop.sidecar("#value")
    unsigned = (
        "<xa:UnsignedProperties><xa:UnsignedSignatureProperties><xa:CounterSignature>"
        f"{counter}</xa:CounterSignature></xa:UnsignedSignatureProperties></xa:UnsignedProperties>"
    )
    signed = workshop.by_hand(first.replace("</xa:QualifyingProperties>", f"{unsigned}</xa:QualifyingProperties>"))
    report = workshop.judge(signed)
    assert [each.name for each in report.signatures] == ["Signature1", "Signature1/CounterSignature1"]
    assert report.verdict is Verdict.PASSED
    assert report.signatures[1].covers is Coverage.PART
    other = signed.replace('URI="#value"', 'URI="#properties"')
    assert workshop.judge(other).signatures[1].indication is Indication.TOTAL_FAILED
