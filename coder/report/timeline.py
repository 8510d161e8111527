"""The timeline: events by day, week, month or year, and by type."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import floor
from typing import NamedTuple

BARS_MOST = 100
_MIDDLE = 0.98
"""Share of the events that the timeline spans; the rest is told in a note."""


class Segment(NamedTuple):
    """Part of a bar: the events of one type, from ``y`` down by ``height``."""

    kind: int
    n: int
    y: float
    height: float


class Bar(NamedTuple):
    """One period: its name, first and last day, number of events, and its parts."""

    name: str
    start: date
    end: date
    x: float
    width: float
    n: int
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Bars in units of the drawing, the highest count, and how many events lie before and after."""

    unit: str
    bars: tuple[Bar, ...]
    highest: int
    before: int
    after: int


def timeline(days: Sequence[tuple[date, int]], kinds: int, width: float, height: float) -> Timeline:
    """The timeline of events, each a day and the number of its type."""
    if not days:
        return Timeline("day", (), 0, 0, 0)
    ordered = sorted(day for day, _ in days)
    cut = floor(len(ordered) * (1 - _MIDDLE) / 2)
    first, last = ordered[cut], ordered[-1 - cut]
    unit = next((u for u in ("day", "week", "month") if _count(u, first, last) <= BARS_MOST), "year")
    periods = list(_periods(unit, first, last))
    counts = {start: [0] * kinds for start, _ in periods}
    before = after = 0
    for day, kind in days:
        start = _start(unit, day)
        if start in counts:
            counts[start][kind] += 1
        else:
            before, after = before + (day < first), after + (day > last)
    highest = max(sum(parts) for parts in counts.values())
    step = width / len(periods)
    bars = (_bar(unit, period, counts[period[0]], n * step, step, height, highest) for n, period in enumerate(periods))
    return Timeline(unit, tuple(bars), highest, before, after)


def _bar(
    unit: str,
    period: tuple[date, date],
    counts: list[int],
    x: float,
    step: float,
    height: float,
    highest: int,
) -> Bar:
    """A period's bar, its types from the bottom up."""
    segments, under = [], 0
    for kind, count in enumerate(counts):
        if count:
            under += count
            y = height * (1 - under / highest)
            segments.append(Segment(kind, count, round(y, 2), round(height * count / highest, 2)))
    width = max(step - 1.5, step * 0.7)
    return Bar(_name(unit, period[0]), *period, round(x, 2), round(width, 2), sum(counts), tuple(segments))


def _start(unit: str, day: date) -> date:
    if unit == "week":
        return day - timedelta(days=day.weekday())
    if unit == "month":
        return day.replace(day=1)
    return day if unit == "day" else day.replace(month=1, day=1)


def _next(unit: str, start: date) -> date:
    if unit in ("day", "week"):
        return start + timedelta(days=1 if unit == "day" else 7)
    if unit == "year" or start.month == 12:
        return date(start.year + 1, 1, 1)
    return date(start.year, start.month + 1, 1)


def _periods(unit: str, first: date, last: date) -> Iterator[tuple[date, date]]:
    start = _start(unit, first)
    while start <= last:
        after = _next(unit, start)
        yield start, after - timedelta(days=1)
        start = after


def _count(unit: str, first: date, last: date) -> int:
    days = (last - first).days + 1
    return {"day": days, "week": days // 7 + 2, "month": days // 28 + 2}[unit]


def _name(unit: str, start: date) -> str:
    if unit == "month":
        return f"{start.year}-{start.month:02d}"
    if unit == "year":
        return str(start.year)
    return f"week of {start.isoformat()}" if unit == "week" else start.isoformat()
