"""The sentence that tells an event in ACLED's manner, made from its coded values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from coder.linking.consensus import Days
from coder.linking.tolls import Toll
from coder.linking.voices import Told

# What is said of each type: with both sides, with the first alone.
_PHRASES: Mapping[str, tuple[str, str]] = {
    "Armed clash": ("{a} clashed with {b}", "{a} fought an armed clash"),
    "Government regains territory": ("{a} took territory from {b}", "{a} took territory"),
    "Non-state actor overtakes territory": ("{a} took territory from {b}", "{a} took territory"),
    "Chemical weapon": ("{a} used a chemical weapon against {b}", "{a} used a chemical weapon"),
    "Air/drone strike": (
        "{a} carried out an air or drone strike on {b}",
        "{a} carried out an air or drone strike",
    ),
    "Suicide bomb": ("{a} carried out a suicide bombing against {b}", "{a} carried out a suicide bombing"),
    "Shelling/artillery/missile attack": ("{a} shelled {b}", "{a} shelled the area"),
    "Remote explosive/landmine/IED": (
        "an explosive device of {a} hit {b}",
        "an explosive device of {a} went off",
    ),
    "Grenade": ("{a} threw a grenade at {b}", "{a} threw a grenade"),
    "Sexual violence": ("{a} committed sexual violence against {b}", "{a} committed sexual violence"),
    "Attack": ("{a} attacked {b}", "{a} carried out an attack"),
    "Abduction/forced disappearance": ("{a} abducted {b}", "{a} carried out an abduction"),
    "Peaceful protest": ("{a} demonstrated against {b}", "{a} demonstrated peacefully"),
    "Protest with intervention": (
        "{b} intervened in a demonstration of {a}",
        "{a} demonstrated, and were met with force",
    ),
    "Excessive force against protesters": (
        "{b} used excessive force against {a}",
        "{a} were met with excessive force",
    ),
    "Violent demonstration": ("{a} demonstrated violently against {b}", "{a} demonstrated violently"),
    "Mob violence": ("{a} attacked {b} as a mob", "{a} committed mob violence"),
    "Agreement": ("{a} reached an agreement with {b}", "{a} entered an agreement"),
    "Arrests": ("{a} arrested {b}", "{a} made arrests"),
    "Change to group/activity": (
        "{a} changed its activity towards {b}",
        "{a} changed its make-up or activity",
    ),
    "Disrupted weapons use": ("{a} foiled a weapons use of {b}", "{a} foiled a weapons use"),
    "Headquarters or base established": ("{a} set up a base facing {b}", "{a} set up a base"),
    "Looting/property destruction": (
        "{a} looted or destroyed property of {b}",
        "{a} looted or destroyed property",
    ),
    "Non-violent transfer of territory": (
        "{a} took over territory of {b} without a fight",
        "{a} took over territory without a fight",
    ),
    "Other": ("{a} was part of a strategic development with {b}", "{a} was part of a strategic development"),
}
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_NOBODY = "an unnamed party"
_MOST_CHAINS = 3


def note(
    days: Days,
    sub_event_type: str,
    actors: tuple[str | None, str | None],
    place: str,
    told: Sequence[Told],
    toll: Toll,
) -> str:
    """«On 15 June 2016, A clashed with B in Sirte (Libya), according to AFP citing C. 7 fatalities.»"""
    both, alone = _PHRASES[sub_event_type]
    one, two = actors
    phrase = (both if two else alone).format(a=one or _NOBODY, b=two or "")
    return f"{_when(days)}, {phrase} {place}, according to {_sources(told)}. {_dead(toll)}"


def _when(days: Days) -> str:
    if days.start == days.end:
        return f"On {_day(days.start)}"
    start, end = days.start, days.end
    if (start.year, start.month) == (end.year, end.month):
        return f"Between {start.day} and {_day(end)}"
    return f"Between {_day(start)} and {_day(end)}"


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _sources(told: Sequence[Told]) -> str:
    """The outlets, each with those whom it cites; the first few, then how many more."""
    cited: dict[str, set[str]] = {}
    for t in told:
        names = cited.setdefault(t.outlet, set())
        if t.speaker.casefold() != t.outlet.casefold():
            names.add(t.speaker)
    chains = [_chain(outlet, sorted(names)) for outlet, names in sorted(cited.items())]
    more = len(chains) - _MOST_CHAINS
    if more > 0:
        chains = [*chains[:_MOST_CHAINS], f"{more} more"]
    return _joined(chains)


def _chain(outlet: str, cited: Sequence[str]) -> str:
    return f"{outlet} citing {_joined(cited)}" if cited else outlet


def _joined(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _dead(toll: Toll) -> str:
    if toll.high is None:
        return "No fatalities reported."
    word = "fatality" if toll.number == 1 else "fatalities"
    if toll.low == toll.high:
        return f"{toll.number} {word}." if toll.number else "No fatalities."
    return f"{toll.number} {word}; the accounts range from {toll.low} to {toll.high}."
