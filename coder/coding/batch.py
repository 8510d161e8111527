"""Batches of articles to batches of coded articles: the one function that every engine runs.

A batch of articles has the columns of ``ARTICLES``; a batch of coded ones those of ``coded_schema``: a row an
article, in the order given, with its claims and their evidence nested, or with the reason why it has none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import accumulate
from operator import attrgetter
from typing import Any

import pyarrow as pa

from coder.codebook import CodebookError
from coder.coding.code import code_article
from coder.dataset.tables import arrow_schema, claim_column, column_names
from coder.memory import uncollected
from coder.model import Article, Claim, Part

Code = Callable[[Article, Any], Sequence[Claim]]
_Row = tuple[str, Sequence[Claim], str | None]

_PART = pa.struct([("start", pa.int64()), ("end", pa.int64()), ("role", pa.string())])

ARTICLES = pa.schema(
    [
        *((name, pa.string()) for name in ("article_id", "outlet", "url", "title", "author")),
        ("published", pa.date32()),
        *((name, pa.string()) for name in ("language", "text")),
        ("parts", pa.list_(_PART)),
        ("source_file", pa.string()),
    ]
)
"""The columns of ``articles`` that reading fills, and the roles of the text's parts."""

_PLAIN = tuple(name for name in ARTICLES.names if name != "parts")

UNSTORABLE = (pa.ArrowException, CodebookError, UnicodeError, TypeError, AttributeError, OverflowError)
"""What Arrow and the making of its arrays raise where a value is not of its column's type."""


@cache
def coded_schema() -> pa.Schema:
    """The columns of a coded batch: ``article_id``, ``error`` (null where coding went well), ``claims``."""
    evidence = pa.struct([f for f in arrow_schema("evidence") if f.name != "claim_id"])
    claim = pa.struct([*arrow_schema("claims"), pa.field("evidence", pa.list_(evidence))])
    return pa.schema([("article_id", pa.string()), ("error", pa.string()), ("claims", pa.list_(claim))])


def articles_to_batch(articles: Sequence[Article]) -> pa.RecordBatch:
    """Articles as a batch. Raises what stands in ``UNSTORABLE`` where a text is none that Arrow can hold."""
    columns = {name: list(map(attrgetter(name), articles)) for name in _PLAIN}
    columns["parts"] = [[part._asdict() for part in article.parts] for article in articles]
    return pa.RecordBatch.from_arrays([pa.array(columns[f.name], f.type) for f in ARTICLES], schema=ARTICLES)


def batch_to_articles(batch: pa.RecordBatch) -> list[Article]:
    """The articles of a batch, in its order. Raises KeyError where a column is missing."""
    columns = [batch.column(name).to_pylist() for name in (*_PLAIN, "parts")]
    found = []
    for *plain, parts in zip(*columns, strict=True):
        tiles = tuple(Part(part["start"], part["end"], part["role"]) for part in parts)
        found.append(Article(**dict(zip(_PLAIN, plain, strict=True)), parts=tiles))
    return found


def code_batch(batch: pa.RecordBatch, knowledge: Any, code: Code = code_article) -> pa.RecordBatch:
    """Code a batch of articles. Pure; what one article does to the coder touches no other."""
    return code_articles(batch_to_articles(batch), knowledge, code)


def code_articles(articles: Iterable[Article], knowledge: Any, code: Code = code_article) -> pa.RecordBatch:
    """As ``code_batch``, from articles that are objects already."""
    with uncollected():
        coded = [(article.article_id, *_attempt(article, knowledge, code)) for article in articles]
    try:
        return _to_batch(coded)
    except UNSTORABLE:
        return _to_batch([row if row[2] else _storable(*row) for row in coded])


def _attempt(article: Article, knowledge: Any, code: Code) -> tuple[Sequence[Claim], str | None]:
    try:
        return tuple(code(article, knowledge)), None
    except Exception as error:
        return (), described(error)


def described(error: Exception) -> str:
    """An exception as a reject gives it: its class and message, in characters that a table can hold."""
    return f"{type(error).__name__}: {error}".encode("utf-8", "replace").decode()


def _storable(article_id: str, claims: Sequence[Claim], error: str | None) -> _Row:
    """The row, or a failed one where a value of its claims is not of its column's type."""
    try:
        _to_batch([(article_id, claims, error)])
    except UNSTORABLE as wrong:
        return article_id, (), described(wrong)
    return article_id, claims, error


def _to_batch(coded: Sequence[_Row]) -> pa.RecordBatch:
    schema = coded_schema()
    claims = [claim for _, some, _ in coded for claim in some]
    evidence = [e for claim in claims for e in claim.evidence]
    claim_type = schema.field("claims").type.value_type
    evidence_type = claim_type.field("evidence").type.value_type
    columns = [pa.array(claim_column(f.name, claims), f.type) for f in arrow_schema("claims")]
    nested = pa.StructArray.from_arrays(
        [pa.array(list(map(attrgetter(f.name), evidence)), f.type) for f in evidence_type],
        fields=list(evidence_type),
    )
    counts = (len(claim.evidence) for claim in claims)
    columns.append(_lists(counts, nested, claim_type.field("evidence").type))
    rows = pa.StructArray.from_arrays(columns, fields=list(claim_type))
    arrays = [
        pa.array([article_id for article_id, _, _ in coded], pa.string()),
        pa.array([error for _, _, error in coded], pa.string()),
        _lists((len(some) for _, some, _ in coded), rows, schema.field("claims").type),
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _lists(lengths: Iterable[int], values: pa.Array, kind: pa.DataType) -> pa.ListArray:
    offsets = pa.array(accumulate(lengths, initial=0), pa.int32())
    return pa.ListArray.from_arrays(offsets, values, type=kind)


def claims_of(coded: pa.RecordBatch) -> tuple[pa.Table, pa.Table]:
    """The rows of the tables ``claims`` and ``evidence`` in a coded batch, in its order."""
    rows = coded.column("claims").flatten()
    claims = pa.Table.from_arrays([rows.field(name) for name in column_names("claims")], schema=arrow_schema("claims"))
    lists = rows.field("evidence")
    nested = lists.flatten()
    claim_ids = rows.field("claim_id").take(lists.value_parent_indices())
    evidence = [claim_ids, *(nested.field(name) for name in column_names("evidence")[1:])]
    return claims, pa.Table.from_arrays(evidence, schema=arrow_schema("evidence"))
