"""From a story's drafts to the coded values of a claim: type, sides, place, time, tolls (codebook sections 3 to 7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from coder.coding.actors import Mention
from coder.coding.casualties import Count
from coder.coding.crowds import MOB, VIOLENT, brawl, crowd, mob, other_crowd
from coder.coding.drafts import Draft, Story, When, Where
from coder.coding.lending import lends_doer, lends_target
from coder.coding.sides import Resolver, Side
from coder.coding.units import SUICIDE, family

ARMED = frozenset(("State forces", "Rebel group", "Political militia", "Identity militia", "External/Other forces"))
_GOOD = 4  # mentions that name a side this well are taken in the order of the text
_THINGS = ("explosion", "suicide", "casualty")  # frames whose subject is a thing or a victim
_BOMBS = (
    "Remote explosive/landmine/IED",
    SUICIDE,
)  # what state forces are not taken to have done unless it is said
_GO_ON = ("Shelling/artillery/missile attack", "Chemical weapon", "toll")  # what one doer does at many places
_NEAR_DEED = 2  # sentences between a deed and one like it that leaves its doer to it
_OFFICIAL = ("State forces", "External/Other forces")
_DOERS = ("attack", "battle", "abduct", "arrest", "damage", "disarm", "siege")
_VIOLENT = ("attack", "battle", "abduct")
_OUTSIDE_LAW = ("Rebel group", "Political militia", "Identity militia")  # whose arrests are abductions
_SURE = frozenset(
    ("military", "police", "rebels", "intelligence", "border", "coalition", "peacekeepers", "settlers", "separatists")
)
_NOBODY = "Unidentified"
_DEAD = "gen.dead"  # who they were is told elsewhere
_BELLIGERENTS = frozenset(("state", "external_forces", "rebel", "militia"))  # claimants that may tell of own deeds
_UNARMED_CLASSES = frozenset(("civilians", "protesters", "rioters"))


@dataclass(slots=True)
class Coded:
    """The substance of one claim before it is grounded: who, what, where, when."""

    sub: str
    side1: Side | None
    side2: Side | None
    where: Where
    named_here: bool
    when: When
    counts: list[Count]


def _weight(m: Mention) -> int:
    """How well a mention names a side; of several in one slot the best is taken."""
    kind = m.resolves
    if kind == "nation":
        return 4 if m.place else 1
    if m.official:
        return 1
    if m.name is not None:
        return 5
    if m.part or (m.head is not None and m.head.id == _DEAD):
        return 1
    if m.thing:
        return 3
    if kind == "civilians":
        return 3 if (m.head is not None and m.head.data.get("assoc")) or m.nation else 2
    return 5 if kind in _SURE else 4


def candidates(drafts: Iterable[Draft], side: str) -> list[Mention]:
    """The mentions that the drafts put on a side, the best first."""
    found: list[Mention] = []
    sent: set[int] = set()
    for d in drafts:
        found += [m for m in (d.actor1 if side == "actor1" else d.actor2) if m not in found]
        if any(m.name is not None for m in d.unit.slots.get("by", ())):  # «تفجير انتحاري نفذه التنظيم»
            sent.update(m.i for ms in d.unit.slots.values() for m in ms if m.resolves == "bomber")
    return sorted(found, key=lambda m: (m.i in sent, -min(_weight(m), _GOOD), m.i))


def _fought(group: Sequence[Draft]) -> bool:
    """Does a trigger of a claim tell of a clash?"""
    return any(t.frame == "clash" for d in group for t in d.unit.triggers)


def _stated(group: Iterable[Draft], m: Mention | None) -> bool:
    """Does a preposition say that the deed is theirs («نفذه الجيش», "by troops")?"""
    return m is not None and any(m in d.unit.slots.get("by", ()) for d in group)


def _deals(drafts: Iterable[Draft], m: Mention, side: str, country: str) -> bool:
    """Does a country's name mean its forces, not where it happened: a foreign doer, a subject, a party to a deal?"""
    if any(d.family == "agreement" for d in drafts):
        return True
    if side == "actor1" and m.nation != country:
        return True
    slot = "with" if side == "actor2" else "subject"
    return any(d.unit.head.verb and m in d.unit.slots.get(slot, ()) for d in drafts)


