"""Crowds: unarmed people who demonstrate, riot or brawl, and what a protest is about (codebook section 5)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from coder.coding.actors import Mention
from coder.coding.casualties import Count
from coder.coding.grammar import Grammar
from coder.coding.roles import UNARMED, Trigger
from coder.coding.sides import Side

if TYPE_CHECKING:
    from coder.coding.drafts import Draft, Story

CROWDS = ("rioters", "protesters")
PROTEST = "Peaceful protest"
VIOLENT = "Violent demonstration"
MOB = "Mob violence"
INTERVENTION = "Protest with intervention"
GROWN = (VIOLENT, MOB, INTERVENTION, "Excessive force against protesters")  # what a protest may come to be
_PARTIES = ("subject", "between", "with", "between2")
_OTHERS = ("with", "between2")
_DEAD = "gen.dead"
_DEEDS = ("attack", "battle", "abduct", "damage", "protest")
_NOBODY = ("civilians", "criminal", "rioters", "protesters", "police")
_MASS = 20  # people whose arrest is an event of its own
_ARMED = ("State forces", "Rebel group", "Political militia", "Identity militia", "External/Other forces")
_REASON_REACH = 14  # words between a protest and the deed that it is about
_BEFORE_NOUN = 4  # words between "following" and the protest that it names
_ABOUT = ("attack", "casualty", "abduct", "explosion", "damage", "arrest", "other", "clash")


def mob(m: Mention) -> bool:
    """Is it a crowd that needs no demonstration to do violence: a mob, party supporters, villagers?"""
    if m.head is None or m.name is not None or m.thing or m.head.id == _DEAD:
        return False
    many = not m.features or "n.pl" in m.features
    return bool(m.head.data.get("mob")) or (m.resolves == "civilians" and many)


def brawlers(group: Sequence[Draft], slots: Sequence[str] = _PARTIES) -> list[Mention]:
    """The unarmed crowds that stand as parties to a clash."""
    found: list[Mention] = []
    for d in group:
        if d.unit.frame in ("clash", "riot"):
            hurt = {k for c in d.counts for k in range(c.noun_i, c.noun_j)}
            hurt |= {m.i for m in d.unit.slots.get("object", ())}
            found += [m for slot in slots for m in d.unit.slots.get(slot, ()) if mob(m) and m.i not in hurt]
    return found


def other_crowd(group: Sequence[Draft]) -> Mention | None:
    """The crowd that another one fights."""
    return next(iter(brawlers(group, _OTHERS)), None)


def crowd(side: Side | None) -> bool:
    """Are they demonstrators or rioters, who fight no battle but riot?"""
    return side is not None and side.inter in ("Protesters", "Rioters")


def brawl(
    group: Sequence[Draft], one: Side | None, two: Side | None, country: str
) -> tuple[Side | None, Side | None] | None:
    """The sides of a clash of unarmed crowds, alone or with the state's forces: a riot; None for any other clash."""
    crowds = brawlers(group)
    named = [s for s in (one, two) if s is not None and s.mention is not None and s.inter in _ARMED]
    if not crowds or any(s.inter != "State forces" for s in named) or len(named) > 1:
        return None
    sides = [Side(f"Rioters ({country})", "Rioters", (), m, "crowd") for m in (crowds[0], crowds[-1])]
    return sides[0], named[0] if named else sides[1]


def reasons(
    grammar: Grammar, mains: Sequence[Trigger], mentions: Sequence[Mention], starts: Sequence[int], last: int
) -> list[tuple[int, int]]:
    """The words [i, j) that tell what a protest of the sentence is about ("over the killing of a student").

    What an armed side did before it ("after police shot a student") is news of its own.
    """
    out: list[tuple[int, int]] = []
    for p, t in pairwise(mains):
        if p.frame != "protest" or t.frame not in _ABOUT or t.i - p.j > _REASON_REACH:
            continue
        at = next((k for k in range(p.j - 1, t.i) if k in grammar.reason), None)
        if at is None or any(k in grammar.boundary and k not in grammar.reason for k in range(p.j, t.i)):
            continue
        end = min((k for k in starts if k > t.i), default=last)
        if not (grammar.reason[at] and any(at <= m.i < end and m.resolves not in UNARMED for m in mentions)):
            out.append((at, end))
    return out


def occasion(grammar: Grammar, mains: Sequence[Trigger], t: Trigger) -> bool:
    """Is a protest only the occasion of a deed told before it ("…, following demonstrations")?"""
    if t.frame != "protest" or t.verb or not any(o.j <= t.i and o.frame not in ("protest", "riot") for o in mains):
        return False
    return any(k in grammar.reason for k in range(t.i - _BEFORE_NOUN, t.i))


def without_reasons(
    grammar: Grammar,
    mains: Sequence[Trigger],
    counts: Sequence[Count],
    mentions: Sequence[Mention],
    starts: Sequence[int],
    last: int,
) -> tuple[list[Trigger], Sequence[Count]]:
    """The triggers and tolls of a sentence without those of what a protest is about, and of protests by the way."""
    about = reasons(grammar, mains, mentions, starts, last)
    kept = [t for t in mains if not (occasion(grammar, mains, t) or any(i <= t.i < j for i, j in about))]
    return kept, [c for c in counts if not any(i <= c.i < j for i, j in about)]


def aftermath(stories: Sequence[Story], d: Draft) -> bool:
    """Is an arrest only what followed the deed told right before ("Two people were arrested")?

    People held at a demonstration are its intervention; the draft is made one. Mass arrests and those of a group's
    people, or at a place of their own, stay events.
    """
    if d.family != "arrest" or d.where is not None or not stories:
        return False
    last = stories[-1].drafts[-1]
    known = [m for m in d.actor2 if m.name is not None or m.resolves not in _NOBODY]
    many = any(c.unit == "captured" and (c.low or 0) >= _MASS for c in d.counts)
    near = 0 <= d.unit.sentence - last.unit.sentence <= 1 and last.unit.modality == d.unit.modality == "asserted"
    if known or many or not near or d.speaker.j > d.speaker.i or last.family not in _DEEDS:
        return False
    if last.family != "protest":
        return True
    if last.unit.sub == PROTEST:
        d.unit.sub, d.unit.frame, d.family = INTERVENTION, "disperse", "protest"
        d.actor1, d.actor2 = [], d.actor1
    return last.unit.sub != PROTEST
