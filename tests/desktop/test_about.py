"""The version, and the way to newer ones: opened in the browser on a click, and only where an address was built in."""

import json

from PyQt6.QtCore import QUrl
from PyQt6.QtGui import QDesktopServices
from PyQt6.QtWidgets import QLabel, QPushButton

from desktop import about
from installer.package import version


def buttons(page) -> list[str]:
    return [each.text() for each in page.findChildren(QPushButton)]


def test_source_tells_its_version_and_knows_no_address(qtbot) -> None:
    page = about.about()
    qtbot.addWidget(page)
    told = [each.text() for each in page.findChildren(QLabel)]
    assert any(version() in text for text in told)
    assert any("named no page for newer versions" in text for text in told)
    assert buttons(page) == []


def test_newer_versions_are_looked_for_in_the_browser_and_on_a_click_alone(qtbot, tmp_path, monkeypatch) -> None:
    made, opened = tmp_path / "build.json", []
    made.write_text(json.dumps({"version": "9.8", "releases": "https://example.com/releases"}))
    monkeypatch.setattr(about, "build_file", lambda: made)
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    page = about.about()
    qtbot.addWidget(page)
    assert any("9.8" in each.text() for each in page.findChildren(QLabel))
    assert opened == []
    [look] = page.findChildren(QPushButton)
    look.click()
    assert opened == [QUrl("https://example.com/releases")]


def test_an_address_that_is_not_of_the_web_is_not_offered(qtbot, tmp_path, monkeypatch) -> None:
    made = tmp_path / "build.json"
    made.write_text(json.dumps({"version": "9.8", "releases": "file:///etc/passwd"}))
    monkeypatch.setattr(about, "build_file", lambda: made)
    page = about.about()
    qtbot.addWidget(page)
    assert buttons(page) == []
