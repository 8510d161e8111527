"""Reading one article: its sentences to stories of drafts (codebook section 1)."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from datetime import date
from functools import cached_property

from coder.coding.actors import Mention, find_mentions, owned_by, owns
from coder.coding.attribution import Attributor, Voice, teller_of
from coder.coding.casualties import find_casualties
from coder.coding.dates import Anchor, DateMention, find_dates
from coder.coding.document import Sentence, inside, read_document
from coder.coding.drafts import Draft, Story, When, Where, at_each, join
from coder.coding.events import EventReader
from coder.coding.grammar import read_grammar
from coder.coding.numbers import countable, read_numbers
from coder.coding.outlets import article_credit, home_country
from coder.coding.scan import Scan, scan
from coder.coding.scope import Scopes
from coder.coding.sides import Resolver, Side
from coder.coding.speakers import Speaker
from coder.coding.sums import Sums
from coder.coding.tolls import counted
from coder.coding.triggers import find_triggers
from coder.coding.units import Unit, family
from coder.coding.when import as_when, fallback, nearest, quoted_on
from coder.coding.where import ANAPHOR, NamedPlace, Places
from coder.knowledge import Knowledge
from coder.model import Article

_COARSE = frozenset(("country", "admin1", "region", "city"))  # within which an unknown place may lie
_NO_DOERS = frozenset(("civilians", "nation", "protesters", "government"))
_OWN_DEEDS = frozenset(("attack", "capture", "damage", "disarm", "arrest", "abduct"))
_ARMED_SPEAKERS = frozenset(("rebel", "militia", "state", "external_forces"))
_NEWS_DAYS = 3  # days before the article's own on which its news may have happened


class ArticleReader:
    """All that the coder reads in one article, and its drafts by story."""

    def __init__(self, article: Article, knowledge: Knowledge) -> None:
        self.article = article
        self.knowledge = knowledge
        self.doc = read_document(article)
        self.scan: Scan = scan(self.doc, knowledge)
        self.mentions = find_mentions(self.scan)
        self.grammar = read_grammar(self.scan)
        self.scopes = Scopes(self.scan, self.grammar)
        rules = knowledge.rules
        numbers = read_numbers(self.doc, self.scan.of("numbers"), rules.get("numbers", ()))
        dated = find_dates(self.doc, self.scan.of("dates"), rules.get("dates", ()), numbers, Anchor(article.published))
        self.dates = dated.mentions
        self.reference, self.reference_rule, self.reference_span = dated.reference
        dated_words = {k for m in self.dates for k in range(m.i, m.j)}
        self.triggers = [t for t in find_triggers(self.scan, self.grammar) if t.i not in dated_words]
        self.numbers = countable(numbers, [(m.i, m.j) for m in self.dates])
        self.in_play = self._in_play()
        self._the_place = [m for m, refers in self.grammar.anaphors if refers == "place"]
        self.places = Places(self.scan, self.mentions, numbers, self.in_play)
        self.mentions = self._without_place_words()
        self.attributor = Attributor(
            self.scan, self.mentions, list(self.scan.of("events")), [(m.i, m.j) for m in self.dates]
        )
        self.sums = Sums(self.scan)
        self.events = EventReader(self.scan, self.grammar, self.scopes, self.mentions, self.triggers)
        self._mention_starts = [m.i for m in self.mentions]
        self.stories: list[Story] = []
        self.speakers: dict[int, list[Voice]] = {}
        self.contexts: dict[int, Where | None] = {}
        self._in_force: Where | None = None
        self.days: dict[int, When | None] = {}
        self._day_in_force: When | None = None
        self._day_paragraph = -1
        self.credit = article_credit(self.scan, [(m.i, m.j) for m in self.dates])
        self._read()

    def _without_place_words(self) -> list[Mention]:
        """The mentions, less words for a kind of place («محافظة») and countries where it happened («في مالي»)."""
        taken = {k for p in self.places.named for i, j in p.relation.words for k in range(i, j)}
        cued = {p.i for p in self.places.named if p.relation.cued}
        return [m for m in self.mentions if (m.name is not None or m.i not in taken) and not (m.place and m.i in cued)]

    def _in_play(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for m in self.mentions:
            country = m.nation or (m.name.country if m.name is not None else None)
            if country:
                counts[country] = counts.get(country, 0) + 1
        return counts

    def groups_in_play(self) -> dict[str, int]:
        """How often the article names each group."""
        counts: dict[str, int] = {}
        for m in self.mentions:
            if m.name is not None and m.name.kind == "group":
                counts[m.name.id] = counts.get(m.name.id, 0) + 1
        return counts

    def _read(self) -> None:
        titles: list[Draft] = []
        for n, s in enumerate(self.doc.sentences):
            if s.role == "heading":
                self._take_place(s)
            if s.role not in ("title", "body"):
                continue
            drafts = self._drafts(n, s)
            if s.role == "title":
                titles += drafts
                self._take_place(s)
                continue
            for d in drafts:
                join(self.scan, self.stories, d)
        for d in titles:
            told = any(
                d.family in story.families
                or d.unit.frame == "casualty"
                or "casualty" in {x.unit.frame for x in story.drafts}
                for story in self.stories
            )
            if not told:
                join(self.scan, self.stories, d)

    def _take_place(self, s: Sentence) -> None:
        named = [p for p in self.places.inside(s.first, s.last) if p.place.kind != "country"]
        if named:
            self._in_force = Where(named[0].place.row, 0, 0, None, ANAPHOR)

    def _wheres(self, found: list[NamedPlace], clause: tuple[int, int], word: int) -> list[Where]:
        """The places of a draft: those named, an unknown one within them, else the one that «the town» means."""
        wheres = [self.places.where(p) for p in found]
        coarse = not found or found[0].place.kind in _COARSE
        new, listed = self.places.new_places(clause, word, None if coarse else found[0])
        around = self._around(found if coarse else [], listed, clause) or (wheres[0] if listed else None)
        if new and around is not None:
            many = bool(listed) or len(new) > 1
            sure = many or not self.doc.language.article
            unknown = [
                Where(around.place, i, j, None, rule, self.doc.quote(i, j) if sure else "") for i, j, rule in new
            ]
            if many:
                return sorted([*map(self.places.where, listed), *unknown], key=lambda w: w.i)
            return [*wheres, *unknown] if len(wheres) > 1 else unknown
        if not wheres and self._in_force is not None:
            article = self.doc.language.article
            for m in inside(self._the_place, *clause):
                if not article or m.before.endswith(article):
                    return [replace(self._in_force, i=m.i, j=m.j, rule=ANAPHOR)]
        return wheres

    def _around(self, coarse: list[NamedPlace], listed: list[NamedPlace], clause: tuple[int, int]) -> Where | None:
        """The place within which an unknown one of a clause lies; not one of its own list."""
        wide = [p for p in self.places.inside(*clause) if p.place.kind in _COARSE and p.place.kind != "country"]
        named = next((p for p in [*coarse, *wide] if p not in listed), None)
        alone = all(p.place.kind == "country" for p in self.places.named) and not self.doc.language.article
        if named is None and self._in_force is None and alone:
            return self.country_where
        return self._in_force if named is None else self.places.where(named)

    def _news_day(self) -> date | None:
        """The day of the news so far, else the article's own."""
        return self._day_in_force.last if self._day_in_force is not None else self.reference

    def _take_day(self, when: When | None, unit: Unit, paragraph: int) -> None:
        """Keep the day of the news, for events beside it that nothing dates."""
        if (
            when is None
            or unit.background
            or unit.modality != "asserted"
            or when.precision > 1
            or self.reference is None
        ):
            return
        newer = self._day_in_force is None or when.last >= self._day_in_force.last
        if newer and 0 <= (self.reference - when.last).days <= _NEWS_DAYS:
            self._day_in_force = replace(when, rule="day in force", own=False)
            self._day_paragraph = paragraph

    def _day_for(self, speaker: Speaker, paragraph: int) -> When | None:
        """The day of the news, for an event that nothing dates; an earlier day than the article's own may be past."""
        day, today = self._day_in_force, self.reference
        if day is None or today is None or day.last >= today or paragraph == self._day_paragraph:
            return day
        return day if speaker.j > speaker.i else replace(day, last=today, precision=2)

    def _drafts(self, n: int, s: Sentence) -> list[Draft]:
        voices = self.attributor.voices(n)
        self.speakers[n] = voices
        if self.sums.has(s) or not self.events.triggered(s):
            return []
        counts = find_casualties(
            self.doc,
            s.first,
            s.last,
            self.scan.within("casualties", s.first, s.last),
            self.knowledge.rules.get("casualties", ()),
            self.numbers,
        )
        counts = [c for c in counts if not c.cumulative]
        starts = self.places.starts
        places = starts[bisect_left(starts, s.first) : bisect_left(starts, s.last)]
        units = self.events.units(n, counts, places, voices, bool(self.stories))
        out: list[Draft] = []
        parts = {self.events.segment(unit.head.i) for unit in units}
        for unit in units:
            out += self._draft(unit, voices, s, parts - {self.events.segment(unit.head.i)})
        return out

    def _draft(self, unit: Unit, voices: list[Voice], s: Sentence, others: set[tuple[int, int]]) -> list[Draft]:
        """The drafts of a unit; ``others`` are the parts of its sentence that date events of their own."""
        head = unit.head
        speaker = teller_of(voices, head.i, head.j)
        frame = self.knowledge.frames.get(unit.frame, {})
        sides: dict[str, list[Mention]] = {"actor1": [], "actor2": []}
        for side, mentions in sides.items():
            for slot in frame.get(side) or ():  # type: ignore[attr-defined]
                mentions += [m for m in unit.slots.get(str(slot), ()) if m not in mentions]
        for c in unit.counts:
            people = counted(self.doc, self.grammar, self.mentions, self._mention_starts, c, s.last)
            sides["actor2"] += [m for m in people if m not in sides["actor1"] + sides["actor2"]]
        self._blamed(speaker, unit, s, sides)
        for named in sides.values():
            named[:] = [self._owned(m, speaker, s) for m in named]
        clause = (min(unit.first, head.i), max(unit.last, head.j))
        avoid = [(v.speaker.i, v.speaker.j) for v in voices if v.speaker.j > v.speaker.i]
        found = self.places.best(clause, (s.first, s.last), head.i, avoid)
        wheres = self._wheres(found, clause, head.i)
        whole, future = (s.first, s.last), unit.modality != "asserted"
        dates = self.dates_in(s)
        dates = [m for m in dates if clause[0] <= m.i < clause[1] or not any(i <= m.i < j for i, j in others)]
        when = nearest(dates, clause, whole, head.i, voices, future, self._news_day())
        if speaker.modality is not None and unit.modality == "asserted":
            unit.modality = speaker.modality
        draft = Draft(
            unit,
            family(self.knowledge.frames, unit.frame),
            speaker,
            None,
            when,
            sides["actor1"],
            sides["actor2"],
            unit.counts,
        )
        if when is not None and not when.lends:
            before = [m for m in dates if m.first is not None and m.j <= when.i]
            self._take_day(as_when(before[-1]) if before else None, unit, s.paragraph)
        else:
            self._take_day(when, unit, s.paragraph)
        self.contexts[id(draft)] = self._in_force
        self.days[id(draft)] = self._day_for(speaker, s.paragraph)
        if not wheres:
            return [draft]
        if self.knowledge.gazetteer.place(wheres[0].place).kind != "country":
            self._in_force = Where(wheres[0].place, 0, 0, None, ANAPHOR)
        drafts = at_each(draft, wheres, self.numbers) if len(wheres) > 1 else [draft]
        if len(wheres) == 1:
            draft.where = wheres[0]
        for d in drafts:
            self.contexts[id(d)] = self._in_force
            self.days[id(d)] = self._day_for(speaker, s.paragraph)
        return drafts

    def _owned(self, m: Mention, speaker: Speaker, s: Sentence) -> Mention:
        """A mention with a pronoun («قواته», "its forces") as the forces of the speaker, else of the last named."""
        if not m.owned or m.nation is not None or m.resolves in _NO_DOERS:
            return m
        if speaker.mention is not None:
            return owned_by(m, speaker.mention)
        nation = next(
            (p.place.country for p in self.places.named if speaker.i <= p.i < speaker.j and p.place.kind == "country"),
            None,
        )
        if nation is not None:
            return replace(m, nation=nation)
        before = [o for o in inside(self.mentions, s.first, m.i) if o.j <= m.i and owns(o, m)]
        return owned_by(m, before[-1]) if before else m

    def _blamed(self, speaker: Speaker, unit: Unit, s: Sentence, sides: dict[str, list[Mention]]) -> None:
        """Who claims a deed did it; whom an accuser names before the deed did it (codebook section 3)."""
        m = speaker.mention
        if m is not None and m.resolves not in _NO_DOERS and speaker.stance == "claim":
            sides["actor1"].insert(0, m)
        elif m is not None and m.resolves not in _NO_DOERS and self._announced(speaker, unit, sides):
            sides["actor1"].append(m)
        elif speaker.stance == "accuse" and not sides["actor1"]:
            named = [
                x
                for x in inside(self.mentions, max(s.first, speaker.j), unit.head.i)
                if x.j <= unit.head.i and x.resolves not in _NO_DOERS
            ]
            sides["actor1"] += named[:1]
            sides["actor2"] = [x for x in sides["actor2"] if x not in named[:1]]

    def _announced(self, speaker: Speaker, unit: Unit, sides: dict[str, list[Mention]]) -> bool:
        """Does a noun right behind the verb of saying tell of the speaker's own deed («أعلنت الكتائب استهداف …»)?"""
        head = unit.head
        own = unit.frame in _OWN_DEEDS and not head.verb and speaker.type in _ARMED_SPEAKERS
        return own and not sides["actor1"] and 0 <= head.i - speaker.j <= 1

    def dates_in(self, s: Sentence) -> list[DateMention]:
        """The date mentions of a sentence; «اليوم» in a quotation counts from the day of the news so far."""
        found = list(inside(self.dates, s.first, s.last))
        news = self._news_day()
        if news is None or self.reference is None or news >= self.reference:
            return found
        return [quoted_on(m, self.reference, news) for m in found]

    def default_when(self) -> When | None:
        """The period of an event that nothing dates."""
        return fallback(self.reference, self.reference_rule)

    @cached_property
    def main_country(self) -> str | None:
        """The country that the article names most, by places and people; None where it names none."""
        counts = dict(self.in_play)
        for p in self.places.named:
            counts[p.place.country] = counts.get(p.place.country, 0) + 1
        home = None if self.places.named else home_country(self.knowledge, self.article.outlet, self.mentions)
        return home or (max(sorted(counts), key=lambda c: counts[c]) if counts else None)

    def gazetteer_country(self, where: Where) -> str:
        """The country of a place."""
        return self.knowledge.gazetteer.place(where.place).country

    def precision(self, where: Where) -> int:
        """The geo precision at which a place would be coded."""
        return self.places.location(where).geo_precision

    def fineness(self, where: Where) -> tuple[int, int]:
        """A key by which the finest of several places comes first; of equals the first named."""
        kind = self.knowledge.gazetteer.place(where.place).kind
        return (3 if kind == "country" else 2 if kind in ("admin1", "region", "border", "sea") else 1, where.i)

    @cached_property
    def country_where(self) -> Where | None:
        """The first place told in the country that the article is most about, else that country."""
        country = self.main_country
        told = [p for p in self.places.named if p.place.country == country and p.place.kind != "country"]
        told = [p for p in told if p.relation.cued and not p.outside]
        if told:
            return Where(told[0].place.row, 0, 0, None, ANAPHOR)
        place = self.knowledge.gazetteer.country(country) if country else None
        return None if place is None else Where(place.row, 0, 0, None, "country in play")

    def place_words(self, where: Where) -> tuple[int, int]:
        """The words elsewhere in the article by which a place of context is known."""
        for p in self.places.named:
            if p.place.row == where.place or p.place.country == self.gazetteer_country(where):
                return p.i, p.j
        for m in self.mentions:
            if m.nation or m.name is not None:
                return m.i, m.j
        return 0, 1

    def some_day(self) -> date:
        """A day in the article's time, by which actors without an event are named."""
        return self.reference or self.article.published or date(2020, 1, 1)

    def armed_names(self, resolver: Resolver, country: str, day: date) -> frozenset[str]:
        """The canonical names of the armed actors that the article names."""
        return frozenset(
            resolver.side(m, country, day).name
            for m in self.mentions
            if m.resolves in ("force", "state", "military", "group", "coalition") and not m.thing
        )

    def aircraft(self, resolver: Resolver, country: str, day: date) -> list[Side]:
        """The owners of the aircraft that the article names."""
        out = []
        for m in self.mentions:
            head = m.head.data["resolves"] if m.head is not None else None
            if head in ("air-force", "coalition") and (
                m.nation is not None or m.name is not None or head == "coalition"
            ):
                out.append(resolver.side(m, country, day))
        return out
