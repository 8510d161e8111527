"""When it happened: the date mention that a claim's passage gives, else the period in force (codebook section 6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from coder.coding.dates import DateMention, default_period
from coder.coding.drafts import When


def as_when(m: DateMention) -> When:
    """A date mention as the period of a draft."""
    return When(m.first, m.last, m.precision, m.i, m.j, m.rule)


def nearest(mentions: Sequence[DateMention], clause: tuple[int, int], sentence: tuple[int, int], word: int) -> When | None:
    """The date nearest to ``word`` in its clause, else in its sentence; None where neither names one."""
    for first, last in (clause, sentence):
        pool = [m for m in mentions if first <= m.i and m.j <= last and m.first is not None]
        if pool:
            best = min(pool, key=lambda m: (m.precision > 3, abs(m.i - word) + (0 if m.i > word else 2)))
            return as_when(best)
    return None


def fallback(reference: date | None, rule: str) -> When | None:
    """The day before the article's day to that day, for an event that nothing dates; None without such a day."""
    if reference is None:
        return None
    first, last, precision = default_period(reference)
    return When(first, last, precision, 0, 0, rule)
