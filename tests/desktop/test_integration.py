"""What integration writes for each file manager, read back by that system's own parser where it is here; and nothing
is left of it afterwards."""

import configparser
import os
import plistlib
import shutil
import subprocess
import sys
import types
import xml.etree.ElementTree as ET
from fnmatch import fnmatch
from pathlib import Path
from types import SimpleNamespace

import pytest

from desktop.command_line import main as command_line
from desktop.integration import file_managers, freedesktop, integration, macos, windows
from desktop.integration.commands import VERBS, entry_quoted, shell_quoted
from desktop.integration.integration import Integration, linux_integration
from installer.linux import files as packaged

MANAGERS = ("nautilus", "dolphin", "nemo", "caja", "thunar", "pcmanfm")
PROGRAM = ["/opt/契約 it's/jitsuin"]
linux = pytest.mark.skipif(sys.platform != "linux", reason="the menus of another system would be written")


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    """Of a person who has used everything before."""
    made = tmp_path / "home"
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CONFIG_DIRS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(made))
    monkeypatch.setattr(freedesktop, "standing_default", STANDING.get)
    files = {
        ".config/Thunar/uca.xml": "<?xml version='1.0'?>\r\n<actions><action><name>Mine</name>"
        "<unique-id>1-1</unique-id><command>x</command></action>\n</actions>\n<!-- end -->",
        ".config/mimeapps.list": "[Default Applications]\napplication/pdf=mine.desktop\n\n[Added Associations]\n"
        "application/pdf=other.desktop;mine.desktop;",
        ".local/share/nemo/actions/mine.nemo_action": "[Nemo Action]\n",
        ".local/share/applications/mine.desktop": "[Desktop Entry]\nType=Application\nName=M\nExec=true\n",
        ".config/jitsuin/window.ini": "[General]\nlanguage=ja\n",
    }
    for name, content in files.items():
        path = made / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode())
    (made / ".local/share/kio").mkdir()
    return made


STANDING = types.SimpleNamespace(
    get=lambda kind: {"application/pdf": "mine.desktop", "application/xml": "editor.desktop"}.get(kind, "")
)


def everything_in(folder: Path) -> dict[str, bytes | None]:
    """Every file with its content and mode, every folder."""
    found: dict[str, bytes | None] = {}
    for path in sorted(folder.rglob("*")):
        name = f"{path.relative_to(folder)} {path.lstat().st_mode:o}"
        found[name] = path.read_bytes() if path.is_file() else None
    return found


@linux
@pytest.mark.parametrize("used", [True, False], ids=["a home in use", "a new home"])
def test_nothing_is_left_after_it_was_taken_out(home, used) -> None:
    if not used:
        shutil.rmtree(home)
        home.mkdir()
    before = everything_in(home)
    here = linux_integration(PROGRAM, MANAGERS)
    assert not here.stands
    assert everything_in(home) == before
    here.put()
    assert linux_integration(PROGRAM, MANAGERS).stands
    standing = everything_in(home)
    assert linux_integration(PROGRAM, MANAGERS).put() == {}
    assert everything_in(home) == standing
    linux_integration(["/moved/jitsuin"], MANAGERS).put()  # as after an update in another place
    assert linux_integration(["/moved/jitsuin"], ()).take_out()  # when the file managers are gone
    assert everything_in(home) == before
    assert linux_integration(PROGRAM, MANAGERS).take_out() == []


def told_places(capsys) -> list[str]:
    return [line.strip().partition(" (")[0] for line in capsys.readouterr().err.splitlines() if line[:2] == "  "]


