"""Which types of event can be two accounts of one event."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from coder.codebook import entries

SAME = 1.0
FAMILY = -0.3
NEVER = -100.0

_CLASH = "Armed clash"
_GAIN = "Government regains territory"
_LOSS = "Non-state actor overtakes territory"
_AIR = "Air/drone strike"
_SHELL = "Shelling/artillery/missile attack"
_IED = "Remote explosive/landmine/IED"
_BOMBER = "Suicide bomb"
_GRENADE = "Grenade"
_CHEMICAL = "Chemical weapon"
_ATTACK = "Attack"
_ABDUCTION = "Abduction/forced disappearance"
_SEXUAL = "Sexual violence"
_FORCE = "Excessive force against protesters"
_DISPERSED = "Protest with intervention"
_VIOLENT = "Violent demonstration"
_MOB = "Mob violence"
_ARRESTS = "Arrests"
_PROPERTY = "Looting/property destruction"
_TRANSFER = "Non-violent transfer of territory"
_OTHER = "Other"

# The rarer a type, the more it says that two accounts share it.
_RARE = {
    _CHEMICAL: 2.5,
    _SEXUAL: 1.5,
    _BOMBER: 1.4,
    _GRENADE: 1.3,
    _TRANSFER: 1.3,
    _FORCE: 1.2,
    "Agreement": 1.3,
}

# Evidence for pairs that are not simply «the same» or «of one event type»; what stands nowhere is NEVER.
_PAIRS = (
    (_GAIN, _LOSS, -4.0),
    (_AIR, _BOMBER, -2.0),
    (_AIR, _IED, -1.5),
    (_AIR, _GRENADE, NEVER),
    (_AIR, _SHELL, -0.3),
    (_SHELL, _BOMBER, -2.0),
    (_SHELL, _IED, -1.0),
    (_CHEMICAL, _BOMBER, -2.0),
    (_ATTACK, _SEXUAL, -1.0),
    (_ATTACK, _ABDUCTION, -0.8),
    (_SEXUAL, _ABDUCTION, -1.0),
    *((_CLASH, remote, -1.8) for remote in (_AIR, _SHELL, _IED, _BOMBER, _GRENADE, _CHEMICAL)),
    *((moved, remote, -2.0) for moved in (_GAIN, _LOSS) for remote in (_AIR, _SHELL, _BOMBER)),
    *((_ATTACK, remote, -1.2) for remote in (_AIR, _SHELL, _IED, _BOMBER, _GRENADE, _CHEMICAL)),
    (_CLASH, _ATTACK, -1.5),
    (_CLASH, _ABDUCTION, -2.5),
    (_LOSS, _ATTACK, -2.0),
    (_TRANSFER, _GAIN, -0.8),
    (_TRANSFER, _LOSS, -0.8),
    (_TRANSFER, _CLASH, -2.0),
    (_ARRESTS, _ABDUCTION, 0.0),
    *((one, other, -0.2) for one in (_FORCE, _DISPERSED, "Peaceful protest") for other in (_VIOLENT, _MOB)),
    (_FORCE, _ATTACK, -0.5),
    (_FORCE, _CLASH, -1.5),
    (_VIOLENT, _CLASH, -1.5),
    (_MOB, _ATTACK, -0.3),
    (_VIOLENT, _ATTACK, -1.5),
    (_DISPERSED, _ARRESTS, -1.5),
    (_PROPERTY, _ATTACK, -1.5),
    (_PROPERTY, _IED, -1.0),
    (_PROPERTY, _SHELL, -1.0),
    (_PROPERTY, _AIR, -1.5),
    (_PROPERTY, _VIOLENT, -1.0),
    (_PROPERTY, _MOB, -1.0),
    (_PROPERTY, _GRENADE, -1.0),
    *((_OTHER, strategic, -1.5) for strategic in (_ARRESTS, _PROPERTY, _TRANSFER, "Agreement")),
    ("Agreement", _TRANSFER, -1.5),
)


@cache
def matrix() -> NDArray[np.float64]:
    """Evidence that two sub-event types mean one event, by their numbers in the codebook; symmetric."""
    types = entries("sub_event_types")
    number = {entry.name: n for n, entry in enumerate(types)}
    table = np.full((len(types), len(types)), NEVER)
    for one in types:
        for other in types:
            if one.event_type == other.event_type != "Strategic developments":
                table[number[one.name], number[other.name]] = FAMILY
    for first, second, evidence in _PAIRS:
        table[number[first], number[second]] = table[number[second], number[first]] = evidence
    np.fill_diagonal(table, [_RARE.get(entry.name, SAME) for entry in types])
    return table


@cache
def swap_cost() -> NDArray[np.float64]:
    """What it costs, by sub-event type, that two accounts name the sides the other way round.

    In a battle each side may be said to have attacked; elsewhere the doer is seldom in doubt.
    """
    battle = {"Battles": 0.3, "Explosions/Remote violence": 1.5, "Riots": 0.6}
    return np.array([battle.get(str(entry.event_type), 2.5) for entry in entries("sub_event_types")])
