"""A time-stamping authority with its OCSP responder and CRLs on loopback, also one that is slow, refuses and lies.

    python tests/time_service.py FOLDER

Certomancer does the real work. In FOLDER it leaves root.der, signer.pem, client.p12, ready.json (the addresses) and
requests.log, one line of JSON for each request. An address is BASE/VARIANT; what each variant does stands below.
"""

import json
import ssl
import sys
import threading
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from asn1crypto import tsp
from certomancer.integrations.animator import Animator, AnimatorArchStore
from certomancer.registry import ArchLabel, CertLabel, CertomancerConfig
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID
from werkzeug import Request, Response
from werkzeug.serving import WSGIRequestHandler, make_server

USER, PASSWORD = "hanako", "ひみつ"
_POLICY = "1.3.6.1.4.1.4146.2.3"  # that of Certomancer
_HOLDERS = ("root", "clock", "signer", "responder", "stranger")
_LONG = "{valid-from: '2020-01-01T00:00:00+0000', valid-to: '2050-01-01T00:00:00+0000'}"
_SHORT = "{valid-from: '2020-01-01T00:00:00+0000', valid-to: '2021-01-01T00:00:00+0000'}"
_REVOKED = "revocation: {revoked-since: '2021-01-01T00:00:00+0000', reason: key_compromise}\n        "
_SOURCES = """
          - {id: crl_distribution_points, smart-value: {schema: crl-dist-url, params: {crl-repo-names: [root]}}}
          - {id: authority_information_access,
             smart-value: {schema: aia-urls, params: {ocsp-responder-names: [ocsp]}}}"""
_STAMPING = f"""
          - {{id: key_usage, critical: true, smart-value: {{schema: key-usage, params: [digital_signature]}}}}
          - {{id: extended_key_usage, critical: true, value: [time_stamping]}}{_SOURCES}"""
_SIGNING = f"""
          - {{id: key_usage, critical: true,
             smart-value: {{schema: key-usage, params: [digital_signature, non_repudiation]}}}}{_SOURCES}"""


def _certificate(subject: str, rest: str, *, label: str = "", issuer: str = "root", validity: str = _LONG) -> str:
    return f"""
      {label or subject}:
        subject: {subject}
        issuer: {issuer}
        subject-key: {subject}
        validity: {validity}
        {rest}"""


def _configuration(base: str, keys: Path) -> str:
    authority = "profiles: [{id: simple-ca, params: {crl-repo: root}}]"
    return f"""
external-url-prefix: {base}
keysets:
  keys:
    path-prefix: {keys}
    keys: {{{", ".join(f"{name}: {{path: {name}.pem}}" for name in _HOLDERS)}}}
pki-architectures:
  time:
    keyset: keys
    entity-defaults: {{country-name: JP}}
    entities: {{{", ".join(f"{name}: {{common-name: Test {name}}}" for name in _HOLDERS)}}}
    certs:
      {_certificate("root", authority)}
      {_certificate("stranger", "profiles: [{id: simple-ca}]", issuer="stranger")}
      {_certificate("clock", f"extensions: {_STAMPING}")}
      {_certificate("clock", f"extensions: {_STAMPING}", label="expired", validity=_SHORT)}
      {_certificate("clock", f"extensions: {_STAMPING}", label="unknown", issuer="stranger")}
      {_certificate("clock", f"extensions: {_SIGNING}", label="signing")}
      {_certificate("signer", f"extensions: {_SIGNING}")}
      {_certificate("signer", _REVOKED + f"extensions: {_SIGNING}", label="revoked")}
      {_certificate("responder", "profiles: [ocsp-responder]")}
    services:
      ocsp: {{ocsp: {{for-issuer: root, responder-cert: responder, signing-key: responder}}}}
      crl-repo: {{root: {{for-issuer: root, signing-key: root, simulated-update-schedule: P1D}}}}
      time-stamping:
        {"".join(f"{label}: {{signing-key: clock, signing-cert: {label}}}{chr(10)}        " for label in _CLOCKS)}
"""


_CLOCKS = ("clock", "expired", "unknown", "signing")


