"""A lead that sums up, and the details that follow from the same source, are one set of claims (codebook section 1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from coder.coding.confidence import Candidate
from coder.coding.reader import ArticleReader
from coder.coding.speakers import same_speaker

_LEAD = 2  # sentences of the body that may sum up what follows


def without_leads(reader: ArticleReader, found: Sequence[Candidate]) -> list[Candidate]:
    """The candidates less those of the lead whose details the same source gives further down.

    What only the lead tells is kept: a toll that the one detailed claim lacks goes over to it.
    """
    body = [n for n, s in enumerate(reader.doc.sentences) if s.role in ("title", "body")]
    lead = {n for n in body if reader.doc.sentences[n].role == "title"}
    lead |= set([n for n in body if n not in lead][:_LEAD])
    out = list(found)
    for c in found:
        if c.main.unit.sentence not in lead or c not in out or _listed(c, found):
            continue
        details = [
            o for o in out if o is not c and o.main.unit.sentence > c.main.unit.sentence and _details(reader, c, o)
        ]
        if not details:
            continue
        out.remove(c)
        if len(details) == 1 and not details[0].coded.counts and c.coded.counts:
            taken = details[0]
            out[out.index(taken)] = replace(taken, coded=replace(taken.coded, counts=list(c.coded.counts)))
    return out


def _listed(c: Candidate, found: Sequence[Candidate]) -> bool:
    """Does its sentence tell of the like at several places? Such a list is no summary."""
    return sum(o.main.unit.sentence == c.main.unit.sentence and o.coded.sub == c.coded.sub for o in found) > 1


def _details(reader: ArticleReader, lead: Candidate, other: Candidate) -> bool:
    """Does a later claim of the same source tell of what the lead sums up, at the same place or within it?"""
    if lead.modality != other.modality or lead.coded.sub != other.coded.sub or lead.country != other.country:
        return False
    if not (other.coded.named_here or other.coded.counts):
        return False
    if not same_speaker(reader.scan, lead.main.speaker, other.main.speaker):
        return False
    gap = max(other.coded.when.first - lead.coded.when.last, lead.coded.when.first - other.coded.when.last)
    if gap.days > 1:
        return False
    gazetteer = reader.knowledge.gazetteer
    here, there = gazetteer.place(lead.coded.where.place), gazetteer.place(other.coded.where.place)
    return not lead.coded.named_here or here.kind in ("country", "region", "admin1") or gazetteer.within(there, here)
