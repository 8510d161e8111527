"""The shapes of the entries that name actors, sources, countries and places, and of the frames of events."""

from __future__ import annotations

from coder.language import LANGUAGES
from coder.lint.rule_shapes import SLOTS, SOURCE_KINDS
from coder.lint.shapes import (
    INTER,
    Check,
    among,
    by_language,
    day,
    either,
    flag,
    ident,
    items,
    keys,
    mapping,
    maybe,
    number,
    text,
    vocabulary,
)

_FRAME_FAMILIES = [
    "attack",
    "battle",
    "abduct",
    "arrest",
    "protest",
    "agreement",
    "withdraw",
    "movement",
    "disarm",
    "damage",
    "siege",
    "other",
]
_FORCES = [
    "military",
    "police",
    "government",
    "intelligence",
    "border",
    "prison",
    "paramilitary",
    "judiciary",
]
_RESOLVES = [
    "unidentified",
    "civilians",
    "protesters",
    "rioters",
    "military",
    "police",
    "government",
    "intelligence",
    "border",
    "prison",
    "rebels",
    "opposition",
    "militia-islamist",
    "militia-tribal",
    "militia-ethnic",
    "militia-progov",
    "settlers",
    "separatists",
    "coalition",
    "air-force",
    "peacekeepers",
    "bomber",
    "criminal",
]

_PERIOD = {"from": maybe(day), "to": maybe(day)}
TERMS: dict[str, Check] = {
    "groups": keys(
        {
            "id": ident,
            "name": text,
            "inter": INTER,
            "names": by_language(),
            "countries": items(text, 1),
            "kind": among(("rebel", "militia", "political", "io", "external_forces", "state")),
            "years": items(maybe(number(1800, 2100)), 2, 2),
        },
        {
            "allies": items(text),
            "enemies": items(text),
            "parents": items(text),
            "leaders": by_language(),
            "members": by_language(),
            "ambiguous": by_language(),
            "agencies": by_language(),
            "side": among(("rebel", "government", "external")),
            "variants": mapping(text, text),
            "name_in": text,
            "since": text,
            "notes": text,
            "inter_in": either(mapping(text, INTER), items(keys({"inter": INTER}, {"country": text, **_PERIOD}))),
        },
    ),
    "sources": keys(
        {
            "id": ident,
            "name": text,
            "kind": among(SOURCE_KINDS),
            "claimant_type": vocabulary("claimant_types"),
            "channel": vocabulary("channels"),
            "scale": vocabulary("source_scales"),
            "names": by_language(),
        },
        {"country": maybe(text), "of": maybe(text), "handles": items(text), "ambiguous": by_language()},
    ),
    "frames": keys(
        {
            "id": text,
            "family": among(_FRAME_FAMILIES),
            "actor1": items(among(SLOTS)),
            "actor2": items(among(SLOTS)),
        },
        {"kind": mapping(text, among(("armed", "crowd", "any")))},
    ),
    "countries": keys(
        {
            "id": text,
            "name": text,
            "iso": number(0, 999),
            "region": text,
            "capital": maybe(text),
            "names": by_language(),
            "box": items(number(-180, 180, whole=False), 4, 4),
            "nationality": by_language(),
        },
        {"notes": text},
    ),
    "admin1": keys(
        {"code": text, "name": text},
        {"capital": maybe(text), "country": text, **{c: items(text) for c in LANGUAGES}},
    ),
}
_WHO = {"from": maybe(day), "to": maybe(day), "name": text, "inter": INTER}
_UNIT = keys({}, {**_WHO, "names": by_language(), "ambiguous": by_language(), **{c: items(text) for c in LANGUAGES}})
STATE = keys(
    {
        "country": text,
        "iso": number(0, 999),
        "names": by_language(),
        "adjectives": by_language(),
        "capital": by_language(),
        "governments": items(
            keys({**_PERIOD, "years": text}, {"leaders": by_language(), "side_names": by_language()}), 1
        ),
        "forces": items(
            keys(
                {"id": ident, "kind": among(_FORCES), "name": text, "inter": INTER, "names": by_language()},
                {**_PERIOD, "ambiguous": by_language(), "units": items(_UNIT), "spokesmen": by_language()},
            )
        ),
        "security_forces": text,
    },
    {
        "demonyms": by_language(),
        "notes": text,
        "rebels": items(
            keys(
                {"name": text, "inter": INTER},
                {**_PERIOD, "group": text, "also": items(text), "names": by_language()},
            )
        ),
        "default_militia": items(
            keys({"name": text, "inter": INTER}, {**_PERIOD, "group": text, "names": by_language()})
        ),
        "air_forces": items(keys({**_PERIOD, "actors": items(text, 1)})),
        "abroad": items(keys({"id": text, **_PERIOD, "where": items(text, 1)})),
    },
)
NOUN = keys(
    {
        "id": ident,
        "resolves": among(_RESOLVES),
        "inter": INTER,
        "victim": flag,
        "patterns": by_language(),
        "examples": items(text, 1),
    },
    {
        "assoc": maybe(text),
        "counter_examples": items(text),
        "head": flag,
        "thing": flag,
        "acts": flag,
        "part": flag,
        "weak": flag,
        "former": flag,
        "alone": flag,
        "mob": flag,
        "beside": flag,
        "deed": flag,
        "as_victim": among(_RESOLVES),
        "name": text,
    },
)
