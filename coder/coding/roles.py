"""Who does what to whom: the grammatical slots around a trigger (data: frames.yaml, grammar.yaml)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from coder.coding.actors import Mention
from coder.coding.document import Document
from coder.coding.grammar import Grammar, opens_clause
from coder.knowledge import Rule

_NEXT = 1  # words between a verb and what stands right beside it
_FILLERS = 3  # words between a preposition and its noun (articles, numbers, adjectives)
_DEEDS = frozenset(("attack", "clash", "capture", "damage", "siege", "arrest"))  # what a state's forces do
_HELPER_REACH = 20  # words between a light verb and its noun
_NEAR_TARGET = 4  # words between a bomb that goes off and the force beside it
_PARTITIVE_REACH = 5  # words between a verb of killing and «of them»
UNARMED = frozenset(("civilians", "protesters", "rioters", "nation"))  # who does no deed of arms to others
_STOPS = frozenset(',،;؛.«»"“”()–—')
_BRACKETS = frozenset((")", "]"))
_OWNERS = frozenset(("group", "force", "state", "military", "rebels"))  # whose weapons they may be
Slots = dict[str, list[Mention]]


@dataclass(slots=True, eq=False)
class Trigger:
    """A trigger at words [i, j): its rule, and what its rule and its inflection say of it.

    ``frame``: by which its roles are read; ``sub``: the sub-event type that it tells of by itself, if it does;
    ``strength``: strong, weak, detail, or back (it only points back to the event told before); ``verb``: is its
    inflected word a verb?
    """

    i: int
    j: int
    rule: Rule
    features: str
    before: str
    behind: str
    frame: str = field(init=False)
    sub: str | None = field(init=False)
    strength: str = field(init=False)
    verb: bool = field(init=False)

    def __post_init__(self) -> None:
        data = self.rule.data
        sub = data.get("sub_event_type")
        self.frame = str(data.get("frame") or "attack")
        self.sub = None if sub is None else str(sub)
        self.strength = str(data.get("strength") or "strong")
        self.verb = self.features.startswith("v")


def slot_before(doc: Document, grammar: Grammar, mention: Mention, floor: int) -> str | None:
    """The slot of the preposition or clitic that governs a mention, or None where none does."""
    glued = mention.before.removesuffix(doc.language.article)
    for clitic, slot in grammar.clitic_slots.items():
        if clitic in glued:
            return slot
    k = mention.i
    for _ in range(_FILLERS + 1):
        if k in grammar.slot_end:
            return grammar.slot_end[k]
        k -= 1
        if k < floor or doc.words[k] in _STOPS or doc.words[k] in doc.language.conjunctions:
            return None
        if k in grammar.clitic_words:
            return grammar.clitic_words[k]
    return None


def coordinated(doc: Document, a: Mention, b: Mention) -> bool:
    """Do two mentions that follow one another stand in one list («the army and its allies»)?"""
    gap = doc.words[a.j : b.i]
    if b.before[:1] == "و" and len(gap) <= 1:
        return True
    return (
        0 < len(gap) <= 3
        and gap[0] in ("and", ",", "،", "و", "or", "او", "plus")
        and all(len(w) <= 4 or w in ("allied", "their", "local") for w in gap)
    )


def read_slots(
    doc: Document,
    grammar: Grammar,
    trigger: Trigger,
    mentions: Sequence[Mention],
    first: int,
    last: int,
    floor: int,
    ceiling: int,
    counted: Sequence[int] = (),
    thing: bool = False,
) -> Slots:
    """The mentions in each slot of a trigger.

    ``first, last`` bound its clause; ``floor, ceiling`` its own stretch of it (between the triggers beside it), in
    which prepositional phrases and objects are its own; a subject may stand anywhere before it in the clause.
    ``counted`` are the first words of counts of people. ``thing``: a deed stands before the verb as its subject («هجوم
    استهدف …», "a blast that hit …"), so that those behind it are its objects.
    """
    slots: Slots = {}
    verb = trigger.verb and not _nominal(grammar, trigger)
    inside = [m for m in mentions if first <= m.i and m.j <= last]
    if trigger.frame == "suicide":  # "a Daesh suicide bomber": the group's name stands before the trigger's words
        _put(slots, "subject", [m for m in inside if m.i < trigger.i and trigger.j <= m.j and m.name is not None])
    left = [m for m in inside if m.j <= trigger.i or (m.i == trigger.i and m.j < trigger.j)]
    right = [m for m in inside if trigger.i < m.i < ceiling]
    placed: dict[int, str] = {}
    bare_right: list[Mention] = []
    previous: Mention | None = None
    for m in right:
        slot = None if _beside(trigger, m) else slot_before(doc, grammar, m, trigger.j)
        slot = _tool(trigger, m, slot)
        if m.i in grammar.held and slot in (None, "of"):
            slot = "object"
        if previous is not None and slot == "of" and m.i == previous.j and placed.get(id(previous)) == "allied":
            slot = "allied"
        if previous is not None and id(previous) in placed and coordinated(doc, previous, m):
            slot = placed[id(previous)]
        elif previous is not None and placed.get(id(previous)) == "between" and slot is None:
            slot = "between"
        if slot is None:
            bare_right.append(m)
        else:
            slots.setdefault(slot, []).append(m)
            placed[id(m)] = slot
        previous = m
    if len(slots.get("between", ())) > 1:
        _two_sides(grammar, slots)
    if verb:
        if thing:
            _put(slots, "object", _group(doc, bare_right))
        else:
            _verb_slots(doc, grammar, trigger, left, bare_right, slots)
        _hurt_subject(grammar, trigger, slots, counted, ceiling)
    else:
        if thing and "of" in slots:  # «استهدفت غارة تجمعا لمسلحين»
            _put(slots, "object", slots.pop("of"))
        near = left if _pronoun(doc, trigger) else [m for m in left if m.j >= floor]
        _noun_slots(doc, grammar, trigger, near, bare_right, slots)
        _helped(doc, grammar, trigger, left, slots, first)
    if tools := slots.pop("tool", None):  # they stand for a doer who is not named
        _put(slots, "by", tools if not {"subject", "by"} & slots.keys() else [])
    if trigger.frame == "explosion" and any(m.resolves == "nation" for m in slots.get("subject", ())):
        _put(slots, "by", [replace(m, place=True) for m in slots.pop("subject") if m.resolves == "nation"])
    if trigger.frame == "disarm":  # «تصدت لصواريخ إسرائيلية»: the state's weapons, not its people
        for named in slots.values():
            named[:] = [replace(m, place=True) if m.resolves == "nation" else m for m in named]
    if trigger.frame == "explosion" and not {"on", "object"} & slots.keys():  # "exploded near an army patrol"
        near = [m for m in slots.get("in", ()) if m.i - trigger.j <= _NEAR_TARGET and m.resolves not in UNARMED]
        _put(slots, "on", near[:1])
    if trigger.frame == "explosion":
        _whose_weapons(doc, trigger, slots)
    return slots


def _pronoun(doc: Document, trigger: Trigger) -> bool:
    """Does a noun bear a pronoun for the doer («سيطرتها على»)?"""
    if trigger.behind or not doc.language.article:
        return bool(trigger.behind)
    return not trigger.features and trigger.frame == "capture" and doc.words[trigger.i].endswith(doc.language.owners)


def _beside(trigger: Trigger, m: Mention) -> bool:
    """Does a mention stand right behind a verb, which takes it as no preposition does («استهدفت مسيرة تركية»)?"""
    return trigger.verb and m.i == trigger.i + 1 and not m.before


def _whose_weapons(doc: Document, trigger: Trigger, slots: Slots) -> None:
    """A group's name right behind an indefinite weapon is its owner («مقذوفات حوثية»)."""
    article = doc.language.article
    if not article or article in doc.words[trigger.j - 1][: len(article) + 1]:
        return
    for slot in ("subject", "object"):
        named = slots.get(slot, [])
        if named and named[0].i == trigger.j and named[0].resolves == "group" and not named[0].before:
            _put(slots, "by", [named[0]])
            slots[slot] = named[1:]
            return


