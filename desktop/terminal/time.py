"""`jitsuin timestamp` and `jitsuin waiting`, and the time stamps of `jitsuin sign`."""

import contextlib
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.messages import _, note, plain
from desktop.places import refuge_folder, waiting_folder
from desktop.terminal.anchors import anchors_in
from desktop.terminal.console import (
    WrongUsage,
    as_json,
    ask,
    is_interactive,
    print_json,
    read_document_password,
    read_password,
    require_yes,
    say,
    say_failure,
)
from desktop.time.authorities import (
    Authority,
    load_time_settings,
    timestamper_of,
)
from desktop.trust.store import known_trust
from desktop.words.time import consequence, destination_of_request, sources_in_words, waiting_words
from signing.document import Document
from signing.errors import (
    DocumentEncrypted,
    KeyringUnavailable,
    UserFacingError,
)
from signing.report import SignatureLevel
from signing.trust import Trust
from signing.waiting import WaitingFile, discard, save_as_it_is, stamp, waiting_files

if TYPE_CHECKING:
    from signing.extension import Extension
    from signing.timestamping import RemoteTimestamper

DONE, FAILED = 0, 1  # exit status


# --- who is asked


def open_authority(name: str = "") -> "RemoteTimestamper":
    """Say who will be asked for what, and get the password for it.

    Raises TimestampNotConfigured, AuthorityUnknown, WrongUsage.
    """
    authority = load_time_settings().authority(name)
    say(destination_of_request(authority))
    return timestamper_of(authority, _password_of(authority))


def _password_of(authority: Authority) -> str:
    if not authority.needs_password:
        return ""
    from desktop.time.secrets import saved_password

    with contextlib.suppress(KeyringUnavailable):
        if saved := saved_password(authority):
            return saved
    if not is_interactive():
        raise WrongUsage(_("There is no terminal to ask for the password of the authority, and the keyring has none."))
    return read_password(_("Password for {name}: ").format(name=plain(authority.name)), from_stdin=False)


# --- what waits


def complete(waiting: WaitingFile, timestamper: "RemoteTimestamper", *, password: str = "") -> Path | UserFacingError:
    """Stamp a signed file that waits; where that fails, let the person choose. The error where it goes on waiting."""
    while True:
        try:
            return _said(*_stamped(waiting, timestamper, password))
        except UserFacingError as error:
            say(_("Signed, but without time stamp: {path}").format(path=plain(waiting.output.name)))
            say_failure(error, indent="  ")
            if not is_interactive():
                say(waiting_words())
                return error
            match _choice():
                case "save":
                    return _said(*save_as_it_is(waiting, refuge=refuge_folder()))
                case "discard":
                    discard(waiting)
                    return error
                case "wait":
                    say(waiting_words())
                    return error


def _stamped(waiting: WaitingFile, timestamper: "RemoteTimestamper", password: str) -> tuple[Path, bool]:
    def attempt(secret: str) -> tuple[Path, bool]:
        trust, refuge = known_trust(), refuge_folder()
        return stamp(waiting, timestamper=timestamper, trust=trust, moment=_now(), refuge=refuge, password=secret)

    try:
        return attempt(password)
    except DocumentEncrypted:
        return attempt(read_document_password(waiting.path))


def _choice() -> str:
    answers = {"t": "retry", "s": "save", "d": "discard", "": "wait"}
    say(_("[t] try again   [s] save without time stamp   [d] discard the signature   [Enter] later"))
    while (answer := ask("> ")) not in answers:
        pass
    if answers[answer] == "discard" and ask(_("The signature is lost then. Really discard it? [y/N] ")) != "y":
        return _choice()
    return answers[answer]


def _said(path: Path, rescued: bool) -> Path:
    if rescued:
        say(_("Signed, but not into its folder. It is here: {path}").format(path=plain(str(path))))
    else:
        say(_("Signed: {path}").format(path=plain(str(path))))
    return path


def waiting(arguments: Namespace) -> int:
    """Tell what waits, or do one thing with all of it. Returns the exit status."""
    files = waiting_files(waiting_folder())
    if arguments.discard and files and not arguments.yes:
        require_yes(_("These signatures are lost then. Really discard them?"))
    timestamper = cache(partial(open_authority, arguments.authority))  # its password is asked for once
    results = {file: _settled(file, arguments, timestamper) for file in _announced(files, arguments)}
    if arguments.json:
        print_json({"files": [_facts(file, results.get(file)) for file in files]})
    elif not files:
        say(_("Nothing waits for a time stamp."))
    return FAILED if any(isinstance(result, UserFacingError) for result in results.values()) else DONE


