"""The tokens of the look: colours, sizes and the one style sheet. Widgets name tokens, never numbers."""

import sys
from typing import NamedTuple

from PyQt6.QtGui import QColor, QFont, QFontMetrics, QPalette
from PyQt6.QtWidgets import QApplication

SPACE = (0, 4, 8, 12, 16, 24, 32, 48)
CORNER = 8
ICON = 20

SMALL, TEXT, SECTION, SENTENCE = 13, 15, 20, 28  # px where the system's text is at 100 %

_JAPANESE = ("Noto Sans CJK JP", "Noto Sans JP", "Hiragino Sans", "Yu Gothic UI", "Meiryo", "IPAGothic")
# What fontconfig answers when no desktop has chosen a font: it has no Japanese, and a mixture looks broken.
_NO_CHOICE = ("Sans Serif", "Sans", "DejaVu Sans", "Bitstream Vera Sans")
_USUAL_POINTS = {"win32": 9.0, "darwin": 13.0}


class Colours(NamedTuple):
    """Each pair that is used together passes WCAG AA for its use."""

    paper: str
    surface: str
    line: str
    ink: str
    ink_soft: str
    seal: str
    on_seal: str
    good: str
    good_bg: str
    care: str
    care_bg: str
    bad: str
    bad_bg: str
    practice: str
    practice_bg: str


LIGHT = Colours(
    paper="#FBFAF7",
    surface="#FFFFFF",
    line="#E4E1DA",
    ink="#1F2328",
    ink_soft="#5B6169",
    seal="#C3332D",
    on_seal="#FFFFFF",
    good="#22624A",
    good_bg="#EAF4EE",
    care="#7A4B00",
    care_bg="#FFF4DC",
    bad="#A4161A",
    bad_bg="#FDECEC",
    practice="#5B3FA0",
    practice_bg="#F1ECFB",
)
DARK = Colours(
    paper="#17191C",
    surface="#202327",
    line="#34383E",
    ink="#ECEAE4",
    ink_soft="#A7ABB1",
    seal="#F0766B",
    on_seal="#17191C",
    good="#7FC8A5",
    good_bg="#1D2C26",
    care="#E8B75A",
    care_bg="#302818",
    bad="#FF8F88",
    bad_bg="#361F20",
    practice="#B9A4F0",
    practice_bg="#282237",
)
# For those who asked for high contrast: text at 7 : 1 or more (WCAG 2.2, 1.4.6), edges at 3 : 1.
CONTRAST_LIGHT = Colours(
    paper="#FFFFFF",
    surface="#FFFFFF",
    line="#8A8A8A",
    ink="#000000",
    ink_soft="#1F1F1F",
    seal="#8B0000",
    on_seal="#FFFFFF",
    good="#00401F",
    good_bg="#FFFFFF",
    care="#4A2C00",
    care_bg="#FFFFFF",
    bad="#8B0000",
    bad_bg="#FFFFFF",
    practice="#3B1E80",
    practice_bg="#FFFFFF",
)
CONTRAST_DARK = Colours(
    paper="#000000",
    surface="#000000",
    line="#6E6E6E",
    ink="#FFFFFF",
    ink_soft="#E8E8E8",
    seal="#FFB0A6",
    on_seal="#000000",
    good="#8FF0C0",
    good_bg="#000000",
    care="#FFD75E",
    care_bg="#000000",
    bad="#FFB0AB",
    bad_bg="#000000",
    practice="#D9CBFF",
    practice_bg="#000000",
)


class _Now:
    colours = LIGHT
    scale = 1.0
    icon = ICON


def colours() -> Colours:
    """The colours in force."""
    return _Now.colours


def points(pixels: int) -> float:
    """Points of a text size: points follow the system's text scaling, pixels would not."""
    return pixels * 0.75 * _Now.scale


def icon_size() -> int:
    """Side of an icon beside text, growing with the text."""
    return _Now.icon


def use_fonts(app: QApplication) -> None:
    """Take the system's interface font and its size, and add a Japanese family where it has none."""
    font = app.font()
    own = font.family()
    usual = _USUAL_POINTS.get(sys.platform, 10.0)
    _Now.scale = min(max(font.pointSizeF() / usual, 1.0), 2.0)
    font.setFamilies([*_JAPANESE, own] if own in _NO_CHOICE else [own, *_JAPANESE])
    font.setPointSizeF(points(TEXT))
    app.setFont(font)
    _Now.icon = max(ICON, QFontMetrics(font).height())


