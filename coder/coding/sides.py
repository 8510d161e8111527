"""From words to organisations: the canonical name and the inter code of a mention, by country and day.

Codebook section 4: state forces carry the years of the government that they serve; a description is resolved by
the country and the time of the event.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from coder.coding.actors import Mention
from coder.knowledge import Knowledge
from coder.knowledge.actors import Actor

_FORCE_OF_CLASS = {
    "military": "military",
    "police": "police",
    "government": "government",
    "intelligence": "intelligence",
    "border": "border",
    "prison": "prison",
    "air-force": "military",
    "judiciary": "judiciary",
    "paramilitary": "paramilitary",
}
_POLICE_LIKE = ("police", "intelligence", "border", "prison", "judiciary", "paramilitary")
_TEMPLATES = {
    "unidentified": ("Unidentified Armed Group ({country})", "Political militia"),
    "bomber": ("Unidentified Armed Group ({country})", "Political militia"),
    "criminal": ("Unidentified Gang ({country})", "Political militia"),
    "civilians": ("Civilians ({country})", "Civilians"),
    "protesters": ("Protesters ({country})", "Protesters"),
    "rioters": ("Rioters ({country})", "Rioters"),
    "settlers": ("Settlers (Israel)", "Identity militia"),
    "militia-islamist": ("Islamist Militia ({country})", "Political militia"),
    "militia-tribal": ("Unidentified Tribal Militia ({country})", "Identity militia"),
    "militia-ethnic": ("Unidentified Ethnic Militia ({country})", "Identity militia"),
    "militia-progov": ("Militia (Pro-Government)", "Political militia"),
}
_OPPOSITION = ("gen.opposition",)  # in a war, those who are simply called the opposition are its fighters
_GOVERNMENT = "gen.government"
_SECURITY = "gen.security-forces"
UNIDENTIFIED = _TEMPLATES["unidentified"]


@dataclass(slots=True, unsafe_hash=True)
class Side:
    """One side of an event: canonical name, ACLED interaction code, associates, and the words that name it."""

    name: str
    inter: str
    assoc: tuple[str, ...] = ()
    mention: Mention | None = None
    rule: str = ""


class Resolver:
    """Resolves the mentions of one article; ``play`` counts the groups that it names."""

    def __init__(self, knowledge: Knowledge, play: Mapping[str, int]) -> None:
        self.knowledge = knowledge
        self.play = play
        self._groups = knowledge.groups

    def side(self, m: Mention, country: str, day: date, unarmed: bool = False, violent: bool = False) -> Side:
        """The organisation that a mention stands for in an event in ``country`` on ``day``.

        ``unarmed``: the mention is attacked as a person, not as a force; officials and judges are civilians then.
        ``violent``: it does violence; a government does so through its military.
        """
        entry = m.name or m.head
        rule = entry.id if entry is not None else "nationality"
        assoc = self._assoc(m, country, day)
        if m.name is not None and m.name.kind == "group":
            name, inter = group_name(m.name, country, day)
            return Side(name, inter, assoc, m, rule)
        if m.name is not None:
            return self._state_side(m, m.name.country or country, country, day, rule, assoc)
        kind = m.resolves
        if unarmed and m.head is not None and m.head.data.get("as_victim"):
            kind = str(m.head.data["as_victim"])
        if m.head is not None and self._stands_for_rebels(m.head, country, day):
            kind = "rebels"
        if kind == "nation":
            nation = m.nation or country
            if not m.place:
                return Side(f"Civilians ({nation})", "Civilians", assoc, m, rule)
            return self.force("military", nation, country, day, m, rule)
        if m.head is not None and m.head.id == _GOVERNMENT and not unarmed and violent:
            kind = "military"
        if m.head is not None and m.head.id == _SECURITY:
            kind = self._security_force(m.nation or country) or kind
        if kind in _FORCE_OF_CLASS:
            return self.force(_FORCE_OF_CLASS[kind], m.nation or country, country, day, m, rule, assoc)
        if kind in ("rebels", "opposition", "separatists") or (
            m.head is not None and m.head.id in _OPPOSITION and self._rebel_term(country, day)
        ):
            name, inter = self.rebels(m.nation or country, day)
            return Side(name, inter, assoc, m, rule)
        if kind == "coalition":
            return self._coalition(m, country, day, rule)
        if kind == "peacekeepers":
            return Side("UN: United Nations", "External/Other forces", assoc, m, rule)
        template, inter = _TEMPLATES.get(kind, UNIDENTIFIED)
        if m.head is not None and m.head.data.get("name"):
            template = str(m.head.data["name"])
        where = m.nation if m.nation and kind == "civilians" else country
        return Side(template.format(country=where), inter, assoc, m, rule)

    def _security_force(self, nation: str) -> str | None:
        """Which force «security forces» means in a country, where its file says so."""
        state = self.knowledge.states.get(nation)
        found = state.data.get("security_forces") if state is not None else None
        if found is None or state is None:
            return None
        return next((kind for kind, force in state.forces.items() if force["id"] == found), str(found))

    def _assoc(self, m: Mention, country: str, day: date) -> tuple[str, ...]:
        assoc = m.head.data.get("assoc") if m.head is not None else None
        if not assoc:
            return ()
        years = self._years(country, day)
        template = str(assoc if years else str(assoc).replace(" ({years})", ""))
        return (template.format(country=country, years=years, people=m.nation or country),)

    def _state_side(self, m: Mention, nation: str, country: str, day: date, rule: str, assoc: tuple[str, ...]) -> Side:
        actor = m.name
        assert actor is not None
        if actor.kind == "state":
            kind = m.head.data["resolves"] if m.head is not None else "military"
            return self.force(_FORCE_OF_CLASS.get(str(kind), "military"), nation, country, day, m, rule, assoc)
        side = self.force(str(actor.data["kind"]), nation, country, day, m, rule, assoc, actor.data)
        if actor.name:
            years = self._years(nation, day)
            return Side(actor.name.format(years=years or ""), side.inter, assoc, m, rule)
        return side

    def _years(self, nation: str, day: date) -> str | None:
        state = self.knowledge.states.get(nation)
        return state.years(day) if state is not None else None

    def force(
        self,
        kind: str,
        nation: str,
        country: str,
        day: date,
        m: Mention | None,
        rule: str,
        assoc: tuple[str, ...] = (),
        data: Mapping[str, Any] | None = None,
    ) -> Side:
        """The forces of ``nation`` of one kind, in office on ``day``, active in ``country``."""
        inter = "State forces" if nation == country else "External/Other forces"
        state = self.knowledge.states.get(nation)
        years = state.years(day) if state is not None else None
        if data is None and state is not None:
            data = state.forces.get(kind) or (state.forces.get("police") if kind in _POLICE_LIKE else None)
        if data is not None:
            name = str(data["name"])
            name = name.format(years=years) if years else name.replace(" ({years})", "")
        else:
            base = {"military": "Military Forces of", "government": "Government of"}.get(kind, "Police Forces of")
            name = f"{base} {nation}" + (f" ({years})" if years else "")
        return Side(name, inter, assoc, m, rule)

    def _rebel_term(self, country: str, day: date) -> Mapping[str, Any] | None:
        state = self.knowledge.states.get(country)
        for term in (state.data.get("rebels") if state is not None else None) or ():
            if isinstance(term, Mapping):
                start, end = str(term.get("from") or "0001"), str(term.get("to") or "9999")
                if start[:4] <= str(day.year) <= end[:4]:
                    return term
        return None

    def _stands_for_rebels(self, head: Actor, country: str, day: date) -> bool:
        """Does a description («gunmen») mean the country's rebels in that war?"""
        term = self._rebel_term(country, day)
        return term is not None and head.id in (term.get("also") or ())

    def rebels(self, country: str, day: date) -> tuple[str, str]:
        """What «the rebels» are in a country on a day: canonical name and inter code."""
        term = self._rebel_term(country, day)
        if term is None:
            return f"Opposition Rebels ({country})", "Rebel group"
        return str(term["name"]), str(term.get("inter", "Rebel group"))

    def _coalition(self, m: Mention, country: str, day: date, rule: str) -> Side:
        best: Actor | None = None
        for actor in self._groups.values():
            data = actor.data
            if data.get("kind") != "external_forces" or country not in (data.get("countries") or ()):
                continue
            first, last = (data.get("years") or (None, None))[:2]
            if (first or 0) <= day.year <= (last or 9999) and (
                best is None or self.play.get(actor.id, 0) > self.play.get(best.id, 0)
            ):
                best = actor
        if best is None:
            return Side("Coalition Forces", "External/Other forces", (), m, rule)
        name, inter = group_name(best, country, day)
        return Side(name, inter, (), m, rule)

    def air_owners(self, country: str, day: date) -> list[Side]:
        """Whose aircraft flew in a country's war on a day."""
        state = self.knowledge.states.get(country)
        owners: list[Side] = []
        for term in (state.data.get("air_forces") if state is not None else None) or ():
            if str(term.get("from") or "0001")[:10] <= day.isoformat() <= str(term.get("to") or "9999")[:10]:
                owners += [side for ident in term["actors"] if (side := self._by_id(str(ident), country, day))]
        return list({o.name: o for o in owners}.values())

    def _by_id(self, ident: str, country: str, day: date) -> Side | None:
        group = self._groups.get(ident)
        if group is not None:
            name, inter = group_name(group, country, day)
            return Side(name, inter, (), None, ident)
        for nation, state in self.knowledge.states.items():
            for force in state.forces.values():
                if force["id"] == ident:
                    return self.force(str(force["kind"]), nation, country, day, None, ident)
        return None

    def friends(self, a: Side, b: Side) -> bool:
        """Do both sides fight for the recognised government, or side by side, so that they seldom fight each other?"""
        loyal = self.knowledge.government_side
        if {a.name, b.name} in self.knowledge.allied:
            return True
        return all(s.inter == "State forces" or s.name in loyal for s in (a, b))

    def enemies(self, side: Side, country: str, day: date) -> list[Side]:
        """The usual opponents of a side in a country, those that the article names first."""
        out: list[Side] = []
        actor = side.mention.name if side.mention is not None else None
        if actor is not None and actor.kind == "group":
            for enemy in actor.data.get("enemies") or ():
                found = self._enemy(str(enemy), country, day)
                if found is not None:
                    out.append(found)
        friend = side.name in self.knowledge.government_side
        if side.inter in ("Rebel group", "Political militia", "Identity militia") and not out and not friend:
            out.append(self.force("military", country, country, day, None, "usual opponent"))
        elif side.inter == "State forces":
            out += self._insurgents(country, day)
        return out

    def _insurgents(self, country: str, day: date) -> list[Side]:
        """The groups at war with a country's state that the article names, most often named first."""
        foe = f"state:{country}"
        at_war = [ident for ident in self.play if foe in (self._groups[ident].data.get("enemies") or ())]
        at_war.sort(key=lambda ident: -self.play[ident])
        return [found for ident in at_war if (found := self._enemy(ident, country, day)) is not None]

    def _enemy(self, enemy: str, country: str, day: date) -> Side | None:
        if enemy.startswith("state:"):
            nation = enemy.partition(":")[2]
            return self.force("military", nation, country, day, None, "usual opponent") if nation == country else None
        actor = self._groups.get(enemy)
        if actor is None or not self.play.get(enemy):
            return None
        name, inter = group_name(actor, country, day)
        return Side(name, inter, (), None, "usual opponent")


def group_name(actor: Actor, country: str, day: date) -> tuple[str, str]:
    """The canonical name and inter code of a group for an event in a country on a day."""
    data = actor.data
    variants = data.get("variants") or {}
    name = variants.get(country)
    if name is None:
        name = str(data["name_in"]).format(country=country) if data.get("name_in") else str(data["name"])
    inter = str(data["inter"])
    special = data.get("inter_in")
    if isinstance(special, Mapping):
        inter = str(special.get(country, inter))
    else:
        inter = _special_inter(special or (), country, day, inter)
    return str(name), inter


def _special_inter(special: Sequence[Mapping[str, Any]], country: str, day: date, inter: str) -> str:
    for term in special:
        if (
            term.get("country") in (None, country)
            and str(term.get("from") or "0001")[:4] <= str(day.year) <= str(term.get("to") or "9999")[:4]
        ):
            return str(term["inter"])
    return inter
