"""Whether the words around a name show that it is a place (codebook section 6)."""

from __future__ import annotations

from collections.abc import Sequence

from coder.coding.document import Document
from coder.coding.places.relation import PlaceCue, Relation
from coder.coding.scan import Scan
from coder.knowledge.lexicon import Match

_MAJOR = frozenset(("city", "country", "sea", "admin1", "region"))  # what "in" shows, though its name is a word
_BARE = 3  # letters of a word that may be left of another behind a clitic


def is_shown(
    scan: Scan, m: Match, indexes: Sequence[int], strictness: str, relation: Relation, before: Sequence[PlaceCue]
) -> bool:
    """Do the words around a name show it as a place, as far as the name needs it?

    In a script that does not mark names, an everyday word («صدد») that is also a town or a village needs the kind of
    place or a bearing; "in" and «ب» show only a city or a province. ``indexes`` are the places of that name,
    ``strictness`` its cue in the gazetteer, ``before`` the cues that end where it begins.
    """
    everyday = _everyday(scan, m)
    if not everyday and strictness == "none":
        return True
    inside = any(c.data.get("relation") == "inside" for c in before)
    if relation.kind or relation.bearing is not None or (m.j - m.i > 1 and (relation.cued or inside)):
        return True
    if not any(scan.knowledge.gazetteer.place(k).kind in _MAJOR for k in indexes):
        return relation.cued and not scan.doc.language.article
    if relation.cued or (strictness == "required" and not everyday and glued(scan.doc, m.before)):
        return True
    return inside and strictness == "none"


def glued(doc: Document, before: str) -> bool:
    """Does a clitic preposition («بسرت») show that a name is a place?"""
    return doc.language.code == "ar" and before.endswith("ب")


def _everyday(scan: Scan, m: Match) -> bool:
    """May a one-word name be an everyday word here: the vocabulary of rules, or a stem laid bare?"""
    doc = scan.doc
    if m.j - m.i > 1 or doc.language.code == "en":
        return False
    lexicon = scan.knowledge.lexicons[doc.language.code]
    word = doc.words[m.i]
    if m.before.endswith("ال") or (m.before and len(word) - len(m.before) <= _BARE):
        return True
    return bool(doc.language.readings(word, lexicon.classes))
