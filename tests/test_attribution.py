"""Attribution: the examples of the rules read by the engine, and articles with runs, chains and both word orders."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from functools import cache
from typing import Any

import pytest
import yaml

from coder.coding.attribution import voice_at
from coder.coding.code import code_article
from coder.coding.document import read_document
from coder.coding.reader import ArticleReader
from coder.coding.speakers import Speaker, same_speaker
from coder.knowledge import Knowledge
from coder.model import Article, Claim, Part
from coder.paths import data_dir

_SPEECH = {"speech", "continue", "credit", "quote", "hearsay"}
_PRONOUNS = {"He", "him", "البيان"}  # claimants that only what stands before an example would name


@cache
def _knowledge() -> Knowledge:
    return Knowledge.load()


def _article(text: str, language: str, outlet: str = "gazette", author: str | None = None) -> Article:
    return Article("a", outlet, None, None, author, date(2016, 6, 10), language, text, (Part(0, len(text), "body"),))


def _read(text: str, language: str, outlet: str = "gazette", author: str | None = None) -> ArticleReader:
    return ArticleReader(_article(text, language, outlet, author), _knowledge())


def _speaker(reader: ArticleReader, words: str) -> Speaker:
    """The speaker of the word in which some words begin."""
    at = bisect_right(reader.doc.ends, reader.doc.text.index(words))
    n = next(n for n, s in enumerate(reader.doc.sentences) if s.first <= at < s.last)
    return voice_at(reader.speakers[n], at)


def _name(reader: ArticleReader, speaker: Speaker) -> str:
    return reader.doc.quote(speaker.i, speaker.j) if speaker.j > speaker.i else ""


def _outlet(reader: ArticleReader, speaker: Speaker) -> str | None:
    return None if speaker.outlet is None else reader.knowledge.sources[speaker.outlet].name


def _claims(text: str, language: str, outlet: str = "gazette") -> tuple[Claim, ...]:
    return code_article(_article(text, language, outlet), _knowledge())


def _claim(claims: tuple[Claim, ...], words: str) -> Claim:
    return next(c for c in claims if words in c.text)


def _examples() -> list[Any]:
    out = []
    for language in ("ar", "en"):
        for rule in yaml.safe_load((data_dir() / "rules" / language / "attribution.yaml").read_text(encoding="utf-8")):
            if rule["kind"] in _SPEECH:
                out += [pytest.param(language, rule, e, id=f"{rule['id']}-{n}") for n, e in enumerate(rule["examples"])]
    return out


@pytest.mark.parametrize(("language", "rule", "example"), _examples())
def test_an_example_is_read_as_it_says(language: str, rule: dict[str, Any], example: dict[str, str]) -> None:
    reader = _read(example["text"], language)
    if "said" not in example:
        return
    speaker = _speaker(reader, example["said"])
    name, claimant = _name(reader, speaker), example.get("claimant", "")
    if rule.get("speaker") == "outlet":
        assert name == ""
    elif claimant and claimant not in _PRONOUNS:
        assert name and (claimant in name or name in claimant)


# ---------------------------------------------------------------- runs of sentences

_RUN_EN = (
    "A police officer told AFP that gunmen had stormed a bank in the port of Aden on Monday.\n"
    "He said two guards were killed. The attackers also burned a lorry, the officer added.\n"
    "A mine went off near the airport on Tuesday, killing a shepherd.\n"
    "Residents said a shell hit a bakery."
)


def test_a_speaker_is_carried_by_pronouns_and_by_its_own_noun() -> None:
    reader = _read(_RUN_EN, "en")
    for words in ("two guards", "burned a lorry"):
        speaker = _speaker(reader, words)
        assert _name(reader, speaker) == "A police officer"
        assert speaker.channel == "interview"
        assert _outlet(reader, speaker) == "AFP"


def test_a_paragraph_without_attribution_is_the_outlets() -> None:
    assert _name(_read(_RUN_EN, "en"), _speaker(_read(_RUN_EN, "en"), "mine went off")) == ""


def test_a_new_speaker_ends_a_run() -> None:
    reader = _read(_RUN_EN, "en")
    assert _name(reader, _speaker(reader, "a shell hit")) == "Residents"


_RUN_AR = (
    "أعلن المتحدث باسم وزارة الداخلية العميد سالم الهوني أن عبوة انفجرت قرب جسر في بنغازي.\n"
    "وأضاف أن شرطيين أصيبا. وأوضح الهوني أن مسلحين أطلقوا النار على الدورية.\n"
    "من جهته، أفاد مصدر طبي بمقتل ثلاثة أشخاص. وقال المصدر إن طفلا بين القتلى."
)


def test_arabic_verbs_carry_on_and_short_names_point_back() -> None:
    reader = _read(_RUN_AR, "ar")
    first = _speaker(reader, "عبوة")
    for words in ("شرطيين", "مسلحين"):
        speaker = _speaker(reader, words)
        assert (speaker.i, speaker.j) == (first.i, first.j)
        assert speaker.type == "state"
    assert _speaker(reader, "بمقتل").type == "medical"
    assert same_speaker(reader.scan, _speaker(reader, "بمقتل"), _speaker(reader, "طفلا"))


def test_both_orders_and_auxiliaries_are_read() -> None:
    reader = _read("كانت وزارة الدفاع قد أعلنت مقتل جنديين. أما قيادة العمليات فقد أكدت أن الموقع سقط.", "ar")
    assert _name(reader, _speaker(reader, "مقتل")) == "وزارة الدفاع"
    assert _name(reader, _speaker(reader, "الموقع")) == "قيادة العمليات"


def test_an_apposition_stands_between_a_name_and_its_verb() -> None:
    reader = _read("Karim Saleh, the head of the local council, said a shell hit the school.", "en")
    assert _name(reader, _speaker(reader, "shell")).startswith("Karim Saleh")
    reader = _read('"They burned the mill," said Karim Saleh, an opposition activist in the town.', "en")
    speaker = _speaker(reader, "burned")
    assert _name(reader, speaker).startswith("Karim Saleh")
    assert speaker.type == "activist"


def test_text_without_commas_ends_with_its_speaker() -> None:
    reader = _read("Two rockets killed a farmer near the village the observatory said.", "en")
    assert _name(reader, _speaker(reader, "rockets")) == "the observatory"
    reader = _read("According to the Syrian Observatory for Human Rights there were two air strikes on the town.", "en")
    assert _speaker(reader, "air strikes").type == "ngo"


def test_speech_within_speech_belongs_to_the_inner_speaker() -> None:
    reader = _read("قال محافظ الأنبار إن الشرطة أكدت أن انتحاريا فجر سيارة.", "ar")
    assert _name(reader, _speaker(reader, "انتحاريا")) == "الشرطة"


def test_a_denied_verb_and_a_participle_are_no_speech() -> None:
    reader = _read("The army did not confirm the loss of the post. A suspected raid wounded a guard.", "en")
    assert all(not voices for voices in reader.speakers.values())


def test_what_a_condemnation_restates_is_the_outlets() -> None:
    reader = _read("The Arab League condemned the bombing that killed ten worshippers in Basra.", "en")
    speaker = _speaker(reader, "bombing")
    assert (_name(reader, speaker), speaker.type, speaker.stance, speaker.channel) == (
        "",
        "media",
        "condemn",
        "none",
    )


# ---------------------------------------------------------------- chains


def test_an_agency_that_passes_words_on_is_the_outlet() -> None:
    claims = _claims(
        "أعلنت القوات الحكومية في ليبيا أنها قصفت مواقع لتنظيم الدولة الإسلامية في سرت، حسب وكالة فرانس برس.",
        "ar",
    )
    claim = _claim(claims, "قصفت")
    assert claim.source_outlet == "AFP"
    assert claim.source_channel == "statement"
    assert claim.source_chain is not None and claim.source_chain.endswith("> AFP > gazette")


def test_an_agency_in_its_own_voice_is_both() -> None:
    claim = _claim(_claims("ذكرت وكالة رويترز أن انفجارا قتل خمسة أشخاص في كركوك.", "ar"), "انفجارا")
    assert (claim.source_claimant, claim.source_outlet, claim.claimant_type) == (
        "Reuters",
        "Reuters",
        "media",
    )


@pytest.mark.parametrize(
    ("text", "outlet"),
    [
        ("قال طبيب في مستشفى عدن لـ«عكاظ» إن ثلاثة قتلى وصلوا بعد قصف السوق.", "okaz"),
        ("وقال رئيس البلدية لقناة «الجزيرة» إن غارة قتلت ثلاثة مدنيين في عدن.", "Al Jazeera"),
        ("وقال رئيس البلدية لوكالة رويترز إن غارة قتلت ثلاثة مدنيين في عدن.", "Reuters"),
    ],
)
def test_whom_it_was_told_to_is_the_outlet_of_an_interview(text: str, outlet: str) -> None:
    claim = next(c for c in _claims(text, "ar", "okaz") if c.kind == "event")
    assert (claim.source_channel, claim.source_outlet) == ("interview", outlet)


@pytest.mark.parametrize(
    ("text", "language", "own", "outlet"),
    [
        ("دبي (CNN)-- قتل خمسة أشخاص في انفجار سيارة مفخخة في كركوك.", "ar", "cnnarabic", "CNN"),
        ("دمشق - أ ش أ\nقتل خمسة أشخاص في انفجار سيارة مفخخة في كركوك.", "ar", "gazette", "MENA"),
        ("الرياض 10 أغسطس 2015 م واس\nقتل خمسة أشخاص في انفجار سيارة مفخخة في كركوك.", "ar", "was", "was"),
        ("KIRKUK (Reuters) - A car bomb killed five people in Kirkuk.", "en", "gazette", "Reuters"),
        ("A car bomb killed five people in Kirkuk. --Reuters", "en", "gazette", "Reuters"),
    ],
)
def test_a_dateline_credits_its_source(text: str, language: str, own: str, outlet: str) -> None:
    claim = next(c for c in _claims(text, language, own) if c.kind == "event")
    assert claim.source_outlet == outlet


def test_a_relay_credits_the_first_mouth() -> None:
    reader = _read("وذكرت قناة العربية نقلا عن سكان أن قذيفة سقطت على سوق.", "ar")
    speaker = _speaker(reader, "قذيفة")
    assert (speaker.type, _outlet(reader, speaker)) == ("witness", "Al Arabiya")
    reader = _read('"Planes hit the mill" Reuters reported citing local residents.', "en")
    speaker = _speaker(reader, "Planes")
    assert (speaker.type, _outlet(reader, speaker)) == ("witness", "Reuters")


def test_a_capital_that_speaks_is_its_state() -> None:
    reader = _read("Damascus confirmed that a strike killed nine soldiers near Raqqa.", "en")
    assert _speaker(reader, "strike").type == "state"


def test_a_platform_is_the_channel() -> None:
    claims = _claims("أعلن تنظيم الدولة الإسلامية على موقع تويتر أن مقاتليه هاجموا حاجزا في سرت.", "ar")
    claim = _claim(claims, "هاجموا")
    assert (claim.source_channel, claim.source_platform) == ("social_media", "Twitter")


# ---------------------------------------------------------------- abbreviations


@pytest.mark.parametrize(
    ("text", "language", "word"),
    [
        ("غزة (أ.ف.ب)", "ar", "افب"),
        ("the U.N. said", "en", "un"),
        ("a U.S. soldier", "en", "us"),
        ("3.5 km", "en", "3.5"),
    ],
)
def test_letters_joined_by_stops_are_one_word(text: str, language: str, word: str) -> None:
    assert word in read_document(_article(text, language)).words


def test_a_dotted_agency_is_credited() -> None:
    claim = next(
        c for c in _claims("غزة (أ.ف.ب) - قتل خمسة أشخاص في انفجار سيارة مفخخة في غزة.", "ar") if c.kind == "event"
    )
    assert claim.source_outlet == "AFP"


def test_a_label_before_a_colon_speaks() -> None:
    monitor = _read("Monitor: five people were killed in a strike on Idlib.", "en")
    assert _speaker(monitor, "strike").type == "ngo"
    place = _read("Idlib: five people were killed in a strike.", "en")
    assert _speaker(place, "strike").rule == "outlet"


def test_a_sentence_that_goes_on_is_its_speakers_from_the_first_word() -> None:
    text = (
        "أعلن المرصد السوري لحقوق الإنسان أن قذيفة سقطت على بلدة نبل. كما قصفت الطائرات بلدة عتمان وسط أنباء عن قتلى."
    )
    assert _speaker(_read(text, "ar"), "عتمان").type == "ngo"
