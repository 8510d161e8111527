"""The gazetteer: every place that the coder knows, its names in both languages, and what lies in what.

Compiled once (``data/places/build.py``) into two Parquet tables; a YAML file of places that is new or was
changed since, in the package or in a project's own ``--data`` folder, is laid over them when they are loaded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from coder.knowledge.places.names import fold_key
from coder.knowledge.places.spellings import Spellings, read_spellings
from coder.knowledge.places.tables import NAMES_SCHEMA, PLACES_SCHEMA, file_digest
from coder.knowledge.places.yaml_places import PlaceError, read_places
from coder.knowledge.safe_yaml import DataError, read_yaml

_STRICTNESS = ("none", "required", "never")
_NAMES_BLOCK = 20_000  # names turned into Python objects at a time


class Place(NamedTuple):
    """One place; ``row`` is its number in the gazetteer.

    Coordinates are degrees north and east; ``population`` is 0 where it is not known.
    ``capital`` is the chief town of a country, a first-level unit or a region, ``town`` the town that a
    quarter or landmark belongs to (place ids); ``covers`` are the first-level units that a region spans;
    ``news`` marks places of our own list, which articles on conflict name more often than their size says.
    """

    row: int
    place_id: str
    supplement_id: str | None
    name: str
    kind: str
    names_ar: tuple[str, ...]
    names_en: tuple[str, ...]
    country: str
    iso: int
    region: str
    admin1: str | None
    admin2: str | None
    admin3: str | None
    latitude: float
    longitude: float
    population: int
    capital: str | None
    town: str | None
    covers: tuple[str, ...]
    news: bool


class Country(NamedTuple):
    """A country of ``countries.yaml``; ``box`` is (south, west, north, east) in degrees."""

    id: str
    name: str
    iso: int
    region: str
    box: tuple[float, float, float, float]


class Gazetteer:
    """All places, by number; treat it as read-only. Build it with :meth:`load`."""

    def __init__(
        self,
        places: pa.Table,
        names: pa.Table,
        countries: Mapping[str, Country],
        extra_names: Mapping[tuple[str, str], tuple[tuple[int, ...], str]],
        spelling_rules: Mapping[str, Any] | None = None,
        spellings: Mapping[str, Spellings | None] | None = None,
    ) -> None:
        self._table = places
        self._names = names
        self._extra_names = dict(extra_names)
        self.countries = dict(countries)
        self._spelling_rules = dict(spelling_rules or {})
        self._spellings = dict(spellings or {})
        self._columns = [places.column(field.name).combine_chunks() for field in PLACES_SCHEMA]
        self._places: dict[int, Place] = {}

    def __getstate__(self) -> tuple[Any, ...]:
        return self._table, self._names, self.countries, self._extra_names, self._spelling_rules, self._spellings

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self.__init__(*state)  # type: ignore[misc]

    @classmethod
    def load(cls, data_dirs: Sequence[Path]) -> Gazetteer:
        """Read the compiled tables of the first folder that has them, then the YAML files that are newer.

        Raises FileNotFoundError where no folder has the tables, PlaceError where a YAML file is at fault.
        """
        home = next((d / "places" for d in data_dirs if (d / "places" / "places.parquet").is_file()), None)
        if home is None:
            raise FileNotFoundError(f"no places/places.parquet in {', '.join(map(str, data_dirs))}")
        places = pq.read_table(home / "places.parquet", schema=PLACES_SCHEMA, memory_map=False)
        names = pq.read_table(home / "names.parquet", schema=NAMES_SCHEMA, memory_map=False)
        metadata = pq.read_schema(home / "places.parquet").metadata or {}
        compiled = {k.decode()[7:]: v.decode() for k, v in metadata.items() if k.startswith(b"sha256:")}
        countries: dict[str, Country] = {}
        changed: list[dict[str, Any]] = []
        for folder in data_dirs:
            countries.update(_read_countries(folder / "places" / "countries.yaml"))
            for path in sorted((folder / "places" / "supplement").glob("*.yaml")):
                if folder / "places" != home or compiled.get(f"supplement/{path.name}") != file_digest(path):
                    changed += read_places(path)
        spellings = read_spellings(data_dirs)
        if not changed:
            return cls(places, names, countries, {}, spellings)
        return _overlay(places, names, countries, changed, spellings)

    def __len__(self) -> int:
        return int(self._table.num_rows)

    def place(self, index: int) -> Place:
        """The place of that number."""
        got = self._places.get(index)
        if got is None:
            values = [column[index].as_py() for column in self._columns]
            for at in (4, 5, 17):
                values[at] = tuple(values[at] or ())
            got = self._places[index] = Place(index, *values)
        return got

    def names(self) -> Iterator[tuple[str, str, tuple[int, ...], str]]:
        """(language, folded name, numbers of the places that bear it, cue), each folded name once a language.

        The cue says how far a bare mention may be trusted: ``none`` always, ``required`` only behind a place
        cue («مدينة», "town of", "in"), ``never`` not at all.
        """
        seen = set()
        for at in range(0, self._names.num_rows, _NAMES_BLOCK):
            block = self._names.slice(at, _NAMES_BLOCK)
            rows = zip(*(block.column(c).to_pylist() for c in ("language", "name", "places", "cue")), strict=True)
            for language, name, indexes, cue in rows:
                more = self._extra_names.get((language, name))
                if more is None:
                    yield language, name, tuple(indexes), cue
                else:
                    seen.add((language, name))
                    yield language, name, tuple(sorted({*indexes, *more[0]})), more[1]
        for (language, name), (numbers, cue) in self._extra_names.items():
            if (language, name) not in seen:
                yield language, name, numbers, cue

    @cached_property
    def _by_name(self) -> dict[tuple[str, str], tuple[int, ...]]:
        return {(language, name): indexes for language, name, indexes, _ in self.names()}

    @cached_property
    def _by_id(self) -> dict[str, int]:
        ids = {i: n for n, i in enumerate(self._table.column("supplement_id").to_pylist()) if i}
        ids.update((i, n) for n, i in enumerate(self._table.column("place_id").to_pylist()))
        return ids

    @cached_property
    def _units(self) -> dict[tuple[str, str], int]:
        out = {}
        for n in range(len(self)):
            if str(self._columns[3][n]) not in ("country", "admin1"):
                break
            place = self.place(n)
            out[place.country, place.name if place.kind == "admin1" else ""] = n
        return out

    def find(self, name: str, language: str) -> tuple[Place, ...]:
        """The places that bear a name, compared as the scanner compares; empty where none does."""
        return tuple(self.place(i) for i in self._by_name.get((language, fold_key(name, language)), ()))

    def spellings(self, language: str) -> Spellings | None:
        """The names of another script by their one form; None for a language that writes its own names."""
        if language not in self._spellings:
            rules = self._spelling_rules.get(language)
            self._spellings[language] = Spellings(rules, self._spelled(language, rules)) if rules else None
        return self._spellings[language]

    def _spelled(self, language: str, rules: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
        """(number, spelling) of all places in the countries whose names are compared by their one form."""
        kinds = self._table.column("kind").to_pylist()
        for row, country in enumerate(self._table.column("country").to_pylist()):
            if country in rules["countries"] and kinds[row] != "country":
                place = self.place(row)
                yield from ((row, name) for name in (place.name, *getattr(place, f"names_{language}")))

    def by_id(self, place_id: str) -> Place | None:
        """The place of that id (GeoNames', ours, or the one that our list gave a GeoNames place)."""
        index = self._by_id.get(place_id)
        return None if index is None else self.place(index)

    def capital(self, place: Place) -> Place:
        """The chief town of a country, a first-level unit or a region; any other place is its own."""
        return (self.by_id(place.capital) if place.capital else None) or place

    def town(self, place: Place) -> Place:
        """The town that a quarter or landmark belongs to; any other place is its own."""
        return (self.by_id(place.town) if place.town else None) or place

    def regions(self, country: str) -> tuple[Place, ...]:
        """The regions of a country that are no units of its administration («شمال سوريا»)."""
        return tuple(self.place(n) for n in self._regions.get(country, ()))

    @cached_property
    def _regions(self) -> dict[str, list[int]]:
        out: dict[str, list[int]] = {}
        kinds, owners = (self._table.column(c).to_pylist() for c in ("kind", "country"))
        for n, kind in enumerate(kinds):
            if kind == "region":
                out.setdefault(owners[n], []).append(n)
        return out

    def country(self, name: str) -> Place | None:
        """The place of a country, by the name that ACLED writes."""
        index = self._units.get((name, ""))
        return None if index is None else self.place(index)

    def admin1(self, place: Place) -> Place | None:
        """The first-level unit that a place lies in; itself for a unit."""
        index = self._units.get((place.country, place.admin1)) if place.admin1 else None
        return None if index is None else self.place(index)

    def within(self, inner: Place, outer: Place) -> bool:
        """Does ``inner`` lie in ``outer`` (a country, a unit, a region with known units, a town)?"""
        if inner.country != outer.country or inner.place_id == outer.place_id:
            return inner.place_id == outer.place_id
        if outer.kind == "country":
            return True
        if outer.kind == "admin1":
            return inner.admin1 == outer.name
        if outer.covers:
            return inner.admin1 in outer.covers
        return inner.town == outer.place_id or (inner.admin2 is not None and inner.admin2 == outer.name)

    def points(self, exclude: frozenset[str]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
        """Latitudes, longitudes and row numbers of all places but those of the kinds in ``exclude``."""
        kinds = self._table.column("kind").to_pylist()
        rows = np.array([n for n, kind in enumerate(kinds) if kind not in exclude], dtype=np.int64)
        latitude, longitude = (self._table.column(c).to_numpy()[rows] for c in ("latitude", "longitude"))
        return latitude, longitude, rows

    def in_box(self, country: str, latitude: float, longitude: float) -> bool | None:
        """Does a point lie in the country's box? None where the country is not known."""
        entry = self.countries.get(country)
        if entry is None:
            return None
        south, west, north, east = entry.box
        return south <= latitude <= north and west <= longitude <= east


def _read_countries(path: Path) -> dict[str, Country]:
    if not path.is_file():
        return {}
    try:
        entries = read_yaml(path)["countries"]
        return {
            e["name"]: Country(str(e["id"]), e["name"], int(e["iso"]), e["region"], tuple(e["box"])) for e in entries
        }
    except DataError as error:
        raise PlaceError(str(error)) from error
    except (KeyError, TypeError, ValueError) as error:
        raise PlaceError(f"{path}: {error!r}: expected countries with id, name, iso, region and box") from error


def _overlay(
    places: pa.Table,
    names: pa.Table,
    countries: Mapping[str, Country],
    entries: Sequence[dict[str, Any]],
    spelling_rules: Mapping[str, Any],
) -> Gazetteer:
    """Lay hand-written entries over the compiled tables: a known id is amended, a new one added."""
    rows = places.to_pylist()
    known = {row["supplement_id"]: n for n, row in enumerate(rows) if row["supplement_id"]}
    known.update((row["place_id"], n) for n, row in enumerate(rows))
    towns: dict[tuple[str, str], str] = {}
    for row in rows:
        if row["kind"] in ("city", "town", "village"):
            towns.setdefault((row["country"], fold_key(row["name"], "en")), row["place_id"])
    extra: dict[tuple[str, str], dict[int, str]] = {}
    for entry in entries:
        country = countries.get(entry["country"])
        if country is None:
            raise PlaceError(f"place {entry['place_id']}: country {entry['country']!r} is not in countries.yaml")
        number = known.setdefault(entry["place_id"], len(rows))
        if number == len(rows):
            rows.append({"supplement_id": entry["place_id"], "place_id": entry["place_id"], "population": 0})
        values = {k: v for k, v in entry.items() if k not in ("cue", "place_id") and v not in (None, [], 0)}
        if rows[number]["place_id"].startswith("gn:"):
            values = {k: v for k, v in values.items() if k not in ("latitude", "longitude", "admin1")}
        for key in ("town", "capital"):
            if values.get(key) and ":" not in values[key]:
                values[key] = towns.get((entry["country"], fold_key(values[key], "en")))
        for column in ("names_en", "names_ar"):
            values[column] = list(dict.fromkeys((*entry[column], *(rows[number].get(column) or ()))))
        rows[number] = {**rows[number], **values, "iso": country.iso, "region": country.region, "news": True}
        for language in ("en", "ar"):
            for name in values[f"names_{language}"] + ([entry["name"]] if language == "en" else []):
                extra.setdefault((language, fold_key(name, language)), {})[number] = entry["cue"] or "none"
    table = pa.Table.from_pylist(rows, schema=PLACES_SCHEMA)
    merged = {
        key: (tuple(sorted(bearers)), min(bearers.values(), key=_STRICTNESS.index))
        for key, bearers in extra.items()
        if key[1]
    }
    return Gazetteer(table, names, countries, merged, spelling_rules)
