"""What stays free of Qt and of what is heavy, so that a terminal, a login and a server can use it."""

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("PyQt6", "pyhanko", "cryptography", "asn1crypto", "lxml", "smartcard", "icalendar", "jeepney")
MODULES = (
    "desktop.app",
    "desktop.arrival.place",
    "desktop.arrival.request",
    "desktop.reminders.autostart",
    "desktop.card.calendar_export",
    "desktop.card.doctor",
    "desktop.words.doctor",
    "desktop.guides.chapters",
    "desktop.reminders.notification",
    "desktop.reminders.remind",
    "desktop.reminders.memory",
    "desktop.words.renewal",
    "signing.card.pin_change",
    "signing.card.practice_states",
    "signing.holder",
    "signing.renewal",
)


@pytest.mark.parametrize("module", MODULES)
def test_module_is_light(module: str) -> None:
    code = f"import sys, {module}; print([name for name in {HEAVY} if name in sys.modules])"
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("[]\n", "")
