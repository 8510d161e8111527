"""An offline geocoder behind geopy's interface, over the gazetteer: no network, no key, one answer always.

Fuzzy matching lives here alone: a person at the keyboard may misspell; the coder takes names as they stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from geopy.distance import geodesic
from geopy.exc import GeocoderQueryError
from geopy.geocoders.base import Geocoder
from geopy.location import Location as GeopyLocation
from geopy.point import Point
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from coder.coding.places.resolve import prior
from coder.knowledge.places.gazetteer import Gazetteer, Place
from coder.knowledge.places.names import fold_key, script_of
from coder.paths import data_dir

_ALIKE = 80  # of 100: a query must be this like a name that it does not equal
_FUZZY_LIMIT = 10
_MANY = 10  # results where the caller asks for all
_NEAREST = 64  # places by the flat distance, of which the true distances are compared
_AREAS = frozenset(("country", "admin1", "region", "border", "sea"))


class OfflineGazetteer(Geocoder):  # type: ignore[misc]  # geopy ships no types
    """Geocodes names in Arabic and English; ``location.raw`` is the gazetteer's row as a dict."""

    def __init__(self, gazetteer: Gazetteer | None = None, *, data_dirs: Sequence[Path] = (), **options: Any) -> None:
        super().__init__(**options)
        self.gazetteer = gazetteer or Gazetteer.load([data_dir(), *data_dirs])

    def geocode(
        self,
        query: str,
        *,
        exactly_one: bool = True,
        timeout: Any = None,
        language: str | None = None,
        country: str | None = None,
        fuzzy: bool = True,
        limit: int | None = None,
    ) -> GeopyLocation | list[GeopyLocation] | None:
        """The place of a name, or a name with the places that it lies in («Douma, Rural Damascus, Syria»).

        ``language`` is that of the address given back (``ar`` or ``en``), ``country`` a country's name
        to keep to. None where nothing is alike enough; raises GeocoderQueryError for an empty query.
        """
        if not query or not query.strip():
            raise GeocoderQueryError("the query is empty; give the name of a place")
        head, *parents = [part.strip() for part in query.replace("،", ",").split(",") if part.strip()] or [query]
        places = self._named(head) or (self._alike(head) if fuzzy else [])
        if country:
            places = [p for p in places if p.country == country]
        for parent in reversed(parents):
            outer = [o for o in self._named(parent) if o.kind in ("country", "admin1", "region", "city", "town")]
            inside = [p for p in places if any(self.gazetteer.within(p, o) for o in outer)]
            places = inside or places
        places = sorted(places, key=lambda p: (-prior(p, self.gazetteer), p.row))
        found = [self._location(p, language or script_of(query)) for p in places[: limit or _MANY]]
        if exactly_one:
            return found[0] if found else None
        return found or None

    def reverse(
        self,
        query: Any,
        *,
        exactly_one: bool = True,
        timeout: Any = None,
        language: str | None = None,
        limit: int = 1,
    ) -> GeopyLocation | list[GeopyLocation] | None:
        """The populated places nearest to a point (anything that geopy takes for a point)."""
        point = Point(query) if not isinstance(query, Point) else query
        latitudes, longitudes, rows = self._points
        flat = (latitudes - point.latitude) ** 2 + (
            (((longitudes - point.longitude) + 180) % 360 - 180) * np.cos(np.radians(point.latitude))
        ) ** 2
        first = np.argsort(flat, kind="stable")[: max(limit, _NEAREST)]
        places = [self.gazetteer.place(int(rows[n])) for n in first]
        places.sort(key=lambda p: (geodesic((p.latitude, p.longitude), (point.latitude, point.longitude)).km, p.row))
        found = [self._location(p, language or "en") for p in places[: 1 if exactly_one else max(limit, 1)]]
        return found[0] if exactly_one and found else found or None

    def _named(self, name: str) -> list[Place]:
        return list(self.gazetteer.find(name, script_of(name)))

    def _alike(self, name: str) -> list[Place]:
        language = script_of(name)
        names = self._keys[language]
        hits = process.extract(
            fold_key(name, language), names, scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=_FUZZY_LIMIT
        )
        best = max((score for _, score, _ in hits), default=0.0)
        return [p for key, score, _ in hits if score >= best - 2 for p in self.gazetteer.find(key, language)]

    @cached_property
    def _keys(self) -> dict[str, list[str]]:
        out: dict[str, list[str]] = {"ar": [], "en": []}
        for language, name, _, _ in self.gazetteer.names():
            out[language].append(name)
        return out

    @cached_property
    def _points(self) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
        return self.gazetteer.points(exclude=_AREAS)

    def _location(self, place: Place, language: str) -> GeopyLocation:
        names = place.names_ar if language == "ar" else ()
        parts = (names[0] if names else place.name, place.admin1, place.country)
        address = ", ".join(dict.fromkeys(part for part in parts if part))
        return GeopyLocation(address, Point(place.latitude, place.longitude), place._asdict())
