"""``codebook.md``: every table, column and value explained, from the schemas and the vocabularies."""

from collections.abc import Iterable, Iterator, Sequence

from coder.codebook import Entry, codebook
from coder.dataset.describe import TITLE, Release
from coder.dataset.tables import Column, columns, raw_schema

_KINDS = {
    "string": "text",
    "Int8": "whole number",
    "Int64": "whole number",
    "Float64": "number",
    "boolean": "true or false",
    "date": "date",
}
_FEW = 8
"""Values that a table of columns lists itself; longer lists stand under their vocabulary."""


def text(release: Release) -> str:
    """The data dictionary as Markdown."""
    lines = [f"# {TITLE}: data dictionary", "", release.summary()]
    lines += [
        "",
        f"Version {release.version}; codebook {release.codebook_version}; coder {release.software_version}.",
    ]
    for name in release.folder.tables():
        lines += _table(release, name)
    lines += ["", "# Values"]
    for vocabulary, entries in codebook().vocabularies.items():
        lines += _vocabulary(vocabulary, entries)
    return "\n".join(lines) + "\n"


def _table(release: Release, name: str) -> Iterator[str]:
    raw, found = raw_schema(name), release.figures[name]
    yield from ("", f"## {name}", "", f"{raw['description']} {found.rows:,} rows.", "")
    heads = ("column", "what it is", "type", "values", "filled")
    rows = (
        (
            f"`{c.name}`",
            _explained(c),
            _kind(c),
            _values(c),
            f"{100 * found.fill_rate(c.name):.0f} %" if found.columns else "",
        )
        for c in columns(name)
    )
    yield from _grid(heads, rows)


def _explained(column: Column) -> str:
    return f"{column.title}. {column.description}"


def _kind(column: Column) -> str:
    kind = _KINDS[column.dtype] + (f", {column.unit}" if column.unit else "")
    return kind if column.nullable else f"{kind}; never empty"


def _values(column: Column) -> str:
    checks = column.checks
    if column.vocabulary:
        return f"{', '.join(f'`{value}`' for value in checks['isin'])}: see [{column.vocabulary}](#{column.vocabulary})"
    if "isin" in checks:
        values = [f"`{value}`" for value in checks["isin"]]
        more = f" and {len(values) - _FEW} more" if len(values) > _FEW else ""
        return ", ".join(values[:_FEW]) + more
    if "in_range" in checks:
        return f"{checks['in_range']['min_value']} to {checks['in_range']['max_value']}"
    if "greater_than_or_equal_to" in checks:
        return f"from {checks['greater_than_or_equal_to']}"
    return f"of `{column.refers_to}`" if column.refers_to else ""


def _vocabulary(name: str, entries: Sequence[Entry]) -> Iterator[str]:
    yield from ("", f"## {name}", "")
    shown = [
        (
            f"`{e.name}`" if e.code is None else f"{e.code} `{e.name}`",
            e.definition,
            e.example,
            "; ".join(f"{scheme} {', '.join(map(str, codes))}" for scheme, codes in e.crosswalk.items() if codes),
        )
        for e in entries
    ]
    heads = ("value", "definition", "example", "elsewhere")
    if not any(row[3] for row in shown):
        yield from _grid(heads[:3], (row[:3] for row in shown))
    else:
        yield from _grid(heads, shown)


def _grid(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"| {' | '.join('---' for _ in heads)} |"
    for row in rows:
        yield f"| {' | '.join(' '.join(cell.replace('|', chr(92) + '|').split()) for cell in row)} |"