def use_colours(app: QApplication, tokens: Colours) -> None:
    """Dress the whole application; icons and pages are drawn again by their owner."""
    _Now.colours = tokens
    app.setStyleSheet(style_sheet(tokens))


def use_palette(app: QApplication) -> None:
    """Give the colours also to what the style sheet does not reach: file dialogs, placeholders, selections.

    Not part of the above, because a colour in a palette makes PyQt6 build every enumeration of the namespace Qt,
    which takes half as long as opening a window; so this waits until the window stands.
    """
    palette = _palette(_Now.colours)
    app.setPalette(palette)
    # The style draws the edge of a box to be ticked this much darker than the window: in the dark, not to be seen.
    palette.setColor(QPalette.ColorRole.Window, QColor(_Now.colours.ink_soft).lighter(140))
    app.setPalette(palette, "QCheckBox")


def font(pixels: int, *, weight: int = 400) -> QFont:
    """The interface font at one of the sizes above."""
    made = QFont(QApplication.font())
    made.setPointSizeF(points(pixels))
    made.setWeight(weight)
    return made


def font_height(pixels: int) -> int:
    """Height of a line at one of the sizes above, in pixels."""
    return QFontMetrics(font(pixels)).height()


def _palette(tokens: Colours) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for where, colour in (
        (role.Window, tokens.paper),
        (role.WindowText, tokens.ink),
        (role.Base, tokens.surface),
        (role.AlternateBase, tokens.paper),
        (role.Text, tokens.ink),
        (role.PlaceholderText, tokens.ink_soft),
        (role.Button, tokens.surface),
        (role.ButtonText, tokens.ink),
        (role.ToolTipBase, tokens.surface),
        (role.ToolTipText, tokens.ink),
        (role.Highlight, tokens.seal),
        (role.HighlightedText, tokens.on_seal),
        (role.Link, tokens.seal),
        (role.Mid, tokens.line),
        (role.Dark, tokens.line),
        (role.Light, tokens.surface),
    ):
        palette.setColor(where, QColor(colour))
    for where in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, where, QColor(tokens.ink_soft))
    return palette


def style_sheet(tokens: Colours) -> str:
    """The one style sheet; `role` and `tone` are properties of the widgets."""
    sizes = {"small": SMALL, "text": TEXT, "section": SECTION, "sentence": SENTENCE}
    values = tokens._asdict() | {name: f"{points(size):.2f}pt" for name, size in sizes.items()}
    # An icon is drawn by its button; the words make room for it.
    values |= {"icon_gap": str(icon_size() + 24), "icon_gap_link": str(icon_size() + 10), "icon": str(icon_size())}
    values["icon_gap_nav"] = str(icon_size() + 32)
    return _SHEET % values + "".join(_tone(tone, values[tone], values[f"{tone}_bg"], tokens.paper) for tone in _TONES)


def _tone(tone: str, fg: str, bg: str, paper: str) -> str:
    edge = f"1px solid {fg}" if bg == paper else "none"  # what has no ground of its own has an edge
    return _TONE.format(tone=tone, fg=fg, bg=bg, edge=edge)


_TONES = ("good", "care", "bad", "practice")
_TONE = """
QFrame[tone="{tone}"] {{ background: {bg}; border: {edge}; border-radius: 8px; }}
QLabel[tone="{tone}"] {{ color: {fg}; background: transparent; border-radius: 0; }}
"""

