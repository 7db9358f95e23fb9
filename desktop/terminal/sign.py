"""`jitsuin sign`: the story of signing, told at a terminal."""

from argparse import Namespace
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.messages import _, note, plain
from desktop.places import refuge_folder, waiting_folder
from desktop.terminal.console import (
    as_json,
    print_json,
    read_document_password,
    say,
    say_failure,
)
from desktop.terminal.keys import Key, wanted_key
from desktop.words.destinations import destination_hint, destination_name, refusal_words, rules_in_words
from desktop.work.pool import Pool, Question
from signing import (
    Document,
    FailedFile,
    Rehearsal,
    SignedFile,
    SigningBatch,
    SigningJob,
    UnstampedFile,
    rehearse,
)
from signing.destination import Destination, default_destination, refusals, refusals_together
from signing.document import Kind
from signing.errors import (
    CardError,
    CertificateError,
    DestinationMissing,
    DocumentEncrypted,
    KeySourceError,
    UserFacingError,
)
from signing.my_number import my_number_notes
from signing.note import Note

if TYPE_CHECKING:
    from signing.timestamping import RemoteTimestamper

_PATIENCE = 20.0  # seconds
ALL_SIGNED, NOT_ALL_SIGNED, CARD_OR_PIN = 0, 1, 5  # exit status


@dataclass(slots=True)
class _Entry:
    """One file of the command line, and what has become of it."""

    given: str  # as it stood on the command line
    destination: Destination | None  # None until it is known which one suits
    rehearsal: Rehearsal | None = None
    sha256: str | None = None
    output: Path | None = None
    error: UserFacingError | None = None

    _search: Question | None = None

    @property
    def path(self) -> Path:
        return Path(self.given)

    def search_in(self, pool: Pool) -> None:
        """Have a helper process look for what may be a My Number, while the card is read."""
        if self.rehearsal and self.rehearsal.job.document.kind in (Kind.PDF, Kind.XML):
            self._search = pool.ask(my_number_notes, self.rehearsal.job.document, seconds=_PATIENCE)

    def found(self) -> Iterable[Note]:
        """What the search found; without an answer nothing is said."""
        with suppress(UserFacingError):
            return self._search.answer() if self._search else ()
        return ()

    def as_json(self) -> dict[str, Any]:
        return {
            "path": self.given,
            "output": str(self.output) if self.output else None,
            "profile": self.destination.profile if self.destination else None,
            "sha256": self.sha256,
            "error": as_json(self.error) if self.error else None,
        }


def sign(arguments: Namespace) -> int:
    """Rehearse every file, ask for the password once, sign what can be signed. Returns the exit status."""
    entries = [_Entry(given, arguments.destination) for given in dict.fromkeys(arguments.files)]
    for entry in entries:
        _rehearse(entry, arguments)
    ready = [entry for entry in entries if entry.rehearsal]
    try:
        with closing(Pool()) as pool:
            for entry in ready:
                entry.search_in(pool)
            if ready:
                _sign_with_key(ready, arguments)
    except (CardError, CertificateError, KeySourceError) as error:
        say_failure(error)
        for entry in ready:
            if entry.output is None and entry.error is None:
                entry.error = error
    if arguments.json:
        print_json({"files": [entry.as_json() for entry in entries]})
    return _exit_status(entry.error for entry in entries)


def _exit_status(outcomes: Iterable[UserFacingError | None]) -> int:
    errors = [error for error in outcomes if error]
    if any(isinstance(error, CardError | CertificateError | KeySourceError) for error in errors):
        return CARD_OR_PIN
    return NOT_ALL_SIGNED if errors else ALL_SIGNED


def _rehearse(entry: _Entry, arguments: Namespace) -> None:
    try:
        if arguments.output and not arguments.output.is_dir():
            raise DestinationMissing
        document = Document.open(entry.path)
        entry.destination = entry.destination or default_destination(document)
        profile, directory = entry.destination.profile, arguments.output
        job = SigningJob.beside(document, profile, practice=arguments.practice, directory=directory)
        entry.rehearsal = _rehearse_unlocked(job)
    except UserFacingError as error:
        _fail(entry, error)


def _rehearse_unlocked(job: SigningJob) -> Rehearsal:
    try:
        return rehearse(job)
    except DocumentEncrypted:
        password = read_document_password(job.document.path)
        if not password:
            raise
    return rehearse(replace(job, document=job.document.unlocked_with(password)))


