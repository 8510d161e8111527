"""What entries say of one another: ids, references, order in time, and whether they can be read at all."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from coder.knowledge.patterns import GAP, PatternError, compile_pattern, fold_name
from coder.language import LANGUAGES
from coder.lint.entries import DataFile, Entry
from coder.lint.faults import Fault, one_of
from coder.lint.kinds import rule_kinds

# Keys by which readers choose among entries of the same pattern.
_TOLD_APART = ("role", "kind", "relation", "place", "side", "form")


def doubled_ids(files: Sequence[DataFile]) -> Iterator[Fault]:
    """Ids that stand twice among the entries of one kind in a folder; a later folder's entry replaces."""
    seen: dict[tuple[str, str, str | None, str], Entry] = {}
    for file in files:
        for entry in file.entries:
            key = (str(file.folder), entry.kind, entry.language, entry.id)
            first = seen.setdefault(key, entry)
            if first is not entry:
                yield entry.fault("id", f"the id stands also at {first.path}:{first.line}; give each entry its own")
            if entry.language and not entry.id.startswith(f"{entry.language}."):
                yield entry.fault("id", f"a rule's id begins with its language; write '{entry.language}.…'")


class References:
    """Holds entries to the names that they refer to: of actors, countries, frames and units."""

    def __init__(self, files: Sequence[DataFile]) -> None:
        of = {
            kind: [e for f in files if f.kind == kind for e in f.entries]
            for kind in ("groups", "states", "countries", "frames", "generic")
        }
        self.groups = {e.id for e in of["groups"]}
        self.countries = {str(e.data.get("name")) for e in of["countries"]} | {e.id for e in of["states"]}
        self.frames = {e.id for e in of["frames"]}
        self.nouns = {e.id for e in of["generic"]}
        self.forces = {str(f["id"]) for e in of["states"] for f in _dicts(e.data.get("forces")) if "id" in f}
        self.actors = self.groups | self.forces

    def faults(self, entry: Entry) -> Iterator[Fault]:
        """References of an entry that lead nowhere, and what lies in the wrong order."""
        data = entry.data
        if entry.kind == "events" and data.get("frame") not in self.frames:
            yield entry.fault(
                "reference",
                f"frame: {data.get('frame')!r} is no frame; {one_of(data.get('frame'), self.frames)}",
            )
        if entry.kind == "groups":
            yield from self._missing(entry, "countries", _strings(data.get("countries")), self.countries)
            for key in ("parents", "enemies", "allies"):
                yield from self._missing(entry, key, _strings(data.get(key)), self.groups)
        if entry.kind == "sources":
            yield from self._missing(entry, "of", _strings([data.get("of")]), self.groups)
            yield from self._missing(entry, "country", _strings([data.get("country")]), self.countries)
        if entry.kind == "states":
            yield from self._state(entry)
        yield from (entry.fault("order", message) for message in _order(entry))

    def _missing(self, entry: Entry, key: str, names: Iterable[str], known: set[str]) -> Iterator[Fault]:
        for name in names:
            kind, _, country = name.partition(":")
            if name == entry.id and entry.kind == "groups":
                yield entry.fault("reference", f"{key}: the entry names itself; leave it out")
            elif name not in known and not (kind == "state" and country in self.countries):
                yield entry.fault("reference", f"{key}: {name!r} is not known; {one_of(name, known)}")

    def _state(self, entry: Entry) -> Iterator[Fault]:
        data = entry.data
        own = {str(f["id"]) for f in _dicts(data.get("forces")) if "id" in f}
        yield from self._missing(entry, "security_forces", _strings([data.get("security_forces")]), own)
        for key in ("rebels", "default_militia"):
            for term in _dicts(data.get(key)):
                yield from self._missing(entry, f"{key}.group", _strings([term.get("group")]), self.groups)
                yield from self._missing(entry, f"{key}.also", _strings(term.get("also")), self.nouns)
        for term in _dicts(data.get("air_forces")):
            yield from self._missing(entry, "air_forces.actors", _strings(term.get("actors")), self.actors)
        for term in _dicts(data.get("abroad")):
            yield from self._missing(entry, "abroad.id", _strings([term.get("id")]), self.actors)
            yield from self._missing(entry, "abroad.where", _strings(term.get("where")), self.countries)