@linux
@pytest.mark.skipif(not shutil.which("update-mime-database"), reason="shared-mime-info is not installed")
@pytest.mark.skipif(not shutil.which("update-desktop-database"), reason="desktop-file-utils is not installed")
@pytest.mark.parametrize("used", [True, False], ids=["a home in use", "a new home"])
def test_every_file_that_comes_or_changes_was_told_before(home, used, monkeypatch, capsys) -> None:
    """Also those that programs of the system make of ours; and the same when it is taken out."""
    monkeypatch.setattr(file_managers, "installed", lambda: list(MANAGERS))
    if not used:
        shutil.rmtree(home)
        home.mkdir()
    before = everything_in(home)
    assert command_line(["integrate", "--dry-run"]) == 0
    told = told_places(capsys)
    assert everything_in(home) == before
    assert command_line(["integrate"]) == 0
    changed = dict(everything_in(home).items() - before.items())
    files = [home / name.rpartition(" ")[0] for name, content in changed.items() if content is not None]
    own = home / ".config/jitsuin/integration.json"  # what the program remembers of it
    assert [path for path in files if not any(fnmatch(str(path), place) for place in told) and path != own] == []
    capsys.readouterr()
    assert command_line(["integrate", "--remove", "--dry-run"]) == 0
    assert set(told_places(capsys)) == set(told)
    assert command_line(["integrate", "--remove"]) == 0
    assert everything_in(home) == before


@linux
def test_what_is_the_persons_own_stays(home) -> None:
    linux_integration(PROGRAM, MANAGERS).put()
    (home / ".local/share/nemo/actions/later.nemo_action").write_text("later")
    listed = home / ".config/mimeapps.list"
    # As a desktop writes it anew when the person chooses what opens a file.
    listed.write_text(
        "[Default Applications]\napplication/pdf=mine.desktop\napplication/pkcs7-signature=jitsuin.desktop;\n"
    )
    linux_integration(PROGRAM, MANAGERS).take_out()
    assert (home / ".local/share/nemo/actions/later.nemo_action").read_text() == "later"
    assert listed.read_text() == "[Default Applications]\napplication/pdf=mine.desktop\n"


@linux
def test_what_the_person_chose_to_open_with_it_stays_until_it_is_taken_out(home, monkeypatch) -> None:
    linux_integration(PROGRAM, []).put()
    listed = home / ".config/mimeapps.list"
    # As GLib writes it anew: without comments, groups of one name together.
    listed.write_text(
        "[Default Applications]\napplication/pdf=jitsuin.desktop\napplication/xml=jitsuin.desktop;editor.desktop;\n\n"
        "[Added Associations]\napplication/pdf=mine.desktop;jitsuin.desktop;\n"
        "application/xml=editor.desktop;jitsuin.desktop;\n"
    )
    chosen = listed.read_text()
    now = types.SimpleNamespace(get=lambda kind: "" if kind == "application/pdf" else STANDING.get(kind))
    monkeypatch.setattr(freedesktop, "standing_default", now.get)
    linux_integration(["/moved/jitsuin"], []).put()
    assert listed.read_text() == chosen
    linux_integration(PROGRAM, []).take_out()
    assert "jitsuin" not in listed.read_text()
    assert "application/xml=editor.desktop;" in listed.read_text()


@linux
def test_lines_that_somebody_put_among_ours_stay(home) -> None:
    linux_integration(PROGRAM, []).put()
    listed = home / ".config/mimeapps.list"
    listed.write_text(listed.read_text() + "image/png=gimp.desktop;")
    linux_integration(PROGRAM, []).take_out()
    assert listed.read_text().endswith("\n[Added Associations]\nimage/png=gimp.desktop;")
    assert "jitsuin" not in listed.read_text().lower()


@linux
def test_nothing_is_left_where_the_entries_were_deleted_by_hand(home, monkeypatch, capsys) -> None:
    shutil.rmtree(home)
    home.mkdir()
    monkeypatch.setattr(file_managers, "installed", lambda: list(MANAGERS))
    assert command_line(["integrate"]) == 0
    for path in (*home.rglob("jitsuin*.*"), home / ".config/mimeapps.list", home / ".config/Thunar/uca.xml"):
        path.unlink()
    capsys.readouterr()
    assert command_line(["integrate", "--remove"]) == 0
    assert "integration.json" in capsys.readouterr().err
    assert everything_in(home) == {}