class Composer:
    """Codes the claims of one article.

    ``aircraft`` are the owners of the aircraft that it names, ``named`` the canonical names of all armed actors in it;
    the sides of its battles are kept for those that a text leaves out.
    """

    def __init__(
        self,
        resolver: Resolver,
        frames: Mapping[str, Mapping[str, object]],
        aircraft: Sequence[Side],
        named: frozenset[str],
    ) -> None:
        self.resolver = resolver
        self.frames = frames
        self.aircraft = aircraft
        self.named = named
        self.opponents: dict[str, list[tuple[Side, Side]]] = {}
        self.doers: list[tuple[int, str, Side]] = []

    def sides(
        self, group: Sequence[Draft], story: Story, country: str, day: date, frame: str, sub: str | None
    ) -> tuple[Side | None, Side | None]:
        """Both sides of a claim: from its own drafts, else from the story's, else from what the war implies."""
        fam = family(self.frames, frame)
        if fam == "attack" and sub == "Armed clash":
            fam = "battle"
        elif fam == "battle" and sub is None and any(m.resolves == "civilians" for m in candidates(group, "actor2")):
            fam = "attack"
        rest = [d for d in story.drafts if d not in group]
        one = self._side(group, "actor1", country, day, fam, None) or self._borrowed(
            [d for d in rest if lends_doer(d, group)], "actor1", country, day, fam, None
        )
        two = self._side(group, "actor2", country, day, fam, one) or self._borrowed(
            [d for d in rest if lends_target(d, group)], "actor2", country, day, fam, one
        )
        victims = self._victims(group, country, day, one)
        if victims is not None and (
            two is None or (two.mention is not None and two.mention.thing and victims.inter in ARMED)
        ):
            two = victims
        if one is not None and one.inter in _OFFICIAL and sub in _BOMBS and not _stated(group, one.mention):
            one = None
        fought = _fought(group)
        if (fought or (fam == "attack" and sub in (None, "Attack"))) and (crowd(two) or (fought and crowd(one))):
            one, two = (one, two) if crowd(one) else (two, one)  # «اشتباكات بين الشرطة ومتظاهرين»
            fam, frame = "protest", "riot" if fought else frame
        if fought and fam == "battle":
            riot = brawl(group, one, two, country)
            one, two, fam, frame = (*riot, "protest", "riot") if riot else (one, two, fam, frame)
        if fam == "protest":
            return self._protest(group, story, country, one, two, frame)
        one, two = self._bystanders(group, one, two, country, day, fam)
        if one is None and two is not None and fam in ("attack", "battle"):
            one = self._teller(group, two, country, day)
        if one is None and sub == "Air/drone strike":
            one = self._aircraft(country, day)
        if one is not None and one.rule == "air-force":
            one = self._aircraft(country, day)
        if fam == "battle":
            return self._battle(one, two, country, day)
        one = self._goes_on(group, one, fam, sub)
        if two is None and fam == "attack" and (sub == "Attack" or (sub is None and self._kills_people(group, one))):
            two = Side(f"Civilians ({country})", "Civilians", (), None, "unnamed victims")
        if one is None and fam == "arrest":
            one = self.resolver.force("police", country, country, day, None, "usual arrester")
        if one is None and fam in ("attack", "abduct", "damage"):
            one = Side(f"Unidentified Armed Group ({country})", "Political militia", (), None, "unknown doer")
        return one, two

    def _side(
        self, drafts: Sequence[Draft], side: str, country: str, day: date, fam: str, other: Side | None
    ) -> Side | None:
        ally: Side | None = None  # taken only where no enemy is named: allies seldom fight one another
        for m in candidates(drafts, side):
            if (
                side == "actor1"
                and fam in _DOERS
                and (m.resolves in _UNARMED_CLASSES or (m.resolves == "nation" and not m.place))
            ):
                continue
            if side == "actor1" and (m.idle or (m.official and fam in _VIOLENT)):
                continue
            if fam == "battle" and (m.resolves == "civilians" or (m.resolves == "nation" and not m.place)):
                continue
            if m.resolves == "nation" and m.place and not _deals(drafts, m, side, country):
                continue
            found = self.resolver.side(
                m,
                country,
                day,
                unarmed=side == "actor2" and (fam in ("attack", "abduct") or (fam == "arrest" and mob(m))),
                violent=fam in ("attack", "battle", "siege", "damage"),
            )
            if m.resolves == "air-force" and m.nation is None and m.name is None:
                found = Side(found.name, found.inter, (), m, "air-force")
            if other is not None and found.name == other.name:
                continue
            if ally is not None and (found.inter not in ARMED or found.name.startswith(_NOBODY)):
                continue
            if other is None or not self.resolver.friends(found, other):
                return found
            ally = ally or found
        return ally

    def _borrowed(
        self, drafts: Sequence[Draft], side: str, country: str, day: date, fam: str, other: Side | None
    ) -> Side | None:
        found = self._side(drafts, side, country, day, fam, other)
        return None if found is None else Side(found.name, found.inter, found.assoc, None, "event in force")

    def _victims(self, group: Sequence[Draft], country: str, day: date, other: Side | None) -> Side | None:
        """The side of the people that tolls count, where their words tell it."""
        for d in group:
            for c in d.counts:
                for m in d.actor1 + d.actor2:
                    if c.noun_i <= m.i < max(c.noun_j, c.noun_i + 1):
                        side = self.resolver.side(m, country, day)
                        if other is None or side.name != other.name:
                            return side
        return None

    def _kills_people(self, group: Sequence[Draft], one: Side | None) -> bool:
        """Did an armed side that the claim names kill people of whom it tells the number only ("killed 12")?"""
        dead = any(c.unit == "dead" and c.low and c.noun_j <= c.noun_i for d in group for c in d.counts)
        named = one is not None and (one.mention is not None or one.rule == "goes on")
        return dead and named and one is not None and one.inter in ARMED

    def _bystanders(
        self, group: Sequence[Draft], one: Side | None, two: Side | None, country: str, day: date, fam: str
    ) -> tuple[Side | None, Side | None]:
        """A side that its own sentence names outside of any slot, where it is the only one left."""
        names = {s.name for s in (one, two) if s is not None}
        found: dict[str, Side] = {}
        for d in group:
            for m in d.unit.bystanders:
                side = self.resolver.side(m, country, day)
                if side.name not in names and side.inter in ARMED and m not in d.actor1 + d.actor2:
                    found.setdefault(side.name, side)
        clashing = all(d.unit.frame in ("clash", "attack") for d in group)
        if len(found) == 2 and fam == "battle" and clashing and one is None and two is None:
            first, second = found.values()
            return first, second
        if len(found) != 1 or fam not in ("attack", "battle") or any(d.unit.frame in _THINGS for d in group):
            return one, two
        other = next(iter(found.values()))
        if one is None:
            return other, two
        if two is None and fam == "battle":
            return one, other
        return one, two

    def _teller(self, group: Sequence[Draft], two: Side, country: str, day: date) -> Side | None:
        """The forces that tell of enemies killed, where no doer is named: their own deed."""
        speaker = group[0].speaker
        m = speaker.mention
        if m is None or speaker.type not in _BELLIGERENTS or m.resolves == "government" or two.inter not in ARMED:
            return None
        side = self.resolver.side(m, country, day)
        if side.inter not in ARMED or side.name == two.name or (side.inter in _OFFICIAL and two.inter in _OFFICIAL):
            return None
        return Side(side.name, side.inter, side.assoc, None, "teller")

    def _goes_on(self, group: Sequence[Draft], one: Side | None, fam: str, sub: str | None) -> Side | None:
        """The doer, also where only the sentence before tells who fires («… rebels shelled X. Rockets also hit Y»)."""
        kind = "toll" if all(d.unit.frame == "casualty" for d in group) and sub in (None, "Attack") else sub
        if fam != "attack" or kind not in _GO_ON:
            return one
        at = min(d.unit.sentence for d in group)
        if one is not None:
            if one.mention is not None and one.inter in ARMED:
                self.doers.append((at, str(kind), one))
            return one
        last = next((s for n, k, s in reversed(self.doers) if k == kind and 0 <= at - n <= _NEAR_DEED), None)
        return None if last is None else Side(last.name, last.inter, last.assoc, None, "goes on")

    def _aircraft(self, country: str, day: date) -> Side:
        """Whose aircraft, where the text does not say (codebook section 4): the only air force in play."""
        owners = list({s.name: s for s in self.aircraft}.values())
        if len(owners) != 1:
            flown = self.resolver.air_owners(country, day)
            owners = [o for o in flown if o.name in self.named] or (flown if not owners else [])
        if len(owners) == 1:
            return Side(owners[0].name, owners[0].inter, (), None, "only air force")
        return Side(f"Unidentified Armed Group ({country})", "Political militia", (), None, "unknown aircraft")

    def _battle(self, one: Side | None, two: Side | None, country: str, day: date) -> tuple[Side | None, Side | None]:
        past = self.opponents.setdefault(country, [])
        known = one or two
        if known is not None and (one is None or two is None):
            faced = (b if a.name == known.name else a for a, b in reversed(past) if known.name in (a.name, b.name))
            other = next((o for o in faced if not self.resolver.friends(known, o)), None)
            if other is None:
                other = next((e for e in self.resolver.enemies(known, country, day) if e.name != known.name), None)
            if other is not None:
                other = Side(other.name, other.inter, other.assoc, None, "opponent in force")
                one, two = (one or other), (two or other)
        elif known is None and past:
            a, b = past[-1]
            one, two = (
                Side(a.name, a.inter, (), None, "event in force"),
                Side(b.name, b.inter, (), None, "event in force"),
            )
        if one is not None and two is not None:
            past.append((one, two))
        return one, two

    def _protest(
        self, group: Sequence[Draft], story: Story, country: str, one: Side | None, two: Side | None, frame: str
    ) -> tuple[Side | None, Side | None]:
        riot = frame == "riot" or any(d.unit.sub in ("Violent demonstration", "Mob violence") for d in group)
        name, inter = (f"Rioters ({country})", "Rioters") if riot else (f"Protesters ({country})", "Protesters")
        assoc = one.assoc if one is not None else ()
        if (
            one is not None
            and one.mention is not None
            and one.mention.name is not None
            and one.mention.name.kind == "group"
        ):
            assoc = (*assoc, one.name)
        demonstrators = Side(
            name, inter, assoc, one.mention if one is not None else None, one.rule if one else "protest"
        )
        if two is not None and two.inter in ("Civilians", inter) and not riot:
            two = None
        if riot and two is None and (rival := other_crowd(group)) is not None:
            two = Side(name, inter, (), rival, "crowd")
        if riot and two is not None and two.rule == "gen.criminals":
            two = Side(f"Civilians ({country})", "Civilians", (), two.mention, two.rule)  # the mob's suspect
        return demonstrators, two

    def sub_event(
        self, group: Sequence[Draft], story: Story, one: Side | None, two: Side | None, country: str
    ) -> str | None:
        """The sub-event type of a claim (codebook section 5), by its triggers, then its sides; None: not to be told."""
        own = [d.unit for d in group if d.unit.sub is not None]
        units = own or [d.unit for d in story.drafts if d.unit.sub is not None]
        sub = units[0].sub if units else None
        frame = units[0].frame if units else group[0].unit.frame
        subs = [u.sub for u in units]
        exact = [d.unit.sub for d in story.drafts if any(d.unit.sub != x for x in subs)]
        exact = [x for x in exact if all(u.sub == x or u.open_to(x) for u in units)]
        sub = SUICIDE if SUICIDE in exact else next(iter(exact), sub)
        if sub == MOB and any(d.unit.frame == "protest" for d in story.drafts):
            return VIOLENT
        if frame in ("capture", "lose") and sub in (
            "Government regains territory",
            "Non-state actor overtakes territory",
        ):
            return self._territory(one, two, country, sub)
        if crowd(one) and (sub in ("Armed clash", VIOLENT) or (sub == "Attack" and _fought(group))):
            return MOB if crowd(two) or (sub != VIOLENT and two is not None and two.inter == "Civilians") else VIOLENT
        if crowd(one) and sub in (None, "Attack"):
            return "Excessive force against protesters" if two is not None else sub
        if sub == "Attack" or sub is None:
            return self._attack(sub, story, one, two)
        dead = any(c.unit == "dead" and c.low for d in story.drafts for c in d.counts)
        if sub == "Looting/property destruction" and dead:  # a house burnt down over its people
            return "Attack"
        if sub == "Peaceful protest" and two is not None and two.inter == "State forces":
            return "Protest with intervention"
        if sub == "Arrests" and one is not None and one.inter in _OUTSIDE_LAW:
            return "Abduction/forced disappearance"
        return sub

    def _attack(self, sub: str | None, story: Story, one: Side | None, two: Side | None) -> str | None:
        families = story.families
        armed_two = two is not None and two.inter in ARMED
        armed_one = one is not None and one.inter in ARMED
        if "protest" in families and two is not None:
            return "Excessive force against protesters"
        if (
            armed_two
            and armed_one
            and not (two is not None and two.mention is not None and two.mention.resolves == "government")
        ):
            return "Armed clash"
        if two is not None:
            return "Attack"
        return sub

    def _territory(self, one: Side | None, two: Side | None, country: str, sub: str | None) -> str | None:
        if one is None:
            return sub
        if one.inter == "State forces":
            return "Government regains territory"
        if one.name in self.resolver.knowledge.government_side:
            return "Government regains territory"
        if one.inter == "External/Other forces":
            return (
                "Government regains territory"
                if two is None or two.inter != "State forces"
                else "Non-state actor overtakes territory"
            )
        return "Non-state actor overtakes territory"
