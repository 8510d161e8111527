"""Claims that say the very same: a few of them stand for all, so that a crowd costs no more than its variety.

An event that thousands of articles report would else have millions of pairs.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from coder.linking.accounts import Accounts, Bools, Ints

STAND_FOR = 8
"""Claims of one wording that are compared with all others; the rest follow them."""


def alike(accounts: Accounts) -> Ints:
    """Numbers that are equal where two claims differ in nothing that is compared but their source."""
    a = accounts
    tolls = (np.nan_to_num(number, nan=-1.0) for number in (a.dead, a.injured))
    columns = (
        a.sub_event,
        a.place,
        a.precision,
        a.first,
        a.last,
        a.side1,
        a.side2,
        *tolls,
        a.denied,
        a.responsible,
        a.accusing,
        a.estimated,
        a.whole_country,
        a.latitude,
        a.longitude,
    )
    order = np.lexsort(columns)
    new = np.zeros(len(order), dtype=bool)
    for column in columns:
        new[1:] |= column[order][1:] != column[order][:-1]
    numbers = np.empty(len(order), dtype=np.int64)
    numbers[order] = np.cumsum(new)
    return numbers


def standing(accounts: Accounts, wording: Ints) -> Bools:
    """The claims that are compared: the first few of each wording, and every denial."""
    order = np.argsort(wording, kind="stable")
    ordered = wording[order]
    turn = np.arange(len(order)) - np.searchsorted(ordered, ordered)
    compared = np.empty(len(order), dtype=bool)
    compared[order] = turn < STAND_FOR
    return compared | accounts.denied


def follow(accounts: Accounts, parts: Sequence[Ints], compared: Bools, wording: Ints) -> list[Ints]:
    """The groups with all other claims added, each to the group that most claims of its wording are in.

    A group that already holds a claim of the same source in the same article, in other words, is passed
    over; a claim that fits none is a group of its own.
    """
    followers = np.flatnonzero(~compared)
    if not len(followers):
        return list(parts)
    wanted = set(wording[followers].tolist())
    homes: dict[int, dict[int, int]] = {}
    told: dict[int, dict[tuple[int, int], int]] = {}
    for n, part in enumerate(parts):
        for words in wording[part].tolist():
            if words in wanted:
                held = homes.setdefault(words, {})
                held[n] = held.get(n, 0) + 1
                told.setdefault(n, {})
    for n in told:
        told[n] = {_source(accounts, claim): int(wording[claim]) for claim in parts[n].tolist()}
    added: dict[int, list[int]] = {}
    alone: list[Ints] = []
    for claim in followers.tolist():
        words, source = int(wording[claim]), _source(accounts, claim)
        choices = sorted(homes[words].items(), key=lambda home: (-home[1], home[0]))
        home = next((n for n, _ in choices if told[n].get(source, words) == words), None)
        if home is None:
            alone.append(np.array([claim], dtype=np.int64))
        else:
            added.setdefault(home, []).append(claim)
            told[home][source] = words
    grown = [
        np.sort(np.concatenate([part, np.array(added.get(n, []), dtype=np.int64)])) if n in added else part
        for n, part in enumerate(parts)
    ]
    return grown + alone


def _source(accounts: Accounts, claim: int) -> tuple[int, int]:
    return int(accounts.article[claim]), int(accounts.claimant[claim])