@linux
@pytest.mark.parametrize("place", [".local/share/nemo/actions", ".local/share/applications/jitsuin.desktop"])
def test_something_else_in_a_place_of_ours_is_in_nobodys_way(home, monkeypatch, place) -> None:
    monkeypatch.setattr(file_managers, "installed", lambda: list(MANAGERS))
    shutil.rmtree(home)
    taken = home / place
    if taken.suffix:
        taken.mkdir(parents=True)
    else:
        taken.parent.mkdir(parents=True)
        taken.write_text("not ours")
    before = everything_in(home)
    assert command_line(["integrate"]) == 1
    assert command_line(["integrate", "--remove"]) == 0
    assert everything_in(home) == before


@linux
def test_only_what_is_missing_is_put_in(home) -> None:
    linux_integration(PROGRAM, MANAGERS).put()
    (home / ".local/share/nemo/actions/jitsuin-sign.nemo_action").unlink()
    missing = linux_integration(PROGRAM, MANAGERS).missing()
    assert [part.place for part in missing.pop("Nemo")] == [
        f"{home}/.local/share/nemo/actions/jitsuin-sign.nemo_action"
    ]
    assert missing == {}


@pytest.fixture
def package(tmp_path, monkeypatch) -> Path:
    """A function that installs the files of the package for everybody."""

    def install() -> Path:
        packaged.write(tmp_path / "usr", ["jitsuin"])
        monkeypatch.setenv("XDG_DATA_DIRS", f"/nowhere:{tmp_path}/usr/share")
        return tmp_path / "usr" / "share"

    monkeypatch.setattr(file_managers, "_has_extensions", lambda _manager: True)
    return install


def doubled(home: Path, system: Path) -> list[Path]:
    share = home / ".local/share"
    return [path for path in share.rglob("*") if path.is_file() and (system / path.relative_to(share)).is_file()]


@linux
def test_beside_a_package_only_what_it_cannot_bring_is_put_in(home, package) -> None:
    system, before = package(), everything_in(home)
    here = linux_integration(PROGRAM, MANAGERS)
    assert set(here.for_everybody) == {"Nautilus", "Dolphin", "Nemo", "Caja", "PCManFM"}
    assert list(here.put()) == ["Thunar"]
    assert doubled(home, system) == []
    changed = {name.partition(" ")[0] for name in dict(everything_in(home).items() - before.items())}
    assert changed == {".config/Thunar/uca.xml", ".config/jitsuin/integration.json"}
    assert linux_integration(PROGRAM, MANAGERS).stands
    linux_integration(PROGRAM, MANAGERS).take_out()
    assert everything_in(home) == before
    assert (system / "nemo/actions/jitsuin-sign.nemo_action").is_file()


@linux
def test_what_a_package_brings_later_is_not_there_twice(home, package) -> None:
    before = everything_in(home)
    linux_integration(PROGRAM, MANAGERS).put()
    system = package()
    assert doubled(home, system)
    here = linux_integration(PROGRAM, MANAGERS)
    assert not here.stands
    assert here.put() == {}  # Thunar has its entries already
    assert doubled(home, system) == []
    assert linux_integration(PROGRAM, MANAGERS).stands
    assert "jitsuin" in (home / ".config/Thunar/uca.xml").read_text()
    linux_integration(PROGRAM, MANAGERS).take_out()
    assert everything_in(home) == before


@linux
def test_what_a_person_has_chosen_to_open_with_the_package_is_theirs(home, package) -> None:
    package()
    chosen = home / ".config/mimeapps.list"
    chosen.write_text("[Default Applications]\napplication/pkcs7-signature=jitsuin.desktop;\n")
    linux_integration(PROGRAM, MANAGERS).put()
    linux_integration(PROGRAM, MANAGERS).take_out()
    assert chosen.read_text() == "[Default Applications]\napplication/pkcs7-signature=jitsuin.desktop;\n"


