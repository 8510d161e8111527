"""Tables as files, ours or others': finding them, telling which is which, reading them for validation."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from coder.dataset.failures import Failure
from coder.dataset.manifest import TableFacts
from coder.dataset.tables import TABLES, arrow_schema, column_names
from coder.dataset.validate import PANDAS
from coder.errors import UserError

SUFFIXES = (".parquet", ".csv", ".csv.gz")


class FileError(UserError):
    """A file or folder cannot be read as tables; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """Tables by name, the file of each, and the manifest of the folder if there is one."""

    frames: Mapping[str, pd.DataFrame]
    paths: Mapping[str, Path]
    manifest: Mapping[str, Any] | None

    def manifest_failures(self) -> Iterator[Failure]:
        """Tables in Parquet whose rows are not those that the manifest of the release vouches for."""
        tables = self.manifest.get("tables", {}) if self.manifest else {}
        for name, path in self.paths.items():
            promised = tables.get(name, {}).get("logical_hash")
            if promised and path.suffix == ".parquet" and promised != logical_hash(name, path):
                text = "the rows are not those of the manifest: the file was changed after the build"
                yield Failure(name, None, None, None, None, "manifest-agrees", text)


def logical_hash(name: str, path: Path) -> str | None:
    """The hash of a table in Parquet as the manifest gives it; None where it has not the table's columns.

    Raises OSError, pyarrow.ArrowException.
    """
    facts = TableFacts()
    file = pq.ParquetFile(path)
    if file.schema_arrow.names != list(column_names(name)):
        return None
    for group in range(file.num_row_groups):
        for batch in file.read_row_group(group).combine_chunks().to_batches():
            facts.add(batch.cast(arrow_schema(name)))
    return str(facts.as_json()["logical_hash"])


def open_dataset(paths: Sequence[Path], table: str | None = None) -> Dataset:
    """Read the tables of a folder or of single files; ``table`` names what a single file holds.

    Raises FileError where nothing is found, a file cannot be read or its table cannot be told.
    """
    if table is not None and table not in TABLES:
        raise FileError(f"{table}: no such table; expected one of: {', '.join(TABLES)}")
    if table is not None and (len(paths) != 1 or paths[0].is_dir()):
        raise FileError("--table goes with one file")
    found: dict[str, Path] = {}
    frames: dict[str, pd.DataFrame] = {}
    manifest = None
    for path in paths:
        if path.is_dir():
            found |= _tables_in(path)
            manifest = _manifest(path / "manifest.json")
        elif not path.is_file():
            raise FileError(f"{path}: no such file or folder; check the name")
        else:
            frame = _read(path)
            name = table or _name_of(path, frame)
            found[name], frames[name] = path, frame
    for name, path in found.items():
        if name not in frames:
            frames[name] = _read(path)
    return Dataset(frames, found, manifest)


def _tables_in(folder: Path) -> dict[str, Path]:
    found = {}
    for name in TABLES:
        for suffix in SUFFIXES:
            if (folder / f"{name}{suffix}").is_file():
                found[name] = folder / f"{name}{suffix}"
                break
    if not found:
        raise FileError(f"{folder}: holds no table; expected {', '.join(TABLES)} as .parquet or .csv")
    return found


def _manifest(path: Path) -> Mapping[str, Any] | None:
    if not path.is_file():
        return None
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise FileError(f"{path}: is no JSON ({error}); build the dataset again") from error
    return content if isinstance(content, dict) else None


def _read(path: Path) -> pd.DataFrame:
    try:
        if path.name.endswith(".parquet"):
            return pq.ParquetFile(path).read().to_pandas(types_mapper=PANDAS.get, date_as_object=True)
        if path.name.endswith((".csv", ".csv.gz")):
            return pd.read_csv(path, dtype=str, keep_default_na=False, na_values=[""], encoding="utf-8-sig")
    except (pa.ArrowException, OSError, ValueError, EOFError) as error:
        raise FileError(f"{path}: cannot be read ({error}); check the file") from error
    raise FileError(f"{path}: unknown kind of file; expected one of: {', '.join(SUFFIXES)}")


def _name_of(path: Path, frame: pd.DataFrame) -> str:
    stem = path.name.split(".", 1)[0]
    if stem in TABLES:
        return stem
    matching = [name for name in TABLES if set(column_names(name)) <= set(frame.columns)]
    if len(matching) == 1:
        return matching[0]
    raise FileError(f"{path}: which table is it? Name the file after it or give --table {'|'.join(TABLES)}")
