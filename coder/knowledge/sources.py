"""Sources as data: agencies, papers, stations, monitors, platforms, with their reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from coder.knowledge.rules import entries


class Source(NamedTuple):
    """A source that an article may credit or that an article may come from."""

    id: str
    name: str
    kind: str
    claimant_type: str
    channel: str
    scale: str
    country: str | None
    of: str | None
    names: Mapping[str, Sequence[str]]
    handles: Sequence[str]
    ambiguous: Mapping[str, Sequence[str]]


def read_sources(folders: Sequence[Path]) -> list[Source]:
    """All sources of ``data/sources``, the overlay's laid over."""
    return [_source(entry) for _, entry in entries(folders, "sources/*.yaml")]


def _source(raw: dict[str, Any]) -> Source:
    return Source(
        raw["id"],
        raw["name"],
        raw["kind"],
        raw["claimant_type"],
        raw.get("channel") or "none",
        raw["scale"],
        raw.get("country"),
        raw.get("of"),
        raw.get("names") or {},
        tuple(raw.get("handles") or ()),
        raw.get("ambiguous") or {},
    )
