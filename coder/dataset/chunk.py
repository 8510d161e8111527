"""One chunk of the input: its articles coded, made tables, validated, and written as a run.

Nothing that one article does can harm another: an exception in the coder, a value that is not of its column's
type, a row that breaks a rule become rejects, and the rest goes on.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from operator import attrgetter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from coder.dataset.failures import Failure
from coder.dataset.runs import keyed, write_run
from coder.dataset.tables import column_names, columns_to_arrow, objects_to_arrow, to_arrow
from coder.dataset.validate import to_frame, validate
from coder.model import Article, Claim, Reject

PAYLOAD_LIMIT = 2_000
"""Characters of a rejected row or article that a reject keeps."""

REASONS_LIMIT = 5
"""Failures of one row that its reject names."""

_UNSTORABLE = (pa.ArrowException, UnicodeError, TypeError, AttributeError, OverflowError)

Code = Callable[[Article, Any], Sequence[Claim]]
Coded = tuple[Article, Sequence[Claim]]


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
    """Records in the input's order; ``first`` counts the records before it."""

    first: int
    records: tuple[Article | Reject, ...]

    def digest(self, salt: str) -> str:
        """Hash of the records and of ``salt``, which stands for all else that the run depends on."""
        whole = hashlib.sha256(f"{salt}\n{self.first}\n".encode())
        for record in self.records:
            whole.update(repr(record).encode("utf-8", "surrogatepass"))
        return whole.hexdigest()[:24]


class _Results:
    """What the chunk has given so far; rejects are kept by the place of their record in the input."""

    def __init__(self) -> None:
        self.rejects: list[tuple[int, Reject]] = []
        self.coded: list[Coded] = []
        self.place: dict[str, int] = {}
        self.claims_coded = 0
        self.articles_rejected = 0

    def reject_article(self, place: int, article: Article, stage: str, reason: str) -> None:
        self.articles_rejected += 1
        payload = article.text[:PAYLOAD_LIMIT]
        self.rejects.append((place, Reject(article.source_file, article.article_id, stage, reason, payload)))


DIED = "the process that coded it died; report the article, or take it out of the input"


def run_chunk(
    chunk: Chunk, code: Code, knowledge: Any, folder: Path, deadly: frozenset[int] = frozenset()
) -> Counts:
    """Code a chunk and write its run to ``folder``.

    ``deadly`` are the places of articles that kill the process that codes them: they are rejected untried.
    """
    results = _Results()
    for place, record in enumerate(chunk.records, chunk.first):
        if isinstance(record, Reject):
            results.articles_rejected += 1
            results.rejects.append((place, record))
        elif place in deadly:
            results.reject_article(place, record, "code", DIED)
        else:
            _code(record, place, code, knowledge, results)
    tables = _tables(results)
    counts = Counts(
        records=len(chunk.records),
        articles=tables["articles"].num_rows,
        articles_rejected=results.articles_rejected,
        claims_coded=results.claims_coded,
        claims=tables["claims"].num_rows,
        claims_rejected=results.claims_coded - tables["claims"].num_rows,
    )
    write_run(folder, {name: _keyed(name, table, results) for name, table in tables.items()}, asdict(counts))
    return counts


def _code(article: Article, place: int, code: Code, knowledge: Any, results: _Results) -> None:
    try:
        claims = tuple(code(article, knowledge))
    except Exception as error:
        results.reject_article(place, article, "code", f"{type(error).__name__}: {error}")
        return
    results.coded.append((article, claims))
    results.place[article.article_id] = place
    results.claims_coded += len(claims)


def _keep_storable(results: _Results) -> None:
    """Reject the articles of which a value is not of its column's type."""
    kept = []
    for article, claims in results.coded:
        try:
            _arrow([(article, claims)])
        except _UNSTORABLE as error:
            results.claims_coded -= len(claims)
            place = results.place[article.article_id]
            results.reject_article(place, article, "code", f"{type(error).__name__}: {error}")
        else:
            kept.append((article, claims))
    results.coded = kept


