"""Arabic: folding, clitics and inflection.

Clitics are candidates ({∅ و ف} × {∅ ب ل ك س} × {∅ ال لل} × pronouns), accepted only where the rest is in
the lexicon; greedy stripping would break names.
"""

from __future__ import annotations

import re
from collections.abc import Container

from coder.language.base import IGNORED, INITIALS, Form, Reading

code = "ar"
conjunctions = frozenset("و")
article = "ال"
subject_first = False
clitics: frozenset[str] = frozenset("وفبلكس")
sentence_ends = frozenset(".!?؟…۔")

_DROP = re.compile(f"[{IGNORED}]+")
_LETTERS = str.maketrans(
    "أإآٱىةؤئکیۀہھےۓ" + "٠١٢٣٤٥٦٧٨٩" + "۰۱۲۳۴۵۶۷۸۹" + "\u066b\u066c",
    "ااااي" + "ه" + "وي" + "كيههه" + "يي" + "0123456789" + "0123456789" + ".,",
)
_CONJUNCTIONS = ("و", "ف")
_PREPOSITIONS = ("ب", "ل", "ك", "س")
_PRONOUNS = ("هما", "كما", "ها", "هم", "هن", "كم", "كن", "نا", "ني", "ه", "ك", "ي")
# Countries that look like the accusative of their people's name.
_COUNTRIES = frozenset(("سوريا", "روسيا", "تركيا", "ليبيا", "اوكرانيا", "بريطانيا", "المانيا", "ايطاليا", "اسبانيا"))
_COUNTRIES |= {"استراليا", "اثيوبيا", "كينيا", "نيجيريا", "ماليزيا", "اندونيسيا", "كولومبيا", "بوليفيا", "صربيا"}
_COUNTRIES |= {"بلغاريا", "رومانيا", "البانيا", "كرواتيا", "ارمينيا", "جورجيا", "منغوليا", "موريتانيا", "تنزانيا"}
_COUNTRIES |= {"زامبيا", "غامبيا", "ناميبيا", "ليبيريا", "اريتريا", "مقدونيا", "سلوفينيا", "سلوفاكيا", "كمبوديا"}
owners: tuple[str, ...] = ("ه", "ها", "هم", "هما")
_SHORTEST = 2  # letters that a stem keeps when clitics are taken off


def fold(word: str) -> str:
    """Marks, tatweel and bidi controls dropped; hamza seats, ya, ta marbuta and digits made one."""
    if "." in word and INITIALS.fullmatch(word):
        word = word.replace(".", "")
    if word.isascii():
        return word.lower()
    return _DROP.sub("", word).translate(_LETTERS).lower()


def _proclitics(word: str) -> list[tuple[str, str]]:
    """(clitics, rest) for every split of the front of a folded word, the shortest clitics first."""
    out = [("", word)]
    heads = [("", word)]
    if word[:1] in _CONJUNCTIONS and len(word) > _SHORTEST:
        heads.append((word[0], word[1:]))
        out.append(heads[1])
    for conj, rest in heads:
        if rest.startswith("ال") and len(rest) > 3:
            out.append((conj + "ال", rest[2:]))
        if rest[:1] in _PREPOSITIONS and len(rest) > _SHORTEST:
            prep, tail = rest[0], rest[1:]
            out.append((conj + prep, tail))
            if tail.startswith("ال") and len(tail) > 3:
                out.append((conj + prep + "ال", tail[2:]))
            elif prep == "ل" and tail.startswith("ل") and len(tail) > 2:
                out.append((conj + "لال", tail[1:]))
                out.append((conj + "ل", "ا" + tail))
    return out


def readings(word: str, known: Container[str]) -> tuple[Reading, ...]:
    """The readings of a folded word whose stem is in ``known``, the least stripped first."""
    found = []
    for before, stem in _proclitics(word):
        if stem in known:
            found.append(Reading(stem, before, ""))
    if not found:
        for before, stem in _proclitics(word):
            if before.endswith("ال"):
                continue
            for pronoun in _PRONOUNS:
                if len(stem) - len(pronoun) >= _SHORTEST and stem.endswith(pronoun):
                    rest = stem[: -len(pronoun)]
                    if rest in known:
                        found.append(Reading(rest, before, pronoun))
                    elif rest.endswith("ت") and rest[:-1] + "ه" in known:
                        found.append(Reading(rest[:-1] + "ه", before, pronoun))
    return tuple(found)


