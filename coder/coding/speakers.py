"""Speakers: who makes an assertion, with what its words imply, and when two are one (codebook section 3)."""

from __future__ import annotations

from dataclasses import dataclass

from coder.coding.actors import Mention
from coder.coding.scan import Scan

_ONE_OF_A_KIND = frozenset(("ngo", "io", "medical"))  # a nameless one («a monitoring group») is the one that is named


@dataclass(slots=True, unsafe_hash=True)
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
    channel_span: tuple[int, int] | None = None


OUTLET = Speaker(0, 0, "media")


def same_speaker(scan: Scan, a: Speaker, b: Speaker) -> bool:
    """Are two speakers one source: the same organisation, or the same words?"""
    if a.j <= a.i or b.j <= b.i:
        return a.j <= a.i and b.j <= b.i
    if (a.i, a.j) == (b.i, b.j):
        return True
    if a.source is not None and b.source is not None:
        return a.source == b.source
    if a.type == b.type and a.type in _ONE_OF_A_KIND and (a.source is None or b.source is None):
        return True
    if a.mention is not None and b.mention is not None and a.mention.name is not None and b.mention.name is not None:
        return a.mention.name.id == b.mention.name.id and a.mention.name.country == b.mention.name.country
    words = scan.doc.words
    mine = {w for w in words[a.i : a.j] if len(w) > 3}
    its = {w for w in words[b.i : b.j] if len(w) > 3}
    if not mine or not its:
        return False
    return 2 * len(mine & its) >= min(len(mine), len(its)) and a.type == b.type


def reported(speaker: Speaker) -> bool:
    """Is what it says told by someone whom the sentence names, or told of in a condemnation?"""
    return speaker.j > speaker.i or speaker.stance == "condemn"
