"""Which news organisations a text names, and which one it credits as a whole (codebook section 3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from coder.coding.actors import Mention
from coder.coding.document import Sentence, tokenize
from coder.coding.scan import Scan, countries_named
from coder.knowledge import Knowledge, Source
from coder.knowledge.lexicon import Match

CARRIERS = frozenset({"agency", "newspaper", "station", "website", "state_agency", "state_paper", "affiliated"})
OPENING = frozenset('«“"„(')
CLOSING = frozenset('»”")“')
_AGENCIES = frozenset(("agency", "state_agency"))
_DATELINE = frozenset(("-", "–", "—", "_", ":", ")", "/", "«"))
_DASHES = frozenset(("-", "–", "—", "(", "/"))
_DATELINE_REACH = 12  # words of a dateline: place, country, Hijri and civil date, agency
_SUFFIX = 3  # letters of the second suffix of an address (co.uk)
_QUOTED = 4  # words that a quoted name may have
_AT_HOME = ("National", "Subnational")
_SCALES = ("International", "Regional", "National", "Subnational")


class Credit(NamedTuple):
    """A news organisation that the article credits, and the words that do (none: its metadata)."""

    name: str
    words: tuple[int, int] | None
    rule: str


_owners: dict[str, dict[str, int]] = {}


def own_source(knowledge: Knowledge, outlet: str | None) -> int | None:
    """The index of the source that an outlet is, by handle or by name; None where the data do not know it."""
    if not outlet:
        return None
    by_handle = _owners.get(knowledge.hash)
    if by_handle is None:
        by_handle = _owners[knowledge.hash] = {}
        for index, source in enumerate(knowledge.sources):
            names = [n for words in (*source.names.values(), *source.ambiguous.values()) for n in words]
            for handle in (*source.handles, *map(_site, source.handles), source.name, *names):
                by_handle.setdefault(str(handle).casefold(), index)
    return by_handle.get(outlet.casefold(), by_handle.get(_site(outlet)))


def _site(handle: str) -> str:
    """The name of a site without the suffixes and prefixes of its address (english.paper.co.uk: paper)."""
    parts = handle.casefold().split(".")
    if len(parts) > 1:
        parts.pop()
    while len(parts) > 1 and len(parts[-1]) <= _SUFFIX:
        parts.pop()
    return parts[-1]


def home_country(knowledge: Knowledge, outlet: str | None, mentions: Sequence[Mention]) -> str | None:
    """The country of a home paper or station, where those whom an article names are at home there or nowhere else."""
    index = own_source(knowledge, outlet)
    source = None if index is None else knowledge.sources[index]
    if source is None or source.country is None or source.scale not in _AT_HOME:
        return None
    groups = [m.name for m in mentions if m.name is not None and m.name.kind == "group"]
    others = [m.nation or (m.name.country if m.name is not None else None) for m in mentions]
    foreign = any(
        c not in (None, source.country) for m, c in zip(mentions, others, strict=True) if m.name not in groups
    )
    at_home = all(source.country in (g.data.get("countries") or (source.country,)) for g in groups)
    return source.country if at_home and not foreign else None


def is_own(source: Source, outlet: str | None) -> bool:
    """Is a credited source the outlet itself, so that its handle stays? An edition («cnnarabic») credits its house."""
    if not outlet:
        return False
    handle = outlet.casefold()
    if _site(handle) not in {_site(h) for h in source.handles}:
        names = (source.name, *(n for words in source.names.values() for n in words))
        return handle in {str(n).casefold() for n in names}
    house = source.name.casefold()
    return not (handle.startswith(house) and handle != house)


def named_sources(scan: Scan, media: Sequence[tuple[Match, frozenset[str]]], told: Iterable[int]) -> list[Match]:
    """All sources that the document names: sure names, and ambiguous ones beside a noun of a medium or told to.

    ``media``: the nouns of media (newspaper, channel) with the kinds of source that each may name; ``told``: words
    behind which stands to whom something was said.
    """
    sure = scan.of("source")
    taken = {k for m in sure for k in range(m.i, m.j)}
    own = own_source(scan.knowledge, scan.doc.article.outlet)
    out = [*sure, *_spelled_out(scan, media, taken)]
    taken |= {k for m in out for k in range(m.i, m.j)}
    spans: dict[tuple[int, int], list[Match]] = {}
    for m in scan.of("source?"):
        if m.i not in taken:
            spans.setdefault((m.i, m.j), []).append(m)
    before = {m.j: kinds for m, kinds in media}
    behind = {m.i: kinds for m, kinds in media}
    said_to = set(told)
    for (i, j), candidates in sorted(spans.items(), key=lambda kv: (kv[0][0], -kv[0][1])):
        if i in taken:
            continue
        kinds = before.get(_skip_back(scan.doc.words, i)) or behind.get(_skip(scan.doc.words, j))
        mine = [m for m in candidates if m.payload[1] == own]
        quoted = i > 0 and scan.doc.words[i - 1] in OPENING
        told_to = i - 1 in said_to or (quoted and i - 2 in said_to)
        if kinds is None and not told_to and not (mine and quoted):
            continue
        fit = [m for m in candidates if kinds is None or scan.knowledge.sources[m.payload[1]].kind in kinds]
        if fit:
            chosen = mine[0] if mine and kinds is None else _likeliest(scan, fit, i, j)
            out.append(Match(i, j, ("source", chosen.payload[1]), "", chosen.before, chosen.behind))
            taken.update(range(i, j))
    return sorted(out, key=lambda m: (m.i, m.payload))


def _skip_back(words: list[str], i: int) -> int:
    return i - 1 if i > 0 and words[i - 1] in OPENING else i


def _skip(words: list[str], j: int) -> int:
    return j + 1 if j < len(words) and words[j] in CLOSING else j


def _spelled_out(scan: Scan, media: Sequence[tuple[Match, frozenset[str]]], taken: set[int]) -> list[Match]:
    """Names that stand whole in the data (channel X), with quotation marks round their second part."""
    words = scan.doc.words
    lexicon = scan.knowledge.lexicons[scan.doc.language.code]
    out = []
    for m, _ in media:
        if m.j >= len(words) or words[m.j] not in OPENING or m.i in taken:
            continue
        close = next((k for k in range(m.j + 2, min(len(words), m.j + 2 + _QUOTED)) if words[k] in CLOSING), None)
        if close is None:
            continue
        inner = words[m.i : m.j] + words[m.j + 1 : close]
        found = [x for x in lexicon.scan(inner) if x.payload[0] == "source" and x.i == 0 and x.j == len(inner)]
        out += [Match(m.i, close, x.payload, "", m.before, "") for x in found[:1]]
    return out


def _likeliest(scan: Scan, candidates: Sequence[Match], i: int, j: int) -> Match:
    """Of several sources of one name: that of the nationality beside it, else of the article's countries."""
    near = {scan.knowledge.nationalities[m.payload[1]] for m in scan.of("nationality") if i - 3 <= m.i <= j + 2}
    countries = countries_named(scan)

    def weight(m: Match) -> tuple[bool, int, int]:
        source = scan.knowledge.sources[m.payload[1]]
        scale = _SCALES.index(source.scale) if source.scale in _SCALES else len(_SCALES)
        return source.country in near, countries.get(source.country or "", 0), -scale

    return max(candidates, key=weight)


