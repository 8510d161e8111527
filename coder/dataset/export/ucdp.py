"""Lethal organised violence in the 49 columns of UCDP's Georeferenced Event Dataset.

UCDP's own numbers of conflicts, dyads and actors are its to give and stay empty; names, states, precisions,
type of violence, clarity and sources follow its codebook.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv
import yaml

from coder.dataset.export import Options
from coder.dataset.export import ucdp_scales as scales
from coder.dataset.folder import Folder
from coder.paths import data_dir

_TEXT, _INT, _FLOAT = pa.string(), pa.int64(), pa.float64()
SCHEMA = pa.schema(
    [
        *((name, _INT) for name in ("id",)),
        *((name, _TEXT) for name in ("relid",)),
        *((name, _INT) for name in ("year", "active_year")),
        ("code_status", _TEXT),
        ("type_of_violence", _INT),
        *((name, _INT) for name in ("conflict_dset_id", "conflict_new_id")),
        ("conflict_name", _TEXT),
        *((name, _INT) for name in ("dyad_dset_id", "dyad_new_id")),
        ("dyad_name", _TEXT),
        *((name, _INT) for name in ("side_a_dset_id", "side_a_new_id")),
        ("side_a", _TEXT),
        *((name, _INT) for name in ("side_b_dset_id", "side_b_new_id")),
        ("side_b", _TEXT),
        ("number_of_sources", _INT),
        *((n, _TEXT) for n in ("source_article", "source_office", "source_date", "source_headline")),
        ("source_original", _TEXT),
        ("where_prec", _INT),
        *((n, _TEXT) for n in ("where_coordinates", "where_description", "adm_1", "adm_2")),
        *((name, _FLOAT) for name in ("latitude", "longitude")),
        ("geom_wkt", _TEXT),
        ("priogrid_gid", _INT),
        ("country", _TEXT),
        ("country_id", _INT),
        ("region", _TEXT),
        *((name, _INT) for name in ("event_clarity", "date_prec")),
        *((name, _TEXT) for name in ("date_start", "date_end")),
        *((n, _INT) for n in ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")),
        *((name, _INT) for name in ("best", "high", "low", "gwnoa", "gwnob")),
    ]
)
"""GED's columns in its order."""

ACTIVE_FROM = 25
"""Dead in a calendar year from which UCDP calls a dyad active."""

_CLAIM = ("claim_id", "article_id", "source_claimant", "source_outlet", "source_chain", "actor1", "actor2")
_TOLL = ("fatalities_best", "fatalities_actor1", "fatalities_actor2", "fatalities_civilians")
_PLACE = ("location_text", "location_relation", "geo_precision")
_ARTICLE = ("article_id", "outlet", "title", "published")


@dataclass(slots=True)
class Behind:
    """What stands behind an event: its claims, and the articles that make them."""

    claims: list[Mapping[str, Any]] = field(default_factory=list)
    articles: list[Mapping[str, Any]] = field(default_factory=list)


def write(folder: Folder, out: Path, options: Options) -> tuple[str, ...]:
    """Write the events that UCDP counts, and tell how many others there are."""
    behind = _behind(folder)
    left: Counter[str] = Counter()
    rows = []
    for event in folder.rows("events"):
        found = scales.dyad(
            (event["actor1"], event["inter1"]),
            (event["actor2"], event["inter2"]),
            event["civilian_targeting"] is not None,
        )
        if not max(event["fatalities"], event["fatalities_high"] or 0):
            left["without dead"] += 1
        elif found is None or event["event_type"] == "Strategic developments":
            left["that are not violence between organised sides or against civilians"] += 1
        else:
            rows.append(row(event, found, behind[event["event_id_cnty"]]))
    rows.sort(key=lambda each: (each["date_start"], each["relid"]))
    _activate(rows)
    pacsv.write_csv(pa.Table.from_pylist(rows, SCHEMA), out)
    return tuple(f"{n} events {why} are left out, as UCDP does not count them" for why, n in sorted(left.items()))


def row(event: Mapping[str, Any], dyad: scales.Dyad, behind: Behind) -> dict[str, Any]:
    """One event as a row of GED; ``active_year`` is set for all rows together."""
    start, end = event["date_start"], event["date_end"]
    dyad_name = f"{dyad.side_a} - {dyad.side_b}"
    date_prec = scales.date_precision(start, end)
    return {
        "id": int("".join(c for c in event["event_id_cnty"] if c.isdigit()) or 0),
        "relid": event["event_id_cnty"],
        "year": start.year,
        "code_status": "Clear" if dyad.known else "Check dyad",
        "type_of_violence": dyad.violence,
        "conflict_name": None if dyad.violence == scales.STATE_BASED else dyad_name,
        "dyad_name": dyad_name,
        "side_a": dyad.side_a,
        "side_b": dyad.side_b,
        **_sources(event, behind),
        **_where(event, behind),
        "event_clarity": 1 if date_prec < 3 and event["geo_precision"] < 3 else 2,
        "date_prec": date_prec,
        "date_start": f"{start.isoformat()} 00:00:00.000",
        "date_end": f"{end.isoformat()} 00:00:00.000",
        **deaths(event, dyad, behind.claims),
        "gwnoa": dyad.gw_a,
        "gwnob": dyad.gw_b,
    }


