"""The guides say the same in three languages, cover what they must, and state nothing that is not settled."""

import re

import pytest

from desktop.guides import chapters as guides
from desktop.guides.chapters import BlockKind, Guide, GuideDamaged, GuideLanguage, GuideName, guide_for, load_guide
from desktop.places import guides_folder, renewal_rules_file
from signing.renewal import NextStep, RenewalRules

JA, EN, EASY = GuideLanguage.JAPANESE, GuideLanguage.ENGLISH, GuideLanguage.EASY
EVERY = {(name, language): load_guide(name, language) for name in GuideName for language in GuideLanguage}


def text_of(guide: Guide) -> str:
    blocks = [block.text for section in guide.sections for block in section.blocks]
    return "\n".join([guide.title, guide.summary, *(section.title for section in guide.sections), *blocks])


def test_every_file_is_a_guide_and_every_guide_a_file() -> None:
    found = {(path.parent.name, path.stem) for path in guides_folder().rglob("*.md")}
    assert found == {(language.value, name.value) for name, language in EVERY}


@pytest.mark.parametrize("name", list(GuideName))
@pytest.mark.parametrize("language", [EN, EASY])
def test_languages_have_the_same_sections_and_blocks(name: GuideName, language: GuideLanguage) -> None:
    def shape(guide: Guide) -> list[tuple[str, list[BlockKind]]]:
        return [(section.name, [block.kind for block in section.blocks]) for section in guide.sections]

    assert shape(EVERY[name, language]) == shape(EVERY[name, JA])


@pytest.mark.parametrize("name", list(GuideName))
@pytest.mark.parametrize("language", [EN, EASY])
def test_telephone_numbers_amounts_and_addresses_are_the_same(name: GuideName, language: GuideLanguage) -> None:
    def numbers(guide: Guide) -> list[set[str]]:
        text = text_of(guide)
        phones = set(re.findall(r"0\d+-\d+-\d+|#\d{4}|(?<!\d)188(?!\d)", text))
        yen = set(re.findall(r"([\d,]+) ?(?:円|yen)", text))
        clock = {f"{hour}:{minute or '00'}" for hour, minute in re.findall(r"(\d+)(?:時(?!間)|:)(\d\d)?", text)}
        addresses = {block.address for section in guide.sections for block in section.blocks if block.address}
        return [phones, yen, clock, addresses]

    assert numbers(EVERY[name, language]) == numbers(EVERY[name, JA])


@pytest.mark.parametrize("language", list(GuideLanguage))
def test_no_two_sections_of_a_guide_have_one_name_and_none_is_empty(language: GuideLanguage) -> None:
    for name in GuideName:
        sections = EVERY[name, language].sections
        assert len({section.name for section in sections}) == len(sections)
        assert all(section.blocks for section in sections)


# What no authority has settled or what is only announced; each stands in a block of its own, which says whom to ask.
UNSETTLED = {
    "those born on 29 February": (GuideName.RENEW, r"(?<!1)2月29日|29 February"),
    "a new certificate before the window": (GuideName.RENEW, r"より ?前に|earlier than three months"),
    "a number to call from abroad": (GuideName.LOST, r"国外からかけ|外国から かける|calls from abroad"),
    "the first day abroad": (GuideName.ABROAD, r"同じ ?日|same day"),
    "exceptions for children and wards": (GuideName.NO_CERTIFICATE, r"例外|exceptions"),
    "the combined residence card": (GuideName.FOREIGN_RESIDENTS, r"2026年6月14日|14 June 2026"),
    "the reading of the name": (GuideName.SIGNING, r"2026年6月ごろ|about June 2026"),
    "the card of 2028": (GuideName.SIGNING, r"2028"),
}
ASK = re.compile(r"お問い合わせ|聞いて|[Aa]sk ")


@pytest.mark.parametrize("language", list(GuideLanguage))
@pytest.mark.parametrize("matter", list(UNSETTLED))
def test_what_is_not_settled_is_nowhere_stated(matter: str, language: GuideLanguage) -> None:
    name, pattern = UNSETTLED[matter]
    for each in GuideName:
        blocks = [block for section in EVERY[each, language].sections for block in section.blocks]
        for block in blocks:
            if re.search(pattern, block.text) and (each is name or matter == "the card of 2028"):
                assert block.kind is BlockKind.UNSETTLED
    blocks = [block for section in EVERY[name, language].sections for block in section.blocks]
    assert any(re.search(pattern, block.text) for block in blocks if block.kind is BlockKind.UNSETTLED)


