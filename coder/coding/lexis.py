"""The small words of attribution, by position: pronouns, auxiliaries, negators, nouns of media (attribution.yaml)."""

from __future__ import annotations

from coder.coding.scan import Scan, longest
from coder.knowledge.lexicon import Match

_CUES = frozenset(("speech", "continue", "quote", "credit", "hearsay"))


class Lexis:
    """Word indexes of a document by what the words do beside a cue of speech."""

    def __init__(self, scan: Scan) -> None:
        by_kind: dict[str, list[Match]] = {}
        for m in scan.of("attribution"):
            kind = str(scan.rule(m).data["kind"])
            by_kind.setdefault("cue" if kind in _CUES else kind, []).append(m)
        self.cues = longest(by_kind.get("cue", ()))
        self.heads = longest(by_kind.get("head", ()))
        self.channels = longest(by_kind.get("channel", ()))
        self.pronouns = _words(by_kind.get("pronoun", ()))
        self.fillers = _words(by_kind.get("filler", ()))
        self.negators = _words(by_kind.get("negator", ()))
        self.passives = _words(by_kind.get("passive", ()))
        self.edges = {m.i for m in by_kind.get("edge", ())}
        self.definite = _words(by_kind.get("definite", ()))
        self.media = [(m, frozenset(map(str, scan.rule(m).data["of"]))) for m in longest(by_kind.get("medium", ()))]
        self.medium_ending = {m.j: m for m, _ in self.media}
        self.told = _words(by_kind.get("told", ()))
        self.told_clitics = tuple(
            str(c) for rule in scan.knowledge.rules.get("attribution", ())
            if rule.language == scan.doc.language.code and rule.data["kind"] == "told"
            for c in rule.data.get("clitics") or ())

    def told_to(self, m: Match, words: list[str], opening: frozenset[str]) -> bool:
        """Is a name the one that something was said to («told X», لوكالة X, لـ"X")?"""
        if self.told_clitics and m.before.endswith(self.told_clitics):
            return True
        k = m.i - 1
        while k >= 0 and (words[k] in opening or k in self.definite):
            k -= 1
        if k in self.told:
            return True
        noun = self.medium_ending.get(k + 1)
        return noun is not None and (
            noun.i - 1 in self.told or (bool(self.told_clitics) and noun.before.endswith(self.told_clitics)))


def _words(matches: list[Match] | tuple[()]) -> set[int]:
    return {k for m in matches for k in range(m.i, m.j)}
