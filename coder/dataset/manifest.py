"""What a release says of itself: versions, inputs, counts, and a hash of what each table holds."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def package_version() -> str:
    """The installed version of this package; "unknown" where it runs from a folder without installation."""
    try:
        return version("coder")
    except PackageNotFoundError:
        return "unknown"


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes, hexadecimal."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _column_bytes(column: pa.Array) -> Iterator[bytes]:
    yield np.packbits(pc.is_valid(column).to_numpy(zero_copy_only=False)).tobytes()
    if pa.types.is_string(column.type):
        filled = column.fill_null("")
        yield pc.binary_length(filled).to_numpy(zero_copy_only=False).astype("<i8").tobytes()
        yield "".join(filled.to_pylist()).encode()
    elif pa.types.is_floating(column.type):
        yield column.fill_null(0.0).to_numpy(zero_copy_only=False).astype("<f8").tobytes()
    else:
        plain = column.cast(pa.int32()) if pa.types.is_date32(column.type) else column
        yield plain.cast(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False).astype("<i8").tobytes()


@dataclass
class TableFacts:
    """Facts of a table, gathered batch by batch.

    ``logical_hash`` is the SHA-256 over each batch's columns in order: which values are there, then they.
    It depends on the rows and on the rows a batch, and on nothing of Parquet.
    """

    rows: int = 0
    filled: dict[str, int] = field(default_factory=dict)
    _hash: Any = field(default_factory=hashlib.sha256)

    def add(self, batch: pa.RecordBatch) -> None:
        """Take a batch into account."""
        self.rows += batch.num_rows
        for name, column in zip(batch.schema.names, batch.columns, strict=True):
            self.filled[name] = self.filled.get(name, 0) + batch.num_rows - column.null_count
            self._hash.update(f"{name}:{column.type}:{batch.num_rows};".encode())
            for piece in _column_bytes(column):
                self._hash.update(piece)

    def as_json(self) -> dict[str, Any]:
        """The facts as the manifest gives them; fill rates are shares of all rows, to four digits."""
        return {
            "rows": self.rows,
            "logical_hash": self._hash.hexdigest(),
            "fill_rate": {name: round(n / self.rows, 4) if self.rows else None for name, n in self.filled.items()},
        }


def input_facts(files: Iterable[Path]) -> list[dict[str, Any]]:
    """Name, size and SHA-256 of every input file, sorted by name and hash; folders do not show."""
    facts = ({"file": file.name, "bytes": file.stat().st_size, "sha256": file_hash(file)} for file in files)
    return sorted(facts, key=lambda fact: (str(fact["file"]), str(fact["sha256"])))


def write_manifest(path: Path, content: Mapping[str, Any]) -> None:
    """Write the manifest as canonical JSON."""
    text = json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")