@linux
def test_scripts_go_when_the_menu_itself_can_be_used(home, monkeypatch) -> None:
    monkeypatch.setattr(file_managers, "_has_extensions", lambda _manager: False)
    linux_integration(PROGRAM, ["nautilus"]).put()
    assert list((home / ".local/share/nautilus/scripts").iterdir())
    monkeypatch.setattr(file_managers, "_has_extensions", lambda _manager: True)
    linux_integration(PROGRAM, ["nautilus"]).put()
    assert (home / ".local/share/nautilus-python/extensions/jitsuin.py").is_file()
    assert list((home / ".local/share/nautilus/scripts").iterdir()) == []


@linux
def test_command_tells_what_is_there_for_everybody_and_leaves_it(home, package, monkeypatch, capsys) -> None:
    monkeypatch.setattr(file_managers, "installed", lambda: ["nemo"])
    assert command_line(["integrate"]) == 0
    system = package()
    assert command_line(["integrate", "--dry-run"]) == 0
    told = capsys.readouterr().err
    assert "For everybody on this computer the entries are there already: Nemo." in told
    assert f"{home}/.local/share/nemo/actions/jitsuin-sign.nemo_action" in told.rpartition("there twice")[2]
    assert doubled(home, system)
    assert command_line(["integrate"]) == 0
    assert doubled(home, system) == []
    assert command_line(["integrate", "--remove"]) == 0
    assert "goes with the package" in capsys.readouterr().err
    assert (system / "nemo/actions/jitsuin-sign.nemo_action").is_file()


@linux
def test_command_says_first_and_changes_nothing_in_a_dry_run(home, monkeypatch, capsys) -> None:
    monkeypatch.setattr(file_managers, "installed", lambda: ["nemo"])
    before = everything_in(home)
    assert command_line(["integrate", "--dry-run"]) == 0
    told = capsys.readouterr().err
    assert everything_in(home) == before
    assert command_line(["integrate"]) == 0
    made = [home / name.rpartition(" ")[0] for name in everything_in(home).keys() - before.keys()]
    assert all(str(path) in told or "hicolor" in str(path) for path in made if path.is_file() and not _generated(path))
    assert f"{home}/.local/share/nemo/actions/jitsuin-verify.nemo_action" in told
    assert command_line(["integrate", "--remove", "--dry-run"]) == 0
    assert integration.linux_integration(integration.program_command(), ["nemo"]).stands
    assert command_line(["integrate", "--remove"]) == 0
    assert everything_in(home) == before


def _generated(path: Path) -> bool:
    return path.name in ("integration.json", "mimeinfo.cache") or ("mime" in path.parts and path.name != "jitsuin.xml")


@linux
def test_full_or_closed_place_is_named_and_what_was_there_stays(home, monkeypatch, capsys) -> None:
    def refuse(path, content, mode):
        raise OSError(28, "No space left on device", str(path))

    before = (home / ".config/mimeapps.list").read_bytes()
    monkeypatch.setattr("desktop.integration.parts.write_whole", refuse)
    assert command_line(["integrate"]) == 1
    assert str(home) in capsys.readouterr().err
    assert (home / ".config/mimeapps.list").read_bytes() == before


@linux
def test_menu_that_could_not_start_the_program_gets_no_entry(home) -> None:
    wanted = linux_integration(["/opt/100%/jitsuin"], MANAGERS).wanted
    assert [name for name, parts in wanted.items() if not parts] == ["Dolphin", "Nemo"]


def test_damaged_list_of_actions_is_left_as_it_is() -> None:
    assert file_managers.with_actions("<actions><action>", PROGRAM) == "<actions><action>"


def test_actions_for_thunar_stand_among_those_of_the_person(home) -> None:
    linux_integration(PROGRAM, ["thunar"]).put()
    actions = ET.parse(home / ".config/Thunar/uca.xml").getroot().findall("action")
    assert [each.findtext("unique-id") for each in actions] == ["1-1", "jitsuin-verify", "jitsuin-sign"]
    verify = actions[1]
    assert [(name.text, dict(name.attrib)) for name in verify.findall("name")] == [
        ("Veri_fy signature", {}),
        ("署名を確認(_F)", {"{http://www.w3.org/XML/1998/namespace}lang": "ja"}),
    ]
    patterns = (verify.findtext("patterns") or "").split(";")
    assert {"*.pdf", "*.PDF", "*.asice", "*.p7s"} <= set(patterns)


