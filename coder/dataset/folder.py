"""A dataset's folder opened for what is made from it: exports, descriptions, comparisons, reports."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from coder.dataset.tables import TABLES, arrow_schema
from coder.errors import UserError

BATCH_ROWS = 16_384
"""Rows that are held at once where a table is streamed."""


class FolderError(UserError):
    """A folder lacks a table that is needed, or a table cannot be read; the message says what to do."""


@dataclass(frozen=True)
class Folder:
    """The tables of one dataset, as Parquet or else as CSV, each with the columns and types of its schema."""

    path: Path

    def __post_init__(self) -> None:
        if not self.path.is_dir():
            raise FolderError(f"{self.path}: no such folder; name the folder of a dataset")
        if not any(self._file(name) for name in TABLES):
            raise FolderError(f"{self.path}: holds no table; name the folder that `coder build` made")

    def has(self, name: str) -> bool:
        """Whether the table is there."""
        return self._file(name) is not None

    def tables(self) -> tuple[str, ...]:
        """The names of the tables that are there, in the order of the design."""
        return tuple(name for name in TABLES if self.has(name))

    def table(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        """A table in memory, all of it or the columns named. Raises FolderError where it is not sound."""
        schema = _part(arrow_schema(name), columns)
        return pa.Table.from_batches(self.batches(name, columns), schema=schema)

    def rows(self, name: str, columns: Sequence[str] | None = None) -> Iterator[dict[str, Any]]:
        """The rows of a table, one batch of them in memory at a time. Raises as ``table`` does."""
        for batch in self.batches(name, columns):
            yield from batch.to_pylist()

    def batches(self, name: str, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """The batches of a table, cast to its schema. Raises FolderError where that cannot be done."""
        file = self._file(name)
        if file is None:
            raise FolderError(f"{self.path}: holds no table {name}; build the dataset again")
        schema = _part(arrow_schema(name), columns)
        try:
            for batch in _read(file, schema):
                yield batch.select(schema.names).cast(schema)
        except (pa.ArrowException, OSError, ValueError, KeyError) as error:
            raise FolderError(f"{file}: is no sound table {name} ({error}); `coder validate` says more") from error

    @cached_property
    def manifest(self) -> Mapping[str, Any]:
        """The manifest of the build; empty where there is none. Raises FolderError where it is no JSON."""
        file = self.path / "manifest.json"
        if not file.is_file():
            return {}
        try:
            content = json.loads(file.read_text(encoding="utf-8"))
        except ValueError as error:
            raise FolderError(f"{file}: is no JSON ({error}); build the dataset again") from error
        return content if isinstance(content, dict) else {}

    def _file(self, name: str) -> Path | None:
        files = (self.path / f"{name}{suffix}" for suffix in (".parquet", ".csv"))
        return next((file for file in files if file.is_file()), None)


def _part(schema: pa.Schema, columns: Sequence[str] | None) -> pa.Schema:
    return schema if columns is None else pa.schema([schema.field(name) for name in columns])


def _read(file: Path, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    if file.suffix == ".parquet":
        yield from pq.ParquetFile(file).iter_batches(BATCH_ROWS, columns=schema.names)
        return
    types = pacsv.ConvertOptions(
        column_types=schema, strings_can_be_null=True, quoted_strings_can_be_null=False, null_values=[""]
    )
    parse = pacsv.ParseOptions(newlines_in_values=True)
    with pacsv.open_csv(file, parse_options=parse, convert_options=types) as reader:
        yield from reader
