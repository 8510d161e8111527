"""The two sides of a claim: whose weapons, who fell, who borrows from whom (codebook section 4)."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from coder.coding.code import code_article
from coder.knowledge import Knowledge
from coder.model import Article, Claim, Part

ARMY = "Military Forces of Syria (2000-2024)"
REBELS = "Opposition Rebels (Syria)"
HOUTHIS = "Houthi forces (Ansar Allah)"


@cache
def _knowledge() -> Knowledge:
    return Knowledge.load()


def _events(text: str, language: str) -> list[Claim]:
    article = Article("a", "gazette", None, None, None, date(2015, 8, 1), language, text, (Part(0, len(text), "body"),))
    return [c for c in code_article(article, _knowledge()) if c.kind == "event"]


@pytest.mark.parametrize(
    ("text", "language", "one", "two"),
    [
        ("أصابت مقذوفات حوثية مدرسة في مدينة تعز وقتلت طفلين يوم الجمعة.", "ar", HOUTHIS, "Civilians (Yemen)"),
        ("Four regime soldiers and six rebel fighters were killed in battles in Homs.", "en", ARMY, REBELS),
        ("قالت الشرطة إنه تم اعتقال ثلاثة رجال في بغداد أمس.", "ar", "Police Forces of Iraq (2014-2018)", None),
        ("A Daesh suicide bomber struck Mosul and killed four people on Friday.", "en", "Islamic State (Iraq)", None),
        (
            "اندلعت صدامات بين الأمن ومتظاهرين في القاهرة أمس.",
            "ar",
            "Rioters (Egypt)",
            "Police Forces of Egypt (2014-)",
        ),
        ("اقتحم عشرات المستوطنين باحات المسجد الأقصى في القدس أمس.", "ar", "Settlers (Israel)", ""),
    ],
)
def test_the_sides_of_a_sentence(text: str, language: str, one: str, two: str | None) -> None:
    claims = _events(text, language)
    assert [c.actor1 for c in claims] == [one]
    assert two is None or (claims[0].actor2 or "") == two


def test_a_doer_goes_on_to_the_next_shelling() -> None:
    claims = _events("Rebels shelled Homs on Friday. Rockets also hit the nearby town of Rastan.", "en")
    assert [c.actor1 for c in claims] == [REBELS, REBELS]


def test_a_strike_on_a_town_borrows_no_target() -> None:
    text = (
        "Regime jets bombed Idlib on Friday, killing four civilians.\nActivists said that air strikes hit Idlib town."
    )
    assert all(not c.actor2 for c in _events(text, "en") if "Activists" in c.text and "jets" not in c.text)


def test_a_base_is_no_group_that_bears_its_name() -> None:
    claims = _events("اقتحم الحوثيون قاعدة الديلمي في صنعاء أمس.\nوقال شهود إن القاعدة تعرضت لقصف مدفعي.", "ar")
    assert claims
    assert all("Qaeda" not in f"{c.actor1} {c.actor2}" for c in claims)
