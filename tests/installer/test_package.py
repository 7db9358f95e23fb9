"""What people install, as far as it can be proven without freezing the program, which takes minutes."""

import ast
import plistlib
import re
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
import yaml

from desktop.reminders import autostart
from installer import icons, package
from installer.build import licences
from installer.linux import appdir, archive, deb, libraries
from installer.macos import image

ROOT = Path(__file__).parents[2]
SPEC = ROOT / "installer" / "build" / "jitsuin.spec"
on_debian = pytest.mark.skipif(not shutil.which("dpkg-deb"), reason="this is no Debian")
PLAIN = Path("/usr/bin/true")  # small, and asks for the C library alone


# --- the recipe


def test_recipe_takes_every_folder_that_the_program_reads() -> None:
    told = re.search(r"for folder in (\(.*?\))", SPEC.read_text("utf-8"))
    assert told is not None
    asked_for = set(re.findall(r'_RESOURCES / "(\w+)"', (ROOT / "desktop" / "places.py").read_text("utf-8")))
    assert asked_for
    assert asked_for | {"locale"} <= set(ast.literal_eval(told[1]))


LATE = """
import os, sys
sys.path.insert(0, sys.argv.pop(1))
before = set(sys.modules)
exec(compile(open(sys.argv.pop(1), encoding="utf-8").read(), "late_hook", "exec"))
print(*sorted(set(sys.modules) - before))
pyimod03_ctypes.install()
from importlib.util import find_spec
find_spec("ctypes")
print("started")
import ctypes, multiprocessing, json
print(pyimod01_archive.table())
"""
TABLE = """
import marshal
PYZ_ITEM_MODULE, PYZ_ITEM_PKG = 0, 1
bytes_of_table = marshal.dumps([("module", (0, 17, 4))])
class File:
    def read(self): return bytes_of_table + b"what follows"
def table(): return marshal.load(File())
"""
ARCHIVE = """
from _frozen_importlib_external import PathFinder, SourceFileLoader
class pyz_archive: toc = {"ctypes": (1, 0, 0), "multiprocessing": (1, 0, 0), "namespace": (3, 0, 0)}
def PyiFrozenLoader(name, archive, entry, is_package): return SourceFileLoader(name, PathFinder.find_spec(name).origin)
"""


