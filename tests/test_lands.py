"""A direction and a word for the country tell a region of the country that the text is about; roads are one place."""

from __future__ import annotations

from datetime import date

import pytest

from coder.coding.code import code_article
from coder.knowledge import Knowledge
from coder.model import Article, Part


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return Knowledge.load()


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("ar", "قتلت قوات الأمن التركية ثلاثة متمردين جنوب شرق البلاد.", ["Diyarbakir"]),
        ("en", "Syrian troops clashed with rebels in the north of the country.", ["Aleppo"]),
        ("en", "An ambush on the road between Kadugli and Dilling killed five soldiers in Sudan.", ["Kadugli"]),
        ("en", "Shells fell on Kadugli and Dilling in Sudan, killing five soldiers.", ["Kadugli", "Dilling"]),
    ],
)
def test_places(language: str, text: str, expected: list[str], knowledge: Knowledge) -> None:
    article = Article("a", "outlet", None, None, None, date(2016, 5, 3), language, text, (Part(0, len(text), "body"),))
    claims = [c for c in code_article(article, knowledge) if c.kind == "event"]
    assert [c.location for c in claims] == expected
