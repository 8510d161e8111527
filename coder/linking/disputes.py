"""Where the accounts of an event disagree, who says what, and how well the event is attested."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import cos, hypot, radians

from coder.linking.accounts import Account
from coder.linking.consensus import SideFacts, Sides, sides_of
from coder.linking.sides import STATE, is_loose, likeness, parse
from coder.linking.tolls import number
from coder.linking.voices import Told

KM_A_DEGREE = 111.2
ELSEWHERE_KM = 5.0
"""Kilometres from which two named places are a disagreement and not a finer name of one place."""

NOBODY = "nobody named"
SUPPORTS, DISPUTES, DENIES = "supports", "disputes", "denies"

Values = list[tuple[str, Told]]
"""The values of a column, as they are shown, each with the account that gives it."""


def roles(told: Sequence[Told], sides: Sides) -> list[str]:
    """What each asserted account does for the event: it disputes who did it, or supports the event.

    An account disputes where it names the sides the other way round, or another doer by name.
    """
    return [
        DISPUTES if swapped or _other(sides_of(t.account)[0], sides.one) else SUPPORTS
        for t, swapped in zip(told, sides.swapped, strict=True)
    ]


def _other(side: SideFacts, agreed: SideFacts) -> bool:
    """Whether two names mean different actors: neither says little, and they are no forces of one state."""
    if is_loose(side.name) or is_loose(agreed.name):
        return False
    one, other = parse(side), parse(agreed)
    if one and other and one.kind == other.kind == STATE and one.country == other.country:
        return False
    return likeness(one, other) <= 0


def contested(told: Sequence[Told], denials: Sequence[Told], sides: Sides, given: Sequence[str]) -> str | None:
    """The columns on which the accounts differ, each with its values and who says so; None where they agree.

    ``given`` are the accounts' roles. The form is «actor1: A [B, C] | D [E]; fatalities: 2 [B] | 50 [E]»,
    values in the order of the alphabet, numbers in rising order. Places are in dispute where they lie apart;
    between accounts that are opposed in their sides any difference counts («north of», «south of»).
    """
    parts = [f"{column}: {_shown(values)}" for column, values in _columns(told, denials, sides, given)]
    return "; ".join(parts) or None


def _columns(
    told: Sequence[Told], denials: Sequence[Told], sides: Sides, given: Sequence[str]
) -> Iterator[tuple[str, Values]]:
    opposed = DISPUTES in given
    if opposed:
        yield "actor1", [(t.account.actor1 or NOBODY, t) for t in told]
    if any(sides.swapped) or any(_other(sides_of(t.account)[1], sides.two) for t in told):
        yield "actor2", [(t.account.actor2 or NOBODY, t) for t in told]
    types: Values = [(t.account.sub_event_type, t) for t in told]
    if _differ(types):
        yield "sub_event_type", types
    dated = [t for t in told if t.account.responsibility not in ("claimed", "denied")]
    if dated and max(t.account.date_start for t in dated) > min(t.account.date_end for t in dated):
        yield "event_date", [(_range(t.account), t) for t in dated]
    placed = [t for t in told if t.account.geo_precision < 3]
    if _elsewhere(placed) or (opposed and _differ([(_place(t.account), t) for t in placed])):
        yield "location", [(_place(t.account), t) for t in placed]
    numbers: Values = [(str(number(t.account)), t) for t in told if number(t.account) is not None]
    if _differ(numbers):
        yield "fatalities", numbers
    if denials:
        yield "modality", [*(("asserted", t) for t in told), *(("denied", t) for t in denials)]


def _differ(values: Values) -> bool:
    """Whether two voices give different values: what one voice says at two times is no disagreement."""
    return len({value for value, _ in values}) > 1 and len({t.voice for _, t in values}) > 1


def _elsewhere(told: Sequence[Told]) -> bool:
    accounts = list({(a.location, a.latitude, a.longitude): a for a in (t.account for t in told)}.values())
    return any(_apart(one, other) for n, one in enumerate(accounts) for other in accounts[:n])


def _apart(one: Account, other: Account) -> bool:
    """Whether two places are two: they bear two names, lie apart, and neither is a unit around the other."""
    if one.location in (other.location, *_units(other)) or other.location in _units(one):
        return False
    north = one.latitude - other.latitude
    east = (one.longitude - other.longitude) * cos(radians(one.latitude))
    return hypot(north, east) * KM_A_DEGREE > ELSEWHERE_KM


def _units(account: Account) -> tuple[str | None, ...]:
    return account.admin1, account.admin2, account.admin3


def _place(account: Account) -> str:
    relation = f" ({account.location_relation})" if account.location_relation else ""
    return account.location + relation


def _range(account: Account) -> str:
    if account.date_start == account.date_end:
        return account.date_start.isoformat()
    return f"{account.date_start.isoformat()}/{account.date_end.isoformat()}"


def _shown(values: Values) -> str:
    speakers: dict[str, set[str]] = {}
    for value, t in values:
        speakers.setdefault(value, set()).add(t.speaker)
    order = sorted(speakers, key=lambda value: (int(value) if value.isdigit() else 0, value))
    return " | ".join(f"{value} [{', '.join(sorted(speakers[value]))}]" for value in order)


def grade(told: Sequence[Told], denials: Sequence[Told], given: Sequence[str], doer: str) -> str:
    """How well an event is attested, in the five steps of Airwars, from who its independent voices are.

    ``given`` are the accounts' roles, ``doer`` is the core of actor 1's name. The first step that fits is
    taken:

    - Discounted: no voice outside the fight asserts it, and at least one outside the fight denies it.
    - Contested: someone denies it, or the accounts name opposed doers.
    - Confirmed: the doer itself says so (it speaks for actor 1, or claims responsibility) and another voice
      agrees; or both sides say so.
    - Fair: at least two independent voices outside the fight, of different origin, say so.
    - Weak: everything else: one voice, copies of one voice, or one side alone.
    """
    outside = {t.voice for t in told if not t.partisan}
    if not outside and any(not t.partisan for t in denials):
        return "Discounted"
    if denials or DISPUTES in given:
        return "Contested"
    voices = {t.voice for t in told}
    own = any(t.side and (t.side == doer or t.account.responsibility == "claimed") for t in told)
    sides = {t.side for t in told if t.side}
    if (own and len(voices) > 1) or len(sides) > 1:
        return "Confirmed"
    origins = {t.origin for t in told if not t.partisan}
    return "Fair" if min(len(outside), len(origins)) > 1 else "Weak"
