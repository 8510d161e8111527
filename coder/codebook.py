"""The closed vocabularies of the dataset, read once from ``data/codebook.yaml``.

Every vocabulary is an ordered tuple of entries; the functions below answer the questions that coding and
validation ask of them, so that no other module repeats a list.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from coder.paths import data_dir

_LEGAL_KEYS = {
    "name",
    "code",
    "definition",
    "example",
    "example_ar",
    "event_type",
    "disorder_type",
    "crosswalk",
}


class CodebookError(ValueError):
    """The codebook file breaks its own form, or a value is asked for that it does not hold."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of a vocabulary.

    ``code`` is the number that stands in the tables for precisions, and in ``claims`` for the kinds of sides.
    ``event_type``, ``disorder_type`` and ``crosswalk`` (codes by scheme) are set for sub-event types only.
    """

    name: str
    definition: str
    example: str
    example_ar: str | None = None
    code: int | None = None
    event_type: str | None = None
    disorder_type: str | None = None
    crosswalk: Mapping[str, tuple[str | int, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Codebook:
    """All vocabularies by their key in the file, with the version that stands in ``codebook_version``."""

    version: str
    vocabularies: Mapping[str, tuple[Entry, ...]]


def _entry(vocabulary: str, raw: Any) -> Entry:
    if not isinstance(raw, dict) or not {"name", "definition", "example"} <= raw.keys():
        raise CodebookError(f"codebook: {vocabulary}: an entry needs name, definition and example: {raw!r}")
    wrong = raw.keys() - _LEGAL_KEYS
    if wrong:
        where = f"codebook: {vocabulary}: {raw['name']}"
        raise CodebookError(f"{where}: unknown key {min(wrong)!r}; legal: {', '.join(sorted(_LEGAL_KEYS))}")
    crosswalk = {scheme: tuple(codes) for scheme, codes in raw.get("crosswalk", {}).items()}
    return Entry(**{**raw, "crosswalk": crosswalk})


def load(path: Path) -> Codebook:
    """Read a codebook file. Raises CodebookError where an entry is incomplete, misspelt or doubled."""
    raw = yaml.load(path.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    vocabularies = {
        key: tuple(_entry(key, entry) for entry in entries) for key, entries in raw.items() if key != "version"
    }
    for key, entries in vocabularies.items():
        if len({entry.name for entry in entries}) != len(entries):
            raise CodebookError(f"codebook: {key}: a name stands twice")
    return Codebook(str(raw["version"]), MappingProxyType(vocabularies))


@cache
def codebook() -> Codebook:
    """The built-in codebook."""
    return load(data_dir() / "codebook.yaml")


def entries(vocabulary: str) -> tuple[Entry, ...]:
    """The entries of a vocabulary, in the file's order. Raises CodebookError for an unknown vocabulary."""
    found = codebook().vocabularies.get(vocabulary)
    if found is None:
        raise CodebookError(f"no vocabulary {vocabulary!r}; legal: {', '.join(codebook().vocabularies)}")
    return found


@cache
def names(vocabulary: str) -> tuple[str, ...]:
    """The names of a vocabulary, in the file's order."""
    return tuple(entry.name for entry in entries(vocabulary))


@cache
def codes(vocabulary: str) -> tuple[int, ...]:
    """The numbers of a vocabulary that has them: ``geo_precision``, ``time_precision``, ``inter``."""
    return tuple(entry.code for entry in entries(vocabulary) if entry.code is not None)


@cache
def sub_event(sub_event_type: str) -> Entry:
    """The entry of a sub-event type. Raises CodebookError for an unknown one."""
    for entry in entries("sub_event_types"):
        if entry.name == sub_event_type:
            return entry
    raise CodebookError(f"no sub-event type {sub_event_type!r}")


def event_type_of(sub_event_type: str) -> str:
    """The one event type that a sub-event type belongs to."""
    return str(sub_event(sub_event_type).event_type)


def disorder_type(event_type: str, sub_event_type: str) -> str:
    """The disorder type of an event. Raises CodebookError where the two types do not belong together."""
    entry = sub_event(sub_event_type)
    if entry.event_type != event_type:
        raise CodebookError(f"{sub_event_type!r} belongs to {entry.event_type!r}, not to {event_type!r}")
    return str(entry.disorder_type)


@cache
def labels(vocabulary: str) -> Mapping[int, str]:
    """The names of a vocabulary by their numbers; an empty side has a number, though it is no entry."""
    empty = {0: "none"} if vocabulary == "inter" else {}
    return MappingProxyType(empty | {e.code: e.name for e in entries(vocabulary) if e.code is not None})


@cache
def inter_number(name: str | None) -> int:
    """ACLED's number of a kind of side, 1 to 8; 0 for an empty side."""
    if name is None:
        return 0
    for entry in entries("inter"):
        if entry.name == name and entry.code is not None:
            return entry.code
    raise CodebookError(f"no kind of side {name!r}; legal: {', '.join(names('inter'))}")


def interaction(inter1: str | None, inter2: str | None) -> str | None:
    """Both kinds joined, lower number first; "X only" for one side; None for none."""
    sides = sorted((side for side in (inter1, inter2) if side is not None), key=inter_number)
    if not sides:
        return None
    return "-".join(sides) if len(sides) == 2 else f"{sides[0]} only"


@cache
def interactions() -> tuple[str, ...]:
    """Every legal value of ``interaction``: each kind alone, then each pair, lower number first."""
    sides = names("inter")
    pairs = (interaction(one, other) for i, one in enumerate(sides) for other in sides[i:])
    return tuple(f"{side} only" for side in sides) + tuple(pair for pair in pairs if pair)
