"""One HTTP request to an address that the person configured; whatever the other side does, it ends soon and small."""

import base64
import contextlib
import http.client
import os
import socket
import ssl
import sys
import tempfile
import threading
import urllib.parse
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self, TypeVar

from signing import errors
from signing.document import content_of

T = TypeVar("T")
_SECONDS = 30.0  # for all of it
_LARGEST = 1 << 20  # bytes of an answer, and of a client certificate
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
    context = _tls_context(access) if parts.scheme == "https" else None
    with _Line(parts, context, seconds) as line:
        status, content, complete = line.ended_within(
            lambda: line.exchange("GET" if body is None else "POST", target, body, headers, largest)
        )
    if status in _DENIED:
        raise errors.TimestampAccessDenied
    if status != http.client.OK or not complete:
        raise errors.TimestampAnswerUnusable(status)
    return content


class _Line:
    """A connection that is given up when its time is over, whatever it is doing then: naming, TLS and answer alike.

    A server that sends a byte now and then meets every limit of a single step.
    """

    def __init__(self, parts: urllib.parse.SplitResult, context: ssl.SSLContext | None, seconds: float) -> None:
        self._context, self._seconds = context, seconds
        host = parts.hostname or ""
        self._connection = (
            http.client.HTTPSConnection(host, parts.port, context=context)
            if context
            else http.client.HTTPConnection(host, parts.port)
        )
        self._given_up = threading.Event()
        self._kept: socket.socket | None = None  # another handle: TLS takes the first one away

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._given_up.set()
        if kept := self._kept:
            with contextlib.suppress(OSError):
                kept.shutdown(socket.SHUT_RDWR)
            kept.close()

    def ended_within(self, work: Callable[[], T]) -> T:
        """The outcome of work in a thread that is left alone when the time is over; the caller then goes on."""
        outcome: Future[T] = Future()

        def run() -> None:
            try:
                outcome.set_result(work())
            except BaseException as error:
                outcome.set_exception(error)

        threading.Thread(target=run, daemon=True).start()
        with _translated():
            return outcome.result(self._seconds)

    def exchange(
        self, method: str, target: str, body: bytes | None, headers: dict[str, str], largest: int
    ) -> tuple[int, bytes, bool]:
        """Status, content, and whether that is all of it."""
        with contextlib.closing(self._connection) as connection:
            connection.sock = self._opened(connection)
            connection.request(method, target, body=body, headers=headers)
            with contextlib.closing(connection.getresponse()) as response:
                content = response.read(largest + 1)
                return response.status, content, len(content) <= largest and not response.length

    def _opened(self, connection: http.client.HTTPConnection) -> socket.socket:
        opened = socket.create_connection((connection.host, connection.port), self._seconds)
        self._kept = opened.dup()
        if self._given_up.is_set():  # between the two: nobody else closes them
            opened.close()
            self._kept.close()
            raise TimeoutError
        return self._context.wrap_socket(opened, server_hostname=connection.host) if self._context else opened


# Where systems keep the certificates that they believe: Debian, Alpine; macOS, BSD; Fedora; openSUSE.
_BELIEVED = (
    *("/etc/ssl/certs/ca-certificates.crt", "/etc/ssl/cert.pem"),
    *("/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem"),
)


def _tls_context(access: Access) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=_believed_elsewhere())
    if access.client_certificate:
        _load_client_certificate(context, access.client_certificate, access.password)
    return context


def _believed_elsewhere() -> str | None:
    """Those of this system, where OpenSSL does not look: that of a frozen program knows the places of another one."""
    usual = ssl.get_default_verify_paths()
    if sys.platform == "win32" or usual.cafile or usual.capath:
        return None
    return next((file for file in _BELIEVED if os.path.isfile(file)), None)  # noqa: PTH113 - a name is asked for


def _load_client_certificate(context: ssl.SSLContext, path: Path, password: str) -> None:
    """OpenSSL takes a key from a file only: it gets one that is encrypted for this moment, and gone after it."""
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat, pkcs12

    try:
        bundle = content_of(path, _LARGEST)
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
    except (errors.DocumentError, OSError, ValueError, TypeError) as error:
        raise errors.ClientCertificateUnusable from error


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except errors.UserFacingError:
        raise
    except Exception as error:
        if isinstance(error, TimeoutError):
            raise errors.TimestampNoAnswer from error
        if isinstance(error, ssl.SSLError):
            raise errors.TimestampTlsFailed from error
        if isinstance(error, http.client.HTTPException) and not isinstance(error, http.client.RemoteDisconnected):
            raise errors.TimestampAnswerUnusable(0) from error
        if isinstance(error, OSError):
            raise errors.TimestampUnreachable from error
        raise errors.TimestampAnswerUnusable(0) from error