def _order(entry: Entry) -> Iterator[str]:
    """What is wrong with the order of years, days and numbers in an entry."""
    years = entry.data.get("years")
    if entry.kind == "groups" and isinstance(years, list) and len(years) == 2:
        first, last = years
        if isinstance(first, int) and isinstance(last, int) and first > last:
            yield f"years: {first} lies behind {last}; write the first year first"
    yield from _terms(entry.data, "")
    if entry.kind == "states":
        yield from _follow(_dicts(entry.data.get("governments")))
    for n, example in enumerate(_dicts(entry.data.get("examples")), 1):
        for low, high in (("low", "high"), ("first", "last")):
            a, b = example.get(low), example.get(high)
            if a is not None and b is not None and type(a) is type(b) and a > b:
                yield f"examples[{n}]: {low} {a} lies behind {high} {b}; exchange them"


def _terms(node: Any, path: str) -> Iterator[str]:
    """Terms (from, to) whose end does not lie behind their beginning, anywhere in an entry."""
    if isinstance(node, Mapping):
        start, end = _day(node.get("from")), _day(node.get("to"))
        if start and end and start >= end:
            yield f"{path.lstrip('.') or 'entry'}: from {start} is not before to {end}; correct one of them"
        for key, value in node.items():
            yield from _terms(value, f"{path}.{key}")
    elif isinstance(node, list):
        for n, value in enumerate(node, 1):
            yield from _terms(value, f"{path}[{n}]")


def _follow(governments: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for before, after in itertools.pairwise(governments):
        end, start = _day(before.get("to")), _day(after.get("from"))
        if end is None or (start is not None and start < end):
            yield (
                f"governments: {after.get('years')} begins before {before.get('years')} ends; "
                "let each begin on the day on which the one before ends"
            )


def _day(value: Any) -> date | None:
    try:
        return value if type(value) is date else date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def unreachable(files: Sequence[DataFile]) -> Iterator[Fault]:
    """Rules and sources all of whose patterns an earlier entry of their kind has, so that none ever reads.

    An entry that a later folder replaces does not count: it is the later one that reads.
    """
    kinds = (*rule_kinds(), "sources")
    latest: dict[tuple[str, str | None, str], Entry] = {}
    for entry in (e for f in files if f.kind in kinds for e in f.entries):
        latest[entry.kind, entry.language, entry.id] = entry
    owners: dict[tuple[str, tuple[str, ...]], Entry] = {}
    for entry in latest.values():
        paths = set(_paths(entry))
        taken = {owner.id: owner for p in paths if (owner := owners.get(p)) is not None}
        if paths and all(p in owners for p in paths):
            named = ", ".join(f"{o.id} ({o.path}:{o.line})" for o in list(taken.values())[:3])
            yield entry.fault(
                "unreachable",
                f"every pattern stands already in {named}; give it one of its own or leave it out",
            )
        for p in paths:
            owners.setdefault(p, entry)


def _paths(entry: Entry) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The patterns of an entry as the scanner tells them apart: what they name, and their words."""
    if entry.kind == "sources":
        for key in ("names", "ambiguous"):
            for code, names in (entry.data.get(key) or {}).items():
                for name in _strings(names):
                    if code in LANGUAGES:
                        yield f"{key}:{code}", fold_name(name, LANGUAGES[code])
        return
    what = ":".join(str(entry.data.get(key) or "") for key in _TOLD_APART)
    for pattern in _strings(entry.data.get("patterns")):
        try:
            for slots in compile_pattern(pattern, LANGUAGES[entry.language or "en"]):
                yield f"{entry.kind}:{entry.language}:{what}", tuple(s.name or GAP for s in slots)
        except PatternError:
            continue


def _dicts(value: Any) -> list[Mapping[str, Any]]:
    return [v for v in value if isinstance(v, Mapping)] if isinstance(value, list) else []


def _strings(value: Any) -> list[str]:
    return [v for v in value if isinstance(v, str)] if isinstance(value, (list, tuple)) else []
