"""Figures of a dataset's columns, in one pass: how many rows have a value, the least and the greatest."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from coder.dataset.folder import Folder

Value = int | float | date


@dataclass(slots=True)
class ColumnFigures:
    """How many rows have a value, and for numbers and dates the least and the greatest."""

    filled: int = 0
    least: Value | None = None
    greatest: Value | None = None

    def add(self, column: pa.Array) -> None:
        """Take a batch's values into account."""
        self.filled += len(column) - column.null_count
        if pa.types.is_string(column.type) or pa.types.is_boolean(column.type):
            return
        found = pc.min_max(column).as_py()
        if found["min"] is not None:
            self.least = found["min"] if self.least is None else min(self.least, found["min"])
            self.greatest = found["max"] if self.greatest is None else max(self.greatest, found["max"])


@dataclass(slots=True)
class TableFigures:
    """Rows of a table, and the figures of its columns by their names."""

    rows: int = 0
    columns: dict[str, ColumnFigures] = field(default_factory=dict)

    def fill_rate(self, column: str) -> float:
        """Share of the rows that have a value; 1 for a table without rows, in which nothing is missing."""
        return self.columns[column].filled / self.rows if self.rows else 1.0


def figures(folder: Folder) -> Mapping[str, TableFigures]:
    """The figures of every table that is there."""
    return dict(_each(folder))


def _each(folder: Folder) -> Iterator[tuple[str, TableFigures]]:
    for name in folder.tables():
        table = TableFigures()
        for batch in folder.batches(name):
            table.rows += batch.num_rows
            for column, values in zip(batch.schema.names, batch.columns, strict=True):
                table.columns.setdefault(column, ColumnFigures()).add(values)
        yield name, table
