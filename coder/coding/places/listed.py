"""Names that stand in one list behind a plural («the villages of Kafr Awan, Kafr Sim and Duma»)."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping

from coder.coding.document import Document
from coder.coding.places.spelled import name_ends
from coder.knowledge.places.spellings import Spellings

_COMMA = ","
_PARTS = 2  # of a name that nothing knows


def listed_names(
    doc: Document,
    i: int,
    known: Mapping[int, int],
    unknown: Callable[[int], bool],
    passed: Container[int],
    spellings: Spellings,
) -> list[tuple[int, int]]:
    """The names [i, j) of a list that begins at ``i``; fewer than two are no list.

    ``known`` are the ends of the names of places that are known, ``unknown`` tells whether a word may be part of one
    that is not, ``passed`` are the words between two names («and in the town of»). A list ends with the name behind
    its last conjunction.
    """
    out: list[tuple[int, int]] = []
    joined = False
    while True:
        j = known.get(i) or _name_end(doc, i, known, unknown, spellings)
        if j == i:
            break
        out.append((i, j))
        i = j
        joining = False
        while i < len(doc.words) and (
            i in passed or doc.words[i] == _COMMA or doc.words[i] in doc.language.conjunctions
        ):
            joining = joining or doc.words[i] in doc.language.conjunctions
            i += 1
        if joined and not joining:
            break
        joined = joining
    return out if len(out) > 1 else []


def _name_end(
    doc: Document, i: int, known: Mapping[int, int], unknown: Callable[[int], bool], spellings: Spellings
) -> int:
    """The end of an unknown name; where a text has lost its commas, one part, or two that belong together."""
    ends = name_ends(doc, i, spellings.articles)[:_PARTS]
    good = [j for n, j in enumerate(ends) if all(unknown(e - 1) for e in ends[: n + 1])]
    if not good or len(good) == 1:
        return good[0] if good else i
    if any(k in known for k in range(i + 1, good[-1])):
        return good[0]
    whole = _COMMA in doc.text or doc.words[i] in spellings.heads or good[1] - good[0] > 1
    return good[-1] if whole else good[0]
