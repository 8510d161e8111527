"""A workbook: events, claims and articles as sheets, the columns and their values explained in two more."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from coder.codebook import codebook
from coder.dataset.export import Options
from coder.dataset.folder import Folder, FolderError
from coder.dataset.tables import Column, columns

SHEETS = ("events", "event_claims", "claims", "articles")
LEFT_OUT = {("articles", "text")}
"""Texts of articles do not fit into cells."""

ROWS_MOST, TEXT_MOST = 1_048_576, 32_767
"""What a sheet and a cell of Excel can hold, in rows and in UTF-16 units."""

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CUT = " […]"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_WIDTHS = {"notes": 60, "text": 60, "description": 60, "definition": 60}


def write(folder: Folder, out: Path, options: Options) -> tuple[str, ...]:
    """Write the workbook. Raises FolderError where a table has more rows than a sheet."""
    settings = {"constant_memory": True, "default_date_format": "yyyy-mm-dd", "tmpdir": str(out.parent)}
    never = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    cut = 0
    with xlsxwriter.Workbook(str(out), {**settings, **never, "in_memory": False}) as book:
        book.set_properties({"title": "Conflict events", "created": _EPOCH})
        for name in SHEETS:
            if folder.has(name):
                shown = [column for column in columns(name) if (name, column.name) not in LEFT_OUT]
                rows = ([row[column.name] for column in shown] for row in folder.rows(name))
                cut += _sheet(book, name, [column.name for column in shown], rows)
        _sheet(book, "codebook", _COLUMN_HEADS, _explained(folder))
        _sheet(book, "values", _VALUE_HEADS, _vocabularies())
    notes = ["the texts of the articles are left out: a cell cannot hold them"] if folder.has("articles") else []
    return (*notes, *([f"{cut} texts were cut to {TEXT_MOST} characters"] if cut else []))


def _sheet(book: Any, name: str, heads: list[str], rows: Iterable[list[Any]]) -> int:
    """Fill a sheet; returns how many texts had to be cut."""
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True})
    sheet.freeze_panes(1, 1)
    for n, head in enumerate(heads):
        sheet.set_column(n, n, _WIDTHS.get(head, 18))
    for n, head in enumerate(heads):
        sheet.write_string(0, n, head, bold)
    cut = last = 0
    for last, row in enumerate(rows, 1):
        if last >= ROWS_MOST:
            raise FolderError(f"{name}: has more rows than a sheet holds; export as csv or stata")
        for n, value in enumerate(row):
            cut += _cell(sheet, last, n, value)
    sheet.autofilter(0, 0, last, len(heads) - 1)
    return cut


def _cell(sheet: Any, row: int, column: int, value: Any) -> bool:
    if value is None:
        return False
    if not isinstance(value, str):
        _writer(sheet, value)(row, column, value)
        return False
    text = _FORBIDDEN.sub("\ufffd", value)
    too_long = len(text.encode("utf-16-le")) // 2 > TEXT_MOST
    if too_long:
        units = text.encode("utf-16-le")[: 2 * (TEXT_MOST - len(_CUT))]
        text = units.decode("utf-16-le", errors="ignore") + _CUT
    sheet.write_string(row, column, text)
    return too_long


def _writer(sheet: Any, value: Any) -> Callable[[int, int, Any], Any]:
    if isinstance(value, bool):
        return sheet.write_boolean  # type: ignore[no-any-return]
    return sheet.write_number if isinstance(value, int | float) else sheet.write_datetime  # type: ignore[no-any-return]


_COLUMN_HEADS = ["table", "column", "title", "description", "type", "unit", "empty allowed", "values"]
_VALUE_HEADS = [
    "vocabulary",
    "value",
    "code",
    "definition",
    "example",
    "event type",
    "disorder type",
    "elsewhere",
]


def _explained(folder: Folder) -> Iterable[list[Any]]:
    for name in SHEETS:
        if folder.has(name):
            for column in columns(name):
                yield [name, column.name, column.title, column.description, *_facts(column)]


def _facts(column: Column) -> list[Any]:
    allowed = column.checks.get("isin", ())
    return [column.dtype, column.unit, column.nullable, "; ".join(map(str, allowed)) or None]


def _vocabularies() -> Iterable[list[Any]]:
    for name, entries in codebook().vocabularies.items():
        for e in entries:
            codes = "; ".join(f"{scheme}: {', '.join(map(str, c))}" for scheme, c in e.crosswalk.items() if c)
            yield [
                name,
                e.name,
                e.code,
                e.definition,
                e.example,
                e.event_type,
                e.disorder_type,
                codes or None,
            ]
