"""From coded values to claims in which every value has the words that it was read from (codebook section 8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from coder import codebook
from coder.coding.actors import Mention
from coder.coding.casualties import Count
from coder.coding.compose import ARMED, Coded
from coder.coding.drafts import Draft, richest
from coder.coding.reader import ArticleReader
from coder.coding.sides import Resolver, Side
from coder.coding.speakers import Speaker
from coder.coding.stand import ground_source
from coder.coding.tolls import count_side, tolls
from coder.model import Evidence

ENGINE = "rules"
PUBLISHED = "publication date"
Values = dict[str, Any]


class Grounder:
    """Collects the values of one claim and the evidence for each."""

    def __init__(self, reader: ArticleReader) -> None:
        self.reader = reader
        self.doc = reader.doc
        self.values: Values = {}
        self.evidence: list[Evidence] = []

    def words(self, column: str, i: int, j: int, rule: str) -> str:
        """Evidence for a column from words [i, j); returns their text."""
        start, end = self.doc.span(i, j)
        text = self.doc.text[start:end]
        self.evidence.append(Evidence(column, start, end, text, rule))
        return text

    def metadata(self, column: str, value: object, rule: str) -> None:
        """Evidence for a column from the article's metadata."""
        self.evidence.append(Evidence(column, None, None, str(value), rule))

    def source(
        self, speaker: Speaker, resolver: Resolver, country: str | None, sides: tuple[Side | None, Side | None]
    ) -> None:
        """The chain of sources: claimant, channel, platform, outlet."""
        ground_source(self, speaker, resolver, country, sides)

    # ---------------------------------------------------------------- substance

    def event(self, coded: Coded, group: Sequence[Draft]) -> None:
        """Type, sides, place, time and tolls of an event claim."""
        head = next((d.unit.head for d in group if d.unit.sub == coded.sub), richest(group).unit.head)
        values = self.values
        values["sub_event_type"] = coded.sub
        values["event_type"] = codebook.event_type_of(coded.sub)
        values["disorder_type"] = codebook.disorder_type(values["event_type"], coded.sub)
        self.words("sub_event_type", head.i, head.j, head.rule.id)
        self._sides(coded, (head.i, head.j))
        self._place(coded)
        self._time(coded)
        self._tolls(coded, group)
        if coded.side2 is not None and (
            coded.side2.inter == "Civilians" or coded.sub == "Excessive force against protesters"
        ):
            values["civilian_targeting"] = "Civilian targeting"

    def _sides(self, coded: Coded, trigger: tuple[int, int]) -> None:
        for n, side in (("1", coded.side1), ("2", coded.side2)):
            if side is None:
                continue
            self.values[f"actor{n}"], self.values[f"inter{n}"] = side.name, side.inter
            m = side.mention
            if m is not None:
                self.values[f"actor{n}_text"] = self.words(f"actor{n}", m.i, m.j, side.rule)
            else:
                self.words(f"actor{n}", *trigger, side.rule)
            if side.assoc:
                self.values[f"assoc_actor_{n}"] = "; ".join(side.assoc)
                self.words(f"assoc_actor_{n}", *((m.i, m.j) if m is not None else trigger), side.rule)
        self.values["interaction"] = codebook.interaction(self.values.get("inter1"), self.values.get("inter2"))

    def _place(self, coded: Coded) -> None:
        where = coded.where
        location = self.reader.places.location(where)
        values = self.values
        for column in (
            "location",
            "admin1",
            "admin2",
            "admin3",
            "country",
            "iso",
            "region",
            "latitude",
            "longitude",
            "geo_precision",
            "place_id",
        ):
            values[column] = getattr(location, column)
        if not coded.named_here:
            values["geo_precision"] = max(2, int(values["geo_precision"]))
        if where.j > where.i:
            text = self.words("location", where.i, where.j, where.rule)
            if coded.named_here:
                values["location_text"] = text
                values["location_relation"] = location.location_relation
        else:
            i, j = self.reader.place_words(where)
            self.words("location", i, j, where.rule)

    def _time(self, coded: Coded) -> None:
        when = coded.when
        values = self.values
        values["date_start"], values["date_end"] = when.first, when.last
        days = (when.last - when.first).days
        values["event_date"] = when.first + timedelta(days=days // 2)
        values["time_precision"] = 1 if days == 0 else 2 if days <= 7 else 3
        if when.explicit:
            values["date_text"] = self.words("date_start", when.i, when.j, when.rule)
        elif when.j > when.i:
            self.words("date_start", when.i, when.j, when.rule)
        elif self.reader.reference_span is not None:
            self.words("date_start", *self.reader.reference_span, when.rule)
        else:
            self.metadata("date_start", self.reader.article.published, PUBLISHED)

    def _tolls(self, coded: Coded, group: Sequence[Draft]) -> None:
        found = tolls(coded.counts, coded.sub)
        dead, hurt, held = found.get("dead"), found.get("wounded"), found.get("captured")
        values = self.values
        if dead is not None:
            both = dead.unit == "dead_or_wounded"
            values["fatalities_low"] = 0 if both else dead.low
            values["fatalities_high"] = dead.high
            values["fatalities_best"] = 0 if both else dead.best if dead.best is not None else dead.low
            values["fatalities_estimated"] = bool(dead.estimated)
            values["fatalities_text"] = self.words("fatalities_low", dead.i, dead.j, dead.rule)
            values["fatalities_shared"] = any(d.shared for d in group)
            self._parts(coded, dead)
        for count, name in ((hurt, "injured"), (held, "captured")):
            if count is not None:
                both = count.unit == "dead_or_wounded"
                values[f"{name}_low"] = 0 if both else count.low
                values[f"{name}_high"] = count.high
                self.words(f"{name}_low", count.i, count.j, count.rule)

    def _parts(self, coded: Coded, dead: Count) -> None:
        """The dead by side, where the words that count them say whose they are."""
        best = self.values["fatalities_best"]
        m = count_side(dead, self.reader.mentions)
        if m is None or best is None:
            return
        if m.resolves == "civilians":
            if coded.side2 is not None and coded.side2.inter == "Civilians":
                self.values["fatalities_civilians"] = best
            return
        for n, side in (("1", coded.side1), ("2", coded.side2)):
            if side is not None and side.inter in ARMED and self._is(side, m):
                self.values[f"fatalities_actor{n}"] = best
                return

    def _is(self, side: Side, m: Mention) -> bool:
        return side.mention == m
