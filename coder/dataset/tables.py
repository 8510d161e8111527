"""The tables as ``schemas/*.yaml`` define them: columns, Arrow schemas, pandera schemas, rows to Arrow."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import yaml

from coder.codebook import inter_number
from coder.model import Claim
from coder.paths import schemas_dir

if TYPE_CHECKING:
    from pandera.pandas import DataFrameSchema

TABLES = ("articles", "claims", "evidence", "events", "event_claims", "rejects")

_ARROW: Mapping[str, pa.DataType] = {
    "string": pa.string(),
    "Int8": pa.int8(),
    "Int64": pa.int64(),
    "Float64": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column as its schema describes it.

    ``vocabulary`` names the codebook's vocabulary whose numbers the column holds; ``evidence`` lists the columns
    any of whose evidence supports the value (empty: it needs none), ``default`` the value that says nothing and so
    needs none; ``event_only`` marks columns that a statement leaves empty, ``required`` those of them that an event
    must fill.
    """

    name: str
    title: str
    description: str
    dtype: str
    nullable: bool
    source: str
    unit: str | None = None
    refers_to: str | None = None
    vocabulary: str | None = None
    evidence: tuple[str, ...] = ()
    default: str | int | None = None
    event_only: bool = False
    required: bool = False
    checks: Mapping[str, Any] = field(default_factory=dict)


_CHECKS = ("isin", "in_range", "str_matches", "str_length", "greater_than_or_equal_to")


@cache
def raw_schema(table: str) -> Mapping[str, Any]:
    """The schema file of a table as YAML gives it. Raises FileNotFoundError for an unknown table."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    raw: dict[str, Any] = yaml.load((schemas_dir() / f"{table}.yaml").read_bytes(), Loader=loader)
    return raw


def _column(name: str, raw: Mapping[str, Any]) -> Column:
    meta = raw["metadata"]
    return Column(
        name=name,
        title=raw["title"],
        description=raw["description"],
        dtype=raw["dtype"],
        nullable=raw["nullable"],
        source=meta["source"],
        unit=meta.get("unit"),
        refers_to=meta.get("refers_to"),
        vocabulary=meta.get("vocabulary"),
        evidence=tuple(meta.get("evidence", ())),
        default=meta.get("default"),
        event_only=meta.get("rows") == "event",
        required=meta.get("required", False),
        checks={name: raw[name] for name in _CHECKS if name in raw},
    )


@cache
def columns(table: str) -> tuple[Column, ...]:
    """The columns of a table, in its order."""
    return tuple(_column(name, raw) for name, raw in raw_schema(table)["columns"].items())


@cache
def column_names(table: str) -> tuple[str, ...]:
    """The names of a table's columns, in its order."""
    return tuple(column.name for column in columns(table))


@cache
def arrow_schema(table: str) -> pa.Schema:
    """The Arrow schema of a table; each field carries its column's description."""
    return pa.schema(
        [
            pa.field(
                column.name,
                _ARROW[column.dtype],
                nullable=column.nullable,
                metadata={"description": column.description},
            )
            for column in columns(table)
        ],
        metadata={"table": table},
    )


@cache
def pandera_schema(table: str) -> "DataFrameSchema":
    """The pandera schema of a table."""
    from pandera.pandas import DataFrameSchema

    return DataFrameSchema.from_yaml(schemas_dir() / f"{table}.yaml")


def to_arrow(table: str, rows: Iterable[Mapping[str, object]]) -> pa.Table:
    """Rows by column name as an Arrow table; a missing column is null.

    Raises pyarrow.ArrowInvalid or pyarrow.ArrowTypeError where a value is not of its column's type.
    """
    held = list(rows)
    return columns_to_arrow(table, {name: [row.get(name) for row in held] for name in column_names(table)})


def objects_to_arrow(table: str, objects: Sequence[object]) -> pa.Table:
    """Objects whose attributes bear the column names as an Arrow table. Raises as ``to_arrow`` does."""
    return columns_to_arrow(table, {name: list(map(attrgetter(name), objects)) for name in column_names(table)})


def columns_to_arrow(table: str, values: Mapping[str, Sequence[object]]) -> pa.Table:
    """Values by column name as an Arrow table. Raises as ``to_arrow`` does."""
    schema = arrow_schema(table)
    return pa.Table.from_arrays([pa.array(values[f.name], f.type) for f in schema], schema=schema)


def claim_column(name: str, claims: Sequence[Claim]) -> list[Any]:
    """A column of ``claims`` as the table holds it: of the kinds of sides the numbers, none in a statement.

    Raises CodebookError where a kind of side is none of the codebook's.
    """
    values = list(map(attrgetter(name), claims))
    if name not in ("inter1", "inter2"):
        return values
    kinds = zip(claims, values, strict=True)
    return [inter_number(value) if claim.kind == "event" or value else None for claim, value in kinds]


def empty(table: str) -> pa.Table:
    """The table without rows."""
    return arrow_schema(table).empty_table()
