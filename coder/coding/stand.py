"""The columns of the source: claimant, channel, outlet, chain, and the claimant's side (codebook section 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coder.coding.outlets import CARRIERS, is_own
from coder.coding.sides import Resolver, Side, group_name
from coder.coding.speakers import Speaker

if TYPE_CHECKING:
    from coder.coding.ground import Grounder

_NEUTRAL = frozenset(("media", "ngo", "witness", "medical", "io", "expert"))
_STATE = frozenset(("State forces", "External/Other forces"))
_CROWDS = frozenset(("Protesters", "Rioters"))
Sides = tuple[Side | None, Side | None]


def ground_source(ground: Grounder, speaker: Speaker, resolver: Resolver, country: str | None, sides: Sides) -> None:
    """The chain of sources: claimant, channel, platform, outlet, side and responsibility, with their evidence."""
    article = ground.reader.article
    values = ground.values
    outlet, span, rule = _outlet(ground, speaker)
    own = speaker.j > speaker.i
    kind = speaker.type
    name: str | None = outlet
    if own:
        text = ground.words("source_claimant", speaker.i, speaker.j, speaker.rule)
        values["claimant_text"] = text
        name = _claimant_name(ground, speaker, resolver, country) or " ".join(text.split())
        if kind == "state" and _abroad(ground, speaker, country):
            kind = "external_forces"
    elif outlet is not None:
        if span is not None:
            ground.words("source_claimant", *span, rule)
        else:
            ground.metadata("source_claimant", outlet, rule)
    else:
        ground.metadata("claimant_type", "", "outlet")
    values["source_claimant"] = name
    values["claimant_type"] = kind
    values["source_channel"] = speaker.channel
    where = speaker.channel_span or ((speaker.i, speaker.j) if own else (0, 1))
    if speaker.channel != "none":
        ground.words("source_channel", *where, speaker.rule)
    if speaker.platform is not None:
        values["source_platform"] = speaker.platform
        ground.words("source_platform", *where, speaker.rule)
    if outlet is not None:
        values["source_outlet"] = outlet
        if span is not None:
            ground.words("source_outlet", *span, rule)
        else:
            ground.metadata("source_outlet", outlet, rule)
    chain = list(dict.fromkeys(x for x in (name if own else None, outlet, article.outlet) if x))
    values["source_chain"] = " > ".join(chain) or None
    _responsibility(ground, speaker, kind, country, sides)


def _outlet(ground: Grounder, speaker: Speaker) -> tuple[str | None, tuple[int, int] | None, str]:
    """The news organisation that carried the claim: credited beside it, by the article, or the article's own."""
    reader = ground.reader
    credit = reader.credit
    if speaker.outlet is not None:
        source = reader.knowledge.sources[speaker.outlet]
        if not is_own(source, reader.article.outlet) and not (source.kind == "affiliated" and credit is not None):
            return source.name, speaker.outlet_span, "credit"
    if credit is not None:
        return credit.name, credit.words, credit.rule
    return reader.article.outlet, None, "outlet"


def _claimant_name(ground: Grounder, speaker: Speaker, resolver: Resolver, country: str | None) -> str | None:
    """The canonical name of a claimant: a source's or an actor's; None where the data know neither."""
    reader = ground.reader
    if speaker.source is not None:
        return reader.knowledge.sources[speaker.source].name
    m = speaker.mention
    if m is None or m.name is None:
        return None
    day = reader.some_day()
    if m.name.kind == "group":
        if country or not m.name.data.get("name_in"):
            return group_name(m.name, country or "", day)[0]
        return str(m.name.data["name"])
    return resolver.side(m, country or m.name.country or "", day).name


def _nation(ground: Grounder, speaker: Speaker) -> str | None:
    """The country that a claimant of a state speaks for."""
    m = speaker.mention
    if m is not None and m.resolves != "civilians":
        nation = m.nation or (m.name.country if m.name is not None and m.name.kind != "group" else None)
        if nation is not None:
            return nation
    if speaker.source is not None:
        owner = ground.reader.knowledge.sources[speaker.source].of or ""
        if owner.startswith("state:"):
            return owner.removeprefix("state:")
        if ground.reader.knowledge.sources[speaker.source].kind not in CARRIERS:
            return ground.reader.knowledge.sources[speaker.source].country
    return None


def _abroad(ground: Grounder, speaker: Speaker, country: str | None) -> bool:
    nation = _nation(ground, speaker)
    return nation is not None and country is not None and nation != country


def _responsibility(ground: Grounder, speaker: Speaker, kind: str, country: str | None, sides: Sides) -> None:
    """On which side the claimant is, and whom it holds responsible."""
    side = _claimant_side(ground, speaker, kind, country, sides)
    ground.values["claimant_side"] = side
    one = sides[0]
    if speaker.stance == "deny":
        responsibility = "denied"
    elif side == "actor1" and kind != "media":
        responsibility = "claimed"
    elif speaker.stance == "accuse" or (
        side == "actor2" and one is not None and not one.name.startswith("Unidentified")
    ):
        responsibility = "accused"
    else:
        responsibility = "reported"
    ground.values["responsibility"] = responsibility


def _claimant_side(ground: Grounder, speaker: Speaker, kind: str, country: str | None, sides: Sides) -> str:
    if speaker.j <= speaker.i or kind in _NEUTRAL:
        return "none"
    for n, side in (("actor1", sides[0]), ("actor2", sides[1])):
        if side is not None and _speaks_for(ground, speaker, kind, country, side):
            return n
    return "none"


def _speaks_for(ground: Grounder, speaker: Speaker, kind: str, country: str | None, side: Side) -> bool:
    """Is a claimant of a side, or does it speak for it?"""
    m, o = speaker.mention, side.mention
    if m is not None and m.name is not None and m.name.kind == "group":
        same = o is not None and o.name is not None and o.name.id == m.name.id
        return same or (country is not None and group_name(m.name, country, ground.reader.some_day())[0] == side.name)
    if kind in ("state", "external_forces") and side.inter in _STATE:
        nation = _nation(ground, speaker)
        return nation in side.name if nation is not None else kind == "state" and side.inter == "State forces"
    if kind == "activist" and side.inter in _CROWDS:
        return m is not None and m.resolves in ("protesters", "rioters")
    if kind == "rebel" and side.inter == "Rebel group":
        return True
    if kind == "militia" and side.inter in ("Political militia", "Identity militia", "Rebel group") and m is not None:
        return o is not None and (m.i, m.j) != (o.i, o.j) and side.name.split(" (")[0] in ground.doc.quote(m.i, m.j)
    return False
