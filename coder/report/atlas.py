"""The map: where to look, the outlines as paths, events as clusters that show how exact their places are."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, floor, hypot, radians, sqrt
from typing import NamedTuple

from coder.report.outlines import outlines

WIDTH, HEIGHT = 960.0, 560.0
"""Size of the map in its own units, which are about the pixels of a wide screen."""

CELL = 34.0
"""Width of the squares in which events are one cluster."""

_MIDDLE = 0.96
"""Share of the events that the first view holds: single far ones would shrink all others to a point."""

_MARGIN, _NARROWEST = 0.12, 6.0
"""Room around the events as a share of their extent, and the least extent in degrees."""


class Spot(NamedTuple):
    """One event on the map: ``kind`` is the place of its type in ``KINDS`` of the page."""

    longitude: float
    latitude: float
    kind: int
    precision: int


class Cluster(NamedTuple):
    """Events in one square: centre, radius, number, leading type, how many at each precision, and which."""

    x: float
    y: float
    radius: float
    n: int
    kind: int
    precisions: tuple[int, int, int]
    spots: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class View:
    """A stretch of the world and how it is drawn: plate carrée, true to scale at its middle latitude."""

    west: float
    north: float
    stretch: float
    scale: float

    def place(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Where a point lies on the map, in the map's units from its upper left corner."""
        return (longitude - self.west) * self.stretch * self.scale, (self.north - latitude) * self.scale


def view_of(spots: Sequence[Spot]) -> View:
    """The view that holds all but the most outlying events; the whole world for none."""
    if not spots:
        return View(-180.0, 84.0, 1.0, WIDTH / 360)
    west, east = _middle([s.longitude for s in spots])
    south, north = _middle([s.latitude for s in spots])
    stretch = max(cos(radians((south + north) / 2)), 0.2)
    wide = max((east - west) * stretch, _NARROWEST) * (1 + 2 * _MARGIN)
    high = max(north - south, _NARROWEST) * (1 + 2 * _MARGIN)
    scale = min(WIDTH / wide, HEIGHT / high)
    centre = ((west + east) / 2, (south + north) / 2)
    return View(centre[0] - WIDTH / scale / stretch / 2, centre[1] + HEIGHT / scale / 2, stretch, scale)


def _middle(values: Sequence[float]) -> tuple[float, float]:
    ordered = sorted(values)
    cut = floor(len(ordered) * (1 - _MIDDLE) / 2)
    return ordered[cut], ordered[-1 - cut]


def paths(view: View) -> Iterator[tuple[str, str]]:
    """Each country's name and its outline as the data of an SVG path."""
    for outline in outlines():
        rings = []
        for ring in outline.rings:
            points = (view.place(*point) for point in ring)
            rings.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z")
        yield outline.name, "".join(rings)


def clusters(view: View, spots: Sequence[Spot]) -> list[Cluster]:
    """The events joined square by square, then with what a larger circle of a next square covers."""
    squares: dict[tuple[int, int], list[int]] = {}
    for n, spot in enumerate(spots):
        x, y = view.place(spot.longitude, spot.latitude)
        squares.setdefault((floor(x / CELL), floor(y / CELL)), []).append(n)
    circles = {square: _cluster(view, spots, members) for square, members in squares.items()}
    order = sorted(circles, key=lambda square: (-circles[square].n, square))
    found = []
    for square in order:
        circle = circles.pop(square, None)
        if circle is not None:
            covered = [near for near in _around(square) if near in circles and _covers(circle, circles[near])]
            members = [*circle.spots, *(n for near in covered for n in circles.pop(near).spots)]
            found.append(_cluster(view, spots, members) if covered else circle)
    return found


def _around(square: tuple[int, int]) -> list[tuple[int, int]]:
    column, row = square
    return [(column + i, row + j) for i in (-1, 0, 1) for j in (-1, 0, 1) if (i, j) != (0, 0)]


def _covers(large: Cluster, small: Cluster) -> bool:
    return hypot(large.x - small.x, large.y - small.y) < large.radius + small.radius / 2


def _cluster(view: View, spots: Sequence[Spot], members: list[int]) -> Cluster:
    places = [view.place(spots[n].longitude, spots[n].latitude) for n in members]
    kinds = Counter(spots[n].kind for n in members)
    precisions = Counter(spots[n].precision for n in members)
    return Cluster(
        x=round(sum(x for x, _ in places) / len(places), 1),
        y=round(sum(y for _, y in places) / len(places), 1),
        radius=round(radius(len(members)), 1),
        n=len(members),
        kind=min(kinds, key=lambda kind: (-kinds[kind], kind)),
        precisions=(precisions[1], precisions[2], precisions[3]),
        spots=tuple(members),
    )


def radius(count: int) -> float:
    """Radius of a cluster: its area grows with the number of events, up to a square's size."""
    return min(4 + 2.2 * sqrt(count), CELL * 0.72)
