"""Claims to groups by the evidence between them: average linkage, so that no chain joins misfits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import heapify, heappop, heappush

import numpy as np

from coder.linking.accounts import Floats, Ints

FLOOR = -15.0
"""Evidence of a pair that was not compared, and of one that can hardly be one event."""


ABSORB = -1.0
"""Mean evidence from which a claim that is left alone joins the one event that it fits best."""

LEAD = 1.0
"""By how much that event must fit better than the next: then there is little else that the claim can mean."""


def components(n: int, left: Ints, right: Ints) -> Ints:
    """For each of ``n`` items the lowest item that a chain of pairs joins it to."""
    root = np.arange(n)
    while True:
        one, other = root[left], root[right]
        high, low = np.maximum(one, other), np.minimum(one, other)
        before = root.copy()
        np.minimum.at(root, high, low)
        while not np.array_equal(root, root[root]):
            root = root[root]
        if np.array_equal(root, before):
            return root


def groups(n: int, left: Ints, right: Ints, evidence: Floats) -> list[Ints]:
    """Split items 0…n-1 into groups; within a group the mean evidence speaks for one event at every joining.

    The groups and their members come in rising order; equal evidence is settled by the items' numbers, so the
    result depends on nothing else.
    """
    joined = evidence > ABSORB
    root = components(n, left[joined], right[joined])
    inside = root[left] == root[right]
    order = np.lexsort((right[inside], left[inside], root[left[inside]]))
    left, right, evidence = left[inside][order], right[inside][order], evidence[inside][order]
    members = np.argsort(root, kind="stable")
    heads, begins, sizes = np.unique(root[members], return_index=True, return_counts=True)
    edge_begins = np.searchsorted(root[left], heads)
    edge_ends = np.searchsorted(root[left], heads, side="right")
    out: list[Ints] = []
    for begin, size, low, high in zip(
        begins.tolist(), sizes.tolist(), edge_begins.tolist(), edge_ends.tolist(), strict=True
    ):
        items = members[begin : begin + size]
        if size == 1 or (high - low == size * (size - 1) // 2 and evidence[low:high].min() > 0):
            out.append(items)
        else:
            parts = _split(
                items.tolist(),
                zip(
                    left[low:high].tolist(),
                    right[low:high].tolist(),
                    evidence[low:high].tolist(),
                    strict=True,
                ),
            )
            out.extend(np.array(part, dtype=np.int64) for part in parts)
    out.sort(key=lambda part: int(part[0]))
    return out


def _split(items: Sequence[int], edges: Iterable[tuple[int, int, float]]) -> list[list[int]]:
    """Average linkage over a sparse graph: the two groups with the highest mean evidence join.


    ``sums[a][b]`` holds the evidence between two groups above FLOOR, so that a missing pair adds nothing.
    """
    sums: dict[int, dict[int, float]] = {item: {} for item in items}
    parts: dict[int, list[int]] = {item: [item] for item in items}
    age = dict.fromkeys(items, 0)
    for one, other, evidence in edges:
        sums[one][other] = sums[other][one] = evidence - FLOOR
    heap = [
        (-(value + FLOOR), one, other, 0, 0)
        for one, row in sums.items()
        for other, value in row.items()
        if one < other and value + FLOOR > 0
    ]
    heapify(heap)
    while heap:
        _, one, other, age_one, age_other = heappop(heap)
        if age.get(one) != age_one or age.get(other) != age_other:
            continue
        gone = sums.pop(other)
        row = sums[one]
        parts[one] = sorted(parts[one] + parts.pop(other))
        del age[other], row[other]
        age[one] += 1
        for third, value in gone.items():
            if third != one:
                row[third] = row.get(third, 0.0) + value
                sums[third][one] = row[third]
                del sums[third][other]
        size = len(parts[one])
        for third, value in row.items():
            mean = value / (size * len(parts[third])) + FLOOR
            if mean > 0:
                low, high = min(one, third), max(one, third)
                heappush(heap, (-round(mean, 9), low, high, age[low], age[high]))
    _absorb(parts, sums)
    return sorted(parts.values())


def _absorb(parts: dict[int, list[int]], sums: dict[int, dict[int, float]]) -> None:
    """Items left alone join the group that they fit best, where no other fits nearly as well."""
    wishes = []
    for item in [item for item, part in parts.items() if len(part) == 1]:
        fits = sorted((-value / len(parts[group]) - FLOOR, group) for group, value in sums[item].items())
        if fits and -fits[0][0] > ABSORB and (len(fits) < 2 or fits[1][0] - fits[0][0] >= LEAD):
            wishes.append((*fits[0], item))
    moved: set[int] = set()
    for _, group, item in sorted(wishes):
        if group not in moved and item not in moved:
            moved.add(item)
            moved.update([group] if len(parts[group]) == 1 else [])
            parts[group] = sorted(parts[group] + parts.pop(item))
