"""Days in Japan, and the rules of renewal for days before their table too."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

from hypothesis import strategies as st

from signing.renewal import (
    RenewalRules,
)

TABLE = Path(__file__).parents[3] / "resources" / "rules" / "renewal.toml"
RULES = replace(RenewalRules.load(TABLE), compiled=date(2020, 1, 1))  # for days before the table too
JAPAN = timezone(timedelta(hours=9))
EVERY_DAY = st.dates(date(2020, 1, 1), date(2060, 12, 31))


def day(text: str) -> date:
    return date.fromisoformat(text)


def in_japan(text: str, clock: str = "12:00:00") -> datetime:
    return datetime.fromisoformat(f"{text}T{clock}+09:00")


def end_of(text: str) -> datetime:
    return in_japan(text, "23:59:59").astimezone(UTC)
