"""Whom the program believes: the authorities it knows by itself, and those that the person added."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QFileDialog, QWidget

from desktop.look.entry_list import EntryList
from desktop.look.said import Said
from desktop.look.widgets import Notice, button, clear, column, icon_button, label, prose, row, selectable, surface
from desktop.messages import day_in_japan, describe, plain, shown_date
from desktop.trust import store
from desktop.trust.store import Anchor, KnownList
from desktop.words.report import ISSUER_WORDS, disregarded
from desktop.words.translation import _
from desktop.work.asking import Asking
from signing.errors import UserFacingError
from signing.report import IssuerClass
from signing.trust import JLIS_ROOTS


class TrustPage(QWidget):
    """Lists them with their fingerprints, adds from a file or from one's own card, and removes."""

    changed = pyqtSignal()  # what was verified before is to be verified again

    def __init__(self, asking: Asking, card_authority: Callable[[], bytes | None]) -> None:
        """`card_authority` gives the certificate (DER) of the authority that issued the card on the reader, if any."""
        super().__init__()
        self._asking, self._card_authority = asking, card_authority
        asking.setParent(self)
        self._said, self._damage, self._list, self._lists = Said(), column(gap=0), column(gap=8), column(gap=8)
        explanation = _(
            "A signature is by who it says if its certificate was issued by an authority in this list. The roots of "
            "J-LIS are known to this program by their fingerprints. Add another authority only if you can compare its "
            "fingerprint with one that you received in another way, for example in print."
        )
        actions = EntryList(
            [
                button(_("Add a certificate…"), self._choose, "entry", icon="add"),
                button(_("Take it from my card"), self._take_from_card, "entry", icon="card"),
                button(_("Add a revocation list…"), self._choose_list, "entry", icon="add"),
            ]
        )
        parts = (actions, self._said, self._damage, self._list, self._lists)
        self.setLayout(column(prose(explanation, "soft"), *parts, None, gap=16))
        self._look()

    # --- what is listed

    def _look(self) -> None:
        self._asking.ask(self._show_damage, self._fail, store.unreadable)
        self._asking.ask(self._show, self._fail, store.added_anchors)
        self._asking.ask(self._show_lists, self._fail, store.known_lists)

    def _show_damage(self, names: Sequence[str]) -> None:
        clear(self._damage)
        if names:
            self._damage.addWidget(Notice("bad", disregarded(names)))

    def _show(self, anchors: Sequence[Anchor]) -> None:
        clear(self._list)
        at_hand = {anchor.facts.sha256: anchor for anchor in anchors}
        self._list.addWidget(label(_("Known by itself"), "section"))
        for sha256 in sorted(JLIS_ROOTS):
            self._list.addWidget(self._root(sha256, at_hand.get(sha256)))
        self._list.addWidget(label(_("Added by you"), "section"))
        others = [anchor for anchor in anchors if not anchor.pinned]
        for anchor in others:
            self._list.addWidget(self._added(anchor))
        if not others:
            self._list.addWidget(label(_("None."), "soft"))

    def _root(self, sha256: str, anchor: Anchor | None) -> QWidget:
        if anchor:
            state = _("At hand: also signatures whose file does not carry this certificate can be checked.")
        else:
            state = _("Known by its fingerprint: it counts where a signed file carries it.")
        lines = [label(_(ISSUER_WORDS[IssuerClass.JPKI]), "strong"), *_facts(anchor), label(state, "soft")]
        return surface(*lines, _fingerprint(sha256), gap=4)

    def _added(self, anchor: Anchor) -> QWidget:
        name = plain(anchor.facts.subject)
        head = row(
            label(name, "strong"),
            icon_button("close", _("Believe {name} no more").format(name=name), partial(self._remove, anchor)),
        )
        head.setStretch(0, 1)
        parts: list[QWidget] = [*_facts(anchor), _fingerprint(anchor.facts.sha256)]
        if anchor.facts.issuer_class is IssuerClass.JPKI_TEST:
            parts.append(Notice("bad", _("This is a TEST authority: what it issues proves nothing about anybody.")))
        return surface(head, *parts, gap=4)

    def _show_lists(self, lists: Sequence[KnownList]) -> None:
        clear(self._lists)
        self._lists.addWidget(label(_("Revocation lists added by you"), "section"))
        explanation = _(
            "Some authorities publish lists of the certificates that they revoked. A list that you downloaded is used "
            "for the signatures of its authority as long as it is fresh. J-LIS gives its lists only to verifiers that "
            "have notified it."
        )
        self._lists.addWidget(prose(explanation, "soft"))
        for each in lists:
            self._lists.addWidget(self._known_list(each))

    def _known_list(self, known: KnownList) -> QWidget:
        name = plain(known.facts.issuer)
        change = partial(
            self._change,
            partial(store.remove, known.sha256),
            _("Removed. What is on the Verify page is verified again."),
        )
        head = row(
            label(name, "strong"), icon_button("close", _("Use the list of {name} no more").format(name=name), change)
        )
        head.setStretch(0, 1)
        return surface(head, label(_list_words(known), "soft"), gap=4)

    # --- changes

    def _choose_list(self) -> None:
        dialog = QFileDialog(self.window(), _("Add a revocation list"), "", _("Revocation lists (*.crl *.pem *.der)"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(
            lambda name: self._asking.ask(self._add_list, self._fail, store.list_in, Path(name))
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _add_list(self, known: KnownList) -> None:
        self._change(partial(store.add_list, known.der), _("Added. What is on the Verify page is verified again."))

    def _choose(self) -> None:
        dialog = QFileDialog(self.window(), _("Add a certificate"), "", _("Certificates (*.cer *.crt *.pem *.der)"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(
            lambda name: self._asking.ask(self._confirm, self._fail, store.anchors_in, Path(name))
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _take_from_card(self) -> None:
        der = self._card_authority()
        if der is None:
            self._tell("care", _("There is no My Number Card on the reader."))
            return
        self._asking.ask(lambda anchor: self._confirm([anchor]), self._fail, store.anchor_of, der)

    def _confirm(self, anchors: Sequence[Anchor]) -> None:
        """What is known by its fingerprint needs no question; all else is asked, with the fingerprint in sight."""
        self._said.unsay()
        if any(anchor.facts.issuer_class is IssuerClass.PRACTICE for anchor in anchors):
            self._tell("practice", _("The practice card proves nothing, so its authority cannot be added."))
        elif all(anchor.pinned for anchor in anchors):
            self._add(anchors)
        else:
            self._said.show_part(self._question(anchors))

    def _question(self, anchors: Sequence[Anchor]) -> QWidget:
        ask = _(
            "Compare the fingerprint with one that you received in another way. Believe this authority from now on?"
        )
        parts: list[QWidget] = [label(ask)]
        for anchor in anchors:
            parts += [label(plain(anchor.facts.subject), "strong"), *_facts(anchor), _fingerprint(anchor.facts.sha256)]
        choices = row(
            button(_("Do not add"), self._said.unsay),
            button(_("The fingerprint is right: add"), partial(self._add, anchors)),
            None,
        )
        return surface(*parts, choices)

    def _add(self, anchors: Sequence[Anchor]) -> None:
        self._change(
            partial(store.add, [anchor.der for anchor in anchors]),
            _("Added. What is on the Verify page is verified again."),
        )

    def _remove(self, anchor: Anchor) -> None:
        self._change(
            partial(store.remove, anchor.facts.sha256), _("Removed. What is on the Verify page is verified again.")
        )

    def _change(self, change: Callable[[], None], words: str) -> None:
        self._said.unsay()
        try:
            change()
        except UserFacingError as error:
            self._fail(error)
        else:
            self._tell("good", words)
            self._look()
            self.changed.emit()

    def _tell(self, tone: str, words: str) -> None:
        self._said.say(tone, words)

    def _fail(self, error: UserFacingError) -> None:
        words = describe(error)
        self._tell("bad", f"{words.text} [{error.code}]")


def _facts(anchor: Anchor | None) -> list[QWidget]:
    if anchor is None:
        return []
    begin, end = (shown_date(day_in_japan(each)) for each in (anchor.facts.not_before, anchor.facts.not_after))
    return [label(_("Runs from {begin} to {end}").format(begin=begin, end=end), "soft")]


def _list_words(known: KnownList) -> str:
    facts = known.facts
    issued = shown_date(day_in_japan(facts.this_update))
    due = shown_date(day_in_japan(facts.next_update)) if facts.next_update else "?"
    words = _("Issued on {issued}; the next one is due on {due}. Revoked certificates in it: {count}.")
    return words.format(issued=issued, due=due, count=facts.revoked)


def _fingerprint(sha256: str) -> QWidget:
    groups = " ".join(sha256[place : place + 4] for place in range(0, len(sha256), 4)).upper()
    made = selectable(label(f"SHA-256  {groups}", "mono"))
    made.setAccessibleName(_("Fingerprint {value}").format(value=groups))
    return made