def _tool(trigger: Trigger, m: Mention, slot: str | None) -> str | None:
    """Tanks and aircraft *with* which a deed is done («قصف بالدبابات», "shelled with artillery") are the doer's."""
    if trigger.frame != "attack" or not m.thing or m.idle:
        return slot
    return "tool" if slot == "with" or (slot == "on" and m.before) else slot


def _nominal(grammar: Grammar, trigger: Trigger) -> bool:
    """Is a form in -ing a noun here ("rebel shelling"), not part of a tense ("were shelling")?"""
    return trigger.features == "v.ing" and not any(k in grammar.be for k in range(trigger.i - 2, trigger.i))


def _state(trigger: Trigger, m: Mention) -> Mention:
    """A nationality beside a deed («غارة إسرائيلية», "Russian air strikes") is the state's forces."""
    return replace(m, place=True) if m.resolves == "nation" and trigger.frame in _DEEDS else m


def _two_sides(grammar: Grammar, slots: Slots) -> None:
    """Part those between whom something is: at «من جهة», else the first from the rest."""
    listed = slots["between"]
    marks = [
        k
        for k, slot in grammar.slot_end.items()
        if slot in ("between", "between2") and listed[0].j < k < listed[-1].i + 1
    ]
    cut = sum(m.j <= min(marks) for m in listed) if marks else 1
    cut = min(max(cut, 1), len(listed) - 1)
    slots["between"], slots["between2"] = listed[:cut], [*slots.get("between2", ()), *listed[cut:]]


