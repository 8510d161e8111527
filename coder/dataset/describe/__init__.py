"""What a release says of itself for people, catalogues and other programs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.compute as pc

from coder.codebook import codebook
from coder.dataset.figures import TableFigures, figures
from coder.dataset.folder import Folder
from coder.dataset.manifest import package_version

NAME = "conflict-events"
TITLE = "Conflict events coded from news articles"


@dataclass(frozen=True, slots=True)
class Release:
    """What the descriptions of a release have in common.

    ``version`` changes with the content: the start of the events' (else the claims') logical hash;
    ``released`` is the day of the events' timestamp, ISO 8601, or None where that is not known.
    """

    folder: Folder
    figures: Mapping[str, TableFigures]
    version: str
    released: str | None
    codebook_version: str
    software_version: str

    def summary(self) -> str:
        """The dataset in a sentence: what it holds and the time that it covers."""
        numbers = {name: self.figures[name].rows for name in ("events", "claims", "articles") if self.has(name)}
        counts = [f"{rows:,} {name if rows > 1 else name[:-1]}" for name, rows in numbers.items()]
        days = self.figures["events"].columns["event_date"] if self.has("events") else None
        covered = f", from {days.least} to {days.greatest}" if days and days.least else ""
        return f"{', '.join(counts)}{covered}. Every coded value has the words that it was read from."

    def has(self, table: str) -> bool:
        """Whether the table is part of the release and has rows."""
        return table in self.figures and self.figures[table].rows > 0


def describe(path: Path) -> tuple[str, ...]:
    """Write ``datapackage.json``, ``croissant.json``, ``codebook.md`` and ``CITATION.cff`` into a dataset.

    They depend on the tables and the manifest alone; a build calls this when these are written. Returns the
    names of the files. Raises FolderError where a table cannot be read.
    """
    from coder.dataset.describe import citation, croissant, datapackage, dictionary

    release = opened(Folder(path))
    content = {
        "datapackage.json": datapackage.text(release),
        "croissant.json": croissant.text(release),
        "codebook.md": dictionary.text(release),
        "CITATION.cff": citation.text(release),
    }
    for name, text in content.items():
        (path / name).write_text(text, encoding="utf-8")
    return tuple(content)


def opened(folder: Folder) -> Release:
    """The folder with its figures, version and date of release."""
    versions: Mapping[str, Any] = folder.manifest.get("versions", {})
    tables: Mapping[str, Any] = folder.manifest.get("tables", {})
    content = next((tables[name]["logical_hash"] for name in ("events", "claims") if name in tables), "unknown")
    return Release(
        folder=folder,
        figures=figures(folder),
        version=content[:12],
        released=_released(folder),
        codebook_version=str(versions.get("codebook", codebook().version)),
        software_version=str(versions.get("coder", package_version())),
    )


def _released(folder: Folder) -> str | None:
    if not folder.has("events"):
        return None
    newest = pc.max(folder.table("events", ["timestamp"])["timestamp"]).as_py()
    return None if not newest else datetime.fromtimestamp(newest, UTC).date().isoformat()