def test_hook_needs_nothing_but_python_and_puts_off_what_waits_for_a_package(tmp_path) -> None:
    (tmp_path / "pyimod01_archive.py").write_text(TABLE)
    (tmp_path / "pyimod02_importers.py").write_text(ARCHIVE)
    (tmp_path / "pyimod03_ctypes.py").write_text("def install(): print('ctypes')")
    (tmp_path / "pyi_rth_multiprocessing.py").write_text("print('multiprocessing')")
    command = [sys.executable, "-IS", "-c", LATE, tmp_path, SPEC.with_name("late_hook.py"), "--multiprocessing-fork"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert printed.splitlines() == [
        "pyimod01_archive pyimod02_importers pyimod03_ctypes",
        *("started", "ctypes", "multiprocessing"),
        "[('module', (0, 17, 4))]",
    ]


def test_entries_of_the_frozen_program_start_its_window_and_no_terminal(monkeypatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", "/there/jitsuin.com")
    assert autostart.program_command() == ["/there/jitsuin.com"]
    monkeypatch.setattr(sys, "platform", "win32")
    assert autostart.program_command() == ["/there/jitsuin.exe"]


def test_entries_of_an_appimage_start_the_image_and_not_what_is_mounted(monkeypatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setenv("APPIMAGE", "/home/hanako/Jitsuin.AppImage")
    monkeypatch.setenv("APPDIR", "/mounted")
    monkeypatch.setattr(sys, "executable", "/mounted/usr/lib/jitsuin/jitsuin")
    assert autostart.program_command() == ["/home/hanako/Jitsuin.AppImage"]
    monkeypatch.setattr(sys, "executable", "/usr/lib/jitsuin/jitsuin")  # started by another image
    assert autostart.program_command() == ["/usr/lib/jitsuin/jitsuin"]


def test_every_part_of_the_program_has_a_licence_that_fits(tmp_path) -> None:
    locked = re.findall(r"^([\w.-]+)==", (ROOT / "installer" / "lock" / "run.txt").read_text("utf-8"), re.MULTILINE)
    installed = {part.name.lower().replace("_", "-"): part for part in metadata.distributions()}
    here = [installed[name.lower()] for name in locked if name.lower() in installed]
    assert len(here) > 20
    assert all(licences.licence_of(part) for part in here)


def test_a_part_without_a_known_licence_is_refused(tmp_path) -> None:
    for licence in ("", "License: Proprietary\n", "License-Expression: MIT AND LicenseRef-Secret\n"):
        about = tmp_path / f"part{len(licence)}-1.dist-info"
        about.mkdir()
        (about / "METADATA").write_text(f"Metadata-Version: 2.4\nName: part\nVersion: 1\n{licence}")
        with pytest.raises(licences.UnknownLicence, match="part"):
            licences.licence_of(metadata.Distribution.at(about))


def test_texts_of_licences_are_gathered_with_a_summary(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(licences, "_ALWAYS", "PyQt6-sip")
    found = licences.collect(["lxml", "PyQt6", "signing"], tmp_path / "texts")
    summary = found[licences.SUMMARY].read_text("utf-8")
    assert re.search(r"^PyQt6-Qt6 \S+: LGPL", summary, re.MULTILINE)
    assert "libxslt" in summary
    assert any("GNU LESSER" in path.read_text("utf-8") for name, path in found.items() if name.startswith("PyQt6-Qt6"))
    assert any(name.startswith("lxml") for name in found)
    assert "Python-LICENSE.txt" in found


def test_icons_of_windows_and_macos_hold_every_size(tmp_path) -> None:
    ico = icons.write(tmp_path / "x.ico").read_bytes()
    entries = [ico[6 + 16 * n : 22 + 16 * n] for n in range(int.from_bytes(ico[4:6], "little"))]
    sizes = []
    for entry in entries:
        length, at = (int.from_bytes(entry[n : n + 4], "little") for n in (8, 12))
        assert ico[at : at + 8] == b"\x89PNG\r\n\x1a\n"
        assert at + length <= len(ico)
        sizes.append(entry[0] or 256)
    assert sizes == [16, 24, 32, 48, 64, 128, 256]
    icns = icons.write(tmp_path / "x.icns").read_bytes()
    assert icns[:4] == b"icns"
    assert int.from_bytes(icns[4:8], "big") == len(icns)


# --- Linux


@pytest.fixture
def folder(tmp_path) -> Path:
    """Stands for the frozen program: a program that runs, and libraries as PyInstaller lays them."""
    folder = tmp_path / "dist" / "jitsuin"
    (folder / "_internal" / "licences").mkdir(parents=True)
    shutil.copy2(PLAIN, folder / "jitsuin")
    (folder / "_internal" / "LICENSE").write_text("GPL")
    return folder


@on_debian
def test_package_for_debian_is_below_usr_without_scripts_and_of_root(folder, tmp_path) -> None:
    made = deb.build(folder, tmp_path / "dist", version="1.2.3")
    listing = subprocess.run(["dpkg-deb", "--contents", made], capture_output=True, text=True, check=True).stdout
    paths = {line.split()[5]: line.split()[0] for line in listing.splitlines()}
    assert all(path == "./" or path.startswith("./usr/") for path in paths)
    assert all(line.split()[1] == "root/root" for line in listing.splitlines())
    assert paths["./usr/lib/jitsuin/jitsuin"] == "-rwxr-xr-x"
    assert "./usr/bin/jitsuin" in paths
    for name in (
        "applications/jitsuin.desktop",
        "man/ja/man1/jitsuin.1.gz",
        "doc/jitsuin/copyright",
        "mime/packages/jitsuin.xml",
    ):
        assert paths[f"./usr/share/{name}"] == "-rw-r--r--"
    parts = subprocess.run(["dpkg-deb", "--info", made], capture_output=True, text=True, check=True).stdout
    assert not re.search(r"\b(pre|post)(inst|rm)\b", parts)
    assert "pcscd" in subprocess.run(["dpkg-deb", "-f", made, "Depends"], capture_output=True, text=True).stdout
    assert subprocess.run([tmp_path / "dist" / "debian" / "usr" / "bin" / "jitsuin"]).returncode == 0


@pytest.mark.skipif(not shutil.which("man"), reason="man-db is not installed")
@pytest.mark.parametrize("page", ["jitsuin.1", "jitsuin.ja.1"])
def test_manual_has_every_command_and_no_mistakes(page) -> None:
    path = deb.HERE / page
    done = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-l", path], capture_output=True, text=True)
    mistakes = [line for line in done.stderr.splitlines() if "can't break line" not in line]  # groff and Japanese
    assert (done.returncode, mistakes) == (0, [])
    for command in ("sign", "verify", "card", "doctor", "timestamp", "waiting", "authority", "integrate"):
        assert f"\n.B {command}\n" in path.read_text("utf-8")


@on_debian
def test_archive_brings_what_desktops_lack_and_names_the_rest(folder, tmp_path) -> None:
    library = next(Path("/usr/lib").glob("*/libxcb.so.1"), None)
    if library is None:
        pytest.skip("there is no libxcb here")
    shutil.copy2(library, folder / "_internal" / "libxcb-cursor.so.0")
    owned = {folder / "_internal" / "libxcb-cursor.so.0": "libxcb1"}
    assert libraries.of_system(folder).keys() <= owned.keys()
    made = archive.build(folder, tmp_path / "dist", version="1.2.3")
    names = subprocess.run(["tar", "tf", made], capture_output=True, text=True, check=True).stdout.split("\n")
    [top] = {name.partition("/")[0] for name in names if name}
    assert f"{top}/_internal/libxcb-cursor.so.0" in names
    text = subprocess.run(["tar", "xfO", made, f"{top}/README.txt"], capture_output=True, text=True, check=True).stdout
    assert "libgl1" in text
    assert re.search(r"GNU C library 2\.\d+ or newer", text)


def test_appdir_has_what_appimagetool_wants(folder, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    tree = appdir.build(folder, tmp_path / "dist", version="1.2.3")
    assert subprocess.run([tree / "AppRun"]).returncode == 0
    entry = (tree / "jitsuin.desktop").read_text("utf-8")
    assert "Icon=jitsuin\n" in entry
    assert (tree / "jitsuin.png").read_bytes().startswith(b"\x89PNG")
    assert (tree / ".DirIcon").exists()


def test_flatpak_names_what_the_program_needs_and_what_is_made() -> None:
    manifest = yaml.safe_load((ROOT / "installer/linux/jp.jitsuin.Jitsuin.yml").read_text("utf-8"))
    assert manifest["id"] == "jp.jitsuin.Jitsuin"
    assert {"--socket=pcsc", "--socket=wayland", "--talk-name=org.freedesktop.secrets"} <= set(manifest["finish-args"])
    [module] = manifest["modules"]
    made = [(ROOT / "installer" / "linux" / each["path"]).resolve() for each in module["sources"]]
    assert made[:2] == [package.FOLDER, package.DIST / "Jitsuin.AppDir" / "usr" / "share"]


# --- macOS


def test_image_is_signed_and_looked_at_only_where_that_is_asked_for(tmp_path) -> None:
    plain = image.commands(tmp_path, tmp_path / "x.dmg", None, None)
    assert [command[0] for command in plain] == ["hdiutil"]
    whole = image.commands(tmp_path, tmp_path / "x.dmg", "Developer ID", "profile")
    assert [command[:2][-1] if command[0] == "xcrun" else command[0] for command in whole] == [
        *("codesign", "codesign", "hdiutil", "codesign", "notarytool", "stapler")
    ]
    assert {"runtime", str(image.ENTITLEMENTS)} <= set(whole[0])
    assert all(value is True for value in plistlib.loads(image.ENTITLEMENTS.read_bytes()).values())


# --- the entry, and what runs in the open


def test_entry_explains_itself_and_refuses_what_it_does_not_know() -> None:
    done = subprocess.run([sys.executable, ROOT / "installer" / "package.py", "msi"], capture_output=True, text=True)
    assert done.returncode == 2
    assert all(f"package.py {name}" in done.stderr for name in package.COMMANDS)


def test_workflow_pins_its_actions_and_asks_for_no_rights() -> None:
    text = (ROOT / ".github/workflows/build.yml").read_text("utf-8")
    used = re.findall(r"uses: (\S+)(.*)", text)
    assert used
    assert all(re.search(r"@[0-9a-f]{40}$", action) and re.match(r" # v\d", version) for action, version in used)
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {"contents": "read"}
    assert [name for name, job in workflow["jobs"].items() if "permissions" in job] == ["release"]
    assert all("timeout-minutes" in job for job in workflow["jobs"].values())
    asked_for = {word for line in re.findall(r"package\.py ([\w ]+)", text) for word in line.split()}
    assert asked_for == package.COMMANDS.keys()


def test_workflow_gives_nobody_what_is_not_theirs() -> None:
    """Of injected words, of secrets that leak and of actions that move: zizmor without a network."""
    tool = shutil.which("zizmor", path=Path(sys.executable).parent)
    assert tool
    command = [tool, "--offline", "--no-progress", "--format=plain", ".github/workflows/build.yml"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_workflow_runs_what_is_there() -> None:
    text = (ROOT / ".github/workflows/build.yml").read_text("utf-8")
    named = set(re.findall(r"\b(?:python3? |\./|run: )((?:installer|\.ci)/[\w./]+)", text))
    assert {"installer/bootstrap.py", "installer/package.py", "installer/build/smoke.py", ".ci/run"} <= named
    for each in named:
        assert (ROOT / each).is_file()


@pytest.mark.skipif(not shutil.which("actionlint"), reason="actionlint is not installed")
def test_workflow_is_without_mistakes() -> None:
    done = subprocess.run(["actionlint"], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")
