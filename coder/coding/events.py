"""What a sentence tells of: triggers joined into units, one unit an event (codebook sections 1 and 5)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from coder.coding.actors import Mention
from coder.coding.attribution import Voice, teller_of
from coder.coding.casualties import Count
from coder.coding.crowds import mob, without_reasons
from coder.coding.document import Sentence
from coder.coding.grammar import Grammar, clause_starts
from coder.coding.roles import UNARMED, Slots, Trigger, read_slots
from coder.coding.scan import Scan
from coder.coding.scope import Scopes
from coder.coding.speakers import Speaker, reported
from coder.coding.units import (
    REMOTE,
    Unit,
    accounts,
    aiding,
    clause_of,
    family,
    fell,
    in_riot,
    marches_to_war,
    nearest,
    refine,
    riot,
    shares,
    side_of,
    slot_for,
    stronger,
    tolled,
    upon_protest,
)

_POINTING = frozenset(("attack", "explosion", "suicide", "clash", "abduct"))  # deeds that «the» points back to
_DEED_REACH = 6  # words between a deed and the verb whose subject it is
_NEAR_DEED = 2  # words between a verb and the deed behind it that is its subject
_OWN = frozenset(
    ("attack", "clash", "capture", "repel", "abduct", "arrest", "disarm", "avow")
)  # deeds that an armed speaker tells as its own
_OFFICE = ("arrest", "disarm")  # what a force that tells of it does itself, also in the passive («تم اعتقال …»)
_HOLDERS = frozenset(("force", "military", "police", "intelligence", "border", "authorities"))
_BYSTANDING = ("media", "ngo", "witness", "io", "activist", "medical")  # who tells of what others do
_OWN_REACH = 3  # words between a pronoun and its verb («it had ambushed»)
_PURPOSE_REACH = 8  # words before a noun in which a helper verb shows that its clitic names no aim
_UNDERGO_REACH = 24  # the same for a verb of undergoing, whose subject may be long («تعرضت مناطق في محيط …، لقصف»)
_NEAR_START = 2  # words between a boundary and a verb whose subject stands before the boundary ("tanks also shelled")


class EventReader:
    """Reads the units of each sentence of a document."""

    def __init__(
        self, scan: Scan, grammar: Grammar, scopes: Scopes, mentions: Sequence[Mention], triggers: Sequence[Trigger]
    ) -> None:
        self.scan = scan
        self.grammar = grammar
        self.scopes = scopes
        self.frames = scan.knowledge.frames
        self.mentions = mentions
        self.triggers = triggers
        self._mention_starts = [m.i for m in mentions]
        self._trigger_starts = [t.i for t in triggers]
        self._bounds = sorted(
            [k for k, new in grammar.boundary.items() if new and k not in grammar.cause]
            + [s.first for s in scan.doc.sentences]
        )

    def units(
        self, n: int, counts: Sequence[Count], places: Sequence[int], voices: Sequence[Voice], told: bool
    ) -> list[Unit]:
        """The units of sentence ``n``.

        ``places`` are the first words of its place mentions, ``voices`` its speakers, who are no sides of what they
        tell unless a verb leaves its subject to them. ``told``: the article has told of an event already, and «the
        attack» in a source's mouth is that event.
        """
        s = self.scan.doc.sentences[n]
        triggers = self._inside(s)
        if not triggers:
            return []
        spoken = [(v.speaker.i, v.speaker.j) for v in voices if v.speaker.j > v.speaker.i]
        mentions = [m for m in self._mentions(s) if not any(i <= m.i < j for i, j in spoken)]
        starts = clause_starts(self.grammar, s.first, s.last)
        details = [t for t in triggers if t.strength == "detail"]
        mains = [t for t in triggers if t.strength != "detail" and not self.scopes.cancelled(t.i, n)]
        mains = self._without_idle(mains, told)
        mains, counts = without_reasons(self.grammar, mains, counts, mentions, starts, s.last)
        units: list[Unit] = []
        counted = [c.i for c in counts]
        for k, t in enumerate(mains):
            clause = clause_of(starts, t.i, s)
            floor = mains[k - 1].j if k else s.first
            ceiling = mains[k + 1].i if k + 1 < len(mains) else s.last
            begin = (
                clause[0]
                if t.i - clause[0] > _NEAR_START
                else clause_of(starts, clause[0] - 1, s)[0]
                if clause[0] > s.first
                else s.first
            )
            by_deed = k > 0 and self._by_a_deed(mains[k - 1], t, mentions)
            slots = read_slots(
                self.scan.doc,
                self.grammar,
                t,
                mentions,
                begin,
                s.last,
                max(floor, clause[0]),
                min(ceiling, s.last),
                counted,
                by_deed,
            )
            if marches_to_war(t, slots):
                continue
            teller = teller_of(list(voices), t.i, t.j)
            if not by_deed:
                self._own_deed(t, slots, teller, any(t.i <= v.at < t.j for v in voices))
            if t.strength == "back":
                if spoken and "object" not in slots and "subject" in slots and t.frame == "blame":
                    slots["object"] = slots.pop("subject")  # the speaker is the verb's subject
                if accounts(self.frames, t, slots, reported(teller)):
                    units.append(Unit(n, clause[0], clause[1], [t], t.sub, t.frame, slots, anaphoric=True))
                continue
            toll = told and not places and "toll" in (t.rule.data.get("needs") or ()) and tolled(counts, clause)
            weak = t.strength == "weak" and self._needs(t, slots, mentions, counts, details, places, clause)
            tells = t.strength == "strong" or weak or toll
            back = told and self._points_back(t)
            anaphoric = back and (not tells or self._adds_nothing(t, counts, places, clause))
            if not tells and not (anaphoric and reported(teller)):
                continue
            self._place(units, t, slots, clause, n, counts, places)
            units[-1].anaphoric |= anaphoric and units[-1].triggers == [t]
            units[-1].definite |= back and units[-1].triggers == [t]
        for unit in units:
            self._look_around(unit, mentions)
        self._finish(units, details, counts, voices, n)
        return units

    def _without_idle(self, mains: list[Trigger], told: bool) -> list[Trigger]:
        """The triggers without those that only point back, where there is nothing to point to or a deed follows."""
        deeds = [t.i for t in mains if t.strength != "back" and not self._points_back(t)]
        first, last = (deeds[0], deeds[-1]) if deeds else (-1 if told else len(self.scan.doc.words), -1)
        return [t for t in mains if t.strength != "back" or (t.i > last and (told or t.i > first))]

    def triggered(self, s: Sentence) -> bool:
        """Has a sentence a trigger, without which it tells of no event?"""
        at = bisect_right(self._trigger_starts, s.first - 1)
        return at < len(self._trigger_starts) and self._trigger_starts[at] < s.last

    def _inside(self, s: Sentence) -> list[Trigger]:
        lo = bisect_right(self._trigger_starts, s.first - 1)
        hi = bisect_right(self._trigger_starts, s.last - 1)
        return list(self.triggers[lo:hi])

    def _mentions(self, s: Sentence) -> list[Mention]:
        lo = bisect_right(self._mention_starts, s.first - 1)
        hi = bisect_right(self._mention_starts, s.last - 1)
        return list(self.mentions[lo:hi])

    def _by_a_deed(self, before: Trigger, t: Trigger, mentions: Sequence[Mention]) -> bool:
        """Does the noun of a deed stand beside a verb of attack as its subject («انفجار استهدف دورية»)?

        Behind it (``t`` is the noun: «استهدفت غارة تجمعا لمسلحين»), what follows is the verb's object.
        """
        if before.verb == t.verb or (before.verb and not self.scan.doc.language.article):
            return False
        verb, reach = (t, _DEED_REACH) if t.verb else (before, _NEAR_DEED)
        if verb.frame not in ("attack", "casualty", "explosion", "damage") or t.i - before.j > reach:
            return False
        return not any(before.j <= m.i < t.i and m.resolves not in UNARMED for m in mentions)

    def _own_deed(self, t: Trigger, slots: Slots, speaker: Speaker, said: bool) -> None:
        """A verb without a subject in an armed actor's mouth is that actor's deed («قال إنه قصف», "they attacked").

        ``said``: the verb is itself what the actor says ("claimed responsibility").
        """
        m = speaker.mention
        if m is not None and t.frame in _OFFICE and m.resolves in _HOLDERS and not {"subject", "by"} & slots.keys():
            slots["subject"] = [m]
            return
        killed = t.frame == "casualty" and any(p.i == t.i - 1 for p in self.grammar.pronouns)  # "said it killed"
        if m is None or not (t.verb or t.frame == "avow") or "pass" in t.features or not (killed or t.frame in _OWN):
            return
        if (
            "pp" in t.features
            and not said
            and (
                not any(t.i - _OWN_REACH <= p.i < t.i for p in self.grammar.pronouns)
                or any(k in self.grammar.be for k in range(t.i - _OWN_REACH, t.i))
            )
        ):
            return
        doers = any(not x.thing for x in slots.get("by", ()))
        if m.resolves in UNARMED or "subject" in slots or doers or speaker.type in _BYSTANDING:
            return
        slots["subject"] = [m]

    def _adds_nothing(
        self, t: Trigger, counts: Sequence[Count], places: Sequence[int], clause: tuple[int, int]
    ) -> bool:
        """Has the stretch of a definite noun neither a place nor a toll of its own?"""
        first, last = self.segment(t.i)
        return not any(first <= p < last for p in places) and not any(clause[0] <= c.i < clause[1] for c in counts)

    def _points_back(self, t: Trigger) -> bool:
        """Is a noun definite, so that it may mean an event told before («الهجوم», "the attack")?"""
        if t.verb or t.frame not in _POINTING:
            return False
        article = self.scan.doc.language.article
        if article:
            return t.before.endswith(article)
        return t.i > 0 and self.scan.doc.words[t.i - 1] in self.grammar.definite

    def _needs(
        self,
        t: Trigger,
        slots: Slots,
        mentions: Sequence[Mention],
        counts: Sequence[Count],
        details: Sequence[Trigger],
        places: Sequence[int],
        clause: tuple[int, int],
    ) -> bool:
        needs = t.rule.data.get("needs") or ("armed",)
        filled = [m for ms in slots.values() for m in ms]
        for need in needs:
            if need == "armed" and any(m.resolves not in UNARMED for m in filled):
                return True
            if need == "mob" and t.verb and any(mob(m) and not m.weak for m in slots.get("subject", ())):
                return True
            if need == "crowd" and any(m.resolves in ("protesters", "rioters", "civilians") for m in filled):
                return True
            if need == "victim" and any(m.victim for m in filled):
                return True
            if need == "casualty" and any(clause[0] <= c.i < clause[1] for c in counts):
                return True
            if need == "weapon" and any(clause[0] <= d.i < clause[1] for d in details):
                return True
            if need == "place" and any(clause[0] <= p < clause[1] for p in places):
                return True
        return False

    def _place(
        self,
        units: list[Unit],
        t: Trigger,
        slots: Slots,
        clause: tuple[int, int],
        n: int,
        counts: Sequence[Count],
        places: Sequence[int],
    ) -> None:
        """Join the trigger to a unit of its sentence that tells of the same event, else begin a new one."""
        for unit in reversed(units):
            if self.segment(t.i) == self.segment(unit.head.i) and (upon := upon_protest(unit, t, self.grammar)):
                unit.sub, unit.frame, unit.last = upon, "disperse", max(unit.last, clause[1])
                unit.triggers.append(t)
                return
            if in_riot(unit, t, slots) and self.segment(t.i) == self.segment(unit.head.i):
                unit.triggers.append(t)
                return
            if self._same(unit, t, slots, clause, places):
                self._merge(unit, t, slots, clause)
                return
        units.append(Unit(n, clause[0], clause[1], [t], t.sub, t.frame, slots))

    def _same(self, unit: Unit, t: Trigger, slots: Slots, clause: tuple[int, int], places: Sequence[int]) -> bool:
        mine, its = family(self.frames, t.frame), family(self.frames, unit.frame)
        compatible = mine == its or (
            "casualty" in (t.frame, unit.frame)
            and {mine, its} <= {"attack", "battle", "protest", "abduct", "damage", "disarm", "arrest", "siege", "other"}
        )
        if not compatible and {mine, its} == {"attack", "battle"}:
            compatible = (
                t.sub is None or unit.sub is None or t.sub in REMOTE | {"Attack"} or unit.sub in REMOTE | {"Attack"}
            )
        if not compatible:
            return False
        last = unit.triggers[-1]
        here, there = self.segment(t.i), self.segment(unit.head.i)
        own_place = any(here[0] <= p < here[1] for p in places)
        its_place = any(there[0] <= p < there[1] for p in places)
        new_subject = (
            bool(slots.get("subject"))
            and bool(unit.slots.get("subject"))
            and not shares(slots["subject"], unit.slots["subject"])
        )
        distinct = t.sub is not None and unit.sub is not None and t.sub != unit.sub
        if here != there:
            if t.sub is None or t.frame == "casualty":
                return not (own_place and its_place) and not new_subject
            return not own_place and not distinct and not new_subject
        coordinated = t.before.startswith("و") and t.verb
        between = [p for p in places if last.j <= p < t.i]
        behind = [p for p in places if t.j <= p < clause[1]]
        if between and behind and (coordinated or distinct):
            return False
        return not (coordinated and new_subject and t.sub is not None)

    def segment(self, word: int) -> tuple[int, int]:
        """The stretch between boundaries that begin another event («كما», "while") around a word."""
        k = bisect_right(self._bounds, word)
        return (self._bounds[k - 1] if k else -1, self._bounds[k] if k < len(self._bounds) else 1 << 60)

    def _merge(self, unit: Unit, t: Trigger, slots: Slots, clause: tuple[int, int]) -> None:
        unit.triggers.append(t)
        unit.first, unit.last = min(unit.first, clause[0]), max(unit.last, clause[1])
        aim, named_by_aim = self._aim(t, unit.sentence), self._aim(unit.head, unit.sentence)
        if (named_by_aim and not aim) or (stronger(t, unit) and (named_by_aim or not aim)):
            unit.sub, merged = t.sub, {slot: list(ms) for slot, ms in slots.items()}
            if unit.frame == "casualty":
                fallen = [m for m in unit.slots.get("object", ()) if fell(t.frame, slots, m)]
                unit.slots["object"] = [m for m in unit.slots.get("object", ()) if m not in fallen]
                merged.setdefault("subject", []).extend(fallen)
            for slot, ms in self._as_frame(unit, t.frame).items():
                merged.setdefault(slot, []).extend(m for m in ms if m not in merged[slot])
            unit.slots = merged
            return
        target = self.frames.get(unit.frame, {})
        for slot, ms in slots.items():
            for m in ms:
                side = side_of(self.frames.get(t.frame, {}), slot)
                wanted = slot_for(target, side) if side else slot
                if t.frame == "casualty" and side == "actor2" and fell(unit.frame, unit.slots, m):
                    wanted = "subject"
                have = unit.slots.setdefault(wanted, [])
                if m not in have:
                    have.append(m)

    def _aim(self, t: Trigger, n: int) -> bool:
        """Is the deed an aim of another («هاجموا … لاستعادة»), not what happened?"""
        return self._purpose(t) or self.scopes.status(t.i, n)[0] in ("planned", "hypothetical")

    def _as_frame(self, unit: Unit, frame: str) -> Slots:
        """The unit's slots renamed to those of another frame, side by side."""
        out: Slots = {}
        old, new = self.frames.get(unit.frame, {}), self.frames.get(frame, {})
        for t_slot, ms in unit.slots.items():
            side = side_of(old, t_slot)
            out.setdefault(slot_for(new, side) if side else t_slot, []).extend(ms)
        unit.frame = frame
        return out

    def _look_around(self, unit: Unit, mentions: Sequence[Mention]) -> None:
        """Note the armed mentions of the unit's stretch that no slot took."""
        first, last = self.segment(unit.head.i)
        used = [m for ms in unit.slots.values() for m in ms]
        for m in mentions:
            if first <= m.i < last and m not in used and not m.thing and m.resolves not in UNARMED:
                unit.bystanders.append(m)

    def _finish(
        self, units: list[Unit], details: Sequence[Trigger], counts: Sequence[Count], voices: Sequence[Voice], n: int
    ) -> None:
        for c in counts:
            unit = nearest(units, c.i)
            if unit is not None:
                unit.counts.append(c)
        for d in details:
            unit = nearest(units, d.i)
            if unit is not None and not aiding(d, self.grammar):
                unit.details.append(d)
        for unit in units:
            refine(unit)
            riot(unit)
            if unit.anaphoric:
                unit.sub = None
            voice = teller_of(list(voices), unit.head.i, unit.head.j)
            unit.modality, unit.background = self.scopes.status(unit.head.i, n, voice.j > voice.i)
            if unit.modality == "asserted" and voice.stance != "condemn" and self._purpose(unit.head):
                unit.modality = "planned"

    def _deed_before(self, t: Trigger) -> int:
        """The first word behind the deed told before: a helper verb before it has that deed for its complement."""
        k = bisect_right(self._trigger_starts, t.i - 1)
        return self.triggers[k - 1].j if k else 0

    def _purpose(self, t: Trigger) -> bool:
        """Does a clitic make the deed an aim («لاقتحام البلدة») or a thing to come («سيقتحم»)?"""
        clitics = t.before.removesuffix(self.scan.doc.language.article)
        role = self.grammar.clitic_scopes.get(clitics[-1:])
        if role is None or t.frame in ("casualty", "explosion", "agreement"):
            return False
        if t.verb:
            return role == "future"
        undergone = any(k in self.grammar.undergo for k in range(max(0, t.i - _UNDERGO_REACH), t.i))
        helped = undergone or any(
            k in self.grammar.light or k in self.grammar.result or k in self.grammar.boundary
            for k in range(max(0, t.i - _PURPOSE_REACH, self._deed_before(t)), t.i)
        )
        return role == "purpose" and not helped
