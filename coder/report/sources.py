"""Who is the source of what: claims by kind of claimant and type of event, and the most heard voices."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from coder.codebook import names

COLUMNS = (
    *("claim_id", "source_claimant", "claimant_type", "source_outlet", "source_channel"),
    *("source_chain", "event_type", "kind"),
)
MOST = 25
STEPS = 9
"""Shades of the table, from none to the deepest."""


class Cell(NamedTuple):
    """A number of claims, and its shade from 0 to ``STEPS``."""

    n: int
    shade: int


class Line(NamedTuple):
    """A kind of claimant: its claims of each type of event, and all of them."""

    name: str
    cells: tuple[Cell, ...]
    total: int


@dataclass(slots=True)
class Voice:
    """A claimant or an outlet.

    ``claims`` of events, ``events`` that they report, ``alone`` those of them that nobody else reports,
    ``opposed`` its claims that dispute or deny an event.
    """

    name: str
    kinds: Counter[str] = field(default_factory=Counter)
    claims: int = 0
    events: set[str] = field(default_factory=set)
    alone: int = 0
    opposed: int = 0

    @property
    def kind(self) -> str:
        """The kind of claimant that it mostly is."""
        return min(self.kinds, key=lambda kind: (-self.kinds[kind], kind)) if self.kinds else ""


@dataclass(frozen=True, slots=True)
class Sources:
    """The table of kinds and types, the most heard claimants and outlets, and the channels."""

    lines: tuple[Line, ...]
    claimants: tuple[Voice, ...]
    outlets: tuple[Voice, ...]
    channels: tuple[tuple[str, int], ...]
    n_claimants: int
    n_outlets: int


def sources(claims: Iterable[Mapping[str, Any]], links: Mapping[str, Sequence[tuple[str, str]]]) -> Sources:
    """The sources of the claims of events; ``links`` gives the events of a claim, each with its role."""
    types = names("event_types")
    grid: Counter[tuple[str, str]] = Counter()
    channels: Counter[str] = Counter()
    claimants: dict[str, Voice] = {}
    outlets: dict[str, Voice] = {}
    heard: dict[str, set[str]] = defaultdict(set)
    carried: dict[str, set[str]] = defaultdict(set)
    for claim in claims:
        if claim["kind"] != "event":
            continue
        outlet = claim["source_outlet"] or (claim["source_chain"] or "").rpartition(" > ")[2] or "unknown outlet"
        claimant = claim["source_claimant"] or outlet
        kind = claim["claimant_type"] or "unnamed"
        grid[kind, claim["event_type"]] += 1
        channels[claim["source_channel"] or "none"] += 1
        joined = links.get(claim["claim_id"], ())
        for voices, name, reports in ((claimants, claimant, heard), (outlets, outlet, carried)):
            voice = voices.setdefault(name, Voice(name))
            voice.claims += 1
            voice.kinds[kind] += 1
            voice.events.update(event for event, _ in joined)
            voice.opposed += sum(role != "supports" for _, role in joined)
            for event, _ in joined:
                reports[event].add(name)
    for voices, reports in ((claimants, heard), (outlets, carried)):
        for by in reports.values():
            if len(by) == 1:
                voices[next(iter(by))].alone += 1
    return Sources(
        lines=_lines(grid, types),
        claimants=_most_heard(claimants),
        outlets=_most_heard(outlets),
        channels=tuple(sorted(channels.items(), key=lambda item: (-item[1], item[0]))),
        n_claimants=len(claimants),
        n_outlets=len(outlets),
    )


def _most_heard(voices: Mapping[str, Voice]) -> tuple[Voice, ...]:
    return tuple(sorted(voices.values(), key=lambda v: (-v.claims, v.name))[:MOST])


def _lines(grid: Mapping[tuple[str, str], int], types: Sequence[str]) -> tuple[Line, ...]:
    highest = max(grid.values(), default=1)
    found = []
    for kind in names("claimant_types"):
        counts = [grid.get((kind, event_type), 0) for event_type in types]
        if any(counts):
            cells = tuple(Cell(n, -(-STEPS * n // highest) if n else 0) for n in counts)
            found.append(Line(kind, cells, sum(counts)))
    return tuple(sorted(found, key=lambda line: -line.total))
