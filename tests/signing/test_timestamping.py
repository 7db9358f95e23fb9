"""A time-stamping authority is asked, and believed nothing: what it proves counts."""

import contextlib
import hashlib
import socket
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import tsp

from signing import errors, web
from signing.judgement import Judgement
from signing.report import ChangesAfter, Coverage, Indication, SignatureFormat, SignatureReport, TimestampFacts
from signing.timestamp import Timestamp, held_against_each_other, out_of_order
from signing.timestamping import RemoteTimestamper, TimestampingAuthority
from signing.web import Access

DIGEST = hashlib.sha256(b"a signature").digest()


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def ask(time_service):
    """A function that has a variant of the authority stamp DIGEST."""

    def stamp(variant: str, *, base: str = "", **fields):
        fields.setdefault("anchors", (time_service.file("root.der"),))
        address = f"{base or time_service.base}/{variant}"
        return RemoteTimestamper(TimestampingAuthority(address, **fields), now).stamp(DIGEST)

    return stamp


def test_what_is_sent_is_a_hash_and_what_comes_back_was_checked(ask, time_service) -> None:
    token = ask("clock")
    assert abs((token.time - now()).total_seconds()) < 60
    request = tsp.TimeStampReq.load(bytes.fromhex(time_service.requests()[-1]["body"]))
    assert request["message_imprint"]["hashed_message"].native == DIGEST
    assert request["cert_req"].native
    assert request["nonce"].native
    assert len(request.dump()) < 80  # there is no room in it for anything of a document


@pytest.mark.parametrize(
    ("variant", "reason"),
    [
        ("imprint", "imprint"),
        ("nonce", "nonce"),
        ("broken", "signature"),
        ("expired", "expired"),
        ("signing", "certificate"),
    ],
)
def test_a_token_that_is_no_answer_is_refused(ask, variant: str, reason: str) -> None:
    with pytest.raises(errors.TimestampWrong) as refused:
        ask(variant)
    assert refused.value.reason == reason
    if reason in ("expired", "certificate"):  # also where the person added no anchors
        with pytest.raises(errors.TimestampWrong):
            ask(variant, anchors=())


def test_an_answer_that_was_given_before_is_refused(ask) -> None:
    ask("replay")
    with pytest.raises(errors.TimestampWrong, match="nonce"):
        ask("replay")


def test_a_token_must_lead_to_an_anchor_that_was_added(ask, time_service) -> None:
    with pytest.raises(errors.TimestampNotTrusted):
        ask("unknown")
    assert ask("unknown", anchors=()).time


def test_another_policy_than_the_one_asked_for_is_refused(ask) -> None:
    assert ask("clock", policy="1.3.6.1.4.1.4146.2.3")
    with pytest.raises(errors.TimestampWrong, match="policy"):
        ask("policy", policy="1.2.3")
    with pytest.raises(errors.TimestampRejected, match="unaccepted_policy"):
        ask("refuse", policy="1.2.3")
    with pytest.raises(errors.TimestampRejected, match="policy_missing"):  # nothing is said of a policy that is set
        ask("refuse")
    with pytest.raises(errors.TimestampAddressWrong):
        ask("clock", policy="no number")


def test_a_clock_that_is_a_day_off_is_told(time_service) -> None:
    authority = TimestampingAuthority(f"{time_service.base}/clock")
    with pytest.raises(errors.TimestampWrong, match="time"):
        RemoteTimestamper(authority, lambda: datetime(2031, 1, 1, tzinfo=UTC)).stamp(DIGEST)


@pytest.mark.parametrize(
    ("variant", "status"),
    [
        *(("page", 200), ("huge", 200), ("endless", 200), ("gone", 503)),
        *(("moved", 302), ("moved-to-a-file", 307), ("moved-elsewhere", 308)),
    ],
)
def test_what_is_no_time_stamp_is_told(ask, time_service, variant: str, status: int) -> None:
    with pytest.raises(errors.TimestampAnswerUnusable) as refused:
        ask(variant)
    assert refused.value.http == status
    assert time_service.requests()[-1]["path"] == f"/{variant}"  # a redirection is not followed


def test_user_and_password_open_a_private_authority(ask) -> None:
    assert ask("private", access=Access(user="hanako", password="ひみつ"))
    for wrong in (Access(), Access(user="hanako", password="x")):
        with pytest.raises(errors.TimestampAccessDenied):
            ask("private", access=wrong)


def test_a_client_certificate_opens_a_private_authority(ask, time_service, monkeypatch) -> None:
    mine = time_service.folder / "client.p12"
    with pytest.raises(errors.TimestampTlsFailed):  # the server is one that this system does not know
        ask("clock", base=time_service.safe, access=Access(client_certificate=mine, password="ひみつ"))
    monkeypatch.setenv("SSL_CERT_FILE", str(time_service.folder / "tls.pem"))
    assert ask("clock", base=time_service.safe, access=Access(client_certificate=mine, password="ひみつ"))
    with pytest.raises(errors.ClientCertificateUnusable):
        ask("clock", base=time_service.safe, access=Access(client_certificate=mine, password="x"))
    with pytest.raises((errors.TimestampTlsFailed, errors.TimestampUnreachable)):
        ask("clock", base=time_service.safe)


