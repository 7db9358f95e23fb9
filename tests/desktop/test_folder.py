"""Show in folder: the file manager of the session is asked for exactly this file, whatever it is called."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import sys
from pathlib import Path
from PyQt6.QtCore import QCoreApplication, QTimer
from PyQt6.QtDBus import QDBusConnection
import desktop.folder

app = QCoreApplication([])
desktop.folder._open = lambda folder: print("opened", folder.name, flush=True)
desktop.folder.show_in_folder(Path(sys.argv[1]))
QTimer.singleShot(1000, app.quit)
app.exec()
"""
# A file manager that says what it was asked, on the same bus.
MANAGER = "dbus-monitor --session interface=org.freedesktop.FileManager1 & sleep 0.5; "


@pytest.mark.skipif(not shutil.which("dbus-run-session"), reason="dbus-run-session is not installed")
def test_the_file_manager_is_asked_by_uri_and_the_folder_opens_where_there_is_none(tmp_path: Path) -> None:
    path = tmp_path / "契約 100% 'a'.pdf"
    script = MANAGER + 'exec "$0" -c "$1" "$2"'
    command = ["dbus-run-session", "--", "sh", "-c", script, sys.executable, PROGRAM, str(path)]

    answer = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)

    assert f'string "{path.as_uri()}"' in answer.stdout
    assert "variant" not in answer.stdout
    assert f"opened {tmp_path.name}" in answer.stdout
