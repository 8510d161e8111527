"""Dates of the calendar as they are written: 5 May 2014, «حزيران/يونيو», 2014-05-05, mid-July, in 2011."""

from __future__ import annotations

from typing import NamedTuple

from coder.coding.dates.spec import DEFINITE, Item, Items, Spec
from coder.coding.document import Document
from coder.coding.numbers import Number

_COMMAS = frozenset(",،")
_SEPARATORS = frozenset("/-.–")
_PAIRS = frozenset("/(-")
_MONTHS, _DAYS = 12, 31
_GLUED = 6  # «Jan 202015»: day and year that lost the space between them


class _Month(NamedTuple):
    j: int
    value: int
    hijri: bool
    item: Item
    doubled: bool


class Absolute:
    """Reads dates of the calendar in one document."""

    def __init__(self, doc: Document, items: Items, numbers: dict[int, Number]) -> None:
        self.doc, self.items, self.numbers = doc, items, numbers
        self.words, self.n = doc.words, len(doc.words)

    def read(self, i: int) -> Spec | None:
        """The longest calendar date that starts at word ``i``."""
        if self.words[i][0].isdigit():
            return self._numeric(i) or self._short(i) or self._day_first(i)
        found = [s for s in (self._day_first(i), self._month_first(i), self._part(i), self._year_alone(i)) if s]
        return max(found, key=lambda s: s.j) if found else None

    def _numeric(self, i: int) -> Spec | None:
        parts, j = self.words[i].split("."), i + 1
        if len(parts) == 1:
            if i + 4 >= self.n or self.words[i + 1] not in _SEPARATORS or self.words[i + 3] != self.words[i + 1]:
                return None
            parts, j = [self.words[i], self.words[i + 2], self.words[i + 4]], i + 5
        if len(parts) != 3 or not all(p.isdigit() and len(p) in (1, 2, 4) for p in parts):
            return None
        a, b, c = (int(p) for p in parts)
        year, month, day = (a, b, c) if len(parts[0]) == 4 else (c, b, a)
        if month > 12:
            month, day = day, month
        if not (1900 <= year < 2100 and 1 <= month <= 12 and 1 <= day <= 31):
            return None
        return Spec(i, j, "date", "numeric", day=day, month=month, year=year)

    def _short(self, i: int) -> Spec | None:
        """Day and month in figures alone, behind a preposition: "on 20/06"."""
        if i + 2 >= self.n or self.words[i + 1] != "/" or self.items.before(i, "phrase") is None:
            return None
        day, month = self.words[i], self.words[i + 2]
        if not (day.isdigit() and month.isdigit() and len(day) <= 2 and len(month) <= 2):
            return None
        a, b = sorted((int(day), int(month)), reverse=True) if int(month) > _MONTHS else (int(day), int(month))
        return Spec(i, i + 3, "date", "numeric", day=a, month=b) if 1 <= b <= _MONTHS and 1 <= a <= _DAYS else None

    def _day(self, i: int) -> tuple[int, int, int] | None:
        """A day of the month at word ``i``, or two: (end, first, last)."""
        ordinal = self.items.at(i, "ordinal")
        if ordinal is not None:
            value = int(ordinal.data["value"])
            return ordinal.j, value, value
        number = self.numbers.get(i)
        if number is None or number.low is None or number.high is None or number.vague is not None:
            return None
        j = number.j
        if j < self.n and self.words[j] in ("st", "nd", "rd", "th"):
            j += 1
        return (j, number.low, number.high) if 1 <= number.low <= number.high <= 31 else None

    def fillers(self, j: int) -> int:
        """The first word from ``j`` on that is no filler."""
        while j < self.n and (x := self.items.at(j, "filler")) is not None and not x.before.endswith(DEFINITE):
            j += 1
        return j

    def _day_first(self, i: int) -> Spec | None:
        day = self._day(i)
        if day is None or day[0] >= self.n:
            return None
        k = self.fillers(day[0])
        if k < self.n and self.words[k] == "-":
            k += 1
        month = self._month(k, near_number=True) if k < self.n else None
        if month is None:
            return self._day_of_unit(i, day, k)
        j, year, hijri = self._year(month.j, month.hijri)
        spec = Spec(i, j, "date", month.item.rule, day=day[1], day2=day[2], month=month.value, year=year, hijri=hijri)
        return self._direction(spec) if not year else spec

    def _day_of_unit(self, i: int, day: tuple[int, int, int], k: int) -> Spec | None:
        """«26 من الشهر الماضي», the 26th of last month."""
        a, b = self.items.at(k, "unit"), self.items.at(k, "direction")
        unit = a if a is not None else self.items.at(b.j, "unit") if b is not None else None
        turn = b if b is not None else self.items.at(a.j, "direction") if a is not None else None
        if k == day[0] or unit is None or turn is None or unit.data["name"] != "month":
            return None
        return Spec(
            i,
            max(unit.j, turn.j),
            "date",
            unit.rule,
            day=day[1],
            day2=day[2],
            direction=f"{turn.data['name']}-month",
        )

    def _month_first(self, i: int) -> Spec | None:
        month = self._month(i, near_number=False)
        if month is None:
            return None
        k = month.j
        if k < self.n and self.words[k] == "." and month.item.data.get("weak"):
            k += 1
        glued = self.words[k] if k < self.n else ""
        if len(glued) == _GLUED and glued.isdigit() and glued[2:4] in ("19", "20") and 1 <= int(glued[:2]) <= 31:
            return Spec(i, k + 1, "date", month.item.rule, day=int(glued[:2]), month=month.value, year=int(glued[2:]))
        at = k + 1 if k < self.n and self.items.at(k, "filler") and self.words[k] == "the" else k
        day = self._day(at) if at < self.n and month.item.data.get("day_behind") else None
        if day is not None:
            j, year, _ = self._year(day[0], False)
            spec = Spec(i, j, "date", month.item.rule, day=day[1], day2=day[2], month=month.value, year=year)
            return self._direction(spec) if not year else spec
        j, year, hijri = self._year(k, month.hijri)
        spec = Spec(i, j if year else month.j, "month", month.item.rule, month=month.value, year=year, hijri=hijri)
        if not year:
            spec = self._direction(spec)
        return spec if self._sure(i, month, spec) else None

    def _sure(self, i: int, month: _Month, spec: Spec) -> bool:
        """Is a word that means other things too a month here?"""
        weak = month.item.data.get("weak")
        if not weak or month.doubled or spec.year or spec.direction:
            return True
        return weak == "phrase" and (
            self.items.before(i, "phrase") is not None or self.items.before(i, "part") is not None
        )

    def _month(self, i: int, near_number: bool) -> _Month | None:
        item = self.items.at(i, "month")
        if item is None or (item.before and near_number and item.before.startswith("و")):
            return None
        raw = self.doc.text[self.doc.starts[i] : self.doc.ends[i]]
        if item.data.get("cased") and not raw[0].isupper():
            return None
        spelled = item.data.get("spelled")
        j, value = item.j, int(item.data["value"])
        second = self.items.at(j + 1, "month") if j < self.n and self.words[j] in _PAIRS else None
        doubled = second is not None and second.data["value"] == value
        if spelled and not doubled and not near_number and spelled not in raw:
            return None
        if doubled and second is not None:
            j = second.j + (1 if second.j < self.n and self.words[second.j] == ")" else 0)
        return _Month(j, value, item.data["calendar"] == "hijri", item, doubled)

    def _year(self, j: int, hijri: bool) -> tuple[int, int, bool]:
        """The year at word ``j`` or behind a comma or the word for it: (end, year or 0, Hijri or not)."""
        k = j + 1 if j < self.n and self.words[j] in _COMMAS else j
        word = self.items.at(k, "yearword") if k < self.n else None
        if word is not None and word.data.get("inside"):
            k = word.j
        elif k < self.n and self.items.at(k, "filler") is not None:
            k = self.fillers(k)
            word = self.items.at(k, "yearword")
            k = word.j if word is not None else k
        year = self.year_number(k)
        if not year:
            return j, 0, hijri
        era = self.items.at(k + 1, "era")
        hijri = era.data["name"] == "hijri" if era is not None else 1300 <= year < 1500
        return (era.j if era is not None else k + 1), year, hijri

    def year_number(self, k: int) -> int:
        """The year that word ``k`` writes in digits, or 0."""
        word = self.words[k] if k < self.n else ""
        if len(word) != 4 or not word.isdigit() or not word.isascii():
            return 0
        value = int(word)
        return value if 1900 <= value < 2100 or 1300 <= value < 1500 else 0

    def _year_alone(self, i: int) -> Spec | None:
        word = self.items.at(i, "yearword") or self.items.at(i, "phrase")
        if word is None:
            return None
        j, year, hijri = self._year(word.j, False)
        more = j + 1 < self.n and self.words[j] in _SEPARATORS and self.words[j + 1][0].isdigit()
        if not year or more or (hijri and j == word.j + 1):
            return None
        return Spec(i, j, "year", word.rule, year=year, hijri=hijri)

    def _part(self, i: int) -> Spec | None:
        """«أواخر مايو», mid-July, early 2013, the first week of April."""
        part = self.items.at(i, "part")
        if part is None or part.j >= self.n:
            return None
        k = part.j + 1 if self.words[part.j] == "-" else self.fillers(part.j)
        if k >= self.n:
            return None
        month = self._month_first(k)
        if month is not None and not month.day:
            return month._replace(i=i, part=str(part.data["name"]), rule=part.rule)
        j, year, hijri = self._year(k, False)
        if year:
            return Spec(i, j, "year", part.rule, year=year, hijri=hijri, part=str(part.data["name"]))
        return None

    def _direction(self, spec: Spec) -> Spec:
        """«مارس الماضي», «أغسطس العام الماضي», last March, August last year."""
        before, j = self.items.before(spec.i, "direction"), spec.j
        turn = self.items.at(j, "direction")
        unit = self.items.at(j, "unit")
        if turn is not None and (far := self.items.at(turn.j, "unit")) is not None and far.data["name"] == "year":
            return spec._replace(j=far.j, direction=f"{turn.data['name']}-year")
        if unit is not None and unit.data["name"] == "year" and unit.before.endswith("ال"):
            far = self.items.at(unit.j, "direction")
            return spec if far is None else spec._replace(j=far.j, direction=f"{far.data['name']}-year")
        if turn is not None and turn.data["place"] == "behind":
            return spec._replace(j=turn.j, direction=str(turn.data["name"]))
        if before is not None and before.data["name"] != "this" and before.data["place"] == "before":
            return spec._replace(i=before.i, direction=str(before.data["name"]))
        return spec
