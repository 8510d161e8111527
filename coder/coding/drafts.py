"""Drafts of claims, and which of them tell of one event (codebook section 1).

A draft is one unit of one sentence with its speaker, place and time. Drafts that tell of one event form a story;
within a story, those of one speaker are one claim.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice

from coder.coding.actors import Mention
from coder.coding.casualties import Count
from coder.coding.crowds import aftermath
from coder.coding.numbers import Number
from coder.coding.scan import Scan
from coder.coding.speakers import Speaker, same_speaker
from coder.coding.units import Unit

_POINTED = frozenset(("attack", "battle", "abduct", "protest"))  # families that «the attack» may point back to
_BATTLE = frozenset(("attack", "battle"))
_UNKNOWN = "gen.unknown-gunmen"  # those who are said to be known to nobody
_MEMORY = 100  # stories that may still be gone on with, so that the cost stays linear in the article's length
_TOLL_REACH = 6  # words between a place and the toll before it


@dataclass(slots=True, unsafe_hash=True)
class When:
    """A period [first, last], its precision, and the words that give it; ``own``: they stand in the claim's passage;
    ``said``: they tell when it was said. ``lends``: it may date its neighbours, as the day before the news may not.
    """

    first: date
    last: date
    precision: int
    i: int
    j: int
    rule: str
    own: bool = True
    said: bool = False
    lends: bool = True

    @property
    def days(self) -> int:
        """How many days lie between its first and its last."""
        return (self.last - self.first).days

    @property
    def explicit(self) -> bool:
        """Do words of the claim's own passage give it?"""
        return self.own and self.j > self.i


@dataclass(slots=True, unsafe_hash=True)
class Where:
    """A place by its number in the gazetteer, and the words that name it (none: taken from elsewhere).

    ``name`` is the name of one that the gazetteer lacks, which lies within the numbered place.
    """

    place: int
    i: int
    j: int
    relation: tuple[int, int] | None
    rule: str
    name: str = ""


@dataclass(slots=True, eq=False)
class Draft:
    """One unit with what its own sentence says of it."""

    unit: Unit
    family: str
    speaker: Speaker
    where: Where | None
    when: When | None
    actor1: list[Mention]
    actor2: list[Mention]
    counts: list[Count]
    shared: bool = False
    new_event: bool = False
    more: list[Unit] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Story:
    """The drafts that tell of one event, by speaker in order of appearance."""

    drafts: list[Draft]

    @property
    def families(self) -> set[str]:
        """The families that its drafts belong to."""
        return {d.family for d in self.drafts}


def names_of(mentions: Sequence[Mention]) -> set[str]:
    """Identities of the named organisations among mentions."""
    return {f"{m.name.id}" for m in mentions if m.name is not None}


def same_event(scan: Scan, story: Story, d: Draft) -> bool:
    """May a draft tell of the event of a story: family, place, time and sides agree or are silent?"""
    if d.new_event:
        return False
    return all(_agree(scan, other, d) for other in story.drafts) and _related(story, d)


def _related(story: Story, d: Draft) -> bool:
    families = story.families
    if d.unit.anaphoric:
        return bool(families & _POINTED)
    if d.family in families:
        return True
    if d.unit.frame == "casualty" or any(o.unit.frame == "casualty" for o in story.drafts):
        return bool(families | {d.family} <= {"attack", "battle", "protest", "abduct", "damage", "siege", "disarm"})
    return bool({d.family} | families <= _BATTLE) and (
        d.unit.sub is None or all(o.unit.sub is None for o in story.drafts)
    )


def _agree(scan: Scan, a: Draft, d: Draft) -> bool:
    if a.unit.modality != d.unit.modality and "planned" in (a.unit.modality, d.unit.modality):
        return False
    if (
        not d.unit.anaphoric
        and a.unit.sub
        and d.unit.sub
        and a.unit.sub != d.unit.sub
        and a.unit.sentence != d.unit.sentence
        and not (a.family == d.family == "battle" and "Armed clash" in (a.unit.sub, d.unit.sub))
        and not a.unit.open_to(d.unit.sub)
        and not d.unit.open_to(a.unit.sub)
    ):
        return False
    if a.where is not None and d.where is not None and not _near(scan, a.where, d.where):
        return False
    if a.when is not None and d.when is not None and (a.when.last < d.when.first or d.when.last < a.when.first):
        return False
    if (_unknown(a) and names_of(d.actor1)) or (_unknown(d) and names_of(a.actor1)):
        return False
    mine, its = names_of([*a.actor1, *a.actor2]), names_of([*d.actor1, *d.actor2])
    return not (mine and its and not mine & its)


