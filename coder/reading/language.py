"""Which of the coder's languages a text is in: by its script, then by the frequent words of the language."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coder.reading.role_rules import Script

_ARABIC = re.compile("[\u0620-\u06d5\ufb50-\ufdff\ufe70-\ufefc]+")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]+")
_OTHER = re.compile("[\u0370-\u05ff\u0700-\u1fff\u2c00-\ud7ff]+")
_SAMPLE = 4_000  # characters looked at
_ENOUGH = 12  # words from which a text must show frequent words of its language
_SHARE = 0.06  # of the words that must be frequent ones
_FOREIGN = 0.02  # of the letters that may be letters which the language does not have


def detect_language(text: str, scripts: Sequence[Script]) -> str | None:
    """``ar``, ``en``, or None where the text is in neither (or holds no letters)."""
    sample = text[:_SAMPLE]
    found = {"ar": _ARABIC.findall(sample), "en": _LATIN.findall(sample), "": _OTHER.findall(sample)}
    code = max(found, key=lambda c: sum(map(len, found[c])))
    words = found[code]
    script = next((s for s in scripts if s.code == code), None)
    if script is None or not words:
        return None
    letters = "".join(words)
    foreign = sum(map(letters.count, script.foreign_letters))
    if foreign > _FOREIGN * len(letters):
        return None
    frequent = sum(word.lower() in script.words for word in words)
    if len(words) >= _ENOUGH and frequent < _SHARE * len(words):
        return None
    return code
