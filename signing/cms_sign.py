"""A detached signature of any file: CAdES B-B (ETSI EN 319 122-1) in a .p7s beside it; the file stays as it is."""

import hashlib
from datetime import datetime
from pathlib import Path

from asn1crypto.cms import CMSAttributes

from signing import cms, errors
from signing.credential import Credential
from signing.document import Document
from signing.note import Note
from signing.profile import Profile
from signing.staged_copy import StagedFile, file_with


def rehearse(document: Document, profile: Profile) -> tuple[Note, ...]:
    """See whether it can be read; of any content a digest can be made. Raises DocumentError."""
    with document.opened():
        return ()


def stage(document: Document, profile: Profile, folder: Path) -> "StagedCms":
    """Hash the document. Raises DocumentError, DestinationError."""
    return StagedCms(document, folder)


class StagedCms:
    """A file that waits for its signature: the digest of the document is computed."""

    def __init__(self, document: Document, folder: Path) -> None:
        """Raises DocumentError, DestinationError."""
        self._document = document
        self._digests = _digests(document, "sha256")
        self.source_sha256 = self._digests["sha256"].hex()
        self.file = StagedFile(folder)
        self._made = b""

    def sign(self, credential: Credential, *, name: str, moment: datetime) -> None:
        """Write the SignedData and read it back; the credential signs once. `moment` is the signer's claim.

        Raises CardError, CardSignatureWrong among them, DestinationError, OutputNotVerified, DocumentChangedOnDisk.
        """
        certificate = credential.certification_path[0]
        digest = self._digest(credential.algorithm.digest)
        attributes = CMSAttributes([*cms.cades_attributes(digest, certificate), cms.signing_time(moment)])
        self.file.hold(bytes(cms.room_for(credential.certification_path)))  # the disk has room before the card signs
        signed_data = cms.sign_attributes(attributes, credential)
        if not cms.signs(signed_data, digest, certificate):
            raise errors.CardSignatureWrong
        self._made = signed_data
        self.file.hold(signed_data)

    @property
    def signed(self) -> bool:
        return bool(self._made)

    def made_again(self, folder: Path) -> StagedFile:
        """What was signed, in another folder. Raises DestinationError."""
        return file_with(self._made, folder)

    def _digest(self, algorithm: str) -> bytes:
        """Of the document. Which algorithm it must be is known only with the key; then the file is read once more."""
        if algorithm not in self._digests:
            again = _digests(self._document, "sha256", algorithm)
            if again["sha256"] != self._digests["sha256"]:
                raise errors.DocumentChangedOnDisk
            self._digests = again
        return self._digests[algorithm]


def _digests(document: Document, *algorithms: str) -> dict[str, bytes]:
    """Of what is read once, by algorithms of hashlib. Raises DocumentError."""
    running = {name: hashlib.new(name) for name in algorithms}
    for piece in document.pieces():
        for each in running.values():
            each.update(piece)
    return {name: each.digest() for name, each in running.items()}
