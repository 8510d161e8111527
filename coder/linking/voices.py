"""Who speaks for an event, and how many of them are independent of one another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from coder.linking.accounts import Account
from coder.linking.copies import ArticleFacts
from coder.linking.outlets import name_of
from coder.linking.sides import core_of

T = TypeVar("T")

UNKNOWN_OUTLET = "Unknown outlet"

_OWN_VOICE = frozenset(("media", "unnamed", "witness"))
_PARTISAN = frozenset(("rebel", "militia", "external_forces"))

NEUTRAL, PARTISAN, ACCUSER = 1.0, 0.6, 0.4
"""Weights of one voice: of those outside the fight, of a side on its own deeds, of a side on the other's."""


class Told(NamedTuple):
    """An account of an event with its standing.

    ``speaker`` says so: the claimant, or the outlet in its own voice. ``outlet`` carried it; ``origin`` is
    the same for all outlets that took it from one another; ``voice`` names the first mouth, and is the same
    for all that repeat one mouth. ``side`` is the side that the voice speaks for ("" for none), by the
    name's core; ``weight`` is what its word counts.
    """

    account: Account
    speaker: str
    outlet: str
    origin: str
    voice: str
    side: str
    weight: float

    @property
    def partisan(self) -> bool:
        """True for a voice that speaks for a side, or bears arms."""
        return bool(self.side) or self.account.claimant_type in _PARTISAN


def hear(accounts: Sequence[Account], facts: Mapping[str, ArticleFacts], names: Mapping[str, str]) -> list[Told]:
    """The accounts of one event with their standing, in the order given; ``names`` are those of the outlets."""
    articles = {account.article_id for account in accounts if account.article_id in facts}
    own = {article: name_of(facts[article].outlet or UNKNOWN_OUTLET, names) for article in articles}
    outlets = [_outlet(account, own, names) for account in accounts]
    origins = _origins(accounts, outlets, own, facts)
    told = []
    for account, outlet in zip(accounts, outlets, strict=True):
        origin = origins[outlet.casefold()]
        side = _side(account)
        partisan = bool(side) or account.claimant_type in _PARTISAN
        accuses = partisan and account.responsibility == "accused"
        weight = ACCUSER if accuses else PARTISAN if partisan else NEUTRAL
        speaker = name_of(account.source_claimant, names) if account.source_claimant else outlet
        told.append(Told(account, speaker, outlet, origin, _voice(account, origin, side), side, weight))
    return told


def _outlet(account: Account, own: Mapping[str, str], names: Mapping[str, str]) -> str:
    if account.source_outlet:
        return name_of(account.source_outlet, names)
    return own.get(account.article_id, UNKNOWN_OUTLET)


def _side(account: Account) -> str:
    name = {"actor1": account.actor1, "actor2": account.actor2}.get(account.claimant_side or "")
    return core_of(name) if name else ""


def _voice(account: Account, origin: str, side: str) -> str:
    if side:
        return f"side {side}"
    if account.source_claimant is None or account.claimant_type in _OWN_VOICE:
        return f"{account.claimant_type or 'media'} {origin}"
    return f"claimant {account.source_claimant.casefold()}"


def _origins(
    accounts: Sequence[Account],
    outlets: Sequence[str],
    own_names: Mapping[str, str],
    facts: Mapping[str, ArticleFacts],
) -> dict[str, str]:
    """For each outlet, in small letters, the origin that it belongs to.

    Copies of one text are of one origin: that of the agency which one of them credits, if it is but one.
    """
    parent = {outlet.casefold(): outlet.casefold() for outlet in outlets}

    def find(name: str) -> str:
        while parent[name] != name:
            name = parent[name]
        return name

    for own, credited in _copied(accounts, outlets, own_names, facts):
        same = sorted(own | credited) if len(credited) < 2 else sorted(own)
        for name in same[1:]:
            one, other = sorted((find(same[0]), find(name)))
            parent[other] = one
    return {name: find(name) for name in parent}


def _copied(
    accounts: Sequence[Account],
    outlets: Sequence[str],
    own_names: Mapping[str, str],
    facts: Mapping[str, ArticleFacts],
) -> Iterable[tuple[set[str], set[str]]]:
    """For every text that several articles carry: outlets that have it as their own, and those credited."""
    texts: dict[int, tuple[set[str], set[str], set[str]]] = {}
    for account, outlet in zip(accounts, outlets, strict=True):
        article = facts.get(account.article_id)
        if article is not None:
            ids, own, credited = texts.setdefault(article.copies, (set(), set(), set()))
            ids.add(account.article_id)
            mine = outlet.casefold() == own_names[account.article_id].casefold()
            (own if mine else credited).add(outlet.casefold())
    return [(own, credited) for ids, own, credited in texts.values() if len(ids) > 1]


def tally(votes: Iterable[tuple[Told, T]]) -> dict[T, float]:
    """What each value weighs: every voice has one vote for a value, however often it repeats it."""
    given = list(votes)
    if len(given) == 1:
        return {given[0][1]: given[0][0].weight}
    heard: dict[tuple[str, T], float] = {}
    for told, value in given:
        key = (told.voice, value)
        heard[key] = max(heard.get(key, 0.0), told.weight)
    weights: dict[T, float] = {}
    spread = Counter(voice for voice, _ in heard)
    for (voice, value), weight in heard.items():
        weights[value] = weights.get(value, 0.0) + weight / spread[voice]
    return weights
