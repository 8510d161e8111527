"""Gold articles as the coder reads them, and the pairing of coded with gold claims (for measuring only).

The gold stands in a folder outside the repository: ``NAME.jsonl`` with the claims and ``NAME_articles.json``
with the articles, as described in its README.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

from coder.codebook import inter_number
from coder.model import Article, Claim
from coder.paths import data_dir
from coder.reading import load_roles
from coder.reading.roles import tag_parts

SHARED = Path(__file__).resolve().parents[2] / "shared"
SETS = ("ar_train", "en_train", "ar_dev", "en_dev")


def scorer(shared: Path = SHARED) -> ModuleType:
    """The scorer's own module, so that pairing and fields are its own."""
    spec = importlib.util.spec_from_file_location("score_claims", shared / "tools" / "score_claims.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(f"no scorer in {shared}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def articles(name: str, shared: Path = SHARED) -> Iterator[Article]:
    """The articles of a gold set, in its order."""
    roles = load_roles([data_dir()])
    for raw in json.loads((shared / "gold" / f"{name}_articles.json").read_text("utf-8")):
        title = raw["title"] or None
        text = (raw["title"] + "\n" if title else "") + raw["text"]
        published = date.fromisoformat(raw["date"][:10]) if raw["date"] else None
        yield Article(
            raw["id"],
            raw["outlet"],
            raw.get("url") or None,
            title,
            raw.get("author") or None,
            published,
            name[:2],
            text,
            tag_parts(text, title, roles),
        )


def gold(name: str, shared: Path = SHARED) -> dict[str, list[dict[str, Any]]]:
    """The gold claims by article, with their spans."""
    folder = shared / "gold"
    return scorer(shared).load_gold(str(folder / f"{name}.jsonl"), str(folder / f"{name}_articles.json"))  # type: ignore[no-any-return]


def row(claim: Claim) -> dict[str, Any]:
    """A claim as the scorer reads it; the kinds of sides as numbers, since its names are not the codebook's."""
    values = {name: getattr(claim, name) for name in claim.__slots__ if name != "evidence"}
    values["inter1"], values["inter2"] = inter_number(claim.inter1), inter_number(claim.inter2)
    return values


def pair(
    score: ModuleType, golds: Sequence[Mapping[str, Any]], coded: Sequence[Mapping[str, Any]]
) -> list[tuple[int, int]]:
    """The scorer's assignment of gold to coded claims of one article."""
    pairs = {}
    for i, g in enumerate(golds):
        for j, p in enumerate(coded):
            overlap = min(g["end"], p["end"]) - max(g["start"], p["start"])
            if overlap > 0:
                pairs[i, j] = 1 + sum(score.agree(g, p).values()) + overlap / 1e6
    return list(score.assign(pairs)) if pairs else []
