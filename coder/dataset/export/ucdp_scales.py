"""UCDP's scales and categories computed from coded values: small functions without effects."""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import NamedTuple

import yaml

from coder.paths import data_dir

STATE_BASED, NON_STATE, ONE_SIDED = 1, 2, 3

_ARMED = frozenset(("State forces", "Rebel group", "Political militia", "Identity militia", "External/Other forces"))
_UNARMED = frozenset(("Civilians", "Protesters"))
_STATE = re.compile(r"(?:Military Forces|Police Forces|Government) of (?P<country>.+?) \(\d{4}")
_UNKNOWN = "Unidentified"

_REGIONS: Mapping[str, str] = {
    "Middle East": "Middle East",
    "Europe": "Europe",
    "North America": "Americas",
    "Central America": "Americas",
    "Caribbean": "Americas",
    "South America": "Americas",
}
_MIDDLE_EAST, _EUROPE = frozenset(("Egypt",)), frozenset(("Armenia", "Azerbaijan", "Georgia"))

_CELLS_A_DEGREE, _CELLS_A_ROW = 2, 720


class Dyad(NamedTuple):
    """Who fights whom in UCDP's terms; ``swapped`` where side A is the event's second actor."""

    violence: int
    side_a: str
    side_b: str
    swapped: bool
    gw_a: int | None
    gw_b: int | None
    known: bool


def dyad(one: tuple[str | None, str | None], two: tuple[str | None, str | None], targeted: bool) -> Dyad | None:
    """The dyad of two sides, each a name and its kind; None where it is no organised violence.

    A state is side A of a state-based dyad, the perpetrator of a one-sided one; other dyads are in the order
    of the alphabet. ``targeted`` says that civilians were the target, though no second side is named.
    """
    (name1, kind1), (name2, kind2) = one, two
    if kind1 in _ARMED and name1 and (kind2 in _UNARMED or (targeted and not name2)):
        return _dyad(ONE_SIDED, name1, "Civilians", False)
    if kind2 in _ARMED and name2 and kind1 in _UNARMED:
        return _dyad(ONE_SIDED, name2, "Civilians", True)
    if not (kind1 in _ARMED and kind2 in _ARMED and name1 and name2):
        return None
    state1, state2 = state_of(name1), state_of(name2)
    if state1 or state2:
        return _dyad(STATE_BASED, *_ordered(name1, name2, swap=not state1))
    return _dyad(NON_STATE, *_ordered(name1, name2, swap=name2 < name1))


def _ordered(one: str, two: str, swap: bool) -> tuple[str, str, bool]:
    return (two, one, True) if swap else (one, two, False)


def _dyad(violence: int, one: str, two: str, swapped: bool) -> Dyad:
    known = not (one.startswith(_UNKNOWN) or two.startswith(_UNKNOWN))
    return Dyad(violence, side_name(one), side_name(two), swapped, gw_of(one), gw_of(two), known)


def state_of(name: str) -> str | None:
    """The country whose state forces bear the name; None for any other actor."""
    found = _STATE.match(name)
    return found["country"] if found else None


def side_name(name: str) -> str:
    """A side by UCDP's name: «Government of X» for the forces of a state."""
    country = state_of(name)
    return f"Government of {country}" if country else name


def gw_of(name: str) -> int | None:
    """Gleditsch and Ward's number of the state whose forces bear the name."""
    country = state_of(name)
    return _numbers()["states"].get(country) if country else None


def country_number(country: str) -> int | None:
    """Gleditsch and Ward's number of the state under which UCDP files a country's events."""
    numbers = _numbers()
    return numbers["states"].get(country) or numbers["filed_under"].get(country)


@cache
def _numbers() -> Mapping[str, Mapping[str, int]]:
    raw = yaml.safe_load((data_dir() / "crosswalks" / "gleditsch_ward.yaml").read_bytes())
    return {key: {entry["country"]: entry["gw"] for entry in entries} for key, entries in raw.items()}


def region(acled_region: str, country: str) -> str:
    """UCDP's region of a country."""
    if country in _MIDDLE_EAST:
        return "Middle East"
    if country in _EUROPE:
        return "Europe"
    africa = acled_region.endswith("Africa")
    return _REGIONS.get(acled_region, "Africa" if africa else "Asia")


def where_precision(geo_precision: int, location: str, country: str, only_country: bool) -> int:
    """UCDP's scale: 1 the place, 2 near it, 4 a first-level unit, 5 a border, 6 the country alone."""
    if geo_precision < 3:
        return geo_precision
    if only_country:
        return 6
    return 5 if location.endswith(" border") else 4


def date_precision(start: date, end: date) -> int:
    """UCDP's scale: 1 one day, 2 up to six days, 3 a week, 4 up to a month, 5 longer."""
    days = (end - start).days + 1
    return next((step for step, most in ((1, 1), (2, 6), (3, 7), (4, 31)) if days <= most), 5)


def cell(latitude: float, longitude: float) -> int:
    """The number of the PRIO-GRID cell (half a degree) that a point lies in, counted from the south-west."""
    row = min(int((latitude + 90) * _CELLS_A_DEGREE), 180 * _CELLS_A_DEGREE - 1)
    column = min(int((longitude + 180) * _CELLS_A_DEGREE), _CELLS_A_ROW - 1)
    return row * _CELLS_A_ROW + column + 1