@pytest.mark.parametrize("language", list(GuideLanguage))
def test_what_is_not_settled_says_whom_to_ask(language: GuideLanguage) -> None:
    unsettled = [
        block
        for name in GuideName
        for section in EVERY[name, language].sections
        for block in section.blocks
        if block.kind is BlockKind.UNSETTLED
    ]
    assert len(unsettled) == len(UNSETTLED)
    assert [block.text for block in unsettled if not ASK.search(block.text)] == []


def test_nothing_promises_that_a_certificate_is_valid_or_equal_to_a_seal() -> None:
    for guide in EVERY.values():
        text = text_of(guide)
        assert "is valid" not in text
        assert "法的に同じ" not in text
        assert "実印と同じです" not in text


# What a person may look for, and a word that must be found there in every language.
COVERED: dict[str, tuple[GuideName, str, tuple[str, str, str]]] = {
    "user-authentication certificate": (GuideName.SIGNING, "two", ("利用者証明用", "User-authentication", "ログイン")),
    "printed date": (GuideName.RENEW, "printed-date", ("印刷された", "printed", "表")),
    "window": (GuideName.RENEW, "when", ("3か月前", "three months", "3か月前")),
    "proxy": (GuideName.RENEW, "proxy", ("照会書兼回答書", "inquiry and reply form", "照会書兼回答書")),
    "after expiry": (GuideName.RENEW, "after-expiry", ("無料", "free", "お金は いりません")),
    "where": (GuideName.RENEW, "where", ("郵便局", "post office", "郵便局")),
    "period of stay": (GuideName.FOREIGN_RESIDENTS, "ends", ("在留", "period of stay", "在留期間")),
    "special two months": (GuideName.FOREIGN_RESIDENTS, "special-period", ("2か月", "two months", "2か月")),
    "permanent residents": (
        GuideName.FOREIGN_RESIDENTS,
        "permanent",
        ("日本人と同じ", "as for Japanese", "日本人と 同じ"),
    ),
    "leaving Japan": (GuideName.FOREIGN_RESIDENTS, "leaving", ("返します", "return the card", "返します")),
    "address or name change": (GuideName.MOVED, "what", ("失効", "revoked", "使えません")),
    "moving abroad": (GuideName.ABROAD, "before", ("継続利用", "continued use", "つづけて")),
    "living abroad": (GuideName.ABROAD, "living", ("在外公館", "embassy", "大使館")),
    "PIN at the counter": (GuideName.PIN, "counter", ("窓口", "counter", "市役所")),
    "PIN at a kiosk": (GuideName.PIN, "kiosk", ("24時間以内", "24 hours", "24時間")),
    "stores": (GuideName.PIN, "stores", ("ローソン", "Lawson", "ローソン")),
    "age limit": (GuideName.NO_CERTIFICATE, "why", ("15歳未満", "under 15", "15さい")),
    "fees": (GuideName.LOST, "cost", ("1,000円", "1,000 yen", "1,000円")),
    "lost card": (GuideName.LOST, "call", ("0120-95-0178",) * 3),
    "foreign languages": (GuideName.LOST, "call", ("スペイン語", "Spanish", "スペイン語")),
    "e-Tax again": (GuideName.AFTER_RENEWAL, "do", ("e-Tax",) * 3),
    "e-Tax": (GuideName.OTHER_SERVICES, "tax", ("国税庁", "National Tax Agency", "国税庁")),
    "convenience store": (GuideName.OTHER_SERVICES, "store", ("23時", "23:00", "23時")),
    "Mynaportal": (GuideName.OTHER_SERVICES, "portal", ("期限", "end", "いつまで")),
    "health insurance": (GuideName.OTHER_SERVICES, "insurance", ("5月31日", "31 May", "5月31日")),
    "bank account": (GuideName.OTHER_SERVICES, "bank", ("任意", "voluntary", "自分で 決めます")),
    "public money account": (GuideName.SCAMS, "money", ("任意", "voluntary", "しなくても いい")),
    "smartphone certificates": (GuideName.OTHER_SERVICES, "phone", ("Android",) * 3),
    "residence card": (GuideName.SIGNING, "cards", ("在留カード", "Residence cards", "在留カード")),
    "notification card": (GuideName.SIGNING, "cards", ("通知カード", "notification card", "通知カード")),
    "copies": (GuideName.MY_NUMBER, "copies", ("表", "front", "表")),
    "remittance": (GuideName.MY_NUMBER, "who", ("送金", "remittances", "お金を 送る")),
    "work and university": (GuideName.MY_NUMBER, "who", ("大学", "Universities", "大学")),
    "number unchanged": (GuideName.MY_NUMBER, "what", ("変わりません", "stays the same", "かわりません")),
    "corporate number": (GuideName.MY_NUMBER, "what", ("13桁", "13 digits", "13この")),
    "signing without the number": (GuideName.MY_NUMBER, "what", ("使いません", "do not use", "使いません")),
    "safeguards": (GuideName.MY_NUMBER, "protect", ("個人情報保護委員会", "Commission", "守る 役所")),
    "scams": (GuideName.SCAMS, "never", ("暗証番号", "PIN", "暗証番号")),
    "help": (GuideName.SCAMS, "help", ("188", "188", "188")),
    "seal": (GuideName.SIGNING, "effect", ("実印", "registered seal", "実印")),
    "password in capitals": (GuideName.PIN, "which", ("大文字", "capital", "大きい 字")),
    "changing a known PIN": (GuideName.PIN, "change", ("マイナポータル", "Mynaportal", "マイナポータル")),
    "other questions": (GuideName.LOST, "hours", ("0120-0178-26",) * 3),
    "documents with the number": (GuideName.MY_NUMBER, "copies", ("源泉徴収票", "withholding", "源泉徴収票")),
    "branch offices": (GuideName.RENEW, "where", ("支所", "branch", "支所")),
    "renewing the card itself": (GuideName.RENEW, "printed-date", ("写真", "photo", "写真")),
    "children": (GuideName.NO_CERTIFICATE, "do", ("法定代理人", "legal representative", "親")),
    "card with the residence card": (GuideName.FOREIGN_RESIDENTS, "combined", ("法律上", "In law", "法律では")),
    "revocation of a phone": (GuideName.AFTER_RENEWAL, "phone", ("失効", "revoked", "やめる 手続き")),
    "pending applications": (GuideName.AFTER_RENEWAL, "do", ("途中の申請", "pending", "申しこみ中")),
    "privacy": (GuideName.SIGNING, "privacy", ("住所", "address", "住所")),
    "alias": (GuideName.SIGNING, "privacy", ("通称", "alias", "通称")),
    "approved verifiers": (GuideName.SIGNING, "revocation", ("署名検証者", "verifiers", "法律で 決まった 人")),
}


