"""From a date as written to the days that it can mean, given the day on which the article speaks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from hijridate import Gregorian, Hijri

from coder.coding.dates.spec import Spec

Days = tuple[date, date]
_PARTS = {
    "early": (1, 10),
    "mid": (11, 20),
    "late": (21, 31),
    "week-1": (1, 7),
    "week-2": (8, 14),
    "week-3": (15, 21),
    "week-4": (22, 28),
}
_QUARTERS = {"early": (1, 3), "mid": (4, 9), "late": (10, 12)}
_DAYS = {"hour": 1, "day": 1, "night": 1, "week": 7, "month": 30, "year": 365}
_FEW = 3  # "the last few days": three, and the day itself
_PLANNED = 120  # days: a plan for a date without a year lies no further ahead
_WEEKDAY_YEARS = 12  # a weekday falls on a given day of a month again within so many years


def resolve(spec: Spec, reference: date | None, *, future: bool = False, years: Iterable[int] = ()) -> Days | None:
    """The first and last day that ``spec`` can mean; None where the reference day is needed and unknown.

    ``future``: the sentence speaks of what is to come; ``years``: the years that the article names elsewhere.
    """
    try:
        days = _base(spec, reference, future, tuple(years))
        if days is not None and spec.until is not None:
            end = resolve(spec.until, reference, future=future, years=years)
            return (days[0], end[1]) if end is not None and end[1] >= days[0] else days
        if days is not None and spec.lead == "since" and reference is not None and days[0] <= reference:
            return days[0], max(reference, days[0])
    except (ValueError, OverflowError):
        return None
    return days


def _base(spec: Spec, reference: date | None, future: bool, years: tuple[int, ...]) -> Days | None:
    if spec.hijri:
        return _hijri(spec, reference)
    if spec.shape == "date":
        return _date(spec, reference, future, years)
    if spec.shape == "month":
        return _month(spec, reference, future, years)
    if spec.shape == "year":
        return _clip(_year_part(spec.year, spec.part), reference)
    if reference is None:
        return None
    if spec.shape == "weekday":
        return _weekday(spec, reference, future)
    if spec.shape == "days":
        day = reference - timedelta((reference.weekday() - spec.weekday) % 7)
        return day, min(day + timedelta(spec.last), max(day, reference))
    if spec.shape == "day":
        return reference + timedelta(spec.first), reference + timedelta(spec.last)
    if spec.shape == "ago":
        return _ago(spec, reference)
    if spec.shape == "window":
        return _window(spec, reference)
    if spec.shape == "within":
        if spec.unit == "hour":
            return reference - timedelta(max(1, -(-spec.amount // 24))), reference
        return _back(reference, spec.unit, max(spec.amount, 1)), reference - timedelta(1)
    if spec.shape == "unit":
        return _unit(spec, reference)
    return None


def month_days(year: int, month: int) -> Days:
    """The first and last day of a month."""
    following = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, 1), following - timedelta(1)


def months_back(day: date, months: int) -> date:
    """The same day some months earlier (negative: later), or the last one of that month."""
    index = day.year * 12 + day.month - 1 - months
    first, last = month_days(index // 12, index % 12 + 1)
    return min(first.replace(day=min(day.day, last.day)), last)


def _back(day: date, unit: str, count: int) -> date:
    if unit in ("month", "year"):
        return months_back(day, count * (12 if unit == "year" else 1))
    return day - timedelta(count * _DAYS[unit])


def _hijri(spec: Spec, reference: date | None) -> Days | None:
    """Days of the Islamic calendar; without a year, the last ones that have begun by the reference day."""
    if not spec.year:
        if reference is None:
            return None
        year = Gregorian(reference.year, reference.month, reference.day).to_hijri().year
        found = [d for y in (year, year - 1) if (d := _hijri(spec._replace(year=y), reference)) is not None]
        return next((_clip(d, reference) for d in found if d[0] <= reference), None)
    if spec.shape == "year" or not spec.month:
        first, last = Hijri(spec.year, 1, 1), Hijri(spec.year, 12, 29)
    elif spec.day:
        first = Hijri(spec.year, spec.month, spec.day)
        last = Hijri(spec.year, spec.month, spec.day2 or spec.day)
    else:
        first = Hijri(spec.year, spec.month, 1)
        last = Hijri(spec.year, spec.month, first.month_length())
    a, b = first.to_gregorian(), last.to_gregorian()
    return date(a.year, a.month, a.day), date(b.year, b.month, b.day)


def _date(spec: Spec, reference: date | None, future: bool, years: tuple[int, ...]) -> Days | None:
    last_day = spec.day2 or spec.day
    if spec.direction.endswith("-month"):
        if reference is None:
            return None
        turned = months_back(reference, {"past": 1, "this": 0, "next": -1}[spec.direction[:-6]])
        return turned.replace(day=spec.day), turned.replace(day=last_day)
    year = spec.year or _year_of(spec, reference, future, years)
    if not year:
        return None
    return date(year, spec.month, spec.day), date(year, spec.month, last_day)


def _year_of(spec: Spec, reference: date | None, future: bool, years: tuple[int, ...]) -> int:
    """The year of a day and month without one."""
    if spec.direction.endswith("-year") and reference is not None:
        return reference.year + {"past": -1, "this": 0, "next": 1}[spec.direction[:-5]]
    if spec.weekday >= 0:
        near = (reference.year,) if reference is not None else years
        return _weekday_year(spec, near, reference)
    if reference is None:
        return max(years, default=0)
    day = spec.day or 1
    options = [y for y in range(reference.year + 1, reference.year - 9, -1) if _valid(y, spec.month, day)]
    if future or spec.direction == "next":
        ahead = min((y for y in options if date(y, spec.month, day) >= reference), default=0)
        if ahead and (spec.direction == "next" or (date(ahead, spec.month, day) - reference).days <= _PLANNED):
            return ahead
    limit = reference - timedelta(1) if spec.direction == "past" else reference
    return max((y for y in options if date(y, spec.month, day) <= limit), default=0)


def _weekday_year(spec: Spec, near: tuple[int, ...], reference: date | None) -> int:
    """The year in which the day falls on the weekday, nearest to the reference day or to the years named."""
    span = range(min(near) - _WEEKDAY_YEARS, max(near) + _WEEKDAY_YEARS) if near else range(0)
    options = [
        y for y in span if _valid(y, spec.month, spec.day) and date(y, spec.month, spec.day).weekday() == spec.weekday
    ]
    if reference is not None:
        return min(options, key=lambda y: abs((date(y, spec.month, spec.day) - reference).days), default=0)
    return min(options, key=lambda y: (min(abs(y - x) for x in near), y), default=0)


def _valid(year: int, month: int, day: int) -> bool:
    return 1 <= year < 9999 and 1 <= month <= 12 and 1 <= day <= month_days(year, month)[1].day


def _month(spec: Spec, reference: date | None, future: bool, years: tuple[int, ...]) -> Days | None:
    year = spec.year
    if not year and reference is not None and spec.direction == "past" and spec.month == reference.month:
        year = reference.year - 1
    year = year or _year_of(spec, reference, future, years)
    if not year:
        return None
    first, last = month_days(year, spec.month)
    if spec.part:
        a, b = _PARTS[spec.part]
        first, last = first.replace(day=a), last.replace(day=min(b, last.day))
    return (first, last) if future else _clip((first, last), reference)


def _clip(days: Days, reference: date | None) -> Days:
    """What has happened by the reference day, where the period has begun."""
    return (days[0], reference) if reference is not None and days[0] <= reference < days[1] else days


def _year_part(year: int, part: str) -> Days:
    a, b = _QUARTERS.get(part, (1, 12))
    return date(year, a, 1), month_days(year, b)[1]


def _weekday(spec: Spec, reference: date, future: bool) -> Days:
    back = (reference.weekday() - spec.weekday) % 7
    if spec.direction == "past" and not back:
        back = 7
    if spec.direction == "next" or (future and back):
        back -= 7
    day = reference - timedelta(back) + timedelta(spec.shift)
    if spec.weekday2 >= 0:
        ahead = timedelta((spec.weekday2 - spec.weekday) % 7 - spec.shift)
        return (day + ahead, day + ahead) if spec.shift else (day, day + ahead)
    return day, day


def _ago(spec: Spec, reference: date) -> Days | None:
    unit, n = spec.unit, spec.amount
    if n < 0:
        few = {"hour": (1, 0), "day": (7, 1), "night": (7, 1), "week": (28, 7), "month": (180, 30)}.get(unit)
        return (reference - timedelta(few[0]), reference - timedelta(few[1])) if few else None
    if unit == "hour":
        return reference - timedelta(max(1, n // 24)), reference - timedelta(n // 24)
    if spec.bound == "min":
        if unit == "year":
            return months_back(_back(reference, unit, n), 1), _back(reference, unit, n)
        return _back(reference, unit, n + 1), _back(reference, unit, n)
    if spec.bound == "max":
        return _back(reference, unit, n), _back(reference, unit, max(n - 1, 0))
    day = _back(reference, unit, n)
    if unit == "year":
        return months_back(day, 1), months_back(day, -1)
    margin = timedelta({"month": 7, "week": 2}.get(unit, 1) if unit == "month" or spec.bound else 0)
    return day - margin, min(day + margin, reference)


def _window(spec: Spec, reference: date) -> Days:
    n = _FEW if spec.amount < 0 else spec.amount
    if spec.unit == "hour":
        n = 1 if spec.amount < 0 else max(1, -(-spec.amount // 24))
    if spec.direction == "next":
        return reference, _back(reference, spec.unit, -n)
    first = _back(reference, spec.unit, n)
    counted = spec.amount > 0 and spec.unit != "hour" and not spec.rolling
    return first, reference - timedelta(1) if counted else reference


def _unit(spec: Spec, reference: date) -> Days | None:
    step = {"past": 1, "this": 0, "next": -1}[spec.direction]
    if spec.unit in ("hour", "night"):
        return min(reference, reference - timedelta(step)), max(reference, reference - timedelta(step))
    if spec.unit == "day":
        return reference - timedelta(step), reference - timedelta(step)
    if spec.unit == "week":
        monday = reference - timedelta(reference.weekday() + 7 * step)
        days = monday, monday + timedelta(6)
    elif spec.unit == "month":
        days = month_days(*divmod_month(reference, step))
        if spec.part:
            a, b = _PARTS[spec.part]
            days = days[0].replace(day=a), days[1].replace(day=min(b, days[1].day))
    else:
        days = _year_part(reference.year - step, spec.part)
    if spec.lead == "earlier":
        return days[0], max(days[0], min(days[1], reference - timedelta(1)))
    return _clip(days, reference)


def divmod_month(day: date, back: int) -> tuple[int, int]:
    """Year and month of the month that lies ``back`` months before a day's own."""
    moved = months_back(day, back)
    return moved.year, moved.month
