"""Sorted runs: what one chunk of articles gave, kept on disk, and merged in bounded memory.

A run is a folder with one Arrow file a table. Beside the table's own columns each row carries two that sort
it: ``_key`` (the article's id, or for a reject its file and place in the input) and ``_n`` (its place under
the key). No two runs share a key.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from coder.dataset.store import whole_folder
from coder.dataset.tables import arrow_schema

SORT = (pa.field("_key", pa.string()), pa.field("_n", pa.int64()))
_ORDER = [("_key", "ascending"), ("_n", "ascending")]

FAN_IN = 64
"""Runs that are merged at once; more are merged in rounds, so that memory does not grow with their number."""

_BATCH_ROWS = {"articles": 64, "claims": 512, "evidence": 4096, "rejects": 256}
RUN_TABLES = tuple(_BATCH_ROWS)
_COUNTS = "counts.json"


def keyed(table: pa.Table, keys: Sequence[str], ordinals: Sequence[int]) -> pa.Table:
    """The table with its two sorting columns, sorted."""
    columns = [*table.columns, pa.array(keys, SORT[0].type), pa.array(ordinals, SORT[1].type)]
    schema = pa.schema([*table.schema, *SORT])
    return pa.Table.from_arrays(columns, schema=schema).sort_by(_ORDER)


def run_schema(name: str) -> pa.Schema:
    """The columns of a table, then the two that sort it."""
    return pa.schema([*arrow_schema(name), *SORT])


def _write(path: Path, name: str, pieces: Iterator[pa.Table]) -> None:
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    with pa.ipc.new_file(str(path), run_schema(name), options=options) as writer:
        for piece in rebatched(pieces, _BATCH_ROWS[name]):
            writer.write_batch(piece)


def read_run(folder: Path) -> dict[str, pa.Table]:
    """The keyed tables of a run."""
    tables = {}
    for name in RUN_TABLES:
        with pa.OSFile(str(folder / f"{name}.arrow")) as file:
            tables[name] = pa.ipc.open_file(file).read_all()
    return tables


def write_run(folder: Path, tables: Mapping[str, pa.Table], counts: Mapping[str, int]) -> None:
    """Write the keyed tables of a run; the folder appears only when all of them are on the disk."""
    write_run_of(folder, {name: iter([tables[name]]) for name in RUN_TABLES}, counts)


def write_run_of(folder: Path, pieces: Mapping[str, Iterator[pa.Table]], counts: Mapping[str, int]) -> None:
    """As ``write_run``, from keyed pieces of each table in their order."""
    with whole_folder(folder) as temporary:
        (temporary / _COUNTS).write_text(json.dumps(counts), encoding="utf-8")
        for name in RUN_TABLES:
            _write(temporary / f"{name}.arrow", name, pieces[name])


def run_counts(folder: Path) -> dict[str, int] | None:
    """The counts that a finished run was written with; None where there is no such run."""
    if not folder.is_dir():
        return None
    counts: dict[str, int] = json.loads((folder / _COUNTS).read_text(encoding="utf-8"))
    return counts


def rebatched(pieces: Iterator[pa.Table], rows: int) -> Iterator[pa.RecordBatch]:
    """The same rows in batches of exactly ``rows`` (the last one: what is left), each its own memory."""
    held: list[pa.Table] = []
    count = 0
    for piece in pieces:
        held.append(piece)
        count += piece.num_rows
        while count >= rows:
            whole = pa.concat_tables(held)
            yield from whole.slice(0, rows).combine_chunks().to_batches()
            held, count = [whole.slice(rows)], count - rows
    if count:
        yield from pa.concat_tables(held).combine_chunks().to_batches()


class _Cursor:
    """The rows of one run that have not been merged yet; it holds one batch at a time."""

    def __init__(self, path: Path) -> None:
        self._reader = pa.ipc.open_file(str(path))
        self._next = 0
        self.head: pa.Table | None = None
        self._advance()

    def _advance(self) -> None:
        self.head = None
        while self._next < self._reader.num_record_batches:
            batch = self._reader.get_batch(self._next)
            self._next += 1
            if batch.num_rows:
                self.head = pa.Table.from_batches([batch])
                return

    def last(self) -> str:
        """The key of the last row at hand."""
        assert self.head is not None
        return str(self.head["_key"][-1].as_py())

    def take(self, bound: str) -> pa.Table:
        """Hand over the rows at hand whose key does not lie beyond ``bound``."""
        assert self.head is not None
        count = pc.sum(pc.less_equal(self.head["_key"], bound)).as_py() or 0
        taken = self.head.slice(0, count)
        if count == self.head.num_rows:
            self._advance()
        else:
            self.head = self.head.slice(count)
        return taken


def _merged(files: Sequence[Path]) -> Iterator[pa.Table]:
    cursors = [cursor for cursor in map(_Cursor, files) if cursor.head is not None]
    while cursors:
        bound = min(cursor.last() for cursor in cursors)
        yield pa.concat_tables([cursor.take(bound) for cursor in cursors]).sort_by(_ORDER)
        cursors = [cursor for cursor in cursors if cursor.head is not None]


def merge(runs: Sequence[Path], name: str, rows: int, scratch: Path) -> Iterator[pa.RecordBatch]:
    """One table's rows from all runs, sorted, without the sorting columns, in batches of ``rows``.

    ``scratch`` is a folder for the intermediate runs that more than ``FAN_IN`` runs need.
    """
    schema = arrow_schema(name)
    for batch in rebatched(_merged(_few(runs, name, scratch)), rows):
        yield pa.RecordBatch.from_arrays(batch.columns[: len(schema)], schema=schema)


def merge_into(runs: Sequence[Path], folder: Path, scratch: Path) -> None:
    """All runs as one: one sorted file a table in ``folder``, which is there."""
    for name in RUN_TABLES:
        _write(folder / f"{name}.arrow", name, _merged(_few(runs, name, scratch)))


def _few(runs: Sequence[Path], name: str, scratch: Path) -> list[Path]:
    """One table's files, merged in rounds until no more than ``FAN_IN`` are left."""
    files = [run / f"{name}.arrow" for run in runs]
    level = 0
    while len(files) > FAN_IN:
        scratch.mkdir(parents=True, exist_ok=True)
        groups = [files[i : i + FAN_IN] for i in range(0, len(files), FAN_IN)]
        files = [scratch / f"{name}-{level}-{i}.arrow" for i in range(len(groups))]
        for target, group in zip(files, groups, strict=True):
            _write(target, name, _merged(group))
        level += 1
    return files
