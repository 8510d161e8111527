"""The sample: every form of input, gold claims that keep to the coding manual, the program's own output."""

import json
import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from golden.refresh import GOLDEN, README, SAMPLE, coded_rows, lines, readme, sample_articles

from coder import Knowledge, code_article
from coder.codebook import event_type_of, names
from coder.model import Article
from coder.paths import data_dir
from coder.reading import Defaults, Limits, load_roles, read

VERBATIM = ("claimant_text", "actor1_text", "actor2_text", "location_text", "date_text", "fat_text")
VOCABULARIES = {
    "modality": "modality",
    "claimant_type": "claimant_types",
    "channel": "channels",
    "claimant_side": "claimant_sides",
    "responsibility": "responsibility",
    "sub_event_type": "sub_event_types",
}
_TAUGHT = re.compile(r"<!-- teach:(\S+) -->\n```\w+\n(.*?)```", re.DOTALL)
LEAST_FOUND = 0.8  # share of the gold claims whose quote some coded event touches


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    return sample_articles()


@pytest.fixture(scope="module")
def rows(articles: list[Article]) -> list[dict[str, Any]]:
    return coded_rows(articles)


def gold() -> dict[str, list[dict[str, Any]]]:
    """The gold claims by article."""
    text = (SAMPLE / "gold" / "claims.jsonl").read_text("utf-8")
    return {row["article_id"]: row["claims"] for row in map(json.loads, text.splitlines())}


def gold_claims() -> list[tuple[str, dict[str, Any]]]:
    return [(article_id, claim) for article_id, claims in gold().items() for claim in claims]


def test_the_sample_holds_every_form_of_input_and_both_languages(articles: list[Article]) -> None:
    assert {Path(a.source_file or "").suffix for a in articles} == {".txt", ".jsonl", ".csv", ".html"}
    assert min(Counter(a.language for a in articles).values()) >= 7
    assert [a.article_id for a in articles if a.encoding == "windows-1256"] == ["sample-syria-saraqib"]
    assert sum(a.published is None for a in articles) == 2


def test_gold_articles_are_the_articles_as_read(articles: list[Article]) -> None:
    read = {a.article_id: a for a in articles}
    rows = json.loads((SAMPLE / "gold" / "articles.json").read_text("utf-8"))
    assert {row["id"] for row in rows} == set(read) == set(gold())
    for row in rows:
        article = read[row["id"]]
        assert article.text == (row["title"] + "\n" if row["title"] else "") + row["text"]
        assert (article.outlet or "", str(article.published or "")) == (row["outlet"], row["date"])


def test_quotes_stand_once_in_the_body_and_texts_are_verbatim(articles: list[Article]) -> None:
    read = {a.article_id: a for a in articles}
    for article_id, claim in gold_claims():
        article = read[article_id]
        assert article.text.count(claim["quote"]) == 1, claim["quote"]
        start = article.text.index(claim["quote"])
        assert {p.role for p in article.parts if p.start < start + 1 <= p.end} <= {"title", "body"}
        for column in VERBATIM:
            assert claim[column] in article.text, (article_id, column, claim[column])


def test_gold_values_are_of_the_codebook() -> None:
    inters = len(names("inter"))
    for _, claim in gold_claims():
        for column, vocabulary in VOCABULARIES.items():
            assert claim[column] in names(vocabulary), claim
        assert claim["event_type"] == event_type_of(claim["sub_event_type"])
        assert bool(claim["actor1"]) and 1 <= claim["inter1"] <= inters
        assert bool(claim["actor2"]) == bool(claim["inter2"]) and claim["inter2"] <= inters
        assert claim["geo_precision"] in (1, 2, 3) and claim["country"]
        assert date.fromisoformat(claim["date_start"]) <= date.fromisoformat(claim["date_end"])
        for low, high in (("fat_low", "fat_high"), ("inj_low", "inj_high")):
            assert claim[high] is None or claim[low] <= claim[high]


def test_claims_of_one_event_agree_on_its_kind_and_country() -> None:
    events: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for article_id, claim in gold_claims():
        key = (article_id, claim["event"])
        events.setdefault(key, set()).add((claim["event_type"], claim["country"]))
    assert {key: kinds for key, kinds in events.items() if len(kinds) > 1} == {}


def test_most_gold_claims_are_found(rows: list[dict[str, Any]], articles: list[Article]) -> None:
    texts = {a.article_id: a.text for a in articles}
    found = 0
    for article_id, claim in gold_claims():
        start = texts[article_id].index(claim["quote"])
        end = start + len(claim["quote"])
        found += any(
            row["article_id"] == article_id and row["kind"] == "event" and row["start"] < end and row["end"] > start
            for row in rows
        )
    assert found >= LEAST_FOUND * len(gold_claims())


def test_output_is_the_golden_one(rows: list[dict[str, Any]]) -> None:
    if lines(rows) == GOLDEN.read_text("utf-8"):
        return
    expected = [json.loads(line) for line in GOLDEN.read_text("utf-8").splitlines()]
    pytest.fail(
        f"the coding of the sample has changed; if it is meant to, run python -m tests.golden.refresh\n"
        f"{_difference(expected, rows)}",
        pytrace=False,
    )


def test_the_readme_shows_a_claim_as_it_comes_out(articles: list[Article]) -> None:
    text = README.read_text("utf-8")
    assert readme(text, articles) == text, "run python -m tests.golden.refresh"


def test_the_links_of_the_readme_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README.read_text("utf-8"))
    assert links and [link for link in links if not (README.parent / link).exists()] == []


def test_the_readme_teaches_what_it_says(tmp_path: Path) -> None:
    for name, content in _TAUGHT.findall(README.read_text("utf-8")):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    (article,) = read([tmp_path / "article.txt"], Defaults(), Limits(), load_roles([data_dir()]))
    assert isinstance(article, Article)
    (before,) = code_article(article, Knowledge.load())
    (claim,) = code_article(article, Knowledge.load([tmp_path / "myproject"]))
    assert before.kind == "statement"
    assert (claim.sub_event_type, claim.actor1, claim.actor2, claim.location) == (
        "Armed clash",
        "Wadi Shield",
        "Military Forces of Libya (2021-)",
        "Tazmirat",
    )
    assert (claim.date_start, claim.fatalities_best) == (date(2022, 5, 9), 2)
    assert claim.source_claimant == "residents"


def _difference(expected: list[dict[str, Any]], rows: list[dict[str, Any]]) -> str:
    """A line for each claim that came, went or changed."""
    before, now = ({row["claim_id"]: row for row in table} for table in (expected, rows))
    out = []
    for claim_id in sorted(before.keys() | now.keys()):
        old, new = before.get(claim_id), now.get(claim_id)
        if old is None or new is None:
            out.append(f"{claim_id}: {'new' if old is None else 'gone'}")
            continue
        changed = [c for c in old.keys() | new.keys() if old.get(c) != new.get(c)]
        for column in sorted(changed):
            shown = "" if column == "evidence" else f": {old.get(column)!r} -> {new.get(column)!r}"
            out.append(f"{claim_id}: {column}{shown}")
    return "\n".join(out)
