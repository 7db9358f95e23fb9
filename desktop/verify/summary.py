"""What a list or a table says of a file that was verified, in a line; the filters go by it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from operator import itemgetter
from pathlib import Path

from desktop.messages import Tone, describe, listed, plain, three_rows, verdict_sentence
from desktop.words.formatting import in_local_zone
from desktop.words.translation import _
from desktop.work.questions import Judgement
from signing.errors import VerificationStopped
from signing.report import SignatureReport, ValidationReport, Verdict


class Group(Enum):
    """What a person looks for among many files."""

    WAITING = auto()
    ATTENTION = auto()
    GOOD = auto()
    UNSIGNED = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class Summary:
    """`icon` and `tone` are names of the look; `moment` sorts, and is shown as `time`."""

    group: Group
    icon: str
    tone: str
    words: str
    signer: str = ""
    time: str = ""
    moment: float = 0.0
    reason: str = ""
    is_stopped: bool = False  # by the person


_GROUPS = {
    Verdict.PASSED: Group.GOOD,
    Verdict.INDETERMINATE: Group.ATTENTION,
    Verdict.FAILED: Group.ATTENTION,
    Verdict.UNSIGNED: Group.UNSIGNED,
    Verdict.UNREADABLE: Group.UNKNOWN,
}


def summary_of(judgement: Judgement | None, *, slow: bool = False) -> Summary:
    """None stands for a file that is not verified yet."""
    if judgement is None:
        words = _("Takes longer than usual") if slow else _("Verifying")
        return Summary(Group.WAITING, "clock", "care" if slow else "ink_soft", words)
    if judgement.report is None:
        assert judgement.error  # noqa: S101 - exactly one of the two is set
        stopped = isinstance(judgement.error, VerificationStopped)
        icon, tone, words = ("clock", "ink_soft", _("Not verified")) if stopped else _unknown()
        reason = describe(judgement.error).title
        return Summary(Group.UNKNOWN, icon, tone, words, reason=reason, is_stopped=stopped)
    return _of_report(judgement.report)


def name_of(path: Path) -> str:
    return plain(path.name)


def _unknown() -> tuple[str, str, str]:
    return "bad", "bad", _("Could not be verified")


def _of_report(report: ValidationReport) -> Summary:
    marks = {
        Verdict.PASSED: ("good", "good", _("The signatures hold")),
        Verdict.INDETERMINATE: ("care", "care", _("Not everything could be established")),
        Verdict.FAILED: ("bad", "bad", _("Not to be relied on")),
        Verdict.UNSIGNED: ("document", "ink_soft", _("Not signed")),
    }
    icon, tone, words = marks.get(report.verdict) or _unknown()
    group = _GROUPS[report.verdict]
    if group is Group.GOOD and _is_more_to_know(report):
        group, icon, tone, words = Group.ATTENTION, "care", "care", _("The signatures hold; there is more to know")
    signers = dict.fromkeys(plain(each.signer) for each in report.signatures if each.signer)
    moment, time = _first_moment(report.signatures)
    return Summary(
        group,
        icon,
        tone,
        words,
        signer=listed(signers),
        time=time,
        moment=moment,
        reason=verdict_sentence(report),
    )


def _is_more_to_know(report: ValidationReport) -> bool:
    """Whether something came later that is to be seen, or anything is to be said beside the three rows."""
    unseen = all(three_rows(each)[0].tone is Tone.GOOD and not each.problems for each in report.signatures)
    return bool(report.problems) or not unseen


def _first_moment(signatures: Sequence[SignatureReport]) -> tuple[float, str]:
    """When it was first signed: proven where a time stamp says so, else claimed."""
    holding = [each for each in signatures if each.intact]
    proven = [(each.timestamp_time, _("{moment}, proven")) for each in holding if each.timestamp_time]
    claimed = [(each.signing_time, _("{moment}, claimed")) for each in holding if each.signing_time]
    if not proven and not claimed:
        return 0.0, ""
    moment, words = min(proven or claimed, key=itemgetter(0))
    return moment.timestamp(), words.format(moment=f"{in_local_zone(moment):%Y-%m-%d %H:%M}")
