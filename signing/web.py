"""One HTTP request to an address that the person configured; whatever the other side does, it ends soon and small."""

import base64
import contextlib
import http.client
import os
import socket
import ssl
import tempfile
import threading
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from signing import errors

_SECONDS = 30.0  # for all of it, and for each step
_LARGEST = 1 << 20  # bytes of an answer
_DENIED = (401, 403, 407)


@dataclass(frozen=True, slots=True)
class Access:
    """What a server asks for: user and password (RFC 7617), or a TLS client certificate (PKCS#12) with its password.

    `password` belongs to whichever is there; it is never shown.
    """

    user: str = ""
    client_certificate: Path | None = None
    password: str = field(default="", repr=False)

    @property
    def needs_password(self) -> bool:
        return bool(self.user or self.client_certificate)


NO_ACCESS = Access()


def require_address(address: str) -> urllib.parse.SplitResult:
    """The parts of an http or https address. Raises TimestampAddressWrong; nothing is contacted."""
    try:
        parts = urllib.parse.urlsplit(address.strip())
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise errors.TimestampAddressWrong("host") from error
    if parts.scheme not in ("http", "https"):
        raise errors.TimestampAddressWrong("scheme")
    if not host or parts.username is not None or any(not each.isprintable() or each == " " for each in address.strip()):
        raise errors.TimestampAddressWrong("host")
    return parts


def fetch(
    address: str,
    *,
    body: bytes | None = None,
    content_type: str = "",
    accept: str = "*/*",
    access: Access = NO_ACCESS,
    largest: int = _LARGEST,
    seconds: float = _SECONDS,
) -> bytes:
    """GET, or POST where there is a `body`; the content of the answer. No proxy is used, no redirection is followed,
    nothing is kept.

    Raises TimestampError: TimestampUnreachable, TimestampNoAnswer, TimestampTlsFailed, TimestampAccessDenied,
    TimestampAnswerUnusable, ClientCertificateUnusable, TimestampAddressWrong.
    """
    parts = require_address(address)
    headers = {"Accept": accept, "User-Agent": "jitsuin", "Connection": "close"}
    if body is not None:
        headers["Content-Type"] = content_type
    if access.user:
        pair = base64.b64encode(f"{access.user}:{access.password}".encode()).decode("ascii")
        headers["Authorization"] = f"Basic {pair}"
    target = urllib.parse.quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._") + (
        f"?{parts.query}" if parts.query else ""
    )
    ended = threading.Event()
    connection = _connection(parts, access, seconds)
    with contextlib.closing(connection), _translated(ended), _time_limit(connection, seconds, ended):
        connection.request("GET" if body is None else "POST", target, body=body, headers=headers)
        with contextlib.closing(connection.getresponse()) as response:
            content = response.read(largest + 1)
            complete = len(content) <= largest and not response.length
    if ended.is_set():
        raise errors.TimestampNoAnswer
    if response.status in _DENIED:
        raise errors.TimestampAccessDenied
    if response.status != http.client.OK or not complete:
        raise errors.TimestampAnswerUnusable(response.status)
    return content


def _connection(parts: urllib.parse.SplitResult, access: Access, seconds: float) -> http.client.HTTPConnection:
    host = parts.hostname or ""
    if parts.scheme == "http":
        return http.client.HTTPConnection(host, parts.port, timeout=seconds)
    context = ssl.create_default_context()
    if access.client_certificate:
        _load_client_certificate(context, access.client_certificate, access.password)
    return http.client.HTTPSConnection(host, parts.port, timeout=seconds, context=context)


def _load_client_certificate(context: ssl.SSLContext, path: Path, password: str) -> None:
    """OpenSSL takes a key from a file only: it gets one that is encrypted for this moment, and gone after it."""
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat, pkcs12

    try:
        bundle = path.read_bytes()
        key, certificate, others = pkcs12.load_key_and_certificates(bundle, password.encode() or None)
        if key is None or certificate is None:
            raise errors.ClientCertificateUnusable
        once = base64.b64encode(os.urandom(24))
        written = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(once))
        written += b"".join(each.public_bytes(Encoding.PEM) for each in (certificate, *others))
        with tempfile.TemporaryDirectory(prefix="jitsuin-") as folder:  # for this user alone
            file = Path(folder) / "client.pem"
            file.write_bytes(written)
            context.load_cert_chain(file, password=once)
    except (OSError, ValueError, TypeError) as error:
        raise errors.ClientCertificateUnusable from error


@contextlib.contextmanager
def _time_limit(connection: http.client.HTTPConnection, seconds: float, ended: threading.Event) -> Iterator[None]:
    """A server that sends a byte now and then meets every limit of a single step: this one is for all of them."""
    connection.connect()
    kept = connection.sock  # the connection forgets it before the answer has been read

    def end() -> None:
        ended.set()
        with contextlib.suppress(OSError):
            kept.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


@contextlib.contextmanager
def _translated(ended: threading.Event) -> Iterator[None]:
    try:
        yield
    except errors.UserFacingError:
        raise
    except Exception as error:
        if ended.is_set() or isinstance(error, TimeoutError):
            raise errors.TimestampNoAnswer from error
        if isinstance(error, ssl.SSLError):
            raise errors.TimestampTlsFailed from error
        if isinstance(error, http.client.HTTPException) and not isinstance(error, http.client.RemoteDisconnected):
            raise errors.TimestampAnswerUnusable(0) from error
        if isinstance(error, OSError):
            raise errors.TimestampUnreachable from error
        raise errors.TimestampAnswerUnusable(0) from error
