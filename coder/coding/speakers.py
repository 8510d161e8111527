"""Who a claimant is: the words that name it, its type, and the carrier beside it (codebook section 3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from coder.coding.actors import Mention
from coder.coding.scan import Scan
from coder.knowledge.lexicon import Match
from coder.knowledge.sources import Source

CARRIERS = frozenset({"agency", "newspaper", "station", "website", "state_agency", "state_paper", "affiliated"})
_NAME_ENDS = frozenset(("،", ",", ";", "؛", "(", "."))
_TYPE_OF_CLASS: Mapping[str, str] = {
    "military": "state", "police": "state", "government": "state", "intelligence": "state", "border": "state",
    "prison": "state", "air-force": "state", "force": "state", "state": "state", "nation": "state",
    "unidentified": "rebel", "bomber": "rebel", "rebels": "rebel", "opposition": "political", "separatists": "rebel",
    "militia-islamist": "rebel", "militia-tribal": "militia", "militia-ethnic": "militia", "militia-progov": "militia",
    "coalition": "external_forces", "peacekeepers": "io", "civilians": "witness", "protesters": "activist",
    "rioters": "activist", "settlers": "other", "criminal": "other",
}


@dataclass(frozen=True, slots=True)
class Speaker:
    """A claimant as the article names it, with what its words imply.

    ``i, j`` are the words that name it (``i == j``: none of its own, as for the outlet). ``outlet`` is the carrier
    that its sentence credits, as an index of ``Knowledge.sources``.
    """

    i: int
    j: int
    type: str
    mention: Mention | None = None
    source: int | None = None
    channel: str = "none"
    platform: str | None = None
    outlet: int | None = None
    outlet_span: tuple[int, int] | None = None
    stance: str = "neutral"
    modality: str | None = None
    rule: str = "outlet"


OUTLET = Speaker(0, 0, "media")


class Names:
    """What may name a claimant, by position: heads, sources and actor mentions of the document."""

    def __init__(self, scan: Scan, mentions: list[Mention]) -> None:
        self.scan = scan
        self.heads = scan.select("attribution", lambda r: r.data["kind"] == "head")
        self.sources = [m for m in scan.of("source")]
        self.mentions = mentions
        self._known: dict[str, Speaker] = {}

    def within(self, i: int, j: int) -> tuple[list[Match], list[Match], list[Mention]]:
        """Heads, sources and mentions that begin inside words [i, j)."""
        return (
            [m for m in self.heads if i <= m.i < j],
            [m for m in self.sources if i <= m.i < j],
            [m for m in self.mentions if i <= m.i < j],
        )

    def carrier(self, i: int, j: int, apart_from: tuple[int, int] = (0, 0)) -> Match | None:
        """The first carrying source inside words [i, j) and outside a span."""
        for m in self.sources:
            if i <= m.i < j and not apart_from[0] <= m.i < apart_from[1] and self.source(m).kind in CARRIERS:
                return m
        return None

    def source(self, match: Match) -> Source:
        """The source that a match names."""
        return self.scan.knowledge.sources[match.payload[1]]

    def speaker(self, i: int, j: int, rule: str) -> Speaker | None:
        """The claimant that words [i, j) name, or None where they name nobody."""
        words = self.scan.doc.words
        while i < j and not words[i].isalnum():
            i += 1
        while j > i and not words[j - 1].isalnum():
            j -= 1
        if i >= j:
            return None
        j = self._trimmed(i, j)
        heads, sources, mentions = self.within(i, j)
        found = self._typed(i, j, heads, sources, mentions, rule)
        if found is None:
            for word in words[i:j]:
                known = self._known.get(word)
                if known is not None:
                    found = Speaker(i, j, known.type, known.mention, known.source, rule=rule)
                    break
        if found is not None:
            for word in words[i:j]:
                if len(word) > 3:
                    self._known.setdefault(word, found)
        return found

    def _trimmed(self, i: int, j: int) -> int:
        """The end of a claimant's name: before a carrier that was told it, and before a second clause."""
        words = self.scan.doc.words
        for m in self.sources:
            if i < m.i < j and m.before.endswith("ل") and self.source(m).kind in CARRIERS:
                return m.i
        for k in range(i + 1, j):
            if words[k] in _NAME_ENDS:
                return k
        return j

    def _typed(self, i: int, j: int, heads: list[Match], sources: list[Match], mentions: list[Mention],
               rule: str) -> Speaker | None:
        mention = next((m for m in mentions if m.resolves != "civilians"), mentions[0] if mentions else None)
        if heads:
            first = heads[0]
            data = self.scan.rule(first).data
            kind = str(data["claimant_type"])
            source = next((s for s in sources if s.i >= first.i), None)
            if sources and sources[0].i < first.i:
                return self._of_source(i, j, sources[0], mention, rule)
            if kind == "inherit":
                kind = self._inherited(sources, mentions, str(data.get("default", "other")))
            index = source.payload[1] if source is not None and self.source(source).kind not in CARRIERS else None
            return Speaker(i, j, kind, mention, index, rule=rule)
        if sources:
            return self._of_source(i, j, sources[0], mention, rule)
        if mention is not None:
            return Speaker(i, j, self.type_of(mention), mention, rule=rule)
        return None

    def _of_source(self, i: int, j: int, match: Match, mention: Mention | None, rule: str) -> Speaker:
        source = self.source(match)
        return Speaker(i, j, source.claimant_type, mention, match.payload[1], rule=rule,
                       channel=source.channel, platform=source.name if source.kind == "station" else None)

    def _inherited(self, sources: list[Match], mentions: list[Mention], default: str) -> str:
        named = [m for m in mentions if m.name is not None]
        if named:
            return self.type_of(named[0])
        others = [s for s in sources if self.source(s).kind not in CARRIERS]
        if others:
            return self.source(others[0]).claimant_type
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
