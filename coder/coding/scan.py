"""One scan of the document: every entry of the knowledge that its words name, by kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from coder.coding.document import Document
from coder.knowledge import Knowledge, Rule
from coder.knowledge.actors import Actor
from coder.knowledge.lexicon import ByKind, Match

# Names that compete for the same words: the longest wins, whatever its kind.
_ACRONYM = 4  # letters up to which a one-word name of an actor may be an acronym that is a word too
_ACRONYM_OF_PLACE = 3  # letters up to which a place in capitals may be an acronym
_MINOR = 4  # a country named this many times less than the main one does not say whom a shared name means
_SURE_NAMES = 3  # places that may share a name which still speaks for their countries
NAMES = ("actor", "source", "place", "nationality")
_START, _END = itemgetter(0), itemgetter(1)  # of a match
_RANKS = {kind: rank for rank, kind in enumerate(NAMES)}
_UNOWNED = frozenset(("place", "nationality"))  # names that take no pronoun


@dataclass(slots=True)
class Scan:
    """A document's matches by kind, in the order of their first word."""

    doc: Document
    knowledge: Knowledge
    matches: ByKind = field(default_factory=lambda: defaultdict(list))
    _roles: dict[str, ByKind] = field(default_factory=dict)

    def of(self, kind: str) -> list[Match]:
        """The matches of one kind."""
        return self.matches.get(kind, [])

    def within(self, kind: str, first: int, last: int) -> list[Match]:
        """The matches of a kind apart (``knowledge.lexicon.APART``) in words [first, last) of one sentence."""
        by_kind: ByKind = defaultdict(list)
        self.knowledge.lexicons[self.doc.language.code].collect(self.doc.words, first, last, by_kind, kind)
        return by_kind.get(kind, [])

    def rule(self, match: Match) -> Rule:
        """The rule that a match of a rule kind comes from."""
        return self.knowledge.rules[match.payload[0]][match.payload[1]]

    def select(self, kind: str, role: str, **more: str) -> list[Match]:
        """The matches of one kind whose rule has a role, and fields beside it; the longest of those that overlap."""
        by_role = self._roles.get(kind)
        if by_role is None:
            by_role = self._roles[kind] = defaultdict(list)
            rules = self.knowledge.rules.get(kind, ())
            for m in self.of(kind):
                by_role[rules[m.payload[1]].data["role"]].append(m)
        return longest([m for m in by_role.get(role, ()) if self._has(m, more)] if more else by_role.get(role, ()))

    def _has(self, match: Match, wanted: Mapping[str, str]) -> bool:
        data = self.rule(match).data
        return all(data.get(field) == value for field, value in wanted.items())


def longest(matches: Sequence[Match]) -> list[Match]:
    """Leftmost-longest, without overlap; of equals the first stays."""
    if not matches:
        return []
    out: list[Match] = []
    for m in sorted(sorted(matches, key=_END, reverse=True), key=_START):  # stable: of one start the longest first
        if not out or m.i >= out[-1].j:
            out.append(m)
        elif m.j - m.i > out[-1].j - out[-1].i and (len(out) < 2 or m.i >= out[-2].j):
            out[-1] = m
    return out


def scan(doc: Document, knowledge: Knowledge) -> Scan:
    """Find all entries in the document, sentence by sentence, so that none reaches over a stop."""
    found = Scan(doc, knowledge)
    lexicon = knowledge.lexicons[doc.language.code]
    for first, last, _, _ in doc.sentences:
        lexicon.collect(doc.words, first, last, found.matches)
    for kind, matches in found.matches.items():
        if any(m.behind for m in matches):
            found.matches[kind] = [m for m in matches if not m.behind or _ends_in(doc, m)]
    _settle_names(found)
    return found


def _ends_in(doc: Document, m: Match) -> bool:
    """May the word as it is written end in the clitic that its folded form shows?"""
    return doc.language.ends_in(doc.text[doc.starts[m.j - 1] : doc.ends[m.j - 1]], m.behind)


def _settle_names(found: Scan) -> None:
    """Of names that overlap keep the longest; of names as long as one another keep one of each kind.

    A place or a nationality that is a single word of a trigger or of a cue of speech gives way to it.
    """
    pool: list[Match] = []
    takes, article = found.doc.language.takes, found.doc.language.article
    for kind in NAMES:
        found.matches[kind] = [
            m
            for m in found.of(kind)
            if (not m.before or takes(m.before, "n")) and not (m.behind and article and kind in _UNOWNED)
        ]
    countries = countries_named(found)
    for kind in NAMES:
        named = found.of(kind)
        if found.doc.language.code != "ar":
            named = [m for m in named if _cased(found, m)]
        if kind == "actor":
            named = _acting(found, named, countries)
        pool += named
    taken = _trigger_words(found)
    pool.sort(key=lambda m: (m.i - m.j, m.i, _RANKS[m.payload[0]]))
    cover: dict[int, tuple[int, int]] = {}
    kept: dict[str, list[Match]] = {kind: [] for kind in NAMES}
    seen: set[tuple[int, int, str]] = set()
    for m in pool:
        kind, (i, j) = m.payload[0], (m.i, m.j)
        span = (i, j)
        if any(cover.get(k, span) != span for k in range(i, j)) if j - i > 1 else cover.get(i, span) != span:
            continue
        if kind == "place" and j - i == 1 and i in taken:
            continue
        key = (i, j, kind)
        if key in seen and kind != "actor":
            continue
        seen.add(key)
        for k in range(i, j):
            cover[k] = span
        kept[kind].append(m)
    for kind, matches in kept.items():
        found.matches[kind] = sorted(matches, key=lambda m: (m.i, m.payload))