class Service:
    """The WSGI application: the first part of a path chooses the variant."""

    def __init__(self, folder: Path, real: Callable[..., Iterable[bytes]]) -> None:
        self._log = folder / "requests.log"
        self._real = real
        self._lock = threading.Lock()
        self._last = b""

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        request = Request(environ)
        line = {"method": request.method, "path": request.path, "body": request.get_data().hex()}
        with self._lock, self._log.open("a") as log:
            log.write(json.dumps(line) + "\n")
        variant = request.path.strip("/").replace("-", "_")
        act = getattr(self, f"on_{variant}", None)
        if act is None and "/" in variant:  # a CRL, or a question of OCSP, which was read just now
            return self._real(environ | {"wsgi.input": BytesIO(request.get_data())}, start)
        return (act or (lambda query: self._stamped(query, variant)))(request)(environ, start)

    def _stamped(self, request: Request, clock: str = "clock", change: Callable[[Any], None] | None = None) -> Response:
        query = tsp.TimeStampReq.load(request.get_data())
        if change:
            change(query)
        environ = request.environ | {"PATH_INFO": f"/time/tsa/{clock}"}
        body = query.dump(force=True)
        environ |= {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        for cached in [key for key in environ if key.startswith("werkzeug.")]:
            environ.pop(cached)
        return Response.from_app(self._real, environ)

    def on_imprint(self, request: Request) -> Response:
        """It stamps something else."""
        return self._stamped(request, change=lambda q: q["message_imprint"].__setitem__("hashed_message", bytes(32)))

    def on_nonce(self, request: Request) -> Response:
        return self._stamped(request, change=lambda query: query.__setitem__("nonce", 42))

    def on_policy(self, request: Request) -> Response:
        """It stamps under the only policy that it has."""

        return self._stamped(request, change=lambda query: query.__setitem__("req_policy", _POLICY))

    def on_replay(self, request: Request) -> Response:
        """The answer to the question before."""
        answer, before = self._stamped(request).get_data(), self._last
        self._last = answer
        return Response(before or answer, content_type="application/timestamp-reply")

    def on_broken(self, request: Request) -> Response:
        answer = bytearray(self._stamped(request).get_data())
        answer[-10] ^= 1
        return Response(bytes(answer), content_type="application/timestamp-reply")

    def on_refuse(self, _: Request) -> Response:
        status = tsp.PKIStatusInfo({"status": "rejection", "fail_info": {"unaccepted_policy"}}).dump()
        return Response(bytes([0x30, len(status)]) + status, content_type="application/timestamp-reply")

    def on_slow(self, request: Request) -> Response:
        time.sleep(60)
        return self._stamped(request)

    def on_drip(self, _: Request) -> Response:
        """A byte now and then, so that no single step takes long."""

        def drops() -> Iterable[bytes]:
            for _ in range(600):
                yield b"0"
                time.sleep(0.1)

        return Response(drops(), headers={"Content-Length": "600"})

    def on_page(self, _: Request) -> Response:
        return Response("<html>Welcome</html>", content_type="text/html")

    def on_huge(self, _: Request) -> Response:
        return Response(bytes(1 << 20), content_type="application/timestamp-reply")

    def on_moved(self, _: Request) -> Response:
        return Response(status=302, headers={"Location": "/clock"})

    def on_moved_to_a_file(self, _: Request) -> Response:
        return Response(status=307, headers={"Location": "file:///etc/passwd"})

    def on_moved_elsewhere(self, request: Request) -> Response:
        return Response(status=308, headers={"Location": f"http://localhost:{request.environ['SERVER_PORT']}/clock"})

    def on_endless(self, _: Request) -> Response:
        return Response((bytes(1 << 16) for _ in iter(int, 1)), content_type="application/timestamp-reply")

    def on_gone(self, _: Request) -> Response:
        return Response(status=503)

    def on_private(self, request: Request) -> Response:
        given = request.authorization
        if given is None or (given.username, given.password) != (USER, PASSWORD):
            return Response(status=401, headers={"WWW-Authenticate": 'Basic realm="time"'})
        return self._stamped(request)


def _make_keys(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for name in _HOLDERS:
        key = rsa.generate_private_key(65537, 2048)
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
        (folder / f"{name}.pem").write_bytes(pem)


def _tls(folder: Path) -> ssl.SSLContext:
    """A server certificate for loopback, and a client certificate (client.p12) that it demands; tls.pem is its root."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Loopback")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=9))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(Encoding.PEM)
    (folder / "tls.pem").write_bytes(pem)
    secret = BestAvailableEncryption(PASSWORD.encode())
    (folder / "client.p12").write_bytes(pkcs12.serialize_key_and_certificates(b"me", key, certificate, None, secret))
    both = folder / "tls-key.pem"
    both.write_bytes(pem + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(folder / "tls.pem"))
    context.load_cert_chain(both)
    context.verify_mode = ssl.CERT_REQUIRED
    return context


class _Quiet(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        pass


def main(folder: Path) -> None:
    _make_keys(folder / "keys")
    applications: list[Any] = []
    servers = [
        make_server("127.0.0.1", 0, lambda *call: applications[0](*call), threaded=True, request_handler=_Quiet, **more)
        for more in ({}, {"ssl_context": _tls(folder)})
    ]
    base, safe = (
        f"{scheme}://127.0.0.1:{server.port}" for scheme, server in zip(("http", "https"), servers, strict=True)
    )
    import yaml

    configuration = CertomancerConfig(yaml.safe_load(_configuration(base, folder / "keys")), key_search_dir="/")
    applications.append(Service(folder, Animator(AnimatorArchStore(configuration.pki_archs))))
    architecture = configuration.get_pki_arch(ArchLabel("time"))
    for name in ("root", "signer", "revoked", "clock"):
        (folder / f"{name}.der").write_bytes(architecture.get_cert(CertLabel(name)).dump())
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    ready = folder / "ready.part"
    ready.write_text(json.dumps({"base": base, "safe": safe}))
    ready.rename(folder / "ready.json")
    sys.stdin.read()  # until whoever started it ends or closes the pipe


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute())
