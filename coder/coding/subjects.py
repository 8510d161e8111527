"""Who stands beside a verb of saying: its subject before or behind it, in apposition, or credited by a carrier."""

from __future__ import annotations

from dataclasses import replace

from coder.coding.carriage import Carriage
from coder.coding.claimants import Claimants
from coder.coding.clauses import COMMAS, Clauses
from coder.coding.lexis import Lexis
from coder.coding.scan import Scan
from coder.coding.speakers import Speaker
from coder.knowledge import Rule
from coder.knowledge.lexicon import Match

_LABEL = 7  # words of a label and its colon
_WATCHERS = frozenset(("ngo", "io", "activist", "medical"))  # who tell of a war that they take no part in
_APPOSED = 4  # commas between a name and its verb, with what is said of it between


class Subjects:
    """Finds the subjects of verbs of saying in a document."""

    def __init__(self, scan: Scan, names: Claimants, lexis: Lexis, carriage: Carriage, clauses: Clauses) -> None:
        self.scan = scan
        self.words = scan.doc.words
        self.names = names
        self.lexis = lexis
        self.carriage = carriage
        self.clauses = clauses

    def opens(self, cue: Match, free: int) -> bool:
        """Does a verb begin its clause?"""
        k = self.clauses.aux_start(cue.i, free)
        return bool(cue.before) or k <= free or k < cue.i or self.clauses.stops(k - 1) or k - 1 in self.lexis.edges

    def relayed(self, i: int, end: int, carrier: Speaker, rule: Rule) -> Speaker | None:
        """Whom a news organisation credits between its verb and what is said («ذكرت الوكالة نقلا عن سكان أن»)."""
        credit = next((k for k in range(i, end) if k in self.lexis.relays), -1)
        if credit < 0:
            return None
        speaker = self.names.speaker(self.lexis.relays[credit], end, rule.id, persons=True)
        if speaker is None or not self.carriage.carries_speaker(carrier):
            return speaker
        return replace(speaker, outlet=carrier.source, outlet_span=(carrier.i, carrier.j))

    def right_before(self, cue: Match, rule: Rule, free: int) -> Speaker | None:
        """A subject that begins its clause and stands right before its verb («إن الوزارة أكدت»)."""
        if cue.before:
            return None
        start = self.clauses.subject(self.clauses.left(cue.i, free), cue.i)
        if start >= cue.i or not self.names.naming(cue.i - 1):
            return None
        begins = (
            start == free
            or start - 1 in self.lexis.that
            or self.words[start - 1] in COMMAS
            or start - 1 in self.lexis.edges
        )
        return self.names.speaker(start, cue.i, rule.id) if begins else None

    def before(self, cue: Match, rule: Rule, free: int) -> Speaker | None:
        """The subject that stands before a verb («كانت الشبكة قد أعلنت», «أما الوكالة فقد أكدت»)."""
        start = self.clauses.aux_start(cue.i, free)
        if cue.before and start == cue.i:
            return None
        if start > free and self.words[start - 1] in COMMAS and start < cue.i:
            start -= 1
        return self.apposed(free, start, rule)

    def parted(self, left: int, first: int, rule: Rule) -> Speaker | None:
        """One who watches, whom words about it part from its verb («the group which has sources there said»).

        ``first``: where what stands right before the verb begins.
        """
        for k in range(left + 1, first):
            if k in self.names.covered or not (k in self.lexis.relatives or k in self.lexis.prepositions):
                continue
            if self.clauses.subject(left, k) > left or self.clauses.trigger(left, k) >= 0:
                return None
            speaker = self.names.speaker(left, k, rule.id)
            return speaker if speaker is not None and speaker.type in _WATCHERS else None
        return None

    def capitals(self, k: int, left: int) -> int:
        """Where a run of capital words that ends with word ``k`` begins."""
        while k > left and (
            self.clauses.hyphen(k - 1)
            or (self.words[k - 1].isalnum() and self.names.capital(k - 1))
            or self.clauses.hyphen(k)
        ):
            k -= 1
        return k

    def inverted(self, cue: Match, rule: Rule, right: int, last: int) -> Speaker | None:
        """The subject behind a verb («…, said X»)."""
        if not self.names.named(cue.j, right):
            if right <= cue.j or not self.names.capital(cue.j):
                return None
            if right < last and self.words[right] in COMMAS:
                office = self.names.speaker(right + 1, self.clauses.right(right + 1, last), rule.id)
                if office is not None:
                    return replace(office, i=cue.j, j=max(office.j, right)) if office.i > right else office
            return self.names.speaker(cue.j, right, rule.id, persons=True)
        near = min((m.i for xs in self.names.within(cue.j, right) for m in xs), default=right)
        if self.clauses.trigger(cue.j, near) >= 0 or (near - cue.j > 3 and not self.names.capital(cue.j)):
            return None
        first = min((m.i, m.j) for xs in self.names.within(cue.j, right) for m in xs)
        return None if self._acts(first[1], right) else self.names.speaker(cue.j, right, rule.id)

    def label(self, first: int, last: int) -> tuple[Speaker, int] | None:
        """Whom a label at the beginning names («المرصد: …», "Monitor: …"), and where its words begin."""
        end = next((k for k in range(first + 1, min(last - 1, first + _LABEL)) if self.words[k] == ":"), -1)
        heads, sources, _ = self.names.within(first, max(first, end))
        if end < 0 or not (heads or sources) or any(k not in self.names.covered for k in range(first, end)):
            return None
        speaker = self.names.speaker(first, end, "label")
        return None if speaker is None else (speaker, end + 1)

    def _acts(self, i: int, right: int) -> bool:
        """Does a deed follow a name in its own clause, so that the name is its subject and no claimant?"""
        trigger = self.clauses.trigger(i, right)
        return trigger >= 0 and not any(
            (k in self.lexis.edges and k not in self.lexis.passives) or k in self.lexis.prepositions
            for k in range(i, trigger)
        )

    def apposed(self, first: int, end: int, rule: Rule) -> Speaker | None:
        """The claimant before word ``end``, also over what is set between commas («X, the head of Y, said»)."""
        found: Speaker | None = None
        k = end
        for _ in range(_APPOSED):
            left = self.clauses.left(k, first)
            start = self.clauses.subject(left, k)
            named = self.names.speaker(start, k, rule.id) if start < k else None
            if named is not None and (found is None or named.j == k):
                found = named if found is None or named.type != "other" else replace(found, i=named.i, j=named.j)
            elif named is None and self.scan.doc.language.subject_first and k > left and self.names.capital(k - 1):
                span = self.capitals(k - 1, left), k
                found = Speaker(*span, "other", rule=rule.id) if found is None else replace(found, i=span[0], j=span[1])
            if left <= first or self.words[left - 1] not in COMMAS:
                break
            k = left - 1
        return found