def countries_named(found: Scan) -> dict[str, int]:
    """How often each country is named in the article, by a sure place or a nationality."""
    counts: dict[str, int] = {}
    knowledge = found.knowledge
    for m in found.of("place"):
        indexes, cue = knowledge.place_groups[m.payload[1]]
        if cue == "none" and len(indexes) <= _SURE_NAMES:
            for country in {knowledge.gazetteer.place(k).country for k in indexes}:
                counts[country] = counts.get(country, 0) + 1
    for m in found.of("nationality"):
        country = knowledge.nationalities[m.payload[1]]
        counts[country] = counts.get(country, 0) + 1
    return counts


def _acting(found: Scan, named: Sequence[Match], countries: Mapping[str, int]) -> list[Match]:
    """The names of actors that may mean them here: where and when they act, and no common nouns."""
    actors = found.knowledge.actors
    published = found.doc.article.published
    year = published.year if published is not None else None
    named = [
        m for m in named if _plays(actor := actors[m.payload[1]], countries, year) and not _altered(found, m, actor)
    ]
    nouns = _nouns(found, named)
    return [m for m in named if (actors[m.payload[1]].id, m.i) not in nouns]


def _altered(found: Scan, m: Match, actor: Actor) -> bool:
    """Does a word with an article or a pronoun only look like the name of a person («الصدام», «هادئة»)?"""
    article = found.doc.language.article
    if not article or actor.role not in ("leader", "side") or m.j - m.i > 1:
        return False
    return m.before.endswith(article) or bool(m.behind)


def _nouns(found: Scan, named: Sequence[Match]) -> set[tuple[str, int]]:
    """Where a shared name of one word («القاعدة») is the common noun that the article uses without its article.

    It is a name for all that where a longer name of the same actor has it inside («تنظيم القاعدة»).
    """
    article = found.doc.language.article
    words = found.doc.words
    if not article:
        return set()
    shared: dict[tuple[str, str], list[int]] = defaultdict(list)
    full: set[tuple[str, str]] = set()
    for m in named:
        actor = found.knowledge.actors[m.payload[1]]
        first = words[m.i].partition(article)[2]
        if actor.role == "ambiguous" or (actor.id, first) in shared:
            shared[actor.id, first].append(m.i)
        full.update((actor.id, w.partition(article)[2]) for w in words[m.i + 1 : m.j])
    bare = {w for (_, w) in shared if w}
    used = {w for w in bare for x in words if x.endswith(w) and len(x) <= len(w) + 1}
    return {(ident, i) for (ident, w), at in shared.items() if w in used and (ident, w) not in full for i in at}


def _plays(actor: Actor, countries: Mapping[str, int], year: int | None) -> bool:
    """Is a name that several actors share used where and when this one acts? Other names count everywhere.

    Who leads a state stands for it in the years of his government.
    """
    shared = actor.role in ("ambiguous", "side")
    if (shared or (actor.kind == "state" and actor.role == "leader")) and year is not None and not lives(actor, year):
        return False
    if not shared:
        return True
    least = max(countries.values(), default=0) / _MINOR
    where = [actor.country, *(actor.data.get("countries") or ())]
    return any(countries.get(str(c), 0) > least for c in where if c)


def lives(actor: Actor, year: int) -> bool:
    """Does a period of an actor, in years, or of a government or a unit, in days, hold the year?"""
    first, last = (actor.data.get("years") if actor.kind == "group" else None) or (None, None)
    begin, end = str(actor.data.get("from") or "0001"), str(actor.data.get("to") or "9999")
    return (first or 0) <= year <= (last or 9999) and begin[:4] <= f"{year:04d}" <= end[:4]


def _cased(found: Scan, m: Match) -> bool:
    """Is a name written as a name, in a script that has capitals? Short acronyms must be all capitals."""
    doc = found.doc
    kind = m.payload[0]
    raw = doc.text[doc.starts[m.i] : doc.ends[m.i]]
    if kind == "actor":
        actor = found.knowledge.actors[m.payload[1]]
        if actor.kind in ("generic", "title") or m.j - m.i > 1 or len(raw) > _ACRONYM:
            return True
        return raw.isupper() or any(raw in names for names in _spellings(actor.data))
    if kind in ("place", "nationality") and doc.quote(m.i, m.j).islower():
        return False
    if kind != "place" or m.j - m.i > 1 or not raw.isupper() or len(raw) > _ACRONYM_OF_PLACE:
        return True
    knowledge = found.knowledge  # "CAR BOMB": where all is in capitals, a town may be so short, an acronym is a word
    country = knowledge.gazetteer.place(knowledge.place_groups[m.payload[1]][0][0]).kind == "country"
    return doc.article.text.isupper() and not country


def _spellings(data: Mapping[str, Any]) -> list[Sequence[str]]:
    return [(data.get(key) or {}).get("en") or () for key in ("names", "leaders", "ambiguous", "side_names")]


def _trigger_words(found: Scan) -> set[int]:
    """Words that are read as triggers of events or as verbs of saying."""
    out: set[int] = set()
    for kind in ("events", "attribution"):
        for m in found.matches.get(kind, ()):
            if m.features.startswith("v"):
                out.update((m.i, m.j - 1))  # what stands in a gap between them may be a name
    return out
