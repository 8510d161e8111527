"""Actors as data: groups, state forces by government, generic descriptions and titles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from coder.knowledge.rules import DataError, data_files, entries, read_yaml


class Actor(NamedTuple):
    """An entry that names an actor. ``kind``: group, force, state, generic or title.

    ``role`` says which of its names this is: name, member, leader, spokesman, ambiguous, unit, side.
    """

    id: str
    kind: str
    role: str
    country: str | None
    data: Mapping[str, Any]
    name: str | None = None


class Government(NamedTuple):
    """A government's term: the years that ACLED gives to the forces that serve it."""

    start: date
    end: date
    years: str


@dataclass(frozen=True, slots=True)
class State:
    """A state's governments, forces by kind, and the default names of its rebels."""

    country: str
    governments: tuple[Government, ...]
    forces: Mapping[str, Mapping[str, Any]]
    data: Mapping[str, Any]

    def years(self, day: date) -> str | None:
        """The years of the government in office on ``day`` («2014-2018»); None where no term covers it."""
        for g in self.governments:
            if g.start <= day < g.end:
                return g.years
        return None


def _day(value: Any, fallback: date) -> date:
    if value is None:
        return fallback
    if isinstance(value, date):
        return value
    text = str(value)
    try:
        return date.fromisoformat(text if len(text) == 10 else f"{int(text):04d}-01-01")
    except ValueError as error:
        raise DataError(f"government date {text!r}: expected YYYY-MM-DD") from error


def read_states(folders: Sequence[Path]) -> dict[str, State]:
    """All states by their country's name."""
    states: dict[str, State] = {}
    for path in data_files(folders, "actors/states/*.yaml"):
        loaded = read_yaml(path)
        for raw in loaded if isinstance(loaded, list) else [loaded]:
            if not isinstance(raw, dict) or "country" not in raw:
                raise DataError(f"{path}: a state needs a country")
            governments = tuple(
                Government(_day(g.get("from"), date.min), _day(g.get("to"), date.max), str(g["years"]))
                for g in raw.get("governments") or ()
            )
            forces: dict[str, Mapping[str, Any]] = {}
            for force in raw.get("forces") or ():
                forces.setdefault(force["kind"], force)
            states[raw["country"]] = State(raw["country"], governments, forces, raw)
    return states


NamedActor = tuple[Actor, dict[str, list[str]]]  # the entry, and its names or patterns by language


def _names(raw: Any) -> dict[str, list[str]]:
    return {lang: [str(n) for n in names] for lang, names in (raw or {}).items()}


def _state_actors(state: State, groups: Mapping[str, Mapping[str, Any]]) -> Iterator[NamedActor]:
    for force in state.data.get("forces") or ():
        if not isinstance(force, dict):
            raise DataError(f"{state.country}: a force is a mapping, not {force!r}")
        for role, key in (("name", "names"), ("spokesman", "spokesmen"), ("ambiguous", "ambiguous")):
            if force.get(key):
                yield Actor(force["id"], "force", role, state.country, force), _names(force[key])
        units = force.get("units") or ()
        for unit in units if isinstance(units, list) else [units] if isinstance(units, dict) else []:
            names = unit.get("names") or {k: v for k, v in unit.items() if k in ("en", "ar")}
            dated = {**force, **{key: unit[key] for key in ("from", "to") if key in unit}}
            actor = Actor(force["id"], "force", "unit", state.country, dated, unit.get("name"))
            yield actor, _names(names)
            if unit.get("ambiguous"):
                yield actor._replace(role="ambiguous"), _names(unit["ambiguous"])
    for key, kind in (("rebels", "rebel"), ("default_militia", "militia")):
        terms = state.data.get(key) or ()
        for term in terms if isinstance(terms, list) else ():
            if isinstance(term, dict) and term.get("names"):
                ident = str(term.get("group") or f"{key}:{term['name']}")
                data = groups.get(ident) or {
                    "kind": kind,
                    "countries": [state.country],
                    "enemies": [f"state:{state.country}"],
                    **term,
                }
                yield Actor(ident, "group", "side", state.country, data), _names(term["names"])
    for g in state.data.get("governments") or ():
        ident = f"state:{state.country}"
        if g.get("leaders"):
            yield Actor(ident, "state", "leader", state.country, g), _names(g["leaders"])
        if g.get("side_names"):
            yield Actor(ident, "state", "side", state.country, g), _names(g["side_names"])


def read_actors(folders: Sequence[Path], states: Mapping[str, State]) -> list[NamedActor]:
    """All actor entries with their names (literal) or patterns (mini-language) by language."""
    out: list[NamedActor] = []
    groups = {entry["id"]: entry for _, entry in entries(folders, "actors/groups/*.yaml")}
    for entry in groups.values():
        countries = entry.get("countries") or [None]
        for role, key in (("name", "names"), ("member", "members"), ("leader", "leaders"), ("ambiguous", "ambiguous")):
            if entry.get(key):
                names = _names(entry[key])
                if role == "name":
                    common = {"en": [n for n in names.get("en", ()) if n.islower()]}
                    names["en"] = [n for n in names.get("en", ()) if not n.islower()]
                    out.append((Actor(entry["id"], "group", "ambiguous", countries[0], entry), common))
                out.append((Actor(entry["id"], "group", role, countries[0], entry), names))
    for state in states.values():
        out.extend(_state_actors(state, groups))
    for stem in ("generic", "titles"):
        for _, entry in entries(folders, f"actors/{stem}.yaml"):
            out.append(
                (
                    Actor(entry["id"], "generic" if stem == "generic" else "title", "name", None, entry),
                    _names(entry["patterns"]),
                )
            )
    return out
