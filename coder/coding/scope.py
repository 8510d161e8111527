"""How far denial, plan, hypothesis, background and metaphor reach (data: scope.yaml; as in ConText)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from coder.coding.grammar import Grammar
from coder.coding.scan import Scan, longest
from coder.knowledge.lexicon import Match
from coder.language import LANGUAGES

_MODALITIES = ("denied", "hypothetical", "planned")


class Scopes:
    """The operators of a document, by sentence."""

    def __init__(self, scan: Scan, grammar: Grammar) -> None:
        self.scan = scan
        self.grammar = grammar
        self._by_sentence: dict[int, list[tuple[Match, Mapping[str, Any], int, int]]] = {}
        n = 0
        sentences = scan.doc.sentences
        for m in longest(scan.of("scope")):
            while n < len(sentences) and m.i >= sentences[n].last:
                n += 1
            if n == len(sentences):
                break
            data = scan.rule(m).data
            lo, hi = self._reach(m, data, n)
            self._by_sentence.setdefault(n, []).append((m, data, lo, hi))

    def _reach(self, m: Match, data: Mapping[str, Any], n: int) -> tuple[int, int]:
        """The words [lo, hi) that an operator acts on."""
        s = self.scan.doc.sentences[n]
        lo, hi = s.first, s.last
        if data.get("reach", "clause") == "clause":
            bounds = self.grammar.boundary
            lo = next((k for k in range(m.i, s.first, -1) if k in bounds), s.first)
            hi = next((k for k in range(m.j, s.last) if k in bounds), s.last)
        elif data.get("reach") == "words":
            reach = int(str(data.get("max", 5)))
            lo, hi = max(lo, m.i - reach), min(hi, m.j + reach)
        direction = data.get("direction", "forward")
        if direction == "forward":
            lo = m.i
        elif direction == "backward":
            hi = m.j
        ends = data.get("terminators")
        if isinstance(ends, Sequence) and not isinstance(ends, str):
            stops = _folded(tuple(map(str, ends)), self.scan.doc.language.code)
            hi = next((k for k in range(m.j, hi) if self.scan.doc.words[k] in stops), hi)
        return lo, hi

    def effects(self, word: int, n: int, reported: bool = False) -> list[str]:
        """The effects of all operators that reach a word of sentence ``n``.

        ``reported``: someone is said to have said it, so that a shifted tense ("said it had
        seized") is no past before it.
        """
        return [
            str(data["effect"])
            for m, data, lo, hi in self._by_sentence.get(n, ())
            if lo <= word < hi and not (reported and data.get("backshift"))
        ]

    def cancelled(self, word: int, n: int) -> bool:
        """Is the word no event here (negated, metaphor, sport, drill, policy)?"""
        effects = self.effects(word, n)
        return "statement" in effects or "negated" in effects

    def status(self, word: int, n: int, reported: bool = False) -> tuple[str, bool]:
        """Modality and background of an event told at a word."""
        effects = self.effects(word, n, reported)
        modality = next((m for m in _MODALITIES if m in effects), "asserted")
        return modality, "background" in effects


@lru_cache(maxsize=1024)
def _folded(words: tuple[str, ...], code: str) -> frozenset[str]:
    return frozenset(map(LANGUAGES[code].fold, words))
