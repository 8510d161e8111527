"""How far a name may be trusted where it stands without a place cue (development only: needs wordfreq)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wordfreq import zipf_frequency

from coder.coding.places.names import fold_key

STRICTNESS = ("none", "required", "never")
# Zipf frequencies (log10 uses per billion words) from which a name counts as an everyday word.
NEVER = {"ar": 5.2, "en": 5.2}
REQUIRED = {"ar": 3.7, "en": 3.5}
REQUIRED_QUARTER = {"ar": 3.8, "en": 3.8}
REQUIRED_KNOWN = {"ar": 4.9, "en": 5.2}
SHORT = 3  # letters
SHORT_ABROAD = {"ar": 4, "en": 3}
QUARTERS = frozenset(("neighbourhood", "district", "landmark", "village"))
TRUSTED = frozenset(("country", "admin1", "region"))
MILLION = 1_000_000
HUNDRED_THOUSAND = 100_000


def word_list(words: Mapping[str, Mapping[str, Sequence[str]]]) -> dict[tuple[str, str], str]:
    """``data/places/words.yaml`` as (language, folded name) → cue; ``none`` beats ``never`` beats ``required``."""
    out: dict[tuple[str, str], str] = {}
    for language, by_cue in words.items():
        for cue in ("required", "never", "none"):
            for word in by_cue.get(cue) or ():
                out[language, fold_key(str(word), language)] = cue
    return out


def cue_of(
    row: Mapping[str, Any], key: str, language: str, first: bool, listed: Mapping[tuple[str, str], str]
) -> str:
    """The cue that the name ``key`` of place ``row`` needs: none, required or never."""
    if row.get("cue"):
        return str(row["cue"])
    if (language, key) in listed:
        return listed[language, key]
    if " " in key:
        return "none"
    frequency = zipf_frequency(key, language)
    kind, people, ours = row["kind"], row["population"], bool(row.get("news"))
    if (
        kind in TRUSTED
        or (ours and kind not in QUARTERS)
        or people >= MILLION
        or (first and people >= HUNDRED_THOUSAND)
    ):
        return (
            "required"
            if len(key) < SHORT or (frequency >= REQUIRED_KNOWN[language] and kind not in TRUSTED)
            else "none"
        )
    if ours:
        return "required" if frequency >= REQUIRED_QUARTER[language] or len(key) <= SHORT else "none"
    if frequency >= NEVER[language] or len(key) < SHORT:
        return "never"
    if not first and len(key) <= SHORT_ABROAD[language]:
        return "required"
    return "required" if frequency >= REQUIRED[language] or len(key) <= SHORT else "none"
