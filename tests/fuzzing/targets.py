"""What is given to strangers' bytes, the files to begin with, and what must hold whatever the bytes are.

The files are made here, anew in each run, by the same parties that the tests have.
"""

import importlib.util
import io
import sys
import zipfile
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from asn1crypto import cms
from lxml import etree

from signing import errors, verify
from signing.certificate import certificate_facts, signer_name
from signing.holder import BasicFour
from signing.report import Coverage, ValidationReport, Verdict
from signing.trust import Trust

_TESTS = Path(__file__).resolve().parents[1]
CONTENT = b"A contract\r\nover 100 yen\n"


@dataclass(frozen=True)
class Target:
    """`check` raises AssertionError, or anything else, where something is wrong."""

    seeds: Mapping[str, bytes]
    check: Callable[[bytes], None]


class Judge:
    """Verifies bytes as a file of a given name, in a folder of its own."""

    def __init__(self, folder: Path, name: str, trust: Trust) -> None:
        self._path = folder / name
        self._trust = trust

    def __call__(self, data: bytes) -> ValidationReport:
        from tests_workshop import NOW

        self._path.write_bytes(data or b"\0")
        report = verify(self._path, trust=self._trust, moment=NOW)
        codes = {problem.code for problem in report.problems}
        assert errors.Unexpected.code not in codes, "a defect was caught at the border"
        for signature in report.signatures:
            assert signature.intact or (signature.signer is None and not signature.certification_path)
        return report


def borrowed(path: str, name: str) -> ModuleType:
    """A conftest of the tests, as a module."""
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, _TESTS / path)
        assert spec
        assert spec.loader
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


# --- PDF


def pdf(folder: Path) -> Target:
    workshop_of = borrowed("signing/pdf/conftest.py", "tests_workshop")
    root = workshop_of.issue("Root", number=0, days=(-3000, 3000))
    workshop = workshop_of.Workshop(folder, root, workshop_of.issue("Hanako", root))
    twice = workshop.sign_with_pyhanko(workshop.signed, workshop.signer, "Second")
    filled = {5: workshop.page[5].replace(b"100", b"999")}
    seeds = {
        "unsigned": workshop.unsigned,
        "signed": workshop.signed,
        "by-hand": workshop.by_hand.data,
        "twice": twice,
        "certified": workshop.sign_with_pyhanko(workshop.unsigned, workshop.signer, certify=True),
        "filled": workshop.write_pdf(filled, before=workshop.signed),
    }
    judge = Judge(folder, "fuzzed.pdf", workshop.trust)

    def check(data: bytes) -> None:
        for signature in judge(data).signatures:
            if signature.intact and signature.signed_bytes is not None:
                assert any(_same_signed(data[: signature.signed_bytes], seed) for seed in seeds.values())

    return Target(seeds, check)


def _same_signed(revision: bytes, seed: bytes) -> bool:
    """Whether the bytes are those that were signed; the last hole, in which the signature lies, is left out."""
    if len(revision) > len(seed):
        return False
    start = seed.rfind(b"/Contents <", 0, len(revision)) + len(b"/Contents <")
    end = seed.find(b">", start)
    return revision[:start] == seed[:start] and revision[end:] == seed[end : len(revision)]


# --- XML


def xml(folder: Path) -> Target:
    workshop = borrowed("signing/xml/conftest.py", "tests_xml").Workshop(folder)
    borrowed("signing/pdf/conftest.py", "tests_workshop")
    templates = {
        "e-tax": workshop.e_tax(),
        "teg": workshop.teg(),
        "official": workshop.official(),
        "generic": workshop.generic(),
        "enveloping": workshop.enveloping("<a>x</a>"),
        "prescription": workshop.prescription(),
    }
    seeds = {name: workshop.by_hand(text).encode() for name, text in templates.items()}
    judge = Judge(folder, "fuzzed.xml", workshop.trust)
    shown = {_shown(seed) for seed in seeds.values()}

    def check(data: bytes) -> None:
        report = judge(data)
        if report.verdict is Verdict.PASSED and all(each.covers is Coverage.WHOLE for each in report.signatures):
            assert _shown(data) in shown

    return Target(seeds, check)


def _shown(data: bytes) -> str:
    """The text and the attributes of everything but the signatures."""
    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False))
    signature = "{http://www.w3.org/2000/09/xmldsig#}Signature"
    found = []
    for element in root.iter(etree.Element):
        if signature not in (element.tag, *(each.tag for each in element.iterancestors())):
            found.append(f"{element.tag}{sorted(element.attrib.items())}{(element.text or '').strip()}")
    return "\n".join(found)


# --- CMS and containers


