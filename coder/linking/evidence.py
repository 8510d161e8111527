"""How strongly two claims speak for one event: evidence from time, place, type, sides, tolls and sources.

Evidence adds up, in natural logarithms of odds; above zero two claims rather tell of one event than of two.
The weights were set by judgement and checked on the training gold.
"""

from __future__ import annotations

import math

import numpy as np

from coder.linking.accounts import Accounts, Bools, Floats, Ints
from coder.linking.families import matrix, swap_cost
from coder.linking.sides import ALLIED, OTHERS, SAME, scorer

PRIOR = -3.6
"""Evidence that two claims from anywhere tell of two events, before anything is compared."""

ONE_ARTICLE = 0.6
"""Two sources of one article rather speak of one event than two sources of two articles."""

APART = -math.inf
"""One source in one article: it tells of one event once, so that two claims of it are two events."""

REPEATED = -1.0
"""The same, where the two claims do not differ in anything."""

COPIES = 0.8
"""Two claims at the same spot of two near-duplicate articles."""

OTHER_TYPE = -0.8
"""The same, where the types are not even of one kind: one author does not mix them up."""

TWO_NAMES = -3.0
"""One article gives two names of places that are not within one another: two places, two events."""

SPOT_KM = 3.0
"""Kilometres within which two names may mean one spot."""

ONE_RANGE = 0.9
"""Least evidence of time where one article gives two accounts the very same days, however many."""

BLAME = -1.6
"""Least evidence of sides where a side accuses: that each lays a deed on the other is to be expected."""

IMPOSSIBLE = -100.0

EARTH_KM = 6371.0
_SPOT = 60  # characters by which the same passage may be shifted in a copy
_SAME_PLACE, _SAME_PLACE_NEAR, _SAME_PLACE_WIDE = 2.0, 1.6, 0.6
_STEPS_KM = ((3.0, 1.2), (10.0, 0.4), (25.0, -0.8))
_VAGUE_BONUS = 0.5
_IN_UNIT, _UNITS, _IN_COUNTRY = 0.0, 0.2, -1.2


