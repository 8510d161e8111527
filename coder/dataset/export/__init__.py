"""A dataset in the formats of other programs, one module a format.

A module has ``write(folder, out, options)``, which writes one file, or for a format of several
files a folder, and returns what a reader of the export should know: what was left out, and why.
"""

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from coder.dataset.folder import Folder, FolderError


@dataclass(frozen=True, slots=True)
class Format:
    """A format: what it holds, and what follows the name of its file; None for a folder of files."""

    description: str
    suffix: str | None


FORMATS: Mapping[str, Format] = {
    "acled": Format("events as CSV with the 31 columns of ACLED's export", ".csv"),
    "ucdp": Format("lethal organised violence as CSV with the 49 columns of UCDP GED", ".csv"),
    "csv": Format("every table as CSV", None),
    "xlsx": Format("events, claims and articles as sheets, with the codebook", ".xlsx"),
    "stata": Format("events, claims and articles for Stata 14 and newer, with labels", None),
    "geoparquet": Format("events with points, for geographic programs", ".parquet"),
    "geojson": Format("events with points, for web maps", ".geojson"),
}


@dataclass(frozen=True, slots=True)
class Options:
    """How an export is written. ``excel_safe``: no cell of a CSV can be taken for a formula."""

    excel_safe: bool = False


@dataclass(frozen=True, slots=True)
class Exported:
    """The file or folder that was written, and notes on what it leaves out."""

    path: Path
    notes: tuple[str, ...]


Writer = Callable[[Folder, Path, Options], tuple[str, ...]]


def export(source: Path, to: str, out: Path | None = None, options: Options | None = None) -> Exported:
    """Write the dataset in ``source`` in a format; ``out`` is the file or folder to write.

    By default it is named after the source and the format, in the current folder. A file appears whole or
    not at all. Raises FolderError for an unknown format and where a table is missing or ``out`` cannot be.
    """
    options = options or Options()
    if to not in FORMATS:
        raise FolderError(f"{to}: no such format; expected one of: {', '.join(FORMATS)}")
    if options.excel_safe and to != "csv":
        raise FolderError("--excel-safe goes with --to csv alone; xlsx needs nothing of the kind")
    folder = Folder(source)
    suffix = FORMATS[to].suffix
    target = out or Path(f"{source.resolve().name}-{to}{suffix or ''}")
    if target.is_dir() and (suffix or any(target.iterdir())):
        raise FolderError(f"{target}: is a folder with files in it; name a new {'file' if suffix else 'folder'}")
    if target.is_file() and not suffix:
        raise FolderError(f"{target}: is a file; {to} is a folder of files, name one")
    writer: Writer = import_module(f"coder.dataset.export.{to}").write
    return Exported(target, _whole(lambda path: writer(folder, path, options), target, suffix is None))


def _whole(write: Callable[[Path], tuple[str, ...]], target: Path, is_folder: bool) -> tuple[str, ...]:
    """Write under a temporary name, and rename when all is written."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        if is_folder:
            temporary.mkdir()
        notes = write(temporary)
        temporary.replace(target)
    finally:
        if is_folder:
            shutil.rmtree(temporary, ignore_errors=True)
        else:
            temporary.unlink(missing_ok=True)
    return notes