def entry(path: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, strict=True, delimiters="=", comment_prefixes="#")
    parser.optionxform = str  # type: ignore[assignment, method-assign] - keys are told apart by case
    parser.read(path, "utf-8")
    return parser


@pytest.mark.parametrize(
    ("manager", "file", "group", "types", "quoted"),
    [
        ("nemo", "nemo/actions/jitsuin-{}.nemo_action", "Nemo Action", "Mimetypes", shell_quoted),
        ("dolphin", "kio/servicemenus/jitsuin-{}.desktop", "Desktop Action {}", "MimeType", entry_quoted),
        ("pcmanfm", "file-manager/actions/jitsuin-{}.desktop", "X-Action-Profile main", "MimeTypes", shell_quoted),
    ],
)
@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_entry_of_a_file_manager_hands_the_files_over_behind_two_dashes(
    home, manager, file, group, types, quoted, verb
) -> None:
    linux_integration(PROGRAM, [manager]).put()
    path = home / ".local/share" / file.format(verb.name)
    content = entry(path)
    words = content[group.format(verb.name)]["Exec"]
    assert words == f"{quoted([*PROGRAM, f'--page={verb.name}', '--'])} %F"
    named = {kind for each in content.values() for kind in each.get(types, "").split(";")}
    assert {"application/pdf", "application/xml", "text/xml"} <= named
    assert ("application/vnd.etsi.asic-e+zip" in named) == (verb.name == "verify")
    if manager == "dolphin":  # those that are not marked executable are not trusted
        assert path.stat().st_mode & 0o777 == 0o755