def test_what_a_system_believes_is_found_where_openssl_was_made_for_another(ask, time_service, monkeypatch) -> None:
    mine = Access(client_certificate=time_service.folder / "client.p12", password="ひみつ")
    for variable in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.setenv(variable, "/nowhere")
    for places in ((), ("/nowhere/else",)):
        monkeypatch.setattr(web, "_BELIEVED", places)
        with pytest.raises(errors.TimestampTlsFailed):
            ask("clock", base=time_service.safe, access=mine)
    monkeypatch.setattr(web, "_BELIEVED", ("/nowhere/else", str(time_service.folder / "tls.pem")))
    assert ask("clock", base=time_service.safe, access=mine)


@pytest.mark.parametrize("variant", ["slow", "drip"])
def test_a_server_that_takes_its_time_is_left(ask, monkeypatch, variant: str) -> None:
    monkeypatch.setitem(web.fetch.__kwdefaults__, "seconds", 1.0)
    with pytest.raises(errors.TimestampNoAnswer):
        ask(variant)


@pytest.mark.parametrize("begin", [b"\x16\x03\x03\x40\x00", b""])  # a record of 16 KiB, and nothing at all
def test_a_server_that_takes_its_time_over_tls_is_left(ask, monkeypatch, begin: bytes) -> None:
    monkeypatch.setitem(web.fetch.__kwdefaults__, "seconds", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as server:
        left = threading.Event()

        def serve() -> None:
            connection, _ = server.accept()
            connection.settimeout(0.05)
            with connection, contextlib.suppress(ConnectionError):
                connection.recv(4096)
                connection.sendall(begin)
                while not left.is_set():
                    connection.sendall(b"\0" if begin else b"")
                    with contextlib.suppress(TimeoutError):
                        if not connection.recv(4096):  # whoever asked has hung up
                            left.set()

        thread = threading.Thread(target=serve)
        thread.start()
        with pytest.raises(errors.TimestampNoAnswer):
            ask("clock", base=f"https://127.0.0.1:{server.getsockname()[1]}")
        thread.join(10)
        assert not thread.is_alive()


def test_a_name_that_is_looked_up_for_ever_is_left(ask, monkeypatch) -> None:
    monkeypatch.setitem(web.fetch.__kwdefaults__, "seconds", 0.2)
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait(10) and [])
    with pytest.raises(errors.TimestampNoAnswer):
        ask("clock", base="http://time.example")
    over.set()


def test_a_server_that_is_not_there_is_told(ask) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(errors.TimestampUnreachable):
        ask("clock", base=f"http://127.0.0.1:{port}")


def test_a_server_that_hangs_up_or_speaks_something_else_is_told(ask) -> None:
    for answer, error in ((b"", errors.TimestampUnreachable), (b"SSH-2.0\r\n", errors.TimestampAnswerUnusable)):
        with socket.create_server(("127.0.0.1", 0)) as server:

            def serve(server: socket.socket = server, answer: bytes = answer) -> None:
                connection, _ = server.accept()
                with connection:
                    connection.recv(4096)
                    connection.sendall(answer)

            thread = threading.Thread(target=serve)
            thread.start()
            with pytest.raises(error):
                ask("clock", base=f"http://127.0.0.1:{server.getsockname()[1]}")
            thread.join()


@pytest.mark.parametrize(
    "address",
    [
        *("", "time.example", "ftp://time.example/", "file:///etc/passwd", "http://", "http://a b/"),
        *("https://u:p@time.example/", "http://time.example/\r\nX: y", "http://time.example:port/"),
    ],
)
def test_what_is_no_address_is_refused_before_anything_is_contacted(address: str) -> None:
    with pytest.raises(errors.TimestampAddressWrong):
        web.require_address(address)


def test_the_password_shows_nowhere(tmp_path: Path) -> None:
    access = Access("hanako", tmp_path, "ひみつ")
    assert "ひみつ" not in repr(access) + repr(TimestampingAuthority("http://time.example/", access=access))


def test_a_signature_is_judged_at_the_latest_moment_that_the_stamp_leaves_open() -> None:
    made = datetime(2026, 1, 1, tzinfo=UTC)
    proven = Judgement(intact=True, sub_indication=None, digest_algorithm="", signature_algorithm="")
    stamp = Timestamp(made, proven, timedelta(seconds=2))
    assert stamp.latest == made + timedelta(seconds=2)
    assert out_of_order(made + timedelta(minutes=4), stamp) == ()
    (problem,) = out_of_order(made + timedelta(hours=1), stamp)
    assert problem.code == "timestamp.before-claim"
    assert out_of_order(made + timedelta(hours=1), None) == ()


def stamp_report(revision: int, time: datetime, *, proven: bool = True) -> SignatureReport:
    return SignatureReport(
        name=f"Stamp {revision}",
        format=SignatureFormat.PADES,
        level=None,
        indication=Indication.TOTAL_PASSED,
        sub_indication=None,
        intact=True,
        covers=Coverage.REVISION,
        changes_after=ChangesAfter.ALLOWED,
        revision=revision,
        is_timestamp=True,
        timestamp=TimestampFacts(time, proven),
    )


def test_the_times_of_document_time_stamps_do_not_run_backwards() -> None:
    first, earlier = datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
    in_order = (stamp_report(3, first), stamp_report(1, earlier))
    assert held_against_each_other(in_order) == in_order
    fine, wrong = held_against_each_other((stamp_report(1, first), stamp_report(3, earlier)))
    assert fine.problems == ()
    assert (wrong.indication, wrong.sub_indication) == ("INDETERMINATE", "TIMESTAMP_ORDER_FAILURE")
    assert [problem.code for problem in wrong.problems] == ["timestamp.out-of-order"]
    unproven = (stamp_report(1, first, proven=False), stamp_report(3, earlier))
    assert held_against_each_other(unproven) == unproven  # a claim contradicts nothing
