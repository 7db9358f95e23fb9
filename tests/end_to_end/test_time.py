"""Signed, stamped by a real authority, extended, and verified by programs of other makers."""

import base64
import io
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop import command_line
from desktop.places import waiting_folder
from desktop.verify.report_page import page_of
from desktop.words.verdicts import three_rows
from signing import Document, Profile, SigningBatch, SigningJob, Trust, errors, rehearse, verify
from signing.card.practice import PRACTICE_PIN
from signing.export.page import to_html
from signing.extension import extend, rehearse_extension
from signing.job import SignedFile, UnstampedFile
from signing.report import Coverage, SignatureLevel, SignatureReport
from signing.revocation_sources import Fetch, from_network
from signing.timestamping import RemoteTimestamper, TimestampingAuthority
from signing.waiting import discard, save_as_it_is, stamp, waiting_files

LEVELS = SignatureLevel
ROOT = Path(__file__).parents[2]


def now() -> datetime:
    return datetime.now(UTC)


def run(*command: str | Path, folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


class Desk:
    """Someone with a key whose revocation is told, an authority, and a folder."""

    def __init__(self, service, folder: Path, make_pdf: Callable[..., Path]) -> None:
        self.service, self.folder, self.make_pdf = service, folder, make_pdf
        self.root = service.file("root.der")
        self.trust = replace(Trust.default().with_anchors([self.root]), stamping=(self.root,))
        self.room, self.refuge = folder / "waiting", folder / "refuge"
        self.clock = self.variant("clock")

    def variant(self, name: str) -> RemoteTimestamper:
        return RemoteTimestamper(TimestampingAuthority(f"{self.service.base}/{name}", anchors=(self.root,)), now)

    def sign(self, path: Path, profile: Profile = Profile.PADES_B_B, **more) -> SignedFile | UnstampedFile:
        job = SigningJob.beside(Document.open(path), profile, practice=False)
        room = more.get("room") or self.room
        with SigningBatch([rehearse(job)], refuge=self.refuge, clock=now, waiting=room) as batch:
            (made,) = batch.sign(more.get("credential") or self.service.signer())
        return made

    def stamp(self, made, variant: str = "clock") -> Path:
        path, rescued = stamp(
            made.waiting, timestamper=self.variant(variant), trust=self.trust, moment=now(), refuge=self.refuge
        )
        assert not rescued
        return path

    def extend(self, path: Path, level: SignatureLevel, fetch: Fetch = from_network) -> Path:
        extension = rehearse_extension(Document.open(path), level, trust=self.trust, moment=now())
        staged = extend(extension, path.parent, timestamper=self.clock, trust=self.trust, moment=now(), fetch=fetch)
        made, _ = staged.hand_over(path.with_stem(f"{path.stem}-more"), self.refuge)
        staged.close()
        return made

    def report(self, path: Path, *, moment: datetime | None = None, trust: Trust | None = None):
        return verify(path, trust=trust or self.trust, moment=moment or now())


@pytest.fixture
def desk(time_service, tmp_path: Path, make_pdf) -> Desk:
    (tmp_path / "root.pem").write_text(
        run("openssl", "x509", "-inform", "DER", "-in", time_service.folder / "root.der", folder=tmp_path)
    )
    return Desk(time_service, tmp_path, make_pdf)


def token_of(container: bytes, folder: Path) -> Path:
    """The time-stamp token in the unsigned attributes of a SignedData, in a file for OpenSSL."""
    from asn1crypto import cms

    (signer,) = cms.ContentInfo.load(container)["content"]["signer_infos"]
    (attribute,) = [a for a in signer["unsigned_attrs"] if a["type"].native == "signature_time_stamp_token"]
    (folder / "token").write_bytes(attribute["values"][0].dump())
    (folder / "value").write_bytes(signer["signature"].native)
    return folder / "token"


def openssl_agrees(folder: Path) -> None:
    said = run(
        *("openssl", "ts", "-verify", "-in", "token", "-token_in", "-data", "value", "-CAfile", "root.pem"),
        folder=folder,
    )
    assert "Verification: OK" in said


def _tells_what_was_not_asked(signature: SignatureReport) -> bool:
    """The authority was added by the person, so it is believed without data on its revocation."""
    return "timestamp.revocation-not-checked" in [problem.code for problem in signature.problems]


def test_a_pdf_is_signed_stamped_and_verified_by_all(desk: Desk) -> None:
    made = desk.sign(desk.make_pdf())
    assert isinstance(made, UnstampedFile)
    assert list(desk.folder.glob("*signed*")) == []  # nothing half done where the person looks
    path = desk.stamp(made)
    assert path == desk.folder / "contract-signed.pdf"
    assert waiting_files(desk.room) == []

    (signature,) = desk.report(path).signatures
    assert _tells_what_was_not_asked(signature)
    assert (signature.level, signature.covers) == (LEVELS.B_T, Coverage.WHOLE)
    assert signature.timestamp_time is not None
    run("pdfsig", "-dump", path, folder=desk.folder)
    token_of((desk.folder / "contract-signed.pdf.sig0").read_bytes(), desk.folder)
    openssl_agrees(desk.folder)
    assert "Signature is Valid" in run("pdfsig", "-nocert", path, folder=desk.folder)
    said = run(
        *(Path(sys.executable).with_name("pyhanko"), "sign", "validate", "--pretty-print"),
        *("--trust", "root.pem", "--trust-replace", "--no-revocation-check", path),
        folder=desk.folder,
    )
    assert "The signature is judged VALID." in said
    assert "Signature timestamp" in said


@pytest.mark.parametrize("profile", [Profile.XADES_ENVELOPED, Profile.XADES_DETACHED])
def test_xades_is_stamped_and_stays_what_libxmlsec1_takes(desk: Desk, profile: Profile) -> None:
    source = desk.folder / "letter.xml"
    source.write_text('<?xml version="1.0" encoding="UTF-8"?>\n<letter><to>花子</to></letter>\n')
    path = desk.stamp(desk.sign(source, profile))
    (signature,) = desk.report(path).signatures
    assert _tells_what_was_not_asked(signature)
    assert signature.level is LEVELS.B_T
    assert signature.timestamp_time is not None
    said = run(
        *(
            "xmlsec1",
            "--verify",
            "--trusted-pem",
            "root.pem",
            "--id-attr:Id",
            "http://uri.etsi.org/01903/v1.3.2#:SignedProperties",
            path.name,
        ),
        folder=desk.folder,
    )
    assert "OK" in said or "Verification status: OK" in said
    # what was stamped, by a canonicalisation that is not ours
    from lxml import etree

    tree = etree.parse(path)
    (value,) = tree.iterfind(".//{*}SignatureValue")
    (token,) = tree.iterfind(".//{*}EncapsulatedTimeStamp")
    (desk.folder / "value").write_bytes(etree.tostring(value, method="c14n", exclusive=True, with_tail=False))
    (desk.folder / "token").write_bytes(base64.b64decode(token.text))
    openssl_agrees(desk.folder)


def test_cades_is_stamped_and_stays_what_openssl_takes(desk: Desk) -> None:
    source = desk.folder / "photo.jpg"
    source.write_bytes(b"\xff\xd8 picture")
    path = desk.stamp(desk.sign(source, Profile.CADES_B_B))
    (signature,) = desk.report(path).signatures
    assert _tells_what_was_not_asked(signature)
    assert signature.level is LEVELS.B_T
    token_of(path.read_bytes(), desk.folder)
    openssl_agrees(desk.folder)
    run(
        *("openssl", "cms", "-verify", "-binary", "-cades", "-inform", "DER", "-in", path, "-content", source),
        *("-CAfile", "root.pem", "-purpose", "any", "-out", "content"),
        folder=desk.folder,
    )


def test_what_cannot_be_confirmed_gets_none_and_is_not_called_broken(desk: Desk) -> None:
    source = desk.folder / "photo.jpg"
    source.write_bytes(b"\xff\xd8 picture")
    path = save_as_it_is(desk.sign(source, Profile.CADES_B_B).waiting, refuge=desk.refuge)[0]
    source.unlink()
    with pytest.raises(errors.SignatureNotConfirmed):
        desk.extend(path, LEVELS.B_T)
    source.write_bytes(b"another picture")
    with pytest.raises(errors.SignatureNotIntact):
        desk.extend(path, LEVELS.B_T)


def test_a_form_that_forbids_a_time_stamp_gets_none(desk: Desk) -> None:
    before = len(desk.service.requests())
    made = desk.sign(desk.make_pdf(), Profile.REGISTRY)
    assert isinstance(made, SignedFile)
    assert len(desk.service.requests()) == before


def test_validation_data_and_archive_time_stamps(desk: Desk) -> None:
    signed = desk.stamp(desk.sign(desk.make_pdf()))
    lasting = desk.extend(signed, LEVELS.B_LTA)
    renewed = desk.extend(lasting, LEVELS.B_LTA)
    assert signed.read_bytes() == lasting.read_bytes()[: signed.stat().st_size]
    assert lasting.read_bytes() == renewed.read_bytes()[: lasting.stat().st_size]

    signature, *stamps = desk.report(renewed).signatures
    assert signature.level is LEVELS.B_LTA
    assert signature.revocation == "good"
    assert signature.indication == "TOTAL-PASSED"
    assert [stamp.indication for stamp in stamps] == ["TOTAL-PASSED"] * 2
    assert {change.code for change in signature.changes} == {"timestamped", "validation-data"}
    told = [each.timestamp for each in (signature, *stamps)]
    assert all(each.proven and (each.authority, each.ends.year) == ("Test clock", 2050) for each in told)
    assert told[0].policy == "1.3.6.1.4.1.4146.2.3"
    renewals = ["2050" in three_rows(each)[2].statement for each in (signature, *stamps)]
    assert renewals == [False, False, True]  # the last one is to be renewed
    assert "Test clock" in to_html(page_of([desk.report(renewed)]))
    said = run("pdfsig", "-nocert", renewed, folder=desk.folder)
    assert said.count("Signature is Valid") >= 1
    said = run(
        *(Path(sys.executable).with_name("pyhanko"), "sign", "adesverify", "--pretty-print"),
        *("--trust", "root.pem", "--trust-replace", renewed),
        folder=desk.folder,
    )
    assert "The signature is judged VALID." in said


def test_validation_data_needs_an_authority_that_answers(desk: Desk, credential) -> None:
    signed = desk.sign(desk.make_pdf(), credential=credential)  # whose certificate leads to nobody known
    path = save_as_it_is(signed.waiting, refuge=desk.refuge)[0]
    with pytest.raises(errors.SignerUntrusted):
        desk.extend(path, LEVELS.B_LT)


def test_what_tells_of_revocation_is_believed_only_what_it_proves(desk: Desk) -> None:
    """The responder is dead, talks nonsense, or answers another question: then the list is asked for."""
    path = desk.stamp(desk.sign(desk.make_pdf()))
    before: list[bytes] = []

    def dead(_address: str, _question: bytes | None) -> bytes:
        raise errors.TimestampUnreachable

    def replayed(address: str, question: bytes | None) -> bytes:
        before.append(from_network(address, question))
        return before[0]

    def nonsense(_address: str, _question: bytes | None) -> bytes:
        return b"nonsense"

    def responder(answer: Fetch) -> Fetch:
        return lambda address, question: (answer if question else from_network)(address, question)

    for answer in (dead, nonsense, replayed):
        made = desk.extend(path, LEVELS.B_LT, responder(answer))
        (signature,) = desk.report(made).signatures
        assert (signature.level, signature.revocation) == (LEVELS.B_LT, "good")
        made.unlink()
    for answer in (dead, nonsense):
        with pytest.raises(errors.RevocationDataMissing):
            desk.extend(path, LEVELS.B_LT, answer)
    assert [each.name for each in desk.folder.glob("*-more*")] == []


def test_a_revoked_certificate_is_told_and_gets_no_data_that_says_so(desk: Desk) -> None:
    path = desk.stamp(desk.sign(desk.make_pdf(), credential=desk.service.signer("revoked")))
    with pytest.raises(errors.CertificateRevoked):
        desk.extend(path, LEVELS.B_LT)


def test_others_signatures_get_a_document_time_stamp(desk: Desk) -> None:
    mine = save_as_it_is(desk.sign(desk.make_pdf(), Profile.PADES_B_B).waiting, refuge=desk.refuge)[0]
    theirs = desk.extend(mine, LEVELS.B_T)  # the room in the last signature: nothing follows it
    assert [s.level for s in desk.report(theirs).signatures] == [LEVELS.B_T]
    further = desk.extend(theirs, LEVELS.B_T)  # it has one: the next is an update
    (first, stamp_) = desk.report(further).signatures
    assert first.indication == stamp_.indication or stamp_.indication == "TOTAL-PASSED"
    assert further.read_bytes().startswith(theirs.read_bytes())
    old = desk.sign(desk.make_pdf("old.pdf"), Profile.REGISTRY)
    extension = rehearse_extension(Document.open(old.path), LEVELS.B_T, trust=desk.trust, moment=now())
    assert [note.code for note in extension.notes] == ["stamp-plain-signature"]


def test_a_stamp_proves_what_an_expired_certificate_cannot(desk: Desk) -> None:
    plain = desk.sign(desk.make_pdf())
    path = save_as_it_is(plain.waiting, refuge=desk.refuge)[0]
    later = datetime(2055, 1, 1, tzinfo=UTC)
    (unproven,) = desk.report(path, moment=later).signatures
    assert unproven.sub_indication == "OUT_OF_BOUNDS_NO_POE"
    # the certificates of the authority end in 2050 too: renewed in time, the chain still proves
    stamped = desk.extend(path, LEVELS.B_LTA)
    (signature, *_) = desk.report(stamped, moment=datetime(2049, 1, 1, tzinfo=UTC)).signatures
    assert signature.timestamp_time is not None
    assert signature.sub_indication is None


@pytest.mark.parametrize("variant", ["refuse", "imprint", "gone", "expired"])
def test_a_failing_authority_loses_nothing(desk: Desk, variant: str) -> None:
    made = desk.sign(desk.make_pdf())
    with pytest.raises(errors.TimestampError):
        desk.stamp(made, variant)
    assert list(desk.folder.glob("*signed*")) == []
    (waiting,) = waiting_files(desk.room)  # found again, as after a crash
    assert waiting == made.waiting
    assert waiting.path.parent.stat().st_mode & 0o077 == 0
    path, _ = save_as_it_is(waiting, refuge=desk.refuge)
    (signature,) = desk.report(path).signatures
    assert (signature.level, signature.intact) == (LEVELS.B_B, True)
    assert waiting_files(desk.room) == []


def test_what_waits_can_be_discarded_and_goes_to_the_refuge_where_its_folder_is_gone(desk: Desk) -> None:
    first = desk.sign(desk.make_pdf("first.pdf"))
    discard(first.waiting)
    assert list(desk.room.iterdir()) == []
    place = desk.folder / "usb"
    place.mkdir()
    second = desk.sign(desk.make_pdf("usb/second.pdf"))
    (place / "second.pdf").unlink()
    place.rmdir()
    path, rescued = stamp(second.waiting, timestamper=desk.clock, trust=desk.trust, moment=now(), refuge=desk.refuge)
    assert rescued
    assert desk.report(path).signatures[0].level is LEVELS.B_T


# --- the program is killed between the card's signature and the time stamp


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the program keeps what is its own, for this test."""
    for variable in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(variable, str(tmp_path / "home"))
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)  # no keyring of this machine
    return tmp_path / "home"


@dataclass(frozen=True)
class Said:
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def jitsuin(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """A function that carries out a command in this process: where nothing is killed, that is quicker."""

    def carry_out(*words: str | Path, given: str = "") -> Said:
        monkeypatch.setattr(sys, "stdin", io.StringIO(given))
        capsys.readouterr()
        status = command_line.main(list(map(str, words)))
        return Said(status, *capsys.readouterr())

    return carry_out


def test_killed_before_the_time_stamp_nothing_is_lost(desk: Desk, jitsuin) -> None:
    source = desk.make_pdf()
    assert jitsuin("authority", "add", "slow", f"{desk.service.base}/slow").returncode == 0
    before = len(desk.service.requests())
    command = [sys.executable, "-m", "desktop", "sign", "--practice", "--timestamp", "--yes", "--pin-stdin", source]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT) as process:
        assert process.stdin is not None
        process.stdin.write(PRACTICE_PIN.encode() + b"\n")
        process.stdin.flush()
        while len(desk.service.requests()) == before:  # the card has signed, and the authority is being asked
            assert process.poll() is None
            time.sleep(0.02)
        process.kill()
    assert list(desk.folder.glob("*signed*")) == []

    (left,) = json.loads(jitsuin("waiting", "--json").stdout)["files"]
    assert left["waits"]
    assert left["wanted"] == str(desk.folder / "contract-practice-signed.pdf")
    anchor = desk.service.folder / "root.der"
    assert jitsuin("authority", "remove", "slow").returncode == 0
    assert jitsuin("waiting", "--retry").returncode == 1  # nobody to ask: it goes on waiting
    assert jitsuin("authority", "add", "good", f"{desk.service.base}/clock", "--trust", anchor).returncode == 0
    assert jitsuin("waiting", "--retry").returncode == 0
    (signature,) = desk.report(desk.folder / "contract-practice-signed.pdf").signatures
    assert (signature.level, signature.intact) == (LEVELS.B_T, True)
    assert json.loads(jitsuin("waiting", "--json").stdout)["files"] == []


def test_what_a_card_signed_is_extended_as_far_as_individuals_can(desk: Desk, jitsuin) -> None:
    anchor = desk.service.folder / "root.der"
    assert jitsuin("authority", "add", "good", f"{desk.service.base}/clock", "--trust", anchor).returncode == 0
    assert jitsuin("sign", "--practice", "--yes", "--pin-stdin", desk.make_pdf(), given=PRACTICE_PIN).returncode == 0
    signed = desk.folder / "contract-practice-signed.pdf"
    before = len(desk.service.requests())
    (refused,) = json.loads(jitsuin("timestamp", "--level", "B-LT", "--yes", "--json", signed).stdout)["files"]
    assert refused["error"]["code"] == "extension.jpki-no-revocation"
    assert len(desk.service.requests()) == before  # that is known before anybody is asked
    (made,) = json.loads(jitsuin("timestamp", "--yes", "--json", signed).stdout)["files"]
    assert desk.report(Path(made["output"])).signatures[0].level is LEVELS.B_T


def test_at_the_terminal_an_archive_time_stamp_is_made_told_of_and_renewed(desk: Desk, jitsuin) -> None:
    root = desk.service.folder / "root.der"
    assert jitsuin("authority", "add", "good", f"{desk.service.base}/clock", "--trust", root).returncode == 0
    path = save_as_it_is(desk.sign(desk.make_pdf()).waiting, refuge=desk.refuge)[0]
    for level in (LEVELS.B_LTA, LEVELS.B_LTA):
        said = jitsuin("timestamp", "--level", level, "--trust", root, "--yes", "--json", path)
        assert said.returncode == 0
        path = Path(json.loads(said.stdout)["files"][0]["output"])
        said = jitsuin("verify", "--trust", root, path)
        assert "2050" in said.stderr.replace(str(path), "")  # before that another one is to be added
    assert [each.is_timestamp for each in desk.report(path).signatures] == [False, True, True]


def test_an_authority_is_not_replaced_by_another_of_its_name(desk: Desk, jitsuin) -> None:
    root = desk.service.folder / "root.der"
    assert jitsuin("authority", "add", "good", f"{desk.service.base}/clock", "--trust", root).returncode == 0
    kept = json.loads(jitsuin("authority", "--json").stdout)
    assert "already" in jitsuin("authority", "add", "good", "https://elsewhere.example/").stderr
    picture = desk.folder / "photo.jpg"
    picture.write_bytes(b"\xff\xd8 picture")
    said = jitsuin("authority", "add", "other", "https://elsewhere.example/", "--trust", picture)
    assert said.returncode == 2
    assert "photo.jpg" in said.stderr
    assert "[timestamp.unknown-authority]" in jitsuin("authority", "remove", "god").stderr
    assert json.loads(jitsuin("authority", "--json").stdout) == kept


def test_the_password_is_asked_for_once_for_all_that_waits(
    desk: Desk, jitsuin, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert jitsuin("authority", "add", "private", f"{desk.service.base}/private", "--user", "hanako").returncode == 0
    room = waiting_folder()
    for name in ("one.pdf", "two.pdf"):
        made = desk.sign(desk.make_pdf(name), room=room)
        assert isinstance(made, UnstampedFile)
    said = jitsuin("waiting", "--retry")
    assert (said.returncode, "--pin-stdin" in said.stderr) == (2, False)
    answers = iter(["ひみつ"])
    monkeypatch.setattr("desktop.terminal.time.is_interactive", lambda: True)
    monkeypatch.setattr("desktop.terminal.time.read_password", lambda _prompt, **_: next(answers))
    assert jitsuin("waiting", "--retry").returncode == 0
    assert waiting_files(room) == []


def test_what_waits_is_saved_or_discarded_as_told(desk: Desk, jitsuin) -> None:
    assert jitsuin("authority", "add", "gone", f"{desk.service.base}/gone").returncode == 0
    for name in ("one.pdf", "two.pdf"):
        said = jitsuin(
            *("sign", "--practice", "--timestamp", "--yes", "--pin-stdin", "--json", desk.make_pdf(name)),
            given=PRACTICE_PIN,
        )
        assert said.returncode == 1
        (file,) = json.loads(said.stdout)["files"]
        assert (file["output"], file["error"]["code"]) == (None, "timestamp.answer-unusable")
        if name == "one.pdf":
            assert jitsuin("waiting", "--save").returncode == 0
            assert (desk.folder / "one-practice-signed.pdf").exists()
    assert jitsuin("waiting", "--discard").returncode == 2  # nobody confirms that
    assert jitsuin("waiting", "--discard", "--yes").returncode == 0
    assert json.loads(jitsuin("waiting", "--json").stdout)["files"] == []
    assert not (desk.folder / "two-practice-signed.pdf").exists()


# --- who is contacted


def test_nobody_is_contacted_but_the_authority_that_was_added(desk: Desk, home: Path) -> None:
    """In a network of its own, with loopback alone, every connection that is begun is recorded."""
    for program in ("unshare", "tcpdump", "ip"):
        if not shutil.which(program, path=SYSTEM_PATH):
            pytest.skip(f"{program} is not installed")
    if subprocess.run(["unshare", "--net", "true"], capture_output=True).returncode != 0:
        pytest.skip("a network namespace needs root")
    desk.make_pdf()
    (desk.folder / "script.sh").write_text(ALONE.format(python=sys.executable, root=ROOT, pin=PRACTICE_PIN))
    done = subprocess.run(
        ["unshare", "--net", "sh", "-eu", desk.folder / "script.sh"],
        cwd=desk.folder,
        env=os.environ | {"PATH": SYSTEM_PATH},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    port = json.loads((desk.folder / "service" / "ready.json").read_text())["base"].rpartition(":")[2]
    begun = [line for line in (desk.folder / "capture.txt").read_text().splitlines() if line.strip()]
    without, with_ = begun[: begun.index("---")], begun[begun.index("---") + 1 :]
    assert without == []  # verifying and signing without a time stamp: not one packet
    assert len([line for line in with_ if "Flags [S]," in line]) == 1
    assert {line.split(" > ")[1].split(": ")[0] for line in with_ if "Flags [S]," in line} == {f"127.0.0.1.{port}"}


SYSTEM_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
ALONE = """
ip link set lo up
mkdir service
mkfifo silence
{python} {root}/tests/time_service.py service <> silence &
service=$!
trap 'kill $service; wait $service || true; rm -f service/keys/*' EXIT
while ! test -e service/ready.json; do sleep 0.1; done
folder=$PWD
cd {root}
jitsuin() {{ {python} -m desktop "$@"; }}
jitsuin authority add good "$({python} -c 'import json, sys; print(json.load(open(sys.argv[1]))["base"])' \
  $folder/service/ready.json)/clock" --trust $folder/service/root.der
capture() {{ tcpdump --immediate-mode -l -n -i lo -w - 2> $folder/tcpdump > $folder/$1 & listener=$!
  while ! grep -q listening $folder/tcpdump; do sleep 0.1; done; }}
capture first
echo {pin} | jitsuin sign --practice --yes --pin-stdin $folder/contract.pdf
jitsuin verify $folder/contract-practice-signed.pdf || true
kill -INT $listener; wait $listener || true
capture second
echo {pin} | jitsuin sign --practice --timestamp --yes --pin-stdin $folder/contract.pdf
kill -INT $listener; wait $listener || true
cd $folder
(tcpdump -n -r first; echo ---; tcpdump -n -r second) > capture.txt 2> /dev/null
"""


# --- passwords


def test_the_keyring_of_the_system_keeps_the_password_and_nothing_else_does(desk: Desk, home: Path) -> None:
    for program in ("dbus-run-session", "gnome-keyring-daemon"):
        if not shutil.which(program):
            pytest.skip(f"{program} is not installed")
    home.mkdir()
    (home / "run").mkdir(mode=0o700)
    script = desk.folder / "passwords.py"
    script.write_text(KEYRING)
    unlock = "printf test | gnome-keyring-daemon --unlock --components=secrets --daemonize > /dev/null; exec "
    place = f"{desk.service.base}/private"
    environment = {"PATH": SYSTEM_PATH, "HOME": str(home), "XDG_RUNTIME_DIR": str(home / "run"), "LANG": "C.UTF-8"}
    for begin, expected in ((unlock, ["saved", "stamped", "forgotten"]), ("exec ", ["unavailable"])):
        done = subprocess.run(
            ["dbus-run-session", "--", "sh", "-c", begin + f"{sys.executable} {script} {place} ひみつ"],
            env=environment | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stdout.split() == expected, done.stderr
    for path in home.rglob("*"):  # in clear the password stands in no file, that of the keyring included
        assert not path.is_file() or "ひみつ".encode() not in path.read_bytes()


KEYRING = """
import sys
from dataclasses import replace
from desktop.time.authorities import Authority, TimeSettings, save_time_settings, timestamper_of
from desktop.time.secrets import forget_password, save_password, saved_password
from signing.errors import KeyringUnavailable

authority = Authority("private", sys.argv[1], user="hanako")
save_time_settings(TimeSettings((authority,), True))
try:
    save_password(authority, sys.argv[2])
except KeyringUnavailable:
    sys.exit(print("unavailable"))
assert saved_password(authority) == sys.argv[2]
assert saved_password(replace(authority, address="http://elsewhere.example/")) is None
print("saved")
timestamper_of(authority, saved_password(authority)).stamp(bytes(32))
print("stamped")
forget_password(authority)
assert saved_password(authority) is None
print("forgotten")
"""