def _announced(files: list[WaitingFile], arguments: Namespace) -> Iterator[WaitingFile]:
    for file in files:
        say(plain(str(file.output)))
        if arguments.retry or arguments.save or arguments.discard:
            yield file


def _settled(
    file: WaitingFile, arguments: Namespace, timestamper: Callable[[], "RemoteTimestamper"]
) -> Path | UserFacingError | None:
    try:
        if arguments.retry:
            return _said(*_stamped(file, timestamper(), ""))
        if arguments.save:
            return _said(*save_as_it_is(file, refuge=refuge_folder()))
        discard(file)
    except UserFacingError as error:
        say_failure(error, indent="  ")
        return error
    return None


def _facts(file: WaitingFile, result: Path | UserFacingError | None) -> dict[str, Any]:
    return {
        "output": str(result) if isinstance(result, Path) else None,
        "wanted": str(file.output),
        "sha256": file.sha256,
        "waits": file.path.exists(),
        "error": as_json(result) if isinstance(result, UserFacingError) else None,
    }


# --- jitsuin timestamp


@dataclass(slots=True)
class _Entry:
    """One signed file, and what has become of it."""

    given: str
    extension: "Extension | None" = None
    output: Path | None = None
    error: UserFacingError | None = None

    def as_json(self) -> dict[str, Any]:
        error = as_json(self.error) if self.error else None
        return {"path": self.given, "output": str(self.output) if self.output else None, "error": error}


def timestamp(arguments: Namespace) -> int:
    """Add time stamps, or all that long-term validation needs, to copies of signed files. Returns the exit status."""
    trust = known_trust().with_anchors(anchors_in(arguments.trust))
    entries = [_Entry(given) for given in dict.fromkeys(arguments.files)]
    for entry in entries:
        with _told(entry):
            entry.extension = _rehearsed(Path(entry.given), arguments, trust)
    ready = [entry for entry in entries if entry.extension]
    if ready:
        timestamper = open_authority(arguments.authority)
        _show_plan(ready)
        if not arguments.yes:
            require_yes(_("Ask for the time stamps?"))
        for entry in ready:
            with _told(entry):
                entry.output = _extended(entry, timestamper, trust, arguments.output)
                say(_("Made: {path}").format(path=plain(str(entry.output))))
    if arguments.json:
        print_json({"files": [entry.as_json() for entry in entries]})
    return FAILED if any(entry.error for entry in entries) else DONE


def _rehearsed(path: Path, arguments: Namespace, trust: Trust) -> "Extension":
    from signing.extension import rehearse_extension

    document, level = Document.open(path), SignatureLevel(arguments.level)
    try:
        return rehearse_extension(document, level, trust=trust, moment=_now())
    except DocumentEncrypted:
        document = document.unlocked_with(read_document_password(path))
        return rehearse_extension(document, level, trust=trust, moment=_now())


def _show_plan(entries: Iterable[_Entry]) -> None:
    for entry in entries:
        assert entry.extension  # noqa: S101 - those that are ready have one
        say(f"{plain(entry.given)}: {consequence(entry.extension.level)}")
        if entry.extension.level is not SignatureLevel.B_T:
            say(f"  {sources_in_words(entry.extension.sources)}")
        for finding in entry.extension.notes:
            say(f"  {note(finding)}")


def _extended(entry: _Entry, timestamper: "RemoteTimestamper", trust: Trust, directory: Path | None) -> Path:
    from signing.extension import extend, extended_name

    assert entry.extension  # noqa: S101 - as above
    output = extended_name(entry.extension.document, directory)
    staged = extend(entry.extension, output.parent, timestamper=timestamper, trust=trust, moment=_now())
    try:
        return staged.hand_over(output, refuge_folder())[0]
    finally:
        staged.close()


@contextlib.contextmanager
def _told(entry: _Entry) -> Iterator[None]:
    try:
        yield
    except UserFacingError as error:
        entry.error = error
        say(_("No time stamp: {path}").format(path=plain(entry.given)))
        say_failure(error, indent="  ")


def _now() -> datetime:
    return datetime.now(UTC).astimezone()
