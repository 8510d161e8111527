"""The shapes of the entries of ``rules/``, one function a kind; ``RULES`` is by the file's stem."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from coder import codebook
from coder.lint.shapes import (
    Check,
    among,
    any_text,
    day,
    either,
    flag,
    ident,
    items,
    keys,
    maybe,
    name_in,
    number,
    text,
    vocabulary,
)

SLOTS = ("subject", "object", "by", "on", "with", "between", "between2", "from", "to", "of", "in", "allied")
SOURCE_KINDS = [
    "agency",
    "newspaper",
    "station",
    "website",
    "monitor",
    "io",
    "ngo",
    "platform",
    "affiliated",
    "party",
    "state_agency",
    "state_paper",
    "ministry",
    "medical",
    "activist_network",
]


def _types() -> tuple[str, ...]:
    return (*codebook.names("claimant_types"), "inherit")


_EXAMPLE_TEXT = {"text": text}
_COUNTS = {"low": maybe(number(0)), "high": maybe(number(0))}


def _rule(
    language: str,
    examples: Check,
    required: dict[str, Check],
    optional: dict[str, Check] | None = None,
    counter: Check = text,
    least: int = 1,
) -> Check:
    """An entry of data/rules: what every kind has, and what is its own."""
    return keys(
        {
            "id": ident,
            "since": text,
            "patterns": items(name_in(language)),
            **required,
            **({"examples": items(examples, least)} if least else {}),
        },
        {
            "counter_examples": items(counter),
            "note": text,
            **({} if least else {"examples": items(examples)}),
            **(optional or {}),
        },
    )


def _events(language: str) -> Check:
    return _rule(
        language,
        keys(_EXAMPLE_TEXT, {"sub_event_type": maybe(vocabulary("sub_event_types"))}),
        {
            "sub_event_type": maybe(vocabulary("sub_event_types")),
            "frame": text,
            "strength": among(("strong", "weak", "detail", "back")),
        },
        {
            "noun_of": among(("subject", "object")),
            "needs": items(among(("armed", "place", "casualty", "weapon", "crowd", "mob", "victim", "toll")), 1),
            "unarmed": flag,
        },
    )


def _scope(language: str) -> Check:
    effect = among(("planned", "hypothetical", "denied", "negated", "background", "statement", "happened"))
    return _rule(
        language,
        keys(_EXAMPLE_TEXT, {"effect": effect}),
        {
            "effect": effect,
            "direction": among(("forward", "backward", "both")),
            "reach": among(("clause", "sentence", "words")),
        },
        {"max": number(0, 60), "terminators": items(text), "backshift": flag},
    )


def _attribution(language: str) -> Check:
    kinds = [
        "speech",
        "continue",
        "credit",
        "quote",
        "hearsay",
        "channel",
        "head",
        "dateline",
        "medium",
        "told",
        "filler",
        "negator",
        "edge",
        "pronoun",
        "passive",
        "definite",
        "that",
        "preposition",
        "carried",
        "indefinite",
        "relative",
        "self",
    ]
    return _rule(
        language,
        keys(_EXAMPLE_TEXT, {"claimant": any_text, "carrier": any_text, "said": text}),
        {"kind": among(kinds)},
        {
            "form": among(("verb", "noun", "participle", "passive")),
            "channel": vocabulary("channels"),
            "stance": among(["neutral", "accuse", "claim", "deny", "threaten", "condemn", "continue"]),
            "complement": items(any_text),
            "claimant_type": among(_types),
            "default": vocabulary("claimant_types"),
            "link": items(any_text),
            "role": among(("claimant", "carrier", "either", "none")),
            "modality": vocabulary("modality"),
            "takes": among(("noun", "verb")),
            "platform": text,
            "speaker": among(("outlet",)),
            "shapes": items(text),
            "strict": flag,
            "anchor": text,
            "anaphor": flag,
            "relays": flag,
            "no_claimant": items(text),
            "of": items(among(SOURCE_KINDS), 1),
            "clitics": items(text),
        },
    )


def _dates(language: str) -> Check:
    kinds = [
        "ordinal",
        "month",
        "weekday",
        "daypart",
        "unit",
        "fixed",
        "part",
        "day",
        "lead",
        "link",
        "direction",
        "holiday",
        "bound",
        "other",
        "name",
        "yearword",
        "ago",
        "few",
        "filler",
        "phrase",
        "era",
        "published",
        "future",
        "owner",
    ]
    example = keys(_EXAMPLE_TEXT, {"first": day, "last": day, "reference": day, "days": number(), "none": flag})
    return _rule(
        language,
        example,
        {"kind": among(kinds)},
        {
            "value": number(0, 31),
            "name": text,
            "calendar": among(("gregorian", "hijri")),
            "weak": among(("number", "phrase")),
            "day_behind": flag,
            "cased": flag,
            "first": number(-400, 400),
            "last": number(-400, 400),
            "place": among(("before", "behind", "after", "whole")),
            "definite": flag,
            "month": number(1, 12),
            "day": number(1, 31),
            "day2": number(1, 31),
            "days": number(-400, 400),
            "weekday": number(0, 6),
            "length": number(1, 400),
            "inside": flag,
            "spelled": text,
            "shift": number(-1, 1),
            "also": text,
            "rolling": flag,
        },
        least=0,
    )


def _numbers(language: str) -> Check:
    kinds = ["cardinal", "vague", "measure", "scale", "qualifier", "label", "link", "former", "idiom"]
    example = keys(
        _EXAMPLE_TEXT,
        {**_COUNTS, "estimated": flag, "vague": text, "measure": text, "label": text, "idiom": flag},
    )
    return _rule(
        language,
        example,
        {"kind": among(kinds)},
        {
            "value": number(0),
            "name": text,
            "low": maybe(number(0)),
            "alone": number(0),
            "bound": among(("min", "max", "about")),
            "place": among(("before", "after")),
            "role": among(("open", "range", "join")),
            "signs": items(text),
            "joined": flag,
            "definite": flag,
            "digits": flag,
            "alone_vague": text,
        },
    )


def _casualties(language: str) -> Check:
    kinds = [
        "action",
        "victim",
        "none",
        "person",
        "cumulative",
        "toll",
        "mixed",
        "attacker-noun",
        "vague",
        "attacker",
        "thing",
        "part",
        "of-dead",
        "also",
        "one",
        "skip",
        "attempt",
        "break",
        "meet",
        "passive",
    ]
    unit = among(("dead", "wounded", "captured", "dead_or_wounded"))
    example = keys({"text": text, "unit": unit}, {**_COUNTS, "vague": text, "part": flag, "cumulative": flag})
    return _rule(
        language,
        example,
        {"kind": among(kinds)},
        {
            "unit": unit,
            "victims": among(("both", "after", "before")),
            "needs": among(("person",)),
            "bare": either(flag, among(("nothing", "count", "plural", "single"))),
            "units": items(unit),
            "joined": flag,
            "amount": number(0),
            "since_year": flag,
            "alone": number(0),
        },
        least=0,
    )


def _places(language: str) -> Check:
    kinds = [
        "province",
        "region",
        "district",
        "city",
        "town",
        "village",
        "quarter",
        "camp",
        "base",
        "airport",
        "port",
        "crossing",
        "mountain",
        "valley",
        "island",
        "square",
    ]
    relations = [
        "inside",
        "centre",
        "part",
        "direction",
        "near",
        "outskirts",
        "countryside",
        "road",
        "distance",
        "glue",
    ]
    example = keys({"text": text, "place": text})
    return _rule(
        language,
        example,
        {},
        {
            "kind": among(kinds),
            "relation": among(relations),
            "bearing": number(0, 359),
            "km": number(0, 10, whole=False),
            "side": among(("before", "behind", "both")),
        },
        counter=example,
    )


def _grammar(language: str) -> Check:
    roles = (
        *(f"slot.{slot}" for slot in SLOTS),
        "clause.boundary",
        "clause.relative",
        "clause.result",
        "aux.be",
        "aux.passive",
        "aux.light",
        "aux.undergo",
        "pronoun",
        "anaphor",
        "held",
        "partitive",
        "reason",
        "noun",
        "possessive",
        "stop",
        "definite",
        "single",
        "scope.purpose",
        "scope.future",
    )
    return _rule(
        language,
        either(keys(_EXAMPLE_TEXT), text),
        {"role": among(roles)},
        {
            "refers": among(("group", "place")),
            "own": flag,
            "speaks": flag,
            "keeps": flag,
            "news": flag,
            "clitics": items(text),
            "takes": items(text),
            "cause": flag,
        },
        least=0,
    )


def _phrases(language: str) -> Check:
    return _rule(language, either(keys(_EXAMPLE_TEXT), text), {"role": text}, least=0)


RULES: Mapping[str, Callable[[str], Check]] = {
    "events": _events,
    "scope": _scope,
    "attribution": _attribution,
    "dates": _dates,
    "numbers": _numbers,
    "casualties": _casualties,
    "places": _places,
    "grammar": _grammar,
    "phrases": _phrases,
}
