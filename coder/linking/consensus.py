"""What an event's accounts agree on: its type, sides, place and date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple, TypeAlias

from coder.codebook import names
from coder.linking.accounts import Account
from coder.linking.sides import Name, core_of, is_loose, likeness, parse
from coder.linking.voices import PARTISAN, Told, tally

_DULL = ("Armed clash", "Remote explosive/landmine/IED", "Attack", "Peaceful protest", "Other")
_DOUBT = 1e-9
_OUTVOTED = 2.0
_MOST_PAIRS = 20

Pair: TypeAlias = "tuple[Name | None, Name | None]"


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
    turned = [(t, sides_of(t.account)[:: -1 if s else 1]) for t, s in zip(told, swapped, strict=True)]
    one, two = (_side([(t, pair[n]) for t, pair in turned]) for n in (0, 1))
    return Sides(one, two, tuple(swapped))


def sides_of(account: Account) -> tuple[SideFacts, SideFacts]:
    """The two sides as an account names them."""
    one = SideFacts(account.actor1, account.inter1, account.assoc_actor_1)
    return one, SideFacts(account.actor2, account.inter2, account.assoc_actor_2)


def _turned(told: Sequence[Told]) -> list[bool]:
    """For each account whether its sides stand the other way round than the event's."""
    model = _model(told)
    swapped = []
    for t in told:
        straight, crossed = _both_ways(model, parse_pair(t.account))
        swapped.append(crossed > straight)
    votes = tally(zip(told, swapped, strict=True))
    if votes.get(True, 0.0) > votes.get(False, 0.0) + _DOUBT:
        return [not s for s in swapped]
    return swapped


def _model(told: Sequence[Told]) -> Pair:
    """The pair of sides that agrees best with all accounts, whichever way round."""
    weights: dict[Pair, float] = {}
    for t in told:
        pair = parse_pair(t.account)
        weights[pair] = weights.get(pair, 0.0) + t.weight
    finest = sorted(weights, key=lambda pair: (-weights[pair], _order(pair)))[:_MOST_PAIRS]

    def agreement(pair: Pair) -> float:
        return sum(max(_both_ways(pair, other)) * weight for other, weight in weights.items())

    return min(finest, key=lambda pair: (-round(agreement(pair), 6), _order(pair)))


def _order(pair: Pair) -> tuple[str, ...]:
    return tuple(part for name in pair for part in ((name.core, name.country, name.kind) if name else ("",)))


def _both_ways(one: Pair, other: Pair) -> tuple[float, float]:
    """How alike two pairs of sides are as they stand, and with one of them turned round."""
    straight = likeness(one[0], other[0]) + likeness(one[1], other[1])
    return straight, likeness(one[0], other[1]) + likeness(one[1], other[0])


def parse_pair(account: Account) -> Pair:
    """Both sides of an account, taken apart."""
    one, two = sides_of(account)
    return parse(one), parse(two)


def _side(votes: Sequence[tuple[Told, SideFacts]]) -> SideFacts:
    named = [(t, side) for t, side in votes if side.name is not None]
    if not named:
        return SideFacts(None, None, None)
    name = _agreed_name(named)
    same = [(t, side) for t, side in named if side.name == name]
    inter = best(tally((t, str(side.inter)) for t, side in same if side.inter))
    beside = {part.strip() for _, side in same for part in (side.assoc or "").split(";") if part.strip()}
    assoc = "; ".join(sorted(part for part in beside if core_of(part) != core_of(name)))
    return SideFacts(name, inter, assoc or None)


def _agreed_name(named: Sequence[tuple[Told, SideFacts]]) -> str:
    """The name with most weight behind it; a name that says little also speaks for those that it fits.

    A name that only the adversary gives yields to several voices that do not know the doer.
    """
    weights = tally((t, str(side.name)) for t, side in named)
    parsed = {str(side.name): parse((side.name, side.inter, None)) for _, side in named}
    loose = sum(weight for name, weight in weights.items() if is_loose(name))

    def behind(name: str) -> float:
        fits = (w for n, w in weights.items() if is_loose(n) and likeness(parsed[n], parsed[name]) > 0)
        accused = weights[name] < PARTISAN and loose >= _OUTVOTED
        return weights[name] if accused or is_loose(name) else weights[name] + sum(fits)

    return min(weights, key=lambda name: (-round(behind(name), 6), is_loose(name), name))
