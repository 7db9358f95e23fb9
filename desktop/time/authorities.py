"""The time-stamping authorities that the person added, in a file without secrets; free of Qt, for the terminal too."""

import base64
import contextlib
import urllib.parse
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.choices import read_choices, write_choices
from desktop.places import timestamps_file
from desktop.words.formatting import plain
from signing.errors import (
    AuthorityNameMissing,
    AuthorityNameTaken,
    AuthorityUnknown,
    ChoicesUnreadable,
    DestinationNotWritable,
    TimestampNotConfigured,
)
from signing.trust import Trust

if TYPE_CHECKING:
    from signing.timestamping import RemoteTimestamper


@dataclass(frozen=True, slots=True)
class Authority:
    """`policy` is an OID or empty, `user` for HTTP Basic, `client_certificate` the path of a PKCS#12 file, `anchors`
    DER certificates that its time stamps must lead to."""

    name: str
    address: str
    policy: str = ""
    user: str = ""
    client_certificate: str = ""
    anchors: tuple[bytes, ...] = ()

    @property
    def server(self) -> str:
        """Who is contacted."""
        return urllib.parse.urlsplit(self.address).netloc or self.address

    @property
    def is_open(self) -> bool:
        """Whether everybody on the way can read what goes there."""
        return not self.address.lower().startswith("https:")

    @property
    def needs_password(self) -> bool:
        return bool(self.user or self.client_certificate)


@dataclass(frozen=True, slots=True)
class TimeSettings:
    """The first authority is the one that is asked; `signing`: new signatures get a time stamp."""

    authorities: tuple[Authority, ...] = ()
    signing: bool = False

    @property
    def anchors(self) -> frozenset[bytes]:
        """What the time stamps of any of them may lead to."""
        return frozenset(der for each in self.authorities for der in each.anchors)

    def authority(self, name: str = "") -> Authority:
        """The one of this name; without a name the first. Raises TimestampNotConfigured, AuthorityUnknown."""
        for each in self.authorities:
            if name in ("", each.name):
                return each
        raise AuthorityUnknown(name) if self.authorities else TimestampNotConfigured

    def with_authority(self, authority: Authority, *, instead_of: str = "") -> "TimeSettings":
        """In the place of that one, or as the last. `authority` gets the name that is shown of it.

        Raises AuthorityNameMissing; AuthorityNameTaken where another one has that name.
        """
        authority = replace(authority, name=plain(authority.name))  # who is to be removed must be found by that
        if not authority.name:
            raise AuthorityNameMissing
        names = [each.name for each in self.authorities]
        place = names.index(instead_of) if instead_of in names else len(names)
        others = [*self.authorities[:place], *self.authorities[place + 1 :]]
        if authority.name in (each.name for each in others):
            raise AuthorityNameTaken(authority.name)
        return replace(self, authorities=(*others[:place], authority, *others[place:]))

    def without(self, name: str) -> "TimeSettings":
        kept = tuple(each for each in self.authorities if each.name != name)
        return TimeSettings(kept, self.signing and bool(kept))


def load_time_settings() -> TimeSettings:
    """What was saved. Raises ChoicesUnreadable."""
    return read_choices(timestamps_file(), _settings) or TimeSettings()


def _settings(saved: dict[str, Any]) -> TimeSettings:
    authorities = tuple(_authority(each) for each in saved["authorities"])
    return TimeSettings(authorities, bool(saved["signing"]) and bool(authorities))


def _authority(saved: dict[str, Any]) -> Authority:
    anchors = tuple(base64.b64decode(each, validate=True) for each in saved.pop("anchors"))
    made = Authority(**saved, anchors=anchors)
    texts = (made.name, made.address, made.policy, made.user, made.client_certificate)
    if not made.name or not all(isinstance(value, str) for value in texts):
        raise TypeError
    return made


def save_time_settings(settings: TimeSettings) -> None:
    """Raises DestinationNotWritable; ChoicesUnreadable where that would write over what cannot be read."""
    load_time_settings()
    saved = [
        asdict(each) | {"anchors": [base64.b64encode(der).decode("ascii") for der in each.anchors]}
        for each in settings.authorities
    ]
    try:
        write_choices(timestamps_file(), {"signing": settings.signing, "authorities": saved})
    except (OSError, UnicodeError) as error:  # a path need not be text
        raise DestinationNotWritable from error


def timestamper_of(authority: Authority, password: str) -> "RemoteTimestamper":
    """A client of the authority; `password` is that of the user or of the client certificate."""
    from signing.timestamping import RemoteTimestamper, TimestampingAuthority
    from signing.web import Access

    certificate = Path(authority.client_certificate) if authority.client_certificate else None
    access = Access(authority.user, certificate, password)
    asked = TimestampingAuthority(authority.address, authority.policy, authority.anchors, access)
    return RemoteTimestamper(asked, _now)


def trust_with_authorities() -> Trust:
    """Whom the program believes, and for time stamps those whom the person added, as far as that can be read."""
    with contextlib.suppress(ChoicesUnreadable):
        return replace(Trust.default(), stamping=tuple(sorted(load_time_settings().anchors)))
    return Trust.default()


def _now() -> datetime:
    return datetime.now(UTC).astimezone()
