"""Names of events that stay the same when more articles come in; merges and splits are told."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

DIGITS = 12
UNKNOWN_PREFIX = "XXX"


class IdChange(NamedTuple):
    """What became of an event of the former release.

    ``change``: merged (``old_id`` is now part of ``new_id``), split (some claims of ``old_id`` now stand
    under ``new_id``, while ``old_id`` goes on),
    removed (none of its claims makes an event; ``new_id`` is empty).
    """

    change: str
    old_id: str
    new_id: str | None


class Group(NamedTuple):
    """An event to be named: its claims, the one claim that it is named after, and its country's letters."""

    claims: Sequence[str]
    anchor: str
    prefix: str


def name_events(groups: Sequence[Group], previous: Mapping[str, str]) -> tuple[list[str], list[IdChange]]:
    """A name for each group, and what became of the names in ``previous`` (claim id → event id).

    An old name goes to the group that holds most of its claims; of several old names a group keeps the one
    with most claims in it. A new event is named after its anchor, so that what else is in the release does
    not matter.
    """
    shares = [Counter(previous[claim] for claim in group.claims if claim in previous) for group in groups]
    holders: dict[str, dict[int, int]] = defaultdict(dict)
    for n, share in enumerate(shares):
        for old, count in share.items():
            holders[old][n] = count
    heir = {old: min(held, key=lambda n: (-held[n], groups[n].anchor)) for old, held in sorted(holders.items())}
    won: dict[int, list[str]] = defaultdict(list)
    for old, n in heir.items():
        won[n].append(old)
    kept = {n: min(olds, key=lambda old: (-holders[old][n], old)) for n, olds in won.items()}
    taken = set(previous.values())
    names = dict(kept)
    for n in sorted((n for n in range(len(groups)) if n not in kept), key=lambda n: groups[n].anchor):
        names[n] = _fresh(groups[n], taken)
        taken.add(names[n])
    changes = {IdChange("removed", old, None) for old in previous.values() if old not in holders}
    for old, held in holders.items():
        if names[heir[old]] != old:
            changes.add(IdChange("merged", old, names[heir[old]]))
        changes.update(IdChange("split", old, names[n]) for n in held if n != heir[old])
    told = sorted(changes, key=lambda c: (c.old_id, c.change, c.new_id or ""))
    return [names[n] for n in range(len(groups))], told


def _fresh(group: Group, taken: set[str]) -> str:
    """Three letters and twelve digits of the anchor's digest; the next digest where they are taken."""
    turn = 0
    while True:
        digest = hashlib.sha256(f"{group.anchor}#{turn}".encode()).digest()
        name = f"{group.prefix}{int.from_bytes(digest[:8], 'big') % 10**DIGITS:0{DIGITS}d}"
        if name not in taken:
            return name
        turn += 1
