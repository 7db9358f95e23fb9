"""Time stamps in the window: who is asked, what waits for a stamp, and what becomes of it; off the window's thread."""

from functools import partial
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QObject, pyqtSignal

from desktop.time.authorities import TimeSettings, load_time_settings, save_time_settings
from desktop.words.time import destination_of_request
from signing.errors import ChoicesUnreadable

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from desktop.jobs import JobQueue
    from desktop.passwords.aside import Aside
    from desktop.time.authorities import Authority
    from desktop.time.conversation import Extend, Stamp, Stamped
    from desktop.work.worker import Worker
    from signing.errors import UserFacingError
    from signing.extension import Extension
    from signing.waiting import WaitingFile


class WaitingItem:
    """A signed file that waits. `error` is why it has no stamp yet, `busy` while it is being asked for; `settled` is
    where it stands in the end, None where it was discarded, and `stamped` whether with its time stamp."""

    def __init__(self, file: "WaitingFile", password: str = "") -> None:
        self.file, self.password = file, password
        self.busy = self.gone = self.stamped = False
        self.error: UserFacingError | None = None
        self.settled: Stamped | None = None


class TimeDesk(QObject):
    """`changed`: the settings, or what waits. A password that could not be stored is known while the window is open."""

    changed = pyqtSignal()
    trust_changed = pyqtSignal()  # other certificates are believed for time stamps
    item_changed = pyqtSignal(object)  # WaitingItem
    tested = pyqtSignal(object)  # the time that the authority told, or UserFacingError
    _settled = pyqtSignal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings = TimeSettings()
        self.unreadable: ChoicesUnreadable | None = None  # why the settings are not those that were saved
        try:
            self.settings = load_time_settings()
        except ChoicesUnreadable as error:
            self.unreadable = error
        self.items: list[WaitingItem] = []
        self._password: str | None = None
        self._denied = False  # the last one that was known
        self._queue: JobQueue | None = None
        self._worker: Worker | None = None
        self._aside: Aside | None = None
        self._settled.connect(self._on_settled)

    # --- who is asked

    @property
    def signing(self) -> bool:
        """Whether new signatures are to have a time stamp."""
        return self.settings.signing

    def request_in_words(self) -> str:
        """Where a request goes and what it carries; empty where none is made."""
        return destination_of_request(self.settings.authority()) if self.signing else ""

    def begin_anew(self) -> "Path":
        """Where settings that cannot be read are kept from now on, out of the way. Raises DestinationNotWritable."""
        from desktop.choices import put_aside
        from desktop.places import timestamps_file
        from signing.errors import DestinationNotWritable

        try:
            aside = put_aside(timestamps_file())
        except OSError as error:
            raise DestinationNotWritable from error
        self.unreadable = None
        self.changed.emit()
        return aside

    def use(self, settings: TimeSettings) -> None:
        """Raises DestinationNotWritable, ChoicesUnreadable."""
        save_time_settings(settings)
        if settings.authorities[:1] != self.settings.authorities[:1] and self.settings.authorities:
            self._password, self._denied = None, False
        believed, self.settings = self.settings.anchors, settings
        self.changed.emit()
        if settings.anchors != believed:
            self.trust_changed.emit()

    def knows_password(self, authority: "Authority") -> bool:
        """Whether none is needed, or it was entered since the window opened."""
        return not authority.needs_password or (self._password is not None and authority == self.settings.authority())

    def find_password(self, authority: "Authority", told: "Callable[[tuple[Authority, str | None]], object]") -> None:
        """Tell a method of a QObject what the keyring has, once the person has unlocked that."""
        self.aside(partial(_find, authority, denied=self._denied), told)

    def aside(self, work: "Callable[[], object]", told: "Callable[[Any], object]") -> None:
        """Do what may wait for the keyring; `told`, a method of a QObject, gets the answer or the error."""
        from desktop.passwords.aside import Aside

        self._aside = self._aside or Aside(self)
        self._aside.do(work, told)

    def has_keyring(self) -> bool:
        from desktop.time.secrets import has_keyring

        return has_keyring()

    def know_password(self, password: str) -> None:
        """For the stamps that follow; not stored."""
        self._password, self._denied = password, False

    def test(self, authority: "Authority", password: str) -> None:
        """Have a random number stamped; `tested` tells."""
        work = partial(_test, authority, password)
        self._submit(work, self.tested.emit, self.tested.emit)

    # --- documents that are signed already

    def extend(self, extension: "Extension", folder: "Path", told: "Callable[[Any], None]") -> None:
        """Add what the extension says to a copy in the folder; `told`, a method of a QObject, gets Stamped or the
        error."""
        self._submit(partial(self._extend, extension, folder), told, told)

    # --- what waits

    def find(self) -> None:
        """Look for files that wait since another time."""
        from desktop.places import waiting_folder
        from signing.waiting import waiting_files

        known = {item.file.path for item in self.items}
        self.items += [WaitingItem(file) for file in waiting_files(waiting_folder()) if file.path not in known]
        self.changed.emit()

    def add(self, file: "WaitingFile", password: str) -> WaitingItem:
        """A file that was signed just now; its stamp is asked for at once."""
        item = WaitingItem(file, password)
        self.items.append(item)
        self.retry(item)
        return item

    def retry(self, item: WaitingItem) -> None:
        item.stamped = True
        self._begin(item, partial(self._stamp, item))

    def save(self, item: WaitingItem) -> None:
        """Without time stamp."""
        item.stamped = False
        self._begin(item, partial(_save, item.file))

    def discard(self, item: WaitingItem) -> None:
        self._begin(item, partial(_discard, item.file))

    def shut_down(self) -> None:
        if self._worker:
            self._worker.close()  # what is under way goes on waiting
        if self._queue:
            self._queue.shut_down()

    def _begin(self, item: WaitingItem, work: "Callable[[], Stamped | None]") -> None:
        item.busy, item.error = True, None
        self.item_changed.emit(item)
        told = partial(self._settled.emit, item)
        self._submit(work, told, told)

    def _submit(
        self,
        work: "Callable[[], object]",
        done: "Callable[[object], None]",
        failed: "Callable[[UserFacingError], None]",
    ) -> None:
        from desktop.jobs import JobQueue

        self._queue = self._queue or JobQueue(self)
        self._queue.submit(work, done=done, failed=failed)

    def _on_settled(self, item: WaitingItem, result: "Stamped | UserFacingError | None") -> None:
        from signing.errors import TimestampAccessDenied, UserFacingError

        item.busy = False
        if isinstance(result, UserFacingError):
            item.error = result
            if isinstance(result, TimestampAccessDenied):
                self._forget_password()
        else:
            item.settled, item.gone = result, True
            self.items = [each for each in self.items if each is not item]
        self.item_changed.emit(item)
        self.changed.emit()

    def _forget_password(self) -> None:
        """It is to be asked for anew, whatever the keyring has."""
        self._password, self._denied = None, True

    # These run in the thread of the queue.

    def _extend(self, extension: "Extension", folder: "Path") -> "Stamped":
        from desktop.places import refuge_folder
        from desktop.time.conversation import Extend
        from desktop.trust.store import known_trust
        from signing.errors import TimestampAccessDenied

        authority = self.settings.authority()
        trust, refuge = known_trust(), refuge_folder()
        request = Extend(extension, folder, authority.policy, authority.anchors, trust, refuge)
        try:
            return self._carried_out(request, authority)
        except TimestampAccessDenied:
            self._forget_password()
            raise

    def _stamp(self, item: WaitingItem) -> "Stamped":
        from desktop.places import refuge_folder
        from desktop.time.authorities import trust_with_authorities
        from desktop.time.conversation import Stamp

        authority = self.settings.authority()
        trust, refuge = trust_with_authorities(), refuge_folder()
        request = Stamp(item.file, authority.policy, authority.anchors, trust, refuge, item.password)
        return self._carried_out(request, authority)

    def _carried_out(self, request: "Stamp | Extend", authority: "Authority") -> "Stamped":
        from desktop.time.authorities import timestamper_of
        from desktop.time.conversation import stamped
        from desktop.work.worker import Worker
        from signing.errors import TimestampAccessDenied
        from signing.timestamping import post

        if not self.knows_password(authority):
            raise TimestampAccessDenied  # once is enough: some count
        asked = timestamper_of(authority, self._password or "").authority
        self._worker = self._worker or Worker()
        return stamped(self._worker, request, partial(post, asked))


def _find(authority: "Authority", *, denied: bool) -> "tuple[Authority, str | None]":
    from desktop.time.secrets import saved_password
    from signing.errors import KeyringUnavailable

    try:
        return authority, None if denied else saved_password(authority)
    except KeyringUnavailable:
        return authority, None


def _test(authority: "Authority", password: str) -> "datetime":
    import hashlib
    import os

    from desktop.time.authorities import timestamper_of

    timestamper = timestamper_of(authority, password)
    return timestamper.stamp(hashlib.sha256(os.urandom(32)).digest()).time


def _save(file: "WaitingFile") -> "Stamped":
    from desktop.places import refuge_folder
    from desktop.time.conversation import Stamped
    from signing.waiting import save_as_it_is

    return Stamped(*save_as_it_is(file, refuge=refuge_folder()))


def _discard(file: "WaitingFile") -> None:
    from signing.waiting import discard

    discard(file)