def _where(event: Mapping[str, Any], behind: Behind) -> dict[str, Any]:
    location, country = event["location"], event["country"]
    latitude, longitude = event["latitude"], event["longitude"]
    words = _distinct(f"{c['location_relation'] or ''} {c['location_text'] or ''}".strip() for c in behind.claims)
    texts = {c["location_text"] for c in behind.claims if c["geo_precision"] == event["geo_precision"]}
    capital, names = _countries().get(country, (None, frozenset()))
    only_country = location == capital and texts <= {*names, None}
    return {
        "where_prec": scales.where_precision(event["geo_precision"], location, country, only_country),
        "where_coordinates": location,
        "where_description": "; ".join(words) or location,
        "adm_1": event["admin1"],
        "adm_2": event["admin2"],
        "latitude": latitude,
        "longitude": longitude,
        "geom_wkt": f"POINT ({longitude} {latitude})",
        "priogrid_gid": scales.cell(latitude, longitude),
        "country": country,
        "country_id": scales.country_number(country),
        "region": scales.region(event["region"], country),
    }


def _sources(event: Mapping[str, Any], behind: Behind) -> dict[str, Any]:
    articles = behind.articles
    named = [
        ",".join(str(part) for part in (a["outlet"], a["published"], a["title"]) if part is not None) for a in articles
    ]
    return {
        "number_of_sources": event["n_outlets"],
        "source_article": "; ".join(f'"{name}"' for name in named if name) or None,
        "source_office": event["source"],
        "source_date": "; ".join(_distinct(str(a["published"]) for a in articles if a["published"])) or None,
        "source_headline": "; ".join(_distinct(a["title"] for a in articles if a["title"])) or None,
        "source_original": "; ".join(_distinct(c["source_claimant"] for c in behind.claims)) or event["claimants"],
    }


def deaths(event: Mapping[str, Any], dyad: scales.Dyad, claims: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """GED's seven numbers of dead: the parts add up to ``best``; what no claim lays on a side is unknown."""
    best = event["fatalities"]
    bounds = (event["fatalities_low"], best, event["fatalities_high"])
    numbers = [number for number in bounds if number is not None]
    a, b, civilians = next((s for c in claims if (s := _shares(c, event, dyad.swapped, best))), (0, 0, 0))
    if dyad.violence == scales.ONE_SIDED:
        civilians, b = best - a, 0
    return {
        "deaths_a": a,
        "deaths_b": b,
        "deaths_civilians": civilians,
        "deaths_unknown": best - a - b - civilians,
        "best": best,
        "high": max(numbers),
        "low": min(numbers),
    }


def _shares(
    claim: Mapping[str, Any], event: Mapping[str, Any], swapped: bool, best: int
) -> tuple[int, int, int] | None:
    """The dead of side A, side B and civilians, where the claim gives the event's number and divides it."""
    one, two, civilians = (claim[f"fatalities_{side}"] for side in ("actor1", "actor2", "civilians"))
    if claim["fatalities_best"] != best or (one, two, civilians) == (None, None, None):
        return None
    if (claim["actor1"], claim["actor2"]) == (event["actor2"], event["actor1"]):
        one, two = two, one
    a, b = (two, one) if swapped else (one, two)
    shares = (a or 0, b or 0, civilians or 0)
    return shares if sum(shares) <= best else None


def _activate(rows: Iterable[dict[str, Any]]) -> None:
    held = list(rows)
    dead: Counter[tuple[int, str]] = Counter()
    for each in held:
        dead[each["year"], each["dyad_name"]] += each["best"]
    for each in held:
        each["active_year"] = int(dead[each["year"], each["dyad_name"]] >= ACTIVE_FROM)


def _behind(folder: Folder) -> dict[str, Behind]:
    """Claims and articles by event; none where the dataset holds events alone."""
    found: defaultdict[str, Behind] = defaultdict(Behind)
    if not all(map(folder.has, ("event_claims", "claims", "articles"))):
        return found
    homes = defaultdict(list)
    for link in folder.rows("event_claims"):
        if link["role"] != "denies":
            homes[link["claim_id"]].append(link["event_id_cnty"])
    articles = {a["article_id"]: a for a in folder.rows("articles", _ARTICLE)}
    for claim in folder.rows("claims", (*_CLAIM, *_TOLL, *_PLACE)):
        for event in homes.get(claim["claim_id"], ()):
            found[event].claims.append(claim)
            article = articles.get(claim["article_id"])
            if article is not None and article not in found[event].articles:
                found[event].articles.append(article)
    return found


def _distinct(values: Iterable[str | None]) -> list[str]:
    return [value for value in dict.fromkeys(values) if value]


@cache
def _countries() -> Mapping[str, tuple[str, frozenset[str]]]:
    """The capital of each country, and its names in every language."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    raw = yaml.load((data_dir() / "places" / "countries.yaml").read_bytes(), Loader=loader)
    return {
        country["name"]: (country.get("capital", ""), frozenset(chain(*country["names"].values())))
        for country in raw["countries"]
    }
