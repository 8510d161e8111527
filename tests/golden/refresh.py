"""Write anew what the program codes from the sample: ``python -m tests.golden.refresh``, from the checkout.

``sample_claims.jsonl`` holds each claim with its evidence, one a line, sorted; the README shows one of them.
Run this after a change of the rules or the code that is meant to change the coding, and read the difference
before it is committed.
"""

import io
import json
from pathlib import Path
from typing import Any

from rich.console import Console

from coder import Knowledge, code_article
from coder.model import Article
from coder.paths import data_dir
from coder.reading import Defaults, Limits, load_roles, read
from coder.show import NARROWEST, claim_json, claim_table

GOLDEN = Path(__file__).parent / "sample_claims.jsonl"
README = Path(__file__).parent.parent.parent / "README.md"
SAMPLE = data_dir() / "sample"
BEGIN, END = "<!-- example: written by python -m tests.golden.refresh -->\n", "<!-- end of example -->\n"
_CHANGES_WITH_ANY_EDIT = "knowledge_hash"
_SHOWN_ARTICLE = "sample-mali-bankass"
_SHOWN = {
    "source_claimant",
    "claimant_type",
    "source_channel",
    "source_chain",
    "sub_event_type",
    "actor1",
    "inter1",
    "actor2",
    "location",
    "admin1",
    "geo_precision",
    "date_start",
    "fatalities_low",
    "confidence",
}


def sample_articles() -> list[Article]:
    """The articles of the sample, sorted by identifier. Raises AssertionError where one cannot be read."""
    records = list(read([SAMPLE / "articles"], Defaults(), Limits(), load_roles([data_dir()])))
    assert all(isinstance(record, Article) for record in records), records
    return sorted((r for r in records if isinstance(r, Article)), key=lambda article: article.article_id)


def coded_rows(articles: list[Article]) -> list[dict[str, Any]]:
    """The claims of the articles with their evidence, without what every edit of the data changes."""
    knowledge = Knowledge.load()
    rows = [json.loads(claim_json(claim)) for a in articles for claim in code_article(a, knowledge)]
    for row in rows:
        del row[_CHANGES_WITH_ANY_EDIT]
    return rows


def lines(rows: list[dict[str, Any]]) -> str:
    """The rows as they stand in the golden file."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def example(articles: list[Article]) -> str:
    """The first claim of one article as ``coder code`` shows it, cut to some of its columns."""
    article = next(a for a in articles if a.article_id == _SHOWN_ARTICLE)
    out = io.StringIO()
    claim = code_article(article, Knowledge.load())[0]
    Console(file=out, width=NARROWEST).print(claim_table(claim))
    kept, shown = [], True
    for line in out.getvalue().splitlines():
        column = line[1:].split("│")[0].strip() if line.startswith("│") else None
        shown = shown if column == "" else column is None or column in _SHOWN
        if shown:
            kept.append(f"    {line.rstrip()}\n")
    return "".join(kept)


def readme(text: str, articles: list[Article]) -> str:
    """The text of the README with the example as it comes out now."""
    before, rest = text.split(BEGIN)
    return before + BEGIN + "\n" + example(articles) + "\n" + END + rest.split(END)[1]


if __name__ == "__main__":
    found = sample_articles()
    GOLDEN.write_text(lines(coded_rows(found)), encoding="utf-8")
    README.write_text(readme(README.read_text("utf-8"), found), encoding="utf-8")
    print(f"{GOLDEN} and {README}: written; git diff shows what has changed")
