"""The elements of an XML document as a tree that is built where it is opened: thousands cost nothing until then."""

import html
import unicodedata
from collections.abc import Callable, Iterator

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QBrush, QColor
from PyQt6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem

from desktop.look import icons, theme
from desktop.messages import listed, plain
from desktop.words.translation import _
from signing.content import Node

_NAME, _TEXT, _ATTRIBUTES, _SIGNATURE = range(4)
_LINES_AT_FIRST = 24  # what can be taken in; more is opened by who looks
_DSIG = "http://www.w3.org/2000/09/xmldsig#"


class ContentTree(QTreeWidget):
    """`before_signing`: it tells what is about to be signed, not what signatures cover; `marked`: it tells either."""

    def __init__(self, root: Node) -> None:
        super().__init__()
        self._on_the_way: set[int] = set()  # nodes above those that are marked, by identity
        self.before_signing = self._find(root, lambda node: node.to_sign or node.takes_signature)
        self.marked = self.before_signing or self._find(root, lambda node: bool(node.signed_by))
        self.setColumnCount(4 if self.marked else 3)
        self.setHeaderLabels([_("Element"), _("Content"), _("Attributes"), _("Signature")][: self.columnCount()])
        self.setAccessibleName(_("Content"))
        self.setUniformRowHeights(True)
        self.setAlternatingRowColors(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemExpanded.connect(_fill)
        covered = (lambda node: node.to_sign) if self.before_signing else (lambda node: bool(node.signed_by))
        first = _Line(root, covered if self.marked else None)
        self.addTopLevelItem(first)
        self._open(first)
        self._share_room()

    def _find(self, node: Node, wanted: Callable[[Node], bool]) -> bool:
        below = [self._find(child, wanted) for child in node.children]
        if any(below):
            self._on_the_way.add(id(node))
        return any(below) or wanted(node)

    def _open(self, first: "_Line") -> None:
        """Level by level what there is room for, and the way to all that is signed."""
        lines, waiting = 1, [first]
        while waiting:
            line = waiting.pop(0)
            lines += len(line.node.children)
            if lines > _LINES_AT_FIRST and id(line.node) not in self._on_the_way:
                lines -= len(line.node.children)
                continue
            line.setExpanded(True)
            below = (line.child(place) for place in range(line.childCount()))
            waiting += [each for each in below if isinstance(each, _Line) and each.node.namespace != _DSIG]

    def _share_room(self) -> None:
        header = self.header()
        assert header  # noqa: S101 - every tree has one
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(_TEXT, QHeaderView.ResizeMode.Stretch)
        line = theme.font_height(theme.TEXT)
        self.setColumnWidth(_NAME, line * 13)
        self.setColumnWidth(_ATTRIBUTES, line * 9)
        if self.marked:
            self.setColumnWidth(_SIGNATURE, line * (10 if self.before_signing else 5))


class _Line(QTreeWidgetItem):
    """One element. `covers` tells which elements a signature covers, with all that is in them; None where none does
    in the whole tree, and so none is less than others."""

    def __init__(self, node: Node, covers: Callable[[Node], bool] | None, *, above: bool = False) -> None:
        super().__init__()
        self.node, self.covers = node, covers
        self.covered = above or bool(covers and covers(node))
        attributes = " · ".join(f"{name} = {value}" for name, value in node.attributes)
        for place, text in ((_NAME, node.name), (_TEXT, node.text), (_ATTRIBUTES, attributes)):
            self.setText(place, plain(text))
            self.setToolTip(place, _tip(text))
        if covers and covers(node):
            self.setIcon(_NAME, icons.icon("sign", "seal"))
        self.setText(_SIGNATURE, " · ".join(_remarks(node)))
        self.setToolTip(_SIGNATURE, _tip(self.text(_SIGNATURE)))
        soft = QBrush(QColor(theme.colours().ink_soft))
        self.setForeground(_ATTRIBUTES, soft)
        if covers and not self.covered:
            for place in (_NAME, _TEXT):
                self.setForeground(place, soft)
        if node.children or node.omitted:
            self.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)


def _fill(line: QTreeWidgetItem) -> None:
    if not isinstance(line, _Line) or line.childCount():
        return
    line.addChildren([_Line(child, line.covers, above=line.covered) for child in line.node.children])
    if line.node.omitted:
        line.addChild(QTreeWidgetItem([_("{count} more are not shown").format(count=line.node.omitted)]))


def _remarks(node: Node) -> Iterator[str]:
    if node.signed_by:
        yield _("No. {numbers}").format(numbers=listed(map(str, node.signed_by)))
    if node.to_sign:
        yield _("will be signed")
    if node.takes_signature:
        yield _("takes the signature")


def _tip(text: str) -> str:
    """All of it, as text: a tool tip would take it for markup."""
    visible = "".join(" " if unicodedata.category(each) in ("Cc", "Cf") and each != "\n" else each for each in text)
    return f'<p style="white-space: pre-wrap">{html.escape(visible)}</p>' if text else ""
