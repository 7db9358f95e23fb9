"""The certificates that the person chose to believe, one file for each; free of Qt, for the terminal too."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from desktop.places import anchors_folder
from desktop.time.authorities import trust_with_authorities
from signing.errors import DestinationNotWritable
from signing.report import CertificateFacts
from signing.trust import JLIS_ROOTS, Trust, fingerprint

_LARGEST = 1 << 16  # bytes of a certificate
_MOST = 1000


@dataclass(frozen=True, slots=True)
class Anchor:
    """A certificate that is believed; `pinned`: the program would believe it by itself, and only has it at hand."""

    der: bytes
    facts: CertificateFacts

    @property
    def pinned(self) -> bool:
        return self.facts.sha256 in JLIS_ROOTS


def known_trust() -> Trust:
    """Whom the program believes by itself, and whom the person added, for signatures and for time stamps."""
    return trust_with_authorities().with_anchors(added())


def added() -> tuple[bytes, ...]:
    """The certificates in DER. What cannot be read, or is not what its name says, does not count."""
    try:
        paths = sorted(anchors_folder().glob("*.cer"))[:_MOST]
    except OSError:
        return ()
    found = (_read(path) for path in paths)
    return tuple(der for der, path in zip(found, paths, strict=True) if der and fingerprint(der) == path.stem)


def add(certificates: Iterable[bytes]) -> None:
    """Believe them from now on. Raises DestinationNotWritable."""
    folder = anchors_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for der in certificates:
            part = folder / f"{fingerprint(der)}.part"
            part.write_bytes(der)
            part.replace(part.with_suffix(".cer"))
    except OSError as error:
        raise DestinationNotWritable from error


def remove(sha256: str) -> None:
    """Believe it no more. Raises DestinationNotWritable."""
    try:
        (anchors_folder() / f"{sha256}.cer").unlink(missing_ok=True)
    except OSError as error:
        raise DestinationNotWritable from error


def _read(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST)
    except OSError:
        return None


# --- asked of the helper process, which has the libraries


def added_anchors() -> tuple[Anchor, ...]:
    """What the person added, read."""
    return _anchors(added())


def anchors_in(path: Path) -> tuple[Anchor, ...]:
    """The certificates of a file that could be added. Raises DocumentError, CertificateUnreadable."""
    from signing.trust import read_certificates

    return _anchors(dict.fromkeys(read_certificates(path)))


def anchor_of(der: bytes) -> Anchor:
    """A certificate from a card. Raises CertificateUnreadable."""
    return _anchors([der])[0]


def _anchors(certificates: Iterable[bytes]) -> tuple[Anchor, ...]:
    from signing.certificate import certificate_facts

    return tuple(Anchor(der, certificate_facts(der)) for der in certificates)
