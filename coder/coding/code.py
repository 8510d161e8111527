"""The pure core: (article, knowledge) → claims (design, section 5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from coder import codebook
from coder.coding.attribution import voice_at
from coder.coding.compose import Coded, Composer, candidates
from coder.coding.confidence import THRESHOLD, Candidate, confidence, deciding, features
from coder.coding.drafts import Draft, Story, When, Where, claims_of, richest
from coder.coding.ground import ENGINE, Grounder, Values
from coder.coding.leads import without_leads
from coder.coding.reader import ArticleReader
from coder.coding.sides import Resolver
from coder.knowledge import Knowledge
from coder.model import Article, Claim, Evidence

_YEAR = 366  # days of the longest period in which one event with a place of its own may have happened
_FAR_YEARS = 3  # how far back such a year may lie
_WIDE = frozenset(("country", "admin1", "region"))
_WEEK = 7  # days before the article in which its own news may lie
_BACKGROUND_DAYS = 31  # an event dated longer before the article is background, or no event (codebook section 1)


def code_article(article: Article, knowledge: Knowledge) -> tuple[Claim, ...]:
    """The claims of one article, in the order of its text.

    Pure: the same article and knowledge give the same claims. Sentences of the body that tell of no event come
    as ``statement`` claims with their speaker.
    """
    return _Coder(article, knowledge, knowledge.weights.get(THRESHOLD, 0.0)).claims()


def code_candidates(article: Article, knowledge: Knowledge) -> list[tuple[Claim, list[str]]]:
    """Every event claim that the rules see, none dropped for its confidence, with its features (for learning)."""
    return _Coder(article, knowledge, threshold=0.0).candidates()


class _Row(NamedTuple):
    """A claim before it has its number."""

    sentence: int
    start: int
    end: int
    values: Values
    evidence: list[Evidence]
    features: list[str]


class _Coder:
    def __init__(self, article: Article, knowledge: Knowledge, threshold: float) -> None:
        self.threshold = threshold
        self.article = article
        self.knowledge = knowledge
        self.reader = ArticleReader(article, knowledge)
        self.resolver = Resolver(knowledge, self.reader.groups_in_play())
        self._composers: dict[str, Composer] = {}

    def claims(self) -> tuple[Claim, ...]:
        rows, told = self._events()
        rows += self._statements(told)
        rows.sort(key=lambda r: (r.sentence, r.start))
        return tuple(self._claim(n, row) for n, row in enumerate(rows, 1))

    def candidates(self) -> list[tuple[Claim, list[str]]]:
        rows, _ = self._events()
        return [(self._claim(n, row), row.features) for n, row in enumerate(rows, 1)]

    def _events(self) -> tuple[list[_Row], set[int]]:
        found: list[Candidate] = []
        for story in self.reader.stories:
            groups = claims_of(self.reader.scan, story)
            found += [
                c for n, group in enumerate(groups) if (c := self._candidate(group, story, n, len(groups))) is not None
            ]
        found = without_leads(self.reader, found)
        rows: list[_Row] = []
        told: set[int] = set()
        for candidate in found:
            row = self._event(candidate, found)
            if row is not None:
                rows.append(row)
                told.update(d.unit.sentence for d in candidate.group)
        return rows, told

    def _candidate(self, group: Sequence[Draft], story: Story, index: int, groups: int) -> Candidate | None:
        """The substance of a claim; None where it tells of no event that is coded (codebook section 1)."""
        main = richest(group)
        where, named = self._where(group, story)
        when = self._when(group, story)
        if where is None or when is None:
            return None
        country = self.reader.gazetteer_country(where)
        composer = self._composer(country, when.first)
        frame = next((d.unit.frame for d in [*group, *story.drafts] if d.unit.sub is not None), main.unit.frame)
        sub = next((d.unit.sub for d in [*group, *story.drafts] if d.unit.sub is not None), None)
        one, two = composer.sides(group, story, country, when.first, frame, sub)
        sub = composer.sub_event(group, story, one, two, country)
        if sub is None or not self._tellable(group, story, main):
            return None
        modality = main.unit.modality
        if modality in ("planned", "hypothetical") and not (named and self.reader.precision(where) < 3):
            return None
        if modality == "asserted" and self._too_old(when, group):
            return None
        counts = [c for d in group for c in d.counts]
        return Candidate(
            group, story, Coded(sub, one, two, where, named, when, counts), main, modality, country, index, groups
        )

    def _event(self, candidate: Candidate, others: Sequence[Candidate]) -> _Row | None:
        """The grounded claim of a candidate; None where it is less sure than the threshold."""
        coded, group, main = candidate.coded, candidate.group, candidate.main
        found = features(self.reader, candidate, others)
        weights = self.knowledge.weights
        sure = confidence(found, weights)
        if sure < self.threshold:
            return None
        ground = Grounder(self.reader)
        ground.source(main.speaker, self.resolver, candidate.country, (coded.side1, coded.side2))
        ground.event(coded, group)
        background = all(d.unit.background for d in group) or self._old(coded.when)
        head = main.unit.head
        if candidate.modality != "asserted":
            ground.words("modality", head.i, head.j, "scope")
        if background:
            ground.words("background", head.i, head.j, "scope")
        ground.words("confidence", head.i, head.j, deciding(found, weights) or "weights")
        values = {
            "kind": "event",
            "modality": candidate.modality,
            "background": background,
            "confidence": sure,
            **ground.values,
        }
        first, last = self._span(group, main)
        return _Row(main.unit.sentence, *self.reader.doc.span(first, last), values, ground.evidence, found)

    def _composer(self, country: str, day: date) -> Composer:
        """The composer for events in a country; its aircraft and armed names are those of the article there."""
        composer = self._composers.get(country)
        if composer is None:
            composer = self._composers[country] = Composer(
                self.resolver,
                self.knowledge.frames,
                self.reader.aircraft(self.resolver, country, day),
                self.reader.armed_names(self.resolver, country, day),
            )
        return composer

    def _where(self, group: Sequence[Draft], story: Story) -> tuple[Where | None, bool]:
        """The finest place of the claim's own passage, else of the event in force, else of the context."""
        own = [d.where for d in group if d.where is not None]
        if own:
            best = min(own, key=self.reader.fineness)
            finer = self._finer(best, group, story)
            return (best, True) if finer is None else (finer, False)
        others = [d.where for d in story.drafts if d.where is not None]
        if others:
            return min(others, key=self.reader.fineness), False
        context = next((c for d in group if (c := self.reader.contexts.get(id(d))) is not None), None)
        return context or self.reader.country_where, False

    def _finer(self, where: Where, group: Sequence[Draft], story: Story) -> Where | None:
        """The only place of the event that the story tells in the country which is all that the claim names."""
        place = self.reader.knowledge.gazetteer.place
        country = place(where.place)
        if country.kind != "country" or self.reader.places.at(where.i, where.j) is None:
            return None
        told = {d.where.place: d.where for d in story.drafts if d.where is not None and d not in group}
        inner = [w for n, w in told.items() if (p := place(n)).kind not in _WIDE and p.country == country.country]
        return replace(inner[0], i=0, j=0) if len(inner) == 1 else None

    def _when(self, group: Sequence[Draft], story: Story) -> When | None:
        own = [d.when for d in group if d.when is not None]
        told = [d.when for d in story.drafts if d.when is not None and self._lends(d.when, group)]
        if own and not (all(w.said for w in own) and any(not w.said for w in told)):
            return min(own, key=lambda w: (w.precision, w.i))
        if told:
            best = min(told, key=lambda w: (w.said, w.precision, w.i))
            return replace(best, own=False)
        if not all(d.unit.background for d in group):
            day = next((w for d in group if (w := self.reader.days.get(id(d))) is not None), None)
            if day is not None:
                return day
        return self.reader.default_when()

    def _lends(self, when: When, group: Sequence[Draft]) -> bool:
        """May a date of the story date a claim that has none: no long period, and no past told only behind it."""
        reference = self.reader.reference
        if when.days > _BACKGROUND_DAYS or reference is None or not when.lends:
            return when.days <= _BACKGROUND_DAYS and when.lends
        if self._old(when) or all(d.unit.background for d in group):
            return True
        before = when.i <= max(d.unit.last for d in group)
        return when.days < _WEEK if before else (reference - when.last).days <= _WEEK

    def _old(self, when: When) -> bool:
        reference = self.reader.reference
        return reference is not None and (reference - when.last).days > _BACKGROUND_DAYS

    def _too_old(self, when: When, group: Sequence[Draft]) -> bool:
        """A sum over more than a month, or an old event without its own place (codebook section 1)."""
        place = self.reader.knowledge.gazetteer.place
        placed = any(d.where is not None and place(d.where.place).kind != "country" for d in group)
        if when.days > _BACKGROUND_DAYS:
            return not (when.days <= _YEAR and self._old(when) and any(self._one_deed(d) for d in group))
        return self._old(when) and not placed

    def _one_deed(self, d: Draft) -> bool:
        """Does a verb tell of one event with its own place, in a year that lies not far back?"""
        if d.when is None or d.where is None or not d.unit.head.verb or self.reader.reference is None:
            return False
        recent = (self.reader.reference - d.when.last).days <= _FAR_YEARS * _YEAR
        return recent and self.reader.precision(d.where) < 3

    def _tellable(self, group: Sequence[Draft], story: Story, main: Draft) -> bool:
        """Is there enough to tell of an event: a side, a place, or a toll in its own words, or a denial of it?

        A source that is named may also speak of an event that others have placed.
        """
        if any(d.where is not None or d.counts or d.unit.head.strength == "back" for d in group):
            return True
        if candidates(group, "actor1") or candidates(group, "actor2"):
            return True
        others = any(d.where is not None for d in story.drafts if d not in group)
        return others and main.speaker.j > main.speaker.i and main.unit.head.strength == "strong"

    def _span(self, group: Sequence[Draft], main: Draft) -> tuple[int, int]:
        """The words of the claim: its sentence, with those beside it that add to it."""
        sentences = self.reader.doc.sentences
        told = {d.unit.sentence for d in group}
        first = last = main.unit.sentence
        while first - 1 in told:
            first -= 1
        while last + 1 in told:
            last += 1
        return sentences[first].first, sentences[last].last

    def _statements(self, told: set[int]) -> list[_Row]:
        out: list[_Row] = []
        for n, s in enumerate(self.reader.doc.sentences):
            if s.role != "body" or n in told:
                continue
            ground = Grounder(self.reader)
            voices = self.reader.speakers.get(n, [])
            speaker = voice_at(voices, voices[0].first if voices else s.first)
            ground.source(speaker, self.resolver, None, (None, None))
            values = {"kind": "statement", "modality": "asserted", "background": False, **ground.values}
            out.append(_Row(n, *self.reader.doc.span(s.first, s.last), values, ground.evidence, []))
        return out

    def _claim(self, n: int, row: _Row) -> Claim:
        article = self.article
        return Claim(
            claim_id=f"{article.article_id}:{n}",
            article_id=article.article_id,
            sentence=row.sentence,
            start=row.start,
            end=row.end,
            text=article.text[row.start : row.end],
            language=article.language,
            engine=ENGINE,
            codebook_version=codebook.codebook().version,
            knowledge_hash=self.knowledge.hash,
            evidence=tuple(row.evidence),
            **{**_BLANK, **row.values},
        )


_BLANK: Values = dict.fromkeys(
    (
        "source_claimant",
        "claimant_text",
        "claimant_type",
        "claimant_side",
        "responsibility",
        "source_channel",
        "source_platform",
        "source_outlet",
        "source_chain",
    )
)
