"""How far two names can stand for one side: the same, a looser and a finer name, allies, or others."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeAlias

_COUNTRY = re.compile(r"\s*\([^()]*\)")
_OF = re.compile(r"\(((?!\d{4})[^()]*)\)|(?:Forces|Government) of (?:the )?([^(]*)")

Side: TypeAlias = "tuple[str | None, str | None, str | None]"
"""A side: its name, its kind (``inter``), and the names beside it, joined by "; "."""

GENERIC = (
    "unidentified",
    "opposition rebels",
    "opposition forces",
    "islamist militia",
    "militia",
    "rebels",
    "armed group",
    "sole perpetrator",
    "separatists",
)
"""How the names begin that say what kind of fighter it was but not whose."""

STATE = "State forces"
_EXTERNAL = "External/Other forces"
_FIGHTERS = frozenset(("Rebel group", "Political militia", "Identity militia"))
_MILITIAS = frozenset(("Political militia", "Identity militia"))
_CROWDS = frozenset(("Protesters", "Rioters"))
_UNARMED = frozenset(("Civilians", "Protesters", "Rioters"))

# Evidence, in natural logarithms of odds, that two accounts mean one side.
SAME = 1.8
SAME_LOOSE = 1.0
LOOSER = 0.5
UNKNOWN = 0.2
UNNAMED = 0.2
BESIDE = 0.6
RELATED = -0.8
HIT_TOGETHER = -1.2
ALLIED = -1.5
OTHERS = -3.5


class Name(NamedTuple):
    """A side taken apart: ``core`` is its name without years and country, in small letters."""

    core: str
    country: str
    kind: str
    loose: bool
    beside: frozenset[str]


@lru_cache(maxsize=65_536)
def core_of(name: str) -> str:
    """A name without the years and the country that it bears, in small letters."""
    return _COUNTRY.sub("", name).casefold().replace("-", " ").strip()


@lru_cache(maxsize=65_536)
def nation_of(name: str) -> str:
    """The country that a name bears, in small letters; "" for none."""
    found = _OF.search(name)
    return (found.group(1) or found.group(2) or "").strip().casefold() if found else ""


@lru_cache(maxsize=65_536)
def is_loose(name: str | None) -> bool:
    """True for a name that any of several groups may bear, and for none at all."""
    return name is None or core_of(name).startswith(GENERIC)


@lru_cache(maxsize=65_536)
def parse(side: Side) -> Name | None:
    """A side taken apart; None for an empty one."""
    name, kind, beside = side
    if name is None:
        return None
    names = frozenset(core_of(part) for part in (beside or "").split(";") if part.strip())
    return Name(core_of(name), nation_of(name), kind or "", is_loose(name), names)


@lru_cache(maxsize=262_144)
def likeness(one: Name | None, other: Name | None) -> float:
    """Evidence that two sides are one, positive where they agree; symmetric."""
    if one is None or other is None:
        return UNKNOWN
    if one.core == other.core:
        return _same(one, other)
    if one.core in other.beside or other.core in one.beside:
        return BESIDE
    if one.loose or other.loose:
        return _loose(one, other)
    kinds = {one.kind, other.kind}
    if kinds == {STATE} and (one.core.startswith(other.core) or other.core.startswith(one.core)):
        return SAME_LOOSE
    if kinds <= _CROWDS:
        return LOOSER
    if kinds == {STATE, _EXTERNAL} or kinds == {_EXTERNAL} or (kinds == {STATE} and _kin(one, other)):
        return RELATED
    if kinds <= _FIGHTERS:
        return RELATED if _kin(one, other) else 2 * RELATED
    if STATE in kinds and kinds & _MILITIAS and _kin(one, other):
        return ALLIED
    if kinds & _UNARMED and kinds & {STATE, *_FIGHTERS}:
        return HIT_TOGETHER
    return OTHERS


def _kin(one: Name, other: Name) -> bool:
    return not one.country or not other.country or one.country == other.country


def _same(one: Name, other: Name) -> float:
    if not _kin(one, other):
        return OTHERS if one.kind in (STATE, *_UNARMED) else RELATED
    return SAME_LOOSE if one.loose or one.kind in _UNARMED else SAME


def _loose(one: Name, other: Name) -> float:
    """One of the two bears a name that says little: an unknown hand fits all that are armed."""
    if "unidentified" in one.core or "unidentified" in other.core or "perpetrator" in one.core + other.core:
        return HIT_TOGETHER if {one.kind, other.kind} & _UNARMED else UNNAMED
    kinds = {one.kind, other.kind}
    if kinds <= _FIGHTERS:
        return LOOSER
    return HIT_TOGETHER if kinds & _UNARMED else OTHERS


def scorer(sides: Sequence[Side]) -> Callable[[int, int], float]:
    """``likeness`` by the sides' numbers."""
    names = [parse(side) for side in sides]

    def score(one: int, other: int) -> float:
        return likeness(names[one], names[other])

    return score
