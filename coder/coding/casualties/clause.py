"""The words of one sentence as the reading of casualties sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from coder.coding.document import Document, inside
from coder.coding.numbers import Number
from coder.knowledge.lexicon import Match
from coder.knowledge.rules import Rule

STOPS = frozenset(".!?؟…؛;:\n")
COMMAS = frozenset(",،")
DASHES = frozenset(("-", "–", "—", "--"))
CONJUNCTION = "و"
DEFINITE = "ال"
NOUN_REACH = 6  # words that describe the victims behind their number
_TELLING = frozenset(("action", "victim", "mixed", "toll", "none", "vague", "attacker"))
_BARE_WORDS = frozenset(("skip", "break"))
_NOUN_ENDS = ("break", "action", "passive", "part", "also", "mixed", "cumulative", "meet")


class Item(NamedTuple):
    """An entry found at words [i, j); ``features`` are all those that its form can have."""

    i: int
    j: int
    features: frozenset[str]
    before: str
    behind: str
    data: Mapping[str, Any]
    rule: str

    @property
    def joined(self) -> bool:
        """Does a conjunction stand at its front?"""
        return self.before.startswith(CONJUNCTION) or bool(self.data.get("joined"))

    @property
    def definite(self) -> bool:
        """Does the article stand at its front?"""
        return self.before.endswith(DEFINITE)


class Clause:
    """Words [first, last) with the entries and numbers found in them."""

    def __init__(
        self,
        doc: Document,
        first: int,
        last: int,
        matches: Sequence[Match],
        rules: Sequence[Rule],
        numbers: Sequence[Number],
    ) -> None:
        self.words, self.first, self.last = doc.words, first, last
        self.numbers = [n for n in inside(numbers, first, last) if n.j <= last]
        self.number_at = {n.i: n for n in self.numbers}
        self.in_number = {k for n in self.numbers for k in range(n.i, n.j)}
        self.starts: dict[tuple[int, str], Item] = {}
        self.ends: dict[tuple[int, str], Item] = {}
        found = [(m, rules[m.payload[1]]) for m in inside(matches, first, last) if m.j <= last]
        if not any(rule.data["kind"] in _TELLING for _, rule in found):
            return
        for m, rule in found:
            if m.behind and rule.data["kind"] in _BARE_WORDS:
                continue
            self._add(Item(m.i, m.j, frozenset((m.features,)), m.before, m.behind, rule.data, rule.id))

    def _add(self, item: Item) -> None:
        kind = item.data["kind"]
        known = self.starts.get((item.i, kind))
        if known is not None and known.j == item.j and known.rule == item.rule:
            item = known._replace(features=known.features | item.features)
            known = None
        if known is None or known.j < item.j or (known.j == item.j and "needs" in known.data):
            self.starts[item.i, kind] = item
        known = self.ends.get((item.j, kind))
        if known is None or known.i > item.i or self.starts.get((item.i, kind)) is item:
            self.ends[item.j, kind] = item

    def at(self, i: int, kind: str) -> Item | None:
        """The longest entry of a kind that starts at word ``i``."""
        return self.starts.get((i, kind))

    def before(self, i: int, kind: str) -> Item | None:
        """The longest entry of a kind that ends before word ``i``."""
        return self.ends.get((i, kind))

    def all(self, kind: str) -> list[Item]:
        """The entries of a kind, in order."""
        return sorted((x for (_, k), x in self.starts.items() if k == kind), key=lambda x: x.i)

    def stop(self, k: int) -> bool:
        """Is word ``k`` a full stop or the like?"""
        return self.words[k] in STOPS

    def has_person(self, i: int, j: int) -> bool:
        """Do words [i, j) name people? No words, or only a phrase of place or time, do not say otherwise."""
        if j > i and self.at(i, "skip") is not None and not any(self.at(k, "thing") for k in range(i, j)):
            return True
        return j <= i or any(self.at(k, "person") or self.at(k, "victim") for k in range(i, j))

    def noun_end(self, j: int) -> int:
        """The end of the words that describe the people of a number that ends at ``j``."""
        k = j
        while k < min(self.last, j + NOUN_REACH):
            word = self.words[k]
            if word in STOPS or word in COMMAS or k in self.number_at:
                break
            if any((k, kind) in self.starts for kind in _NOUN_ENDS):
                break
            victim = self.at(k, "victim")
            if victim is not None:
                return k if victim.joined else victim.j
            if word.startswith(CONJUNCTION) and k > j and self.at(k, "person") is None:
                break
            k += 1
        return k

    def passive(self, action: Item) -> bool:
        """Does an auxiliary stand before an action, or one word further off?"""
        return any(self.before(k, "passive") is not None for k in (action.i, action.i - 1))

    def has_object(self, action: Item) -> bool:
        """Do victims of its own follow an action at once?"""
        k = action.j
        return k in self.number_at or any(self.at(k, kind) is not None for kind in ("person", "one"))


def amount(noun: Item) -> int | None:
    """How many a noun without a number tells: one, two, or a plural (None)."""
    if "amount" in noun.data:
        return int(noun.data["amount"])
    if "n.du" in noun.features:
        return None if noun.definite and "n.pl" in noun.features else 2
    return 1 if "n.sg" in noun.features else None


def tried(clause: Clause, action: Item) -> bool:
    """Was the action only tried: "attempted to kill", «محاولة اغتيال»?"""
    return clause.before(action.i, "attempt") is not None
