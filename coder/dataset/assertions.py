"""What a release must be like, in YAML: bounds of rows, of values and of fill rates; a breach stops it.

    events:
      rows: {min: 900, max: 1500}
      columns:
        fatalities: {min: 0, max: 300, fill: 1.0}
        admin1: {fill: 0.9}

``min`` and ``max`` bound numbers and dates, ``fill`` is the least share of rows that have a value.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from math import ceil, floor
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from coder.dataset.figures import ColumnFigures, TableFigures, figures
from coder.dataset.folder import Folder
from coder.dataset.tables import TABLES, column_names, columns
from coder.errors import UserError

_TABLE_KEYS, _ROW_KEYS, _COLUMN_KEYS = {"rows", "columns"}, {"min", "max"}, {"min", "max", "fill"}
_ORDERED = ("Int8", "Int64", "Float64", "date")

SLACK = 0.1
"""By how much a suggestion lets rows and fill rates differ from the figures at hand, as a share of them."""

_NOT_BOUNDED = frozenset(("start", "end", "sentence", "iso", "timestamp", "year", "inter1", "inter2"))


class AssertionsError(UserError):
    """The file of assertions cannot be used; the message names the key and what is legal."""


class Breach(NamedTuple):
    """A figure outside its bounds; ``column`` is None where it is the number of rows."""

    table: str
    column: str | None
    rule: str
    bound: Any
    found: Any

    def expected(self) -> str:
        """The bound in words."""
        least = "at most" if self.rule == "max" else "at least"
        return f"{least} {self.bound}" + (" of the rows filled" if self.rule == "fill" else "")

    def remedy(self) -> str:
        """What to write in the assertions, where it is they that are wrong."""
        bound = floor(self.found * 100) / 100 if self.rule == "fill" else self.found
        return f"if the data are right, write {self.rule}: {bound}"

    def reason(self) -> str:
        """The breach in words."""
        what = f"{self.table}.{self.column}" if self.column else f"{self.table}: rows"
        return f"{what}: found {self.found}, expected {self.expected()}; {self.remedy()}"


class Breached(Exception):
    """A finished release breaks its assertions; ``folder`` holds its tables."""

    def __init__(self, folder: Path, breaches: tuple[Breach, ...]) -> None:
        super().__init__("; ".join(breach.reason() for breach in breaches))
        self.folder, self.breaches = folder, breaches


def guard(path: Path) -> Callable[[Path], None]:
    """A check of finished releases against the assertions in ``path``, which raises Breached.

    Raises AssertionsError where the assertions cannot be used.
    """
    assertions = load(path)

    def check(folder: Path) -> None:
        if found := breaches(Folder(folder), assertions):
            raise Breached(folder, found)

    return check


def load(path: Path) -> Mapping[str, Any]:
    """Read assertions. Raises AssertionsError where a key or value is not legal."""
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise AssertionsError(f"{path}: cannot be read as YAML ({error})") from error
    if not isinstance(raw, dict):
        raise AssertionsError(f"{path}: expected tables: {', '.join(TABLES)}")
    for table, rules in raw.items():
        _legal(path, "table", table, TABLES)
        _mapping(path, table, rules, _TABLE_KEYS)
        _mapping(path, f"{table}.rows", rules.get("rows", {}), _ROW_KEYS)
        if not isinstance(rules.get("columns", {}), dict):
            raise AssertionsError(f"{path}: {table}.columns: expected columns with their bounds")
        for column, bounds in rules.get("columns", {}).items():
            _legal(path, f"column of {table}", column, column_names(table))
            _mapping(path, f"{table}.{column}", bounds, _COLUMN_KEYS)
            _comparable(path, table, column, bounds)
    return raw


def _legal(path: Path, what: str, name: object, legal: tuple[str, ...]) -> None:
    if name not in legal:
        raise AssertionsError(f"{path}: no {what} {name!r}; legal: {', '.join(legal)}")


def _mapping(path: Path, where: str, value: object, legal: set[str]) -> None:
    if not isinstance(value, dict) or value.keys() - legal:
        raise AssertionsError(f"{path}: {where}: {value!r}; legal keys: {', '.join(sorted(legal))}")


def _comparable(path: Path, table: str, column: str, bounds: Mapping[str, Any]) -> None:
    dtype = next(c.dtype for c in columns(table) if c.name == column)
    for rule, bound in bounds.items():
        if rule == "fill":
            sound = isinstance(bound, int | float) and 0 <= bound <= 1
            expected = "a share from 0 to 1"
        elif dtype == "date":
            sound, expected = isinstance(bound, date), "a date, YYYY-MM-DD"
        else:
            sound = dtype in _ORDERED and isinstance(bound, int | float) and not isinstance(bound, bool)
            expected = "a number" if dtype in _ORDERED else "only fill: the column holds no numbers or dates"
        if not sound:
            raise AssertionsError(f"{path}: {table}.{column}: {rule}: {bound!r}; expected {expected}")


def breaches(folder: Folder, assertions: Mapping[str, Any]) -> tuple[Breach, ...]:
    """Every bound that the dataset breaks, in the order of the assertions; a missing table has no rows."""
    found = figures(folder)
    return tuple(b for t, rules in assertions.items() for b in _table(t, rules, found.get(t, TableFigures())))


def _table(table: str, rules: Mapping[str, Any], found: TableFigures) -> Iterator[Breach]:
    yield from _bounds(table, None, rules.get("rows", {}), found.rows, found.rows)
    for column, bounds in rules.get("columns", {}).items():
        values = found.columns.get(column, ColumnFigures())
        yield from _bounds(table, column, bounds, values.least, values.greatest)
        if "fill" in bounds and found.rows and (rate := found.fill_rate(column)) < bounds["fill"]:
            yield Breach(table, column, "fill", bounds["fill"], round(rate, 4))


def _bounds(table: str, column: str | None, bounds: Mapping[str, Any], least: Any, greatest: Any) -> Iterator[Breach]:
    if "min" in bounds and least is not None and least < bounds["min"]:
        yield Breach(table, column, "min", bounds["min"], least)
    if "max" in bounds and greatest is not None and greatest > bounds["max"]:
        yield Breach(table, column, "max", bounds["max"], greatest)


def suggest(folder: Folder) -> str:
    """Assertions as YAML that the dataset fulfils: its extremes, its rows and fill rates with some slack."""
    lines = ["# Suggested from the figures of a release: look through them, then keep what must hold.\n"]
    for table, found in figures(folder).items():
        low, high = floor(found.rows * (1 - SLACK)), ceil(found.rows * (1 + SLACK))
        lines.append(f"{table}:\n  rows: {{min: {low}, max: {high}}}\n  columns:\n")
        for column in columns(table):
            lines.append(f"    {column.name}: {{{_suggested(column.name, found)}}}\n")
    return "".join(lines)


def _suggested(column: str, found: TableFigures) -> str:
    values = found.columns.get(column, ColumnFigures())
    bounds: dict[str, object] = {}
    if column not in _NOT_BOUNDED and values.least is not None:
        bounds = {"min": values.least, "max": values.greatest}
    rate = found.fill_rate(column) if found.columns else 0.0
    bounds["fill"] = 1.0 if rate == 1 else floor(rate * (1 - SLACK) * 100) / 100
    return ", ".join(f"{rule}: {bound}" for rule, bound in bounds.items())
