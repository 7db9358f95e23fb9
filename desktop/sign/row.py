"""One document on the Sign page: what it is, what will be made of it, what is special, what came of it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QSignalBlocker, QUrl
from PyQt6.QtGui import QDesktopServices, QResizeEvent
from PyQt6.QtWidgets import QBoxLayout, QFrame, QWidget

from desktop.folder import show_in_folder
from desktop.look import icons, theme
from desktop.look.widgets import (
    ChoiceBox,
    ElidedLabel,
    Notice,
    button,
    clear,
    column,
    icon_button,
    label,
    row,
    together,
)
from desktop.messages import describe, note, plain, shown_size
from desktop.passwords.document_password import unlock_button
from desktop.sign.desk import SignDesk, Stage
from desktop.sign.sign_row import SignRow
from desktop.words.destinations import destination_hint, destination_name, refusal_words, rules_in_words
from desktop.words.formatting import joined
from desktop.words.seal import chosen_words
from desktop.words.translation import _
from signing.destination import destinations_for
from signing.document import Document
from signing.errors import UserFacingError
from signing.job import FailedFile, SignedFile, UnstampedFile

if TYPE_CHECKING:
    from pathlib import Path

_WIDE = 26  # lines of text, as wide as they are high
KINDS = {"pdf": "PDF", "xml": "XML", "cms": "CMS"}


class SignRowView(QFrame):
    """Shows a SignRow; is told when it changed."""

    def __init__(
        self,
        shown: SignRow,
        desk: SignDesk,
        verify: "Callable[[Path], None]",
        look: Callable[[Document], None],
        seal: Callable[[list[SignRow]], None],
    ) -> None:
        super().__init__()
        self._row, self._desk, self._verify, self._look, self._seal = shown, desk, verify, look, seal
        self.setProperty("role", "row")
        self._body = column(margins=(4, 12, 4, 12), gap=6)
        self.setLayout(self._body)
        self.refresh()

    def refresh(self) -> None:
        """Show everything anew."""
        clear(self._body)
        self._only_while_listing: list[QWidget] = []
        head = self._head()
        lines = [label(text, "small") for text in (self._meaning(), self._rules()) if text]
        below = column(*lines, *self._notices(), margins=(icons.size() + 8, 0, 0, 0), gap=6)
        self._body.addWidget(together(head, below, gap=6))
        self.show_stage()

    def show_stage(self) -> None:
        """While its file is being signed, a row stays as it is."""
        busy = self._desk.stage in (Stage.ASKING, Stage.SIGNING) and self._row in self._desk.signing
        for part in self._only_while_listing:
            part.setEnabled(not busy)

    def event(self, event: QEvent | None) -> bool:
        done = super().event(event)
        if event and event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return done

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._arrange()
        self._fit()

    def hasHeightForWidth(self) -> bool:
        """Not for the list, which would measure all words of all rows, with and without a scroll bar, at each change
        of one."""
        return False

    def _fit(self) -> None:
        """Be as high as the words need in this width."""
        self.setFixedHeight(self._body.totalHeightForWidth(self.width()))

    def _arrange(self) -> None:
        """What is done with it stands below its name where both in one line would leave too little of the name."""
        wide = self._doing.count() == 1 or self.width() >= theme.font_height(theme.TEXT) * _WIDE
        self._line.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        indent = 0 if wide else icons.size() + 8
        self._doing.setContentsMargins(indent, 0, 0, 0)

    def _head(self) -> QBoxLayout:
        path = self._row.path
        name = ElidedLabel(plain(path.name), "strong")
        title = row(icons.Picture("document", "ink_soft"), name, gap=8)
        title.setStretch(1, 1)
        off = _("Take {name} off the list").format(name=plain(path.name))
        parts: list[QWidget] = []
        if self._row.outcome is None:
            if self._row.document:
                parts.append(self._destinations(self._row.document))
                if self._row.sealable:
                    words = _("Seal and more for {name}").format(name=plain(path.name))
                    parts.append(icon_button("seal", words, lambda: self._seal([self._row])))
            if not self._row.locked:
                words = _("Look at {name}") if self._row.document else _("Open {name}")
                parts.append(icon_button("show", words.format(name=plain(path.name)), self._open))
            parts.append(icon_button("verify", _("Verify this instead"), self._send_to_verify))
        parts.append(icon_button("close", off, lambda: self._desk.remove(self._row)))
        self._doing = row(*parts, gap=8)
        self._line = row(title, self._doing, gap=8)
        self._line.setStretch(0, 1)
        self._only_while_listing = parts
        self._arrange()
        return self._line

    def _destinations(self, document: Document) -> ChoiceBox:
        box, places = ChoiceBox(), destinations_for(document)
        box.setAccessibleName(_("Where it is for"))
        box.setToolTip(_("Where it is for"))
        with QSignalBlocker(box):
            box.addItems([destination_name(place) for place in places])
            if self._row.destination:
                box.setCurrentIndex(places.index(self._row.destination))
        box.activated.connect(lambda index: self._desk.choose(self._row, places[index]))
        return box

    def _meaning(self) -> str:
        examination = self._row.examination
        if examination is None:
            return _("Looking at it")
        if examination.document is None:
            return ""
        kind = KINDS.get(examination.document.kind) or _("File")
        what = f"{kind} · {shown_size(examination.document.size)}"
        if examination.rehearsal is None or self._row.outcome:
            return what
        becomes = _("becomes {name}").format(name=plain(examination.rehearsal.job.output.name))
        in_pdf = self._row.destination and self._row.destination.is_pdf
        chosen = chosen_words(examination.rehearsal.job.options) if in_pdf else []
        return " · ".join([what, becomes, *chosen])

    def _notices(self) -> list[QWidget]:
        if self._row.outcome:
            return [self._outcome()]
        examination = self._row.examination
        if examination is None:
            return []
        if examination.error:
            return [self._refusal(examination.error)]
        assert examination.rehearsal  # noqa: S101 - exactly one of the two is set
        words = [note(finding) for finding in (*(self._row.findings or ()), *examination.rehearsal.notes)]
        if destination := self._row.destination:
            words += [refusal_words(destination, refusal) for refusal in self._row.refusals()]
            words.append(destination_hint(destination))
        if self._desk.time.signing and not examination.rehearsal.job.profile.takes_timestamp:
            words.append(_("This form takes no time stamp: it is left out."))
        setback = [_failure(self._row.setback)] if self._row.setback else []
        return [*setback, *(Notice("care", text) for text in words if text)]

    def _rules(self) -> str:
        destination = self._row.destination
        return rules_in_words(destination) if destination and self._row.outcome is None else ""

    def _refusal(self, error: UserFacingError) -> Notice:
        if not self._row.locked:
            return _failure(error)
        unlock = unlock_button(self, self._row.path.name, lambda password: self._desk.unlock(self._row, password))
        tried = _("The password that was entered does not open it.") if self._row.password else ""
        return _failure(error, unlock, before=tried)

    def _outcome(self) -> QWidget:
        outcome = self._row.outcome
        if isinstance(outcome, FailedFile):
            return _failure(outcome.error)
        if self._row.waiting and isinstance(outcome, UnstampedFile):
            from desktop.time.waiting_notice import waiting_notice

            return waiting_notice(self._desk.time, self._row.waiting)
        assert isinstance(outcome, SignedFile)  # noqa: S101 - an outcome is one of the two
        path = outcome.path
        name = plain(path.name)
        text = _("Signed for practice: {name}") if outcome.practice else _("Signed: {name}")
        words = [text.format(name=name)]
        if self._row.waiting or outcome.unstamped:
            stamped = self._row.waiting and self._row.waiting.stamped
            words.append(_("With time stamp.") if stamped else _("Without time stamp."))
        if outcome.rescued:
            words.append(_("It could not be put into its folder; “Show in folder” leads to it."))
        return Notice(
            "practice" if outcome.practice else "good",
            " ".join(words),
            button(_("Show in folder"), lambda: show_in_folder(path), "link", icon="folder"),
            button(_("Verify it"), lambda: self._verify(path), "link", icon="verify"),
        )

    def _open(self) -> None:
        if self._row.document:  # not in another program: some ask the network for what it names
            self._look(self._row.document)
        else:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._row.path.absolute())))

    def _send_to_verify(self) -> None:
        path = self._row.path
        self._desk.remove(self._row)
        self._verify(path)


def _failure(error: UserFacingError, *more: QWidget, before: str = "") -> Notice:
    return Notice("bad", joined(before, f"{describe(error).text} [{error.code}]"), *more)