def cms_files(folder: Path) -> Target:
    bench = _bench(folder)
    seeds = {
        "attached": bench.sign(CONTENT, "-nodetach", "-cades", "-nosmimecap"),
        "plain": bench.sign(CONTENT, "-nodetach", "-noattr"),
        "pieces": bench.sign(CONTENT, "-nodetach", "-stream"),
        "pem": bench.sign(CONTENT, "-nodetach", form="PEM"),
        "detached": bench.sign(CONTENT),
        "stamped": bench.stamped(bench.sign(CONTENT, "-nodetach", "-cades"), bench.now),
        "listed": bench.with_lists(
            bench.sign(CONTENT, "-nodetach", signers=("listed",)), bench.revocation_list(bench.root)
        ),
    }
    (folder / "fuzzed").write_bytes(CONTENT)
    judge = Judge(folder, "fuzzed.p7s", bench.trust)

    def check(data: bytes) -> None:
        intact = any(each.intact and each.covers is Coverage.WHOLE for each in judge(data).signatures)
        if intact and data[:1] == b"\x30":
            content = cms.ContentInfo.load(data)["content"]["encap_content_info"]["content"].native
            assert content in (None, CONTENT)

    return Target(seeds, check)


def asic(folder: Path) -> Target:
    bench = _bench(folder)
    made = borrowed("signing/test_asic.py", "tests_asic")
    files = {"contract.pdf": made.DOCUMENT, "annex.txt": made.ANNEX}
    simple = {"contract.pdf": made.DOCUMENT, "META-INF/signature.p7s": bench.sign(made.DOCUMENT, "-cades")}
    seeds = {
        "extended": made.container(made.extended(bench, files)),
        "simple": made.container(simple, made.SIMPLE),
        "untyped": made.container(simple, None),
    }
    judge = Judge(folder, "fuzzed.asice", bench.trust)

    def check(data: bytes) -> None:
        if judge(data).verdict is Verdict.PASSED:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                names = {each.filename for each in archive.infolist() if not each.is_dir()} - {"mimetype"}
                for name in names:
                    assert name.startswith("META-INF/") or archive.read(name) in files.values()

    return Target(seeds, check)


def _bench(folder: Path):  # type: ignore[no-untyped-def]  # a class of a module that is loaded by its path
    borrowed("signing/pdf/conftest.py", "tests_workshop")
    return borrowed("signing/conftest.py", "tests_bench").Bench(folder)


# --- the card


def certificate(folder: Path) -> Target:
    """What a card or a stranger hands over as a certificate, the basic four information in it included."""
    from signing.card.practice_pki import load_practice

    bench = _bench(folder)
    practice = load_practice(folder, bench.now)
    seeds = {
        "signature": practice.signature_certificate,
        "authority": practice.signature_ca_certificate,
        "plain": bench.plain.der,
    }

    def check(data: bytes) -> None:
        try:
            facts = certificate_facts(data)
        except errors.CertificateUnreadable:
            return
        signer_name(data)
        if facts.holder is not None:
            BasicFour.of(facts.holder)

    return Target(seeds, check)


def card(folder: Path) -> Target:
    """Answers of a card that is none: a length before each, used in turn until there are no more."""
    from signing.card.jpki import read_facts, signing_session
    from signing.card.pin import SignaturePin
    from signing.card.practice import PRACTICE_PIN, PRACTICE_READER, PracticeReaders

    borrowed("signing/pdf/conftest.py", "tests_workshop")
    readers = PracticeReaders(folder)
    with readers.connect(PRACTICE_READER) as connection:
        heard = _Listening(connection)
        with_ears = _Readers(lambda: heard)
        read_facts(with_ears, PRACTICE_READER)
        with signing_session(with_ears, PRACTICE_READER, SignaturePin.parse(PRACTICE_PIN)) as credential:
            credential.sign(b"data")
    seeds = {"practice": b"".join(len(each).to_bytes(2, "big") + each for each in heard.answers)}

    def check(data: bytes) -> None:
        strangers = _Readers(lambda: _Replaying(data))
        try:
            facts = read_facts(strangers, "reader")
            assert facts.signature_tries is None or 0 <= facts.signature_tries <= 15
            with signing_session(strangers, "reader", SignaturePin.parse(PRACTICE_PIN)) as credential:
                assert len(credential.sign(b"data")) == 256
        except errors.UserFacingError:
            return

    return Target(seeds, check)


class _Readers:
    practice = True

    def __init__(self, connection: Callable[[], object]) -> None:
        self._connection = connection

    @contextmanager
    def connect(self, reader: str):  # type: ignore[no-untyped-def]  # one of the two below
        yield self._connection()


class _Listening:
    def __init__(self, connection: object) -> None:
        self._connection = connection
        self.answers: list[bytes] = []

    def transmit(self, command: bytes) -> bytes:
        answer: bytes = self._connection.transmit(command)  # type: ignore[attr-defined]  # a CardConnection
        self.answers.append(answer)
        return answer


class _Replaying:
    """Sends what it is given; notices where a PIN would be sent twice, or something else be said than may be."""

    def __init__(self, data: bytes) -> None:
        self._stream = io.BytesIO(data)
        self._pins = 0

    def transmit(self, command: bytes) -> bytes:
        self._pins += command[1] == 0x20 and len(command) > 5
        assert self._pins <= 1, "a PIN was sent twice"
        length = int.from_bytes(self._stream.read(2), "big")
        answer = self._stream.read(length)
        if not length:
            raise errors.CardRemoved
        return answer


TARGETS: Mapping[str, Callable[[Path], Target]] = {
    "pdf": pdf,
    "xml": xml,
    "cms": cms_files,
    "asic": asic,
    "certificate": certificate,
    "card": card,
}
