"""The story of signing: rehearse(job) → SigningBatch stages it → batch.sign(credential) → SignedFile."""

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol, Self

from signing import errors
from signing.credential import Credential
from signing.destination import takes_key
from signing.document import Document, Kind, kind_named
from signing.failure import user_facing
from signing.note import Note
from signing.pdf.options import AS_USUAL, PdfOptions
from signing.profile import Profile
from signing.report import CertificateFacts, IssuerClass
from signing.staged_copy import StagedFile, free_paths, require_room, staging_folder, translated
from signing.turns import IN_FLIGHT, Queue, Turn
from signing.waiting import WaitingFile, keep_aside

# Modules of a format are imported where they are used: they take half a second, and a window must open before.

_ROOM_FOR_SIGNATURE = 1 << 18
_PRACTICE_ENDING = "-practice-signed"
_LONGEST_NAME = 240  # bytes: file systems take 255, and -practice and a number may still be added


@dataclass(frozen=True, slots=True)
class SigningJob:
    """One document, what is to be made of it, and where."""

    document: Document
    profile: Profile
    output: Path
    options: PdfOptions = AS_USUAL

    @classmethod
    def beside(
        cls,
        document: Document,
        profile: Profile,
        *,
        practice: bool,
        directory: Path | None = None,
        options: PdfOptions = AS_USUAL,
    ) -> "SigningJob":
        """A job whose output stands beside the source or in `directory`, at a free name.

        It is NAME-signed.pdf (or .xml …), and NAME.pdf.p7s or NAME.pdf.sig.xml where the signature is a file of its
        own. NAME is cut where no file can be called that: each Japanese character takes three of the 255 bytes that a
        name has.
        """
        path = document.path
        name, ending = path.stem, _PRACTICE_ENDING if practice else "-signed"
        ending += path.suffix or f".{document.kind}"
        if profile.sidecar:
            name, ending = path.name, f"{_PRACTICE_ENDING if practice else ''}{profile.ending}"
        while len(name) > 1 and len(os.fsencode(name + ending)) > _LONGEST_NAME:
            name = name[:-1]
        wanted = (directory or path.parent) / f"{name}{ending}"
        return cls(document, profile, next(free_paths(wanted)), options)


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A job that will not fail for any reason that can be known without the card."""

    job: SigningJob
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class SignedFile:
    """A file that was written, synced, read back and verified.

    `path` differs from the job's output where that name was taken meanwhile, or where its folder failed (`rescued`).
    `sha256` is that of the source: what the person agreed to. `unstamped`: it was to have a time stamp, and there was
    no room to keep it aside for that.
    """

    job: SigningJob
    path: Path
    sha256: str
    practice: bool
    rescued: bool
    unstamped: bool = False


@dataclass(frozen=True, slots=True)
class UnstampedFile:
    """A job that is signed and kept aside, because its time stamp is still to come."""

    job: SigningJob
    waiting: WaitingFile


@dataclass(frozen=True, slots=True)
class FailedFile:
    """A job of which nothing was made."""

    job: SigningJob
    error: errors.UserFacingError


def rehearse(job: SigningJob) -> Rehearsal:
    """Try everything that can fail without the card; write nothing.

    Raises DocumentError, DestinationError.
    """
    document = job.document
    promised = kind_named(document.path)
    if promised not in (None, document.kind):
        raise errors.DocumentWrongEnding(named=str(promised), content=str(document.kind))
    if document.kind not in job.profile.kinds:
        raise errors.DocumentNotOfProfile(profile=job.profile)
    require_room(job.output.parent, _size_of_content(job) + _ROOM_FOR_SIGNATURE)
    with translated(0):
        if job.output.exists():
            raise errors.DestinationExists
    return Rehearsal(job, _format(job).rehearse(document, job.profile))


def _size_of_content(job: SigningJob) -> int:
    if job.profile is Profile.XML_ENVELOPING:
        return job.document.size * 4 // 3  # in base64
    return 0 if job.profile.sidecar else job.document.size


class _Staged(Protocol):
    """A file that waits for its signature."""

    @property
    def file(self) -> StagedFile: ...

    source_sha256: str

    def sign(self, credential: Credential, *, name: str, moment: datetime) -> None: ...

    @property
    def signed(self) -> bool:
        """Whether the credential has signed."""

    def made_again(self, folder: Path) -> StagedFile:
        """What was signed, in another folder."""


class _Format(Protocol):
    """What each format makes of a profile: a module, or something with options."""

    def rehearse(self, document: Document, profile: Profile) -> tuple[Note, ...]: ...

    def stage(self, document: Document, profile: Profile, folder: Path) -> _Staged: ...


def _format(job: SigningJob) -> _Format:
    if job.profile.kinds == {Kind.PDF}:
        from signing.pdf.sign import PdfFormat

        return PdfFormat(job.options)
    if job.profile is Profile.CADES_B_B:
        from signing import cms_sign

        return cms_sign
    from signing.xml import sign as xml

    return xml


class SigningBatch:
    """Signs rehearsed jobs with one credential, in order; a context manager.

    From its beginning, and so while the person types the password, files are copied, hashed and parsed in a thread;
    what has not been signed when it ends is removed. `refuge` is the folder for a signed file whose own folder fails,
    `waiting` the one in which what is to have a time stamp waits for it. `clock` tells the moment, with a time zone.
    """

    def __init__(
        self,
        rehearsals: Sequence[Rehearsal],
        *,
        refuge: Path,
        clock: Callable[[], datetime],
        waiting: Path | None = None,
    ) -> None:
        self._jobs = [rehearsal.job for rehearsal in rehearsals]
        self._refuge = refuge
        self._waiting = waiting
        self._clock = clock
        self._queue = Queue()
        self._stager = ThreadPoolExecutor(1)
        self._staged: list[Future[_StagedJob]] = []

    def __enter__(self) -> Self:
        self._staged = [self._stager.submit(_StagedJob, job, self._refuge) for job in self._jobs]
        return self

    def __exit__(self, *_: object) -> None:
        self._stager.shutdown(cancel_futures=True)
        for staged in self._staged:
            if not staged.cancelled() and staged.exception() is None:
                staged.result().close()

    @property
    def place(self) -> int:
        """Which file it is, counted from 0, for which the credential is used at this moment."""
        return self._queue.place

    def cancel(self) -> None:
        """Use the credential for no further file; may be called from another thread."""
        self._queue.cancel()

    def digests(self) -> Iterator[str | errors.UserFacingError]:
        """The SHA-256 of each source in order, as soon as it is staged, or why it cannot be."""
        for staged in self._staged:
            try:
                yield staged.result().source_sha256
            except Exception as error:
                yield user_facing(error)

    def sign(self, credential: Credential) -> Iterator[SignedFile | UnstampedFile | FailedFile]:
        """Sign each file with one use of the credential, in order; a file that fails does not stop the rest.

        A card or a token that fails does: what follows fails with the same error, and it is left alone. Others of the
        files are made ready and finished while the credential works for one. It is used in several threads, by one at
        a time.
        """
        flights = ThreadPoolExecutor(IN_FLIGHT)
        try:
            turns = [self._queue.turn(credential) for _ in self._jobs]
            files = zip(self._jobs, self._staged, turns, strict=True)
            for outcome in [flights.submit(self._sign_one, *file) for file in files]:
                yield outcome.result()
        except errors.Cancelled:
            return
        finally:
            self.cancel()  # also where nobody wants to hear of the rest
            flights.shutdown(cancel_futures=True)

    def _sign_one(
        self, job: SigningJob, staged: "Future[_StagedJob]", turn: Turn
    ) -> SignedFile | UnstampedFile | FailedFile:
        try:
            with turn:
                self._queue.require_open()
                return staged.result().sign(turn, self._clock(), self._waiting)
        except errors.Cancelled:
            raise
        except Exception as error:  # one file must not stop the others
            return FailedFile(job, user_facing(error))


class _StagedJob:
    """A job whose copy is made, hashed and parsed."""

    def __init__(self, job: SigningJob, refuge: Path) -> None:
        self._job, self._refuge = job, refuge
        self._staged = self._stage()
        self._file = self._staged.file
        self.source_sha256 = self._staged.source_sha256

    def _stage(self) -> _Staged:
        job, folder = self._job, self._job.output.parent
        form, safe = _format(job), staging_folder(folder, self._refuge)
        if safe != folder:
            with contextlib.suppress(errors.DestinationError):  # no room there: then where it is to go
                return form.stage(job.document, job.profile, safe)
        return form.stage(job.document, job.profile, folder)

    def close(self) -> None:
        self._file.close()

    def sign(self, credential: Credential, moment: datetime, waiting: Path | None) -> "SignedFile | UnstampedFile":
        facts = _usable_certificate(credential, moment)
        if not takes_key(self._job.profile, facts.public_key):
            raise errors.KeyNotTaken(facts.public_key)
        practice = facts.issuer_class is IssuerClass.PRACTICE
        name = facts.holder.name if facts.holder else facts.subject
        output = _told_apart(self._job.output, practice=practice)
        if self._file.folder != output.parent:  # what is made elsewhere has not taken the room that it will need there
            require_room(output.parent, _size_of_content(self._job) + _ROOM_FOR_SIGNATURE)
        try:
            try:
                self._staged.sign(credential, name=name, moment=moment)
                return self._hand_over(output, waiting, practice=practice)
            except Exception:  # whatever failed, what the card has signed is not lost
                if not (self._staged.signed and self._make_again()):
                    raise
                return self._hand_over(output, waiting, practice=practice)
        finally:
            self._file.close()
            del self._staged  # it holds what it would make again

    def _make_again(self) -> bool:
        """Make elsewhere what the card has signed, where its file failed after that: whether it is there now.

        The card is not asked again: each signature is one act of the signer.
        """
        for folder in (self._refuge, Path(tempfile.gettempdir())):
            with contextlib.suppress(errors.UserFacingError, OSError):
                folder.mkdir(parents=True, exist_ok=True)
                again = self._staged.made_again(folder)
                self._file.close()
                self._file = again
                return True
        return False

    def _hand_over(self, output: Path, waiting: Path | None, *, practice: bool) -> "SignedFile | UnstampedFile":
        wanted = waiting is not None and self._job.profile.takes_timestamp
        if waiting and wanted:
            with contextlib.suppress(errors.DestinationError):  # then it goes where it was to go, unstamped
                aside = keep_aside(self._file, output, waiting, sha256=self.source_sha256, practice=practice)
                return UnstampedFile(self._job, aside)
        # The card has signed: from here on the file is kept, whatever becomes of its folder.
        path, rescued = self._file.hand_over(output, self._refuge)
        return SignedFile(self._job, path, self.source_sha256, practice, rescued, wanted)


def _told_apart(output: Path, *, practice: bool) -> Path:
    """The name of what a practice card signed says so, also where the card came through a real reader."""
    if not practice or _PRACTICE_ENDING in output.stem:
        return output
    return output.with_stem(f"{output.stem.removesuffix('-signed')}{_PRACTICE_ENDING}")


def _usable_certificate(credential: Credential, moment: datetime) -> CertificateFacts:
    from signing.certificate import certificate_facts
    from signing.purpose import require_signing

    facts = certificate_facts(credential.certification_path[0])
    if moment > facts.not_after:
        kind = "jpki" if facts.holder else "other"
        raise errors.CertificateExpired(not_after=facts.not_after.isoformat(), kind=kind)
    if moment < facts.not_before:
        raise errors.CertificateNotYetValid(not_before=facts.not_before.isoformat())
    require_signing(credential.certification_path[0])
    return facts
