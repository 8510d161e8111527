"""Which claims are compared at all: those near enough in time and place, found without comparing all."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from coder.linking.accounts import Accounts, Bools, Floats, Ints

CELL = 0.5
"""Degrees of a cell's side."""

EDGE = 0.25
"""Degrees from its edge within which a claim is also a guest of the next cell: more than ``NEAR`` km."""

GAP = 1
"""Days by which two ranges may miss each other."""

GAP_RESPONSIBILITY = 3
"""Days by which a claim or denial of responsibility may follow the attack that it speaks of."""

WINDOW = 20_000
"""Claims whose partners are sought at a time; what bounds the memory of the comparison."""

PART = 400_000
"""Pairs that are compared at a time."""


def candidate_pairs(accounts: Accounts, compared: Bools) -> Iterator[tuple[Ints, Ints]]:
    """Pairs of the claims marked (two arrays of their numbers, the lower first), in windows, each pair once.

    Claims with a known place pair up within a cell and its edges; claims that know only a province pair up
    with all claims of the province, those that know only the country with all claims of the country.
    """
    wide = accounts.whole_country
    exact = (accounts.precision < 3) & ~wide
    unit = ~exact & ~wide
    yield from _near(accounts, np.flatnonzero(exact & compared))
    known = accounts.unit >= 0
    placed = np.flatnonzero(known & ~wide & compared)
    yield from _within(accounts, np.flatnonzero(unit & known & compared), placed, accounts.unit, exact)
    lost = np.flatnonzero(unit & ~known & compared)
    yield from _within(accounts, lost, lost, accounts.place, exact)
    vague = np.flatnonzero(wide & compared)
    yield from _within(accounts, vague, np.flatnonzero(compared), accounts.country, ~wide)


def _near(accounts: Accounts, members: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Pairs of claims with a place, in one cell or across the edge of two."""
    row = np.floor(accounts.latitude[members] / CELL).astype(np.int64)
    column = np.floor(accounts.longitude[members] / CELL).astype(np.int64)
    up = accounts.latitude[members] / CELL - row
    right = accounts.longitude[members] / CELL - column
    edge = np.full(len(members), EDGE / CELL)
    wider = np.minimum(EDGE / CELL / np.maximum(np.cos(np.radians(accounts.latitude[members])), 0.1), 1.0)
    keys, rows, home = [], [], []
    for step_up in (-1, 0, 1):
        for step_right in (-1, 0, 1):
            inside = _touches(up, step_up, edge) & _touches(right, step_right, wider)
            cell = (row + step_up) * 4096 + (column + step_right) % 720
            keys.append((cell * 1024 + accounts.country[members])[inside])
            rows.append(members[inside])
            home.append(np.full(int(inside.sum()), step_up == step_right == 0))
    yield from _sweep(accounts, np.concatenate(keys), np.concatenate(rows), np.concatenate(home))


def _touches(offset: Floats, step: int, edge: Floats) -> Bools:
    if step == 0:
        return np.ones(len(offset), dtype=bool)
    return offset >= 1 - edge if step > 0 else offset < edge


def _sweep(accounts: Accounts, keys: Ints, rows: Ints, home: Bools) -> Iterator[tuple[Ints, Ints]]:
    """Pairs under one key whose ranges meet.

    A pair across an edge is met in the cells of both: it counts in the cell where the lower claim is at home.
    """
    slack = GAP_RESPONSIBILITY if accounts.responsible.any() else GAP
    order = np.lexsort((rows, accounts.first[rows], keys))
    keys, rows, home = keys[order], rows[order], home[order]
    first = accounts.first[rows]
    base = first.min(initial=0) - 1
    span = int(accounts.last.max(initial=0) - base) + slack + 2
    at = keys - keys.min(initial=0)
    begins = at * span + (first - base)
    until = at * span + np.minimum(accounts.last[rows] + slack - base, span - 1)
    stop = np.searchsorted(begins, until, side="right")
    for low in range(0, len(rows), WINDOW):
        high = min(low + WINDOW, len(rows))
        for left, right in _expanded(np.arange(low, high), np.arange(low, high) + 1, stop[low:high]):
            a, b = rows[left], rows[right]
            lower_home = np.where(a < b, home[left], home[right])
            keep = lower_home & _meet(accounts, a, b)
            yield np.minimum(a, b)[keep], np.maximum(a, b)[keep]


def _within(accounts: Accounts, few: Ints, all_: Ints, area: Ints, other: Bools) -> Iterator[tuple[Ints, Ints]]:
    """Pairs of one of ``few`` with any of ``all_`` in the same area whose ranges meet.

    ``other`` tells the claims that are not of the kind of ``few``: pairs among the few come once.
    """
    if not len(few):
        return
    slack = GAP_RESPONSIBILITY if accounts.responsible.any() else GAP
    longest = int((accounts.last[all_] - accounts.first[all_]).max(initial=0)) + slack
    order = all_[np.lexsort((all_, accounts.first[all_], area[all_]))]
    base = int(accounts.first.min()) - longest - 1
    span = int(accounts.last.max()) - base + slack + 2
    keys = area[order] * span + accounts.first[order] - base
    start = np.searchsorted(keys, area[few] * span + accounts.first[few] - longest - base)
    stop = np.searchsorted(keys, area[few] * span + accounts.last[few] + slack - base, side="right")
    for low in range(0, len(few), WINDOW):
        part = slice(low, low + WINDOW)
        for left, right in _expanded(few[part], start[part], stop[part]):
            b = order[right]
            keep = (other[b] | (left < b)) & (left != b) & _meet(accounts, left, b)
            yield np.minimum(left, b)[keep], np.maximum(left, b)[keep]


def _expanded(left: Ints, start: Ints, stop: Ints) -> Iterator[tuple[Ints, Ints]]:
    """For each left number the positions from its start to before its stop, in parts of bounded size."""
    count = np.maximum(stop - start, 0)
    total = np.cumsum(count)
    most = PART
    begin = 0
    while begin < len(left):
        before = total[begin - 1] if begin else 0
        end = max(int(np.searchsorted(total, before + most, side="right")), begin + 1)
        part = count[begin:end]
        a = np.repeat(left[begin:end], part)
        yield a, np.arange(len(a)) + np.repeat(start[begin:end] - np.cumsum(part) + part, part)
        begin = end


def _meet(accounts: Accounts, a: Ints, b: Ints) -> Bools:
    """Pairs whose ranges overlap or miss each other by no more than they may."""
    gap = np.maximum(accounts.first[a], accounts.first[b]) - np.minimum(accounts.last[a], accounts.last[b])
    allowed = np.where(accounts.responsible[a] | accounts.responsible[b], GAP_RESPONSIBILITY, GAP)
    return np.asarray(gap <= allowed)
