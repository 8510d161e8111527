"""Casualties: every rule proves itself; numbers are bound to the right fate; nothing raises."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_numbers import document, lexicon, spell_ar, spell_en

from coder.coding.casualties import Count, find_casualties, resolve_vague
from coder.coding.dates import Anchor, find_dates
from coder.coding.numbers import countable, read_numbers
from coder.knowledge.rules import Rule

LEXICA = {language: lexicon(language, "numbers", "dates", "casualties") for language in ("ar", "en")}
SHOWN = ("unit", "low", "high", "vague", "part", "cumulative")


def counts(text: str, language: str) -> list[Count]:
    scanner, rules = LEXICA[language]
    doc = document(text, language)
    found = scanner.scan(doc.words)
    of = {stem: [m for m in found if m.payload[0] == stem] for stem in rules}
    numbers = read_numbers(doc, of["numbers"], rules["numbers"])
    dates = find_dates(doc, of["dates"], rules["dates"], numbers, Anchor(None)).mentions
    numbers = countable(numbers, [(m.i, m.j) for m in dates])
    return [
        c
        for s in doc.sentences
        for c in find_casualties(doc, s.first, s.last, of["casualties"], rules["casualties"], numbers)
    ]


def cases() -> list[Any]:
    return [pytest.param(code, rule, id=rule.id) for code in LEXICA for rule in LEXICA[code][1]["casualties"]]


@pytest.mark.parametrize("language, rule", cases())
def test_examples(language: str, rule: Rule) -> None:
    for example in rule.data.get("examples", ()):
        expected = {k: v for k, v in example.items() if k in SHOWN}
        found = counts(example["text"], language)
        assert any(all(getattr(c, k) == v for k, v in expected.items()) for c in found), (example, found)


@pytest.mark.parametrize("language, rule", cases())
def test_counter_examples(language: str, rule: Rule) -> None:
    for text in rule.data.get("counter_examples", ()):
        assert not counts(text, language), text


WHOLE = [
    ("ar", "مقتل خمسة وإصابة ثلاثة في انفجار", {"dead": (5, 5), "wounded": (3, 3)}),
    ("ar", "سقط 5 قتلى و3 جرحى", {"dead": (5, 5), "wounded": (3, 3)}),
    ("ar", "قتل شخصان وأصيب تسعة آخرون بجروح", {"dead": (2, 2), "wounded": (9, 9)}),
    ("ar", "لقي ما لا يقل عن 14 عاملا حتفهم، فيما أصيب نحو 30", {"dead": (14, None), "wounded": (30, 30)}),
    ("ar", "خلف الهجوم أكثر من عشرين قتيلا وعشرات الجرحى", {"dead": (20, None), "wounded": (12, None)}),
    ("ar", "ارتفع عدد القتلى إلى 9 بينهم طفلان", {"dead": (9, 9)}),
    ("ar", "استشهد ثلاثة جنود وجرح رابع", {"dead": (3, 3), "wounded": (1, 1)}),
    (
        "en",
        "At least 10 people were killed and 20 others were wounded",
        {"dead": (10, None), "wounded": (20, 20)},
    ),
    (
        "en",
        "A car bomb killed at least 10 people and wounded dozens",
        {"dead": (10, None), "wounded": (12, None)},
    ),
    ("en", "leaving 3 dead and seven injured", {"dead": (3, 3), "wounded": (7, 7)}),
    ("en", "Between 20 and 30 rebels were killed", {"dead": (20, 30)}),
    ("en", "Troops arrested 12 suspects and killed two gunmen", {"captured": (12, 12), "dead": (2, 2)}),
    ("en", "Ten gunmen killed three guards", {"dead": (3, 3)}),
]


@pytest.mark.parametrize("language, text, expected", WHOLE)
def test_each_number_has_its_fate(language: str, text: str, expected: dict[str, tuple[int | None, int | None]]) -> None:
    found = {c.unit: (c.low, c.high) for c in counts(text, language) if not c.part}
    assert found == expected


@pytest.mark.parametrize(
    "language, text",
    [
        ("en", "The team won 3-2 and scored 14 points."),
        ("en", "Rebels destroyed 12 tanks."),
        ("en", "Some 400 villagers fled."),
        ("ar", "دمر الطيران خمسة منازل"),
        ("ar", "شارك في المباراة 22 لاعبا"),
        ("ar", "عاد 300 نازح إلى القرية"),
    ],
)
def test_numbers_without_a_fate(language: str, text: str) -> None:
    assert not counts(text, language)


def test_vague_words_are_resolved_by_the_kind_of_event() -> None:
    [count] = counts("سقوط قتلى في الغارة", "ar")
    assert resolve_vague(count, "Air/drone strike").low == 10
    assert resolve_vague(count, "Remote explosive/landmine/IED").low == 3
    assert resolve_vague(count, None).best == 3


@settings(max_examples=100, deadline=None)
@given(st.integers(3, 999), st.integers(3, 999))
def test_any_two_numbers_keep_their_fates(dead: int, hurt: int) -> None:
    for language, text in (
        ("ar", f"مقتل {dead} شخصا وإصابة {hurt} آخرين"),
        ("ar", f"سقط {spell_ar(dead)} قتيلا و{hurt} جريحا"),
        ("en", f"The blast killed {dead} people and wounded {spell_en(hurt)} others."),
        ("en", f"{dead} people were killed and {hurt} injured."),
    ):
        found = {c.unit: c.low for c in counts(text, language) if not c.part}
        assert found == {"dead": dead, "wounded": hurt}, text


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200), st.sampled_from(("ar", "en")))
def test_never_raises(text: str, language: str) -> None:
    counts(text, language)


def test_linear_time() -> None:
    assert len(counts("مقتل خمسة جنود وإصابة ثلاثة. " * 1500, "ar")) == 3000
