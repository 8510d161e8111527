"""Latin spellings of names of another script, brought to one form (``data/places/spellings.yaml``).

Two spellings are one name where their consonants are equal and their vowels differ little. Only names behind a
place cue, which the gazetteer does not have as they stand, are compared so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rapidfuzz.distance import Levenshtein

from coder.knowledge.safe_yaml import DataError, read_yaml

_VOWELS = frozenset("aeiouwy")
_LEAST = 2  # consonants of a name that is compared
_SHORT = 4  # consonants of a name that may differ by one vowel only, where a longer one may by two
_KEYS = frozenset(("countries", "articles", "heads", "letters", "vowels"))


class Spellings:
    """The names of the places of some countries by their consonants, for one language."""

    def __init__(self, rules: Mapping[str, Any], names: Iterable[tuple[int, str]]) -> None:
        self.articles = frozenset(str(a) for a in rules["articles"])
        self.heads = frozenset(str(h) for h in rules["heads"])
        self._letters = [(str(a), str(b)) for a, b in rules["letters"]]
        self._vowels = [(str(a), str(b)) for a, b in rules["vowels"]]
        self._known: dict[str, dict[str, list[int]]] = {}
        for row, name in names:
            if not all(c.isalpha() or c in " -'" for c in name):
                continue
            key, form = self._forms(name.lower().replace("-", " ").split())
            rows = self._known.setdefault(key, {}).setdefault(form, [])
            if row not in rows:
                rows.append(row)

    def find(self, words: Sequence[str]) -> list[tuple[int, tuple[int, ...]]]:
        """(how far apart, numbers of the places) of the names that the folded ``words`` may spell, the likest first."""
        key, form = self._forms(words)
        consonants = len(key.replace("a", ""))
        known = self._known.get(key)
        if known is None or consonants < _LEAST:
            return []
        far = (consonants > _LEAST) + (consonants > _SHORT)
        alike = [(Levenshtein.distance(form, other, score_cutoff=far), tuple(rows)) for other, rows in known.items()]
        return sorted((apart, rows) for apart, rows in alike if apart <= far)

    def _forms(self, words: Sequence[str]) -> tuple[str, str]:
        """The consonants of a name, and the name with its vowels."""
        bare = [w.replace("'", "") for w in words if w not in self.articles and w[:1].isalpha()]
        keys, forms = [], []
        for word in bare or words:
            for a, b in self._letters:
                word = word.replace(a, b)
            first = word[:1]
            if len(word) > _LEAST and word.endswith("h") and word[-2] in _VOWELS:
                word = word[:-1]
            key = "".join(c for c in word[1:] if c not in _VOWELS)
            keys.append(_single(("a" if first in "aeiou" else first) + key))
            for a, b in self._vowels:
                word = word.replace(a, b)
            forms.append(_single(word))
        return "".join(keys), "".join(forms)


def _single(word: str) -> str:
    """A word with its doubled letters written once."""
    return "".join(c for n, c in enumerate(word) if n == 0 or c != word[n - 1])


def read_spellings(folders: Sequence[Path]) -> dict[str, Any]:
    """The rules by language; the last folder that has them wins. Raises DataError where a file is at fault."""
    out: dict[str, Any] = {}
    for folder in folders:
        path = folder / "places" / "spellings.yaml"
        if path.is_file():
            loaded = read_yaml(path)
            for language, rules in loaded.items():
                if set(rules) != _KEYS:
                    raise DataError(f"{path}: {language}: expected the keys {', '.join(sorted(_KEYS))}")
                out[language] = rules
    return out
