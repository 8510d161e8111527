"""``datapackage.json``: the CSV tables as a Frictionless data package, with the schemas' constraints."""

import json
from collections.abc import Mapping
from typing import Any

from coder.dataset.describe import NAME, TITLE, Release
from coder.dataset.manifest import file_hash
from coder.dataset.tables import Column, columns, raw_schema

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"

_TYPES: Mapping[str, str] = {
    "string": "string",
    "Int8": "integer",
    "Int64": "integer",
    "Float64": "number",
    "boolean": "boolean",
    "date": "date",
}

_NEVER_EMPTY = frozenset(("isin", "str_matches", "str_length"))
"""Checks that an empty text fails; without one a text may be empty, which CSV does not tell from missing."""


def text(release: Release) -> str:
    """The data package as JSON; tables that are there as Parquet alone are left out."""
    names = [name for name in release.folder.tables() if (release.folder.path / f"{name}.csv").is_file()]
    content: dict[str, Any] = {
        "$schema": PROFILE,
        "name": NAME,
        "title": TITLE,
        "description": release.summary(),
        "version": release.version,
        "keywords": ["conflict", "event data", "ACLED", "news", "source attribution"],
        "resources": [_resource(release, name, names) for name in names],
    }
    if release.released:
        content["created"] = f"{release.released}T00:00:00Z"
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _resource(release: Release, name: str, names: list[str]) -> dict[str, Any]:
    file = release.folder.path / f"{name}.csv"
    raw = raw_schema(name)
    return {
        "name": name,
        "title": raw["title"],
        "description": raw["description"],
        "type": "table",
        "path": file.name,
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": file.stat().st_size,
        "hash": f"sha256:{file_hash(file)}",
        "schema": schema(name, names),
    }


def schema(name: str, names: list[str]) -> dict[str, Any]:
    """A table's schema in Frictionless' terms; ``names`` are the tables that a key may refer to."""
    content: dict[str, Any] = {
        "fields": [_field(column, name) for column in columns(name)],
        "missingValues": [""],
    }
    if key := primary_key(name):
        content["primaryKey"] = key
    foreign = [
        {"fields": [column.name], "reference": {"resource": table, "fields": [target]}}
        for column in columns(name)
        if column.refers_to
        for table, _, target in [column.refers_to.partition(".")]
        if table in names
    ]
    return content | ({"foreignKeys": foreign} if foreign else {})


def primary_key(name: str) -> list[str]:
    """The columns that tell a table's rows apart; none for a table whose rows may repeat."""
    raw = raw_schema(name)
    alone = [column for column, facts in raw["columns"].items() if facts.get("unique")]
    return alone[:1] or list(raw.get("unique") or [])


def _field(column: Column, table: str) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.name,
        "type": _TYPES[column.dtype],
        "title": column.title,
        "description": column.description,
    }
    if column.dtype == "date":
        field["format"] = "default"
    if column.unit:
        field["unit"] = column.unit
    if constraints := _constraints(column, raw_schema(table)["columns"][column.name]):
        field["constraints"] = constraints
    return field


def _constraints(column: Column, raw: Mapping[str, Any]) -> dict[str, Any]:
    checks = column.checks
    found: dict[str, Any] = {}
    if not column.nullable and (column.dtype != "string" or _NEVER_EMPTY & checks.keys()):
        found["required"] = True
    if raw.get("unique"):
        found["unique"] = True
    if "isin" in checks:
        found["enum"] = list(checks["isin"])
    if "in_range" in checks:
        found |= {"minimum": checks["in_range"]["min_value"], "maximum": checks["in_range"]["max_value"]}
    if "greater_than_or_equal_to" in checks:
        found["minimum"] = checks["greater_than_or_equal_to"]
    if "str_matches" in checks:
        found["pattern"] = checks["str_matches"]
    if "str_length" in checks:
        bounds = {"min_value": "minLength", "max_value": "maxLength"}
        found |= {bounds[key]: value for key, value in checks["str_length"].items() if key in bounds}
    return found
