"""What packages bring for the desktop: valid by the tools of the systems, and free of what belongs to this machine."""

import os
import plistlib
import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from PyQt6.QtGui import QImage

from desktop.places import application_icons_folder
from installer import project as projects
from installer.linux import deb, files
from installer.macos import services
from installer.windows import setup, verbs

ROOT = Path(__file__).parents[2]


@pytest.fixture
def usr(tmp_path) -> Path:
    files.write(tmp_path, ["jitsuin"])
    return tmp_path


@pytest.mark.skipif(not shutil.which("desktop-file-validate"), reason="desktop-file-utils is not installed")
def test_desktop_entry_of_a_package_is_valid(usr) -> None:
    entries = sorted((usr / "share/applications").iterdir())
    done = subprocess.run(["desktop-file-validate", *entries], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")
    assert ["NoDisplay=true" in entry.read_text("utf-8") for entry in entries] == [False, True]  # one in the menu


@pytest.mark.skipif(not shutil.which("update-desktop-database"), reason="desktop-file-utils is not installed")
@pytest.mark.skipif(not shutil.which("gio"), reason="gio is not installed")
def test_package_takes_no_type_from_a_program_that_opens_it(usr, tmp_path) -> None:
    entries = usr / "share/applications"
    others = {
        "org.gnome.Evince": "application/pdf",
        "vim": "text/xml",
        "org.kde.kleopatra": "application/pkcs7-signature",
    }
    for name, kind in others.items():
        content = f"[Desktop Entry]\nType=Application\nName=X\nExec=true %F\nMimeType={kind};\n"
        (entries / f"{name}.desktop").write_text(content)
    for entry in entries.glob("*jitsuin*"):  # a program that is there
        entry.write_text(entry.read_text("utf-8").replace('"jitsuin"', "true"), "utf-8")
    subprocess.run(["update-desktop-database", entries], check=True)
    alone = {name: str(tmp_path / "home") for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CONFIG_DIRS")}
    alone["XDG_DATA_DIRS"] = f"{usr}/share"
    for name, kind in {**others, "zz-jitsuin-open": "application/vnd.etsi.asic-e+zip"}.items():
        told = subprocess.run(
            ["gio", "mime", kind], capture_output=True, text=True, env={**os.environ, "LC_ALL": "C.UTF-8", **alone}
        ).stdout
        assert told.splitlines()[0].endswith(f" {name}.desktop")
        assert "zz-jitsuin-open.desktop" in told  # offered, all the same


@pytest.mark.skipif(not shutil.which("appstreamcli"), reason="appstream is not installed")
def test_appstream_data_is_valid_and_names_the_entry(usr) -> None:
    [data] = (usr / "share/metainfo").iterdir()
    done = subprocess.run(["appstreamcli", "validate", "--no-net", data], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    component = ET.parse(data).getroot()
    assert (usr / "share/applications" / str(component.findtext("launchable"))).is_file()
    assert data.name == f"{component.findtext('id')}.metainfo.xml"
    newest = component.find("releases/release")
    assert newest is not None
    assert newest.get("version") == projects.project().version
    assert component.find("url") is None  # none is known


def test_what_becomes_known_is_told_by_every_recipe(tmp_path, monkeypatch) -> None:
    known = tmp_path / "pyproject.toml"
    told = projects.FILE.read_text("utf-8").replace('maintainers" }]', 'maintainers", email = "who@example.org" }]')
    known.write_text(told.replace("[project.urls]", '[project.urls]\nHomepage = "https://example.org/?a&b"'), "utf-8")
    monkeypatch.setattr(projects, "FILE", known)
    assert ET.fromstring(files.metainfo()).findtext("url") == "https://example.org/?a&b"
    assert deb.control("1", "amd64", [], size=1).startswith("Package: jitsuin\nVersion: 1\n")
    assert "\nMaintainer: The Jitsuin maintainers <who@example.org>\nHomepage: https://example.org/?a&b\n" in (
        deb.control("1", "amd64", [], size=1)
    )
    assert setup.given("1", ROOT, tmp_path, tmp_path / "x.exe")["HOME"] == "https://example.org/?a&b"


def test_addresses_that_nobody_has_named_are_not_told(monkeypatch) -> None:
    monkeypatch.delenv("JITSUIN_RELEASES", raising=False)
    about = projects.project()
    assert (about.mail, about.home, about.releases) == ("", "", "")
    assert about.contact.endswith(".invalid>")
    assert "Homepage" not in deb.control("1", "amd64", [], size=1)
    monkeypatch.setenv("JITSUIN_RELEASES", "https://example.org/releases")
    assert projects.project().releases == "https://example.org/releases"


def test_nothing_of_this_machine_is_in_a_package(usr) -> None:
    for path in usr.rglob("*"):
        if path.is_file() and path.suffix != ".png":
            assert str(ROOT) not in path.read_text("utf-8")


@pytest.mark.parametrize("side", [16, 22, 24])
def test_strokes_of_small_icons_lie_on_the_pixels(side) -> None:
    picture = QImage(str(application_icons_folder() / f"{side}.png"))
    rows, columns = range(side // 6, side * 11 // 16), range(side // 5, side * 13 // 16)
    middle = {picture.pixelColor(x, y).alpha() for x in columns for y in rows}
    assert middle == {0, 255}  # what is half and half would be a blur


def test_every_size_of_the_icon_is_what_its_folder_says(usr) -> None:
    sizes = []
    for path in (usr / "share/icons/hicolor").rglob("jitsuin.png"):
        header = path.read_bytes()[:24]
        width, height = (int.from_bytes(header[at : at + 4], "big") for at in (16, 20))  # PNG, 11.2.2 IHDR
        assert path.parts[-3] == f"{width}x{height}"
        sizes.append(width)
    assert sorted(sizes) == [16, 22, 24, 32, 48, 64, 128, 256, 512]


def test_setup_for_windows_takes_out_every_key_that_it_puts_in() -> None:
    put = {line.split("'")[1] for line in verbs.put_lines("ja")}
    undone = [line.split("'")[1] for line in verbs.take_out_lines()]
    for key in put:
        assert any(key == each or key.startswith(f"{each}\\") for each in undone)
    whole = [line.split("'")[1] for line in verbs.take_out_lines() if line.startswith("DeleteRegKey HKCU")]
    assert all("Jitsuin." in key for key in whole)  # keys of others go only where they are empty


def test_setup_for_windows_quotes_the_path_of_the_program() -> None:
    commands = [line for line in verbs.put_lines("en") if r"\command'" in line]
    assert commands
    assert all(r"""'"$INSTDIR\jitsuin.exe" """ in line and line.endswith("""-- "%1"\'""") for line in commands)


@pytest.mark.skipif(not shutil.which("makensis"), reason="nsis is not installed")
def test_lines_for_setup_compile(tmp_path) -> None:
    lines = ["Unicode true", f"OutFile '{tmp_path}/x.exe'", "InstallDir 'C:\\J'", "Section", *verbs.put_lines("ja")]
    lines += ["SectionEnd", "Section un.x", *verbs.take_out_lines(), "SectionEnd", "Section", "WriteUninstaller u.exe"]
    (tmp_path / "x.nsi").write_text("\n".join([*lines, "SectionEnd"]), "utf-8")
    done = subprocess.run(["makensis", "-V2", tmp_path / "x.nsi"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


def test_app_of_macos_offers_itself_and_is_the_default_of_nothing() -> None:
    content = plistlib.loads(plistlib.dumps(services.fragment()))
    [documents] = content["CFBundleDocumentTypes"]
    assert documents["LSHandlerRank"] == "Alternate"
    declared = {each["UTTypeIdentifier"] for each in content["UTImportedTypeDeclarations"]}
    assert declared < set(documents["LSItemContentTypes"])
    assert "com.adobe.pdf" in documents["LSItemContentTypes"]


def test_prepared_manifest_of_windows_is_well_formed() -> None:
    manifest = ET.parse(ROOT / "installer/windows/AppxManifest.xml")
    assert manifest.getroot().tag.endswith("}Package")
