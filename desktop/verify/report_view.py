"""One ValidationReport as people read it: sentence, three rows for each signature, details on request."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from PyQt6.QtGui import QFontMetrics
from PyQt6.QtWidgets import QFrame, QLabel, QLayout, QWidget

from desktop.look import icons, theme
from desktop.look.pieces import Gradual
from desktop.look.widgets import (
    IconButton,
    Notice,
    button,
    column,
    hairline,
    label,
    prose,
    row,
    selectable,
    surface,
    top,
)
from desktop.messages import Tone, describe, plain, shown_moment, three_rows, verdict_sentence
from desktop.words.report import told_change
from desktop.words.time import timestamp_in_words
from desktop.words.translation import _
from desktop.words.verdicts import is_copy, title_of
from desktop.work.questions import Judgement
from signing.errors import VerificationStopped
from signing.report import CertificateFacts, Holder, IssuerClass, SignatureReport, ValidationReport

_TONES = {Tone.GOOD: "good", Tone.CAUTION: "care", Tone.BAD: "bad"}
_LINE = 640  # pixels
_AT_ONCE = 20  # signatures; to lay out hundreds would keep the window busy for half a minute
_SUBJECTS = ("document", "person", "clock")


class ReportView(QWidget):
    """Built once for one judgement; `heading` is the role of its first sentence, where there is room for that."""

    def __init__(self, judgement: Judgement, *, heading: str = "sentence") -> None:
        super().__init__()
        report = judgement.report
        body = column(gap=16)
        self.setLayout(body)
        if report is None:
            assert judgement.error  # noqa: S101 - exactly one of the two is set
            tone = "care" if isinstance(judgement.error, VerificationStopped) else "bad"
            body.addWidget(Notice(tone, f"{describe(judgement.error).text} [{judgement.error.code}]"))
            return
        body.addWidget(_sentence(verdict_sentence(report), heading))
        for problem in report.problems:
            body.addWidget(Notice("bad", f"{describe(problem).text} [{problem.code}]"))
        if report.signatures:
            body.addWidget(_signatures(report, 0))
        for start in range(_AT_ONCE, len(report.signatures), _AT_ONCE):
            last = min(start + _AT_ONCE, len(report.signatures))
            title = _("Signatures {first} to {last}").format(first=start + 1, last=last)
            body.addWidget(_Foldable(title, partial(_signatures, report, start)))
        body.addWidget(_Foldable(_("About the file"), partial(_file_details, report)))


def _signatures(report: ValidationReport, start: int) -> QWidget:
    """As many as are shown at once, from this place on."""
    made, body = QWidget(), column(gap=16)
    made.setLayout(body)
    Gradual(_added(body, report, start), made)
    return made


def _added(body: QLayout, report: ValidationReport, start: int) -> Iterator[None]:
    """Steps in which they are added, the first signature in one."""
    numbers = list(itertools.accumulate(int(not is_copy(each)) for each in report.signatures))
    for place, signature in enumerate(report.signatures[start : start + _AT_ONCE], start):
        if len(numbers) > 1:
            body.addWidget(label(title_of(signature, numbers[place], numbers[-1]), "section"))
        body.addWidget(_three(signature))
        if place > start:
            yield
        body.addWidget(_Foldable(_("Details"), partial(_details, signature)))
        yield


def _sentence(text: str, role: str) -> QLabel:
    """As large as leaves it within two lines of a small window."""
    long = QFontMetrics(theme.font(theme.SENTENCE, weight=600)).horizontalAdvance(text) > 2 * _LINE
    return selectable(prose(text, "section" if long else role))


# The practice card has its own colour everywhere; a test authority is one that somebody may want to pass off as real.
_NOT_REAL = {IssuerClass.PRACTICE: "practice", IssuerClass.JPKI_TEST: "bad"}


def _three(signature: SignatureReport) -> QFrame:
    parts: list[QWidget | QLayout] = []
    for icon, shown in zip(_SUBJECTS, three_rows(signature), strict=True):
        tone = _TONES[shown.tone]
        words = column(
            row(label(shown.subject, "small"), None),
            selectable(label(shown.statement)),
            gap=2,
        )
        if icon == "person":
            tone = _NOT_REAL.get(signature.issuer_class, tone)
        line = row(top(icons.Picture(icon, "ink_soft")), words, top(icons.Picture(tone, tone)), gap=16)
        line.setStretch(1, 1)
        if parts:
            parts.append(hairline())
        parts.append(line)
    for problem in signature.problems:
        parts.append(Notice("care", f"{describe(problem).text} [{problem.code}]"))
    framed = surface(*parts, margins=(20, 16, 20, 16), gap=14)
    framed.setAccessibleName(" ".join(f"{shown.subject}: {shown.statement}" for shown in three_rows(signature)))
    return framed


class _Foldable(QWidget):
    """A heading that opens; what is under it is built when it is first opened."""

    def __init__(self, title: str, build: Callable[[], QWidget]) -> None:
        super().__init__()
        self._build = build
        self._content: QWidget | None = None
        self._head = IconButton(title, "right")
        self._head.setProperty("role", "link")
        self._head.setProperty("iconed", "link")
        self._head.clicked.connect(self._toggle)
        self._body = column(row(self._head, None), gap=8)
        self.setLayout(self._body)

    def _toggle(self) -> None:
        if self._content is None:
            self._content = self._build()
            self._body.addWidget(self._content)
            opened = True
        else:
            opened = self._content.isHidden()
            self._content.setVisible(opened)
        self._head.set_icon("down" if opened else "right")


def _details(signature: SignatureReport) -> QWidget:
    parts: list[QWidget | QLayout] = [_fact(name, value) for name, value in _facts(signature)]
    if signature.intact and signature.certification_path:
        holder = signature.certification_path[0].holder
        if holder:
            parts.append(_Masked(holder))
        for place, certificate in enumerate(signature.certification_path):
            title = _("Signing certificate") if place == 0 else _("Issued by")
            parts += [hairline(), label(title, "strong")]
            parts += [_fact(name, value) for name, value in _certificate_facts(certificate, private=place == 0)]
    return surface(*parts, gap=10)


def _fact(name: str, value: str) -> QLayout:
    return column(label(name, "small"), selectable(label(value, "fact")), gap=0)


def _facts(signature: SignatureReport) -> Iterator[tuple[str, str]]:
    level = f" {signature.level}" if signature.level else ""
    yield _("Format"), f"{signature.format}{level}"
    sub = f", {signature.sub_indication}" if signature.sub_indication else ""
    yield _("Indication (EN 319 102-1)"), f"{signature.indication}{sub}"
    if signature.digest_algorithm:
        yield _("Digest"), signature.digest_algorithm
    if signature.signature_algorithm:
        yield _("Algorithm"), signature.signature_algorithm
    if signature.signing_time:
        yield _("Signing time (claimed)"), shown_moment(signature.signing_time)
    if signature.timestamp:
        yield from timestamp_in_words(signature.timestamp)
    if signature.timestamp_time and not (signature.timestamp and signature.timestamp.proven):
        yield _("Time-stamp (proven)"), shown_moment(signature.timestamp_time)
    if signature.revision is not None:
        yield _("Signed revision"), str(signature.revision)
    for change in signature.changes:
        yield _("Changed after signing"), told_change(change)


def _certificate_facts(certificate: CertificateFacts, *, private: bool) -> Iterator[tuple[str, str]]:
    if not private:  # the subject of a JPKI signing certificate holds nothing but a number of the municipality
        yield _("Subject"), _breakable(certificate.subject)
    yield _("Issuer"), _breakable(certificate.issuer)
    yield _("Valid"), f"{shown_moment(certificate.not_before)} – {shown_moment(certificate.not_after)}"
    yield _("Key"), f"{certificate.public_key}, {certificate.signature_algorithm}"
    yield "SHA-256", _in_groups(certificate.sha256)


def _in_groups(digest: str) -> str:
    """So that it can be compared by eye, and broken into lines."""
    return " ".join(digest[start : start + 8] for start in range(0, len(digest), 8))


def _breakable(name: str) -> str:
    return plain(name).replace(",", ", ")


class _Masked(QWidget):
    """Address and date of birth of a person: there, but not shown until asked for."""

    def __init__(self, holder: Holder) -> None:
        super().__init__()
        self._facts = [
            (name, value)
            for name, value in ((_("Address"), holder.address), (_("Date of birth"), _birth_date(holder)))
            if value
        ]
        self._lines = column(gap=10)
        self._toggle = button("", self._turn, "link", icon="show")
        self.setLayout(column(self._lines, row(self._toggle, None), gap=4))
        self._shown = True
        self._turn()
        self.setVisible(bool(self._facts))

    def _turn(self) -> None:
        from desktop.look.widgets import clear

        self._shown = not self._shown
        clear(self._lines)
        for name, value in self._facts:
            self._lines.addLayout(_fact(name, plain(value) if self._shown else "••••••••"))
        text = _("Hide address and date of birth") if self._shown else _("Show address and date of birth")
        self._toggle.setText(text)


def _birth_date(holder: Holder) -> str | None:
    """EYYYYMMDD: the first digit tells the calendar it was registered in; the year is always Gregorian."""
    if holder.birth_date is None or len(holder.birth_date) != 9:
        return holder.birth_date
    digits = holder.birth_date
    return f"{digits[1:5]}-{digits[5:7]}-{digits[7:9]}"


def _file_details(report: ValidationReport) -> QWidget:
    facts: Sequence[tuple[str, str | None]] = (
        ("SHA-256", report.sha256 and _in_groups(report.sha256)),
        (_("Judged at"), shown_moment(report.moment)),
        (_("Revisions"), None if report.revisions is None else str(report.revisions)),
    )
    return surface(*(_fact(name, value) for name, value in facts if value is not None), gap=10)
