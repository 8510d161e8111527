"""When two claims agree in a field: names but for years and word order, wordings by half their words."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple

Claim = Mapping[str, Any]

_MARKS = re.compile("[\u064b-\u065f\u0670\u0640]")
_LETTERS = str.maketrans("إأآٱىة", "ااااي" + "ه")
_CLITICS = re.compile(r"^(?:[وف]?(?:ال|لل|بال|كال)|[وفبلك](?=[^\W\d_]{3}))")
_YEARS = re.compile(r"\([^)]*\d{4}[^)]*\)")
_OUTLETS: Mapping[str, str] = {
    "agence france presse": "afp",
    "associated press": "ap",
    "deutsche presse agentur": "dpa",
}
SHARED = 0.5
"""Share of the shorter wording's words that two wordings must have in common."""


@cache
def folded(text: str) -> str:
    """Text without case, marks, punctuation and the letters that Arabic spelling confuses."""
    plain = _MARKS.sub("", text.replace("\xa0", " ").lower()).translate(_LETTERS)
    return " ".join(re.sub(r"[^\w\s]", " ", plain).split())


@cache
def words(text: str) -> frozenset[str]:
    """The words of a text without Arabic clitics; single letters do not count."""
    stripped = (_CLITICS.sub("", word) for word in folded(text).split())
    return frozenset(word for word in stripped if len(word) > 1)


def same_words(one: str | None, other: str | None) -> bool:
    """Whether two wordings share half the words of the shorter one; two empty ones do."""
    a, b = words(one or ""), words(other or "")
    if not a or not b:
        return not a and not b
    return len(a & b) / min(len(a), len(b)) >= SHARED


def same_name(one: str | None, other: str | None) -> bool:
    """Whether two canonical names are equal but for years, brackets and the order of words."""
    return bool(one) and bool(other) and _core(str(one)) == _core(str(other))


@cache
def _core(name: str) -> frozenset[str]:
    return frozenset(_YEARS.sub("", name.lower()).replace("(", " ").replace(")", " ").split())


def _plain(column: str, default: str | None = None) -> Callable[[Claim, Claim], bool]:
    def agree(one: Claim, other: Claim) -> bool:
        return (one.get(column) or default) == (other.get(column) or default)

    return agree


def _actor(n: str) -> Callable[[Claim, Claim], bool]:
    def agree(one: Claim, other: Claim) -> bool:
        mine, theirs = one.get(f"actor{n}"), other.get(f"actor{n}")
        my_words, their_words = one.get(f"actor{n}_text"), other.get(f"actor{n}_text")
        if same_name(mine, theirs) or (not mine and not theirs):
            return True
        return bool(my_words or their_words) and same_words(my_words, their_words)

    return agree


def _sub_event_type(one: Claim, other: Claim) -> bool:
    return all(one.get(c) == other.get(c) for c in ("event_type", "sub_event_type"))


def _location(one: Claim, other: Claim) -> bool:
    if folded(one.get("location") or "") == folded(other.get("location") or ""):
        return True
    mine, theirs = one.get("location_text"), other.get("location_text")
    return bool(mine and theirs) and same_words(mine, theirs)


def _country(one: Claim, other: Claim) -> bool:
    return folded(one.get("country") or "") == folded(other.get("country") or "")


def _date(one: Claim, other: Claim) -> bool:
    return all(str(one.get(c))[:10] == str(other.get(c))[:10] for c in ("date_start", "date_end"))


def number(value: Any) -> int | None:
    """A count as a number; None where there is none."""
    return None if value is None or value == "" or value != value else int(value)


def _numbers(*columns: str) -> Callable[[Claim, Claim], bool]:
    def agree(one: Claim, other: Claim) -> bool:
        return all(number(one.get(c)) == number(other.get(c)) for c in columns)

    return agree


def _claimant(one: Claim, other: Claim) -> bool:
    return same_words(one.get("claimant_text"), other.get("claimant_text"))


def _outlet(one: Claim, other: Claim) -> bool:
    mine, theirs = (folded(c.get("source_outlet") or "") for c in (one, other))
    return _OUTLETS.get(mine, mine) == _OUTLETS.get(theirs, theirs)


class Field(NamedTuple):
    """A field of comparison.

    ``column`` must be in both codings; ``scale`` is nominal (kappa, alpha, confusions), ratio (alpha) or None
    for free wording. ``core`` fields make the mean.
    """

    name: str
    column: str
    agree: Callable[[Claim, Claim], bool]
    scale: str | None = None
    core: bool = True


FIELDS = (
    Field("event_type", "event_type", _plain("event_type"), "nominal"),
    Field("sub_event_type", "sub_event_type", _sub_event_type, "nominal"),
    Field("actor1", "actor1", _actor("1")),
    Field("inter1", "inter1", _plain("inter1"), "nominal"),
    Field("actor2", "actor2", _actor("2")),
    Field("inter2", "inter2", _plain("inter2"), "nominal"),
    Field("location", "location", _location),
    Field("country", "country", _country, "nominal"),
    Field("date", "date_start", _date),
    Field("fatalities", "fatalities_low", _numbers("fatalities_low", "fatalities_high"), "ratio"),
    Field("injured", "injured_low", _numbers("injured_low"), "ratio"),
    Field("claimant", "claimant_text", _claimant),
    Field("claimant_type", "claimant_type", _plain("claimant_type"), "nominal"),
    Field("outlet", "source_outlet", _outlet),
    Field("claimant_side", "claimant_side", _plain("claimant_side", "none"), "nominal"),
    Field("modality", "modality", _plain("modality"), "nominal"),
    Field("responsibility", "responsibility", _plain("responsibility", "reported"), "nominal", core=False),
    Field("channel", "source_channel", _plain("source_channel", "none"), "nominal", core=False),
    Field("background", "background", _plain("background", None), "nominal", core=False),
    Field("geo_precision", "geo_precision", _numbers("geo_precision"), "nominal", core=False),
)
"""The fields in the order of the codebook."""

NAMES = tuple(field.name for field in FIELDS)
