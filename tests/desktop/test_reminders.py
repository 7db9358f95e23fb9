"""Reminders: what is kept, when they are due, and that each is told once."""

import json
import stat
import subprocess
import sys
from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.card.calendar_export import calendar_file
from desktop.places import renewal_rules_file
from desktop.reminders.lock import alone_or_not
from desktop.reminders.memory import CertificateKind, Milestone, Reminders
from desktop.words.renewal import reminder_body, reminder_title
from desktop.words.translation import language, set_language
from signing.renewal import RenewalRules

RULES = RenewalRules.load(renewal_rules_file())
SIGNATURE, AUTHENTICATION = CertificateKind.SIGNATURE, CertificateKind.AUTHENTICATION
END = date(2026, 7, 31)  # its window opens on 1 May, 91 days before; 90 days before is 2 May


@pytest.fixture
def reminders(tmp_path: Path) -> Reminders:
    return Reminders(tmp_path / "config" / "reminders.json", RULES)


def told_until(reminders: Reminders, last: date, first: date) -> list[tuple[date, tuple[Milestone, ...]]]:
    """What a person sees who logs in every day."""
    seen, today = [], first
    while today <= last:
        for due in reminders.due(today):
            seen.append((today, due.milestones))
            reminders.tell(due)
        today += timedelta(days=1)
    return seen


def test_each_day_is_told_once_and_nothing_after_the_end(reminders) -> None:
    reminders.remember(SIGNATURE, END)
    assert told_until(reminders, date(2026, 9, 1), date(2026, 1, 1)) == [
        (date(2026, 5, 1), (Milestone.WINDOW_OPENS,)),
        (date(2026, 5, 2), (Milestone.DAYS_90,)),
        (date(2026, 7, 1), (Milestone.DAYS_30,)),
        (date(2026, 7, 24), (Milestone.DAYS_7,)),
    ]


def test_a_window_of_its_own_is_kept_and_told_on_its_day(reminders) -> None:
    reminders.remember(SIGNATURE, END, opens=date(2025, 8, 1))
    first, *_ = told_until(reminders, date(2026, 9, 1), date(2025, 1, 1))
    assert first == (date(2025, 8, 1), (Milestone.WINDOW_OPENS,))
    assert reminders.standing(date(2025, 8, 1))
    assert not reminders.standing(date(2025, 7, 31))


def test_computer_that_was_off_tells_everything_missed_as_one(reminders) -> None:
    reminders.remember(SIGNATURE, END)
    assert told_until(reminders, END, date(2026, 7, 28)) == [
        (date(2026, 7, 28), (Milestone.WINDOW_OPENS, Milestone.DAYS_90, Milestone.DAYS_30, Milestone.DAYS_7))
    ]


@given(st.dates(date(2020, 1, 1), date(2060, 12, 31)), st.sets(st.integers(-120, 3), min_size=1))
def test_whenever_the_computer_runs_no_milestone_is_told_twice(tmp_path_factory, end, days) -> None:
    reminders = Reminders(tmp_path_factory.mktemp("reminders") / "reminders.json", RULES)
    reminders.remember(SIGNATURE, end)
    told = []
    for offset in sorted(days):
        for due in reminders.due(end + timedelta(days=offset)):
            assert due.days_left == -offset >= 0
            told += due.milestones
            reminders.tell(due)
    assert len(told) == len(set(told))
    last_run = max((offset for offset in days if offset <= 0), default=None)
    if last_run is not None and last_run >= -7:
        assert set(told) == set(Milestone)


def test_what_is_not_shown_stays_due(reminders) -> None:
    reminders.remember(SIGNATURE, END)
    assert reminders.due(END) == reminders.due(END) != ()


def test_certificate_without_a_window_is_reminded_of_by_days_alone(reminders) -> None:
    reminders.remember(SIGNATURE, END, window_reminded=False)
    milestones = [milestones for _day, milestones in told_until(reminders, END, date(2026, 1, 1))]
    assert milestones == [(Milestone.DAYS_90,), (Milestone.DAYS_30,), (Milestone.DAYS_7,)]


def test_nothing_but_kind_date_and_a_random_identifier_is_kept(reminders, tmp_path) -> None:
    reminder = reminders.remember(SIGNATURE, END)
    path = tmp_path / "config" / "reminders.json"
    assert json.loads(path.read_text()) == {
        "version": 1,
        "never": False,
        "icon": False,
        "reminders": [{"id": reminder.identifier, "kind": "signature", "expires": "2026-07-31", "told": []}],
    }
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    other = Reminders(tmp_path / "other.json", RULES).remember(SIGNATURE, END)
    assert other.identifier != reminder.identifier