def takes(before: str, features: str) -> bool:
    """May a word of these features stand behind these clitics?

    A verb takes neither the article nor «ب» and «ك», a past one no «س» of the future, and that stands before no noun.
    """
    future = before.endswith("س")
    if features.startswith("v"):
        return before[-1:] not in ("ب", "ك") and not before.endswith(article) and not (future and "past" in features)
    return not (future and features)


def ends_in(word: str, behind: str) -> bool:
    """May a word as it is written end in a pronoun? A ta marbuta, which folds to «ه», is none («حاجة»)."""
    return not (behind and word.endswith("ة"))


def _verb(forms: list[str]) -> list[Form]:
    past, present, passive, passive_present = [*forms, "", "", ""][:4]
    out = _past(past, "v.past")
    if present:
        out += _present(present, "v.pres")
    if passive:
        out += _past(passive, "v.past.pass")
    if passive_present:
        out += _present(passive_present, "v.pres.pass")
    return out


def _past(stem: str, features: str) -> list[Form]:
    if stem.endswith(("ى", "ا")):
        base = stem[:-1]
        ends = (
            ["ي", "ت", "تا", "وا", "و", "يا", "ينا", "ين", "ا"]
            if stem.endswith("ى")
            else ["ا", "ت", "تا", "وا", "و", "ونا"]
        )
    else:
        base, ends = stem, ["", "ت", "ا", "تا", "وا", "و", "ن", "نا"]
    return [Form(fold(base + end), features) for end in ends]


def _present(stem: str, features: str) -> list[Form]:
    weak = stem.endswith(("ى", "ي", "و"))
    short = stem[1:-1] if weak else stem[1:]
    bodies = (
        [stem[1:]] + [short + end for end in ("ون", "وا", "ان", "ن")] + ([short] if weak and len(short) > 2 else [])
    )
    return [Form(fold(person + body), features) for person in "يتنأ" for body in bodies]


def _noun(forms: list[str]) -> list[Form]:
    lemma, *plurals = forms
    if lemma.endswith("ة"):
        base = lemma[:-1]
        out = [
            Form(fold(base + end), tag)
            for end, tag in [("ة", "n.sg"), ("تان", "n.du"), ("تين", "n.du"), ("تا", "n.du"), ("تي", "n.du")]
        ]
        if not plurals:
            plurals = [base + "ات"]
    else:
        tanwin = [] if lemma.endswith(("ى", "ا", "اء")) else [Form(fold(lemma + "ا"), "n.sg")]
        out = [Form(fold(lemma), "n.sg"), *tanwin, Form(fold(lemma + "ان"), "n.du"), Form(fold(lemma + "ين"), "n.du")]
        if not plurals:
            out += [Form(fold(lemma + end), "n.pl") for end in ("ون", "و", "ي", "ات")]
            out += [Form(fold(lemma + end), tag) for end, tag in [("ة", "n.sg"), ("تان", "n.du"), ("تين", "n.du")]]
        else:
            out.append(Form(fold(lemma + "ي"), "n.du"))
    for plural in plurals:
        out.append(Form(fold(plural), "n.pl"))
        if not plural.endswith(("ا", "اء", "ات", "ة", "ى", "ون")):
            out.append(Form(fold(plural + "ا"), "n.pl"))
        if plural.endswith("ون"):
            out += [Form(fold(plural[:-2] + end), "n.pl") for end in ("ين", "و", "ي")]
    return out


def _adjective(forms: list[str]) -> list[Form]:
    lemma, *plurals = forms
    ends = ["", "ة", "ون", "ين", "و", "ان", "ات", "تان", "تين", "ا"] + ([] if lemma.endswith("ي") else ["ي"])
    if fold(lemma + "ا") in _COUNTRIES:
        ends.remove("ا")
    return [Form(fold(lemma + end), "adj") for end in ends] + [Form(fold(p), "adj") for p in plurals]


def inflect(forms: list[str], pos: str) -> list[Form]:
    """All folded forms of a lemma: ``v`` past 3ms[, present 3ms[, passive past[, passive present]]];
    ``n`` singular[, plurals…]; ``adj`` masculine singular[, broken plurals…]."""
    return {"v": _verb, "n": _noun, "adj": _adjective}[pos](forms)


def ends_sentence(words: list[str], i: int) -> bool:
    """A stop ends a sentence unless it stands behind a single letter (an abbreviation: أ.ف.ب)."""
    if words[i] != ".":
        return True
    return not (i > 0 and len(words[i - 1]) == 1 and words[i - 1].isalpha())
