"""Who words name as a claimant: heads, sources, actors and persons, each known again when named shorter."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from coder.coding.actors import Mention
from coder.coding.lexis import Lexis
from coder.coding.outlets import CARRIERS, OPENING, named_sources
from coder.coding.scan import Scan
from coder.coding.speakers import Speaker
from coder.knowledge.lexicon import Match
from coder.knowledge.sources import Source

NP_REACH = 24  # words that a claimant's name and titles may take
_MEMORY = 100  # claimants that are remembered, to be known again
_SHORT = 4  # content words of a name that may point back to a fuller one
_PERSON = 6  # words of a person's name and title that nothing in the data knows
_LETTERS = 3  # letters above which a word counts as one of content
_TYPE_OF_CLASS: Mapping[str, str] = {
    "military": "state",
    "police": "state",
    "government": "state",
    "intelligence": "state",
    "border": "state",
    "prison": "state",
    "air-force": "state",
    "force": "state",
    "state": "state",
    "nation": "state",
    "unidentified": "rebel",
    "bomber": "rebel",
    "rebels": "rebel",
    "opposition": "political",
    "separatists": "rebel",
    "militia-islamist": "rebel",
    "militia-tribal": "militia",
    "militia-ethnic": "militia",
    "militia-progov": "militia",
    "coalition": "external_forces",
    "peacekeepers": "io",
    "civilians": "witness",
    "protesters": "activist",
    "rioters": "activist",
    "settlers": "other",
    "criminal": "other",
}
_ORGANISED = frozenset(("ngo", "io", "media", "political"))  # an organisation speaks again in its own way
_WATCHING = frozenset(("ngo", "io"))  # organisations that watch a conflict and take no part in it
_LASTING = frozenset(("interview", "press_conference"))  # channels that stay with a speaker who is named again


class Claimants:
    """What may name a claimant, by position, and the claimants that the article has introduced so far."""

    def __init__(self, scan: Scan, mentions: list[Mention], lexis: Lexis, dates: Iterable[tuple[int, int]]) -> None:
        self.scan = scan
        self.lexis = lexis
        self.words = scan.doc.words
        wide = {k: m for m in scan.of("place") if m.j - m.i > 1 for k in range(m.i, m.j)}  # «الشيخ زويد» is no sheikh
        self.heads = [m for m in lexis.heads if m.i not in wide or wide[m.i].j < m.j or m.i < wide[m.i].i]
        self.sources = named_sources(scan, lexis.media, lexis.told)
        self.mentions = sorted(mentions, key=lambda m: m.i)
        self._at = [[m.i for m in xs] for xs in (self.heads, self.sources, self.mentions)]
        self.covered = {k for xs in (self.heads, self.sources, self.mentions) for m in xs for k in range(m.i, m.j)}
        self.dates = dict(dates)
        self.dated = {k for i, j in self.dates.items() for k in range(i, j)}
        self._numbers = {m.i for m in scan.of("numbers") if not m.before}
        self._places = {k for kind in ("place", "nationality") for m in scan.of(kind) for k in range(m.i, m.j)}
        self._capitals = dict(self._capital_cities())
        loose = (m for m in scan.select("grammar", "anaphor", refers="group") if scan.rule(m).data.get("speaks"))
        self._loose = {m.i for m in loose}
        self.introduced: deque[tuple[frozenset[str], Speaker]] = deque(maxlen=_MEMORY)

    def _capital_cities(self) -> Iterator[tuple[tuple[int, int], str]]:
        gazetteer = self.scan.knowledge.gazetteer
        for m in self.scan.of("place"):
            for row in self.scan.knowledge.place_groups[m.payload[1]][0]:
                place = gazetteer.place(row)
                country = gazetteer.country(place.country)
                if country is not None and gazetteer.capital(country).row == row:
                    yield (m.i, m.j), place.country
                    break

    def within(self, i: int, j: int) -> tuple[list[Match], list[Match], list[Mention]]:
        """Heads, sources and mentions that begin inside words [i, j)."""
        heads, sources, mentions = ((bisect_left(at, i), bisect_left(at, j)) for at in self._at)
        return self.heads[slice(*heads)], self.sources[slice(*sources)], self.mentions[slice(*mentions)]

    def named(self, i: int, j: int) -> bool:
        """Does a head, source or mention begin inside words [i, j)?"""
        for at in self._at:
            first = bisect_left(at, i)
            if first < len(at) and at[first] < j:
                return True
        return False

    def source(self, match: Match) -> Source:
        """The source that a match names."""
        return self.scan.knowledge.sources[match.payload[1]]

    def carriers(self, i: int, j: int) -> list[Match]:
        """The sources inside words [i, j) that may carry what others say."""
        return [m for m in self.within(i, j)[1] if self.source(m).kind in CARRIERS]

    def naming(self, k: int) -> bool:
        """Is a word part of a name, a head, a place or a nationality?"""
        return k in self.covered or k in self._places

    def capital(self, k: int) -> bool:
        """Is a word written with a capital, where the script has them?"""
        doc = self.scan.doc
        return doc.text[doc.starts[k]].isupper()

    def definite(self, i: int, j: int) -> bool:
        """Do words name something as known already (the source, المصدر)?"""
        article = self.scan.doc.language.article
        return i in self.lexis.definite or (
            bool(article) and self.words[i].startswith(article) and len(self.words[i]) > len(article) + 1
        )

    def content(self, i: int, j: int) -> frozenset[str]:
        """The words of a name that tell whom it names, less articles and short words."""
        article = self.scan.doc.language.article
        return frozenset(
            w.removeprefix(article)
            for k, w in enumerate(self.words[i:j], i)
            if len(w) > _LETTERS and w.isalnum() and k not in self.lexis.definite
        )

    # ---------------------------------------------------------------- naming

    def trimmed(self, i: int, j: int) -> tuple[int, int]:
        """The name inside words [i, j): without signs at its ends, whom it was told to, and what only dates it."""
        words, lexis = self.words, self.lexis
        i = self._begins(i, j)
        for m in self.within(i, j)[1]:
            if self.source(m).kind in CARRIERS and lexis.told_to(m, words, OPENING):
                if any(words[k].isalnum() and k not in lexis.told for k in range(i, m.i)):
                    j = m.i
                    break
                i = self._begins(m.j, j)
        k = i
        while k < j and not self._breaks(k, i):
            k += 1
        j = k
        while (
            j > i
            and j - 1 not in self.covered
            and (not words[j - 1].isalnum() or j - 1 in lexis.fillers or j - 1 in lexis.told)
        ):
            j -= 1
        return i, j

    def _breaks(self, k: int, i: int) -> bool:
        """Does a name that begins with word ``i`` end before word ``k``?"""
        if k in self.lexis.edges and (k not in self.covered or k in self.lexis.channel_ends):
            return True
        if k <= i or k in self.covered:
            return False
        return k in self.dates or (k in self.lexis.channel_ends and self.named(i, k))

    def _begins(self, i: int, j: int) -> int:
        while i < j and (
            not self.words[i].isalnum() or (i not in self.covered and (i in self.lexis.fillers or i in self.dated))
        ):
            i += 1
        return i

    def speaker(self, i: int, j: int, rule: str, persons: bool = False) -> Speaker | None:
        """The claimant that words [i, j) name, or None where they name nobody.

        ``persons``: words that the data do not know may be a person's name.
        """
        i, j = self.trimmed(i, j)
        if i >= j or (i in self.lexis.prepositions and i not in self.covered):
            return None
        if self.named(i, j):
            last = max(m.j for xs in self.within(i, j) for m in xs)
            j = min(j, max(last, self._name_end(last, j)))
        heads, sources, mentions = self.within(i, j)
        known = self._known(i, j, self.content(i, j), heads, sources, mentions)
        if known is not None:
            return self._again(known, rule)
        found = self._typed(i, j, heads, sources, mentions, rule) or self._capital_city(i, j, rule)
        if found is None and persons and j - i <= _PERSON:
            found = Speaker(i, j, "other", rule=rule)
        return found

    def again(self, i: int, j: int, rule: str) -> Speaker | None:
        """The claimant introduced before that the first words of [i, j) name again, or None."""
        i, j = self.trimmed(i, j)
        for end in (i + 2, i + 1):
            if i < end <= j and not self.named(i, end):
                known = self._known(i, end, self.content(i, end), [], [], [])
                if known is not None:
                    return self._again(known, rule)
        return None

    def _again(self, known: Speaker, rule: str) -> Speaker:
        """A claimant named again: an interview goes on, a statement does not."""
        if known.channel in _LASTING and known.source is None and known.type not in _ORGANISED:
            return replace(known, rule=rule, stance="neutral", modality=None)
        source = self.scan.knowledge.sources[known.source] if known.source is not None else None
        return Speaker(
            known.i,
            known.j,
            known.type,
            known.mention,
            known.source,
            source.channel if source else "none",
            source.name if source and source.kind == "station" else None,
            rule=rule,
        )

    def first_name(self, i: int, j: int, accuses: bool = False) -> int:
        """Where the first of several names inside words [i, j) ends («accused X» + «the fighters of Y»).

        ``accuses``: another is named right behind it.
        """
        spans = sorted(
            {(m.i, m.j) for xs in self.within(i, j) for m in xs} | {span for span in self._capitals if i <= span[0] < j}
        )
        if not spans:
            return j
        end = spans[0][1]
        inherits = any(
            (m.i, m.j) == spans[0] and self.scan.rule(m).data["claimant_type"] == "inherit"
            for m in self.within(i, spans[0][0] + 1)[0]
        )
        if spans[0] in self._capitals or (accuses and not inherits):
            return end
        for first, last in spans[1:]:
            if first > end:
                return first
            end = max(end, last)
        return j

    def introduce(self, speaker: Speaker, end: int) -> None:
        """Keep a claimant, to be known again by words of [its first, end) when it is named shorter."""
        if speaker.j > speaker.i:
            content = self.content(speaker.i, end)
            for n, (words, old) in enumerate(self.introduced):
                if (old.i, old.j) == (speaker.i, speaker.j):
                    self.introduced[n] = (words, speaker)
                    return
            self.introduced.append((content, speaker))

    def _name_end(self, k: int, j: int) -> int:
        """The end of a person's name that follows a title or an office: words that nothing else claims."""
        end = k
        while (
            end < j
            and end - k < _PERSON
            and end not in self._numbers
            and self.words[end] not in "،,;؛:"
            and (self.words[end].isalnum() or self.words[end] in "-'")
        ):
            end += 1
        return end

    def _known(
        self,
        i: int,
        j: int,
        content: frozenset[str],
        heads: list[Match],
        sources: list[Match],
        mentions: list[Mention],
    ) -> Speaker | None:
        """The claimant introduced before that a shorter name points back to."""
        if any(self.scan.rule(m).data.get("anaphor") for m in heads):
            return self._named_before(heads)
        if mentions and mentions[0].i in self._loose and (last := self._spoke_last(mentions[0])) is not None:
            return last
        same = next((s for words, s in reversed(self.introduced) if content == words), None) if content else None
        if same is not None:
            return same
        if not content or len(content) > _SHORT:
            return None
        own = any(
            k not in self.covered and k not in self._places and len(self.words[k]) > _LETTERS for k in range(i, j)
        )
        if not own and not self.definite(i, j):
            return None
        if any(m.name is not None for m in mentions) or (sources and self.source(sources[0]).kind in CARRIERS):
            return None
        return next((s for words, s in reversed(self.introduced) if content <= words), None)

    def _spoke_last(self, group: Mention) -> Speaker | None:
        """The organisation that «the group» means where one spoke after the armed group was named last."""
        last = self.introduced[-1][1] if self.introduced else None
        if last is None or last.type not in _WATCHING:
            return None
        same = (m.i for m in self.mentions if m.name is group.name and m.i < group.i and m.i not in self._loose)
        return last if last.i > max(same, default=-1) else None

    def _named_before(self, heads: list[Match]) -> Speaker | None:
        """The source that «the source» means: the last one of its kind, else the last speaker that is no outlet."""
        words = {w for m in heads for w in self.content(m.i, m.j)}
        for content, s in reversed(self.introduced):
            if words & content:
                return s
        return next((s for _, s in reversed(self.introduced) if s.type != "media"), None)

    # ---------------------------------------------------------------- types

    def _typed(
        self, i: int, j: int, heads: list[Match], sources: list[Match], mentions: list[Mention], rule: str
    ) -> Speaker | None:
        mention = next((m for m in mentions if m.resolves != "civilians"), mentions[0] if mentions else None)
        sources = [m for m in sources if self.source(m).kind != "platform"]
        heads = [m for m in heads if self.words[m.i - 1] != "-"] or heads  # "pro-opposition" is no opposition
        if heads:
            first = heads[0]
            data = self.scan.rule(first).data
            if (
                sources
                and sources[0].i < first.i
                and not (
                    sources[0].j >= first.i
                    and self.source(sources[0]).kind in CARRIERS
                    and str(data["claimant_type"]) not in ("media", "unnamed")
                )
            ):
                return self._of_source(i, j, sources[0], mention, rule)
            kind = str(data["claimant_type"])
            group = next(
                (
                    m
                    for m in mentions
                    if m.i <= first.i and first.j <= m.j and m.name is not None and m.name.kind == "group"
                ),
                None,
            )
            if group is not None and group.j - group.i > first.j - first.i and kind == "state":
                return Speaker(i, j, self.type_of(group), group, rule=rule)
            source = next((s for s in sources if s.i >= first.i), None)
            if source is not None and (kind == "media" or source.i == first.i):
                return self._of_source(i, j, source, mention, rule)
            if kind == "inherit":
                others = [m for m in mentions if m.i >= first.i or m.j > first.j]
                kind = self._inherited(heads[1:], sources, others, str(data.get("default", "other")))
            index = source.payload[1] if source is not None and self.source(source).kind not in CARRIERS else None
            return Speaker(i, j, kind, mention, index, rule=rule)
        if sources:
            return self._of_source(i, j, sources[0], mention, rule)
        if mention is not None:
            return Speaker(i, j, self.type_of(mention), mention, rule=rule)
        return None

    def _capital_city(self, i: int, j: int, rule: str) -> Speaker | None:
        """A capital that stands for its government («Damascus confirmed»), where nothing but it is named."""
        country = self._capitals.get((i, j))
        return (
            None
            if country is None
            else Speaker(i, j, "state", Mention(i, j, None, None, country, place=True), rule=rule)
        )

    def _of_source(self, i: int, j: int, match: Match, mention: Mention | None, rule: str) -> Speaker:
        source = self.source(match)
        return Speaker(
            i,
            j,
            source.claimant_type,
            mention,
            match.payload[1],
            rule=rule,
            channel=source.channel,
            platform=source.name if source.kind == "station" else None,
        )

    def _inherited(self, heads: list[Match], sources: list[Match], mentions: list[Mention], default: str) -> str:
        named = [m for m in mentions if m.name is not None]
        if named:
            return self.type_of(named[0])
        others = [s for s in sources if self.source(s).kind not in CARRIERS]
        if others:
            return self.source(others[0]).claimant_type
        kinds = [str(self.scan.rule(m).data["claimant_type"]) for m in heads]
        plain = next((k for k in kinds if k not in ("inherit", "media", "unnamed")), None)
        if plain is not None:
            return plain
        armed = [m for m in mentions if m.resolves not in ("civilians", "nation")]
        if armed:
            return self.type_of(armed[0])
        return "state" if any(m.nation for m in mentions) else default

    def type_of(self, mention: Mention) -> str:
        """The claimant type of an actor that speaks for itself."""
        if mention.name is not None and mention.name.kind == "group":
            kind = str(mention.name.data.get("kind", "rebel"))
            return kind if kind != "criminal" else "other"
        return _TYPE_OF_CLASS.get(mention.resolves, "other")
