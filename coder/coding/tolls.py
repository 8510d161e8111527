"""The tolls of an event: the count that stands, and whom its words name (codebook sections 4 and 7)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from coder.coding.actors import Mention
from coder.coding.casualties import Count, resolve_vague
from coder.coding.document import Document, inside
from coder.coding.grammar import Grammar
from coder.coding.roles import slot_before

_REACH = 4  # words between the dead and whose they were
_PEOPLE = ("civilians", "nation")
_OF_THEM = ("from", "on", "of", "between")  # slots of the phrases that tell it


def counted(
    doc: Document, grammar: Grammar, mentions: Sequence[Mention], starts: Sequence[int], count: Count, last: int
) -> list[Mention]:
    """The mentions that describe the people of a count: in its noun, else in the phrase behind a bare «dead»."""
    first = bisect_left(starts, count.noun_i)
    first -= first > 0 and count.noun_j > count.noun_i and mentions[first - 1].j > count.noun_i  # "young" man
    inside = list(mentions[first : bisect_left(starts, count.noun_j)])
    if any(m.name is not None or m.nation is not None or not m.weak for m in inside):
        return inside
    end = max(count.j, count.noun_j)
    behind = mentions[bisect_left(starts, end) : bisect_left(starts, min(last, end + _REACH))]
    if count.low == 0 or not behind or behind[0].resolves in _PEOPLE:
        return inside
    return [behind[0], *inside] if slot_before(doc, grammar, behind[0], end) in _OF_THEM else inside


def count_side(c: Count, mentions: Sequence[Mention]) -> Mention | None:
    """The mention that describes the people of a count; mentions come in the order of the text."""
    return next(iter(inside(mentions, c.noun_i, max(c.noun_j, c.noun_i + 1))), None)


def tolls(counts: Sequence[Count], sub: str) -> dict[str, Count]:
    """The count that stands for each unit (dead, wounded, captured) of a claim: the total, not its parts."""
    out: dict[str, Count] = {}
    for c in counts:
        c = resolve_vague(c, sub)
        units = ("dead", "wounded") if c.unit == "dead_or_wounded" else (c.unit,)
        for unit in units:
            old = out.get(unit)
            if (
                old is None
                or (old.part and not c.part)
                or (not c.part and (c.low or 0) > (old.low or 0) and old.unit == c.unit)
            ):
                out[unit] = c
    return out
