"""Dates: every rule proves itself; random dates read back in every form; nothing raises."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_numbers import document, lexicon

from coder.coding.dates import Anchor, Dates, default_period, find_dates, resolve_after
from coder.coding.numbers import read_numbers
from coder.knowledge.rules import Rule

LEXICA = {language: lexicon(language, "numbers", "dates") for language in ("ar", "en")}
WEDNESDAY = date(2014, 5, 14)


def dates(text: str, language: str, published: date | None = WEDNESDAY) -> Dates:
    scanner, rules = LEXICA[language]
    doc = document(text, language)
    found = scanner.scan(doc.words)
    numbers = read_numbers(doc, [m for m in found if m.payload[0] == "numbers"], rules["numbers"])
    return find_dates(doc, [m for m in found if m.payload[0] == "dates"], rules["dates"], numbers, Anchor(published))


def periods(text: str, language: str, published: date | None = WEDNESDAY) -> list[tuple[date | None, date | None]]:
    return [(m.first, m.last) for m in dates(text, language, published).mentions]


def cases() -> list[Any]:
    return [pytest.param(code, rule, id=rule.id) for code in LEXICA for rule in LEXICA[code][1]["dates"]]


@pytest.mark.parametrize("language, rule", cases())
def test_examples(language: str, rule: Rule) -> None:
    for example in rule.data.get("examples", ()):
        if example.get("none"):
            assert not periods(example["text"], language), example
            continue
        reference = date.fromisoformat(example["reference"])
        found = dates(example["text"], language, reference).mentions
        if "days" in example:
            assert [m.days for m in found if m.kind == "after"] == [example["days"]], example
            continue
        expected = date.fromisoformat(example["first"]), date.fromisoformat(example["last"])
        assert [(m.first, m.last) for m in found] == [expected], (example, found)


@pytest.mark.parametrize("language, rule", cases())
def test_counter_examples(language: str, rule: Rule) -> None:
    for text in rule.data.get("counter_examples", ()):
        assert not periods(text, language), text


MONTHS_AR = [
    "يناير",
    "شباط",
    "مارس",
    "نيسان",
    "أيار/مايو",
    "حزيران/يونيو",
    "تموز",
    "أغسطس",
    "أيلول",
    "أكتوبر/تشرين الأول",
    "تشرين الثاني",
    "ديسمبر (كانون الأول)",
]
WEEKDAYS_AR = ["الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"]
DAYS = st.dates(date(1980, 1, 1), date(2026, 12, 31))
FORMS_EN = [
    "{d:%-d %B %Y}",
    "{d:%B %-d, %Y}",
    "{d:%-d %b %Y}",
    "{d:%Y-%m-%d}",
    "{d:%d/%m/%Y}",
    "{d:%d.%m.%Y}",
    "{d:%A, %B %-d, %Y}",
    "{d:%A %-d %B %Y}",
]
FORMS_AR = [
    "{d.day} {m} {d.year}",
    "{d.day} من {m} عام {d.year}",
    "{w} {d.day} {m} {d.year}",
    "{w}، {d.day} {m}، {d.year}",
    "{d:%Y-%m-%d}",
    "{d:%d/%m/%Y}",
]


@settings(max_examples=200, deadline=None)
@given(DAYS, st.sampled_from(FORMS_EN))
def test_english_dates_read_back(day: date, form: str) -> None:
    assert periods(f"The post was raided on {form.format(d=day)}.", "en") == [(day, day)]


@settings(max_examples=200, deadline=None)
@given(DAYS, st.sampled_from(FORMS_AR))
def test_arabic_dates_read_back(day: date, form: str) -> None:
    written = form.format(d=day, m=MONTHS_AR[day.month - 1], w=WEEKDAYS_AR[day.weekday()])
    assert periods(f"هوجم الحاجز في {written}.", "ar") == [(day, day)], written


@settings(max_examples=100, deadline=None)
@given(DAYS, st.integers(0, 300))
def test_day_and_month_lie_on_or_before_the_reference(day: date, later: int) -> None:
    reference = day + timedelta(later)
    assert periods(f"The post was raided on {day:%B %-d}.", "en", reference) == [(day, day)]
    assert periods(f"هوجم الحاجز في {day.day} {MONTHS_AR[day.month - 1]}.", "ar", reference) == [(day, day)]


@settings(max_examples=50, deadline=None)
@given(DAYS, st.integers(0, 6))
def test_bare_weekdays_lie_on_or_before_the_reference(reference: date, back: int) -> None:
    day = reference - timedelta(back)
    assert periods(f"هوجم الحاجز {WEEKDAYS_AR[day.weekday()]}.", "ar", reference) == [(day, day)]
    assert periods(f"The post was raided on {day:%A}.", "en", reference) == [(day, day)]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200), st.sampled_from(("ar", "en")), st.none() | DAYS)
def test_never_raises(text: str, language: str, published: date | None) -> None:
    dates(text, language, published)


def test_a_weekday_fixes_the_year_among_the_years_of_the_article() -> None:
    text = (
        "هاجم مسلحون القرية الخميس، 12 أيار/مايو، وكان الاتفاق قد وقع الأسبوع الماضي.\n"
        "وصدر القرار في أكتوبر/تشرين الأول 2015 ويسري إلى 15 كانون الأول/ديسمبر 2016.\nوتجدد القصف الخميس."
    )
    found = dates(text, "ar", None)
    assert found.reference.day == date(2016, 5, 12)
    spans = [(m.first, m.last) for m in found.mentions]
    assert (date(2016, 5, 2), date(2016, 5, 8)) in spans
    assert spans[0] == spans[-1] == (date(2016, 5, 12), date(2016, 5, 12))


@pytest.mark.parametrize(
    "text, language, day",
    [
        ("Saturday 5 Apr 2014 Rebels take a hill. They took it on Friday.", "en", date(2014, 4, 5)),
        ("Rebels take a hill\nPublished April 5 2014\nThey took it on Friday.", "en", date(2014, 4, 5)),
        ("05-04-2014 Rebels take a hill", "en", date(2014, 4, 5)),
        ("Rebels took a hill on 5 April 2014.", "en", WEDNESDAY),
        ("قتل جندي اليوم الثلاثاء قرب المعبر", "ar", date(2014, 5, 13)),
        ("قتل جندي أمس الاثنين قرب المعبر", "ar", date(2014, 5, 13)),
        ("دمشق 12 مايو (وكالة) قتل جندي", "ar", date(2014, 5, 12)),
    ],
)
def test_reference_day(text: str, language: str, day: date) -> None:
    assert dates(text, language).reference.day == day


def test_a_quotation_and_another_event() -> None:
    quoted, plain = dates("قال «قصفت القرية أمس» ثم زارها أمس", "ar").mentions
    assert quoted.in_quote and not plain.in_quote
    after = dates("a week after the siege began", "en").mentions[0]
    assert after.first is None and resolve_after(after, WEDNESDAY) == date(2014, 5, 7)
    assert default_period(WEDNESDAY) == (date(2014, 5, 13), WEDNESDAY, 2)


def test_linear_time() -> None:
    assert len(periods("هوجم الحاجز مساء أمس الثلاثاء. " * 2000, "ar")) == 2000
