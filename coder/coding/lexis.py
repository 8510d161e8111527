"""The small words of attribution, by position: pronouns, auxiliaries, negators, nouns of media (attribution.yaml)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from coder.coding.scan import Scan, longest
from coder.knowledge import Rule
from coder.knowledge.lexicon import Match
from coder.knowledge.rules import once

_CUES = frozenset(("speech", "continue", "quote", "credit", "hearsay"))


class Lexis:
    """Word indexes of a document by what the words do beside a cue of speech."""

    def __init__(self, scan: Scan) -> None:
        by_kind: dict[str, list[Match]] = {}
        rules = scan.knowledge.rules.get("attribution", ())
        for m in scan.of("attribution"):
            kind = rules[m.payload[1]].data["kind"]
            by_kind.setdefault("cue" if kind in _CUES else kind, []).append(m)
        self.cues = longest(by_kind.get("cue", ()))
        self.heads = longest(by_kind.get("head", ()))
        self.channels = sorted(by_kind.get("channel", ()), key=lambda m: m.i)
        self.channel_ends = {m.i: m.j for m in longest(self.channels)}
        self.relays = {
            m.i: m.j for m in self.cues if scan.rule(m).data["kind"] == "credit" and scan.rule(m).data.get("relays")
        }
        self.resumes = {m.i for m in self.cues if _resumes(m, scan.rule(m))}
        self.pronouns = _words(by_kind.get("pronoun", ()))
        self.self = _words(by_kind.get("self", ()))
        self.relatives = _words(by_kind.get("relative", ()))
        self.fillers = _words(by_kind.get("filler", ()))
        self.negators = _words(by_kind.get("negator", ()))
        self.passives = _words(by_kind.get("passive", ()))
        self.definite = _words(by_kind.get("definite", ()))
        self.indefinite = _words(by_kind.get("indefinite", ()))
        self.told = _words(by_kind.get("told", ()))
        self.carried = _words(by_kind.get("carried", ()))
        self.edges = {m.i for kind in ("edge", "that") for m in by_kind.get(kind, ())}
        self.that = {m.i for m in by_kind.get("that", ())}
        self.prepositions = {m.i for m in by_kind.get("preposition", ())}
        self.media = [(m, frozenset(map(str, scan.rule(m).data["of"]))) for m in longest(by_kind.get("medium", ()))]
        self.medium_ending = {m.j: m for m, _ in self.media}
        self.told_clitics = _told_clitics(scan.doc.language.code, rules)
        if self.told_clitics:
            alone = frozenset(self.told_clitics)
            self.told |= {k for k, w in enumerate(scan.doc.words) if w in alone}

    def told_to(self, m: Match, words: list[str], opening: frozenset[str]) -> bool:
        """Is a name the one that something was said to («told X», لوكالة X, لـ"X")?"""
        if self.told_clitics and m.before.endswith(self.told_clitics):
            return True
        k, noun = self._before(m, words, opening)
        if k in self.told:
            return True
        return noun is not None and bool(self.told_clitics) and noun.before.endswith(self.told_clitics)

    def carried_by(self, m: Match, words: list[str], opening: frozenset[str]) -> bool:
        """Is a name the one that passed on what was said («carried by X», نشرته وكالة X)?"""
        return self._before(m, words, opening)[0] in self.carried

    def _before(self, m: Match, words: list[str], opening: frozenset[str]) -> tuple[int, Match | None]:
        """The word before a name and the noun of its medium, and that noun."""
        k = m.i - 1
        while k >= 0 and (words[k] in opening or k in self.definite):
            k -= 1
        noun = self.medium_ending.get(k + 1)
        return (k, None) if noun is None else (noun.i - 1, noun)


@once
def _told_clitics(code: str, rules: Sequence[Rule]) -> tuple[str, ...]:
    """The clitics of a noun that something was said to."""
    told = (r for r in rules if r.language == code and r.data["kind"] == "told")
    return tuple(str(c) for rule in told for c in rule.data.get("clitics") or ())


def _resumes(m: Match, rule: Rule) -> bool:
    """Does a cue go on with the sentence before it (adding, citing, according to)?"""
    return rule.data["kind"] == "credit" or participle(m, rule)


def participle(m: Match, rule: Rule) -> bool:
    """Is a cue a participle that goes on with the speaker (adding, مضيفا)?"""
    return rule.data.get("form") == "participle" or (rule.data["kind"] == "continue" and m.features == "v.ing")


def _words(matches: Iterable[Match]) -> set[int]:
    return {k for m in matches for k in range(m.i, m.j)}
