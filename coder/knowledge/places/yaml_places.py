"""Reads ``places/supplement/*.yaml``: places written by hand, in the package or in a project's own folder.

A file is ``country``, ``source`` and ``places``; an entry gives id, name, kind, lat, lon, names and, where it
has them, admin1, town (that it lies in), capital (of a region), covers (first-level units of a region), cue,
population, and its own country or source.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from coder.knowledge.safe_yaml import DataError, read_yaml

_FILE_KEYS = frozenset(("country", "source", "approximate", "places"))
_KEYS = frozenset(
    (
        "id",
        "name",
        "kind",
        "country",
        "admin1",
        "admin2",
        "admin3",
        "lat",
        "lon",
        "names",
        "town",
        "capital",
        "covers",
        "cue",
        "population",
        "source",
        "approximate",
    )
)
KINDS = frozenset(
    (
        "country",
        "region",
        "admin1",
        "admin2",
        "admin3",
        "city",
        "town",
        "village",
        "camp",
        "district",
        "neighbourhood",
        "landmark",
        "building",
        "airport",
        "base",
        "port",
        "border",
        "crossing",
        "mountain",
        "valley",
        "river",
        "sea",
        "island",
        "road",
        "oilfield",
    )
)
CUES = frozenset(("none", "required", "never"))


class PlaceError(DataError):
    """A file of places is at fault; the message names the file, the entry, the value and the remedy."""


def read_places(path: Path) -> list[dict[str, Any]]:
    """The entries of one file, with the keys of the compiled table plus ``cue``.

    Raises PlaceError for a key, kind, cue or coordinate that is not legal.
    """
    try:
        loaded = read_yaml(path)
    except DataError as error:
        raise PlaceError(str(error)) from error
    if not isinstance(loaded, dict) or not isinstance(loaded.get("places"), list):
        raise PlaceError(f"{path}: expected the keys {', '.join(sorted(_FILE_KEYS))}; places is a list of entries")
    _legal(path, "the file", loaded, _FILE_KEYS)
    return [_entry(path, entry, loaded) for entry in loaded["places"]]


def _legal(path: Path, what: str, keys: dict[str, Any], legal: frozenset[str]) -> None:
    unknown = sorted(set(keys) - legal)
    if unknown:
        raise PlaceError(f"{path}: {what}: unknown key {unknown[0]!r}; legal keys: {', '.join(sorted(legal))}")


def _entry(path: Path, entry: Any, file: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
        raise PlaceError(f"{path}: a place without an id: {str(entry)[:80]!r}; give it a stable id")
    what = f"place {entry['id']}"
    _legal(path, what, entry, _KEYS)
    names = entry.get("names") or {}
    country = entry.get("country", file.get("country"))
    if not isinstance(entry.get("name"), str) or not isinstance(country, str) or set(names) - {"en", "ar"}:
        raise PlaceError(f"{path}: {what}: needs a name, a country and names by language (en, ar)")
    if entry.get("kind") not in KINDS:
        raise PlaceError(f"{path}: {what}: kind {entry.get('kind')!r}; legal kinds: {', '.join(sorted(KINDS))}")
    if entry.get("cue", "none") not in CUES:
        raise PlaceError(f"{path}: {what}: cue {entry['cue']!r}; legal: {', '.join(sorted(CUES))}")
    lat, lon = entry.get("lat"), entry.get("lon")
    if not isinstance(lat, (int, float)) or not isinstance(lon, (int, float)) or abs(lat) > 90 or abs(lon) > 180:
        raise PlaceError(f"{path}: {what}: lat {lat!r}, lon {lon!r}: degrees north and east are needed")
    return {
        "place_id": entry["id"] if ":" in entry["id"] else f"sup:{entry['id']}",
        "name": entry["name"],
        "kind": entry["kind"],
        "country": country,
        "admin1": entry.get("admin1"),
        "admin2": entry.get("admin2"),
        "admin3": entry.get("admin3"),
        "latitude": float(lat),
        "longitude": float(lon),
        "names_en": [str(n) for n in names.get("en") or ()],
        "names_ar": [str(n) for n in names.get("ar") or ()],
        "town": entry.get("town"),
        "capital": entry.get("capital"),
        "covers": list(entry.get("covers") or ()),
        "cue": entry.get("cue"),
        "population": int(entry.get("population") or 0),
    }
