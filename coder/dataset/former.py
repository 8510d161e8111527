"""What a former release of the same folder already holds: its articles need not be coded again.

An article is taken over where nothing of it and nothing that coding depends on has changed, and where none of
its claims was turned back; the rows are those that coding it again would give.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from coder.dataset.chunk import Counts, table_keys
from coder.dataset.files import logical_hash
from coder.dataset.runs import keyed, write_run_of
from coder.dataset.tables import arrow_schema, empty
from coder.model import Article

TAKEN_OVER = ("articles", "claims", "evidence")
_TOLD = ("article_id", "outlet", "url", "title", "author", "published", "language", "source_file")


def _digest(told: tuple[object, ...], sha256: str) -> bytes:
    return hashlib.sha256(repr((told, sha256)).encode("utf-8", "surrogatepass")).digest()[:16]


class Former:
    """The articles of a former release by id; which of them the new input holds unchanged is kept on disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._db = sqlite3.connect("")
        columns = "id TEXT PRIMARY KEY, digest BLOB, claims INTEGER, kept INTEGER"
        self._db.execute(f"CREATE TABLE former ({columns}) WITHOUT ROWID")
        for batch in _batches(folder, "articles", [*_TOLD, "sha256", "n_claims"]):
            told = zip(*(batch[name].to_pylist() for name in _TOLD), strict=True)
            rows = zip(told, batch["sha256"].to_pylist(), batch["n_claims"].to_pylist(), strict=True)
            values = ((one[0], _digest(one, sha256), claims, 0) for one, sha256, claims in rows)
            self._db.executemany("INSERT INTO former VALUES (?, ?, ?, ?)", values)
        for batch in _batches(folder, "rejects", ["record"]):
            records = [record for record in batch["record"].to_pylist() if record]
            ids = ((record.rsplit(":", 1)[0],) for record in records)
            self._db.executemany("DELETE FROM former WHERE id = ?", ids)

    def close(self) -> None:
        """Drop what was kept on disk."""
        self._db.close()

    def take_over(self, article: Article) -> bool:
        """Whether the release holds this very article; it is then marked to be taken over."""
        row = self._db.execute("SELECT digest FROM former WHERE id = ?", (article.article_id,)).fetchone()
        if row is None:
            return False
        told = tuple(getattr(article, name) for name in _TOLD)
        sha256 = hashlib.sha256(article.text.encode("utf-8", "surrogatepass")).hexdigest()
        if row[0] != _digest(told, sha256):
            return False
        self._db.execute("UPDATE former SET kept = 1 WHERE id = ?", (article.article_id,))
        return True

    def counts(self) -> Counts:
        """The counts of what is taken over."""
        articles, claims = self._db.execute(
            "SELECT count(*), coalesce(sum(claims), 0) FROM former WHERE kept"
        ).fetchone()
        return Counts(articles, articles, 0, claims, claims, 0)

    def write_run(self, folder: Path) -> None:
        """Write what is taken over as a run. Raises OSError."""
        pieces: dict[str, Iterator[pa.Table]] = {name: self._kept_rows(name) for name in TAKEN_OVER}
        pieces["rejects"] = iter([keyed(empty("rejects"), [], [])])
        write_run_of(folder, pieces, asdict(self.counts()))

    def _kept_rows(self, name: str) -> Iterator[pa.Table]:
        last: tuple[str, int] = ("", 0)
        for batch in _batches(self._folder, name):
            keys, ordinals, last = table_keys(name, batch, last)
            table = keyed(pa.Table.from_batches([batch.cast(arrow_schema(name))]), keys, ordinals)
            if keys:
                yield table.filter(pc.is_in(table["_key"], value_set=pa.array(self._kept(keys), pa.string())))

    def _kept(self, keys: list[str]) -> list[str]:
        found = self._db.execute("SELECT id FROM former WHERE kept AND id BETWEEN ? AND ?", (min(keys), max(keys)))
        return [row[0] for row in found]


def _batches(folder: Path, name: str, columns: list[str] | None = None) -> Iterator[pa.RecordBatch]:
    yield from pq.ParquetFile(folder / f"{name}.parquet").iter_batches(4_096, columns=columns)


def open_former(folder: Path, made_by: Mapping[str, Any]) -> Former | None:
    """The release in ``folder``; None where there is none that ``made_by`` (versions, limits) also made,
    or where its tables are not those that its manifest vouches for."""
    content: Any = None
    with suppress(OSError, ValueError):
        content = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    if not isinstance(content, dict) or any(content.get(name) != value for name, value in made_by.items()):
        return None
    try:
        promised = {name: content["tables"][name]["logical_hash"] for name in (*TAKEN_OVER, "rejects")}
        if promised == {name: logical_hash(name, folder / f"{name}.parquet") for name in promised}:
            return Former(folder)
    except (OSError, pa.ArrowException, sqlite3.Error, KeyError, TypeError):
        pass
    return None
