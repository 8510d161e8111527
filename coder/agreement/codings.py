"""Codings of articles in one form: gold files, our tables, or claims as JSON lines."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from coder.codebook import entries
from coder.dataset.folder import Folder
from coder.errors import UserError

Claim = dict[str, Any]
"""A claim by the names of the claims table, with ``start`` and ``end``."""

GOLD_NAMES: Mapping[str, str] = {
    "quote": "text",
    "channel": "source_channel",
    "platform": "source_platform",
    "outlet": "source_outlet",
    "fat_low": "fatalities_low",
    "fat_high": "fatalities_high",
    "fat_text": "fatalities_text",
    "fat_estimated": "fatalities_estimated",
    "inj_low": "injured_low",
    "inj_high": "injured_high",
}
"""Names of a gold file, and those of the claims table."""


class CodingError(UserError):
    """A coding cannot be read; the message names the file, the article and what is wrong."""


@dataclass(frozen=True, slots=True)
class Coding:
    """The event claims of one coder by article; an article without any is there with an empty list."""

    claims: Mapping[str, list[Claim]]
    columns: frozenset[str]


def read_coding(path: Path, texts: Mapping[str, str]) -> Coding:
    """A coding from a dataset's folder, a table of claims (Parquet, CSV), or JSON lines (gold or claims).

    ``texts`` are the articles' texts by id: a gold claim without offsets is found in them by its quote.
    Raises CodingError or FolderError where that cannot be done.
    """
    if path.is_dir():
        folder = Folder(path)
        ids = [row["article_id"] for row in folder.rows("articles", ["article_id"])] if folder.has("articles") else []
        return _coding(folder.rows("claims"), ids)
    if not path.is_file():
        raise CodingError(f"{path}: no such file or folder; name a dataset, a table of claims or a gold file")
    if path.suffix == ".jsonl":
        return _from_lines(path, texts)
    return _coding(_table(path).to_pylist(), ())


def read_texts(path: Path) -> dict[str, str]:
    """The articles' texts by id, from a JSON array, JSON lines, or a dataset's folder.

    A JSON article has ``id`` or ``article_id``, ``title`` (or none) and ``text``, the body.
    """
    if path.is_dir():
        return {row["article_id"]: row["text"] for row in Folder(path).rows("articles", ["article_id", "text"])}
    try:
        content = path.read_text(encoding="utf-8")
        rows = json.loads(content) if content.lstrip().startswith("[") else list(map(json.loads, content.splitlines()))
        return {row.get("id") or row["article_id"]: _text(row) for row in rows}
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise CodingError(f"{path}: cannot be read as articles ({error!r}); expected id, title, text") from error


def _text(row: Mapping[str, Any]) -> str:
    return (f"{row['title']}\n" if row.get("title") else "") + str(row["text"])


def beside(gold: Path) -> Path | None:
    """The articles of a gold file that stand beside it: ``x.jsonl`` and ``x_articles.json``."""
    articles = gold.with_name(f"{gold.stem}_articles.json")
    return articles if gold.suffix == ".jsonl" and articles.is_file() else None


def _table(path: Path) -> pa.Table:
    try:
        if path.suffix == ".parquet":
            return pq.read_table(path)
        return pacsv.read_csv(path, parse_options=pacsv.ParseOptions(newlines_in_values=True))
    except (pa.ArrowException, OSError) as error:
        raise CodingError(f"{path}: cannot be read as a table of claims ({error})") from error


def _from_lines(path: Path, texts: Mapping[str, str]) -> Coding:
    rows: list[Claim] = []
    ids: list[str] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            article = record["article_id"]
        except (ValueError, KeyError, TypeError) as error:
            raise CodingError(f"{path}, line {number}: is no claim and no article ({error!r})") from error
        if "claims" not in record:
            rows.append(record)
            continue
        ids.append(article)
        rows.extend(_gold_claim(path, article, claim, texts) for claim in record["claims"])
    return _coding(rows, ids)


def _gold_claim(path: Path, article: str, claim: Mapping[str, Any], texts: Mapping[str, str]) -> Claim:
    named = {GOLD_NAMES.get(name, name): value for name, value in claim.items()}
    if "start" in named:
        return {"article_id": article, **named}
    if article not in texts:
        raise CodingError(f"{path}: {article}: its text is not there to find the quotes in; give --articles")
    start = texts[article].find(named["text"])
    if start < 0:
        raise CodingError(f"{path}: {article}: the quote {named['text'][:60]!r} is not in the article")
    return {"article_id": article, **named, "start": start, "end": start + len(named["text"])}


def _coding(rows: "Iterator[Claim] | list[Claim]", articles: "list[str] | tuple[()]") -> Coding:
    claims: dict[str, list[Claim]] = defaultdict(list, {article: [] for article in articles})
    columns: set[str] = set()
    for row in rows:
        if row.get("kind", "event") == "event":
            columns |= row.keys()
            claims[row["article_id"]].append({**row, **{side: _side(row.get(side)) for side in ("inter1", "inter2")}})
    return Coding(dict(claims), frozenset(columns))


def _side(value: object) -> str | None:
    """The codebook's name of a kind of side, also where a coding gives its number, or a plural as ACLED once did."""
    if value is None or value == "" or value != value or str(value) in ("0", "0.0"):
        return None
    for entry in entries("inter"):
        if str(value) in (str(entry.code), f"{entry.code}.0") or _singular(str(value)) == _singular(entry.name):
            return entry.name
    return str(value)


def _singular(kind: str) -> str:
    return re.sub(r"s\b", "", kind.casefold())
