"""What the grammar of dates reads before anything is known about the day on which the article speaks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from coder.knowledge.lexicon import Match
from coder.knowledge.rules import Rule

DEFINITE = "ال"


_BESIDES = frozenset(("filler", "link", "future", "published", "few", "era", "ago", "owner"))
_ANCHORS = frozenset(("unit", "month", "weekday", "day", "daypart", "fixed", "holiday", "other"))


class Spec(NamedTuple):
    """A date as written, at words [i, j).

    ``shape``: date (day and month), month, year, weekday, day (``first`` and ``last`` are offsets in days),
    ago, window (the past ``amount`` units), unit (last, this or next one), after (``amount`` units behind
    another event, ``known`` false for a few), days (from the last ``weekday``, ``last`` more). A field that
    the text does not give is 0, -1 for ``weekday`` and ``amount`` (a few), or "". ``rolling``: the period ends today.
    """

    i: int
    j: int
    shape: str
    rule: str
    day: int = 0
    day2: int = 0
    month: int = 0
    year: int = 0
    hijri: bool = False
    weekday: int = -1
    weekday2: int = -1
    part: str = ""
    direction: str = ""
    unit: str = ""
    amount: int = -1
    bound: str = ""
    first: int = 0
    last: int = 0
    shift: int = 0
    offset: int | None = None
    lead: str = ""
    joined: bool = False
    rolling: bool = False
    until: Any = None
    known: bool = True


class Item(NamedTuple):
    """An entry of the dates' rules found at words [i, j)."""

    i: int
    j: int
    features: str
    before: str
    data: Mapping[str, Any]
    rule: str


class Items:
    """The entries found, the longest of each kind at each word, by start and by end.

    ``openings``: words at which a date may begin; ``anchors``: words without which there is none, but years;
    ``futures``: words that tell of what is to come.
    """

    def __init__(self, matches: Iterable[Match], rules: Sequence[Rule]) -> None:
        self._starts: dict[tuple[int, str], Item] = {}
        self._ends: dict[tuple[int, str], Item] = {}
        self.openings: set[int] = set()
        self.anchors: set[int] = set()
        self.futures: set[int] = set()
        for m in matches:
            rule = rules[m.payload[1]]
            if m.behind:
                continue
            item = Item(m.i, m.j, m.features, m.before, rule.data, rule.id)
            kind = rule.data["kind"]
            if kind not in _BESIDES:
                self.openings.add(m.i)
            if kind in _ANCHORS:
                self.anchors.add(m.i)
            elif kind == "future":
                self.futures.add(m.i)
            known = self._starts.get((m.i, kind))
            if known is None or known.j < m.j:
                self._starts[m.i, kind] = item
            known = self._ends.get((m.j, kind))
            if known is None or known.i > m.i:
                self._ends[m.j, kind] = item

    def at(self, i: int, kind: str) -> Item | None:
        """The longest entry of a kind that starts at word ``i``."""
        return self._starts.get((i, kind))

    def before(self, i: int, kind: str) -> Item | None:
        """The longest entry of a kind that ends just before word ``i``."""
        return self._ends.get((i, kind))

    def lasting(self, i: int) -> bool:
        """Does a lead at word ``i`` tell since when or for how long (which of them the words do not say)?"""
        lead = self.at(i, "lead")
        return lead is not None and lead.data.get("also") == "since"
