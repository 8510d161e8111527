"""The day on which an article speaks: printed in it, given with it, or read off its own dates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from coder.coding.dates.calendar import resolve
from coder.coding.dates.spec import Items, Spec
from coder.coding.document import Document

_HEAD = 45  # words at the top in which an article prints its own date
_LINE_START = 4  # words of a place or an agency before it
_DRIFT = 4  # days by which metadata and the article's own "today" differ at most
PUBLISHED = "publication date"


class Reference(NamedTuple):
    """The reference day, the rule that found it, and the words [i, j) that it was read from, if any."""

    day: date | None
    rule: str
    words: tuple[int, int] | None


def reference_of(doc: Document, items: Items, specs: Sequence[Spec], published: date | None) -> Reference:
    """A printed date wins over metadata, a weekday beside "today" mends it; else the dates of the text."""
    base = _printed(doc, items, specs, published) or Reference(published, PUBLISHED, None)
    if base.day is not None:
        return _mended(specs, base) or base
    return _inferred(specs)


def years_of(specs: Sequence[Spec]) -> tuple[int, ...]:
    """The years that the article names, in order."""
    return tuple(s.year for s in specs if s.year and not s.hijri)


def _printed(doc: Document, items: Items, specs: Sequence[Spec], published: date | None) -> Reference | None:
    for spec in specs:
        if spec.shape != "date" or spec.hijri or spec.until is not None or spec.lead or not spec.month:
            continue
        cue = items.before(spec.i, "published") is not None
        if not cue and (spec.i > _HEAD or items.before(spec.i, "phrase") is not None):
            continue
        if not spec.year and not (published and _dateline(doc, spec)):
            continue
        days = resolve(spec, published + timedelta(2) if published else None)
        if days is not None and days[0] == days[1]:
            return Reference(days[0], "printed date", (spec.i, spec.j))
    return None


def _dateline(doc: Document, spec: Spec) -> bool:
    """Does a date without a year open its line, as in «دمشق 12 فبراير (وكالة)»?"""
    start = doc.text.rfind("\n", 0, doc.starts[spec.i]) + 1
    behind = doc.words[spec.j] if spec.j < len(doc.words) else ""
    return spec.i - doc.word_at(start) <= _LINE_START and behind in frozenset("(-–—:/")


def _mended(specs: Sequence[Spec], base: Reference) -> Reference | None:
    """«اليوم الأحد», "yesterday, Monday": the weekday tells which day is today."""
    assert base.day is not None
    for spec in specs:
        if spec.shape != "day" or spec.offset is None or spec.weekday < 0:
            continue
        wanted = (spec.weekday - spec.offset) % 7
        near = [base.day + timedelta(d) for d in (0, -1, 1, -2, -3, -4, -5)]
        day = next((d for d in near if d.weekday() == wanted), None)
        if day is not None:
            return base if day == base.day else Reference(day, "weekday beside today", (spec.i, spec.j))
    return None


def _inferred(specs: Sequence[Spec]) -> Reference:
    years = years_of(specs)
    for spec in specs:
        if spec.shape == "date" and spec.weekday >= 0 and not spec.hijri:
            days = resolve(spec, None, years=years)
            if days is not None:
                return Reference(days[0], "weekday with day and month", (spec.i, spec.j))
    for spec in specs:
        if spec.shape == "date" and spec.year and not spec.until:
            days = resolve(spec, None)
            if days is not None:
                return Reference(days[1], "first full date", (spec.i, spec.j))
    return Reference(None, "", None)