def article_credit(scan: Scan, dates: Iterable[tuple[int, int]]) -> Credit | None:
    """The news organisation that an article credits as a whole: in its byline, dateline or last line, or its author."""
    doc, sources = scan.doc, scan.knowledge.sources
    body = [s for s in doc.sentences if s.role == "body"]
    ends = [(s.first, s.last) for s in doc.sentences if s.role in ("byline", "credit")]
    dated = {i for i, _ in dates}
    for m in scan.of("source"):
        source = sources[m.payload[1]]
        if is_own(source, doc.article.outlet) or source.kind not in CARRIERS:
            continue
        bracketed = m.i > 0 and m.j < len(doc.words) and doc.words[m.i - 1] == "(" and doc.words[m.j] == ")"
        if source.kind not in _AGENCIES and not bracketed:
            continue
        if any(i <= m.i < j for i, j in ends) or (body and _edge(doc.words, m.i, m.j, body, dated)):
            return Credit(source.name, (m.i, m.j), "credit")
    return _author(scan)


def _edge(words: list[str], i: int, j: int, body: list[Sentence], dated: set[int]) -> bool:
    """Does a source stand in the dateline that begins the body, or alone at its end?"""
    first, last = body[0].first, body[-1].last
    if 0 <= i - first <= _DATELINE_REACH:
        alone = i == first or words[i - 1] in _DATELINE or words[i - 1] in OPENING
        if any(w in _DATELINE for w in words[j : j + 3]) and (alone or i - first <= _DATELINE_REACH // 2):
            return True
        if alone and j == body[0].last and i > first:
            return True
        if any(k in dated for k in (j, j + 1)) and words[j : j + 1] != ["."]:
            return True
    return 0 <= last - j <= 1 and i > first and words[i - 1] in _DASHES


def _author(scan: Scan) -> Credit | None:
    article = scan.doc.article
    if not article.author:
        return None
    words = tokenize(article.author, 0, len(article.author), scan.doc.language)[0]
    for m in scan.knowledge.lexicons[scan.doc.language.code].scan(words):
        if m.payload[0] == "source":
            source = scan.knowledge.sources[m.payload[1]]
            if source.kind in _AGENCIES and not is_own(source, article.outlet):
                return Credit(source.name, None, "author")
    return None
