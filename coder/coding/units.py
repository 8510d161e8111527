"""One event as one sentence tells it, and what names it best (codebook section 5)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from coder.coding.actors import Mention
from coder.coding.casualties import Count
from coder.coding.crowds import CROWDS, GROWN, MOB, PROTEST, VIOLENT, mob
from coder.coding.document import Sentence
from coder.coding.grammar import Grammar
from coder.coding.roles import UNARMED, Slots, Trigger

# Which trigger names the event where several tell of it: the more exact way of acting wins (codebook section 5).
_RANK = {
    name: rank
    for rank, name in enumerate(
        (
            "Armed clash",
            "Attack",
            "Remote explosive/landmine/IED",
            "Shelling/artillery/missile attack",
            "Air/drone strike",
            "Grenade",
            "Chemical weapon",
            "Suicide bomb",
            "Sexual violence",
            "Abduction/forced disappearance",
            "Government regains territory",
            "Non-state actor overtakes territory",
            "Non-violent transfer of territory",
            "Peaceful protest",
        )
    )
}
EXPLOSION = "Remote explosive/landmine/IED"
SUICIDE = "Suicide bomb"
REMOTE = frozenset(
    (
        "Remote explosive/landmine/IED",
        "Shelling/artillery/missile attack",
        "Air/drone strike",
        "Grenade",
        "Chemical weapon",
        "Suicide bomb",
    )
)
_UPON = {"attack": "Excessive force against protesters", "arrest": "Protest with intervention"}
_HELP_REACH = 4  # words between "backed by" and the helicopters
_UPON_REACH = 7  # words between a deed and the gathering that it fell on
_RIOTING = (None, "Attack", "Looting/property destruction")  # what a crowd does when it riots
_FORCES = ("force", "military", "rebels", "unidentified", "coalition")


@dataclass(slots=True, eq=False)
class Unit:
    """One event as one sentence tells it."""

    sentence: int
    first: int
    last: int
    triggers: list[Trigger]
    sub: str | None
    frame: str
    slots: Slots = field(default_factory=dict)
    counts: list[Count] = field(default_factory=list)
    details: list[Trigger] = field(default_factory=list)
    modality: str = "asserted"
    background: bool = False
    anaphoric: bool = False  # it points back to an event told before and leaves its kind to that
    definite: bool = False  # its noun is definite and may point back, also where it has a place or a toll of its own
    bystanders: list[Mention] = field(default_factory=list)  # armed mentions of its stretch that hold no slot

    def open_to(self, sub: str | None) -> bool:
        """May it be an event of a more exact kind: a bare «explosion» the air raid told of beside it?

        A protest may come to be one that turns violent or is broken up.
        """
        if self.sub == PROTEST and sub in GROWN:
            return True
        bare = self.sub == EXPLOSION and self.head.strength == "weak" and all(d.sub != EXPLOSION for d in self.details)
        return bare and sub in REMOTE

    @property
    def head(self) -> Trigger:
        """The trigger that names the event."""
        for t in self.triggers:
            if t.sub == self.sub and t.frame == self.frame:
                return t
        return self.triggers[0]


def family(frames: Mapping[str, Mapping[str, object]], frame: str) -> str:
    """The family of a frame; claims of one family may tell of the same event."""
    return str(frames.get(frame, {}).get("family", frame))


def side_of(frame: Mapping[str, object], slot: str) -> str | None:
    """The side of the event that a slot of a frame is."""
    for side in ("actor1", "actor2"):
        slots = frame.get(side) or ()
        if isinstance(slots, list) and slot in slots:
            return side
    return None


def accounts(frames: Mapping[str, Mapping[str, object]], t: Trigger, slots: Slots, reported: bool) -> bool:
    """Is a trigger that only points back an account of the event told before?

    It is where it names an armed doer («حمّلت … المسؤولية», "blamed", "took credit"); where its frame names none (a
    denial: «نفت ذلك»), where its source is named (``reported``).
    """
    if not frames[t.frame].get("actor1"):
        return reported
    doers = (m for slot, ms in slots.items() if side_of(frames[t.frame], slot) == "actor1" for m in ms)
    return any(m.resolves not in UNARMED for m in doers)


def marches_to_war(t: Trigger, slots: Slots) -> bool:
    """Does a force do what else tells of a protest ("rebels marched on the capital", "troops blocked the road")?"""
    doers = slots.get("subject", ()) if t.rule.data.get("unarmed") else ()
    return any(m.resolves in _FORCES and not m.part for m in doers)


def slot_for(frame: Mapping[str, object], side: str) -> str:
    """The first slot of a frame for a side."""
    slots = frame.get(side) or ()
    return str(slots[0]) if isinstance(slots, list) and slots else side


def stronger(t: Trigger, unit: Unit) -> bool:
    """Does the trigger name the event better than what names the unit so far?"""
    if t.sub is None:
        return unit.sub is None and unit.frame == "casualty" and t.frame != "casualty"
    if unit.sub is None:
        return True
    if unit.sub == "Armed clash" and t.sub in REMOTE:
        return False
    if t.sub == "Armed clash" and unit.sub in REMOTE:
        return t.frame == "clash"
    return _RANK.get(t.sub, 20) > _RANK.get(unit.sub, 20)


def nearest(units: Sequence[Unit], word: int) -> Unit | None:
    """The unit whose triggers stand nearest to a word; those before it are preferred."""
    best: tuple[int, Unit] | None = None
    for unit in units:
        for t in unit.triggers:
            gap = word - t.j if word >= t.j else (t.i - word) + 3 if word < t.i else 0
            if best is None or gap < best[0]:
                best = (gap, unit)
    return best[1] if best else None


def upon_protest(unit: Unit, t: Trigger, grammar: Grammar) -> str | None:
    """What a deed is that fell on a gathering named behind it ("opened fire on a rally"); None where it did not."""
    head = unit.triggers[-1]
    if t.frame != "protest" or t.verb or not head.verb or unit.sub in REMOTE or not 0 < t.i - head.j <= _UPON_REACH:
        return None
    slots = {grammar.slot_end.get(k) for k in range(head.j, t.i + 1)}
    return (
        _UPON.get(unit.frame) if "on" in slots and not any(k in grammar.boundary for k in range(head.j, t.i)) else None
    )


def in_riot(unit: Unit, t: Trigger, slots: Slots) -> bool:
    """Is a verb of attack or destruction one more deed of the crowd that riots («… وأضرموا النار فيه»)?"""
    if unit.frame != "riot" or not t.verb or t.frame not in ("attack", "damage") or t.sub not in _RIOTING:
        return False
    doers = [m for slot in ("subject", "by") for m in slots.get(slot, ())]
    return all(m.resolves in CROWDS for m in doers)


def riot(unit: Unit) -> None:
    """An attack or a destruction by a crowd alone is a riot (codebook section 5)."""
    doers = [m for slot in ("subject", "by") for m in unit.slots.get(slot, ())]
    if unit.frame not in ("attack", "damage") or unit.sub not in _RIOTING or not doers:
        return
    may = unit.frame == "damage" or "mob" in (unit.head.rule.data.get("needs") or ())
    if not all(m.resolves in CROWDS or (may and mob(m)) for m in doers):
        return
    people = any(m.resolves == "civilians" and not m.thing for m in unit.slots.get("object", ()))
    violent = any(mob(m) for m in doers) or (people and any(m.resolves == "rioters" for m in doers))
    protesting = any(t.frame == "protest" for t in unit.triggers)
    unit.sub, unit.frame = MOB if violent and not protesting else VIOLENT, "riot"


def refine(unit: Unit) -> None:
    """Let weapons and manner name the kind of attack that its verb leaves open."""
    subs = [d.sub for d in unit.details if d.sub is not None]
    if not subs:
        return
    best = max(subs, key=lambda s: _RANK.get(s, 20))
    if (
        unit.sub is None
        or (unit.sub in REMOTE and _RANK.get(best, 20) > _RANK.get(unit.sub, 20))
        or (unit.sub == "Attack" and best in REMOTE)
    ):
        unit.sub = best


def fell(frame: str, slots: Slots, m: Mention) -> bool:
    """Is one who was killed in a clash that names nobody else first its first side («مقتل جنود في اشتباكات مع …»)?"""
    free = all(x.resolves in UNARMED or x is m for slot in ("subject", "between") for x in slots.get(slot, ()))
    return frame == "clash" and free and m.resolves not in UNARMED and not m.official


def _shares(a: Sequence[Mention], b: Sequence[Mention]) -> bool:
    return any(x == y or (x.name is not None and y.name is not None and x.name.id == y.name.id) for x in a for y in b)


def aiding(d: Trigger, grammar: Grammar) -> bool:
    """Is a weapon only the help that the doers had ("a raid backed by helicopters")?"""
    return any(grammar.slot_end.get(k) == "allied" for k in range(d.i - _HELP_REACH, d.i + 1))


def clause_of(starts: Sequence[int], i: int, s: Sentence) -> tuple[int, int]:
    """The clause of a sentence that holds a word; ``starts`` are where its clauses begin."""
    k = bisect_right(starts, i)
    return starts[k - 1], starts[k] if k < len(starts) else s.last


def tolled(counts: Sequence[Count], clause: tuple[int, int]) -> bool:
    """Does a clause count the dead or hurt («مات أربعة», "four people died")?"""
    return any(clause[0] <= c.i < clause[1] and c.unit in ("dead", "wounded") for c in counts)


def shares(a: Sequence[Mention], b: Sequence[Mention]) -> bool:
    """Have two lists of mentions one in common, or one of the same name?"""
    return any(x == y or (x.name is not None and y.name is not None and x.name.id == y.name.id) for x in a for y in b)