@pytest.mark.parametrize("topic", list(COVERED))
def test_topic_is_covered_in_every_language(topic: str) -> None:
    name, section, words = COVERED[topic]
    for language, word in zip((JA, EN, EASY), words, strict=True):
        texts = [block.text for block in EVERY[name, language].section(section).blocks]
        assert any(word in text for text in texts)


def test_what_to_bring_is_a_checklist_wherever_one_goes_to_a_counter() -> None:
    for name in (
        GuideName.RENEW,
        GuideName.PIN,
        GuideName.MOVED,
        GuideName.LOST,
        GuideName.ABROAD,
        GuideName.FOREIGN_RESIDENTS,
        GuideName.NO_CERTIFICATE,
    ):
        for language in GuideLanguage:
            assert len(EVERY[name, language].section("bring").checklist) >= 2


def test_fees_are_those_of_the_rules() -> None:
    fees = RenewalRules.load(renewal_rules_file()).fees
    text = text_of(EVERY[GuideName.LOST, EN])
    for name in ("card_again", "card_again_without_certificates", "card_again_express"):
        assert f"{fees[name]:,} yen" in text


def test_easy_japanese_has_spaces_and_short_sentences() -> None:
    for name in GuideName:
        for section in EVERY[name, EASY].sections:
            for block in section.blocks:
                if block.kind is BlockKind.LINK:
                    continue
                sentences = [part for part in block.text.split("。") if part]
                assert max(len(sentence) for sentence in sentences) <= 75
                assert all(" " in sentence for sentence in sentences if len(sentence) > 25)


def test_every_step_that_needs_one_has_a_guide() -> None:
    assert {step for step in NextStep if guide_for(step) is None} == {NextStep.NOTHING, NextStep.SET_CLOCK}


@pytest.mark.parametrize("content", [None, "", "# Title\n", "# Title\nText\n", "# T\nText\n## no name\n", "\xff"])
def test_damaged_guide_is_one_clear_error(tmp_path, monkeypatch, content) -> None:
    monkeypatch.setattr(guides, "guides_folder", lambda: tmp_path)
    if content is not None:
        (tmp_path / "en").mkdir()
        (tmp_path / "en" / "renew.md").write_bytes(content.encode("latin-1"))
    with pytest.raises(GuideDamaged):
        load_guide(GuideName.RENEW, EN)
