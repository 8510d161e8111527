"""Numbers: every rule proves itself; spelled-out numbers read back; nothing raises."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coder.coding.document import Document, read_document
from coder.coding.numbers import COUNT, Number, find_numbers, read_numbers
from coder.knowledge.lexicon import Lexicon, LexiconBuilder
from coder.knowledge.rules import Rule, read_yaml
from coder.model import Article, Part

MARKS = re.compile(r"[|?…]|/(?:n|v|adj)(?:\s|$)")  # what makes a pattern of a literal name
DATA = Path(__file__).parent.parent / "data"


def load(language: str, stem: str) -> list[Rule]:
    entries = read_yaml(DATA / "rules" / language / f"{stem}.yaml")
    return [Rule(e["id"], stem, language, e) for e in entries]


def lexicon(language: str, *stems: str) -> tuple[Lexicon, dict[str, list[Rule]]]:
    builder = LexiconBuilder(language)
    rules = {stem: load(language, stem) for stem in stems}
    for stem, entries in rules.items():
        for index, rule in enumerate(entries):
            for pattern in rule.data["patterns"]:
                add = builder.add_pattern if MARKS.search(pattern) else builder.add_name
                add(pattern, (stem, index))
    return builder.build(), rules


def document(text: str, language: str) -> Document:
    return read_document(Article("x", None, None, None, None, None, language, text, (Part(0, len(text), "body"),)))


LEXICA = {language: lexicon(language, "numbers") for language in ("ar", "en")}


def numbers(text: str, language: str) -> list[Number]:
    scanner, rules = LEXICA[language]
    doc = document(text, language)
    return read_numbers(doc, scanner.scan(doc.words), rules["numbers"])


def cases() -> list[Any]:
    return [pytest.param(language, rule, id=rule.id) for language in LEXICA for rule in LEXICA[language][1]["numbers"]]


@pytest.mark.parametrize("language, rule", cases())
def test_examples(language: str, rule: Rule) -> None:
    for example in rule.data["examples"]:
        found = numbers(example["text"], language)
        if example.get("idiom"):
            assert not [n for n in found if n.role == COUNT], example
            continue
        expected = {k: v for k, v in example.items() if k in ("low", "high", "estimated", "vague")}
        role = example.get("measure") or example.get("label") or COUNT
        hits = [n for n in found if n.role == role and all(getattr(n, k) == v for k, v in expected.items())]
        assert hits, (example, found)


@pytest.mark.parametrize("language, rule", cases())
def test_counter_examples(language: str, rule: Rule) -> None:
    for text in rule.data.get("counter_examples", ()):
        assert not [n for n in numbers(text, language) if n.role == COUNT], text


UNITS_EN = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS_EN = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def spell_en(n: int, joined: bool = True) -> str:
    """English words of a positive number below a thousand million."""
    for value, name in ((1_000_000, "million"), (1000, "thousand"), (100, "hundred")):
        if n >= value:
            head, rest = divmod(n, value)
            link = " and " if joined and 0 < rest < 100 else " "
            return f"{spell_en(head, joined)} {name}" + (link + spell_en(rest, joined) if rest else "")
    if n < 20:
        return UNITS_EN[n - 1]
    return TENS_EN[n // 10 - 2] + (f"-{UNITS_EN[n % 10 - 1]}" if n % 10 else "")


UNITS_AR = ["واحد", "اثنان", "ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة", "عشرة"]
TENS_AR = ["عشرون", "ثلاثون", "أربعون", "خمسون", "ستون", "سبعون", "ثمانون", "تسعون"]
HUNDREDS_AR = ["مئة", "مئتان", "ثلاثمئة", "أربعمئة", "خمسمئة", "ستمئة", "سبعمئة", "ثمانمئة", "تسعمئة"]


def spell_ar(n: int) -> str:
    """Arabic words of a positive number below a thousand million."""
    for value, one, two, few, many in (
        (1_000_000, "مليون", "مليونان", "ملايين", "مليونا"),
        (1000, "ألف", "ألفان", "آلاف", "ألفا"),
    ):
        if n >= value:
            head, rest = divmod(n, value)
            if head == 1:
                text = one
            elif head == 2:
                text = two
            elif head <= 10:
                text = f"{spell_ar(head)} {few}"
            else:
                text = f"{spell_ar(head)} {many if head % 100 > 10 else one}"
            return text + (f" و{spell_ar(rest)}" if rest else "")
    if n >= 100:
        return HUNDREDS_AR[n // 100 - 1] + (f" و{spell_ar(n % 100)}" if n % 100 else "")
    if n <= 10:
        return UNITS_AR[n - 1]
    if n < 20:
        return {11: "أحد عشر", 12: "اثنا عشر"}.get(n) or f"{UNITS_AR[n - 11]} عشر"
    return (f"{UNITS_AR[n % 10 - 1]} و" if n % 10 else "") + TENS_AR[n // 10 - 2]


SIZES = st.one_of(st.integers(1, 120), st.integers(1, 9999), st.integers(1, 999_999_999))


@settings(max_examples=300, deadline=None)
@given(SIZES, st.booleans())
def test_english_words_read_back(n: int, joined: bool) -> None:
    found = numbers(f"Officials counted {spell_en(n, joined)} villagers.", "en")
    assert [(x.low, x.high) for x in found] == [(n, n)]


@settings(max_examples=300, deadline=None)
@given(SIZES)
def test_arabic_words_read_back(n: int) -> None:
    found = numbers(f"أحصى المجلس {spell_ar(n)} نازحا.", "ar")
    assert [(x.low, x.high) for x in found] == [(n, n)], spell_ar(n)


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 999_999), st.sampled_from(("{}", "{:,}")))
def test_digits_read_back(n: int, form: str) -> None:
    for language, text in (("en", "They counted some {} villagers."), ("ar", "أحصوا نحو {} نازح.")):
        written = form.format(n)
        found = [x for x in numbers(text.format(written), language) if x.role == COUNT]
        assert [(x.low, x.high, x.estimated) for x in found] == [(n, n, True)]
    eastern = str(n).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert [x.low for x in numbers(f"أحصوا نحو {eastern} نازح.", "ar")] == [n]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200), st.sampled_from(("ar", "en")))
def test_never_raises(text: str, language: str) -> None:
    for n in numbers(text, language):
        assert 0 <= n.i < n.j


@pytest.mark.parametrize(
    "text, language",
    [
        ("The F-16 and two T-72 tanks", "en"),
        ("9/11", "en"),
        ("at 10:30", "en"),
        ("the 4th brigade", "en"),
        ("in 2014", "en"),
        ("call 0012025551234", "en"),
        ("a 105mm shell", "en"),
        ("Omar Saleh, 34, said", "en"),
        ("طائرة إف-16", "ar"),
        ("اتصل على 00963115551234", "ar"),
        ("دمرت اللواء 47", "ar"),
    ],
)
def test_numbers_that_count_nobody(text: str, language: str) -> None:
    counted = [n for n in numbers(text, language) if n.role == COUNT and n.low != 2]
    assert not counted


def test_taken_ranges_hold_no_count() -> None:
    scanner, rules = LEXICA["en"]
    doc = document("On 5 May 12 villagers fled.", "en")
    found = find_numbers(doc, scanner.scan(doc.words), rules["numbers"], taken=[(1, 3)])
    assert [n.low for n in found] == [12]


def test_linear_time() -> None:
    text = "مئة وخمسة وعشرون " * 3000
    assert len(numbers(text, "ar")) == 3000


@pytest.mark.parametrize("language", ("ar", "en"))
def test_ids_are_unique(language: str) -> None:
    ids = [rule.id for stem in ("numbers", "dates", "casualties") for rule in load(language, stem)]
    assert len(ids) == len(set(ids))
