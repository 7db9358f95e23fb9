"""Whom one believes is one's own choice, made with the fingerprint in sight, and taken back as easily."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from PyQt6.QtCore import QPoint
from PyQt6.QtWidgets import QLabel, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from desktop.command_line import main
from desktop.main_window import MainWindow
from desktop.places import anchors_folder, practice_folder, timestamps_file
from desktop.settings_dialog import SettingsDialog
from desktop.time.authorities import Authority
from desktop.trust import store
from desktop.trust.page import TrustPage
from desktop.words.translation import _
from desktop.work.asking import Asking
from desktop.work.pool import Pool
from signing.card.practice import practice_root
from signing.document import Document
from signing.job import SignedFile, SigningBatch, SigningJob, UnstampedFile, rehearse
from signing.profile import Profile
from signing.timestamping import RemoteTimestamper, TimestampingAuthority
from signing.trust import Trust, fingerprint
from signing.waiting import stamp


@pytest.fixture(autouse=True)
def own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture
def pool() -> Iterator[Pool]:
    made = Pool()
    yield made
    made.close()


@pytest.fixture
def root(authority: "object") -> bytes:
    certificate: x509.Certificate = authority.certificate  # type: ignore[attr-defined] - of tests/conftest.py
    return certificate.public_bytes(Encoding.DER)


def button_of(page: QWidget, text: str) -> QPushButton | None:
    return next((each for each in page.findChildren(QPushButton) if text in (each.text(), each.accessibleName())), None)


def press(qtbot: QtBot, page: QWidget, text: str) -> None:
    qtbot.waitUntil(lambda: button_of(page, text) is not None, timeout=20_000)
    made = button_of(page, text)
    assert made is not None
    made.click()  # the page may not have its places yet, and a mouse would miss it


def says(page: QWidget, text: str) -> bool:
    return any(text in each.text() for each in page.findChildren(QLabel))


def test_what_was_added_counts_until_it_is_removed(root: bytes) -> None:
    store.add([root])
    assert store.known_trust().among([]) == (root,)
    store.remove(fingerprint(root))
    assert store.known_trust().among([root]) == ()


def test_a_file_that_is_not_what_its_name_says_does_not_count(root: bytes) -> None:
    store.add([root])
    (path,) = anchors_folder().glob("*.cer")
    path.rename(path.with_stem("0" * 64))
    (anchors_folder() / "note.cer").write_bytes(b"nothing")
    os.mkfifo(anchors_folder() / "pipe.cer")
    assert store.added() == ()


def test_what_does_not_count_any_more_is_named(
    qtbot: QtBot, pool: Pool, root: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store.add([root])
    (anchors_folder() / "damaged.cer").write_bytes(root[:-1])
    timestamps_file().parent.mkdir(parents=True)
    timestamps_file().write_text("{")
    page = TrustPage(Asking(pool), lambda: None)
    qtbot.addWidget(page)
    qtbot.waitUntil(lambda: says(page, "damaged.cer"), timeout=20_000)
    main(["verify", str(tmp_path / "none.pdf")])
    assert "timestamps.json" in (said := capsys.readouterr().err)
    assert "damaged.cer" in said
    assert f"{fingerprint(root)}.cer" not in said


def test_nothing_is_believed_before_the_fingerprint_was_compared(
    qtbot: QtBot, pool: Pool, root: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "authority.cer"
    path.write_bytes(root)
    page = TrustPage(Asking(pool), lambda: root)
    qtbot.addWidget(page)
    press(qtbot, page, _("Take it from my card"))
    groups = fingerprint(root).upper()
    shown = " ".join(groups[place : place + 4] for place in range(0, 64, 4))
    qtbot.waitUntil(lambda: says(page, shown), timeout=20_000)
    assert store.added() == ()
    press(qtbot, page, _("The fingerprint is right: add"))
    assert store.added() == (root,)
    qtbot.waitUntil(lambda: says(page, "Test authority"), timeout=20_000)


def test_a_revocation_list_is_read_used_and_removed(
    qtbot: QtBot, pool: Pool, authority: "object", tmp_path: Path
) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    builder = x509.CertificateRevocationListBuilder().issuer_name(authority.certificate.subject)  # type: ignore[attr-defined]
    made = builder.last_update(now).next_update(now + timedelta(days=7)).sign(authority.key, SHA256())  # type: ignore[attr-defined]
    path = tmp_path / "list.crl"
    path.write_bytes(made.public_bytes(Encoding.PEM))
    page = TrustPage(Asking(pool), lambda: None)
    qtbot.addWidget(page)
    page._asking.ask(page._add_list, page._fail, store.list_in, path)
    qtbot.waitUntil(lambda: says(page, "Test authority"), timeout=20_000)
    assert store.known_trust().lists == (made.public_bytes(Encoding.DER),)
    press(qtbot, page, _("Use the list of {name} no more").format(name="CN=Test authority,C=JP"))
    assert store.known_trust().lists == ()
    path.write_bytes(b"nothing")
    page._asking.ask(page._add_list, page._fail, store.list_in, path)
    qtbot.waitUntil(lambda: says(page, "[certificate.file-unreadable]"), timeout=20_000)


def test_what_came_of_it_is_seen_wherever_the_page_was_scrolled_to(qtbot: QtBot, pool: Pool, root: bytes) -> None:
    store.add([root])
    page, area = TrustPage(Asking(pool), lambda: None), QScrollArea()
    qtbot.addWidget(area)
    area.setWidget(page)
    area.setWidgetResizable(True)
    area.resize(560, 240)
    area.show()
    remove = _("Believe {name} no more").format(name="CN=Test authority,C=JP")
    qtbot.waitUntil(lambda: button_of(page, remove) is not None, timeout=20_000)
    bar = area.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 240, timeout=20_000)
    bar.setValue(bar.maximum())
    press(qtbot, page, remove)
    told = next(each for each in page.findChildren(QLabel) if each.text().startswith("Removed."))
    view = area.viewport()
    qtbot.waitUntil(lambda: view.rect().contains(told.mapTo(view, QPoint(0, 0))), timeout=20_000)


def test_the_practice_authority_is_never_believed(qtbot: QtBot, pool: Pool) -> None:
    page = TrustPage(Asking(pool), lambda: practice_root(practice_folder()))
    qtbot.addWidget(page)
    press(qtbot, page, _("Take it from my card"))
    refused = _("The practice card proves nothing, so its authority cannot be added.")
    qtbot.waitUntil(lambda: says(page, refused), timeout=20_000)
    assert store.added() == ()


def test_what_was_verified_is_verified_again_when_trust_changes(
    qtbot: QtBot, window: MainWindow, root: bytes, make_pdf: Callable[..., Path], credential: object, tmp_path: Path
) -> None:
    job = SigningJob.beside(Document.open(make_pdf()), Profile.PADES_B_B, practice=False)
    with SigningBatch([rehearse(job)], refuge=tmp_path, clock=lambda: datetime.now(UTC)) as batch:
        (signed,) = (outcome.path for outcome in batch.sign(credential) if isinstance(outcome, SignedFile))

    def is_trusted() -> bool | None:
        judgement = window.verifying.files[signed]
        return judgement.report.signatures[0].trusted if judgement and judgement.report else None

    window.verifying.add([signed])
    qtbot.waitUntil(lambda: is_trusted() is False, timeout=30_000)
    window.open_settings()
    (dialog,) = window.findChildren(SettingsDialog)
    dialog.choose([title for title, _make in dialog._pages].index(_("Trust")))
    (page,) = dialog.findChildren(TrustPage)
    page._add([store.anchor_of(root)])
    qtbot.waitUntil(lambda: is_trusted() is True, timeout=30_000)
    press(qtbot, page, _("Believe {name} no more").format(name="CN=Test authority,C=JP"))
    qtbot.waitUntil(lambda: is_trusted() is False, timeout=30_000)
    dialog.accept()


def test_what_was_verified_is_verified_again_when_an_authority_for_time_stamps_comes_or_goes(
    qtbot: QtBot, window: MainWindow, time_service: "object", make_pdf: Callable[..., Path], credential: object
) -> None:
    anchor, base = time_service.file("root.der"), time_service.base  # type: ignore[attr-defined] - of tests/conftest.py
    asked = TimestampingAuthority(f"{base}/clock")
    source = make_pdf()
    now = lambda: datetime.now(UTC)  # noqa: E731 - shorter than its name
    job = rehearse(SigningJob.beside(Document.open(source), Profile.PADES_B_B, practice=False))
    with SigningBatch([job], refuge=source.parent, clock=now, waiting=source.parent / "room") as batch:
        (made,) = (each.waiting for each in batch.sign(credential) if isinstance(each, UnstampedFile))
    stamper = RemoteTimestamper(asked, now)
    signed, _rescued = stamp(made, timestamper=stamper, trust=Trust.default(), moment=now(), refuge=source.parent)

    def is_proven() -> bool | None:
        judgement = window.verifying.files[signed]
        timestamp = judgement.report.signatures[0].timestamp if judgement and judgement.report else None
        return timestamp.proven if timestamp else None

    window.verifying.add([signed])
    qtbot.waitUntil(lambda: is_proven() is False, timeout=30_000)
    time = window.signing.time
    time.use(time.settings.with_authority(Authority("Loopback", asked.address, anchors=(anchor,))))
    qtbot.waitUntil(lambda: is_proven() is True, timeout=30_000)
    time.use(time.settings.without("Loopback"))
    qtbot.waitUntil(lambda: is_proven() is False, timeout=30_000)
