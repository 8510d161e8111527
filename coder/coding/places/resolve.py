"""Which place each mention of an article means: all mentions decided together, in near-linear time.

What counts: the countries in play (nationalities, countries, unambiguous places), a parent named beside,
nearness to the neighbouring mentions, the kind word before the name, size, and our own list of places that
news on conflict names. Mentions of one name mean one place, save that a kind word may ask for the province
instead of its chief town.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from math import cos, hypot, log1p, log10, radians
from typing import NamedTuple

from coder.knowledge.places.gazetteer import Gazetteer, Place

_BASE = {"country": 9.0, "admin1": 4.2, "region": 4.8, "border": 5.0}
_KNOWN_UNIT = 5.3  # a first-level unit whose chief town is on our list
_TYPICAL = {"city": 60_000, "town": 8_000, "village": 900}  # people, where the table has none
_OTHER = 2_000
_NEWS = 1.6
_VOTE = 1.6
_PARENT = 3.0
_KIND = 4.0
_CLASH = -2.5
_NEAR = ((25.0, 1.5), (80.0, 1.0), (200.0, 0.5))  # km, bonus
_REACH = 3  # mentions on either side that count as neighbours
_BESIDE = 45  # characters between a place and the parent named beside it
_FADE = 0.06  # of the parent's weight, a character
_BEHIND = 0.3  # a parent behind the name («Douma, Syria») weighs a little more
_TURNS = 3
_FAR_DEGREES = 1.8
_STRANGER = 100_000  # people: a smaller place, not on our list, needs its country in play
_MOST_VOTES = 5.0  # more mentions of a country than this make its places no likelier
_KM_A_DEGREE = 111.2
_WHOLE = frozenset(("country", "admin1", "region"))
_SITES = frozenset(("landmark", "neighbourhood"))  # their names recur from city to city

# The kinds of place that a kind word can stand before («محافظة», "town of").
KIND_FITS: Mapping[str, frozenset[str]] = {
    "province": frozenset(("admin1", "region")),
    "region": frozenset(("region", "admin1", "district")),
    "district": frozenset(("admin2", "admin3", "district", "neighbourhood", "town", "city", "village")),
    "city": frozenset(("city", "town")),
    "town": frozenset(("city", "town", "village", "district")),
    "village": frozenset(("village", "town")),
    "quarter": frozenset(("neighbourhood", "district")),
    "camp": frozenset(("camp", "base", "town")),
    "country": frozenset(("country",)),
    "mountain": frozenset(("mountain", "region")),
    "valley": frozenset(("valley", "region", "town", "village")),
    "airport": frozenset(("airport", "base", "landmark")),
    "base": frozenset(("base", "airport", "camp", "landmark")),
    "port": frozenset(("port", "city", "town")),
    "crossing": frozenset(("crossing", "town", "village", "border")),
    "island": frozenset(("island", "region", "admin1")),
    "square": frozenset(("landmark", "neighbourhood")),
}


class PlaceMention(NamedTuple):
    """A name in the text: its characters, the places that bear it, and the kind word beside it (or "")."""

    start: int
    end: int
    candidates: tuple[int, ...]
    kind: str = ""


class Context(NamedTuple):
    """What else speaks for a country: names as ACLED writes them, with how often they are in play."""

    countries: Mapping[str, float] = {}


class ResolvedPlace(NamedTuple):
    """The place that a mention means, and how far it leads before the next one (0: a toss-up)."""

    mention: PlaceMention
    place: Place
    margin: float


def resolve(
    mentions: Sequence[PlaceMention], gaz: Gazetteer, context: Context | None = None
) -> list[ResolvedPlace | None]:
    """The place of every mention, in their order; None where no candidate is believable here."""
    places = {i: gaz.place(i) for m in mentions for i in m.candidates}
    base = {i: prior(p, gaz) for i, p in places.items()}
    groups: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for n, mention in enumerate(mentions):
        if mention.candidates:
            groups[mention.candidates].append(n)
    open_groups = {c: g for c, g in groups.items() if len(c) > 1}
    voters = [_only_country(m, places) for m in mentions]
    chosen = [places[m.candidates[0]] if len(m.candidates) == 1 else None for m in mentions]
    margins = [base[m.candidates[0]] if len(m.candidates) == 1 else 0.0 for m in mentions]
    known = context.countries if context else {}
    for _ in range(_TURNS if open_groups else 0):
        votes, before = _votes(voters, known), list(chosen)
        for candidates, members in open_groups.items():
            own = Counter(voters[n] for n in members)
            shared = [
                base[i]
                + _VOTE * log1p(min(_MOST_VOTES, votes[places[i].country] - own[places[i].country]))
                + _company(places[i], members, mentions, before, places, gaz)
                for i in candidates
            ]
            for n in members:
                fit = [s + _kind_fit(places[i], mentions[n].kind) for i, s in zip(candidates, shared, strict=True)]
                best = max(range(len(fit)), key=fit.__getitem__)
                chosen[n] = places[candidates[best]]
                margins[n] = fit[best] - max(s for k, s in enumerate(fit) if k != best)
        if chosen == before:
            break
        voters = [place.country if place else None for place in chosen]
    votes = _votes([place.country if place else None for place in chosen], known)
    return [
        ResolvedPlace(m, place, margin) if place and _believable(place, votes, len(groups[m.candidates])) else None
        for m, place, margin in zip(mentions, chosen, margins, strict=True)
    ]


def prior(place: Place, gaz: Gazetteer) -> float:
    """How likely a name means this place, if nothing else is known (log10 of people, roughly)."""
    if place.kind == "admin1" and gaz.capital(place).news:
        return _KNOWN_UNIT
    fixed = _BASE.get(place.kind)
    if fixed is not None:
        return fixed
    people = place.population or _TYPICAL.get(place.kind, _OTHER)
    return log10(people + 100) + (_NEWS if place.news else 0.0)


def _only_country(mention: PlaceMention, places: Mapping[int, Place]) -> str | None:
    """The country that all places of the name lie in, or None."""
    countries = {places[i].country for i in mention.candidates}
    return countries.pop() if len(countries) == 1 else None


def _votes(voters: Sequence[str | None], known: Mapping[str, float]) -> dict[str, float]:
    """How often each country is in play: by the context, and by one vote a mention."""
    votes: dict[str, float] = defaultdict(float, known)
    for country in voters:
        if country is not None:
            votes[country] += 1
    return votes


def _company(
    place: Place,
    members: Sequence[int],
    mentions: Sequence[PlaceMention],
    chosen: Sequence[Place | None],
    places: Mapping[int, Place],
    gaz: Gazetteer,
) -> float:
    """The best that any mention of the name has to say from the mentions around it: a parent, a neighbour."""
    best, whole, count = 0.0, place.kind in _WHOLE, len(mentions)
    for n in members:
        start, end, candidates, _ = mentions[n]
        for k in range(max(0, n - _REACH), min(count, n + _REACH + 1)):
            there = mentions[k]
            if there.candidates == candidates:
                continue
            gap = there.start - end if k > n else start - there.end
            if gap <= _BESIDE:
                weight = _PARENT - _FADE * max(0, gap) + (_BEHIND if k > n else 0.0)
                if weight > best and any(gaz.within(place, places[c]) for c in there.candidates):
                    best = weight
            other = chosen[k]
            if other is not None and best < _NEAR[0][1] and not whole and other.kind not in _WHOLE:
                best = max(best, _nearness(place, other))
    return best


def _nearness(a: Place, b: Place) -> float:
    """A bonus for two places that lie near each other, on a flat earth: good enough to tell near from far."""
    dy = a.latitude - b.latitude
    if abs(dy) > _FAR_DEGREES:
        return 0.0
    km = _KM_A_DEGREE * hypot(dy, (a.longitude - b.longitude) * cos(radians(a.latitude)))
    return next((bonus for reach, bonus in _NEAR if km <= reach), 0.0)


def _kind_fit(place: Place, kind: str) -> float:
    if not kind:
        return 0.0
    fits = KIND_FITS.get(kind)
    if fits is None:
        return 0.0
    if place.kind in fits:
        return _KIND
    return _CLASH if place.kind in _WHOLE or kind == "province" else 0.0


def _believable(place: Place, votes: Mapping[str, float], times: int) -> bool:
    """May a name mean this place here? Not a small one that no list of ours names, alone of its country; nor a site."""
    if place.kind not in _SITES and (place.news or place.kind in _WHOLE or place.population >= _STRANGER):
        return True
    if votes.get(place.country, 0.0) > times:
        return True
    return not any(country != place.country and weight >= 1 for country, weight in votes.items())