@pytest.mark.skipif(not shutil.which("desktop-file-validate"), reason="desktop-file-utils is not installed")
def test_desktop_entry_is_valid(home) -> None:
    linux_integration(PROGRAM, []).put()
    path = home / ".local/share/applications/jitsuin.desktop"
    done = subprocess.run(["desktop-file-validate", path], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")
    opened = entry(path)["Desktop Entry"]["MimeType"]
    assert "application/pkcs7-signature" in opened
    assert "application/pdf" not in opened  # somebody else opens it


@pytest.mark.skipif(not shutil.which("update-mime-database"), reason="shared-mime-info is not installed")
@pytest.mark.skipif(not shutil.which("gio"), reason="gio is not installed")
def test_system_knows_our_types_afterwards(home, tmp_path) -> None:
    linux_integration(PROGRAM, []).put()
    (tmp_path / "a.xtx").write_text("<a/>")
    (tmp_path / "b").write_bytes(b"PK\3\4" + bytes(26) + b"mimetypeapplication/vnd.etsi.asic-e+zipPK")
    for name, kind in {"a.xtx": "application/x-xtx+xml", "b": "application/vnd.etsi.asic-e+zip"}.items():
        asked = ["gio", "info", "-a", "standard::content-type", str(tmp_path / name)]
        told = subprocess.run(asked, capture_output=True, text=True, env={**os.environ, "HOME": str(home)})
        assert told.stdout.rstrip().endswith(f"standard::content-type: {kind}")


@pytest.mark.skipif(not shutil.which("gio"), reason="gio is not installed")
def test_what_opens_a_file_by_a_double_click_stays_the_same(home, tmp_path, monkeypatch) -> None:
    monkeypatch.undo()
    system = tmp_path / "system/applications"
    system.mkdir(parents=True)
    (system / "viewer.desktop").write_text("[Desktop Entry]\nType=Application\nName=V\nExec=true %F\n")
    (system / "mimeinfo.cache").write_text("[MIME Cache]\napplication/pdf=viewer.desktop;\n")
    new = tmp_path / "new"
    new.mkdir()
    monkeypatch.setenv("HOME", str(new))
    monkeypatch.setenv("XDG_DATA_DIRS", f"{tmp_path}/system:/usr/share")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert freedesktop.standing_default("application/pdf") == "viewer.desktop"
    linux_integration(["true"], []).put()
    assert freedesktop.standing_default("application/pdf") == "viewer.desktop"
    offered = subprocess.run(["gio", "mime", "application/pdf"], capture_output=True, text=True).stdout
    assert "jitsuin.desktop" in offered
    assert freedesktop.standing_default("application/vnd.etsi.asic-s+zip") == "jitsuin.desktop"  # nobody else's


# --- Nautilus and Caja


class _File(SimpleNamespace):
    def get_location(self):
        return SimpleNamespace(get_path=lambda: self.path)

    def is_mime_type(self, kind):
        return kind == self.kind


class _Item(SimpleNamespace):
    def connect(self, _signal, act):
        self.act = act


@pytest.mark.parametrize("library", ["Nautilus", "Caja"])
@pytest.mark.parametrize("before", [(), ("window",)], ids=["version 43", "version 3"])
def test_extension_offers_what_fits_and_starts_the_program(monkeypatch, library, before) -> None:
    repository = types.ModuleType("gi.repository")
    repository.GObject = SimpleNamespace(GObject=type("GObject", (), {}))
    setattr(repository, library, SimpleNamespace(MenuProvider=type("MenuProvider", (), {}), MenuItem=_Item))
    monkeypatch.setitem(sys.modules, "gi", types.ModuleType("gi"))
    monkeypatch.setitem(sys.modules, "gi.repository", repository)
    started = []
    monkeypatch.setattr(subprocess, "Popen", lambda command, **_: started.append(command))
    monkeypatch.setenv("LANGUAGE", "ja_JP")
    space: dict = {}
    exec(file_managers.menu_extension(library, PROGRAM), space)
    menu = space["JitsuinMenu"]()
    pdf, container = _File(path="/a b.pdf", kind="application/pdf"), _File(path="/-c", kind="application/pkcs7-mime")
    assert [item.label for item in menu.get_file_items(*before, [pdf])] == ["署名を確認(_F)", "署名する(_G)…"]
    [verify] = menu.get_file_items(*before, [pdf, container])
    verify.act(verify)
    assert started == [[*PROGRAM, "--page=verify", "--", "/a b.pdf", "/-c"]]
    assert menu.get_file_items(*before, [pdf, _File(path="/t", kind="text/plain")]) == []
    assert menu.get_file_items(*before, [_File(path=None, kind="application/pdf")]) == []
    assert menu.get_file_items(*before, []) == []


def test_script_hands_over_the_uris(tmp_path) -> None:
    record = tmp_path / "record"
    recorder = ["/usr/bin/env", "python3", "-c", f"import sys; open({str(record)!r}, 'w').write(repr(sys.argv[1:]))"]
    path = tmp_path / "script"
    path.write_bytes(file_managers.script("NAUTILUS", [*recorder, "--page=verify", "--"]))
    path.chmod(0o755)
    uris = "file:///a%20b.pdf\nfile:///%24HOME%60id%60.pdf\n"
    subprocess.run([path, "changed"], env={**os.environ, "NAUTILUS_SCRIPT_SELECTED_URIS": uris}, check=True)
    assert record.read_text() == repr(["--page=verify", "--", "file:///a%20b.pdf", "file:///%24HOME%60id%60.pdf"])


# --- Windows and macOS


class Registry(SimpleNamespace):
    """The part of winreg that is used, over a dictionary: this system has no registry."""

    HKEY_CURRENT_USER, REG_SZ, KEY_SET_VALUE = "HKCU", 1, 2

    def __init__(self) -> None:
        super().__init__(keys={r"Software\Classes": {}, r"Software\Classes\.pdf": {"": "AcroExch.Document"}})

    class _Key(str):
        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

    def CreateKey(self, _root, path):  # noqa: N802 - the names of winreg
        parts = path.split("\\")
        for end in range(1, len(parts) + 1):
            self.keys.setdefault("\\".join(parts[:end]), {})
        return self._Key(path)

    def OpenKey(self, _root, path, _reserved=0, _access=0):  # noqa: N802
        if path not in self.keys:
            raise FileNotFoundError
        return self._Key(path)

    def SetValueEx(self, key, name, _reserved, kind, value):  # noqa: N802
        assert kind == self.REG_SZ
        self.keys[key][name] = value

    def QueryValueEx(self, key, name):  # noqa: N802
        if name not in self.keys[key]:
            raise FileNotFoundError
        return self.keys[key][name], self.REG_SZ

    def QueryInfoKey(self, key):  # noqa: N802
        return sum(other.startswith(f"{key}\\") for other in self.keys), len(self.keys[key]), 0

    def DeleteValue(self, key, name):  # noqa: N802
        if name not in self.keys[key]:
            raise FileNotFoundError
        del self.keys[key][name]

    def DeleteKey(self, _root, path):  # noqa: N802
        assert not any(other.startswith(f"{path}\\") for other in self.keys)
        del self.keys[path]


EXE = r"C:\Users\山田 花子\AppData\Local\Programs\Jitsuin\jitsuin.exe"


def test_verbs_of_explorer_come_and_go_and_no_default_changes(tmp_path) -> None:
    registry = Registry()
    before = {key: dict(values) for key, values in registry.keys.items()}  # type: ignore[attr-defined] - of the stand-in
    before.setdefault("Software", {})
    parts = windows.explorer_parts([EXE], "ja", registry)  # type: ignore[arg-type] - stands for the module
    here = Integration({"Explorer": parts}, parts, tmp_path / "record.json")
    here.put()
    assert here.stands
    shell = r"Software\Classes\SystemFileAssociations\.pdf\shell"
    assert registry.keys[rf"{shell}\Jitsuin.verify"]["MUIVerb"] == "署名を確認(&F)"
    assert registry.keys[rf"{shell}\Jitsuin.sign\command"][""] == f'"{EXE}" --page=sign -- "%1"'
    assert registry.keys[r"Software\Classes\.p7s\OpenWithProgids"] == {"Jitsuin.Document": ""}
    assert registry.keys[r"Software\Classes\.pdf"] == {"": "AcroExch.Document"}
    assert r"Software\Classes\SystemFileAssociations\.p7s\shell\Jitsuin.sign" not in registry.keys
    here.take_out()
    assert registry.keys == before


def test_label_of_explorer_is_in_the_language_of_the_system() -> None:
    names = {text for _key, name, text in windows.explorer_values([EXE], "en") if name == "MUIVerb"}
    assert names == {"Veri&fy signature", "Si&gn…"}


@pytest.mark.skipif(sys.platform == "win32", reason="runs a shell of macOS and Linux")
def test_quick_action_of_the_finder_hands_over_every_word_as_it_is(tmp_path) -> None:
    program = tmp_path / "it's $HOME `id`" / "jitsuin"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    program.chmod(0o755)
    parts = macos.finder_parts([str(program)], "ja", tmp_path / "Library")
    here = Integration({"Finder": parts}, parts, tmp_path / "Library" / "record.json")
    before = everything_in(tmp_path)
    here.put()
    services = tmp_path / "Library" / "Services"
    info = plistlib.loads((services / "Jitsuin verify.workflow/Contents/Info.plist").read_bytes())
    assert info["NSServices"][0]["NSMenuItem"] == {"default": "署名を確認"}
    assert "com.adobe.pdf" in info["NSServices"][0]["NSSendFileTypes"]
    flow = plistlib.loads((services / "Jitsuin sign.workflow/Contents/document.wflow").read_bytes())
    line = flow["actions"][0]["action"]["ActionParameters"]["COMMAND_STRING"]
    files = ["/契約 書.pdf", "/-dash $x `id`.pdf"]
    told = subprocess.run(["/bin/sh", "-c", line, "-", *files], capture_output=True, text=True, check=True).stdout
    assert told.splitlines() == ["--page=sign", "--", *files]
    here.take_out()
    assert everything_in(tmp_path) == before
