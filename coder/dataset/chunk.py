"""One chunk of the input: its articles coded, made tables, validated, and written as a run.

Nothing that one article does can harm another: an exception in the coder, a value that is not of its column's
type, a row that breaks a rule become rejects, and the rest goes on.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from coder.coding.batch import UNSTORABLE, Code, claims_of, code_articles, described
from coder.dataset.failures import Failure
from coder.dataset.runs import keyed, write_run
from coder.dataset.tables import objects_to_arrow, to_arrow
from coder.model import Article, Reject
from coder.reading.warc import Page

PAYLOAD_LIMIT = 2_000
"""Characters of a rejected row or article that a reject keeps."""

REASONS_LIMIT = 5
"""Failures of one row that its reject names."""

Record = Article | Reject
"""What reading gives for one record of the input, once the pages of web archives are taken apart."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How much went in and came out of a chunk; what does not add up is a fault of this program."""

    records: int = 0
    articles: int = 0
    articles_rejected: int = 0
    claims_coded: int = 0
    claims: int = 0
    claims_rejected: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        mine, theirs = asdict(self), asdict(other)
        return Counts(**{name: mine[name] + theirs[name] for name in mine})

    def balanced(self) -> bool:
        """Whether every record is an article or a reject, and every claim coded is a row or a reject."""
        return (
            self.records == self.articles + self.articles_rejected
            and self.claims_coded == self.claims + self.claims_rejected
        )


@dataclass(frozen=True, slots=True)
class Chunk:
    """Records in the input's order, each with its place there."""

    places: tuple[int, ...]
    records: tuple[Record | Page, ...]

    def digest(self, salt: str) -> str:
        """Hash of the records and of ``salt``, which stands for all else that the run depends on."""
        whole = hashlib.sha256(f"{salt}\n{self.places}\n".encode())
        for record in self.records:
            whole.update(repr(record).encode("utf-8", "surrogatepass"))
        return whole.hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class Coded:
    """What a chunk gave: the rows of its tables, valid and keyed for sorting, and its counts."""

    tables: Mapping[str, pa.Table]
    counts: Counts


