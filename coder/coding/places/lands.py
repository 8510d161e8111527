"""Regions told by the country that a text is about: «شمال البلاد», "the north of the country" (codebook section 6)."""

from __future__ import annotations

from collections.abc import Sequence

from coder.coding.places.relation import PlaceCue
from coder.coding.scan import Scan
from coder.knowledge.places.gazetteer import Place
from coder.knowledge.places.names import fold_key


def regions_of(scan: Scan, cues: Sequence[PlaceCue], country: str | None) -> list[tuple[int, int, Place]]:
    """The regions of ``country`` at words [i, j), each told by a direction and a word for the country."""
    lands = {m.i: m.j for m in scan.select("phrases", "land")}
    told = {c.j: c for c in sorted(cues, key=lambda c: -c.i) if c.data.get("relation") == "direction" and c.j in lands}
    if not told or country is None:
        return []
    language = scan.doc.language.code
    named = {
        fold_key(name, language): place
        for place in scan.knowledge.gazetteer.regions(country)
        for name in (place.names_ar if language == "ar" else place.names_en)
    }
    out = []
    for j, c in sorted(told.items()):
        words = scan.doc.words[c.i : c.j]
        found = next((p for name, p in named.items() if name.split()[:-1] == words), None)
        if found is not None:
            out.append((c.i, lands[j], found))
    return out
