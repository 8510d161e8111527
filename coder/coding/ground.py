"""From coded values to claims in which every value has the words that it was read from (codebook section 8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from coder import codebook
from coder.coding.actors import Mention
from coder.coding.compose import ARMED, Coded, tolls
from coder.coding.casualties import Count
from coder.coding.drafts import Draft, richest
from coder.coding.reader import ArticleReader, count_side
from coder.coding.sides import Resolver, Side, group_name
from coder.coding.speakers import CARRIERS, Speaker
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

    # ---------------------------------------------------------------- sources

    def source(self, speaker: Speaker, resolver: Resolver, country: str | None, sides: tuple[Side | None, Side | None]) -> None:
        """The chain of sources: claimant, channel, platform, outlet."""
        article = self.reader.article
        outlet, outlet_span, outlet_rule = self._outlet(speaker)
        own = speaker.j > speaker.i
        kind = speaker.type
        name: str | None = outlet
        if own:
            text = self.words("source_claimant", speaker.i, speaker.j, speaker.rule)
            self.values["claimant_text"] = text
            name = self._claimant_name(speaker, resolver, country) or " ".join(text.split())
            if kind == "state" and self._abroad(speaker, country):
                kind = "external_forces"
        elif outlet is not None:
            if outlet_span is not None:
                self.words("source_claimant", *outlet_span, outlet_rule)
            else:
                self.metadata("source_claimant", outlet, outlet_rule)
        else:
            self.metadata("claimant_type", "", "outlet")
        self.values["source_claimant"] = name
        self.values["claimant_type"] = kind
        self.values["source_channel"] = speaker.channel
        if speaker.channel != "none":
            self.words("source_channel", *self._speech_words(speaker), speaker.rule)
        if speaker.platform is not None:
            self.values["source_platform"] = speaker.platform
            if speaker.channel == "none":
                self.words("source_platform", *self._speech_words(speaker), speaker.rule)
        if outlet is not None:
            self.values["source_outlet"] = outlet
            if outlet_span is not None:
                self.words("source_outlet", *outlet_span, outlet_rule)
            else:
                self.metadata("source_outlet", outlet, outlet_rule)
        chain = list(dict.fromkeys(x for x in (name if own else None, outlet, article.outlet) if x))
        self.values["source_chain"] = " > ".join(chain) or None
        self._stand(speaker, kind, country, sides)

    def _speech_words(self, speaker: Speaker) -> tuple[int, int]:
        return (speaker.i, speaker.j) if speaker.j > speaker.i else (0, 1)

    def _outlet(self, speaker: Speaker) -> tuple[str | None, tuple[int, int] | None, str]:
        """The news organisation that carried the claim: credited beside it, by the article, or the article's own."""
        if speaker.outlet is not None:
            return self.reader.knowledge.sources[speaker.outlet].name, speaker.outlet_span, "credit"
        credit = self.reader.credit
        if credit is not None:
            return credit.name, credit.words, credit.rule
        return self.reader.article.outlet, None, "outlet"

    def _claimant_name(self, speaker: Speaker, resolver: Resolver, country: str | None) -> str | None:
        if speaker.source is not None:
            return self.reader.knowledge.sources[speaker.source].name
        m = speaker.mention
        if m is None or m.name is None:
            return None
        day = self.reader.some_day()
        if m.name.kind == "group":
            return group_name(m.name, country or "", day)[0] if country or not m.name.data.get("name_in") else str(m.name.data["name"])
        return resolver.side(m, country or m.name.country or "", day).name

    def _abroad(self, speaker: Speaker, country: str | None) -> bool:
        m = speaker.mention
        if m is None or country is None:
            return False
        nation = m.nation or (m.name.country if m.name is not None and m.name.kind != "group" else None)
        return nation is not None and nation != country and m.resolves not in ("civilians",)

    def _stand(self, speaker: Speaker, kind: str, country: str | None, sides: tuple[Side | None, Side | None]) -> None:
        """On which side the claimant is, and whom it holds responsible."""
        side = self._claimant_side(speaker, kind, country, sides)
        self.values["claimant_side"] = side
        if speaker.stance == "deny":
            responsibility = "denied"
        elif side == "actor1" and kind != "media":
            responsibility = "claimed"
        elif speaker.stance == "accuse" or (side == "actor2" and sides[0] is not None and not sides[0].name.startswith("Unidentified")):
            responsibility = "accused"
        else:
            responsibility = "reported"
        self.values["responsibility"] = responsibility

    def _claimant_side(self, speaker: Speaker, kind: str, country: str | None, sides: tuple[Side | None, Side | None]) -> str:
        if speaker.j <= speaker.i or kind in ("media", "ngo", "witness", "medical", "io", "expert"):
            return "none"
        for n, side in (("actor1", sides[0]), ("actor2", sides[1])):
            if side is None:
                continue
            m, o = speaker.mention, side.mention
            if m is not None and m.name is not None and m.name.kind == "group":
                if (o is not None and o.name is not None and o.name.id == m.name.id) or (
                        country is not None and group_name(m.name, country, self.reader.some_day())[0] == side.name):
                    return n
                continue
            nation = (m.nation or (m.name.country if m.name is not None else None)) if m is not None else None
            if kind in ("state", "external_forces") and side.inter in ("State forces", "External/Other forces"):
                if (nation is not None and nation in side.name) or (nation is None and kind == "state" and side.inter == "State forces"):
                    return n
            if kind == "rebel" and side.inter == "Rebel group" and (m is None or m.name is None):
                return n
            if kind == "militia" and side.inter in ("Political militia", "Identity militia", "Rebel group") and m is not None and (
                    o is not None and (m.i, m.j) != (o.i, o.j) and side.name.split(" (")[0] in self.doc.quote(m.i, m.j)):
                return n
        return "none"

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
        if coded.side2 is not None and (coded.side2.inter == "Civilians" or coded.sub == "Excessive force against protesters"):
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
        for column in ("location", "admin1", "admin2", "admin3", "country", "iso", "region", "latitude", "longitude", "geo_precision", "place_id"):
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
