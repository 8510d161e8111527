"""Write anew what the program codes from the sample: ``python -m tests.golden.refresh``, from the checkout.

``sample_claims.jsonl`` holds each claim with its evidence, one a line, sorted. Run this after a change of the
rules or the code that is meant to change the coding, and read the difference before it is committed.
"""

import json
from pathlib import Path
from typing import Any

from coder import Knowledge, code_article
from coder.model import Article
from coder.paths import data_dir
from coder.reading import Defaults, Limits, load_roles, read
from coder.show import claim_json

GOLDEN = Path(__file__).parent / "sample_claims.jsonl"
SAMPLE = data_dir() / "sample"
_CHANGES_WITH_ANY_EDIT = "knowledge_hash"


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


if __name__ == "__main__":
    GOLDEN.write_text(lines(coded_rows(sample_articles())), encoding="utf-8")
    print(f"{GOLDEN}: written; git diff shows what has changed")
