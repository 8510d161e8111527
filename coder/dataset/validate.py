"""Holds tables against their schemas and the rules between columns and tables."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pandas as pd
import pyarrow as pa

from coder import codebook
from coder.dataset.failures import Failure, failing, record_of, shown
from coder.dataset.references import CROSS_RULES
from coder.dataset.rules import ROW_RULES
from coder.dataset.tables import TABLES, Column, column_names, columns, pandera_schema

PANDAS: Mapping[pa.DataType, Any] = {
    pa.string(): pd.StringDtype("pyarrow"),
    pa.int8(): pd.Int8Dtype(),
    pa.int64(): pd.Int64Dtype(),
    pa.float64(): pd.Float64Dtype(),
    pa.bool_(): pd.BooleanDtype(),
}
"""The types that keep missing values apart from zeros and empty texts."""

_TRUTH = {"true": True, "false": False, "1": True, "0": False}
_WHOLE = {"Int8": 2**7, "Int64": 2**63}
"""The types of whole numbers, and the first number that each cannot hold."""

_EXPECTED = {"Int8": "a whole number", "Int64": "a whole number", "Float64": "a number", "boolean": "true or false"}
_EXPECTED |= {"date": "a date, YYYY-MM-DD", "string": "text"}


def to_frame(table: pa.Table) -> pd.DataFrame:
    """An Arrow table as pandas, missing values kept apart from zeros and empty texts."""
    return table.to_pandas(types_mapper=PANDAS.get)


def validate(frames: Mapping[str, pd.DataFrame], cap: int | None = None) -> list[Failure]:
    """All failures of the tables given, by table name; rules between tables apply where both are there.

    ``cap`` bounds the failures that are kept for each check of each column; None keeps all.
    """
    found: list[Failure] = []
    sound: dict[str, pd.DataFrame] = {}
    for table in TABLES:
        if table not in frames:
            continue
        typed, failures = _typed(table, frames[table])
        found += _capped(failures, cap)
        if typed is not None:
            found += _capped(_schema_failures(table, typed, cap), cap)
            sound[table] = typed
    for table, frame in sound.items():
        for rule in ROW_RULES.get(table, ()):
            found += _capped(rule(table, frame), cap)
    for cross_rule in CROSS_RULES:
        found += _capped(cross_rule(sound), cap)
    return found


def _capped(failures: Iterator[Failure], cap: int | None) -> list[Failure]:
    if cap is None:
        return list(failures)
    kept: list[Failure] = []
    counts: dict[tuple[str, str | None, str], int] = {}
    for failure in failures:
        key = (failure.table, failure.column, failure.rule)
        counts[key] = counts.get(key, 0) + 1
        if counts[key] <= cap:
            kept.append(failure)
    return kept


def _typed(table: str, frame: pd.DataFrame) -> tuple[pd.DataFrame | None, Iterator[Failure]]:
    """The frame with the schema's types, a value that has not its type missing; None where columns lack."""
    frame = frame.reset_index(drop=True)
    names = column_names(table)
    wrong = [
        *(_table_failure(table, name, "column-missing", f"needed; expected: {', '.join(names)}")
          for name in names if name not in frame.columns),
        *(_table_failure(table, str(name), "column-unknown", "is no column of this table; take it out")
          for name in frame.columns if name not in names),
    ]  # fmt: skip
    if wrong:
        return None, iter(wrong)
    failures: list[Failure] = []
    if list(frame.columns) != list(names):
        text = f"columns stand in another order; expected: {', '.join(names)}"
        failures.append(_table_failure(table, None, "column-order", text))
    typed = {}
    for column in columns(table):
        typed[column.name] = _cast(column, frame[column.name])
        lost = frame[column.name].notna() & typed[column.name].isna()
        text = f"expected {_numbers(column.vocabulary) if column.vocabulary else _EXPECTED[column.dtype]}"
        failures += failing(table, frame, lost, column.name, "type", text)
    return pd.DataFrame(typed, columns=list(names)), iter(failures)


def _table_failure(table: str, column: str | None, rule: str, message: str) -> Failure:
    return Failure(table, None, None, column, None, rule, message)


def _cast(column: Column, values: pd.Series) -> pd.Series:
    if column.dtype == "string":
        return values.astype("string")
    if column.dtype == "Float64":
        return pd.to_numeric(values, errors="coerce").astype("Float64")
    if column.dtype in _WHOLE:
        numbers = pd.to_numeric(values, errors="coerce").astype("Float64")
        fits = (numbers == numbers.round()) & (numbers.abs() < _WHOLE[column.dtype])
        return numbers.where(fits).astype(column.dtype)
    if column.dtype == "boolean":
        if pd.api.types.is_bool_dtype(values.dtype):
            return values.astype("boolean")
        return values.astype("string").str.lower().map(_TRUTH).astype("boolean")
    if values.dtype == object and all(value is None or type(value) is _DATE for value in values):
        return values
    days = pd.to_datetime(values.astype("string"), format="ISO8601", errors="coerce")
    return days.dt.date.where(days.notna(), None).astype(object)


_DATE = type(pd.Timestamp(0).date())


@cache
def _schema(table: str, cap: int | None) -> Any:
    schema = pandera_schema(table)
    for column in schema.columns.values():
        for check in column.checks:
            check.n_failure_cases = cap
    return schema


def _schema_failures(table: str, frame: pd.DataFrame, cap: int | None) -> Iterator[Failure]:
    from pandera.errors import SchemaErrors

    try:
        _schema(table, cap).validate(frame, lazy=True)
    except SchemaErrors as errors:
        by_name = {column.name: column for column in columns(table)}
        cases = errors.failure_cases
        for name, check, value, row in zip(
            cases["column"], cases["check"], cases["failure_case"], cases["index"], strict=True
        ):
            place = None if row is None or pd.isna(row) else int(row)
            record = None if place is None else record_of(table, frame, place)
            rule = str(check).split("(", 1)[0]
            yield Failure(table, place, record, name, shown(value), rule, _expected(by_name.get(name), rule))


def _numbers(vocabulary: str) -> str:
    named = (f"{number} ({name})" for number, name in codebook.labels(vocabulary).items())
    return f"a number of the codebook: {', '.join(named)}"


def _expected(column: Column | None, rule: str) -> str:
    if rule == "not_nullable":
        return "must not be empty"
    if rule in ("field_uniqueness", "multiple_fields_uniqueness") or column is None:
        return "stands more than once"
    value: Any = column.checks.get(rule)
    if rule == "isin" and column.vocabulary:
        return f"expected {_numbers(column.vocabulary)}"
    if rule == "isin":
        return f"expected one of: {', '.join(map(str, value))}"
    if rule == "in_range":
        return f"expected {value['min_value']} to {value['max_value']}"
    if rule == "greater_than_or_equal_to":
        return f"expected {value} or more"
    if rule == "str_matches":
        return f"expected the form {value}"
    return "must not be empty" if rule == "str_length" else f"breaks {rule}"
