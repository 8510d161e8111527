"""Dead, wounded and captured people: numbers, and single or plural victims, bound to the words that tell their fate.

A number is bound to a victim noun beside it ("three dead"), to the action before it («مقتل خمسة»), to the one
behind it ("ten people were killed"), or to the fate of the number that it adds to or is a part of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from coder.coding.document import Document
from coder.coding.numbers import Number
from coder.knowledge.lexicon import Match
from coder.knowledge.rules import Rule

_LEFT_REACH = 7  # words between an action and its victims: «قتل في الهجوم على الحاجز خمسة»
_RIGHT_REACH = 14  # words between victims and the verb behind them
_NOUN_REACH = 6  # words that describe the victims behind their number
_BARE_REACH = 3  # words between an action and a victim without a number
_SINCE_REACH = 4  # words between "since" and the year that makes a sum cumulative
_STOPS = frozenset(".!?؟…؛;:\n")
_COMMAS = frozenset(",،")
_CONJUNCTION = "و"
_DEFINITE = "ال"
_VAGUE_LOW = {"many": 10, "war": 10, "else": 3}
WAR = frozenset(("Armed clash", "Government regains territory", "Non-state actor overtakes territory", "Air/drone strike"))


class Count(NamedTuple):
    """People of one fate, told at words [i, j).

    ``unit``: dead, wounded, captured or dead_or_wounded (``low`` 0 then). ``low``, ``high``, ``best``: people, None
    where open or, with ``vague``, where the kind of event decides (:func:`resolve_vague`). ``part``: included in
    another count. ``cumulative``: a sum over a long time. Words [noun_i, noun_j) describe the people; empty where
    none do.
    """

    i: int
    j: int
    unit: str
    low: int | None
    high: int | None
    best: int | None
    estimated: bool
    vague: str | None
    part: bool
    cumulative: bool
    noun_i: int
    noun_j: int
    rule: str


def resolve_vague(count: Count, sub_event_type: str | None) -> Count:
    """The count with the low bound that its vague word has in an event of this kind (codebook section 7)."""
    if count.vague is None or count.low is not None:
        return count
    low = _VAGUE_LOW["war"] if sub_event_type in WAR else _VAGUE_LOW["else"]
    return count._replace(low=low, best=low)


def find_casualties(doc: Document, first: int, last: int, matches: Sequence[Match], rules: Sequence[Rule],
                    numbers: Sequence[Number]) -> list[Count]:
    """The counts of words [first, last); ``numbers`` are those of the document that may count people."""
    return _Reader(doc, first, last, matches, rules, numbers).read()


class _Item(NamedTuple):
    i: int
    j: int
    features: str
    before: str
    data: Mapping[str, Any]
    rule: str


class _Reader:
    def __init__(self, doc: Document, first: int, last: int, matches: Iterable[Match], rules: Sequence[Rule],
                 numbers: Iterable[Number]) -> None:
        self.words, self.first, self.last = doc.words, first, last
        self.numbers = [n for n in numbers if first <= n.i and n.j <= last]
        self.starts: dict[tuple[int, str], _Item] = {}
        self.ends: dict[tuple[int, str], _Item] = {}
        for m in matches:
            if first <= m.i and m.j <= last:
                rule = rules[m.payload[1]]
                self._add(_Item(m.i, m.j, m.features, m.before, rule.data, rule.id))
        self.number_at = {n.i: n for n in self.numbers}
        self.counted: dict[int, Count] = {}
        self.used: set[int] = set()

    def _add(self, item: _Item) -> None:
        kind = item.data["kind"]
        known = self.starts.get((item.i, kind))
        if known is None or known.j < item.j:
            self.starts[item.i, kind] = item
        known = self.ends.get((item.j, kind))
        if known is None or known.i > item.i:
            self.ends[item.j, kind] = item

    def at(self, i: int, kind: str) -> _Item | None:
        return self.starts.get((i, kind))

    def read(self) -> list[Count]:
        nobody = [x for (_, kind), x in self.starts.items() if kind == "none"]
        for item in nobody:
            self.used.update(range(item.i, item.j))
        out: list[Count] = []
        for n in self.numbers:
            count = self._bind(n, out[-1] if out else None)
            if count is not None:
                out.append(count)
                self.used.update(range(count.i, count.noun_j))
        out = self._sums(out)
        out += self._bare()
        out += [self._nobody(x, unit) for x in nobody for unit in x.data["units"]]
        if not any(c.unit in ("dead", "dead_or_wounded") for c in out):
            out += self._words("vague")
        out += self._words("attacker")
        if self._cumulative():
            out = [c._replace(cumulative=True) for c in out]
        return sorted(out, key=lambda c: (c.i, c.j, c.unit))

    # numbers

    def _bind(self, n: Number, previous: Count | None) -> Count | None:
        if self.at(n.j, "thing") is not None:
            return None
        noun_j = self._noun_end(n.j)
        part = self._part_marker(n.i)
        fate = (self._beside(n, noun_j) or self._left(n, noun_j, strict=True) or self._right(n, noun_j))
        if fate is None and not part:
            fate = self._left(n, noun_j, strict=False)
        if self.at(n.j, "of-dead") is not None:
            return self._count(n, "dead", noun_j, self.starts[n.j, "of-dead"].rule, part=True)
        if previous is not None and (part or (fate is None and self._adds(n, previous))):
            unit = previous.unit
            part = part or previous.part
            rule = previous.rule
            if fate is not None and fate[0] != unit:
                unit, rule = fate
            return self._count(n, unit, noun_j, rule, part=part)
        return None if fate is None else self._count(n, fate[0], noun_j, fate[1])

    def _count(self, n: Number, unit: str, noun_j: int, rule: str, part: bool = False) -> Count:
        low, high, best = n.low, n.high, n.best
        if unit == "dead_or_wounded":
            low, best = 0, 0
            high = None if n.vague else n.high
        j = noun_j if noun_j > n.j else n.j
        return Count(n.i, j, unit, low, high, best, n.estimated, n.vague, part, False, n.j, max(noun_j, n.j), rule)

    def _noun_end(self, j: int) -> int:
        """The end of the words that describe the people of a number that ends at ``j``."""
        k = j
        while k < min(self.last, j + _NOUN_REACH):
            word = self.words[k]
            if word in _STOPS or word in _COMMAS or k in self.number_at:
                break
            if any((k, kind) in self.starts for kind in ("action", "passive", "part", "also", "mixed", "cumulative")):
                break
            victim = self.at(k, "victim")
            if victim is not None:
                return victim.j
            if k > j and word.startswith(_CONJUNCTION) and self.at(k, "person") is None:
                break
            k += 1
        person = next((p for p in range(k - 1, j - 1, -1) if self.at(p, "person")), None)
        return k if person is not None or k > j else j

    def _beside(self, n: Number, noun_j: int) -> tuple[str, str] | None:
        """The victim noun behind a number, at once or behind the people («15 people dead»)."""
        for k in range(n.j, min(self.last, max(noun_j, n.j) + 1)):
            mixed = self.at(k, "mixed")
            if mixed is not None and k <= n.j + 2:
                return "dead_or_wounded", mixed.rule
            victim = self.at(k, "victim")
            if victim is not None and k <= n.j + 3:
                if k > n.j and victim.before.startswith(_CONJUNCTION):
                    return None
                return str(victim.data["unit"]), victim.rule
        return None

    def _left(self, n: Number, noun_j: int, strict: bool) -> tuple[str, str] | None:
        """The action or toll that governs a number behind it."""
        k, steps = n.i, 0
        while k > self.first and steps <= _LEFT_REACH:
            found = self._governs(k, n, noun_j, k == n.i)
            if found is not None:
                return found
            k -= 1
            word = self.words[k]
            if word in _STOPS or (word in _COMMAS and steps) or any(k in range(m.i, m.j) for m in self.numbers):
                return None
            if strict and (k, "skip") not in self.starts:
                return None
            if (k, "also") in self.starts or self.at(k, "passive") is not None and not strict:
                return None
            if not strict and word.startswith(_CONJUNCTION) and len(word) > 4 and k < n.i - 1:
                return None
            steps += 1
        return None

    def _governs(self, k: int, n: Number, noun_j: int, touching: bool) -> tuple[str, str] | None:
        mixed = self.ends.get((k, "mixed"))
        if mixed is not None:
            return "dead_or_wounded", mixed.rule
        toll = self.ends.get((k, "toll"))
        if toll is not None:
            return str(toll.data["unit"]), toll.rule
        action = self.ends.get((k, "action"))
        if action is None or action.data["victims"] == "before":
            return None
        if action.data.get("needs") == "person" and not self._has_person(n.j, noun_j):
            return None
        if not touching and self.ends.get((action.i, "passive")) is not None and "pp" in action.features:
            return None
        return str(action.data["unit"]), action.rule

    def _has_person(self, i: int, j: int) -> bool:
        return j <= i or any(self.at(k, "person") or self.at(k, "victim") for k in range(i, j))

    def _right(self, n: Number, noun_j: int) -> tuple[str, str] | None:
        """The verb behind its victims: "ten people were killed", «خمسة جنود قتلوا»."""
        k = max(noun_j, n.j)
        limit = min(self.last, k + _RIGHT_REACH)
        while k < limit:
            word = self.words[k]
            if word in _STOPS or (k, "also") in self.starts and k + 1 in self.number_at:
                return None
            mixed = self.at(k, "mixed")
            if mixed is not None:
                return "dead_or_wounded", mixed.rule
            action = self.at(k, "action")
            if action is not None:
                return self._suffered(action, n, noun_j)
            k += 1
        return None

    def _suffered(self, action: _Item, n: Number, noun_j: int) -> tuple[str, str] | None:
        if action.data["victims"] == "after" or action.before.startswith(_CONJUNCTION):
            return None
        if action.data.get("needs") == "person" and not self._has_person(n.j, noun_j):
            return None
        passive = any(self.ends.get((k, "passive")) for k in (action.i, action.i - 1))
        past = action.data["victims"] == "before" or "past" in action.features or "pp" in action.features or (
            not action.features)
        objects = self.number_at.get(action.j) is not None or self.at(action.j, "person") is not None or (
            self.at(action.j, "one") is not None)
        if not past or (objects and not passive):
            return None
        return str(action.data["unit"]), action.rule

    def _part_marker(self, i: int) -> bool:
        return any(self.ends.get((k, "part")) is not None for k in (i, i - 1))

    def _adds(self, n: Number, previous: Count) -> bool:
        """Does a number go on with the count before it: «عشرة جنود وثلاثة عمال»?"""
        gap = range(previous.noun_j, n.i)
        if len(gap) > _NOUN_REACH or any(self.words[k] in _STOPS for k in gap):
            return False
        if any((k, "action") in self.starts for k in gap):
            return False
        joined = self.words[n.i].startswith(_CONJUNCTION) or any(
            (k, "also") in self.starts or self.words[k] in _COMMAS or self.words[k] == _CONJUNCTION
            for k in range(max(self.first, n.i - 3), n.i))
        noun_j = self._noun_end(n.j)
        return joined and noun_j > n.j and self._has_person(n.j, noun_j)

    def _sums(self, counts: list[Count]) -> list[Count]:
        """Numbers that add up («عشرة جنود وثلاثة عمال») become their sum, and parts of it."""
        out: list[Count] = []
        run: list[Count] = []
        for c in counts:
            if run and self._sums_with(run[-1], c):
                run.append(c)
                continue
            out += self._sum(run)
            run = [c]
        return out + self._sum(run)

    def _sums_with(self, a: Count, b: Count) -> bool:
        if a.part or b.part or a.unit != b.unit or a.rule != b.rule or a.vague or b.vague:
            return False
        return not any((k, "action") in self.starts or self.words[k] in _STOPS for k in range(a.noun_j, b.i))

    def _sum(self, run: list[Count]) -> list[Count]:
        if len(run) < 2 or any(c.low is None for c in run):
            return run
        low = sum(c.low or 0 for c in run)
        high = None if any(c.high is None for c in run) else sum(c.high or 0 for c in run)
        total = run[0]._replace(j=run[-1].j, low=low, high=high, best=low, noun_j=run[0].noun_j,
                                estimated=any(c.estimated for c in run))
        return [total, *(c._replace(part=True) for c in run)]

    # people without a number

    def _bare(self) -> list[Count]:
        out: list[Count] = []
        for (i, kind), item in sorted(self.starts.items()):
            if i in self.used:
                continue
            count = None
            if kind == "victim" and item.data["bare"] == "count":
                count = self._bare_victim(item)
            elif kind == "action":
                count = self._bare_object(item) or self._bare_subject(item)
            if count is not None and not self.used.intersection(range(count.noun_i, count.noun_j)):
                out.append(count)
                self.used.update(range(count.i, count.j))
        return out

    def _bare_victim(self, item: _Item) -> Count | None:
        if item.before.endswith(_DEFINITE) or self.words[item.i - 1] in ("the", "of") if item.i else False:
            return None
        amount = _amount(item.features or "n.pl")
        return self._plain(item.i, item.j, item.i, item.j, str(item.data["unit"]), amount, item.rule)

    def _bare_object(self, action: _Item) -> Count | None:
        """«مقتل جندي», "killed a soldier", "killing civilians"."""
        if action.data["victims"] == "before":
            return None
        one = False
        for k in range(action.j, min(self.last, action.j + _BARE_REACH)):
            if k in self.number_at or self.words[k] in _STOPS or self.words[k] in _COMMAS:
                return None
            person = self.at(k, "person")
            if person is not None:
                if person.j in self.number_at or person.j + 1 in self.number_at:
                    return None
                amount = 1 if one else _amount(person.features or "n.pl")
                return self._plain(action.i, person.j, k, person.j, str(action.data["unit"]), amount, action.rule)
            if self.at(k, "one") is not None:
                one = True
            elif self.at(k, "skip") is not None or self.at(k, "action") or self.at(k, "passive"):
                return None
        return None

    def _bare_subject(self, action: _Item) -> Count | None:
        """"A policeman was shot dead", "another man died"."""
        if action.data["victims"] == "after":
            return None
        passive = any(self.ends.get((k, "passive")) for k in (action.i, action.i - 1))
        if not passive and action.data["victims"] != "before":
            return None
        for k in range(action.i - 1, max(self.first - 1, action.i - _LEFT_REACH), -1):
            if self.words[k] in _STOPS or self.words[k] in _COMMAS or any(k in range(m.i, m.j) for m in self.numbers):
                return None
            person = self.at(k, "person")
            single = next((d for d in (k - 1, k - 2) if self.at(d, "one") is not None), None)
            if person is not None and single is not None:
                return self._plain(single, action.j, k, person.j, str(action.data["unit"]), 1, action.rule)
        return None

    def _plain(self, i: int, j: int, noun_i: int, noun_j: int, unit: str, amount: int | None, rule: str) -> Count:
        vague = "plural" if amount is None else None
        low = 0 if unit == "dead_or_wounded" else amount
        return Count(i, j, unit, low, amount, low, amount is None, vague, False, False, noun_i, noun_j, rule)

    def _nobody(self, item: _Item, unit: str) -> Count:
        return Count(item.i, item.j, unit, 0, 0, 0, False, None, False, False, item.j, item.j, item.rule)

    def _words(self, kind: str) -> list[Count]:
        amount = 1 if kind == "attacker" else None
        return [self._plain(x.i, x.j, x.j, x.j, str(x.data["unit"]), amount, x.rule)
                for (i, k), x in self.starts.items() if k == kind and not self.used.intersection(range(x.i, x.j))]

    def _cumulative(self) -> bool:
        for (_, kind), item in self.starts.items():
            if kind != "cumulative":
                continue
            near = self.words[item.j:min(self.last, item.j + _SINCE_REACH)]
            if not item.data.get("since_year") or any(len(w) == 4 and w.isdigit() for w in near):
                return True
        return False


def _amount(features: str) -> int | None:
    """How many a noun without a number tells: one, two, or a plural (None)."""
    return {"n.sg": 1, "n.du": 2}.get(features)