def test_the_same_certificate_again_is_not_told_anew_and_a_later_one_is(reminders) -> None:
    reminders.remember(SIGNATURE, END)
    told_until(reminders, END, date(2026, 5, 1))
    reminders.remember(SIGNATURE, END)
    assert reminders.due(END) == ()
    reminders.remember(SIGNATURE, date(2031, 7, 31))
    assert [each.expires for each in reminders.all] == [date(2031, 7, 31)]


def test_both_certificates_are_kept_and_one_click_after_renewal_forgets_both(reminders) -> None:
    signature = reminders.remember(SIGNATURE, END)
    reminders.remember(AUTHENTICATION, END)
    assert {due.reminder.kind for due in reminders.due(END)} == {SIGNATURE, AUTHENTICATION}
    reminders.renewed(signature)
    assert reminders.all == ()
    assert not reminders.declined


def test_never_again_forgets_everything_until_the_person_asks(reminders) -> None:
    reminders.remember(SIGNATURE, END)
    reminders.never_again()
    assert (reminders.all, reminders.declined, reminders.due(END)) == ((), True, ())
    reminders.remember(SIGNATURE, END)
    assert not reminders.declined


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"version": 2, "reminders": []}',
        b'{"version": 1, "reminders": [{"id": "1"}]}',
        b'{"version": 1, "reminders": [{"id": "1", "kind": "soul", "expires": "2026-07-31", "told": []}]}',
        b'{"version": 1, "reminders": [{"id": "1", "kind": "signature", "expires": "soon", "told": []}]}',
        b"\xff\xfe",
        b"[" * 100_000,
        (
            b'{"version": 1, "reminders": [{"id": "0123456789abcdef", "kind": "signature", "expires": "0001-01-01",'
            b' "told": []}]}'
        ),
        (
            b'{"version": 1, "reminders": [{"id": "a\\r\\nURL:x", "kind": "signature", "expires": "2026-07-31",'
            b' "told": []}]}'
        ),
        b'{"version": 1, "reminders": [{"id": 7, "kind": "signature", "expires": "2026-07-31", "told": []}]}',
    ],
)
def test_damaged_file_reminds_of_nothing_and_can_be_written_again(reminders, tmp_path, content) -> None:
    path = tmp_path / "config" / "reminders.json"
    path.parent.mkdir()
    path.write_bytes(content)
    assert (reminders.all, reminders.due(END)) == ((), ())
    reminders.remember(SIGNATURE, END)
    assert len(reminders.all) == 1
    assert path.with_name("reminders.json.unreadable-1").read_bytes() == content


def test_folder_that_may_not_be_read_is_no_crash(reminders, tmp_path, monkeypatch) -> None:
    (tmp_path / "config").write_text("a file in the place of the folder")
    assert (reminders.all, reminders.icon_wanted) == ((), False)
    with pytest.raises(FileExistsError):
        reminders.remember(SIGNATURE, END)


def test_icon_is_off_until_it_is_wanted_and_never_again_ends_it(reminders) -> None:
    reminders.remember(SIGNATURE, END)
    assert not reminders.icon_wanted
    reminders.want_icon(wanted=True)
    reminders.remember(AUTHENTICATION, END)
    assert reminders.icon_wanted
    reminders.never_again()
    assert not reminders.icon_wanted


_BUSY = """
import sys
from datetime import date, timedelta
from pathlib import Path
from desktop.places import renewal_rules_file
from desktop.reminders.memory import CertificateKind, Reminders
from signing.renewal import RenewalRules

reminders, kind = Reminders(Path(sys.argv[1]), RenewalRules.load(renewal_rules_file())), CertificateKind(sys.argv[2])
for number in range(300):
    mine = reminders.remember(kind, date(2026, 7, 31) + timedelta(days=number))
    assert mine in reminders.all
"""


def test_two_programs_at_once_undo_nothing_of_each_other(tmp_path) -> None:
    path = tmp_path / "config" / "reminders.json"
    kept = Reminders(path, RULES)
    command = [sys.executable, "-c", _BUSY, str(path)]
    programs = [subprocess.Popen([*command, kind], cwd=Path(__file__).parents[2]) for kind in CertificateKind]
    assert [program.wait(60) for program in programs] == [0, 0]
    assert {each.kind for each in kept.all} == {SIGNATURE, AUTHENTICATION}
    assert {each.expires for each in kept.all} == {END + timedelta(days=299)}
    assert sorted(each.name for each in path.parent.iterdir()) == ["reminders.json", "reminders.lock"]