def _sign_with_key(entries: list[_Entry], arguments: Namespace) -> None:
    key = wanted_key(arguments)
    rehearsals = [entry.rehearsal for entry in entries if entry.rehearsal]
    timestamper = _timestamper(entries, arguments)
    waiting = waiting_folder() if timestamper else None
    with SigningBatch(rehearsals, refuge=refuge_folder(), clock=_now, waiting=waiting) as batch:
        for entry, digest in zip(entries, batch.digests(), strict=True):
            if isinstance(digest, str):
                entry.sha256 = digest
            else:
                _fail(entry, digest)
        if all(entry.error for entry in entries):
            return
        _show_plan(entries, key)
        unstamped: list[tuple[_Entry, UnstampedFile]] = []
        try:
            with key.opened() as credential:
                for entry, outcome in zip(entries, batch.sign(credential), strict=True):
                    if isinstance(outcome, UnstampedFile):
                        unstamped.append((entry, outcome))
                    else:
                        _record(entry, outcome)
        finally:  # the key is free again: an authority may take its time
            _stamp(unstamped, timestamper)


def _timestamper(entries: list[_Entry], arguments: Namespace) -> "RemoteTimestamper | None":
    """Who will be asked for the time, where that is wanted; told, and its password entered, before the card's."""
    if not arguments.timestamp and not arguments.authority:
        return None
    from desktop.terminal.time import open_authority

    timestamper = open_authority(arguments.authority)
    for entry in entries:
        if entry.rehearsal and not entry.rehearsal.job.profile.takes_timestamp:
            say(_("This form takes no time stamp, it is left out: {path}").format(path=plain(entry.given)))
    return timestamper


def _stamp(unstamped: list[tuple[_Entry, UnstampedFile]], timestamper: "RemoteTimestamper | None") -> None:
    if timestamper is None:
        return
    from desktop.terminal.time import complete

    for entry, outcome in unstamped:
        result = complete(outcome.waiting, timestamper, password=outcome.job.document.password)
        if isinstance(result, UserFacingError):
            entry.error = result
        else:
            entry.output = result


def _show_plan(entries: list[_Entry], key: Key) -> None:
    for entry in entries:
        if entry.rehearsal and entry.sha256:
            say(f"{plain(str(entry.path))} → {plain(str(entry.rehearsal.job.output))}")
            say(f"  SHA-256 {entry.sha256}")
            for line in (*_findings(entry.rehearsal, entry.destination), *map(note, entry.found())):
                say(f"  {line}")
    for line in _findings_together(entries):
        say(line)
    for line in key.told():
        say(line)


def _findings(rehearsal: Rehearsal, destination: Destination | None) -> Iterator[str]:
    """What is to be known of a file before the password: also what its destination would refuse."""
    if destination:
        name = f"{destination_name(destination)} [{destination.name}]"
        yield _("Where it is for: {name}").format(name=name)
        yield from filter(None, (rules_in_words(destination), destination_hint(destination)))
        for refusal in refusals(destination, rehearsal.job.document):
            yield refusal_words(destination, refusal)
    yield from map(note, rehearsal.notes)


def _findings_together(entries: list[_Entry]) -> Iterator[str]:
    """What a destination would refuse of these files as one submission."""
    for destination in dict.fromkeys(entry.destination for entry in entries if entry.destination):
        documents = [e.rehearsal.job.document for e in entries if e.rehearsal and e.destination == destination]
        for refusal in refusals_together(destination, documents):
            yield refusal_words(destination, refusal)


def _record(entry: _Entry, outcome: SignedFile | FailedFile) -> None:
    if isinstance(outcome, FailedFile):
        if entry.error is None:
            _fail(entry, outcome.error)
        return
    entry.output = outcome.path
    if outcome.rescued:
        say(_("Signed, but not into its folder. It is here: {path}").format(path=plain(str(outcome.path))))
    else:
        say(_("Signed: {path}").format(path=plain(str(outcome.path))))
    if outcome.unstamped:
        say(_("Without time stamp."))


def _fail(entry: _Entry, error: UserFacingError) -> None:
    entry.error = error
    say(_("Not signed: {path}").format(path=plain(str(entry.path))))
    say_failure(error, indent="  ")


def _now() -> datetime:
    return datetime.now(UTC).astimezone()
