"""Sums over a long time, and the lists that they open: no event of their own (codebook section 1)."""

from __future__ import annotations

from coder.coding.casualties import summed_at
from coder.coding.document import Sentence
from coder.coding.scan import Scan

_BULLETS = frozenset("•●▪‣·*-–—")
_OPENING = 2  # words of a sentence that begins as a sum ("Since early 2023 the monitor …")


class Sums:
    """Follows the sentences of a document in their order."""

    def __init__(self, scan: Scan) -> None:
        self.scan = scan
        self._listing = False
        self._paragraph = -1

    def has(self, s: Sentence) -> bool:
        """Is a sentence a sum over a long time, or an item of a list that one opens («… منذ مطلع العام:»)?"""
        words = self.scan.doc.words
        rules = self.scan.knowledge.rules.get("casualties", ())
        at = summed_at(self.scan.doc, s.first, s.last, self.scan.within("casualties", s.first, s.last), rules)
        opens = words[s.last - 1] == ":"
        listed = self._listing and (opens or words[s.first] in _BULLETS)
        if at is not None:
            self._paragraph = s.paragraph
        self._listing = listed or (opens and self._paragraph == s.paragraph)
        return self._listing or (at is not None and at - s.first < _OPENING)
