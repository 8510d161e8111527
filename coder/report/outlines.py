"""Country outlines for the map, from ``data/outlines`` (Natural Earth)."""

import json
from functools import cache
from typing import NamedTuple

from coder.paths import data_dir

Point = tuple[float, float]


class Outline(NamedTuple):
    """A country's name and the rings of its polygons, each a closed line of longitudes and latitudes."""

    name: str
    rings: tuple[tuple[Point, ...], ...]


@cache
def outlines() -> tuple[Outline, ...]:
    """The outlines of all countries, Antarctica left out."""
    raw = json.loads((data_dir() / "outlines" / "countries.json").read_text(encoding="utf-8"))
    scale, move = raw["transform"]["scale"], raw["transform"]["translate"]
    arcs = [_arc(steps, scale, move) for steps in raw["arcs"]]
    return tuple(
        Outline(country["name"], tuple(_ring(ring, arcs) for polygon in country["arcs"] for ring in polygon))
        for country in raw["countries"]
        if country["name"] != "Antarctica"
    )


def _arc(steps: list[list[int]], scale: list[float], move: list[float]) -> tuple[Point, ...]:
    points, x, y = [], 0, 0
    for dx, dy in steps:
        x, y = x + dx, y + dy
        points.append((x * scale[0] + move[0], y * scale[1] + move[1]))
    return tuple(points)


def _ring(numbers: list[int], arcs: list[tuple[Point, ...]]) -> tuple[Point, ...]:
    ring: list[Point] = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        ring.extend(arc[1:] if ring else arc)
    return tuple(ring)