def _helped(
    doc: Document, grammar: Grammar, trigger: Trigger, left: Sequence[Mention], slots: Slots, first: int
) -> None:
    """The subject of a light verb before a noun («قام الجيش بقصف») and who undergoes it («تعرضت … لقصف»)."""
    reach = range(trigger.i - 1, max(first, trigger.i - _HELPER_REACH) - 1, -1)
    for helpers, slot in ((grammar.light, "subject"), (grammar.undergo, "object")):
        start = next((k for k in reach if k in helpers and _takes(grammar, k, trigger)), None)
        if start is None or slot in slots:
            continue
        helped = _group(doc, [m for m in left if m.i > start and slot_before(doc, grammar, m, start) is None])
        if not helped and start not in grammar.light_nouns:
            helped = _before(doc, grammar, [m for m in left if m.j <= start], first)
        _put(slots, "by" if slot == "subject" and trigger.frame == "explosion" else slot, helped)


def _takes(grammar: Grammar, k: int, trigger: Trigger) -> bool:
    """Does a helper verb at word ``k`` take the noun by the clitic that it bears («رد الجيش بقصف …»)?"""
    clitics = grammar.takes.get(k)
    return clitics is None or any(c in trigger.before for c in clitics)


def _put(slots: Slots, slot: str, mentions: Sequence[Mention]) -> None:
    if mentions:
        slots.setdefault(slot, []).extend(mentions)


def _hurt_subject(grammar: Grammar, trigger: Trigger, slots: Slots, counted: Sequence[int], ceiling: int) -> None:
    """Those before a verb of killing that kills nobody behind it, or some of them, were killed («… وقتل 8 منهم»)."""
    if trigger.frame != "casualty" or "object" in slots or "subject" not in slots:
        return
    some = any(k in grammar.partitive for k in range(trigger.j, min(trigger.j + _PARTITIVE_REACH, ceiling)))
    if some or (not any(trigger.i <= c < ceiling for c in counted) and not trigger.behind):
        slots["object"] = slots.pop("subject")


def _group(doc: Document, mentions: Sequence[Mention]) -> list[Mention]:
    """The first mention with those coordinated to it."""
    out = list(mentions[:1])
    for m in mentions[1:]:
        if not coordinated(doc, out[-1], m):
            break
        out.append(m)
    return out


def _before(doc: Document, grammar: Grammar, left: Sequence[Mention], floor: int) -> list[Mention]:
    """The nearest mention before a verb that no preposition governs, with its coordinates."""
    governed: list[tuple[Mention, str | None]] = []
    for m in left:
        slot = slot_before(doc, grammar, m, floor)
        if slot == "in" and opens_clause(grammar, m.i, max(floor, m.i - _FILLERS)):
            slot = None  # "after gunmen attacked": a conjunction, no preposition
        if slot is None and governed and governed[-1][1] is not None and coordinated(doc, governed[-1][0], m):
            slot = governed[-1][1]  # "troops backed by Syrian and Russian jets"
        governed.append((m, slot))
    free = [m for m, slot in governed if slot is None]
    if not free:  # «وحدات من الجيش», "dozens of rebels": the part stands for the whole
        near = [(m, slot) for m, slot in governed if slot != "allied" and not (slot == "on" and m.thing)][-1:]
        free = [m for m, slot in near if slot in ("from", "of")]
    if not free:
        return []
    out = [free[-1]]
    for m in reversed(free[:-1]):
        if not coordinated(doc, m, out[0]):
            break
        out.insert(0, m)
    return out


def _verb_slots(
    doc: Document, grammar: Grammar, trigger: Trigger, left: Sequence[Mention], right: Sequence[Mention], slots: Slots
) -> None:
    floor = left[0].i if left else trigger.i
    subject = _before(doc, grammar, left, floor)
    after = _group(doc, right)
    if doc.language.code == "en":
        if _passive_en(grammar, trigger, subject, slots):
            _put(slots, "object", subject or after)
        else:
            _put(slots, "subject", subject)
            _put(slots, "object", after)
        return
    rest = [m for m in right if m not in after]
    if "of" in slots:
        _put(slots, "object", slots.pop("of"))
    casualty = trigger.frame == "casualty"
    if "pass" in trigger.features or trigger.i in grammar.passive:
        _put(slots, "object", after or subject)
    elif trigger.behind and after and after[0].i - trigger.j <= _NEXT:  # «الضابط قتله مسلحون»
        _put(slots, "subject", after)
        _put(slots, "object", subject if subject and trigger.i - subject[-1].j <= _NEXT else _group(doc, rest))
    elif subject and trigger.i - subject[-1].j <= 6 and not _new_clause(grammar, trigger, subject, after):
        _put(slots, "subject", subject)
        _put(slots, "object", after)
    elif rest and after and after[0].i - trigger.j <= 3:
        _put(slots, "subject", after)
        _put(slots, "object", _group(doc, rest))
    elif after and (casualty or trigger.behind):
        _put(slots, "object" if casualty and not trigger.behind else "subject", after)
    else:
        _put(slots, "subject", after or subject)


