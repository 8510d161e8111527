"""The pattern language of ``data/``: words, alternatives, options, inflection and gaps.

A pattern is words separated by spaces. A word may be alternatives (``a|b``), optional (``word?``), or
inflected: ``word/n``, ``word/v``, ``word/adj``, irregular forms behind colons (``man:men/n``,
``قال:يقول/v``). ``…`` stands for up to three words. A pattern compiles to slots; a slot is the set of the
folded forms that may stand there.
"""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

from coder.language import TOKEN, Form, Language

GAP = "…"
_POS = ("n", "v", "adj")


class PatternError(ValueError):
    """A pattern that cannot be read; the message says which and why."""


class Slot(NamedTuple):
    """One place in a pattern: an identity for sharing, and the forms that may fill it (empty: a gap)."""

    name: str
    forms: tuple[Form, ...]


def compile_pattern(pattern: str, language: Language) -> list[tuple[Slot, ...]]:
    """The slot sequences that ``pattern`` stands for, options left out and taken.

    Raises :class:`PatternError` for an unknown inflection or an empty pattern.
    """
    choices: list[list[tuple[Slot, ...]]] = []
    for word in pattern.split():
        optional = word.endswith("?") and len(word) > 1
        slots = _slots(word[:-1] if optional else word, language, pattern)
        choices.append([slots, ()] if optional else [slots])
    sequences = [tuple(slot for part in parts for slot in part) for parts in product(*choices)]
    sequences = [s for s in (_without_clitics(s, language) for s in sequences) if s]
    if not sequences or any(s[0].name == GAP or s[-1].name == GAP for s in sequences):
        raise PatternError(f"pattern {pattern!r}: it must begin and end with a word")
    return sequences


def _without_clitics(slots: tuple[Slot, ...], language: Language) -> tuple[Slot, ...]:
    """A slot that is a bare clitic («هدد ب») stands on the next word, where the scanner accepts it anyway."""
    return tuple(s for s in slots if s.name not in language.clitics)


def _slots(word: str, language: Language, pattern: str) -> tuple[Slot, ...]:
    if word == GAP:
        return (Slot(GAP, ()),)
    if "|" not in word and "/" not in word:
        return tuple(Slot(f, (Form(f, ""),)) for f in fold_name(word, language))
    forms: dict[Form, None] = {}
    for part in word.split("|"):
        lemma, _, pos = part.partition("/")
        if not pos and "/" in word and len(word.split("|")) > 1:
            pos = word.rpartition("/")[2] if word.rpartition("/")[2] in _POS else ""
        if not lemma:
            raise PatternError(f"pattern {pattern!r}: an alternative of {word!r} is empty")
        if pos and pos not in _POS:
            raise PatternError(f"pattern {pattern!r}: {pos!r} is no inflection; legal: {', '.join(_POS)}")
        if not pos:
            forms[Form(language.fold(lemma), "")] = None
        else:
            forms.update(dict.fromkeys(language.inflect(lemma.split(":"), pos)))
    return (Slot(word, tuple(forms)),)


def fold_name(name: str, language: Language) -> tuple[str, ...]:
    """The folded words of a literal name, hyphens and other signs put aside as the scanner does."""
    words = (language.fold(t) for t in TOKEN.findall(name))
    return tuple(w for w in words if w and (w.isalnum() or len(w) > 1))
