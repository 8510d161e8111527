"""Dead, wounded and captured people, bound to the words that tell their fate (codebook section 7).

A number is bound to a victim noun beside it ("three dead"), to the action before it («مقتل خمسة»), to the one
behind it ("ten people were killed"), or to the fate of the number that it adds to or is a part of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from coder.coding.casualties.bare import bare_counts, nobody_counts, word_counts
from coder.coding.casualties.bound import bound_counts
from coder.coding.casualties.clause import Clause
from coder.coding.casualties.count import WAR, Count, resolve_vague
from coder.coding.document import Document
from coder.coding.numbers import Number
from coder.knowledge.lexicon import Match
from coder.knowledge.rules import Rule

__all__ = ["WAR", "Count", "find_casualties", "resolve_vague", "summed_at"]

_SINCE_REACH = 4  # words between "since" and the year that makes a sum cumulative
_WHOLE_WAR = 5000  # people; no one event of our time is told with more, wars are
_DEAD = frozenset(("dead", "dead_or_wounded"))


def find_casualties(
    doc: Document,
    first: int,
    last: int,
    matches: Sequence[Match],
    rules: Sequence[Rule],
    numbers: Sequence[Number],
) -> list[Count]:
    """The counts of words [first, last); ``numbers`` are those of the document that may count people.

    Numbers that add up come as their sum, followed by the addends with ``part`` set.
    """
    clause = Clause(doc, first, last, matches, rules, numbers)
    if not clause.starts:
        return []
    nobody = nobody_counts(clause)
    used = {k for x in clause.all("none") for k in range(x.i, x.j)}
    out = [c for c in bound_counts(clause) if c.i not in used]
    for c in out:
        used.update(range(c.i, c.noun_j))
    out += bare_counts(clause, used)
    if not any(c.unit in _DEAD for c in (*out, *nobody)):
        out += word_counts(clause, "vague", used)
    out = _with_attacker(clause, out, word_counts(clause, "attacker", used)) + nobody
    if _summed(doc.words, last, [(x.i, x.j, x.data) for x in clause.all("cumulative")]) is not None:
        out = [c._replace(cumulative=True) for c in out]
    out = [c._replace(cumulative=True) if (c.low or 0) >= _WHOLE_WAR else c for c in out]
    return sorted(out, key=lambda c: (c.i, c.part, c.j, c.unit))


def _with_attacker(clause: Clause, counts: list[Count], attackers: list[Count]) -> list[Count]:
    """An attacker whose death is stated is counted with the dead, unless they are said to include him."""
    if not attackers:
        return counts
    k = next((k for k, c in enumerate(counts) if c.unit == "dead" and not c.part and c.low is not None), None)
    if k is None:
        return counts + attackers[:1]
    dead, attacker = counts[k], attackers[0]
    included = any(
        clause.at(m, "part") and clause.at(m + d, "attacker-noun")
        for m in range(clause.first, clause.last)
        for d in (1, 2)
    )
    if included or dead.low is None or dead.vague is not None:
        return counts
    total = dead._replace(low=dead.low + 1, best=dead.low + 1, high=None if dead.high is None else dead.high + 1)
    return [*counts[:k], total, dead._replace(part=True), attacker._replace(part=True), *counts[k + 1 :]]


def summed_at(doc: Document, first: int, last: int, matches: Sequence[Match], rules: Sequence[Rule]) -> int | None:
    """The first word in [first, last) that tells of a sum over a long time («منذ 2015», "since March 2011")."""
    found = [(m.i, m.j, rules[m.payload[1]].data) for m in matches if first <= m.i and m.j <= last]
    return _summed(doc.words, last, [x for x in found if x[2]["kind"] == "cumulative"])


def _summed(words: Sequence[str], last: int, items: Iterable[tuple[int, int, Mapping[str, Any]]]) -> int | None:
    for i, j, data in items:
        near = words[j : min(last, j + _SINCE_REACH)]
        if not data.get("since_year") or any(len(w) == 4 and w.isdigit() for w in near):
            return i
    return None
