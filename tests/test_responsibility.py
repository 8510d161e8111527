"""Who is held responsible, and who says it was they: accounts of an event that was told before."""

from __future__ import annotations

from datetime import date

import pytest

from coder.coding.code import code_article
from coder.knowledge import Knowledge
from coder.model import Article, Claim, Part

KNOWLEDGE = Knowledge.load()
BLAST = {
    "en": "A bomb exploded at a market in Kano on Monday, killing five people. ",
    "ar": "انفجرت قنبلة في سوق بمدينة كانو يوم الاثنين ما أدى إلى مقتل خمسة أشخاص. ",
}
GROUP = "Boko Haram - Jamatu Ahli is-Sunnah lid-Dawatai wal-Jihad"


def told(language: str, tail: str) -> list[Claim]:
    text = BLAST[language] + tail
    parts = (Part(0, len(text), "body"),)
    article = Article("a", "Daily Note", None, None, None, date(2026, 6, 10), language, text, parts)
    return [claim for claim in code_article(article, KNOWLEDGE) if claim.kind == "event"]


@pytest.mark.parametrize(
    "language, tail, claimant, responsibility",
    [
        ("en", "Police blamed Boko Haram.", "Police", "accused"),
        ("en", "Authorities attributed the attack to Boko Haram.", "Authorities", "accused"),
        ("en", "Boko Haram claimed responsibility.", "Boko Haram", "claimed"),
        ("en", "Boko Haram took credit for the bombing.", "Boko Haram", "claimed"),
        ("en", "Boko Haram said in a statement that it was behind the attack.", "Boko Haram", "claimed"),
        ("ar", "وحملت الشرطة جماعة بوكو حرام المسؤولية.", "الشرطة", "accused"),
        ("ar", "واتهمت السلطات بوكو حرام بالوقوف وراء الهجوم.", "السلطات", "accused"),
        ("ar", "وأعلنت بوكو حرام مسؤوليتها.", "بوكو حرام", "claimed"),
    ],
)
def test_an_account_of_its_own(language: str, tail: str, claimant: str, responsibility: str) -> None:
    first, second = told(language, tail)
    assert (second.claimant_text, second.responsibility) == (claimant, responsibility)
    assert second.actor1 == GROUP
    assert second.sub_event_type == first.sub_event_type == "Remote explosive/landmine/IED"
    assert second.fatalities_low is None


@pytest.mark.parametrize(
    "language, tail",
    [
        ("en", "Boko Haram has been blamed for the attack."),
        ("en", "Suspicion fell on Boko Haram."),
        ("en", "The attack bore the hallmarks of Boko Haram."),
        ("ar", "وتتجه أصابع الاتهام إلى بوكو حرام."),
        ("ar", "ويحمل الهجوم بصمات بوكو حرام."),
    ],
)
def test_blame_in_nobody_s_name_names_the_doer(language: str, tail: str) -> None:
    assert [claim.actor1 for claim in told(language, tail)] == [GROUP]


@pytest.mark.parametrize(
    "language, tail",
    [
        ("en", "No group has claimed responsibility."),
        ("en", "The coach blamed the referee."),
        ("ar", "ولم تعلن أي جهة مسؤوليتها."),
        ("ar", "وحمل المدرب الحكم المسؤولية."),
    ],
)
def test_nobody_armed_is_named(language: str, tail: str) -> None:
    (only,) = told(language, tail)
    assert only.actor1 is not None and only.actor1.startswith("Unidentified")


@pytest.mark.parametrize(
    "language, tail, claimant",
    [
        ("en", "The Nigerian army denied any role.", "The Nigerian army"),
        ("en", "Boko Haram rejected the accusations.", "Boko Haram"),
        ("ar", "ونفت بوكو حرام ذلك.", "بوكو حرام"),
    ],
)
def test_a_denial_is_an_account_that_names_no_doer(language: str, tail: str, claimant: str) -> None:
    first, second = told(language, tail)
    assert (second.claimant_text, second.responsibility, second.modality) == (claimant, "denied", "denied")
    assert second.sub_event_type == first.sub_event_type


@pytest.mark.parametrize("tail", ["The bank denied it.", "The minister rejected claims that prices were rising."])
def test_nothing_before_nothing_denied(tail: str) -> None:
    body = "Shops opened late in Kano on Monday. " + tail
    article = Article("a", "Daily Note", None, None, None, date(2026, 6, 10), "en", body, (Part(0, len(body), "body"),))
    assert [claim for claim in code_article(article, KNOWLEDGE) if claim.kind == "event"] == []
