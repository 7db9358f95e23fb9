"""The window: pages chosen on the left, files dropped anywhere, and a banner while practising."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QKeySequence, QShortcut
from PyQt6.QtWidgets import QButtonGroup, QFileDialog, QFrame, QMainWindow, QStackedWidget, QWidget

from desktop.arrival.sorting import Sorter
from desktop.card.desk import CardDesk
from desktop.document_desk import DocumentDesk
from desktop.look import icons, theme
from desktop.look.widgets import NavButton, button, clear, column, label, row
from desktop.preferences import Preferences
from desktop.sign.desk import SignDesk, Stage
from desktop.sign.page import SignPage
from desktop.verify.desk import VerifyDesk
from desktop.words.translation import _

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.arrival.dropping import DropHint
    from desktop.card.life import CardLifeDesk
    from desktop.card.page import CardPage
    from desktop.reminders.desk import ReminderDesk
    from desktop.sign.flow import SignFlow
    from desktop.verify.page import VerifyPage
    from signing.document import Document
    from signing.profile import Profile

NAME = "Jitsuin"  # in every language
SIGN, VERIFY, CARD = 0, 1, 2
Page = TypeVar("Page", bound=QWidget)


class MainWindow(QMainWindow):
    """Everything that is seen is built from the desks, and built again when language or colours change."""

    ended = pyqtSignal()  # it was closed before, out of sight, and now nothing is under way any more

    def __init__(
        self,
        documents: DocumentDesk,
        cards: CardDesk,
        signing: SignDesk,
        verifying: VerifyDesk,
        preferences: Preferences,
    ) -> None:
        super().__init__()
        self.documents, self.cards, self.signing, self.verifying = documents, cards, signing, verifying
        self.preferences = preferences
        self._flow: SignFlow | None = None
        self._life: CardLifeDesk | None = None
        self._reminders: ReminderDesk | None = None
        self._sorter = Sorter(documents, cards, signing, verifying, self)
        self._folder = ""  # where files were last chosen; never saved
        self._drop_hint: DropHint | None = None
        self.page = SIGN
        self._small = False  # with nothing but the files to be verified
        self.setAcceptDrops(True)
        self.setMinimumSize(*_fitting(self, 720, 480))
        self.resize(*_fitting(self, 1120, 720))
        self._sorter.first_known.connect(lambda signed: self.show_page(VERIFY if signed else SIGN))
        self._sorter.told.connect(self._tell_arrived)
        cards.changed.connect(self._show_banner)
        signing.keys.changed.connect(self._show_banner)
        signing.trust_changed.connect(verifying.verify_all)
        preferences.changed.connect(self.rebuild)
        self.rebuild()

    def take_shortcuts(self) -> None:
        """Keys for the pages, for files, settings and help; called when the window stands."""
        pages = {"Ctrl+1": self.show_sign, "Ctrl+2": self.show_verify, "Ctrl+3": self.show_card}
        others = {"Ctrl+O": self.choose, "Ctrl+V": self._paste, "Ctrl+,": self.open_settings, "F1": self.open_guides}
        for keys, act in (pages | others).items():
            QShortcut(QKeySequence(keys), self).activated.connect(lambda act=act: act())
        QShortcut(QKeySequence("Ctrl+Q"), self).activated.connect(self.close)

    # --- what it is made of

    def rebuild(self) -> None:
        """Build everything that is seen again, in the language and colours in force."""
        self.setWindowTitle(NAME)
        self._drop_hint = None
        self._sign_page = self._make_sign_page()
        self._verify_page: VerifyPage | None = None
        self._pages = QStackedWidget()
        self._pages.addWidget(self._sign_page)
        self._card_page: CardPage | None = None  # this page and Verify are made when they are first looked at
        self._banner = QFrame()
        self._banner.setProperty("role", "banner")
        self._banner_words = label("")
        stop = button(_("Stop practising"), self.cards.use_real_card)
        line = row(self._banner_words, stop, margins=(24, 8, 24, 8))
        line.setStretch(0, 1)
        self._banner.setLayout(line)
        whole = QWidget()
        whole.setProperty("role", "page")
        self._due, self._arrived = column(gap=0), column(gap=0)
        self._more = self._way_to_more()
        right = column(self._banner, self._due, self._arrived, self._pages, self._more, gap=0)
        self._navigation = self._side()
        beside = row(self._navigation, right, gap=0)
        beside.setStretch(1, 1)
        whole.setLayout(beside)
        self.setCentralWidget(whole)
        whole.setProperty("focusPolicy", 2)  # Qt.FocusPolicy.ClickFocus: no ring anywhere until the first Tab
        if self.isVisible():
            whole.show()  # now, because what is not yet visible takes no focus
        whole.setFocus()
        self._show_banner()
        self._fold()
        self.show_page(self.page)

    def _side(self) -> QFrame:
        side = QFrame()
        side.setProperty("role", "side")
        self._sign_button = NavButton(_("Sign"), "sign", self.show_sign)
        self._verify_button = NavButton(_("Verify"), "verify", self.show_verify)
        self._card_button = NavButton(_("My card"), "card", self.show_card)
        self._page_buttons = (self._sign_button, self._verify_button, self._card_button)
        group = QButtonGroup(side)
        for each in self._page_buttons:
            group.addButton(each)
        width = round(theme.font_height(theme.SECTION) * 1.4)
        name = row(icons.Picture("jitsuin", width=width), label(NAME, "section"), margins=(20, 24, 16, 24))
        foot = self.preferences.controls(settings=self.open_settings, guides=self.open_guides)
        side.setLayout(column(name, *self._page_buttons, None, foot, gap=0))
        side.setFixedWidth(max(208, side.sizeHint().width()))
        return side

    def _make_sign_page(self) -> SignPage:
        return SignPage(
            self.signing,
            self.cards,
            choose=self.choose,
            verify=self.verify,
            look=self._look_before_signing,
            sign=lambda: self._sign_flow().start(),
            explain=self._explain,
        )

    def _make_verify_page(self) -> "VerifyPage":
        from desktop.verify.page import VerifyPage

        time, guide = lambda: self.signing.time, self.open_guides
        return VerifyPage(self.verifying, choose=self.choose, sign=self.sign, look=self.look, time=time, guide=guide)

    def _make_card_page(self) -> "CardPage":
        from desktop.card.page import CardPage

        return CardPage(self._life_desk(), self._reminder_desk())

    def _life_desk(self) -> "CardLifeDesk":
        if self._life is None:
            from desktop.card.life import CardLifeDesk

            self._life = CardLifeDesk(self.cards, self)
        return self._life

    def _show_banner(self) -> None:
        words = _("PRACTICE: this is the practice card. What it signs proves nothing.")
        if not self.signing.practice:
            words = _("PRACTICE: this is the practice card. The other key that you chose signs in earnest.")
        self._banner_words.setText(words)
        self._banner.setVisible(self.cards.practice)

    # --- small, until more is wanted

    def be_small(self, files: int = 1) -> None:
        """Say at once that files are being verified, with nothing around it; called before the window is shown."""
        self._small = True
        self.setMinimumSize(*_fitting(self, 480, 360))
        self.resize(*_fitting(self, 680 if files == 1 else 880, 620))  # several are a list beside the report
        waiting = label(_("Verifying"), "sentence")
        waiting.setProperty("margin", 32)
        waiting.setProperty("alignment", 0x21)  # Qt.AlignmentFlag.AlignLeft | AlignTop
        self._pages.setCurrentWidget(self._added(waiting))
        self._fold()

    def be_whole(self) -> None:
        """Show everything."""
        if self._small:
            self._small = False
            self.setMinimumSize(*_fitting(self, 720, 480))
            self.resize(*_fitting(self, max(self.width(), 1120), max(self.height(), 720)))
            self._fold()

    def _fold(self) -> None:
        self._navigation.setVisible(not self._small)
        self._more.setVisible(self._small)

    def _way_to_more(self) -> QFrame:
        made = QFrame()
        made.setProperty("role", "side")
        made.setLayout(row(None, button(_("Open the whole window"), self.be_whole, "link"), margins=(16, 6, 16, 6)))
        return made

    # --- reminders

    def look_for_reminders(self) -> None:
        """Say what is due; called when the window stands, and light where nothing is kept."""
        from os.path import exists

        from desktop.places import reminders_file, waiting_folder

        if exists(waiting_folder()):  # noqa: PTH110 - as below
            self.signing.time.find()
            self.signing.time.changed.connect(self._show_due)
            self._show_due()
        if exists(reminders_file()):  # noqa: PTH110 - Path.exists fails in a folder that may not be read
            self._reminder_desk()

    def _reminder_desk(self) -> "ReminderDesk":
        if self._reminders is None:
            from desktop.reminders.desk import ReminderDesk

            self._reminders = ReminderDesk(self)
            self._reminders.changed.connect(self._show_due)
            self._show_due()
        return self._reminders

    def _show_due(self) -> None:
        clear(self._due)
        due = self._reminders is not None and bool(self._reminders.standing())
        self._card_button.set_badge(_("My card: something has to be done") if due else "")
        if waiting := self.signing.waiting_elsewhere():
            from desktop.time.strip import WaitingStrip

            self._due.addWidget(WaitingStrip(self.signing.time, len(waiting)))
        if self._reminders and due:
            from desktop.reminders.strip import ReminderStrip

            self._due.addWidget(ReminderStrip(self._reminders, show_card=None if self.page == CARD else self.show_card))

    # --- what is opened from the foot

    def open_settings(self) -> None:
        """What is chosen once."""
        from desktop.settings_dialog import Desks, SettingsDialog

        desks = Desks(self.preferences, self.signing, self.verifying, self._life_desk(), self._reminder_desk())
        SettingsDialog(desks, self).open()

    def open_guides(self, name: str = "first-steps") -> None:
        """The help, beginning with the guide of this name."""
        from desktop.guides.dialog import GuideDialog

        GuideDialog(name, self).show()

    # --- pages

    def show_sign(self) -> None:
        self.show_page(SIGN)

    def show_verify(self) -> None:
        self.show_page(VERIFY)

    def show_card(self) -> None:
        self.show_page(CARD)

    def show_page(self, page: int) -> None:
        if page != VERIFY:
            self.be_whole()
        self.page = page
        self._pages.setCurrentWidget(self._page(page))
        self._page_buttons[page].setProperty("checked", True)
        self._show_due()

    def _page(self, page: int) -> QWidget:
        if page == SIGN:
            return self._sign_page
        if page == VERIFY:
            self._verify_page = self._verify_page or self._added(self._make_verify_page())
            return self._verify_page
        self._card_page = self._card_page or self._added(self._make_card_page())
        return self._card_page

    def _added(self, page: Page) -> Page:
        self._pages.addWidget(page)
        return page

    def choose(self) -> None:
        """Choose files for the page that is shown."""
        dialog = QFileDialog(self, _("Choose documents"), self._folder)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters([_("Documents (*.pdf *.xml *.xtx *.zip *.p7s *.p7m)"), _("All files (*)")])
        dialog.filesSelected.connect(self._on_chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _on_chosen(self, names: Sequence[str]) -> None:
        from pathlib import Path

        paths = [Path(name) for name in names]
        self._folder = str(paths[0].parent)
        if self.page == SIGN:
            self.signing.add(paths)
        elif self.page == VERIFY:
            self.verifying.add(paths)
        else:
            self.receive([str(path) for path in paths])

    # --- files

    def receive(self, names: Sequence[str]) -> None:
        """Files and folders from anywhere: each goes to the page that fits what it is."""
        self._sorter.take(names, to_verify=self.page == VERIFY)

    def sign(self, path: "Path") -> None:
        """Put a file on the Sign page, whatever it is."""
        self.signing.add([path])
        self.show_sign()

    def verify(self, path: "Path") -> None:
        """Put a file on the Verify page, whatever it is."""
        self.verifying.add([path])
        self.show_verify()

    def _look_before_signing(self, document: "Document") -> None:
        rehearsals = [row.rehearsal for row in self.signing.rows if row.document is document]
        self.look(document, profile=next((each.job.profile for each in rehearsals if each), None))

    def look(self, file: "Document | Path", holds: bool | None = None, profile: "Profile | None" = None) -> None:
        """Show what a document says; `holds` tells whether its signatures do, where that is known, and `profile` is
        what it is to be signed with."""
        from pathlib import Path

        from desktop.content.looking import open_content

        judgement = self.verifying.files.get(file) if isinstance(file, Path) else None
        report = judgement.report if judgement else None
        open_content(self.documents, file, self, report=report, holds=holds, profile=profile)

    def _tell_arrived(self, words: str) -> None:
        clear(self._arrived)
        if words:
            from desktop.arrival.strip import ArrivalStrip

            self._arrived.addWidget(ArrivalStrip(words))

    def dragEnterEvent(self, event: QDragEnterEvent | None) -> None:
        from desktop.arrival.dropping import DropHint, carried

        if event and carried(event.mimeData()).names:
            event.acceptProposedAction()
            self._drop_hint = self._drop_hint or DropHint(self)
            self._drop_hint.cover()

    def dragLeaveEvent(self, event: QDragLeaveEvent | None) -> None:
        if self._drop_hint:
            self._drop_hint.hide()

    def dropEvent(self, event: QDropEvent | None) -> None:
        from desktop.arrival.dropping import carried
        from desktop.arrival.usher import arrive

        self.dragLeaveEvent(None)
        if event:
            event.acceptProposedAction()
            arrive(self, carried(event.mimeData()))

    def _paste(self) -> None:
        """Files that were copied in a file manager."""
        from desktop.arrival.dropping import copied
        from desktop.arrival.usher import arrive

        arrive(self, copied())

    # --- signing

    def _explain(self) -> None:
        self._sign_flow().explain()

    def _sign_flow(self) -> "SignFlow":
        from desktop.sign.flow import SignFlow

        if self._flow is None:
            self._flow = SignFlow(self.signing, self.cards, self)
        return self._flow

    def closeEvent(self, event: QCloseEvent | None) -> None:
        if event and self.signing.stage is Stage.SIGNING:
            from desktop.sign.leaving import finish_out_of_sight

            event.ignore()
            finish_out_of_sight(self, self.signing, self.ended.emit)


def _fitting(window: QWidget, width: int, height: int) -> tuple[int, int]:
    """The size, or what the screen has room for: with large text it has fewer of these pixels."""
    screen = window.screen()
    if screen is None:
        return width, height
    room = screen.availableGeometry()
    return min(width, room.width()), min(height, room.height())