class Comparer:
    """Weighs pairs of one set of claims; ``copies`` numbers each claim's group of near-duplicate articles."""

    def __init__(self, accounts: Accounts, copies: Ints) -> None:
        self._a = accounts
        self._copies = copies
        self._types = matrix()
        self._swap = swap_cost()
        self._likeness = scorer(accounts.sides)
        self._known: dict[int, float] = {}

    def weigh(self, i: Ints, j: Ints) -> Floats:
        """The evidence for each pair of claims, by their numbers; IMPOSSIBLE or less: they cannot be one."""
        a = self._a
        total = self._types[a.sub_event[i], a.sub_event[j]] + self._place(i, j) + self._time(i, j) + PRIOR
        open_ = np.flatnonzero(total > PRIOR + IMPOSSIBLE / 2)
        out = np.full(len(i), IMPOSSIBLE)
        i, j = i[open_], j[open_]
        out[open_] = total[open_] + self._sides(i, j) + self._tolls(i, j) + self._sources(i, j)
        return out

    def _time(self, i: Ints, j: Ints) -> Floats:
        a = self._a
        gap = np.maximum(a.first[i], a.first[j]) - np.minimum(a.last[i], a.last[j])
        longer = 1 + np.maximum(a.last[i] - a.first[i], a.last[j] - a.first[j])
        meet = 1.5 - 0.6 * np.log(longer)
        said = a.responsible[i] | a.responsible[j]
        told_alike = (a.first[i] == a.first[j]) & (a.last[i] == a.last[j]) & self._one_article(i, j)
        meet = np.where(told_alike, np.maximum(meet, ONE_RANGE), meet)
        missed = np.where(said, -0.2 - 0.4 * gap, -1.2)
        return np.where(gap <= 0, meet, missed)

    def _place(self, i: Ints, j: Ints) -> Floats:
        a = self._a
        km = self._distance(i, j)
        worst = np.maximum(a.precision[i], a.precision[j])
        best = np.minimum(a.precision[i], a.precision[j])
        same = a.place[i] == a.place[j]
        apart = np.full(len(i), IMPOSSIBLE)
        for limit, evidence in reversed(_STEPS_KM):
            apart[km <= limit] = evidence
        apart += np.where((worst == 2) & (km > _STEPS_KM[0][0]), _VAGUE_BONUS, 0.0)
        named = np.where(worst == 1, _SAME_PLACE, _SAME_PLACE_NEAR)
        apart += np.where(~self._contained(i, j) & (km > SPOT_KM), self._one_article(i, j) * TWO_NAMES, 0.0)
        exact = np.where(same & (km <= _STEPS_KM[-1][0]), named, apart)
        in_unit = (a.unit[i] == a.unit[j]) & (a.unit[i] >= 0)
        inside = np.where(in_unit, np.where(best == 3, _UNITS, _IN_UNIT), IMPOSSIBLE)
        wide = np.where(same, _SAME_PLACE_WIDE, inside)
        whole = a.whole_country[i] | a.whole_country[j]
        wide = np.where(whole & (a.country[i] == a.country[j]), _IN_COUNTRY, wide)
        return np.where((worst == 3) | whole, wide, exact)

    def _contained(self, i: Ints, j: Ints) -> Bools:
        """Pairs in which one place bears the name of a unit around the other: a town and its quarter."""
        a = self._a
        contained = np.zeros(len(i), dtype=bool)
        for unit in a.units:
            contained |= (a.place_name[i] == unit[j]) | (a.place_name[j] == unit[i])
        return contained

    def _one_article(self, i: Ints, j: Ints) -> Bools:
        return np.asarray(self._a.article[i] == self._a.article[j])

    def _distance(self, i: Ints, j: Ints) -> Floats:
        """Kilometres between the points of each pair, on a sphere."""
        lat1, lat2 = np.radians(self._a.latitude[i]), np.radians(self._a.latitude[j])
        half = np.radians(self._a.longitude[i] - self._a.longitude[j]) / 2
        chord = np.sin((lat1 - lat2) / 2) ** 2 + np.cos(lat1) * np.cos(lat2) * np.sin(half) ** 2
        return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(chord, 1.0))))

    def _sides(self, i: Ints, j: Ints) -> Floats:
        a = self._a
        straight = self._both(a.side1[i], a.side1[j], a.side2[i], a.side2[j])
        crossed = self._both(a.side1[i], a.side2[j], a.side2[i], a.side1[j])
        cost = np.minimum(self._swap[a.sub_event[i]], self._swap[a.sub_event[j]])
        likeness = np.maximum(straight, crossed - cost)
        blamed = a.accusing[i] | a.accusing[j]
        return np.where(blamed, np.maximum(likeness, BLAME), likeness)

    def _both(self, one: Ints, other: Ints, foe: Ints, other_foe: Ints) -> Floats:
        """Evidence that two sides are one and their foes too; a force and a militia are allies against one foe."""
        sides, foes = self._like(one, other), self._like(foe, other_foe)
        no_allies = (np.minimum(sides, foes) == ALLIED) & (np.maximum(sides, foes) < SAME)
        return np.where(no_allies, OTHERS - ALLIED, 0.0) + sides + foes

    def _like(self, one: Ints, other: Ints) -> Floats:
        size = len(self._a.sides)
        pairs, at = np.unique(np.minimum(one, other) * size + np.maximum(one, other), return_inverse=True)
        known, values = self._known, np.empty(len(pairs))
        for n, pair in enumerate(pairs.tolist()):
            value = known.get(pair)
            if value is None:
                value = known[pair] = self._likeness(*divmod(pair, size))
            values[n] = value
        return np.asarray(values[at])

    def _tolls(self, i: Ints, j: Ints) -> Floats:
        a = self._a
        one, other = a.dead[i], a.dead[j]
        vague = a.estimated[i] | a.estimated[j]
        equal = np.minimum(0.3 + 0.4 * np.log1p(one), 2.0) * np.where(vague, 0.3, 1.0)
        unlike = np.maximum(-0.4 * np.abs(np.log1p(one) - np.log1p(other)), -1.2)
        dead = np.where(one == other, equal, unlike)
        hurt = np.where((a.injured[i] == a.injured[j]) & (a.injured[i] > 1), 0.6, 0.0)
        return np.where(np.isnan(dead), 0.0, dead) + hurt

    def _sources(self, i: Ints, j: Ints) -> Floats:
        a = self._a
        one = self._one_article(i, j)
        kind = a.event_type[i] == a.event_type[j]
        speaker = one & (a.claimant[i] == a.claimant[j]) & (a.denied[i] == a.denied[j])
        apart = np.where(self._repeated(i, j), REPEATED, APART)
        spot = ~one & (self._copies[i] == self._copies[j]) & (np.abs(a.start[i] - a.start[j]) <= _SPOT)
        return np.where(
            speaker,
            apart,
            np.where(one, np.where(kind, ONE_ARTICLE, OTHER_TYPE), np.where(spot, COPIES, 0.0)),
        )

    def _repeated(self, i: Ints, j: Ints) -> Bools:
        a = self._a
        same = np.ones(len(i), dtype=bool)
        for column in (a.sub_event, a.place, a.first, a.last, a.side1, a.side2):
            same &= column[i] == column[j]
        neither = np.isnan(a.dead[i]) & np.isnan(a.dead[j])
        return np.asarray(same & ((a.dead[i] == a.dead[j]) | neither))