def _arrow(coded: Iterable[Coded]) -> dict[str, pa.Table]:
    coded = list(coded)
    claims = [claim for _, claims in coded for claim in claims]
    evidence = [e for claim in claims for e in claim.evidence]
    columns = {name: list(map(attrgetter(name), evidence)) for name in column_names("evidence")[1:]}
    claim_ids = [claim.claim_id for claim in claims for _ in claim.evidence]
    return {
        "articles": to_arrow("articles", [_article_row(article, len(claims)) for article, claims in coded]),
        "claims": objects_to_arrow("claims", claims),
        "evidence": columns_to_arrow("evidence", {"claim_id": claim_ids, **columns}),
    }


def _article_row(article: Article, n_claims: int) -> dict[str, object]:
    names = ("article_id", "outlet", "url", "title", "author", "published", "language", "text", "source_file")
    row = {name: getattr(article, name) for name in names}
    sha256 = hashlib.sha256(article.text.encode("utf-8")).hexdigest()
    return {**row, "sha256": sha256, "n_claims": n_claims}


def _tables(results: _Results) -> dict[str, pa.Table]:
    """The valid rows of the chunk; what is not valid joins the rejects."""
    try:
        tables = _arrow(results.coded)
    except _UNSTORABLE:
        _keep_storable(results)
        tables = _arrow(results.coded)
    failures = validate({name: to_frame(table) for name, table in tables.items()})
    if failures:
        _turn_back(failures, tables, results)
        tables = _arrow(results.coded)
    return {**tables, "rejects": objects_to_arrow("rejects", [reject for _, reject in results.rejects])}


def _turn_back(failures: Sequence[Failure], tables: Mapping[str, pa.Table], results: _Results) -> None:
    articles = _reasons(failures, "articles", tables["articles"]["article_id"])
    claims = _reasons(failures, "claims", tables["claims"]["claim_id"])
    for claim_id, reasons in _reasons(failures, "evidence", tables["evidence"]["claim_id"]).items():
        claims.setdefault(claim_id, []).extend(reasons)
    kept: list[Coded] = []
    for article, coded in results.coded:
        place = results.place[article.article_id]
        if article.article_id in articles:
            results.reject_article(place, article, "validate", joined_reasons(articles[article.article_id]))
        good = []
        for claim in coded:
            own = claims.get(claim.claim_id) or articles.get(article.article_id)
            if own:
                results.rejects.append((place, _rejected_claim(claim, article, own)))
            else:
                good.append(claim)
        if article.article_id not in articles:
            kept.append((article, good))
    results.coded = kept


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


def _rejected_claim(claim: Claim, article: Article, reasons: Sequence[str]) -> Reject:
    values = {name: getattr(claim, name) for name in column_names("claims")}
    given = {name: value for name, value in values.items() if value is not None}
    payload = json.dumps(given, ensure_ascii=False, default=str)
    return Reject(
        article.source_file, claim.claim_id, "validate", joined_reasons(reasons), payload[:PAYLOAD_LIMIT]
    )


def _keyed(name: str, table: pa.Table, results: _Results) -> pa.Table:
    if name == "articles":
        return keyed(table, table["article_id"].to_pylist(), [0] * table.num_rows)
    if name == "rejects":
        keys = [f"{reject.source_file or ''}\0{place:012d}" for place, reject in results.rejects]
        return keyed(table, keys, range(table.num_rows))
    article = pc.replace_substring_regex(table["claim_id"], ":[0-9]+$", "")
    return keyed(table, article.to_pylist(), list(_ordinals(table["claim_id"].to_pylist())))


def _ordinals(claim_ids: Sequence[str]) -> Iterator[int]:
    """The claim's number within its article, then the row's place within the claim."""
    count = 0
    last: str | None = None
    for claim_id in claim_ids:
        count = count + 1 if claim_id == last else 0
        last = claim_id
        yield (int(claim_id.rsplit(":", 1)[1]) << 24) + count
