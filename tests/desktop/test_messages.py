"""Every failure and finding has words in both languages, and a verdict never says more than was established."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from pathlib import Path
from time import tzset
from typing import Any

import pytest

from desktop import messages
from desktop.verify.summary import summary_of
from desktop.words import verdicts
from desktop.words.errors import ERROR_WORDS
from desktop.words.report import CHANGE_WORDS, ISSUER_WORDS, NOTE_WORDS, PROBLEM_WORDS, SUB_INDICATION_WORDS
from desktop.work.questions import Judgement
from installer import translations
from signing import errors
from signing.document import Kind
from signing.note import Note
from signing.report import (
    Change,
    ChangesAfter,
    Coverage,
    DocumentForm,
    Indication,
    IssuerClass,
    Problem,
    Revocation,
    SignatureFormat,
    SignatureReport,
    SubIndication,
    ValidationReport,
    Verdict,
    rejected,
)

SOURCES = sorted((Path(__file__).parent.parent.parent / "signing").rglob("*.py"))
LANGUAGES = ("ja", "en")
NAME = "山田花子"
PROBLEM_CODE = re.compile(r"(algorithm|certificate|document|signature|timestamp)\.(?!key$)[a-z-]+")
SAMPLES: dict[str, Any] = {
    "constraint": "form",
    "tries_left": 3,
    "reason": "length",
    "not_after": "2029-02-17T23:59:59+09:00",
    "not_before": "2029-02-17T00:00:00+09:00",
    "bytes_needed": 2_000_000,
    "named": "pdf",
    "content": "other",
    "command": "READ BINARY",
    "status": "6F00",
    "count": 2,
    "level": 2,
    "line": 12,
    "limit": 134_217_728,
    "profile": "e-tax",
    "names": ("a.xml", "b.xml"),
}


@pytest.fixture(autouse=True)
def _language() -> Iterator[None]:
    before = messages.language()
    yield
    messages.set_language(before)


def every_error(root: type[errors.UserFacingError] = errors.UserFacingError) -> list[errors.UserFacingError]:
    found = []
    for kind in root.__subclasses__():
        found += every_error(kind)
        if kind.code:
            found.append(kind(**{field.name: SAMPLES.get(field.name, 1) for field in fields(kind)}))
    return found


def codes_in_source(constructor: str) -> set[str]:
    """The literal first argument of each call `constructor("…")` in signing/."""
    return {
        node.args[0].value
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", getattr(node.func, "attr", "")) == constructor
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def strings_in_source() -> set[str]:
    nodes = (node for path in SOURCES for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def is_worded(text: str, language: str) -> bool:
    japanese = re.search(r"[ぁ-ん一-龥]", text) is not None
    return bool(text) and "{" not in text and japanese is (language == "ja")


# --- completeness


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("error", every_error(), ids=lambda error: error.code)
def test_every_error_says_what_happened_and_what_to_do(error: errors.UserFacingError, language: str) -> None:
    messages.set_language(language)
    words = messages.describe(error)
    assert error.code in ERROR_WORDS or any(key.startswith(f"{error.code}/") for key in ERROR_WORDS)
    assert is_worded(words.title, language)
    assert is_worded(words.explanation, language)
    assert is_worded(words.action.replace("JPKI暗証番号リセット", "JPKI"), language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (errors.PinFormat("characters"), {"ja": "カードには何も送っていません", "en": "Nothing was sent"}),
        (errors.PinIncorrect(3), {"ja": "残り回数は3回", "en": "Tries left: 3"}),
        (errors.PinIncorrect(1), {"ja": "あと1回", "en": "one try is left"}),
        (errors.PinIncorrect(0), {"ja": "ロックがかかりました", "en": "now locked"}),
        (errors.PinOutcomeUnknown(4), {"ja": "残り回数は4回", "en": "read again: 4"}),
        (errors.PinOutcomeUnknown(None), {"ja": "残り回数を読み取れません", "en": "could not be read"}),
        (errors.CardRemoved(), {"ja": "残り回数は減っていません", "en": "No password try was used"}),
        (errors.CertificateExpired(SAMPLES["not_after"], "jpki"), {"ja": "市区町村", "en": "your municipality"}),
        (errors.CertificateExpired(SAMPLES["not_after"], "other"), {"ja": "発行元", "en": "its issuer"}),
    ],
)
def test_an_error_of_the_card_tells_whether_a_try_was_used(
    error: errors.UserFacingError, expected: dict[str, str], language: str
) -> None:
    messages.set_language(language)
    assert expected[language] in messages.describe(error).text


def test_every_finding_of_the_source_has_words() -> None:
    assert codes_in_source("Note") <= NOTE_WORDS.keys()
    assert codes_in_source("Change") <= CHANGE_WORDS.keys()
    known = ERROR_WORDS.keys() | PROBLEM_WORDS.keys() | {error.code for error in every_error()}
    assert codes_in_source("Problem") | codes_in_source("Unestablished") <= known
    assert {text for text in strings_in_source() if PROBLEM_CODE.fullmatch(text)} <= known
    assert set(SUB_INDICATION_WORDS) == set(SubIndication)
    assert set(ISSUER_WORDS) == set(IssuerClass)


@pytest.mark.parametrize("language", LANGUAGES)
def test_notes_are_worded_with_their_facts(language: str) -> None:
    messages.set_language(language)
    for code in NOTE_WORDS:
        assert is_worded(
            messages.note(Note(code, {"count": 2, "level": 3, "pages": (1, 3), "characters": "〜"})), language
        )
    assert "2" in messages.note(Note("already-signed", {"count": 2}))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_problem_without_words_is_told_as_unexpected(language: str) -> None:
    messages.set_language(language)
    told = messages.describe(Problem("of.tomorrow"))
    assert told == messages.describe(Problem(errors.Unexpected.code))
    assert told.title == messages.describe(errors.Unexpected()).title
    assert not re.search("card|カード|tries|残り回数", told.text)  # nothing was signed


# --- the catalogue


def test_the_catalogue_has_every_text_of_the_source() -> None:
    assert translations.as_po(translations.updated()) == translations.CATALOGUE.read_bytes(), (
        "run: python -m installer.translations"
    )


def test_the_compiled_catalogue_is_current() -> None:
    compiled = translations.CATALOGUE.with_suffix(".mo").read_bytes()
    assert translations.as_mo(translations.read()) == compiled, "run: python -m installer.translations"


def test_the_catalogue_is_complete() -> None:
    for message in translations.read():
        if message.id:
            assert message.string, f"no translation: {message.id}"
            assert not message.fuzzy, f"fuzzy: {message.id}"
            assert placeholders(message.id) == placeholders(message.string), message.id


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"\{\w*\}", text))


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"LANG": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LC_ALL": "en_GB.UTF-8", "LANG": "ja_JP.UTF-8"}, "en"),
        ({"LANGUAGE": "ja:en", "LANG": "de_DE.UTF-8"}, "ja"),
    ],
)
def test_the_language_is_that_of_the_system(variables: dict[str, str], expected: str) -> None:
    code = "from desktop.messages import language; print(language())"
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, env=variables, capture_output=True, text=True, check=True, cwd=SOURCES[0].parent.parent
    )
    assert done.stdout.strip() == expected


# --- verdicts

GOOD = SignatureReport(
    name="Signature1",
    format=SignatureFormat.PADES,
    level=None,
    indication=Indication.INDETERMINATE,
    sub_indication=SubIndication.TRY_LATER,
    intact=True,
    covers=Coverage.WHOLE,
    changes_after=ChangesAfter.NONE,
    issuer_class=IssuerClass.JPKI,
    trusted=True,
    signer=NAME,
    signing_time=datetime(2026, 11, 22, 1, 0, tzinfo=UTC),
)
CHANGED = replace(
    GOOD,
    indication=Indication.TOTAL_FAILED,
    sub_indication=SubIndication.HASH_FAILURE,
    intact=False,
    issuer_class=IssuerClass.JPKI,
    signer=NAME,  # a report withholds it; the words must do so by themselves
)


def report(*signatures: SignatureReport, verdict: Verdict = Verdict.INDETERMINATE) -> ValidationReport:
    return ValidationReport(Path("a.pdf"), Kind.PDF, "00" * 32, verdict, datetime.now(UTC), signatures)


def test_a_good_signature_of_j_lis_in_japanese() -> None:
    messages.set_language("ja")
    assert messages.verdict_sentence(report(GOOD)) == (
        "署名後の変更はありません。山田花子さんの署名で、J-LISの証明書によるものです。"
        "失効しているかどうかは個人では確認できません。"
    )


def test_a_good_signature_of_j_lis_in_english() -> None:
    messages.set_language("en")
    assert messages.verdict_sentence(report(GOOD)) == (
        "No change since signing. Signed by 山田花子, with a certificate of J-LIS. "
        "Whether the certificate has been revoked cannot be checked by individuals."
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_name_where_integrity_fails(language: str) -> None:
    messages.set_language(language)
    said = messages.verdict_sentence(report(CHANGED, verdict=Verdict.FAILED))
    rows = messages.three_rows(CHANGED)
    assert NAME not in said + "".join(row.statement for row in rows)
    assert [row.tone for row in rows] == [messages.Tone.BAD] * 3
    assert {"ja": "一致しません", "en": "is not what was signed"}[language] in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_untrusted_name_is_only_a_claim(language: str) -> None:
    messages.set_language(language)
    for issuer in (IssuerClass.JPKI, IssuerClass.GPKI, IssuerClass.OTHER, IssuerClass.UNKNOWN):
        said = messages.verdict_sentence(report(replace(GOOD, trusted=False, issuer_class=issuer)))
        assert {"ja": "確かめられ", "en": "claims to be of"}[language] in said
        assert {"ja": "さんの署名", "en": "Signed"}[language] not in said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("trusted", [False, True], ids=["untrusted", "trusted"])
def test_practice_is_said_loudly(language: str, trusted: bool) -> None:
    messages.set_language(language)
    signature = replace(GOOD, issuer_class=IssuerClass.PRACTICE, trusted=trusted)
    assert {"ja": "【練習】", "en": "【PRACTICE】"}[language] in messages.verdict_sentence(report(signature))
    assert messages.three_rows(signature)[1].tone is messages.Tone.CAUTION


@pytest.mark.parametrize("language", LANGUAGES)
def test_later_changes_are_named_and_never_good(language: str) -> None:
    messages.set_language(language)
    for state in (ChangesAfter.ALLOWED, ChangesAfter.SUSPICIOUS):
        signature = replace(GOOD, changes_after=state, changes=(Change("form-filled", 4),))
        row = messages.three_rows(signature)[0]
        assert row.tone is not messages.Tone.GOOD
        assert "4" in row.statement
        assert {"ja": "変更はありません", "en": "No change"}[language] not in row.statement


def test_what_a_later_signer_shows_is_never_good() -> None:
    messages.set_language("en")
    changes = (Change("signed-again"), Change("signature-shown", pages=(2,)))
    signature = replace(GOOD, indication=Indication.TOTAL_PASSED, sub_indication=None)
    row = messages.three_rows(replace(signature, changes_after=ChangesAfter.ALLOWED, changes=changes))[0]
    assert row.tone is messages.Tone.CAUTION
    assert row.statement.endswith(": it was signed once more; with it, a picture was put on a page (page 2).")
    unseen = replace(signature, changes_after=ChangesAfter.ALLOWED, changes=changes[:1])
    assert messages.three_rows(unseen)[0].tone is messages.Tone.GOOD


def test_that_one_may_see_something_else_is_told_whoever_signed() -> None:
    messages.set_language("en")
    filled = replace(GOOD, changes_after=ChangesAfter.ALLOWED, changes=(Change("form-filled"),))
    for reason in (SubIndication.SIG_CONSTRAINTS_FAILURE, SubIndication.NO_CERTIFICATE_CHAIN_FOUND):
        said = messages.three_rows(replace(filled, sub_indication=reason, trusted=False))[0].statement
        assert said.count("What one sees in the document may differ") == 1
    assert "may differ" not in messages.three_rows(GOOD)[0].statement


@pytest.mark.parametrize(("trusted", "words"), [(True, "trusted here"), (False, "authority is not known here")])
def test_of_a_signer_without_a_name_the_authority_is_told(trusted: bool, words: str) -> None:
    messages.set_language("en")
    row = messages.three_rows(replace(GOOD, signer=None, trusted=trusted))[1]
    assert words in row.statement
    assert row.tone is messages.Tone.CAUTION


def test_time_and_revocation_are_good_only_where_both_are_established() -> None:
    messages.set_language("en")
    passed = replace(GOOD, indication=Indication.TOTAL_PASSED, sub_indication=None, revocation=Revocation.GOOD)
    proven = replace(passed, timestamp_time=datetime(2026, 1, 1, tzinfo=UTC))
    tones = [messages.three_rows(each)[2].tone for each in (passed, replace(proven, revocation=Revocation.NOT_CHECKED))]
    assert tones == [messages.Tone.CAUTION] * 2
    assert messages.three_rows(proven)[2].tone is messages.Tone.GOOD


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_signed_in_xml_is_named(language: str) -> None:
    messages.set_language(language)
    for form in DocumentForm:
        signed = replace(GOOD, form=form, signed_elements=("BODY#DOC\x1bBODY",))
        said = messages.verdict_sentence(report(signed))
        assert "BODY#DOC BODY" in said
        assert messages.three_rows(signed)[0].statement in said
        hidden = replace(signed, intact=False, indication=Indication.TOTAL_FAILED)
        assert "BODY" not in messages.verdict_sentence(report(hidden))


def test_what_a_signature_encloses_is_no_element_for_people() -> None:
    signed = replace(GOOD, form=DocumentForm.GENERIC, signed_elements=("Signature/Object#object",))
    for language, words in (("ja", "署名に埋め込まれた内容"), ("en", "the content that is enclosed in the signature")):
        messages.set_language(language)
        said = messages.three_rows(signed)[0].statement
        assert words in said
        assert "Object" not in said


def test_lists_are_parted_as_the_language_does_it() -> None:
    names = ("構成情報#構成情報", "添付, 別紙.txt", "b.xml")
    signed = replace(GOOD, form=DocumentForm.GENERIC, signed_elements=names)
    changed = replace(
        GOOD, changes_after=ChangesAfter.ALLOWED, changes=(Change("form-filled", 2, (1, 3)), Change("timestamped"))
    )
    expected = {
        "ja": ("構成情報、添付, 別紙.txt、b.xml", "：フォームへの入力が2か所あります（1、3ページ）、"),
        "en": ("構成情報, 添付, 別紙.txt, b.xml", ": 2 form fields were filled (page 1, 3); it was time-stamped."),
    }
    for language, (elements, changes) in expected.items():
        messages.set_language(language)
        assert elements in messages.verdict_sentence(report(signed))
        said = messages.three_rows(changed)[0].statement
        assert changes in said
        assert not re.search(r"\([^)]*\(|（[^）]*（", said)  # no brackets within brackets


@pytest.mark.parametrize("language", LANGUAGES)
def test_copies_of_a_signature_are_not_counted_as_signatures(language: str) -> None:
    messages.set_language(language)
    copy = rejected("Signature2", Problem("signature.copy", {"name": "Signature1"}))
    said = messages.verdict_sentence(report(GOOD, copy))
    alone = messages.verdict_sentence(report(GOOD))
    assert said.startswith(alone)
    assert {"ja": "写しが1個", "en": "say nothing more: 1"}[language] in said
    assert verdicts.title_of(GOOD, 1, 1) != verdicts.title_of(copy, 1, 1)
    assert "1" not in verdicts.title_of(copy, 1, 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_several_signatures_a_bad_one_is_said_first(language: str) -> None:
    messages.set_language(language)
    said = messages.verdict_sentence(report(GOOD, CHANGED, verdict=Verdict.FAILED))
    assert {"ja": "そのうち1件は信頼できません", "en": "Of these, 1 must not be relied on"}[language] in said
    assert {"ja": "変更はありません", "en": "No change"}[language] not in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_picture_of_a_seal_is_told_apart(language: str) -> None:
    messages.set_language(language)
    said = messages.verdict_sentence(report(verdict=Verdict.UNSIGNED))
    assert {"ja": "印影", "en": "picture of a seal"}[language] in said


def test_every_possible_signature_has_three_rows_and_no_bare_valid() -> None:
    for language in LANGUAGES:
        messages.set_language(language)
        for signature in every_signature():
            for row in messages.three_rows(signature):
                assert is_worded(row.statement.replace(NAME, ""), language)
            said = messages.verdict_sentence(report(signature))
            assert not re.search(r"有効です|有効な署名|\bvalid\.", said)


def every_signature() -> Iterator[SignatureReport]:
    for indication in Indication:
        for reason in (None, *SubIndication):
            yield replace(GOOD, indication=indication, sub_indication=reason)
            yield replace(GOOD, indication=indication, sub_indication=reason, intact=False, signer=None)
    for issuer in IssuerClass:
        for revocation in Revocation:
            for trusted in (False, True):
                yield replace(GOOD, issuer_class=issuer, revocation=revocation, trusted=trusted)
    for covers in Coverage:
        for changes in ChangesAfter:
            yield replace(GOOD, covers=covers, changes_after=changes, signing_time=None, signer=None)


def test_a_revoked_certificate_is_bad_even_when_the_document_is_intact() -> None:
    messages.set_language("en")
    row = messages.three_rows(replace(GOOD, revocation=Revocation.REVOKED))[2]
    assert row.tone is messages.Tone.BAD
    assert "has been revoked" in row.statement


def test_a_name_cannot_steer_the_terminal() -> None:
    messages.set_language("en")
    said = messages.verdict_sentence(report(replace(GOOD, signer="A\x1b[2J\u202eB\nC")))
    assert said.isprintable()
    assert "A [2J B C" in said


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York"])
@pytest.mark.parametrize("moment", [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, tzinfo=UTC)])
def test_a_day_at_the_end_of_the_calendar_is_told_in_every_zone(
    monkeypatch: pytest.MonkeyPatch, zone: str, moment: datetime
) -> None:
    """A signer may claim any time: it must not keep the answer on this file, and on others, from being given."""
    monkeypatch.setenv("TZ", zone)
    tzset()
    try:
        claimed = report(replace(GOOD, signing_time=moment))
        (row,) = messages.three_rows(claimed.signatures[0])[2:]
        assert str(moment.year) in row.statement
        assert f"{moment.year}-" in summary_of(Judgement(claimed.path, claimed, None)).time
    finally:
        monkeypatch.undo()
        tzset()


# --- dates and sizes


@pytest.mark.parametrize(
    ("day", "japanese", "english"),
    [
        (date(2030, 2, 17), "2030年2月17日（令和12年2月17日）", "17 February 2030 (Reiwa 12)"),
        (date(2019, 5, 1), "2019年5月1日（令和元年5月1日）", "1 May 2019 (Reiwa 1)"),
        (date(2019, 4, 30), "2019年4月30日（平成31年4月30日）", "30 April 2019 (Heisei 31)"),
        (date(1, 1, 1), "1年1月1日", "1 January 1"),
        (date(1989, 1, 7), "1989年1月7日（昭和64年1月7日）", "7 January 1989 (Showa 64)"),
    ],
)
def test_dates_in_both_calendars(day: date, japanese: str, english: str) -> None:
    messages.set_language("ja")
    assert messages.shown_date(day) == japanese
    messages.set_language("en")
    assert messages.shown_date(day) == english


@pytest.mark.parametrize(
    ("size", "shown"),
    [(1, "1 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (999_960, "1.0 MB"), (210_673_157, "210.7 MB")],
)
def test_sizes(size: int, shown: str) -> None:
    messages.set_language("en")
    assert messages.shown_size(size) == shown


def test_a_timestamp_over_the_document_is_not_worded_as_a_signature() -> None:
    stamp = replace(
        GOOD,
        is_timestamp=True,
        signer="Clock",
        issuer_class=IssuerClass.OTHER,
        indication=Indication.TOTAL_PASSED,
        sub_indication=None,
        timestamp_time=GOOD.signing_time,
    )
    for language, (alone, together, time) in {
        "en": ("no signature of a person", "Signatures in the file: 1; time-stamps", "The document existed"),
        "ja": ("人の署名はありません", "署名が1件、文書全体へのタイムスタンプが1件", "文書が存在していた"),
    }.items():
        messages.set_language(language)
        assert alone in messages.verdict_sentence(report(stamp))
        assert together in messages.verdict_sentence(report(GOOD, stamp))
        rows = messages.three_rows(stamp)
        assert "Signed" not in rows[1].statement
        assert rows[1].subject == {"en": "Time-stamping authority", "ja": "時刻認証局"}[language]
        assert time in rows[2].statement
        unproven = messages.three_rows(replace(stamp, timestamp_time=None, trusted=False))
        assert {"en": "not proven", "ja": "確かめられていません"}[language] in unproven[2].statement
        assert time not in unproven[2].statement


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Change("form-filled", 2), ("2 form fields were filled", "フォームへの入力が2か所あります")),
        (Change("signed-again"), ("it was signed once more", "署名が1件追加されました")),
        (
            Change("page-changed", 1, (3,)),
            ("the content of a page was changed (page 3)", "内容が変わったページがあります（3ページ）"),
        ),
    ],
)
def test_a_later_change_is_told_as_a_person_would(change: Change, words: tuple[str, str]) -> None:
    said = []
    for language in ("en", "ja"):
        messages.set_language(language)
        said.append(
            messages.three_rows(replace(GOOD, changes_after=ChangesAfter.ALLOWED, changes=(change,)))[0].statement
        )
    assert all(expected in statement for expected, statement in zip(words, said, strict=True))
