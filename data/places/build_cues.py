"""How far a name may be trusted where it stands without a place cue (development only: needs wordfreq)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from wordfreq import get_frequency_dict, zipf_frequency

from coder.knowledge.places.names import fold_key

STRICTNESS = ("none", "required", "never")
# Zipf frequencies (log10 uses per billion words) from which a name counts as an everyday word.
NEVER = {"ar": 4.8, "en": 4.8}
REQUIRED = {"ar": 3.7, "en": 3.5}
REQUIRED_QUARTER = {"ar": 3.8, "en": 3.8}
REQUIRED_KNOWN = {"ar": 4.9, "en": 5.2}
SHORT = 3  # letters
SHORT_ABROAD = {"ar": 4, "en": 3}
QUARTERS = frozenset(("neighbourhood", "district", "landmark", "village"))
ARTICLES = frozenset(("al", "el", "ad", "adh", "an", "ar", "as", "ash", "at", "ath", "az", "the"))
PLAIN = {"ar": 4.3, "en": 4.0}  # a name of several words all as common as this is a phrase
ODD = 2.8  # an English name rarer than this is no English word
MILLION = 1_000_000
HUNDRED_THOUSAND = 100_000


def word_list(words: Mapping[str, Mapping[str, Sequence[str]]]) -> dict[tuple[str, str], str]:
    """``words.yaml`` as (language, folded name) → cue; ``none`` beats ``never`` beats ``required``."""
    out: dict[tuple[str, str], str] = {}
    for language, by_cue in words.items():
        for cue in ("required", "never", "none"):
            for word in by_cue.get(cue) or ():
                out[language, fold_key(str(word), language)] = cue
    return out


def cue_of(row: Mapping[str, Any], key: str, language: str, first: bool, listed: Mapping[tuple[str, str], str]) -> str:
    """The cue that the folded name ``key`` of place ``row`` needs: none, required or never."""
    words = key.split()
    alone = words[1:] if language == "en" and words[0] in ARTICLES else words
    if row.get("cue"):
        ordinary = len(alone) == 1 and (language == "ar" or (len(words) == 1 and _frequency((key,), language) >= ODD))
        return str(row["cue"]) if ordinary or row["cue"] != "required" else "none"
    if (language, key) in listed:
        return listed[language, key]
    if row["news"] or row["kind"] == "country" or row.get("listed"):
        return _cue_of_ours(row["kind"], key, alone, language)
    if len(alone) > 1:
        plain = all(_frequency((w,), language) >= PLAIN[language] for w in words)
        return ("required" if first or row["population"] >= HUNDRED_THOUSAND else "never") if plain else "none"
    return _cue_of_theirs(row, key, language, first)


def _cue_of_ours(kind: str, key: str, alone: Sequence[str], language: str) -> str:
    if len(alone) > 1 or kind == "country":
        return "none"
    frequency = _frequency((key, f"ال{key}") if language == "ar" else (key,), language)
    if kind in QUARTERS:
        return "required" if frequency >= REQUIRED_QUARTER[language] or len(key) <= SHORT else "none"
    return "required" if len(key) < SHORT or frequency >= REQUIRED_KNOWN[language] else "none"


def _cue_of_theirs(row: Mapping[str, Any], key: str, language: str, first: bool) -> str:
    """The cue of a single word that only GeoNames knows as a place."""
    people, unit = row["population"], row["kind"] == "admin1"
    frequency, confusion = _frequency((key,), language), _frequency(_looks_like(key, language), language)
    if people >= MILLION:
        common = frequency >= (REQUIRED if len(key) <= SHORT else REQUIRED_KNOWN)[language]
        return "required" if common else "none"
    if (
        len(key) < SHORT
        or max(frequency, confusion) >= NEVER[language]
        or (not first and frequency >= REQUIRED[language])
    ):
        known = people >= HUNDRED_THOUSAND and (first or (language == "en" and frequency < NEVER[language]))
        return "required" if unit or known else "never"
    if not first and confusion >= REQUIRED[language] + 0.5:
        return "required" if people >= HUNDRED_THOUSAND else "never"
    surname = language == "ar" and key.startswith("ال") and key.endswith("ي")
    short = len(key) <= (SHORT if first else SHORT_ABROAD[language])
    return "required" if short or surname or max(frequency, confusion) >= REQUIRED[language] else "none"


def _looks_like(key: str, language: str) -> tuple[str, ...]:
    """The words that the scanner could take for the name: with clitics and pronouns, or a possessive s."""
    if language == "en":
        return key, f"{key}s"
    bare = key.removeprefix("ال")
    heads = ("", "ال", "و", "ف", "ب", "ل", "ك", "س", "وال", "بال", "لل")
    return (
        *(head + tail for head in heads for tail in (key, f"{key}ه")),
        bare,
        f"{key}ها",
        f"{key}هم",
        f"{key}نا",
        f"{key}ي",
    )


def _frequency(words: Sequence[str], language: str) -> float:
    """How common the commonest of the words is, in any spelling that folds to it."""
    folded = _folded_frequencies(language)
    return max(folded.get(word, 0.0) for word in words)


@cache
def _folded_frequencies(language: str) -> dict[str, float]:
    out: dict[str, float] = {}
    for word in get_frequency_dict(language, "best"):
        key = fold_key(word, language)
        out[key] = max(out.get(key, 0.0), float(zipf_frequency(word, language)))
    return out