def _new_clause(grammar: Grammar, trigger: Trigger, subject: Sequence[Mention], after: Sequence[Mention]) -> bool:
    """Does a verb begin a clause of its own, so that its subject stands behind it («كما هاجم مسلحون …»)?"""
    if trigger.before.startswith(("و", "ف")):
        return True
    cut = any(k in grammar.boundary for k in range(subject[-1].j, trigger.i))
    return cut and bool(after) and after[0].i - trigger.j <= 1


def _passive_en(grammar: Grammar, trigger: Trigger, subject: Sequence[Mention], slots: Slots) -> bool:
    if "pp" not in trigger.features:
        return False
    if any(k in grammar.be for k in range(trigger.i - 3, trigger.i)):
        return True
    return "by" in slots


def _storms(doc: Document, m: Mention) -> bool:
    """Does a definite object follow an indefinite armed genitive («اقتحام مسلحين المقر»)?"""
    article = doc.language.article
    behind = doc.words[m.j] if m.j < len(doc.words) else ""
    return behind.startswith(article) and not m.before and m.name is None and m.resolves not in UNARMED and not m.thing


def _noun_slots(
    doc: Document, grammar: Grammar, trigger: Trigger, left: Sequence[Mention], right: Sequence[Mention], slots: Slots
) -> None:
    owner = str(
        trigger.rule.data.get("noun_of")
        or ("object" if trigger.frame in ("casualty", "abduct", "arrest") else "subject")
    )
    after = _group(doc, right)
    if doc.language.code == "en":
        gap = set(doc.words[left[-1].j : trigger.i]) if left else set()
        if left and trigger.frame == "explosion" and gap <= _BRACKETS and left[-1].resolves in _OWNERS:
            _put(slots, "by", [left[-1]])
        near = [
            m
            for m in left
            if trigger.i - m.j <= 2 and not any(k in grammar.slot_end for k in range(m.j + 1, trigger.i + 1))
        ]
        if near:
            listed = _before(doc, grammar, left[: left.index(near[-1]) + 1], left[0].i) or near[-1:]
            _put(slots, owner if trigger.frame == "casualty" else "subject", [_state(trigger, m) for m in listed])
        if "of" in slots:
            _put(slots, owner, slots.pop("of"))
        if after and after[0].i - trigger.j <= 2:
            _put(slots, "object", after)
        return
    flown = left[-1:] if left and left[-1].i == trigger.i and left[-1].thing and not left[-1].idle else []
    if flown:  # the trigger's words begin with the aircraft («طائرة مسيرة تركية استهدفت …»)
        _put(slots, "subject", flown)
        _put(slots, "object", [*after, *slots.pop("of", [])])
        return
    genitive = after and after[0].i - trigger.j <= 3
    if genitive and owner == "object" and trigger.frame == "attack" and _storms(doc, after[-1]):
        owner = "subject"
    if trigger.i in grammar.passive:  # «تم اعتقال رجل»
        _put(slots, "object", [*slots.pop("of", []), *after])
        return
    if _pronoun(doc, trigger) and owner == "subject":  # «قصفها»: the doer is whom the pronoun points back to
        free = [m for m in left if m.resolves != "nation" and slot_before(doc, grammar, m, left[0].i) is None]
        _put(slots, "subject", _group(doc, free[-1:]))
        _put(slots, "object", slots.pop("of", []) or after)
        return
    if genitive and after[0].resolves == "air-force":
        owner = "subject"
    if genitive and after[0].idle:
        owner = "object"
    elif genitive and owner == "object" and after[-1].resolves not in UNARMED:
        behind = next((m for m in right if m.i >= after[-1].j), None)  # «حرق مسلحون بيتا», «اعتقال الشرطة رجلا»
        owner = "subject" if behind is not None and behind.i - after[-1].j <= 1 else owner
    if genitive and after[0].resolves == "nation":
        after = [_state(trigger, after[0])]
        owner = "subject" if after[0].place else owner
    if genitive:
        _put(slots, owner, after)
        if owner == "subject":
            _put(slots, "object", _group(doc, [m for m in right if m.i >= after[-1].j]))
    of = slots.pop("of", [])
    if of and of[0].resolves == "air-force" and "subject" not in slots:  # «غارة للطيران»
        owner, genitive = "subject", False
    if of:
        _put(slots, "object" if genitive and owner == "subject" else owner, of)
