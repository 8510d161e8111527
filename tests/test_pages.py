"""What pages of news sites and monitors hold beside their story, and how they name who did it."""

from __future__ import annotations

from datetime import date

from coder.coding.code import code_article
from coder.knowledge import Knowledge
from coder.model import Article, Part
from coder.paths import data_dir
from coder.reading.role_rules import load_roles
from coder.reading.roles import tag_parts

KNOWLEDGE = Knowledge.load()


def told(text: str) -> list[str]:
    article = Article("a", "paper", None, None, None, date(2023, 5, 15), "en", text, (Part(0, len(text), "body"),))
    return [str(c.sub_event_type) for c in code_article(article, KNOWLEDGE) if c.kind == "event"]


def test_the_list_that_a_sum_opens_tells_of_no_event() -> None:
    text = (
        "Gunmen killed a shepherd near Palmyra on Sunday.\n"
        "The monitor has documented 75 operations since early 2023, and they are as follows:\n"
        "• 27 militants were killed in clashes with the army in Homs.\n"
        "• 16 civilians were killed in attacks near Palmyra."
    )
    assert told(text) == ["Attack"]


def test_a_list_of_the_day_tells_of_its_events() -> None:
    text = "On Sunday the network reported two attacks:\n• Gunmen killed a farmer in Daraa.\n• Jets bombed Idlib."
    assert told(text) == ["Attack", "Air/drone strike"]


def test_one_man_killed_is_a_victim() -> None:
    assert told("A man was killed in Daraa by unknown gunmen.") == ["Attack"]


def test_forces_that_march_and_block_roads_demonstrate_nothing() -> None:
    assert told("Troops blocked the roads leading to Latakia.") == []
    assert told("Residents blocked the roads leading to Latakia.") == ["Peaceful protest"]


def test_a_line_that_repeats_the_title_is_no_body() -> None:
    title = "Two farmers killed by shelling in the south"
    body = "Shells hit a field near the town, killing two farmers on Monday."
    text = f"{title}\nHomeNewsTwo farmers killed by shelling...\n{title}\n{body}"
    roles = [p.role for p in tag_parts(text, title, load_roles([data_dir()]))]
    assert roles == ["title", "heading", "heading", "body"]


def sides(text: str) -> tuple[str | None, str | None]:
    article = Article("a", "paper", None, None, None, date(2023, 5, 15), "en", text, (Part(0, len(text), "body"),))
    claim = next(c for c in code_article(article, KNOWLEDGE) if c.kind == "event")
    return claim.actor1_text, claim.actor2_text


def test_a_country_owns_the_forces_behind_it() -> None:
    assert sides("Turkey's forces shelled Tal Rifaat.")[0] == "Turkey's forces"


def test_a_name_and_its_abbreviation_are_one() -> None:
    text = "The Syrian Democratic Forces (SDF), backed by helicopters, arrested two farmers in Zer."
    assert sides(text)[0] == "Syrian Democratic Forces (SDF)"
    assert told(text) == ["Abduction/forced disappearance"]


def test_a_doer_in_quotation_marks_is_the_doer() -> None:
    assert sides("Two brothers were killed by “armed groups” in Baniyas.")[0] == "“armed groups”"
