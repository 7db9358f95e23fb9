"""Keys, documents of every Japanese form, and signatures over them by others than us; nothing here was ever real.

`xmlsec1` (the program) signs what it can, and `by_hand` the rest: with the arithmetic of a page of Python, so that
every element of a signature can be put where an attack wants it.
"""

import base64
import functools
import hashlib
import re
import subprocess
import tempfile
import urllib.parse
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from lxml import etree

from signing import Trust, ValidationReport, verify

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DSIG = "http://www.w3.org/2000/09/xmldsig#"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
XADES = "http://uri.etsi.org/01903/v1.3.2#"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
ENVELOPED = f"{DSIG}enveloped-signature"
SHA1, SHA256 = f"{DSIG}sha1", "http://www.w3.org/2001/04/xmlenc#sha256"
RSA_SHA1, RSA_SHA256 = f"{DSIG}rsa-sha1", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
ECDSA_SHA384 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384"


@functools.cache
def rsa_key(bits: int, number: int = 0) -> rsa.RSAPrivateKey:
    """One key for each size and number in a run: making keys is what takes time."""
    return rsa.generate_private_key(65537, bits)


@functools.cache
def ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP384R1())


@dataclass(frozen=True)
class Party:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    def files(self, folder: Path) -> str:
        """Key and certificate as xmlsec1 wants them, in one argument."""
        key, certificate = folder / "key.pem", folder / "certificate.pem"
        key.write_bytes(self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        certificate.write_bytes(self.certificate.public_bytes(Encoding.PEM))
        return f"{key},{certificate}"


def issue(
    common: str, key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, by: Party | None = None,
    *, days: tuple[int, int] = (-30, 300), digest: hashes.HashAlgorithm | None = None,
) -> Party:  # fmt: skip
    """A certificate valid from and to so many days from NOW; without `by` it signs itself and is an authority."""
    subject = x509.Name(
        [x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"), x509.NameAttribute(NameOID.COMMON_NAME, common)]
    )
    signer = by.key if by else key
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW + timedelta(days=days[0]))
        .not_valid_after(NOW + timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(by is None, None), critical=True)
        .add_extension(
            x509.KeyUsage(by is not None, by is not None, *[False] * 3, by is None, by is None, False, False),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    return Party(builder.sign(signer, digest or hashes.SHA256()), key)


# --- a signature as text


@dataclass(frozen=True)
class Ref:
    """A ds:Reference to be: `uri`, transforms in order; `octets` is what is hashed, computed where None."""

    uri: str
    transforms: Sequence[str] = ()
    type: str = ""
    octets: bytes | None = None
    digest: str = SHA256


@dataclass(frozen=True)
class Shape:
    """How a ds:Signature is written."""

    references: Sequence[Ref]
    prefix: str = "ds"
    identifier: str = ""
    method: str = RSA_SHA256
    c14n: str = C14N
    certificates: Sequence[bytes] = ()
    objects: str = ""
    key_info: str | None = None

    def template(self) -> str:
        """With empty digests and an empty value, to be filled in by a signer."""
        p = f"{self.prefix}:" if self.prefix else ""
        declared = f"xmlns:{self.prefix}" if self.prefix else "xmlns"
        name = f' Id="{self.identifier}"' if self.identifier else ""
        info = "".join(self._reference(each, p) for each in self.references)
        return (
            f'<{p}Signature {declared}="{DSIG}"{name}>\n<{p}SignedInfo>\n'
            f'<{p}CanonicalizationMethod Algorithm="{self.c14n}"/>\n<{p}SignatureMethod Algorithm="{self.method}"/>\n'
            f"{info}</{p}SignedInfo>\n<{p}SignatureValue/>\n{self._key_info(p)}{self.objects}</{p}Signature>"
        )

    def _reference(self, reference: Ref, p: str) -> str:
        transforms = "".join(
            each if each.startswith("<") else f'<{p}Transform Algorithm="{each}"/>' for each in reference.transforms
        )
        transforms = f"<{p}Transforms>{transforms}</{p}Transforms>" if transforms else ""
        kind = f' Type="{reference.type}"' if reference.type else ""
        return (
            f'<{p}Reference URI="{reference.uri}"{kind}>{transforms}<{p}DigestMethod Algorithm="{reference.digest}"/>'
            f"<{p}DigestValue/></{p}Reference>\n"
        )

    def _key_info(self, p: str) -> str:
        if self.key_info is not None:
            return self.key_info
        certificates = "".join(f"<{p}X509Certificate>{wrapped(der)}</{p}X509Certificate>" for der in self.certificates)
        return f"<{p}KeyInfo><{p}X509Data>{certificates}</{p}X509Data></{p}KeyInfo>" if certificates else ""


def wrapped(data: bytes) -> str:
    """Base64 as Java on Windows writes it: lines that end in CR LF, with the CR as a character reference."""
    return "&#13;\n".join(re.findall(".{1,76}", base64.b64encode(data).decode()))


def canonical(element: etree._Element, *, exclusive: bool = False, comments: bool = False) -> bytes:
    """The canonical form, of a copy that stands alone with all that is in scope: about such a one lxml is right."""
    alone = etree.fromstring(etree.tostring(element, with_tail=False, encoding="utf-8"))
    return etree.tostring(alone, method="c14n", exclusive=exclusive, with_comments=comments)


def by_hand(text: str, party: Party, octets: Mapping[str, bytes] | None = None) -> str:
    """Fill in the empty digests and the empty value of the last signature; `octets` are files by their URI."""
    for reference in _last(text).iter(f"{{{DSIG}}}Reference"):
        if not reference.find(f"{{{DSIG}}}DigestValue").text:
            name = hash_name(reference.find(f"{{{DSIG}}}DigestMethod").get("Algorithm"))
            value = hashlib.new(name, _octets(reference, octets or {})).digest()
            text = _filled(text, "DigestValue", base64.b64encode(value).decode())
    info = _last(text).find(f"{{{DSIG}}}SignedInfo")
    method = info.find(f"{{{DSIG}}}CanonicalizationMethod").get("Algorithm")
    data = canonical(info, exclusive=method.startswith(EXCLUSIVE), comments=method.endswith("WithComments"))
    algorithm = info.find(f"{{{DSIG}}}SignatureMethod").get("Algorithm")
    value = sign(party, data, hash_name(algorithm), pss=algorithm.endswith("MGF1"))
    return _filled(text, "SignatureValue", wrapped(value))


def _last(text: str) -> etree._Element:
    return [*etree.fromstring(text.encode()).iter(f"{{{DSIG}}}Signature")][-1]


def _filled(text: str, name: str, value: str) -> str:
    done, count = re.subn(rf"<((?:\w+:)?{name})((?: [^>]*)?)/>", rf"<\1\2>{value}</\1>", text, count=1)
    assert count == 1
    return done


def _octets(reference: etree._Element, files: Mapping[str, bytes]) -> bytes:
    uri = reference.get("URI")
    if uri in files:
        return files[uri]
    transforms = [each.get("Algorithm") for each in reference.iter(f"{{{DSIG}}}Transform")]
    root = reference.getroottree().getroot()
    identifier = urllib.parse.unquote(uri[1:])
    every = [each for each in root.iter("{*}*") if identifier in (each.get("id"), each.get("Id"), each.get("ID"))]
    target = every[0] if uri else root
    if transforms == [f"{DSIG}base64"]:
        return base64.b64decode(target.text)
    if ENVELOPED in transforms:
        target = _without(target, next(reference.iterancestors(f"{{{DSIG}}}Signature")))
    return canonical(target, exclusive=any(each.startswith(EXCLUSIVE) for each in transforms))


def _without(target: etree._Element, signature: etree._Element) -> etree._Element:
    mark = "removed-by-the-transform"
    signature.set(mark, "")
    alone = etree.fromstring(etree.tostring(target, with_tail=False, encoding="utf-8"))
    signature.attrib.pop(mark)
    for each in alone.xpath(f"//*[@{mark}]"):
        tail = each.tail or ""
        before = each.getprevious()
        if before is None:
            each.getparent().text = (each.getparent().text or "") + tail
        else:
            before.tail = (before.tail or "") + tail
        each.getparent().remove(each)
    return alone


def hash_name(uri: str) -> str:
    return re.search("sha(1|256|384|512)", uri)[0]


def sign(party: Party, data: bytes, name: str, *, pss: bool = False) -> bytes:
    algorithm = {"sha1": hashes.SHA1(), "sha256": hashes.SHA256(), "sha384": hashes.SHA384()}[name]
    if isinstance(party.key, rsa.RSAPrivateKey):
        pad = padding.PSS(padding.MGF1(algorithm), algorithm.digest_size) if pss else padding.PKCS1v15()
        return party.key.sign(data, pad, algorithm)
    r, s = decode_dss_signature(party.key.sign(data, ec.ECDSA(algorithm)))
    return r.to_bytes(48, "big") + s.to_bytes(48, "big")


def by_xmlsec1(text: str, party: Party, folder: Path, *, identifiers: Iterable[str] = ()) -> str:
    """Let xmlsec1 fill in a template; `identifiers` are names of elements with an `id`, as it wants to be told."""
    source, target = folder / "template.xml", folder / "signed.xml"
    source.write_text(text)
    named = []
    for each in identifiers:
        attribute, _, element = each.partition(" ")
        named += [f"--id-attr:{attribute}", element]
    command = ["xmlsec1", "--sign", "--output", str(target), "--privkey-pem", party.files(folder), *named, str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == 0, done.stderr
    return target.read_text()


# --- documents of every form

E_TAX = """<?xml version="1.0" encoding="UTF-8" standalone="no" ?>
<DATA id="DATA" xmlns="http://xml.e-tax.nta.go.jp/XSD/shotoku" xmlns:gen="http://xml.e-tax.nta.go.jp/XSD/general" \
xmlns:kyo="http://xml.e-tax.nta.go.jp/XSD/kyotsu" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<RKO0010 VR="25.0.0" id="RKO0010"><CATALOG id="CATALOG"><rdf:RDF \
xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\
<rdf:description id="REPORT"><IT_SEC><rdf:description about="#IT"/></IT_SEC></rdf:description></rdf:RDF></CATALOG>
<CONTENTS id="CONTENTS"><IT VR="1.4" id="IT"><ZEIMUSHO ID="ZEIMUSHO"><gen:zeimusho_CD>01101\
</gen:zeimusho_CD></ZEIMUSHO></IT>
<KOA020 VR="23.0" id="KOA020-1" page="1"><ABA00000><ABA00010>500000</ABA00010></ABA00000></KOA020></CONTENTS></RKO0010>
@</DATA>
"""
TEG = """<?xml version="1.0" encoding="UTF-8"?>
<?xml-stylesheet type="text/xsl" href="https://xml.e-tax.nta.go.jp/xsl/1.0/CMTEG800-001.xsl"?>
<TEG800 xmlns="http://xml.e-tax.nta.go.jp/XSD/kyotsu" VR="1.0" id="TEG800" page="1" sakuseiDay="2026-10-01" \
sakuseiNM="保険会社" softNM="x"><WNA00000><WNA00010>生命保険料控除証明書</WNA00010><WNB00000 xmlns:gen="urn:gen">\
<gen:kingaku>84000</gen:kingaku></WNB00000></WNA00000>@</TEG800>
"""
OFFICIAL = """<?xml version="1.0" encoding="UTF-8"?>
<?xml-stylesheet type="text/xsl" href="kagami.xsl"?>
<DOC VERSION="1.0"><FRONT/>
<BODY ID="DOCBODY"><DOCNO>第1号</DOCNO><TITLE>決定通知書</TITLE><MAINTXT><P>給付を決定する。</P></MAINTXT></BODY>
@</DOC>
"""
KOUSEI = """<?xml version="1.0" encoding="UTF-8"?>
<DataRoot><構成情報 ID="構成情報"><管理情報><手続識別情報><手続ID>900A010200001000</手続ID></手続識別情報></管理情報>
<申請書属性情報><申請書ファイル名称>900A01020000100001_01.xml</申請書ファイル名称></申請書属性情報></構成情報>
<署名情報>@</署名情報><その他/></DataRoot>
"""
PRESCRIPTION = """<?xml version="1.0" encoding="UTF-8"?>
<Document><Prescription><PrescriptionDocument id="PrescriptionDocument">U0oxCjEsMQo=</PrescriptionDocument>\
<PrescriptionSign>@</PrescriptionSign></Prescription></Document>
"""
GENERIC = """<order xmlns="urn:order" xmlns:u="urn:unused"><item n="1">rice</item><price>100</price>@</order>
"""
COMPOSITION = "#%E6%A7%8B%E6%88%90%E6%83%85%E5%A0%B1"
# By their URI: the name, the content.
APPLICATIONS = {
    "900A01020000100001_01.xml": ("900A01020000100001_01.xml", "<申請/>".encode()),
    "tenpu%20%EF%BC%91.txt": ("tenpu １.txt", "添付\r\n".encode("cp932")),
}


class Workshop:
    """A root of trust, signers under it, and a folder to verify in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = issue("Test authority", rsa_key(2048), days=(-1000, 3000))
        self.signer = issue("Test signer", rsa_key(2048, 1), self.root)
        self.weak = issue("Old signer", rsa_key(1024), self.root, days=(-900, -100))
        self.curve = issue("New signer", ec_key(), self.root)

    @property
    def trust(self) -> Trust:
        return Trust.default().with_anchors([self.root.der])

    def judge(self, content: str | bytes, name: str = "a.xml", **files: bytes) -> ValidationReport:
        """Verify a file in an empty folder, with these files beside it (by keys of `files`)."""
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        for each, data in files.items():
            (folder / each).write_bytes(data)
        path = folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return verify(path, trust=self.trust, moment=NOW)

    now = NOW
    e_tax_without_signature = E_TAX.replace("@", "")

    @property
    def applications(self) -> dict[str, bytes]:
        return {uri: data for uri, (_, data) in APPLICATIONS.items()}

    @property
    def beside(self) -> dict[str, bytes]:
        return dict(APPLICATIONS.values())

    @property
    def root_pem(self) -> bytes:
        return self.root.certificate.public_bytes(Encoding.PEM)

    def by_hand(self, text: str, party: Party | None = None, octets: Mapping[str, bytes] | None = None) -> str:
        return by_hand(text, party or self.signer, octets)

    def by_xmlsec1(self, text: str, party: Party, folder: Path, identifiers: Iterable[str] = ()) -> str:
        return by_xmlsec1(text, party, folder, identifiers=identifiers)

    # --- templates; `changes` are fields of Shape, and `digest` of its references

    def e_tax(self, **changes: object) -> str:
        return E_TAX.replace("@", self.e_tax_signature(**changes))

    def e_tax_signature(self, **changes: object) -> str:
        return self.shape([Ref("#RKO0010", [C14N])], prefix="dsig", identifier="_1", changes=changes).template()

    def teg(self, **changes: object) -> str:
        shape = self.shape([Ref("#TEG800", [ENVELOPED, C14N])], prefix="dsig", identifier="_1", changes=changes)
        return TEG.replace("@", shape.template())

    def official(self, **changes: object) -> str:
        certificates = [self.root.der, self.signer.der]
        references = [Ref("#DOCBODY", [ENVELOPED])]
        shape = self.shape(
            references, prefix="", c14n=f"{C14N}#WithComments", certificates=certificates, changes=changes
        )
        return OFFICIAL.replace("@", shape.template())

    def kousei(self, **changes: object) -> str:
        references = [Ref(COMPOSITION, [C14N]), *(Ref(name) for name in APPLICATIONS)]
        return KOUSEI.replace(
            "@", self.shape(references, prefix="", identifier="20260101120000", changes=changes).template()
        )

    def generic(self, *, uri: str = "", **changes: object) -> str:
        return GENERIC.replace("@", self.shape([Ref(uri, [ENVELOPED, EXCLUSIVE])], changes=changes).template())

    def around(self, tree: str, *, whole: bool, exclusive: bool) -> str:
        """A document with this tree in its signed part, which is all of it where `whole`."""
        reference = Ref("" if whole else "#part", [ENVELOPED, EXCLUSIVE if exclusive else C14N])
        signature = self.shape([reference], changes={}).template()
        return f'<root xmlns="urn:root" xmlns:u="urn:unused"><part id="part">{tree}</part>{signature}</root>'

    def sidecar(self, *names: str, **changes: object) -> str:
        return self.shape([Ref(name) for name in names], changes=changes).template()

    def enveloping(self, content: str, transform: str = C14N, **changes: object) -> str:
        changes = {"objects": f'<ds:Object Id="object">{content}</ds:Object>', **changes}
        return self.shape([Ref("#object", [transform])], changes=changes).template()

    def prescription(self, **changes: object) -> str:
        properties = "http://uri.etsi.org/01903#SignedProperties"
        references = [Ref("#PrescriptionDocument"), Ref("#properties", [EXCLUSIVE], properties)]
        changes = {"objects": f"<xs:Object>{self.properties('sign')}</xs:Object>", "c14n": EXCLUSIVE, **changes}
        shape = self.shape(references, prefix="xs", identifier="sign", changes=changes)
        return PRESCRIPTION.replace("@", shape.template())

    def properties(self, target: str, *, certificate: bytes | None = None, unsigned: str = "") -> str:
        """xades:QualifyingProperties of the signature with this Id."""
        value = base64.b64encode(hashlib.sha256(certificate or self.signer.der).digest()).decode()
        return (
            f'<xa:QualifyingProperties xmlns:xa="{XADES}" Target="#{target}"><xa:SignedProperties Id="properties">'
            "<xa:SignedSignatureProperties><xa:SigningTime>2026-11-22T10:00:00+09:00</xa:SigningTime>"
            f'<xa:SigningCertificateV2><xa:Cert><xa:CertDigest><DigestMethod xmlns="{DSIG}" Algorithm="{SHA256}"/>'
            f'<DigestValue xmlns="{DSIG}">{value}</DigestValue></xa:CertDigest></xa:Cert></xa:SigningCertificateV2>'
            f"</xa:SignedSignatureProperties></xa:SignedProperties>{unsigned}</xa:QualifyingProperties>"
        )

    def shape(self, references: Sequence[Ref], *, changes: Mapping[str, object], **fields: object) -> Shape:
        chosen = {"certificates": [self.signer.der], **fields, **changes}
        digest = chosen.pop("digest", SHA256)
        return Shape([replace(each, digest=digest) for each in references], **chosen)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return Workshop(tmp_path_factory.mktemp("xml"))
