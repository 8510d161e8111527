"""Lists of places behind a plural, also of names that the gazetteer lacks: an event at each."""

from __future__ import annotations

from datetime import date

import pytest

from coder.coding.code import code_article
from coder.knowledge import Knowledge
from coder.model import Article, Part


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return Knowledge.load()


def places(text: str, knowledge: Knowledge) -> list[str]:
    """The words that name the places of the events of an English article of one part."""
    part = Part(0, len(text), "body")
    article = Article("a", "outlet", None, None, None, date(2016, 5, 3), "en", text, (part,))
    spans = [e for c in code_article(article, knowledge) for e in c.evidence if e.column == "location"]
    return sorted(e.text for e in spans)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jets struck Nabatieh, Tyre and Baalbek in Lebanon.", ["Nabatieh", "Tyre", "Baalbek"]),
        (
            "Gunmen raided the villages of Dorawa, Gidan Zuma and Kwaba in Nigeria, killing ten people.",
            ["Dorawa", "Gidan Zuma", "Kwaba"],
        ),
        (
            "Regime jets bombed the towns and villages of Saraqib, Kafr Zawra and Binnish in Syria.",
            ["Saraqib", "Kafr Zawra", "Binnish"],
        ),
        (
            "Regime jets bombed the villages of Zawra Kafr Marwa Saraqib and Binnish in Syria.",
            ["Zawra", "Kafr Marwa", "Saraqib", "Binnish"],
        ),
        ("Jets bombed Saraqib Binnish and Jisr al-Shughur in Syria.", ["Saraqib", "Binnish", "Jisr al-Shughur"]),
        ("Gunmen raided the village of Dorawa in Nigeria, killing ten people.", ["village of Dorawa"]),
        (
            "Gunmen raided the villages of Dorawa and Kwaba, Smith Oduya told us in Nigeria, killing ten people.",
            ["Dorawa", "Kwaba"],
        ),
    ],
)
def test_an_event_at_each(text: str, expected: list[str], knowledge: Knowledge) -> None:
    assert places(text, knowledge) == sorted(expected)
