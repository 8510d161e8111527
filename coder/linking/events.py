"""From the accounts of one event to its row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from coder.codebook import disorder_type, event_type_of, interaction
from coder.linking.accounts import Account
from coder.linking.consensus import agreed_days, agreed_place, agreed_sides, agreed_targeting, agreed_type
from coder.linking.copies import ArticleFacts
from coder.linking.disputes import DENIES, contested, grade, roles
from coder.linking.notes import note
from coder.linking.outlets import scale_of
from coder.linking.sides import core_of
from coder.linking.tolls import rule_of, toll
from coder.linking.voices import hear
from coder.model import Event

EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Options:
    """How events are made of claims.

    ``fatalities`` names the rule for the dead (``tolls.rule_of``); ``timestamp`` is what the column of that
    name bears, in seconds since 1970 (by default the day of the newest article, else the last day told of);
    ``outlets`` gives the names of sources, and ``scales`` their reach, by all that an outlet may be called;
    ``prefixes`` the three letters of a country by its number.
    """

    fatalities: str = "conservative"
    timestamp: int | None = None
    outlets: Mapping[str, str] = field(default_factory=dict)
    scales: Mapping[str, str] = field(default_factory=dict)
    prefixes: Mapping[int, str] = field(default_factory=dict)


def make_event(
    name: str,
    accounts: Sequence[Account],
    facts: Mapping[str, ArticleFacts],
    options: Options,
    timestamp: int,
) -> tuple[Event, list[str]]:
    """The row of the event ``name``, and the role of each of its accounts, in the order given."""
    all_told = hear(accounts, facts, options.outlets)
    told = [t for t in all_told if t.account.modality != "denied"]
    denials = [t for t in all_told if t.account.modality == "denied"]
    sides = agreed_sides(told)
    given = roles(told, sides)
    days = agreed_days(told)
    place = agreed_place(told)
    sub_type = agreed_type(told)
    dead = toll(told, rule_of(options.fatalities))
    one, two = sides.one, sides.two
    outlets = sorted({t.outlet for t in all_told})
    event = Event(
        event_id_cnty=name,
        event_date=days.day,
        year=days.day.year,
        time_precision=days.precision,
        disorder_type=disorder_type(event_type_of(sub_type), sub_type),
        event_type=event_type_of(sub_type),
        sub_event_type=sub_type,
        actor1=one.name,
        assoc_actor_1=one.assoc,
        inter1=one.inter,
        actor2=two.name,
        assoc_actor_2=two.assoc,
        inter2=two.inter,
        interaction=interaction(one.inter, two.inter),
        civilian_targeting=agreed_targeting(told, sub_type),
        iso=place.iso,
        region=place.region,
        country=place.country,
        admin1=place.admin1,
        admin2=place.admin2,
        admin3=place.admin3,
        location=place.location,
        latitude=place.latitude,
        longitude=place.longitude,
        geo_precision=place.geo_precision,
        source="; ".join(outlets),
        source_scale=scale_of(outlets, options.scales),
        notes=note(days, sub_type, (one.name, two.name), _where(place), all_told, dead),
        fatalities=dead.number,
        tags=_tags(accounts),
        timestamp=timestamp,
        date_start=days.start,
        date_end=days.end,
        fatalities_low=dead.low,
        fatalities_high=dead.high,
        n_claims=len(accounts),
        n_articles=len({account.article_id for account in accounts}),
        n_outlets=len({t.origin for t in all_told}),
        contested=contested(told, denials, sides, given),
        grade=grade(told, denials, given, core_of(one.name) if one.name else ""),
        claimants="; ".join(sorted({t.speaker for t in all_told})),
    )
    role = iter(given)
    return event, [DENIES if account.modality == "denied" else next(role) for account in accounts]


def _where(place: Account) -> str:
    """«in Sirte (Sirte, Libya)», as exact as it is known."""
    units = [unit for unit in (place.admin1, place.country) if unit and unit != place.location]
    inside = f" ({', '.join(units)})" if units else ""
    words = {1: "in", 2: "near or in", 3: "in the region of"}
    return f"{words[place.geo_precision]} {place.location}{inside}"


def _tags(accounts: Sequence[Account]) -> str | None:
    tags = {tag.strip() for account in accounts for tag in (account.tags or "").split(";") if tag.strip()}
    return "; ".join(sorted(tags)) or None


def newest(facts: Mapping[str, ArticleFacts], told: date) -> int:
    """Seconds from 1970 to the newest publication date; to the day ``told`` where no article has one."""
    days = [article.published for article in facts.values() if article.published is not None]
    return (max(days, default=told) - EPOCH).days * 86_400