def test_lock_ends_with_its_holder(tmp_path) -> None:
    path = tmp_path / "lock"
    with alone_or_not(path) as first:
        assert first
        with alone_or_not(path) as second:
            assert not second
    with alone_or_not(path) as again:
        assert again


@pytest.fixture(params=["ja", "en"])
def _each_language(request):
    before = language()
    set_language(request.param)
    yield
    set_language(before)


@pytest.mark.usefixtures("_each_language")
def test_words_say_the_day_and_never_more_time_than_is_left(reminders) -> None:
    reminders.remember(SIGNATURE, END)
    titles = {}
    for days in (91, 30, 7, 1, 0):
        [due] = reminders.due(END - timedelta(days=days))
        titles[days] = reminder_title(due)
        assert "2026" in reminder_body(due)
    assert len(set(titles.values())) == 5
    assert "30" in titles[30]
    assert "7" in titles[7]


# --- the calendar file


def events(kind=SIGNATURE, **given) -> dict[str, icalendar.Event]:
    made = datetime(2026, 1, 1, tzinfo=UTC)
    calendar = icalendar.Calendar.from_ical(calendar_file("0123456789abcdef", kind, made=made, **given))
    return {str(event["UID"]): event for event in calendar.walk("VEVENT")}


def test_calendar_has_the_first_day_of_the_window_and_the_last_day() -> None:
    found = events(opens=date(2026, 5, 1), expires=END)
    days = {uid.split("@")[0]: event["DTSTART"].dt for uid, event in found.items()}
    assert days == {"0123456789abcdef-opens": date(2026, 5, 1), "0123456789abcdef-expires": END}
    last = found["0123456789abcdef-expires@jitsuin.invalid"]
    triggers = [alarm["TRIGGER"].dt for alarm in last.walk("VALARM")]
    assert triggers == [timedelta(days=-30, hours=9), timedelta(days=-7, hours=9)]


def test_calendar_without_a_window_has_the_last_day_alone_and_speaks_of_the_stay() -> None:
    (event,) = events(opens=None, expires=END).values()
    assert event["DTSTART"].dt == END
    assert any(words in str(event["DESCRIPTION"]) for words in ("residence card", "在留カード"))


def test_calendar_says_which_certificate_it_is() -> None:
    said = {
        kind: str(next(iter(events(kind, opens=None, expires=END).values()))["DESCRIPTION"]) for kind in CertificateKind
    }
    assert "署名用" in said[SIGNATURE] or "signature" in said[SIGNATURE]
    assert "利用者証明用" in said[AUTHENTICATION] or "user-authentication" in said[AUTHENTICATION]


def test_calendar_of_a_certificate_without_end_is_a_calendar() -> None:
    assert [event["DTSTART"].dt for event in events(opens=None, expires=date.max).values()] == [date.max]


def test_calendar_lines_are_as_the_standard_wants_them() -> None:
    before = language()
    set_language("ja")
    try:
        raw = calendar_file(
            "0123456789abcdef", SIGNATURE, opens=date(2026, 5, 1), expires=END, made=datetime(2026, 1, 1, tzinfo=UTC)
        )
    finally:
        set_language(before)
    lines = raw.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75  # RFC 5545, 3.1
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert "2026年7月31日" in raw.replace(b"\r\n ", b"").decode()


# --- what is loaded when nothing is due


def test_login_loads_no_qt_and_no_cryptography_when_there_is_nothing_to_say(tmp_path) -> None:
    script = (
        "import sys; from desktop.app import main; status = main(['--remind']); "
        "heavy = {'PyQt6', 'jeepney', 'icalendar', 'cryptography', 'asn1crypto', 'pyhanko', 'smartcard'}; "
        "print(status, sorted(heavy & set(sys.modules)))"
    )
    Reminders(tmp_path / "jitsuin" / "reminders.json", RULES).remember(SIGNATURE, date(2059, 1, 1))
    environment = {"XDG_CONFIG_HOME": str(tmp_path), "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    if sys.platform in ("win32", "darwin"):
        pytest.skip("the folder of settings is found otherwise on this system")
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", script], env=environment, cwd=root, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("0 []\n", "")


def test_login_with_a_disk_that_takes_nothing_is_no_crash(reminders, monkeypatch) -> None:
    from desktop.reminders import notification, remind

    class Service:
        def show(self, _notification):
            return 1

        def answers(self, _seconds):
            yield from ()

    def full(_self, _due):
        raise OSError

    reminders.remember(SIGNATURE, END)
    monkeypatch.setattr(notification, "notification_service", lambda: nullcontext(Service()))
    monkeypatch.setattr(Reminders, "tell", full)
    assert remind._tell(reminders, reminders.due(END)) == remind.NOT_SHOWN
    assert reminders.due(END) != ()
