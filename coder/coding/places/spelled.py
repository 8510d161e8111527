"""Names that are written with capitals: how far one reaches, and the place that an unusual spelling means."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence

from coder.coding.document import Document
from coder.coding.places.relation import PlaceCue
from coder.coding.scan import Scan
from coder.knowledge.lexicon import Match
from coder.knowledge.places.gazetteer import Gazetteer

_NAME_WORDS = 4  # parts of a name: articles are none
_HYPHEN = "-"
Spelled = tuple[int, int, tuple[int, ...]]  # words [i, j), numbers of the places


def name_ends(doc: Document, i: int, articles: Container[str]) -> list[int]:
    """The words behind which a name that begins at ``i`` may end («Deir ez-Zor»: two), the nearest first."""
    ends: list[int] = []
    k, last = i, len(doc.words)
    while len(ends) < _NAME_WORDS and k < last:
        while k + 1 < last and doc.words[k] in articles:
            k += 2 if doc.words[k + 1] == _HYPHEN else 1
        if k >= last or not (doc.words[k][:1].isalpha() and doc.text[doc.starts[k]].isupper()):
            break
        k += 1
        ends.append(k)
        if k + 1 < last and doc.words[k] == _HYPHEN and doc.words[k + 1] in articles:
            k += 1
    return ends


def spelled_places(
    scan: Scan,
    cues: Sequence[PlaceCue],
    known: Sequence[Match],
    taken: Container[int],
    countries: Mapping[str, int],
) -> list[Spelled]:
    """Places behind a cue that the gazetteer spells otherwise, in the countries that the article names.

    What the gazetteer has as it stands is not among them, save where it is only a part of the longer name.
    """
    doc, gazetteer = scan.doc, scan.knowledge.gazetteer
    spellings = gazetteer.spellings(doc.language.code)
    if spellings is None or not countries:
        return []
    cover = {k: (m.i, m.j) for m in known for k in range(m.i, m.j)}
    out: list[Spelled] = []
    for i in sorted({c.j for c in cues if c.data.get("side") != "behind" and c.data.get("relation") != "glue"}):
        if out and i < out[-1][1]:
            continue
        ends = name_ends(doc, i, spellings.articles)
        for j in reversed(ends):
            parts = [cover[k] for k in range(i, j) if k in cover]
            if any(k in taken for k in range(i, j)) or any(a < i or b > j or (a, b) == (i, j) for a, b in parts):
                break
            if j == i + 1 and _no_name(scan, i, j < ends[-1] and doc.words[i] in spellings.heads):
                continue
            rows = _in_play(spellings.find(doc.words[i:j]), gazetteer, countries)
            if rows:
                out.append((i, j, rows))
                break
    return out


def _no_name(scan: Scan, i: int, head: bool) -> bool:
    """Is a lone word no name: one that begins a longer name, half of a compound, a word of the rules?"""
    words = scan.doc.words
    hyphened = i + 1 < len(words) and words[i + 1] == _HYPHEN
    return head or hyphened or bool(scan.knowledge.lexicons[scan.doc.language.code].hits(words[i]))


def _in_play(
    alike: Sequence[tuple[int, tuple[int, ...]]], gazetteer: Gazetteer, countries: Mapping[str, int]
) -> tuple[int, ...]:
    """The likest places that lie in a country of the article; empty where none does."""
    best: tuple[int, set[int]] | None = None
    for apart, rows in alike:
        here = {row for row in rows if gazetteer.place(row).country in countries}
        if here and (best is None or apart == best[0]):
            best = apart, here | (best[1] if best else set())
    return tuple(sorted(best[1])) if best else ()
