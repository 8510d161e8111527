"""What an event's accounts agree on: its type, sides, place and date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from coder.codebook import names
from coder.linking.accounts import Account
from coder.linking.sides import Name, core_of, is_loose, likeness, parse
from coder.linking.voices import PARTISAN, Told, tally

_DULL = ("Armed clash", "Remote explosive/landmine/IED", "Attack", "Peaceful protest", "Other")
_DOUBT = 1e-9
_OUTVOTED = 2.0


class SideFacts(NamedTuple):
    """A side of an event; all empty where no account names it."""

    name: str | None
    inter: str | None
    assoc: str | None


class Sides(NamedTuple):
    """Both sides, and for each account whether it names them the other way round."""

    one: SideFacts
    two: SideFacts
    swapped: tuple[bool, ...]


class Days(NamedTuple):
    """The range of days, the day that stands for it, and ACLED's precision."""

    start: date
    end: date
    day: date
    precision: int


def best(weights: dict[str, float], preferred: Sequence[str] = ()) -> str:
    """The weightiest value; among equals the first preferred one, else the first in the alphabet."""
    top = max(weights.values())
    equal = [value for value, weight in weights.items() if weight >= top - _DOUBT]
    rank = {value: n for n, value in enumerate(preferred)}
    return min(equal, key=lambda value: (rank.get(value, len(rank)), value))


@cache
def _type_order() -> tuple[str, ...]:
    return tuple(sorted(names("sub_event_types"), key=lambda name: name in _DULL))


def agreed_type(told: Sequence[Told]) -> str:
    """The sub-event type of most voices; among equals the one that says more."""
    return best(tally((t, t.account.sub_event_type) for t in told), _type_order())


def agreed_targeting(told: Sequence[Told], sub_event_type: str) -> str | None:
    """Whether civilians were the target, by the accounts that share the event's type."""
    same = [t for t in told if t.account.sub_event_type == sub_event_type]
    return best(tally((t, t.account.civilian_targeting or "") for t in same)) or None


def agreed_days(told: Sequence[Told]) -> Days:
    """The finest range: the narrowest, narrowed by every other that meets it.

    A day on which responsibility was claimed yields to the day of the deed.
    """
    ranges = tally((t, (t.account.date_start, t.account.date_end)) for t in told)
    late = {(t.account.date_start, t.account.date_end) for t in told if not _tells_of_duty(t.account)}
    order = sorted(ranges, key=lambda r: (r not in late, r[1] - r[0], -ranges[r], r))
    start, end = order[0]
    for other_start, other_end in order[1:]:
        if other_start <= end and start <= other_end:
            start, end = max(start, other_start), min(end, other_end)
    length = (end - start).days + 1
    precision = 1 if length == 1 else 2 if length <= 7 else 3
    return Days(start, end, start + timedelta(days=(length - 1) // 2), precision)


def _tells_of_duty(account: Account) -> bool:
    return account.responsibility in ("claimed", "denied")


def agreed_place(told: Sequence[Told]) -> Account:
    """The account whose place the event takes: the finest, then of most voices, then the smallest."""
    finest = min(t.account.geo_precision for t in told)
    fine = [t for t in told if t.account.geo_precision == finest]
    weights = tally((t, _place(t.account)) for t in fine)
    chosen = min(weights, key=lambda place: (-round(weights[place], 6), -_depth(place), place))
    return min((t.account for t in fine if _place(t.account) == chosen), key=lambda a: a.claim_id)


def _place(account: Account) -> tuple[str, ...]:
    """A place by names and point, as far as it matters which it is."""
    units = (account.admin1 or "", account.admin2 or "", account.admin3 or "")
    point = (f"{account.latitude:.4f}", f"{account.longitude:.4f}")
    return (account.location, *units, *point)


def _depth(place: tuple[str, ...]) -> int:
    """How deep in the administrative order; a place named as its province is the capital."""
    return sum(1 for unit in place[1:4] if unit) + (place[0] != place[1])


def agreed_sides(told: Sequence[Told]) -> Sides:
    """The sides by majority of independent voices, a side's own words counted as its own.

    Accounts that name the sides the other way round are turned before the names are counted; the order of
    the sides is that of the weightier part, among equals of those outside the fight.
    """
    swapped = _turned(told)
    turned = [(t, _sides_of(t.account)[:: -1 if s else 1]) for t, s in zip(told, swapped, strict=True)]
    one, two = (_side([(t, pair[n]) for t, pair in turned]) for n in (0, 1))
    return Sides(one, two, tuple(swapped))


def _sides_of(account: Account) -> tuple[SideFacts, SideFacts]:
    one = SideFacts(account.actor1, account.inter1, account.assoc_actor_1)
    return one, SideFacts(account.actor2, account.inter2, account.assoc_actor_2)


def _finest(t: Told) -> tuple[object, ...]:
    a = t.account
    return (is_loose(a.actor1) + is_loose(a.actor2), t.partisan, -t.weight, a.claim_id)


def _turned(told: Sequence[Told]) -> list[bool]:
    """For each account whether its sides stand the other way round than the event's."""
    model = parse_pair(min(told, key=_finest).account)
    swapped = []
    for t in told:
        pair = parse_pair(t.account)
        straight = likeness(model[0], pair[0]) + likeness(model[1], pair[1])
        crossed = likeness(model[0], pair[1]) + likeness(model[1], pair[0])
        swapped.append(crossed > straight)
    votes = tally(zip(told, swapped, strict=True))
    if votes.get(True, 0.0) > votes.get(False, 0.0) + _DOUBT:
        return [not s for s in swapped]
    return swapped


def parse_pair(account: Account) -> tuple[Name | None, Name | None]:
    """Both sides of an account, taken apart."""
    one, two = _sides_of(account)
    return parse(one), parse(two)


def _side(votes: Sequence[tuple[Told, SideFacts]]) -> SideFacts:
    named = [(t, side) for t, side in votes if side.name is not None]
    if not named:
        return SideFacts(None, None, None)
    weights = tally((t, str(side.name)) for t, side in named)
    known = {name: weight for name, weight in weights.items() if not is_loose(name)}
    loose = sum(weight for name, weight in weights.items() if is_loose(name))
    if not known or (loose >= _OUTVOTED and max(known.values()) < PARTISAN):
        known = {name: weight for name, weight in weights.items() if is_loose(name)} or weights
    name = best(known)
    same = [(t, side) for t, side in named if side.name == name]
    inter = best(tally((t, str(side.inter)) for t, side in same if side.inter))
    beside = {part.strip() for _, side in same for part in (side.assoc or "").split(";") if part.strip()}
    assoc = "; ".join(sorted(part for part in beside if core_of(part) != core_of(name)))
    return SideFacts(name, inter, assoc or None)