class _Rejects:
    """Rejects by the place of their record in the input, in the order in which they were found."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, Reject]] = []
        self.articles = 0

    def add(self, place: int, reject: Reject) -> None:
        self.rows.append((place, reject))

    def add_record(self, place: int, reject: Reject) -> None:
        self.articles += 1
        self.rows.append((place, reject))

    def add_article(self, place: int, article: Article, stage: str, reason: str) -> None:
        payload = article.text[:PAYLOAD_LIMIT]
        self.add_record(place, Reject(article.source_file, article.article_id, stage, reason, payload))


DIED = "the process that coded it died or overran its deadline; report the article, or take it out of the input"


def run_chunk(chunk: Chunk, code: Code, knowledge: Any, folder: Path, deadly: frozenset[int] = frozenset()) -> Counts:
    """Code a chunk and write its run to ``folder``.

    ``deadly`` are the places of articles that kill the process that codes them: they are rejected untried.
    """
    coded = code_chunk(chunk, code, knowledge, deadly)
    write_run(folder, coded.tables, asdict(coded.counts))
    return coded.counts


def code_chunk(chunk: Chunk, code: Code, knowledge: Any, deadly: frozenset[int] = frozenset()) -> Coded:
    """Code a chunk, validate its rows and key them; what is at fault stands in the table of rejects."""
    rejects = _Rejects()
    articles: dict[int, Article] = {}
    for place, record in zip(chunk.places, chunk.records, strict=True):
        if isinstance(record, Reject):
            rejects.add_record(place, record)
        elif isinstance(record, Page):
            raise TypeError(f"{record.source_file}: a page came to be coded that nobody took apart")
        elif place in deadly:
            rejects.add_article(place, record, "code", DIED)
        else:
            articles[place] = record
    _reject_unstorable(articles, rejects)
    coded = code_articles(articles.values(), knowledge, code)
    errors = coded.column("error").to_pylist()
    for place, error in zip(list(articles), errors, strict=True):
        if error is not None:
            rejects.add_article(place, articles.pop(place), "code", error)
    claims_coded = len(coded.column("claims").flatten())
    tables = _validated(articles, *claims_of(coded), rejects)
    counts = Counts(
        records=len(chunk.records),
        articles=tables["articles"].num_rows,
        articles_rejected=rejects.articles,
        claims_coded=claims_coded,
        claims=tables["claims"].num_rows,
        claims_rejected=claims_coded - tables["claims"].num_rows,
    )
    tables["rejects"] = objects_to_arrow("rejects", [reject for _, reject in rejects.rows])
    return Coded({name: _keyed(name, table, rejects) for name, table in tables.items()}, counts)


def _reject_unstorable(articles: dict[int, Article], rejects: _Rejects) -> None:
    """Take out the articles that no table can hold: half characters, values that are no text."""
    try:
        _articles_table(articles.values(), None)
        return
    except UNSTORABLE:
        pass
    for place, article in list(articles.items()):
        try:
            _articles_table([article], None)
        except UNSTORABLE as error:
            text = str(article.text).encode("utf-8", "replace").decode()
            rejects.add_article(place, replace(article, text=text), "code", described(error))
            del articles[place]


def _articles_table(articles: Iterable[Article], claims: pa.Table | None) -> pa.Table:
    counts = Counter(claims["article_id"].to_pylist() if claims is not None else ())
    return to_arrow("articles", (_article_row(article, counts[article.article_id]) for article in articles))


def _article_row(article: Article, n_claims: int) -> dict[str, object]:
    names = ("article_id", "outlet", "url", "title", "author", "published", "language", "text", "source_file")
    row = {name: getattr(article, name) for name in names}
    sha256 = hashlib.sha256(article.text.encode("utf-8")).hexdigest()
    return {**row, "sha256": sha256, "n_claims": n_claims}


def _validated(
    articles: Mapping[int, Article], claims: pa.Table, evidence: pa.Table, rejects: _Rejects
) -> dict[str, pa.Table]:
    """The valid rows of the chunk; what is not valid joins the rejects."""
    from coder.dataset.validate import to_frame, validate  # late: it loads pandas

    tables = {"articles": _articles_table(articles.values(), claims), "claims": claims, "evidence": evidence}
    failures = validate({name: to_frame(table) for name, table in tables.items()})
    return _without_failing(failures, articles, tables, rejects) if failures else tables


def _without_failing(
    failures: Sequence[Failure],
    articles: Mapping[int, Article],
    tables: Mapping[str, pa.Table],
    rejects: _Rejects,
) -> dict[str, pa.Table]:
    bad_articles = _reasons(failures, "articles", tables["articles"]["article_id"])
    bad_claims = _reasons(failures, "claims", tables["claims"]["claim_id"])
    for claim_id, reasons in _reasons(failures, "evidence", tables["evidence"]["claim_id"]).items():
        bad_claims.setdefault(claim_id, []).extend(reasons)
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in _rows_at_fault(tables["claims"], bad_articles, bad_claims):
        rows.setdefault(row["article_id"], []).append(row)
    for place, article in articles.items():
        whole = bad_articles.get(article.article_id)
        if whole:
            rejects.add_article(place, article, "validate", joined_reasons(whole))
        for row in rows.get(article.article_id, ()):
            own = bad_claims.get(row["claim_id"]) or whole or []
            rejects.add(place, _rejected_claim(row, article, own))
    kept = [article for article in articles.values() if article.article_id not in bad_articles]
    lost = {row["claim_id"] for some in rows.values() for row in some}
    claims = _excluding(tables["claims"], lost)
    evidence = _excluding(tables["evidence"], lost)
    return {"articles": _articles_table(kept, claims), "claims": claims, "evidence": evidence}


def _rows_at_fault(
    claims: pa.Table, articles: Mapping[str, Sequence[str]], claim_ids: Mapping[str, Sequence[str]]
) -> list[dict[str, Any]]:
    own = pc.is_in(claims["claim_id"], value_set=pa.array(list(claim_ids), pa.string()))
    of_article = pc.is_in(claims["article_id"], value_set=pa.array(list(articles), pa.string()))
    rows: list[dict[str, Any]] = claims.filter(pc.or_(own, of_article)).to_pylist()
    return rows


def _excluding(table: pa.Table, claim_ids: Iterable[str]) -> pa.Table:
    known = pa.array(list(claim_ids), pa.string())
    return table.filter(pc.invert(pc.is_in(table["claim_id"], value_set=known)))


def _reasons(failures: Sequence[Failure], table: str, keys: pa.ChunkedArray) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for failure in failures:
        if failure.table == table and failure.row is not None:
            key = str(keys[failure.row].as_py())
            found.setdefault(key, []).append(failure.reason())
    return found


def joined_reasons(reasons: Sequence[str]) -> str:
    """The distinct reasons of one reject, as many as ``REASONS_LIMIT``, as its text."""
    distinct = list(dict.fromkeys(reasons))
    more = len(distinct) - REASONS_LIMIT
    return "; ".join(distinct[:REASONS_LIMIT]) + (f"; and {more} more" if more > 0 else "")


def _rejected_claim(row: Mapping[str, Any], article: Article, reasons: Sequence[str]) -> Reject:
    given = {name: value for name, value in row.items() if value is not None}
    payload = json.dumps(given, ensure_ascii=False, default=str)[:PAYLOAD_LIMIT]
    return Reject(article.source_file, str(row["claim_id"]), "validate", joined_reasons(reasons), payload)


def _keyed(name: str, table: pa.Table, rejects: _Rejects) -> pa.Table:
    if name == "rejects":
        keys = [f"{reject.source_file or ''}\0{place:020d}" for place, reject in rejects.rows]
        return keyed(table, keys, range(table.num_rows))
    keys, ordinals, _ = table_keys(name, table)
    return keyed(table, keys, ordinals)


def table_keys(
    name: str, rows: pa.Table | pa.RecordBatch, last: tuple[str, int] = ("", 0)
) -> tuple[list[str], list[int], tuple[str, int]]:
    """What sorts rows of articles, claims or evidence: the article, then the claim and the row's place in it.

    ``last`` is what the call for the rows before these gave back: their last claim and its rows so far.
    """
    if name == "articles":
        return rows["article_id"].to_pylist(), [0] * rows.num_rows, last
    claim_ids: list[str] = rows["claim_id"].to_pylist()
    claim, count = last
    ordinals = []
    for claim_id in claim_ids:
        count = count + 1 if claim_id == claim else 0
        claim = claim_id
        ordinals.append((int(claim_id.rsplit(":", 1)[1]) << 24) + count)
    keys = pc.replace_substring_regex(rows["claim_id"], ":[0-9]+$", "").to_pylist()
    return keys, ordinals, (claim, count)
