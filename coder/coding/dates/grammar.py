"""The grammar of dates: from the words of a document to :class:`Spec` values, in one pass."""

from __future__ import annotations

from collections.abc import Sequence

from coder.coding.dates.absolute import Absolute
from coder.coding.dates.spec import DEFINITE, Item, Items, Spec
from coder.coding.document import Document
from coder.coding.numbers import Number

_CONNECT = frozenset(',،()"«»“”-–.')
_LINK_REACH = 2
_PHRASE_REACH = 7
_ANCHOR_REACH = 9
_YEAR_DIGITS = 4
_CONJUNCTION = "و"


class Grammar:
    """Reads all dates of one document."""

    def __init__(self, doc: Document, items: Items, numbers: Sequence[Number]) -> None:
        self.doc, self.items = doc, items
        self.words, self.n = doc.words, len(doc.words)
        self.numbers = {n.i: n for n in numbers}
        self.absolute = Absolute(doc, items, self.numbers)

    def read(self) -> list[Spec]:
        """The dates in order; those that are part of a name are left out."""
        out: list[Spec] = []
        behind = 0  # what has been read so far
        for i in self._beginnings():
            if i < behind:
                continue
            name = self.items.at(i, "name")
            if name is not None and name.data["place"] == "whole":
                behind = name.j
                continue
            spec = self._spec(i)
            if spec is not None:
                if not self._is_name(spec):
                    out.append(self._lead(spec))
                behind = spec.j
            elif (lead := self.items.at(i, "lead")) is not None and lead.data["name"] == "earlier":
                behind = lead.j
        return self._merge(out)

    def _beginnings(self) -> list[int]:
        """The words at which a date may begin: what it needs, a word of the calendar or a year, is not far."""
        years = [k for k in self.doc.digits if len(self.words[k]) >= _YEAR_DIGITS]
        needed = sorted({*years, *self.items.anchors})
        out: list[int] = []
        at = 0
        for i in sorted({*self.items.openings, *self.numbers, *self.doc.digits}):
            while at < len(needed) and needed[at] < i:
                at += 1
            if at == len(needed):
                break
            if needed[at] <= i + _ANCHOR_REACH:
                out.append(i)
        return out

    def _spec(self, i: int) -> Spec | None:
        found = [s for s in (self._fixed(i), self._group(i), self._period(i)) if s is not None]
        return max(found, key=lambda s: s.j) if found else None

    def _is_name(self, spec: Spec) -> bool:
        before, behind = self.items.before(spec.i, "name"), self.items.at(spec.j, "name")
        if spec.shape not in ("date", "month") or spec.weekday >= 0:
            return False
        return (before is not None and before.data["place"] == "before") or (
            behind is not None and behind.data["place"] == "after"
        )

    def _lead(self, spec: Spec) -> Spec:
        if spec.lead or spec.shape in ("ago", "after"):
            return spec
        k = spec.i
        while k and self.items.before(k, "filler") is not None:
            k -= 1
        lead = self.items.before(k, "lead") or self.items.before(spec.i, "lead")
        if lead is None and spec.shape == "year":
            lead = self.items.at(spec.i, "lead")
        if lead is None:
            return spec
        since = self.items.at(lead.i, "lead")
        names = {x.data["name"] for x in (lead, since) if x is not None}
        if "since" in names or self._also_since(lead):
            return spec._replace(i=lead.i, lead="since")
        return spec

    def _also_since(self, lead: Item) -> bool:
        return lead.data.get("also") == "since"

    def _fixed(self, i: int) -> Spec | None:
        item = self.items.at(i, "fixed") or self.items.at(i, "holiday") or self.items.at(i, "other")
        if item is None:
            return None
        data, kind = item.data, item.data["kind"]
        if kind == "other":
            return Spec(i, item.j, "after", item.rule, unit="day", amount=int(data["days"]))
        if kind == "holiday":
            return Spec(
                i,
                item.j,
                "date",
                item.rule,
                day=int(data["day"]),
                day2=int(data["day2"]),
                month=int(data["month"]),
                hijri=data["calendar"] == "hijri",
            )
        if "weekday" in data:
            return Spec(i, item.j, "days", item.rule, weekday=int(data["weekday"]), last=int(data["length"]) - 1)
        return Spec(i, item.j, "day", item.rule, first=int(item.data["first"]), last=int(item.data["last"]))

    def _weekday(self, i: int, day_word: bool) -> Item | None:
        item = self.items.at(i, "weekday")
        if item is None:
            return None
        if item.data.get("definite") and not day_word and not item.before.endswith(DEFINITE):
            return None
        if item.data.get("cased") and not self.doc.text[self.doc.starts[i]].isupper():
            return None
        return item

    def _group(self, i: int) -> Spec | None:
        """Day, weekday, part of the day and calendar date that stand together and name one day."""
        day = weekday = second = daypart = None
        date: Spec | None = None
        turn = self.items.at(i, "direction")
        k = j = i if turn is None else turn.j
        if turn is not None and self._weekday(k, True) is None and self.items.at(k, "daypart") is None:
            return None
        while k < self.n:
            here = date is None and self._calendar(k)
            named = self._weekday(k, self.items.before(k, "daypart") is not None or self._is_day_word(k - 1))
            if named is not None and weekday is None and date is None:
                weekday, k = named, named.j
            elif named is not None and second is None and daypart and daypart.data["name"] == "night":
                second, k = named, named.j
            elif here:
                date, k = here, here.j
            elif day is None and (found := self.items.at(k, "day")) is not None:
                day, k = found, found.j
            elif (found := self.items.at(k, "daypart")) is not None and (daypart is None or day or weekday):
                daypart, k = daypart or found, found.j
            else:
                step = self._connect(k)
                if step == k or k == i or step - j > _LINK_REACH + 1:
                    break
                k = step
                continue
            j = k
        return self._group_spec(i, j, (day, weekday, second, daypart, turn), date)

    def _calendar(self, k: int) -> Spec | None:
        spec = self.absolute.read(k)
        return spec

    def _is_day_word(self, k: int) -> bool:
        unit = self.items.at(k, "unit") if k >= 0 else None
        return unit is not None and unit.data["name"] in ("day", "night")

    def _connect(self, k: int) -> int:
        if self.words[k] in _CONNECT:
            return k + 1
        filler = self.items.at(k, "filler")
        return filler.j if filler is not None else k

    def _group_spec(self, i: int, j: int, found: tuple[Item | None, ...], date: Spec | None) -> Spec | None:
        day, weekday, second, daypart, turn = found
        value = int(weekday.data["value"]) if weekday is not None else -1
        shift = int(daypart.data.get("shift", 0)) if daypart is not None else 0
        if date is not None:
            return date._replace(i=min(i, date.i), j=max(j, date.j), weekday=value if date.day else -1)
        if weekday is not None and weekday.data.get("weak"):
            return None
        direction = str(turn.data["name"]) if turn is not None else ""
        behind = self.items.at(j, "direction")
        if weekday is not None and behind is not None and behind.data["place"] == "behind":
            direction, j = str(behind.data["name"]), behind.j
        joined = self._joined(i)
        if day is not None:
            first = int(day.data["first"])
            return Spec(
                i,
                j,
                "day",
                day.rule,
                first=first,
                last=first + shift,
                weekday=value,
                offset=first,
                joined=joined,
            )
        if weekday is None:
            return None
        return Spec(
            i,
            j,
            "weekday",
            weekday.rule,
            weekday=value,
            direction=direction,
            shift=shift,
            joined=joined,
            weekday2=int(second.data["value"]) if second is not None else -1,
        )

    def _joined(self, i: int) -> bool:
        return self.words[i].startswith(_CONJUNCTION)

    def _period(self, i: int) -> Spec | None:
        """A unit with a number, a direction or a lead: last week, two days ago, «خلال اليومين الماضيين»."""
        lead, part = self.items.at(i, "lead"), self.items.at(i, "part")
        k = i if lead is None else lead.j
        if lead is None and part is not None and self.items.at(i, "unit") is None:
            k = self.absolute.fillers(part.j)
        elif lead is not None and (inner := self.items.at(k, "part")) is not None:
            part, k = inner, self.absolute.fillers(inner.j)
        elif lead is None and self.items.at(i, "filler") is not None and self.items.at(i, "unit") is None:
            return None
        else:
            part = None
        bound = self.items.at(k, "bound")
        if bound is not None and self.numbers.get(k) is None:
            k = bound.j
        unit = turn = few = ago = None
        number: Number | None = None
        end, stop = k, min(self.n, k + _PHRASE_REACH)
        while k < stop:
            if number is None and (unit is None or turn is None) and (n := self.numbers.get(k)) is not None:
                number, k = n, n.j
            elif unit is None and (x := self.items.at(k, "unit")) is not None:
                unit, k = x, x.j
            elif turn is None and (x := self.items.at(k, "direction")) is not None:
                turn, k = x, x.j
            elif few is None and (x := self.items.at(k, "few")) is not None:
                few, k = x, x.j
            elif unit is not None and turn is None and (x := self.items.at(k, "ago")) is not None:
                ago, end = x, x.j
                break
            elif number is None and self.items.at(k, "filler") is not None:
                k += 1
                continue
            else:
                break
            end = k
        if unit is None:
            return None
        if number is not None and number.i > unit.i and turn is None:
            number, end = None, unit.j
        return self._period_spec(i, end, (lead, part, unit, turn, few, ago, bound), number)

    def _period_spec(self, i: int, j: int, found: tuple[Item | None, ...], number: Number | None) -> Spec | None:
        lead, part, unit, turn, few, ago, limit = found
        assert unit is not None
        name = str(unit.data["name"])
        count, bound = self._count(unit, number, few)
        if number is None and limit is not None:
            bound = str(limit.data["name"])
        base = Spec(
            i,
            j,
            "",
            unit.rule,
            unit=name,
            amount=count,
            known=count >= 0,
            bound=bound,
            joined=self._joined(i),
            part=str(part.data["name"]) if part is not None else "",
        )
        leads = {str(lead.data["name"]), str(lead.data.get("also", ""))} if lead is not None else set()
        if turn is not None:
            direction = str(turn.data["name"])
            many = number is not None or few is not None or "pl" in unit.features or "du" in unit.features
            today = bool(turn.data.get("rolling"))
            rolling = many or today
            lead_name = next((x for x in ("since", "earlier") if x in leads), "")
            return base._replace(
                shape="window" if rolling else "unit",
                direction=direction,
                rule=turn.rule,
                lead=lead_name,
                rolling=today,
            )
        if ago is not None:
            later = -1 if ago.data.get("name") == "later" and count > 0 else 1
            shape = "after" if "name" in ago.data else "ago"
            return base._replace(shape=shape, rule=ago.rule, amount=count * later)
        if lead is None:
            return None
        if "ago" in leads and part is None:
            return base._replace(shape="ago", rule=lead.rule)
        if "after" in leads and (number is not None or unit.features != "n.sg" or j < self.n):
            return base._replace(shape="after", rule=lead.rule)
        if (
            "within" in leads
            and name != "year"
            and (number is not None or name in ("week", "day") or unit.features == "n.du")
        ):
            return base._replace(shape="within", rule=lead.rule)
        return None

    def _count(self, unit: Item, number: Number | None, few: Item | None) -> tuple[int, str]:
        if number is not None:
            exact = number.best if number.best is not None else number.high
            bound = (
                "about" if number.estimated else "min" if number.high is None else "max" if (number.low is None) else ""
            )
            return (-1 if number.vague or exact is None else exact), bound
        if few is not None or "pl" in unit.features:
            return -1, ""
        return (2 if "du" in unit.features else 1), ""

    def _merge(self, specs: list[Spec]) -> list[Spec]:
        """Ranges (from Sunday to Tuesday) and one day in two calendars become one."""
        out: list[Spec] = []
        for spec in specs:
            a = out[-1] if out else None
            tie = self._tie(a, spec) if a is not None else ""
            if a is None or not tie:
                out.append(spec)
            elif tie == "same":
                out[-1] = spec._replace(i=a.i) if a.hijri else a._replace(j=spec.j)
            else:
                if a.shape == "date" and not a.year and spec.year:
                    a = a._replace(year=spec.year)
                out[-1] = a._replace(j=spec.j, until=spec, lead="")
        return out

    def _tie(self, a: Spec, b: Spec) -> str:
        if b.i - a.j > _LINK_REACH or a.until is not None:
            return ""
        between = self.words[a.j : b.i]
        if (
            a.hijri != b.hijri
            and a.day
            and b.day
            and (all(w in _CONNECT or w == "/" for w in between) or self._link(a.j, b.i, "same"))
        ):
            return "same"
        shapes = {a.shape, b.shape}
        if len(shapes) > 1 or not shapes & {"date", "month", "weekday", "year", "day"} or a.hijri != b.hijri:
            return ""
        opened = self._opened(a)
        joined = (
            (not between and (b.joined or self.words[b.i].startswith(_CONJUNCTION)))
            or (not between and self._link(b.i, b.j, "join"))
            or (between == [_CONJUNCTION])
            or self._link(a.j, b.i, "join")
        )
        if joined:
            return "range" if opened or a.shape == "month" else ""
        ranged = self._link(a.j, b.i, "range") or (between in (["-"], ["–"]) and a.shape == "date")
        return "range" if ranged and (opened or a.shape in ("date", "month") or a.lead == "since") else ""

    def _opened(self, a: Spec) -> bool:
        k = a.i
        while k and self.items.before(k, "link") is None and self.items.before(k, "filler") is not None:
            k -= 1
        link = self.items.before(k, "link") or self.items.at(a.i, "link")
        return link is not None and link.data["name"] == "open"

    def _link(self, i: int, j: int, name: str) -> bool:
        link = self.items.at(i, "link") if i < j else None
        return link is not None and link.data["name"] == name
