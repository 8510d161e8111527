"""Where it happened: the places of the article, and the one that a claim's passage names (codebook section 6)."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import takewhile

from coder.coding.actors import Mention
from coder.coding.drafts import Where
from coder.coding.numbers import Number
from coder.coding.places.lands import regions_of
from coder.coding.places.listed import listed_names
from coder.coding.places.relation import Location, PlaceCue, Relation, code_location, read_relation
from coder.coding.places.resolve import Context, PlaceMention, resolve
from coder.coding.places.spelled import name_ends, spelled_places
from coder.coding.scan import Scan
from coder.coding.shown import glued, is_shown
from coder.knowledge.lexicon import Match
from coder.knowledge.places.gazetteer import Gazetteer, Place

_WHOLE = frozenset(("country", "sea"))
_AREA = frozenset(("country", "sea", "admin1", "region", "border"))
_STOPS = frozenset(".؟!?")
_COMMAS = frozenset(",،")
_MARKS = frozenset('"«»()“”-')
_DASHES = frozenset("-–—:(/")
_DATELINE_REACH = 4  # words before a dateline's place
_WIDE = frozenset(("province", "region", "country", "district", "square"))  # kinds whose unknown names are not taken
_AT = frozenset(("inside", "near", "direction", "outskirts"))  # relations behind which a capital marks a place
_NO_PLACES = ("actor", "source", "nationality", "dates", "numbers")  # what else is written with capitals
_NAME_WORDS = 2  # words of an unknown name
_SHORT = 3  # sentences of a note, too short to speak of its country again
_BIG = 200_000  # inhabitants of a town that a clitic preposition alone marks, where nothing else speaks of its country
ANAPHOR = "place in force"  # «المدينة», "the town": the place that was named before
_BESIDE = 3  # words between a place and the one that it lies in
_FROM = frozenset(("near", "direction", "distance", "outskirts"))  # relations by which a place tells where another lies
_APART = 2  # words between a place and the relation behind it
_LINKS = 2  # words between two names of a list: a comma, a conjunction or both
_LIST_REACH = 9  # words between two places of one list


@dataclass(slots=True, unsafe_hash=True)
class NamedPlace:
    """A resolved place at words [i, j); its relation spans the words around it that belong to it."""

    i: int
    j: int
    place: Place
    relation: Relation
    before: str = ""  # clitics
    outside: bool = False  # named inside an actor's name or as where a speaker speaks


class Places:
    """All resolved places of a document, in order."""

    def __init__(
        self, scan: Scan, mentions: Sequence[Mention], numbers: Sequence[Number], in_play: dict[str, int]
    ) -> None:
        self.scan = scan
        self.gazetteer: Gazetteer = scan.knowledge.gazetteer
        rules = scan.knowledge.rules.get("places", ())
        self._cues = [
            PlaceCue(m.i, m.j, r.id, r.data)
            for m in scan.of("places")
            if not ((r := rules[m.payload[1]]).data.get("kind") and m.before.endswith(scan.doc.language.article or " "))
        ]
        self._numbers = {n.j - 1: n.best for n in numbers}
        self._number_words = {k for n in numbers for k in range(n.i, n.j)}
        self._cue_words = {k for m in scan.of("places") for k in range(m.i, m.j)}
        self._list_words = {k for m in scan.select("phrases", "list") for k in range(m.i, m.j)}
        self._joined = {
            m.i
            for kind in ("places", "numbers")
            for m in scan.of(kind)
            if m.before[:1] in scan.doc.language.conjunctions
        }
        self.named = self._read(mentions, in_play)
        self.named = sorted([*self.named, *self._lands(in_play)], key=lambda p: p.i)
        self._named_starts = [p.i for p in self.named]
        self._by_span = {(p.i, p.j): p for p in reversed(self.named)}
        self.unknown = self._unknown()
        self._lists = self._listed_unknown()
        self.starts = [p.i for p in self.named if not p.outside and p.place.kind != "country"]

    def _read(self, mentions: Sequence[Mention], in_play: dict[str, int]) -> list[NamedPlace]:
        doc = self.scan.doc
        found: list[tuple[int, int, Relation, str]] = []
        pool: list[PlaceMention] = []
        cues: dict[int, list[PlaceCue]] = {}
        for c in self._cues:
            cues.setdefault(c.j, []).append(c)
            cues.setdefault(-c.i - 1, []).append(c)
        signs = frozenset(k for k, w in enumerate(doc.words) if w in _MARKS)
        papers = {m.i: m.j for m in self.scan.of("source")}
        listed = -1  # the word behind the last place taken, where a name joined to it is one too
        for m, indexes, strictness in self._names(in_play):
            if m.j <= papers.get(m.i, -1):
                continue
            near = (
                []
                if m.before and m.before != doc.language.article and not glued(doc, m.before)
                else [c for at in range(m.i - 6, m.i + 1) for c in cues.get(at, ())]
            )
            near += [c for at in range(m.j, m.j + 6) for c in cues.get(-at - 1, ())]
            relation = read_relation(m.i, m.j, near, self._number_at, signs)
            joined = m.i == listed and m.before[:1] in doc.language.conjunctions
            joined = joined or (listed > 0 and self._goes_on(listed, m.i))
            if not joined and not is_shown(self.scan, m, indexes, strictness, relation, cues.get(m.i, ())):
                continue
            listed = m.j
            found.append((m.i, m.j, relation, m.before))
            start, end = doc.span(m.i, m.j)
            pool.append(PlaceMention(start, end, indexes, relation.kind))
        got = resolve(pool, self.gazetteer, Context({c: min(n, 6) / 2 for c, n in in_play.items()}))
        inside = {k for m in mentions if not m.place for k in range(m.i, m.j)}
        bound = {m.i for m in self.scan.select("phrases", "bound")}
        inside |= {
            i for i, j, *_ in found if j in bound or (j < len(doc.words) and doc.words[j] == "-" and j + 1 in bound)
        }
        inside |= self._datelines({i: j for i, j, *_ in found})
        origins = {k for m in self.scan.select("phrases", "origin") for k in (m.j, m.j + 1)}
        inside |= {i for i, *_ in found if i in origins}  # whence the shells came
        shown = {k for s in doc.sentences if s.role == "heading" for k in range(s.first, s.last)}
        shown |= {m.j for m in self.scan.select("phrases", "in")}
        named = [
            NamedPlace(i, j, r.place, relation, before, outside=i in inside)
            for (i, j, relation, before), r in zip(found, got, strict=True)
            if r is not None
        ]
        return [p for p in named if p.i in shown or not self._stray(p, named, in_play)]

    def _goes_on(self, end: int, i: int) -> bool:
        """Does a list of places whose names the script marks go on at word ``i`` («Nabatieh, Tyre and Baalbek»)?"""
        doc = self.scan.doc
        between = doc.words[end:i]
        linked = 0 < len(between) <= _LINKS and all(w in _COMMAS or w in doc.language.conjunctions for w in between)
        return linked and not doc.language.article and doc.text[doc.starts[i]].isupper()

    def _lands(self, in_play: dict[str, int]) -> list[NamedPlace]:
        counts = Counter(in_play)
        counts.update(p.place.country for p in self.named)
        country = max(sorted(counts), key=lambda c: counts[c], default=None)
        return [NamedPlace(i, j, p, Relation(i, j)) for i, j, p in regions_of(self.scan, self._cues, country)]

    def _names(self, in_play: dict[str, int]) -> list[tuple[Match, tuple[int, ...], str]]:
        """The names of places with whom they may mean and how strict a cue they need, in the order of the text."""
        groups = self.scan.knowledge.place_groups
        known = self.scan.of("place")
        spelled = spelled_places(self.scan, self._cues, known, self._capitals, in_play)
        respelled = {k for i, j, _ in spelled for k in range(i, j)}
        names = [(m, *groups[m.payload[1]]) for m in known if m.i not in respelled]
        names += [(Match(i, j, ("place", -1), "", "", ""), rows, "none") for i, j, rows in spelled]
        return sorted(names, key=lambda n: n[0].i)

    @cached_property
    def _capitals(self) -> set[int]:
        """The words of actors, sources, people and dates: what else is written with capitals."""
        return {k for kind in _NO_PLACES for m in self.scan.of(kind) for k in range(m.i, m.j)}

    def _stray(self, p: NamedPlace, named: Sequence[NamedPlace], in_play: dict[str, int]) -> bool:
        """Is a bare word, in a script that does not mark names, the only one to name its country in the article?"""
        if not self.scan.doc.language.article or p.j - p.i > 1 or p.relation.cued:
            return False
        big = p.place.population > _BIG
        note = len(self.scan.doc.sentences) <= _SHORT
        if (p.place.news and (big or note)) or (glued(self.scan.doc, p.before) and (p.place.news or big)):
            return False
        country = p.place.country
        return country not in in_play and not any(o.place.country == country for o in named if o is not p)

    def _unknown(self) -> list[tuple[int, int, str]]:
        """Names behind or before a kind of place («بلدة …», "… district") that the gazetteer lacks, as (i, j, rule)."""
        known = {k for p in self.named for k in range(p.i, p.j)} | {
            k for p in self.named for i, j in p.relation.words for k in range(i, j)
        }
        out: list[tuple[int, int, str]] = []
        cased = not self.scan.doc.language.article
        taken = self._capitals if cased else set()
        for c in self._cues:
            kind = c.data.get("kind")
            shown = kind not in _WIDE if kind else cased and c.data.get("relation") in _AT
            if not shown or c.i in known:
                continue
            if c.data.get("side", "before") == "behind":
                i, j = self._name_before(c.i), c.i
            else:
                i, j = c.j, self._name_behind(c.j)
            if j > i and not any(k in known or k in taken for k in range(i, j)):
                out.append((min(i, c.i), max(j, c.j), c.rule))
        return out

    def _name_behind(self, i: int) -> int:
        doc = self.scan.doc
        spellings = self.gazetteer.spellings(doc.language.code)
        if spellings is not None:
            ends = name_ends(doc, i, spellings.articles)[:_NAME_WORDS]
            return max(takewhile(lambda j: self._nameless(j - 1, True), ends), default=i)
        j = i
        words = self.scan.doc.words
        while j < len(words) and j - i < _NAME_WORDS and self._nameless(j, j == i):
            j += 1
        return j

    def _name_before(self, j: int) -> int:
        i = j
        while i > 0 and j - i < _NAME_WORDS and self._nameless(i - 1, True):
            i -= 1
        return i

    def _nameless(self, k: int, first: bool) -> bool:
        """Is a word unknown to all rules and names, and written as a name where the script tells?"""
        doc = self.scan.doc
        word = doc.words[k]
        if not word.replace("'", "").isalpha() or len(word) < 3:
            return False
        lexicon = self.scan.knowledge.lexicons[doc.language.code]
        if not doc.language.article:
            bare = word.removesuffix("s") if word.endswith("s") else word
            return doc.text[doc.starts[k]].isupper() and not (bare != word and lexicon.hits(bare))
        return not lexicon.hits(word) and (first or word.startswith(doc.language.article))

    def _listed_unknown(self) -> list[tuple[int, int]]:
        """The lists [i, j) of names behind a plural («the villages of …»); what nothing knows of them is unknown."""
        doc = self.scan.doc
        spellings = self.gazetteer.spellings(doc.language.code)
        if spellings is None:
            return []
        known = {p.i: p.j for p in self.named}
        passed = self._cue_words | self._list_words
        lists: list[tuple[int, int]] = []
        for m in self.scan.select("phrases", "plural"):
            names = listed_names(doc, m.j, known, self._new_word, passed, spellings)
            new = [(i, j, self.scan.rule(m).id) for i, j in names if i not in known]
            if new:
                lists.append((names[0][0], names[-1][1]))
                self.unknown = [u for u in self.unknown if not any(i < u[1] and u[0] < j for i, j, _ in new)] + new
        return lists

    def _new_word(self, k: int) -> bool:
        return k not in self._capitals and self._nameless(k, True)

    def new_places(
        self, clause: tuple[int, int], word: int, fine: NamedPlace | None
    ) -> tuple[list[tuple[int, int, str]], list[NamedPlace]]:
        """The unknown places of a clause, and the known ones of their list.

        They are those of the list that the place ``fine`` stands in; without one, the unknown place nearest to
        ``word``, with those of its list.
        """
        pool = [u for u in self.unknown if clause[0] <= u[0] and u[1] <= clause[1]]
        if not pool:
            return [], []
        at = fine.i if fine is not None else min(pool, key=lambda u: abs(u[0] - word))[0]
        for i, j in self._lists:
            if i <= at < j:
                return [u for u in pool if i <= u[0] < j], self.inside(i, min(j, clause[1]))
        return ([] if fine is not None else [u for u in pool if u[0] == at][:1]), []

    def _datelines(self, ends: dict[int, int]) -> set[int]:
        """The place that opens the body as its dateline: «دمشق - …», "BEIRUT (Reuters) -", "Beirut Syrian troops …"."""
        doc = self.scan.doc
        body = [s for s in doc.sentences if s.role == "body"][:1]
        for s in body:
            for i in range(s.first, min(s.first + _DATELINE_REACH, s.last)):
                j = ends.get(i)
                if j is None or j >= s.last:
                    continue
                behind = doc.text[doc.starts[j]]
                if behind in _DASHES or (i == s.first and behind.isupper() and doc.words[j] not in ("'s", "s")):
                    return {i}
        return set()

    def _number_at(self, word: int) -> float | None:
        return self._numbers.get(word)

    def inside(self, first: int, last: int) -> list[NamedPlace]:
        """The places named in words [first, last), those within actors' names left out."""
        near = self.named[bisect_left(self._named_starts, first) : bisect_left(self._named_starts, last)]
        return [p for p in near if p.j <= last and not p.outside]

    def at(self, i: int, j: int) -> NamedPlace | None:
        """The place that words [i, j) name."""
        return self._by_span.get((i, j))

    def best(
        self, clause: tuple[int, int], sentence: tuple[int, int], word: int, avoid: Sequence[tuple[int, int]]
    ) -> list[NamedPlace]:
        """The places at which what is told at ``word`` happened, those of one list together; empty: none is named."""
        for first, last in (clause, sentence):
            pool = [p for p in self.inside(first, last) if not any(a <= p.i < b for a, b in avoid)]
            fine = [p for p in pool if p.place.kind not in _WHOLE] or [
                p for p in pool if p.relation.cued and p.relation.relation != "near"
            ]
            if fine:
                chosen = self._finest(fine, min(fine, key=lambda p: (self._cost(p, word), p.i)))
                return self._listed(fine, chosen)
        return []

    def _cost(self, p: NamedPlace, word: int) -> int:
        gap = p.i - word if p.i >= word else (word - p.i) + 6
        words = self.scan.doc.words
        between = words[min(p.i, word) : max(p.i, word)]
        gap += 12 * sum(w in _STOPS for w in between)
        return gap + (8 if p.place.kind in _AREA else 0) + (4 if not p.relation.cued else 0)

    def _finest(self, pool: Sequence[NamedPlace], chosen: NamedPlace) -> NamedPlace:
        """Of nested places («in Douma, near Damascus») the inner one that stands beside the chosen."""
        told = [p for p in pool if self._beside(p.j, chosen) and p.place.kind not in _AREA]
        if told:
            return told[-1]
        for p in pool:
            beside = p is not chosen and abs(p.i - chosen.i) <= 8 and p.place.place_id != chosen.place.place_id
            if beside and self.gazetteer.within(p.place, chosen.place) and p.place.kind not in _AREA:
                return p
        return chosen

    def _beside(self, j: int, landmark: NamedPlace) -> bool:
        """Does a landmark only tell where the place that ends at ``j`` lies: «Daraya, south-west of Damascus»?"""
        return landmark.relation.relation in _FROM and 0 <= landmark.relation.i - j <= _APART

    def _listed(self, pool: Sequence[NamedPlace], chosen: NamedPlace) -> list[NamedPlace]:
        """The chosen place with those that stand in one list with it («50 in Baghdad, 16 in Basra and 3 in Najaf»)."""
        if chosen.relation.relation == "road":
            return [chosen]
        at = pool.index(chosen)
        out = [chosen]
        sure = False
        end = chosen.j
        for p in pool[at + 1 :]:
            nested = self.gazetteer.within(out[-1].place, p.place) and p.i - end <= _BESIDE
            if nested or (out[-1].j == end and self._beside(end, p)):
                end = p.j
                continue
            link = self._link(out[-1], p, end)
            if link is None or p.place.kind in _WHOLE:
                break
            out.append(p)
            end = p.j
            sure = sure or link
        return out if sure else [chosen]

    def _link(self, a: NamedPlace, b: NamedPlace, end: int) -> bool | None:
        """Do two places stand in one list: True with a conjunction, False with a comma alone, None not at all?

        ``end`` is the word behind the first of them and what it lies in.
        """
        if a.place.country != b.place.country or self._nested(a.place, b.place) or b.i - end > _LIST_REACH:
            return None
        words = self.scan.doc.words
        conjunctions = self.scan.doc.language.conjunctions
        conjunction = b.before[:1] in conjunctions
        comma = False
        for k in range(end, b.i):
            word = words[k]
            if word in _COMMAS:
                comma = True
            elif word in conjunctions or k in self._list_words:
                conjunction = True
            elif k in self._number_words or k in self._cue_words:
                conjunction = conjunction or k in self._joined
            elif word not in _MARKS:
                return None
        side_by_side = end == b.i and not self.scan.doc.language.article
        return conjunction or (False if comma or side_by_side else None)

    def _nested(self, a: Place, b: Place) -> bool:
        return self.gazetteer.within(a, b) or self.gazetteer.within(b, a)

    def where(self, p: NamedPlace) -> Where:
        """A named place as the place of a draft."""
        span = (p.relation.i, p.i) if p.relation.i < p.i else None
        return Where(p.place.row, p.i, p.j, span, p.relation.rules[0] if p.relation.rules else "gazetteer")

    def location(self, where: Where) -> Location:
        """The coded location of a draft's place; one that its passage does not name is a place of context."""
        place = self.gazetteer.place(where.place)
        if where.i >= where.j:
            return code_location(place, self.gazetteer, is_context=True)
        doc = self.scan.doc
        named = self.at(where.i, where.j)
        if named is None:
            at = code_location(place, self.gazetteer, span=doc.span(where.i, where.j))
            return replace(at, geo_precision=max(at.geo_precision, 1 if where.rule == ANAPHOR else 2))
        words = named.relation.words
        text = doc.quote(min(i for i, _ in words), max(j for _, j in words)) if words else None
        return code_location(place, self.gazetteer, named.relation, doc.span(named.i, named.j), text)
