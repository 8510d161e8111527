"""English: folding, possessives that lost their apostrophe, and inflection."""

from __future__ import annotations

from collections.abc import Container

from coder.language.base import INITIALS, Form, Reading

code = "en"
conjunctions = frozenset(("and", "&"))
article = ""
owners: tuple[str, ...] = ()
subject_first = True
clitics: frozenset[str] = frozenset()
sentence_ends = frozenset(".!?…")

_ABBREVIATIONS = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "sen",
        "rep",
        "gov",
        "gen",
        "lt",
        "col",
        "maj",
        "capt",
        "cpl",
        "sgt",
        "brig",
        "adm",
        "cmdr",
        "st",
        "no",
        "vs",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "u.s",
        "u.n",
        "inc",
        "co",
        "corp",
        "dept",
        "approx",
        "est",
    ]
)
_VOWELS = "aeiou"


def fold(word: str) -> str:
    """Lower case, straight apostrophes, no stops between letters, no soft hyphens or bidi controls."""
    low = word.lower()
    if "." in low and INITIALS.fullmatch(low):
        low = low.replace(".", "")
    if low.isascii():
        return low
    return low.replace("\u2019", "'").replace("\u00ad", "").replace("\u200e", "").replace("\u200f", "")


def readings(word: str, known: Container[str]) -> tuple[Reading, ...]:
    """The word itself, else the word without a possessive s that lost its apostrophe («Assads»)."""
    if word in known:
        return (Reading(word, "", ""),)
    if len(word) > 3 and word.endswith("s") and word[:-1] in known:
        return (Reading(word[:-1], "", "s"),)
    return ()


def takes(before: str, features: str) -> bool:
    """A word of any features stands without clitics."""
    return not before


def ends_in(word: str, behind: str) -> bool:
    """A word ends in the possessive s that it is written with."""
    return word.endswith(behind)


def _doubles(lemma: str) -> bool:
    """Is the last consonant doubled before -ed and -ing (stab, rob, slam)?"""
    return (
        len(lemma) > 2
        and lemma[-1] not in _VOWELS + "wxy"
        and lemma[-2] in _VOWELS
        and lemma[-3] not in _VOWELS
        and sum(c in _VOWELS for c in lemma) == 1
    )


def _s(lemma: str) -> str:
    if lemma.endswith(("s", "x", "z", "ch", "sh")):
        return lemma + "es"
    if lemma.endswith("y") and lemma[-2:-1] not in _VOWELS:
        return lemma[:-1] + "ies"
    return lemma + "s"


def _verb(forms: list[str]) -> list[Form]:
    lemma, *irregular = forms
    if lemma.endswith("e"):
        past, ing = lemma + "d", (lemma[:-2] + "ying" if lemma.endswith("ie") else lemma[:-1] + "ing")
        if lemma.endswith("ee"):
            ing = lemma + "ing"
    elif lemma.endswith("y") and lemma[-2:-1] not in _VOWELS:
        past, ing = lemma[:-1] + "ied", lemma + "ing"
    elif _doubles(lemma):
        past, ing = lemma + lemma[-1] + "ed", lemma + lemma[-1] + "ing"
    else:
        past, ing = lemma + "ed", lemma + "ing"
    out = [Form(lemma, "v.base"), Form(_s(lemma), "v.pres"), Form(ing, "v.ing")]
    if not irregular:
        return [*out, Form(past, "v.past.pp")]
    if len(irregular) == 1 or irregular[0] == irregular[1]:
        return [*out, Form(irregular[0], "v.past.pp")]
    return [*out, Form(irregular[0], "v.past"), *(Form(f, "v.pp") for f in irregular[1:])]


def inflect(forms: list[str], pos: str) -> list[Form]:
    """All forms of a lemma: ``v`` base[, past[, participle]]; ``n`` singular[, plurals…]; ``adj`` as is."""
    forms = [fold(f) for f in forms]
    if pos == "v":
        return _verb(forms)
    if pos == "n":
        plurals = forms[1:] or [_s(forms[0])]
        return [Form(forms[0], "n.sg"), *(Form(p, "n.pl") for p in plurals)]
    return [Form(f, "adj") for f in forms]


def ends_sentence(words: list[str], i: int) -> bool:
    """A stop ends a sentence unless it stands behind an abbreviation or an initial."""
    if words[i] != "." or i == 0:
        return True
    before = words[i - 1]
    if len(before) == 1 and before.isalpha():
        return i + 1 < len(words) and words[i + 1] == "\n"
    return before not in _ABBREVIATIONS
