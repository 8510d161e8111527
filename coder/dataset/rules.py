"""Rules that hold between columns of a row: codes that belong together, ranges, dates, completeness."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

import pandas as pd
import yaml

from coder import codebook
from coder.dataset.failures import Failure, failing
from coder.dataset.tables import columns
from coder.paths import data_dir

BOX_MARGIN = 0.5
"""Degrees by which a point may lie outside its country's box: borders, coasts and stated distances."""

RowRule = Callable[[str, pd.DataFrame], Iterator[Failure]]


class Country(NamedTuple):
    """What validation knows of a country: its number, its region, and its box in degrees."""

    iso: int
    region: str
    south: float
    west: float
    north: float
    east: float


@cache
def countries() -> Mapping[str, Country]:
    """Every country of ``data/places/countries.yaml`` by ACLED's name."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    raw = yaml.load((data_dir() / "places" / "countries.yaml").read_bytes(), Loader=loader)
    return {entry["name"]: Country(entry["iso"], entry["region"], *entry["box"]) for entry in raw["countries"]}


def types_agree(table: str, frame: pd.DataFrame) -> Iterator[Failure]:
    """A sub-event type stands under its own event type and disorder type."""
    for column, attribute in (("event_type", "event_type"), ("disorder_type", "disorder_type")):
        legal = {entry.name: getattr(entry, attribute) for entry in codebook.entries("sub_event_types")}
        expected = frame["sub_event_type"].map(legal)
        mask = expected.notna() & (frame[column].astype(object) != expected)
        yield from failing(
            table,
            frame,
            mask,
            column,
            "types-agree",
            lambda row, expected=expected: (  # type: ignore[misc]
                f"expected {expected.iloc[row]!r} for the sub-event type {frame['sub_event_type'].iloc[row]}"
            ),
        )


def sides_agree(table: str, frame: pd.DataFrame) -> Iterator[Failure]:
    """A side has a kind where it has a name, and the interaction joins both kinds."""
    kinds = [_kinds(frame[f"inter{n}"]) for n in "12"]
    for n, kind in zip("12", kinds, strict=True):
        mask = frame[f"actor{n}"].isna() != kind.isna()
        text = f"actor{n} and inter{n} are both given or both empty"
        yield from failing(table, frame, mask, f"inter{n}", "sides-agree", text)
    joined = [codebook.interaction(*pair) for pair in zip(*kinds, strict=True)]
    expected = pd.Series(joined, index=frame.index, dtype=object)
    given = frame["interaction"].astype(object).where(frame["interaction"].notna(), None)
    mask = pd.Series([one != other for one, other in zip(given, expected, strict=True)], index=frame.index, dtype=bool)
    yield from failing(table, frame, mask, "interaction", "sides-agree", lambda row: f"expected {expected.iloc[row]!r}")


def _kinds(values: pd.Series) -> pd.Series:
    """The kinds of sides by their names, which claims give by number; None for an empty or an unknown one."""
    kinds: dict[object, str] = {name: name for name in codebook.names("inter")}
    kinds |= {codebook.inter_number(name): name for name in codebook.names("inter")}
    return pd.Series([kinds.get(value) for value in values], index=values.index, dtype=object)


def _ordered(table: str, frame: pd.DataFrame, low: str, high: str) -> Iterator[Failure]:
    mask = frame[low] > frame[high]
    yield from failing(
        table, frame, mask, low, "numbers-in-order", lambda row: f"is above {high}, {frame[high].iloc[row]}"
    )


def numbers_in_order(table: str, frame: pd.DataFrame) -> Iterator[Failure]:
    """Low does not exceed best or high, best does not exceed high, a part does not exceed the whole."""
    best = "fatalities" if "fatalities" in frame else "fatalities_best"
    pairs = [("fatalities_low", best), (best, "fatalities_high"), ("fatalities_low", "fatalities_high")]
    pairs += [("injured_low", "injured_high"), ("captured_low", "captured_high")]
    for low, high in pairs:
        if low in frame and high in frame:
            yield from _ordered(table, frame, low, high)
    for part in ("fatalities_actor1", "fatalities_actor2", "fatalities_civilians"):
        if part in frame:
            whole = frame["fatalities_high"].fillna(frame[best])
            mask = frame[part] > whole
            yield from failing(table, frame, mask, part, "numbers-in-order", "is above all the dead of the row")


def dates_in_order(table: str, frame: pd.DataFrame) -> Iterator[Failure]:
    """The date lies within its range, and a range of more than a day has not the precision of a day."""
    start, end, day = (pd.to_datetime(frame[name]) for name in ("date_start", "date_end", "event_date"))
    yield from failing(table, frame, start > end, "date_start", "dates-in-order", "is after date_end")
    mask = (day < start) | (day > end)
    text = "is not between date_start and date_end"
    yield from failing(table, frame, mask, "event_date", "dates-in-order", text)
    mask = (frame["time_precision"] == 1) & (start != end) & start.notna() & end.notna()
    yield from failing(table, frame, mask, "time_precision", "dates-in-order", "1 needs a range of one day")
    if "year" in frame:
        mask = day.dt.year.astype("Int64") != frame["year"]
        yield from failing(table, frame, mask, "year", "dates-in-order", "is not the year of event_date")


def place_in_country(table: str, frame: pd.DataFrame) -> Iterator[Failure]:
    """Number, region and coordinates are those of the named country; coordinates come in pairs."""
    mask = frame["latitude"].isna() != frame["longitude"].isna()
    text = "latitude and longitude are both given or both empty"
    yield from failing(table, frame, mask, "latitude", "place-in-country", text)
    known = countries()
    mask = frame["country"].notna() & ~frame["country"].isin(list(known))
    text = "is no country of data/places/countries.yaml; write it as ACLED does"
    yield from failing(table, frame, mask, "country", "place-in-country", text)
    for column in ("iso", "region"):
        values = {name: getattr(country, column) for name, country in known.items()}
        expected = frame["country"].astype(object).map(values)
        mask = expected.notna() & frame[column].notna() & (frame[column].astype(object) != expected)
        yield from failing(
            table,
            frame,
            mask,
            column,
            "place-in-country",
            lambda row, expected=expected: f"expected {expected.iloc[row]!r}",  # type: ignore[misc]
        )
    far = [
        outside(known.get(str(country)), latitude, longitude)
        for country, latitude, longitude in zip(frame["country"], frame["latitude"], frame["longitude"], strict=True)
    ]
    mask = pd.Series(far, index=frame.index, dtype=bool)
    yield from failing(
        table,
        frame,
        mask,
        "latitude",
        "place-in-country",
        lambda row: f"with longitude {frame['longitude'].iloc[row]} lies outside {frame['country'].iloc[row]}",
    )


def outside(country: Country | None, latitude: Any, longitude: Any) -> bool:
    """Whether a point lies outside a country's box and its margin; what is unknown lies nowhere."""
    if country is None or pd.isna(latitude) or pd.isna(longitude):
        return False
    north, east = float(str(latitude)), float(str(longitude))
    if not country.south - BOX_MARGIN <= north <= country.north + BOX_MARGIN:
        return True
    west, limit = country.west - BOX_MARGIN, country.east + BOX_MARGIN
    # A box whose west exceeds its east crosses the 180th meridian.
    inside = west <= east <= limit if country.west <= country.east else east >= west or east <= limit
    return not inside


def kinds_complete(table: str, frame: pd.DataFrame) -> Iterator[Failure]:
    """An event row has type, dates, country and precisions; a statement row has no event column."""
    event, statement = frame["kind"] == "event", frame["kind"] == "statement"
    for column in columns(table):
        if column.required:
            mask = event & frame[column.name].isna()
            yield from failing(table, frame, mask, column.name, "kinds-complete", "an event row needs it")
        if column.event_only:
            mask = statement & frame[column.name].notna()
            yield from failing(table, frame, mask, column.name, "kinds-complete", "a statement row leaves it empty")


ROW_RULES: Mapping[str, tuple[RowRule, ...]] = {
    "claims": (types_agree, sides_agree, numbers_in_order, dates_in_order, place_in_country, kinds_complete),
    "events": (types_agree, sides_agree, numbers_in_order, dates_in_order, place_in_country),
}
