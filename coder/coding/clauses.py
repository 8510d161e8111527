"""The parts of a sentence round a verb of saying: where its subject stands, and where what is said begins."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache

from coder.coding.carriage import Carriage
from coder.coding.claimants import NP_REACH, Claimants
from coder.coding.lexis import Lexis
from coder.coding.outlets import CLOSING, OPENING
from coder.coding.scan import Scan
from coder.knowledge import Rule
from coder.knowledge.lexicon import Match
from coder.language import LANGUAGES

_TITLE_REACH = 8  # words between a claimant's head and its verb («a spokesman for X in the city of Y said»)
_CONTENT_REACH = 40  # words between a verb of saying and what is said
_TAIL = 8  # words behind a verb of saying that ends its sentence: whom it was told to, when and where
_SHORTEST = 3  # letters above which a word may carry a preposition
_QUOTED_NAME = 5  # words up to which a quotation may be a name and no speech
_CACHE_LIMIT = 100_000  # words that may introduce what is said, by what they are looked up in
_PAIRS = {"«": "»", "“": "”", "„": "“", "(": ")"}
QUOTES = frozenset('«"“:')
STOPS = frozenset(',،;؛:.«»"“”-–—()!?؟')
COMMAS = frozenset(",،")


class Clauses:
    """Bounds of subjects, contents and tails in a document, by word index."""

    def __init__(
        self, scan: Scan, names: Claimants, lexis: Lexis, carriage: Carriage, triggers: Sequence[Match]
    ) -> None:
        self.scan = scan
        self.words = scan.doc.words
        self.names = names
        self.lexis = lexis
        self.carriage = carriage
        self.triggers = sorted({m.i for m in triggers if m.i not in names.covered})
        self.verbs = {m.i: m for m in lexis.cues if scan.rule(m).data["kind"] in ("speech", "continue", "quote")}
        self._closing = closings(self.words)
        self._complements: dict[str, tuple[frozenset[str], tuple[str, ...]]] = {}

    def trigger(self, i: int, last: int) -> int:
        """The first trigger of an event inside words [i, last); -1 where there is none."""
        at = bisect_left(self.triggers, i)
        return self.triggers[at] if at < len(self.triggers) and self.triggers[at] < last else -1

    # ---------------------------------------------------------------- what is said

    def _complement(self, rule: Rule) -> tuple[frozenset[str], tuple[str, ...]]:
        """The folded words that introduce what is said behind a cue, and the clitics before whom or what it is of."""
        got = self._complements.get(rule.id)
        if got is None:
            words = tuple(str(w) for w in rule.data.get("complement") or () if w)
            got = self._complements[rule.id] = _complement(words, self.scan.doc.language.code)
        return got

    def _introduces(self, k: int, complement: frozenset[str]) -> bool:
        """Does word ``k`` introduce what is said behind a cue, with a pronoun or not (أن, أنه)?"""
        word = self.words[k]
        return word in QUOTES or _introducing(word, complement, self.scan.doc.language.code)

    def says_that(self, k: int) -> bool:
        """Does a clause or a quotation begin at word ``k``, so that a person's name may stand before it?"""
        return self.words[k] in QUOTES or k in self.lexis.that

    def content(self, at: int, rule: Rule, last: int) -> tuple[int, bool]:
        """Where what is said begins behind word ``at``, and whether a complementiser or a quotation begins it.

        (-1, False) where nothing is said. A quotation as short as a name is speech only where nothing else is.
        """
        trigger = self.trigger(at, last)
        complement, clitics = self._complement(rule)
        quote = -1
        k = at
        while k < min(last, at + _CONTENT_REACH):
            closing = self._closing.get(k, -1) if self.words[k] in OPENING else -1
            if closing > 0 and (closing - k <= _QUOTED_NAME + 1 or self.words[k] == "("):
                spoken = not self.names.named(k, closing) or self.trigger(k, closing) >= 0
                quote = k if quote < 0 and self.words[k] != "(" and spoken else quote
                k = closing + 1
                continue
            if k in self.lexis.relays:
                k = self.lexis.relays[k]
                continue
            if self.words[k] != "(" and self._introduces(k, complement) and k not in self.names.covered:
                return k, True
            if k > at and k in self.verbs and k not in self.names.covered and k not in self.lexis.carried:
                break
            if (k == trigger or self._object(k, clitics)) and self.names.named(at, k):
                return k, False
            k += 1
        if quote >= 0:
            return quote, True
        return (trigger, False) if 0 <= trigger < k else (-1, False)

    def _object(self, k: int, clitics: tuple[str, ...]) -> bool:
        """Does word ``k`` carry the preposition of a rule (اعترف ب) right behind a name?"""
        return (
            bool(clitics)
            and len(self.words[k]) > _SHORTEST
            and self.words[k].startswith(clitics)
            and (k not in self.names.covered and self.names.naming(k - 1))
        )

    # ---------------------------------------------------------------- subjects

    def hyphen(self, k: int) -> bool:
        """Is a sign a hyphen inside a word?"""
        doc = self.scan.doc
        return (
            self.words[k] == "-"
            and 0 < k < len(self.words) - 1
            and doc.ends[k - 1] == doc.starts[k]
            and doc.ends[k] == doc.starts[k + 1]
        )

    def past_quote(self, k: int) -> int:
        """Behind the quotation that word ``k`` opens; ``k`` itself where it opens none."""
        return self._closing.get(k, k - 1) + 1 if self.words[k] in OPENING else k

    def stops(self, k: int) -> bool:
        """Does a sign between clauses stand at word ``k``?"""
        return self.words[k] in STOPS and not self.hyphen(k)

    def left(self, i: int, first: int) -> int:
        """Where the words before ``i`` begin: behind the last stop; a short quotation is passed over as a name."""
        k = i
        while k > first and i - k < NP_REACH:
            if self.words[k - 1] in CLOSING:
                opening = self._opening(k - 1, first)
                if opening < 0:
                    break
                k = opening
                continue
            if self.stops(k - 1):
                break
            k -= 1
        return k

    def _opening(self, k: int, first: int) -> int:
        """Where the short quotation or bracket that word ``k`` closes begins; -1 where it closes none."""
        reach = range(k - 1, max(first, k - _QUOTED_NAME - 2) - 1, -1)
        return next((n for n in reach if self._closing.get(n) == k), -1)

    def right(self, i: int, last: int) -> int:
        """Where the words behind ``i`` end: before the next stop; a short quotation is passed over as a name."""
        k = i
        while k < last and k - i < NP_REACH:
            closing = self._closing.get(k, -1) if self.words[k] in OPENING else -1
            if 0 <= closing < last and closing - k <= _QUOTED_NAME + 1:
                k = closing + 1
                continue
            if self.stops(k):
                break
            k += 1
        return k

    def aux_start(self, i: int, first: int) -> int:
        """Where a verb and the small words before it (قد, "has also") begin; a name in brackets is passed over."""
        while i > first:
            opening = self._opening(i - 1, first) if self.words[i - 1] == ")" else -1
            if opening < 0 and i - 1 not in self.lexis.fillers:
                break
            i = opening if opening >= 0 else i - 1
        return i

    def subject(self, left: int, i: int) -> int:
        """Where the claimant's name before a verb begins: the names and heads that stand close together."""
        heads, sources, mentions = self.names.within(left, i)
        start = i
        for m in sorted([(m.i, m.j) for m in (*heads, *sources)] + [(m.i, m.j) for m in mentions], key=lambda m: -m[1]):
            limit = _TITLE_REACH if start == i else 3
            if start - m[1] > limit or self.trigger(m[1], start) >= 0:
                break
            between = range(m[1], start)
            if any(
                k in self.lexis.edges
                and k not in self.names.covered
                and k not in self.lexis.channel_ends
                and not (start == i and k in self.lexis.relatives)
                for k in between
            ):
                break
            if start < i and (self._begins(start, between) or any(k in self.names.dated for k in between)):
                break
            if (
                start < i
                and m[1] < start
                and all(k in self.lexis.definite or k in self.lexis.indefinite for k in between)
            ):
                break
            start = min(start, m[0])
        while left < start < i and self._adjoins(start - 1):
            start -= 1
        return start

    def _begins(self, k: int, between: range) -> bool:
        """Does an article begin a noun of its own, no part of the name before it («the bastion a monitor said»)?"""
        before = k - 1
        return before in self.lexis.indefinite and before in between and before - 1 not in self.lexis.prepositions

    def _adjoins(self, k: int) -> bool:
        """Does a word belong to the name behind it: an article, a capital in a run, a part of a hyphened word?"""
        if (
            k in self.lexis.definite
            or k in self.lexis.indefinite
            or self.hyphen(k)
            or (k + 1 < len(self.words) and self.hyphen(k + 1))
        ):
            return True
        if not self.scan.doc.language.subject_first or k in self.names.dated:
            return False
        return (
            self.words[k].isalnum()
            and self.names.capital(k)
            and k not in self.lexis.pronouns
            and not self.names.naming(k)
        )

    # ---------------------------------------------------------------- tails

    def tail(self, i: int, last: int) -> int:
        """Behind whom it was told to, when and how: the end of what a verb of saying takes beside its content."""
        k = i
        while k < last and k - i < _TAIL:
            carrier = next((m.j for m in self.names.within(k, k + 2)[1] if self.carriage.carries(m)), None)
            if k in self.lexis.channel_ends:
                k = self.lexis.channel_ends[k]
            elif carrier is not None and (k == i or k - 1 in self.lexis.told):
                k = carrier
            elif k in self.names.dates:
                k = self.names.dates[k]
            elif k in self.lexis.fillers or k in self.lexis.told:
                k += 1
            else:
                break
        return k

    def ends(self, k: int, last: int) -> bool:
        """Is a clause over at word ``k``: at a stop, the end of the sentence, or a cue that goes on with it?"""
        if k >= last or k in self.lexis.resumes:
            return True
        return self.stops(k) and self.words[k] not in QUOTES and self.words[k] not in "-–("

    def credited(self, i: int, last: int) -> int:
        """Where the one who is credited ends: at a stop, or behind the last name where the text runs on."""
        end = self.right(i, last)
        trigger = self.trigger(i, end)
        if trigger < 0:
            return end
        named = [m.j for xs in self.names.within(i, trigger) for m in xs]
        return max(named, default=trigger)


@lru_cache(maxsize=1024)
def _complement(words: tuple[str, ...], code: str) -> tuple[frozenset[str], tuple[str, ...]]:
    language = LANGUAGES[code]
    folded = {language.fold(w.split()[0]) for w in words}
    return frozenset(folded - language.clitics), tuple(w for w in words if w in language.clitics)


@lru_cache(_CACHE_LIMIT)
def _introducing(word: str, complement: frozenset[str], code: str) -> bool:
    language = LANGUAGES[code]
    return word in complement or any(
        not r.before or r.before in language.conjunctions for r in language.readings(word, complement)
    )


def closings(words: Sequence[str]) -> dict[int, int]:
    """Where each opening quotation mark or bracket is closed."""
    out: dict[int, int] = {}
    opened: dict[str, int] = {}
    for k, w in enumerate(words):
        if w in CLOSING and w in opened and w not in _PAIRS:
            out[opened.pop(w)] = k
        elif w == '"':
            opened[w] = k
        elif w in _PAIRS:
            if w in opened and w == "“":  # „…“ closes with what opens elsewhere
                out[opened.pop(w)] = k
            opened[_PAIRS[w]] = k
    return out
