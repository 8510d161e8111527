"""The compiled gazetteer's two tables: columns, and the mark by which a changed YAML file is noticed."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pyarrow as pa

_WORD = pa.dictionary(pa.int32(), pa.string())

PLACES_SCHEMA = pa.schema(
    [
        ("place_id", pa.string()),
        ("supplement_id", pa.string()),
        ("name", pa.string()),
        ("kind", _WORD),
        ("names_ar", pa.list_(pa.string())),
        ("names_en", pa.list_(pa.string())),
        ("country", _WORD),
        ("iso", pa.int16()),
        ("region", _WORD),
        ("admin1", _WORD),
        ("admin2", _WORD),
        ("admin3", _WORD),
        ("latitude", pa.float64()),
        ("longitude", pa.float64()),
        ("population", pa.int32()),
        ("capital", pa.string()),
        ("town", pa.string()),
        ("covers", pa.list_(pa.string())),
        ("news", pa.bool_()),
    ]
)

NAMES_SCHEMA = pa.schema(
    [
        ("language", _WORD),
        ("name", pa.string()),
        ("places", pa.list_(pa.int32())),
        ("cue", _WORD),
    ]
)


def file_digest(path: Path) -> str:
    """First 16 hex digits of the SHA-256 of a file: what the compiled table was made from."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