def _unknown(d: Draft) -> bool:
    """Is the doer said to be unknown, and so none who is named elsewhere?"""
    return any(m.head is not None and m.head.id == _UNKNOWN for m in d.actor1)


def _near(scan: Scan, a: Where, b: Where) -> bool:
    """Is one place the other, or within it?"""
    if a.place == b.place:
        return a.name == b.name or not (a.name and b.name)
    gazetteer = scan.knowledge.gazetteer
    x, y = gazetteer.place(a.place), gazetteer.place(b.place)
    return gazetteer.within(x, y) or gazetteer.within(y, x)


def join(scan: Scan, stories: list[Story], d: Draft) -> None:
    """Add a draft to the latest story that it may tell of, else begin a story."""
    if aftermath(stories, d):
        return
    for story in islice(reversed(stories), _MEMORY):
        if same_event(scan, story, d):
            story.drafts.append(d)
            return
    if not d.unit.anaphoric:
        stories.append(Story([d]))


def claims_of(scan: Scan, story: Story) -> list[list[Draft]]:
    """The drafts of a story by speaker, in order of appearance; other modalities and places stay apart."""
    out: list[list[Draft]] = []
    for d in story.drafts:
        if out and (_adds(scan, out[-1][-1], d) or _mentions(d)):
            out[-1].append(d)
            continue
        for group in out:
            head = group[0]
            if (
                same_speaker(scan, head.speaker, d.speaker)
                and head.unit.modality == d.unit.modality
                and (
                    head.where is None
                    or d.where is None
                    or not (head.shared or d.shared)
                    or (head.where.place, head.where.name) == (d.where.place, d.where.name)
                )
            ):
                group.append(d)
                break
        else:
            out.append([d])
    return out


def _mentions(d: Draft) -> bool:
    """Does a draft in no one's name only point back to the event («the attack»), without a condemnation?"""
    return (d.unit.anaphoric or d.unit.definite) and d.speaker.j <= d.speaker.i and d.speaker.stance != "condemn"


def _adds(scan: Scan, last: Draft, d: Draft) -> bool:
    """Does a draft only add a toll or a detail, in no one's name, to what its neighbour told, or tell it again?"""
    definite = d.unit.definite and d.speaker.stance != "condemn"
    if (
        d.speaker.j > d.speaker.i
        or d.unit.modality != last.unit.modality
        or (d.unit.sub is not None and d.unit.frame != "casualty" and not definite)
    ):
        return False
    sentences = scan.doc.sentences
    near = 0 <= d.unit.sentence - last.unit.sentence <= 1
    return near and sentences[d.unit.sentence].paragraph == sentences[last.unit.sentence].paragraph and not d.shared


def richest(group: Sequence[Draft]) -> Draft:
    """The draft that says most: sides, place, time, tolls; of equals the first.

    The lead only sums up, but for condemnations, of which one repeats the other.
    """
    repeated = sum(d.speaker.stance == "condemn" for d in group) > 1
    sums_up = not repeated and any(d.unit.sub is not None for d in group[1:])
    lead = min(d.unit.sentence for d in group) if sums_up else -1

    def weight(d: Draft) -> int:
        return (
            -3 * (d.unit.sentence == lead)
            + 2 * bool(d.actor1)
            + 2 * bool(d.actor2)
            + 2 * (d.where is not None)
            + (d.when is not None)
            + 2 * bool(d.counts)
            + (d.unit.sub is not None)
        )

    return max(group, key=weight)


def at_each(draft: Draft, wheres: list[Where], numbers: list[Number]) -> list[Draft]:
    """The draft at each of several places; a number that stands before each place is that place's own toll."""
    own: list[list[Count]] = []
    for n, where in enumerate(wheres):
        after = wheres[n - 1].j if n else where.i - _TOLL_REACH
        inside = [x for x in numbers if after <= x.i and x.j <= where.i]
        own.append([_as_count(draft.counts[0], x) for x in inside[-1:]] if draft.counts else [])
    if own[0] and sum(map(bool, own)) > 1:
        for n, counts in enumerate(own):  # «five each in X and Y»
            own[n] = counts or own[n - 1]
        return [replace(draft, where=w, counts=counts) for w, counts in zip(wheres, own, strict=True)]
    return [_with_place(draft, w) for w in wheres]


def _as_count(like: Count, number: Number) -> Count:
    """A number in a list of tolls as a count of the same fate as the first."""
    return like._replace(
        i=number.i, j=number.j, low=number.low, high=number.high, best=number.best, vague=number.vague, part=False
    )


def _with_place(d: Draft, where: Where) -> Draft:
    """The same draft at another of the places that its sentence names together."""
    return replace(d, where=where, shared=True)
