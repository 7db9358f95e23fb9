"""The certificates that the person chose to believe, one file for each; free of Qt, for the terminal too."""

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.places import anchors_folder, timestamps_file
from desktop.time.authorities import load_time_settings, trust_with_authorities
from signing.errors import ChoicesUnreadable, DestinationNotWritable
from signing.report import CertificateFacts
from signing.trust import JLIS_ROOTS, Trust, fingerprint

if TYPE_CHECKING:
    from signing.revocation import ListFacts

_LARGEST = 1 << 16  # bytes of a certificate
_LONGEST_LIST = 64 << 20
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
    return replace(trust_with_authorities().with_anchors(added()), lists=added_lists())


def added() -> tuple[bytes, ...]:
    """The certificates in DER. What cannot be read, or is not what its name says, does not count."""
    return _kept("cer", _LARGEST)


def added_lists() -> tuple[bytes, ...]:
    """The CRLs in DER, under the same conditions."""
    return _kept("crl", _LONGEST_LIST)


def unreadable() -> tuple[str, ...]:
    """What the person chose to believe and does not count: names of damaged files, or of the folder or the file of
    authorities for time stamps where those cannot be read."""
    failed = [timestamps_file().name] if _stamping_is_unreadable() else []
    try:
        names = sorted(each.name for each in os.scandir(anchors_folder()) if each.name.endswith((".cer", ".crl")))
    except FileNotFoundError:
        names = []
    except OSError:
        failed.append(anchors_folder().name)
        names = []
    counted = {fingerprint(der) for der in (*added(), *added_lists())}
    return (*failed, *(name for name in names if name.rpartition(".")[0] not in counted))


def _stamping_is_unreadable() -> bool:
    try:
        load_time_settings()
    except ChoicesUnreadable:
        return True
    return False


def add(certificates: Iterable[bytes]) -> None:
    """Believe them from now on. Raises DestinationNotWritable."""
    for der in certificates:
        _keep(der, "cer")


def add_list(der: bytes) -> None:
    """Look certificates up in it from now on. Raises DestinationNotWritable."""
    _keep(der, "crl")


def remove(sha256: str) -> None:
    """Believe a certificate no more, or look nothing up in a list any more. Raises DestinationNotWritable."""
    try:
        for kind in ("cer", "crl"):
            (anchors_folder() / f"{sha256}.{kind}").unlink(missing_ok=True)
    except OSError as error:
        raise DestinationNotWritable from error


def _keep(der: bytes, kind: str) -> None:
    folder = anchors_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f"{fingerprint(der)}.part"
        part.write_bytes(der)
        part.replace(part.with_suffix(f".{kind}"))
    except OSError as error:
        raise DestinationNotWritable from error


def _kept(kind: str, most: int) -> tuple[bytes, ...]:
    try:
        paths = sorted(anchors_folder().glob(f"*.{kind}"))[:_MOST]
    except OSError:
        return ()
    found = (_read(path, most) for path in paths)
    return tuple(der for der, path in zip(found, paths, strict=True) if der and fingerprint(der) == path.stem)


def _read(path: Path, most: int) -> bytes | None:
    try:
        if not path.is_file():  # opening a pipe would wait for ever
            return None
        with path.open("rb") as file:
            return file.read(most)
    except OSError:
        return None


# --- asked of the helper process, which has the libraries


def added_anchors() -> tuple[Anchor, ...]:
    """What the person added, read."""
    return _anchors(added())


def anchors_in(path: Path) -> tuple[Anchor, ...]:
    """The certificates of a file that could be added. Raises DocumentError, CertificateFileUnreadable."""
    from signing.trust import read_certificates

    return _anchors(dict.fromkeys(read_certificates(path)))


def anchor_of(der: bytes) -> Anchor:
    """A certificate from a card. Raises CertificateUnreadable."""
    return _anchors([der])[0]


@dataclass(frozen=True, slots=True)
class KnownList:
    """A CRL that the person added."""

    der: bytes
    facts: "ListFacts"

    @property
    def sha256(self) -> str:
        return fingerprint(self.der)


def known_lists() -> tuple[KnownList, ...]:
    """The CRLs that the person added, read."""
    return tuple(_known_list(der) for der in added_lists())


def list_in(path: Path) -> KnownList:
    """The CRL of a file. Raises DocumentError, CertificateFileUnreadable."""
    from signing.trust import read_list

    return _known_list(read_list(path))


def _known_list(der: bytes) -> KnownList:
    from signing.revocation import list_facts

    return KnownList(der, list_facts(der))


def _anchors(certificates: Iterable[bytes]) -> tuple[Anchor, ...]:
    from signing.certificate import certificate_facts

    return tuple(Anchor(der, certificate_facts(der)) for der in certificates)
