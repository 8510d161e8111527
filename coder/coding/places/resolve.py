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

from coder.coding.places.gazetteer import Gazetteer, Place

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
_TURNS = 3
_STRANGER = 100_000  # people: a smaller place, not on our list, needs its country in play
_MOST_VOTES = 5.0  # more mentions of a country than this make its places no likelier
_KM_A_DEGREE = 111.2
_WHOLE = frozenset(("country", "admin1", "region"))

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
    sure = [_only_country(m, places) for m in mentions]
    chosen = [places[m.candidates[0]] if len(m.candidates) == 1 else None for m in mentions]
    scores: list[dict[int, float]] = [{} for _ in mentions]
    for turn in range(_TURNS):
        voters = [c.country if c else None for c in chosen] if turn else sure
        votes, before = _votes(voters, context or Context()), list(chosen)
        for candidates, members in groups.items():
            own = Counter(voters[n] for n in members)
            shared = {
                i: base[i]
                + _VOTE * log1p(min(_MOST_VOTES, votes[places[i].country] - own[places[i].country]))
                + _company(i, members, mentions, before, places, gaz)
                for i in candidates
            }
            for n in members:
                scores[n] = {i: s + _kind_fit(places[i], mentions[n].kind) for i, s in shared.items()}
                chosen[n] = places[max(candidates, key=lambda i: (scores[n][i], -i))]
    votes = _votes([c.country if c else None for c in chosen], context or Context())
    return [
        _result(m, s, c, votes, len(groups[m.candidates])) if m.candidates else None
        for m, s, c in zip(mentions, scores, chosen, strict=True)
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


def _votes(voters: Sequence[str | None], context: Context) -> dict[str, float]:
    """How often each country is in play: by the context, and by one vote a mention."""
    votes: dict[str, float] = defaultdict(float, {c: float(w) for c, w in context.countries.items()})
    for country in voters:
        if country is not None:
            votes[country] += 1
    return votes


def _company(
    i: int,
    members: Sequence[int],
    mentions: Sequence[PlaceMention],
    chosen: Sequence[Place | None],
    places: Mapping[int, Place],
    gaz: Gazetteer,
) -> float:
    """The best that any mention of the name has to say from the mentions around it: a parent, a neighbour."""
    place, best = places[i], 0.0
    for n in members:
        for k in range(max(0, n - _REACH), min(len(mentions), n + _REACH + 1)):
            if mentions[k].candidates == mentions[n].candidates:
                continue
            gap = mentions[k].start - mentions[n].end if k > n else mentions[n].start - mentions[k].end
            if gap <= _BESIDE and any(gaz.within(place, places[c]) for c in mentions[k].candidates):
                best = max(best, _PARENT - _FADE * max(0, gap) + (0.3 if k > n else 0.0))
            other = chosen[k]
            if other is not None and other.kind not in _WHOLE and place.kind not in _WHOLE:
                km = _distance(place, other)
                best = max(best, next((bonus for reach, bonus in _NEAR if km <= reach), 0.0))
    return best


def _distance(a: Place, b: Place) -> float:
    """Kilometres between two places on a flat earth: good enough to tell near from far."""
    dx = (a.longitude - b.longitude) * cos(radians((a.latitude + b.latitude) / 2))
    return _KM_A_DEGREE * hypot(a.latitude - b.latitude, dx)


def _kind_fit(place: Place, kind: str) -> float:
    if not kind:
        return 0.0
    fits = KIND_FITS.get(kind)
    if fits is None:
        return 0.0
    if place.kind in fits:
        return _KIND
    return _CLASH if place.kind in _WHOLE or kind == "province" else 0.0


def _result(
    mention: PlaceMention,
    scores: Mapping[int, float],
    place: Place | None,
    votes: Mapping[str, float],
    times: int,
) -> ResolvedPlace | None:
    if place is None:
        return None
    stranger = not place.news and place.kind not in _WHOLE and place.population < _STRANGER
    if (
        stranger
        and votes.get(place.country, 0.0) <= times
        and any(country != place.country and weight >= 1 for country, weight in votes.items())
    ):
        return None
    ordered = sorted(scores.values(), reverse=True)
    return ResolvedPlace(mention, place, ordered[0] - ordered[1] if len(ordered) > 1 else ordered[0])
