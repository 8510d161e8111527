"""From a resolved place and the words around it to the coded location (codebook, section 6)."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from coder.knowledge.places.gazetteer import Gazetteer, Place

EXACT, NEAR, AREA = 1, 2, 3  # geo_precision: the place itself; near it or part of it; only the area is known
_AREAS = frozenset(("country", "admin1", "region", "border", "sea"))
_INNER = frozenset(("building", "neighbourhood", "landmark", "airport", "base", "port", "crossing", "camp", "village"))
_LOOSE = frozenset(("direction", "near", "outskirts", "countryside", "part", "centre", "road", "distance"))
_WIDE = frozenset(("district", "admin2", "admin3", "river", "road", "valley"))  # larger than a point


@dataclass(frozen=True, slots=True)
class Location:
    """Where a claim's event happened: the place columns of the claims table.

    ``location_text`` is the span (start, end) in the article's characters, or None where the place comes from
    context; coordinates are degrees north and east; ``region`` is ACLED's region of the world.
    """

    location: str
    location_text: tuple[int, int] | None
    location_relation: str | None
    admin1: str | None
    admin2: str | None
    admin3: str | None
    country: str
    iso: int
    region: str
    latitude: float
    longitude: float
    geo_precision: int
    place_id: str


class PlaceCue(NamedTuple):
    """A match of a rule of ``data/rules/*/places.yaml`` at the words [i, j)."""

    i: int
    j: int
    rule: str
    data: Mapping[str, Any]


class Relation(NamedTuple):
    """What the words around a name say of it. ``i`` and ``j`` bound the words that belong to the place.

    ``relation`` is "" or the loosest of: inside, centre, part, direction, near, outskirts, countryside, road,
    distance; ``kind`` the kind word («محافظة» → province) or ""; ``bearing`` in degrees clockwise from north;
    ``rules`` the ids of the entries that were read.
    """

    i: int
    j: int
    relation: str = ""
    kind: str = ""
    bearing: float | None = None
    km: float | None = None
    words: tuple[tuple[int, int], ...] = ()
    rules: tuple[str, ...] = ()

    @property
    def cued(self) -> bool:
        """Do these words show that the name is a place?"""
        return bool(self.rules)


def read_relation(
    i: int,
    j: int,
    cues: Sequence[PlaceCue],
    number_at: Callable[[int], float | None],
    signs: Container[int] = (),
) -> Relation:
    """The relation of the name at words [i, j), read outwards from it, first before, then behind.

    ``cues`` are all matches of the places rules in the sentence; ``number_at(k)`` is the number that ends
    with word ``k``, or None; ``signs`` are the words that are quotation marks or hyphens, which are passed.
    """
    relation = Relation(i, j)
    for before, sides in ((True, ("before", "both")), (False, ("behind", "both"))):
        wanted = [c for c in cues if c.data.get("side", "before") in sides]
        relation = _outwards(relation, wanted, number_at, signs, before)
    return relation


def _outwards(
    relation: Relation,
    cues: Sequence[PlaceCue],
    number_at: Callable[[int], float | None],
    signs: Container[int],
    before: bool,
) -> Relation:
    at = relation.i if before else relation.j
    while True:
        while (at - 1 if before else at) in signs:
            at += -1 if before else 1
        ahead = at + 1 if not before and number_at(at) is not None else at  # behind: «18 كيلومترا»
        beside = [c for c in cues if (c.j == at if before else c.i in (at, ahead))]
        if not beside:
            break
        cue = max(beside, key=lambda c: c.j - c.i)
        number = number_at(cue.i - 1) if cue.data.get("relation") == "distance" else None
        at = cue.i - (number is not None) if before else cue.j
        if cue.data.get("relation") == "glue":
            continue
        relation = _add(relation, cue)
        if number is not None:
            relation = relation._replace(km=number * float(cue.data.get("km", 1.0)))
    if before:
        return relation._replace(i=min([relation.i, *(i for i, _ in relation.words)]))
    return relation._replace(j=max([relation.j, *(j for _, j in relation.words)]))


def _add(relation: Relation, cue: PlaceCue) -> Relation:
    kind = relation.kind or str(cue.data.get("kind", ""))
    meaning = str(cue.data.get("relation", ""))
    keep = relation.relation in _LOOSE and meaning not in _LOOSE
    bearing = relation.bearing if relation.bearing is not None else cue.data.get("bearing")
    return relation._replace(
        relation=relation.relation if keep or not meaning else meaning,
        kind=kind,
        bearing=bearing,
        words=(*relation.words, (cue.i, cue.j)),
        rules=(*relation.rules, cue.rule),
    )


def code_location(
    place: Place,
    gaz: Gazetteer,
    relation: Relation | None = None,
    span: tuple[int, int] | None = None,
    relation_text: str | None = None,
    is_context: bool = False,
) -> Location:
    """The coded location of an event at ``place``.

    ``span`` is where the text names it, ``relation_text`` the words between; ``is_context`` says that the
    claim itself names no place, so that the precision is no better than 2.
    """
    relation = relation or Relation(0, 0)
    precision = _precision(place, relation, gaz)
    at = gaz.capital(place) if place.kind in ("country", "admin1", "region") else place
    if place.kind == "building":  # an hotel, a mosque, a museum is coded at the town that it stands in
        at = gaz.town(place)
    country = at if at.country == place.country else place
    latitude, longitude = at.latitude, at.longitude
    if relation.km is not None and relation.bearing is not None and place.kind not in ("country", "region"):
        from geopy.distance import geodesic  # slow to import, seldom needed

        point = geodesic(kilometers=relation.km).destination((latitude, longitude), relation.bearing)
        latitude, longitude = round(point.latitude, 5), round(point.longitude, 5)
    location = Location(
        location=at.name,
        location_text=None if is_context else span,
        location_relation=relation_text or None,
        admin1=at.admin1 or place.admin1,
        admin2=at.admin2,
        admin3=at.admin3,
        country=country.country,
        iso=country.iso,
        region=country.region,
        latitude=latitude,
        longitude=longitude,
        geo_precision=precision,
        place_id=at.place_id,
    )
    return in_context(location) if is_context else location


def in_context(location: Location) -> Location:
    """The same place, for a claim that does not name it: no words of its own, precision no better than 2."""
    return replace(
        location, location_text=None, location_relation=None, geo_precision=max(NEAR, location.geo_precision)
    )


def _precision(place: Place, relation: Relation, gaz: Gazetteer) -> int:
    if place.kind in _AREAS:
        return AREA
    if relation.kind == "province":
        unit = gaz.admin1(place)
        return AREA if unit is not None and unit.capital == place.place_id else NEAR
    if relation.relation in _LOOSE or place.kind in _WIDE:
        return NEAR
    return NEAR if relation.kind == "district" and place.kind not in _INNER else EXACT
