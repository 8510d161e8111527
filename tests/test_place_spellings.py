"""Latin spellings of names of another script: one form, behind a cue, in the countries of the article."""

from __future__ import annotations

import pytest

from coder.coding.reader import ArticleReader
from coder.knowledge import Knowledge
from coder.model import Article, Part


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return Knowledge.load()


def named(text: str, knowledge: Knowledge) -> set[str]:
    """The names of the places that an English article of one part speaks of."""
    part = Part(0, len(text), "body")
    reader = ArticleReader(Article("a", "outlet", None, None, None, None, "en", text, (part,)), knowledge)
    return {p.place.name for p in reader.places.named}


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("Kefr Naboul", "Kafr Nabl"),
        ("al-Bab", "Al Bab"),
        ("Tel Rifa'at", "Tell Rifaat"),
        ("Sarmeen", "Sarmin"),
        ("Jebel Akrad", "Jabal al-Akrad"),
        ("Dera'a", "Daraa"),
    ],
)
def test_a_spelling_behind_a_cue_is_the_place(spelling: str, name: str, knowledge: Knowledge) -> None:
    assert name in named(f"Troops clashed with rebels in {spelling} in Syria.", knowledge)


def test_no_other_word_is_a_spelling(knowledge: Knowledge) -> None:
    assert named("The Observatory said that Sarmeen, a spokesman, spoke to the War Council in Syria.", knowledge) == {
        "Syria"
    }


def test_the_country_must_be_spoken_of(knowledge: Knowledge) -> None:
    assert "Sarmin" not in named("Troops clashed with rebels in Sarmeen in Nigeria.", knowledge)
