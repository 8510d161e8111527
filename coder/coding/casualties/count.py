"""People of one fate, as an article counts them."""

from __future__ import annotations

from typing import NamedTuple

WAR = frozenset(
    ("Armed clash", "Government regains territory", "Non-state actor overtakes territory", "Air/drone strike")
)
_VAGUE_IN_WAR, _VAGUE_ELSEWHERE = 10, 3


class Count(NamedTuple):
    """People of one fate, told at words [i, j).

    ``unit``: dead, wounded, captured or dead_or_wounded (``low`` 0 then). ``low``, ``high``, ``best``:
    people, None where open or, with ``vague``, where the kind of event decides (:func:`resolve_vague`).
    ``part``: included in another count. ``cumulative``: a sum over a long time. Words [noun_i, noun_j)
    describe the people; empty where none do.
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
    low = _VAGUE_IN_WAR if sub_event_type in WAR else _VAGUE_ELSEWHERE
    return count._replace(low=low, best=low)


def plain(i: int, j: int, noun: tuple[int, int], unit: str, amount: int | None, rule: str) -> Count:
    """A count that no number gives: ``amount`` people, or a vague plural (None)."""
    low = 0 if unit == "dead_or_wounded" else amount
    return Count(
        i,
        j,
        unit,
        low,
        amount,
        low,
        amount is None,
        "plural" if amount is None else None,
        False,
        False,
        *noun,
        rule,
    )