_SHEET = """
QWidget { font-size: %(text)s; color: %(ink)s; }
QMainWindow, QDialog, QWidget[role="page"], QScrollArea, QScrollArea > QWidget > QWidget[role="list"]
  { background: %(paper)s; }
QScrollArea { border: none; }
QLabel { background: transparent; }
QLabel[role="sentence"] { font-size: %(sentence)s; font-weight: 600; }
QLabel[role="section"] { font-size: %(section)s; font-weight: 600; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="soft"] { color: %(ink_soft)s; }
QLabel[role="small"] { font-size: %(small)s; color: %(ink_soft)s; }
QLabel[role="fact"] { font-size: %(small)s; }
QLabel[role="mono"] { font-family: monospace; font-size: %(small)s; color: %(ink_soft)s; }
QFrame[role="surface"] { background: %(surface)s; border: 1px solid %(line)s; border-radius: 8px; }
QFrame[role="row"] { background: transparent; border: none; border-bottom: 1px solid %(line)s; }
QFrame[role="line"] { background: %(line)s; border: none; max-height: 1px; min-height: 1px; }
QFrame[role="side"] { background: %(paper)s; border: none; border-right: 1px solid %(line)s; }
QFrame[role="banner"] { background: %(practice)s; border: none; }
QFrame[role="banner"] QLabel { color: %(practice_bg)s; font-weight: 600; }
QFrame[role="banner"] QPushButton { color: %(practice_bg)s; background: transparent;
  border: 1px solid %(practice_bg)s; }
QFrame[role="banner"] QPushButton:hover, QFrame[role="banner"] QPushButton:focus
  { color: %(practice)s; background: %(practice_bg)s; }
QFrame[role="drop"] { background: %(surface)s; border: 2px dashed %(seal)s; border-radius: 8px; }

QPushButton { outline: none; background: %(surface)s; color: %(ink)s; border: 1px solid %(line)s; border-radius: 8px;
  padding: 7px 16px; }
QPushButton:hover { border-color: %(ink_soft)s; }
QPushButton:focus { border: 2px solid %(seal)s; padding: 6px 15px; }
QPushButton:pressed { background: %(line)s; }
QPushButton:disabled { color: %(ink_soft)s; background: %(paper)s; border-color: %(line)s; }
QPushButton[iconed="secondary"] { padding-left: %(icon_gap)spx; }
QPushButton[role="primary"] { background: %(seal)s; color: %(on_seal)s; border: 2px solid %(seal)s;
  font-weight: 600; padding: 8px 28px; }
QPushButton[role="primary"]:hover, QPushButton[role="primary"]:focus { border: 2px solid %(ink)s; }
QPushButton[role="primary"]:disabled { background: %(line)s; color: %(ink_soft)s; border-color: %(line)s; }
QPushButton[practice="true"] { background: %(practice)s; color: %(practice_bg)s; border-color: %(practice)s; }
QPushButton[practice="true"]:disabled { background: %(line)s; color: %(ink_soft)s; border-color: %(line)s; }
QPushButton[role="link"] { background: transparent; border: 1px solid transparent; color: %(ink_soft)s;
  padding: 3px 6px; text-align: left; font-size: %(small)s; }
QPushButton[role="link"]:hover { color: %(ink)s; text-decoration: underline; }
QPushButton[role="link"]:focus { border: 1px solid %(seal)s; }
QPushButton[iconed="link"] { padding-left: %(icon_gap_link)spx; }
QPushButton[role="icon"] { background: transparent; border: 2px solid transparent; padding: 4px;
  min-width: %(icon)spx; min-height: %(icon)spx; max-width: %(icon)spx; max-height: %(icon)spx; }
QPushButton[role="icon"]:hover { background: %(line)s; }
QPushButton[role="icon"]:focus { border: 2px solid %(seal)s; }
QPushButton[role="nav"] { background: transparent; border: 2px solid transparent; border-left: 3px solid transparent;
  border-radius: 0; padding: 11px 16px 11px %(icon_gap_nav)spx; text-align: left; }
QPushButton[role="nav"]:hover { background: %(surface)s; }
QPushButton[role="nav"]:focus { border: 2px solid %(seal)s; border-left: 3px solid %(seal)s; }
QPushButton[role="nav"]:checked { border-left: 3px solid %(seal)s; background: %(surface)s; font-weight: 600;
  color: %(seal)s; }
QPushButton[role="entry"] { background: transparent; border: none; border-bottom: 1px solid %(line)s; border-radius: 0;
  padding: 9px 8px 9px %(icon_gap_link)spx; text-align: left; }
QPushButton[role="entry"]:hover { background: %(surface)s; }
QPushButton[role="entry"]:focus { border: 2px solid %(seal)s; padding: 7px 6px 8px %(icon_gap_link)spx; }
QPushButton[role="choice"] { background: transparent; border: 2px solid transparent; padding: 4px 10px;
  color: %(ink_soft)s; }
QPushButton[role="choice"]:hover { color: %(ink)s; }
QPushButton[role="choice"]:checked { background: %(surface)s; border: 1px solid %(line)s; color: %(ink)s;
  font-weight: 600; padding: 5px 11px; }
QPushButton[role="choice"]:focus { border: 2px solid %(seal)s; padding: 4px 10px; }
QPushButton::menu-indicator { image: none; width: 0; }

QLineEdit { background: %(surface)s; color: %(ink)s; border: 1px solid %(ink_soft)s; border-radius: 8px;
  padding: 8px 12px; selection-background-color: %(seal)s; selection-color: %(on_seal)s; }
QLineEdit:focus { border: 2px solid %(seal)s; padding: 7px 11px; }
QLineEdit:disabled { color: %(ink_soft)s; border-color: %(line)s; }
QRadioButton::indicator { width: 14px; height: 14px; border: 1px solid %(ink_soft)s; border-radius: 8px;
  background: %(surface)s; }
QRadioButton::indicator:checked { width: 6px; height: 6px; border: 5px solid %(seal)s; }
QRadioButton::indicator:disabled { border-color: %(line)s; }
QCheckBox:disabled, QRadioButton:disabled { color: %(ink_soft)s; }
QRadioButton:focus { color: %(seal)s; }
QComboBox { background: %(surface)s; border: 1px solid %(line)s; border-radius: 8px; padding: 5px 8px 5px 12px; }
QComboBox:hover { border-color: %(ink_soft)s; }
QComboBox:focus { border: 2px solid %(seal)s; padding: 4px 7px 4px 11px; }
QComboBox::drop-down { border: none; width: 28px; }
QComboBox QAbstractItemView { background: %(surface)s; border: 1px solid %(line)s; padding: 4px; outline: none;
  selection-background-color: %(line)s; selection-color: %(ink)s; }
QListWidget { background: %(paper)s; border: none; border-right: 1px solid %(line)s; outline: none; }
QListWidget::item { padding: 10px 12px; border-left: 3px solid transparent; }
QListWidget::item:selected { background: %(surface)s; color: %(ink)s; border-left: 3px solid %(seal)s; }
QListView[role="thumbnails"] { background: %(paper)s; border: none; outline: none; }
QListView[role="thumbnails"]::item { padding: 6px; border: 2px solid transparent; border-radius: 8px;
  color: %(ink_soft)s; }
QListView[role="thumbnails"]::item:selected { border: 2px solid %(seal)s; background: transparent; color: %(ink)s; }
QAbstractSpinBox { background: %(surface)s; color: %(ink)s; border: 1px solid %(ink_soft)s; border-radius: 8px;
  padding: 4px 8px; selection-background-color: %(seal)s; selection-color: %(on_seal)s; }
QAbstractSpinBox:focus { border: 2px solid %(seal)s; padding: 3px 7px; }
QTreeWidget { background: %(surface)s; border: 1px solid %(line)s; border-radius: 8px; outline: none; }
QTreeWidget::item { padding: 3px 4px; }
QTreeWidget::item:selected { background: %(line)s; color: %(ink)s; }
QTreeWidget:focus { border: 2px solid %(seal)s; }
QTableView { background: %(surface)s; border: none; border-top: 1px solid %(line)s; outline: none; }
QTableView::item { padding: 4px 8px; border-bottom: 1px solid %(line)s; }
QTableView::item:selected { background: %(line)s; color: %(ink)s; }
QTableView:focus { border-top: 2px solid %(seal)s; }
QSplitter::handle { background: %(line)s; }
QHeaderView { background: transparent; }
QHeaderView::section { background: transparent; color: %(ink_soft)s; font-size: %(small)s; border: none;
  border-bottom: 1px solid %(line)s; padding: 6px; text-align: left; }
QTextBrowser[role="form"] { background: #FFFFFF; color: #1F2328; border: 1px solid %(line)s; border-radius: 8px;
  padding: 12px; selection-background-color: %(line)s; selection-color: %(ink)s; }
QProgressBar { background: %(line)s; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; }
QProgressBar::chunk { background: %(seal)s; border-radius: 3px; }
QMenu { background: %(surface)s; border: 1px solid %(line)s; padding: 4px; }
QMenu::item { padding: 6px 24px; border-radius: 4px; }
QMenu::item:selected { background: %(line)s; color: %(ink)s; }
QToolTip { background: %(surface)s; color: %(ink)s; border: 1px solid %(line)s; padding: 4px 8px; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar::handle:vertical { background: %(line)s; border-radius: 4px; min-height: 32px; margin: 2px; }
QScrollBar::handle:vertical:hover { background: %(ink_soft)s; }
QScrollBar::add-line, QScrollBar::sub-line { height: 0; width: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QScrollBar:horizontal { height: 0; }
"""
