"""Which words are whose: cues of speech, their claimants, and how far they reach (codebook section 3)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from coder.coding.actors import Mention
from coder.coding.carriage import Carriage
from coder.coding.claimants import NP_REACH, Claimants
from coder.coding.document import Sentence
from coder.coding.lexis import Lexis
from coder.coding.outlets import CLOSING, OPENING
from coder.coding.scan import Scan
from coder.coding.speakers import OUTLET, Speaker
from coder.knowledge import Rule
from coder.knowledge.lexicon import Match

_TITLE_REACH = 8  # words between a claimant's head and its verb («a spokesman for X in the city of Y said»)
_CONTENT_REACH = 40  # words between a verb of saying and what is said
_TAIL = 8  # words behind a verb of saying that ends its sentence: whom it was told to, when and where
_LINK_REACH = 12  # words between a passive verb and the one who said it
_TRAILING_FROM = 3  # words before a claimant that may be what it says
_QUOTED_NAME = 5  # words up to which a quotation is a name and no speech
_QUOTES = frozenset("«\"“:")
_STOPS = frozenset(",،;؛:.«»\"“”-–—()!?؟")
_COMMAS = frozenset(",،")


@dataclass(frozen=True, slots=True)
class Voice:
    """A speaker and the words [first, last) of one sentence that are said by it.

    ``trailing`` voices («…, the police said», «حسب رويترز») cover what stands before them.
    """

    first: int
    last: int
    speaker: Speaker
    trailing: bool


class Attributor:
    """Reads the voices of each sentence in order, carrying the speaker along (وأضاف, "he added")."""

    def __init__(self, scan: Scan, mentions: list[Mention], triggers: Sequence[Match]) -> None:
        self.scan = scan
        self.words = scan.doc.words
        self.lexis = Lexis(scan)
        self.names = Claimants(scan, mentions, self.lexis)
        self.carriage = Carriage(self.names, self.lexis)
        self.triggers = sorted({m.i for m in triggers if m.i not in self.names.covered})
        self.last: Speaker | None = None
        self.last_paragraph = -1
        self._cues = by_sentence(scan, self.lexis.cues)
        self._verbs = {m.i: m for m in self.lexis.cues if scan.rule(m).data["kind"] in ("speech", "continue", "quote")}
        self._carry = {m.i for m in scan.select("phrases", lambda r: r.data["role"] == "carry")}
        self._complements: dict[str, frozenset[str]] = {}
        self._closing = _closings(self.words)

    def voices(self, n: int) -> list[Voice]:
        """The voices of sentence ``n``; empty where the outlet itself speaks. Call in the order of sentences."""
        s = self.scan.doc.sentences[n]
        out: list[Voice] = []
        free = s.first
        for cue in self._cues.get(n, ()):
            if cue.i < free or self._negated(cue, s.first):
                continue
            rule = self.scan.rule(cue)
            voice = self._voice(cue, rule, s, free)
            if voice is None:
                continue
            voice = self.carriage.dressed(voice, cue, rule, s)
            if voice.trailing and out and out[-1].trailing:
                out[-1] = replace(out[-1], last=max(out[-1].first, min(out[-1].last, voice.first)))
            out.append(voice)
            free = cue.j if voice.trailing else max(cue.j, voice.first)
            if voice.speaker.j > voice.speaker.i:
                self.names.introduce(voice.speaker)
                if voice.speaker.rule != "hearsay":
                    self.last, self.last_paragraph = voice.speaker, s.paragraph
        if not out and self._carries_on(s):
            return [Voice(s.first, s.last, self.last, False)] if self.last is not None else []
        if any(v.speaker.rule != "hearsay" for v in out):
            out = [v for v in out if v.speaker.rule != "hearsay"]
        return self.carriage.merged(out, self.triggers)

    def _carries_on(self, s: Sentence) -> bool:
        """Does a sentence without a cue of speech go on with what the last speaker said?"""
        if self.last is None or s.paragraph > self.last_paragraph + 1:
            return False
        if any(k in self._carry for k in range(s.first, min(s.first + 3, s.last))) or self.words[s.first] in OPENING:
            self.last_paragraph = s.paragraph
            return True
        return False

    def _negated(self, cue: Match, first: int) -> bool:
        """Is it said that nobody says it («did not confirm», لم يذكر)?"""
        kind = self.scan.rule(cue).data["kind"]
        if kind in ("credit", "hearsay"):
            return False
        k = cue.i - 1
        while k >= first and k in self.lexis.fillers and k not in self.lexis.negators:
            k -= 1
        return k >= first and k in self.lexis.negators

    def _voice(self, cue: Match, rule: Rule, s: Sentence, free: int) -> Voice | None:
        kind, form = rule.data["kind"], rule.data.get("form")
        if kind == "credit":
            return self._credit(cue, rule, s, free)
        if kind == "hearsay":
            if rule.data.get("speaker") == "outlet":
                return None
            return Voice(cue.j, s.last, Speaker(cue.i, cue.j, "unnamed", rule="hearsay"), False)
        if kind == "quote":
            return self._quote(cue, rule, s, free)
        if form == "passive":
            return self._passive(cue, rule, s, free)
        if form == "participle":
            return self._participle(cue, rule, s)
        if form == "noun":
            return self._noun(cue, rule, s)
        return self._verb(cue, rule, s, free)

    # ---------------------------------------------------------------- parts of a sentence

    def complement(self, rule: Rule) -> frozenset[str]:
        """The folded words that introduce what is said behind a cue."""
        got = self._complements.get(rule.id)
        if got is None:
            fold = self.scan.doc.language.fold
            words = {fold(str(w).split()[0]) for w in rule.data.get("complement") or () if w}
            got = self._complements[rule.id] = frozenset(words) | _QUOTES
        return got

    def _next_trigger(self, i: int, last: int) -> int:
        at = bisect_left(self.triggers, i)
        return self.triggers[at] if at < len(self.triggers) and self.triggers[at] < last else -1

    def _content(self, at: int, rule: Rule, last: int) -> tuple[int, bool]:
        """Where what is said begins behind word ``at``, and whether a complementiser or a quotation begins it.

        (-1, False) where nothing is said. A quotation as short as a name is no speech.
        """
        words, complement = self.words, self.complement(rule)
        trigger = self._next_trigger(at, last)
        k = at
        while k < min(last, at + _CONTENT_REACH):
            if k > at and k in self._verbs and not self._spans_name(k):
                break
            w = words[k]
            if w in OPENING and 0 <= self._closing.get(k, -1) - k <= _QUOTED_NAME + 1 and self._closing[k] < last - 1:
                k = self._closing[k] + 1
                continue
            if w in complement and not self._spans_name(k):
                return k, True
            if k == trigger and self.names.named(at, k):
                return k, False
            k += 1
        return (trigger, False) if 0 <= trigger < k else (-1, False)

    def _spans_name(self, k: int) -> bool:
        return k in self.names.covered

    def _left(self, i: int, first: int) -> int:
        """Where the words before a verb begin: behind the last stop."""
        k = i
        while k > first and i - k < NP_REACH and (self.words[k - 1] not in _STOPS or self._inner_hyphen(k - 1)):
            k -= 1
        return k

    def _inner_hyphen(self, k: int) -> bool:
        """Is a sign a hyphen inside a word?"""
        doc = self.scan.doc
        return self.words[k] == "-" and 0 < k < len(self.words) - 1 and doc.ends[k - 1] == doc.starts[k] and doc.ends[k] == doc.starts[k + 1]

    def _right(self, i: int, last: int) -> int:
        """Where the words behind ``i`` end: before the next stop; a short quotation is passed over as a name."""
        k = i
        while k < last and k - i < NP_REACH:
            if self.words[k] in OPENING and 0 <= self._closing.get(k, -1) - k <= _QUOTED_NAME + 1 and self._closing[k] < last:
                k = self._closing[k] + 1
                continue
            if self.words[k] in _STOPS and not self._inner_hyphen(k):
                break
            k += 1
        return k

    def _aux_start(self, i: int, first: int) -> int:
        """Where a verb and the small words before it (قد, "has also") begin."""
        while i > first and i - 1 in self.lexis.fillers:
            i -= 1
        return i

    def _styled(self, speaker: Speaker, rule: Rule) -> Speaker:
        """A speaker with what the verb implies; what a condemner restates is the outlet's."""
        stance = str(rule.data.get("stance") or "neutral")
        if rule.data.get("speaker") == "outlet":
            return replace(OUTLET, stance=stance, rule=rule.id)
        channel = str(rule.data.get("channel") or "none")
        return replace(
            speaker, rule=rule.id, modality=rule.data.get("modality"), stance="neutral" if stance == "continue" else stance,
            channel=channel if channel != "none" and speaker.channel == "none" else speaker.channel)

    def _resumed(self, s: Sentence, near: int = 1) -> Speaker | None:
        """The last speaker, where it is near enough to go on."""
        return self.last if self.last is not None and s.paragraph - self.last_paragraph <= near else None

    # ---------------------------------------------------------------- verbs

    def _verb(self, cue: Match, rule: Rule, s: Sentence, free: int) -> Voice | None:
        """A verb of saying with its subject before or behind it."""
        if self.scan.doc.language.subject_first:
            return self._subject_first(cue, rule, s, free)
        return self._verb_first(cue, rule, s, free)

    def _verb_first(self, cue: Match, rule: Rule, s: Sentence, free: int) -> Voice | None:
        content, sure = self._content(cue.j, rule, s.last)
        if rule.data.get("strict") and not sure and (content < 0 or not self.names.named(cue.j, content)):
            return None
        end = content if content >= 0 else self._right(cue.j, s.last)
        speaker = self.names.speaker(cue.j, end, rule.id) if end > cue.j else None
        if speaker is None:
            speaker = self._before(cue, free)
        if speaker is None and end > cue.j and sure and rule.data["kind"] in ("speech", "continue"):
            speaker = self.names.speaker(cue.j, end, rule.id, persons=True)
        if speaker is None and (rule.data["kind"] == "continue" or sure or content >= 0):
            speaker = self._resumed(s)
        if speaker is None:
            return None
        if content < 0 and cue.i - free > _TRAILING_FROM and s.last - end <= _TAIL:
            return Voice(free, s.last, self._styled(speaker, rule), True)
        return Voice(end, s.last, self._styled(speaker, rule), False)

    def _before(self, cue: Match, free: int) -> Speaker | None:
        """The subject that stands before a verb («كانت الشبكة قد أعلنت», «أما الوكالة فقد أكدت»)."""
        start = self._aux_start(cue.i, free)
        if cue.before and start == cue.i:
            return None
        if start > free and self.words[start - 1] in _COMMAS and start < cue.i:
            start -= 1
        left = self._left(start, free)
        return self._named_before(left, start, cue)

    def _named_before(self, left: int, end: int, cue: Match) -> Speaker | None:
        start = self._subject(left, end)
        return self.names.speaker(start, end, self.scan.rule(cue).id) if start < end else None

    def _subject_first(self, cue: Match, rule: Rule, s: Sentence, free: int) -> Voice | None:
        start = self._aux_start(cue.i, free)
        if cue.features.endswith("pp") and start > free and start - 1 in self.lexis.passives or cue.i - 1 in self.lexis.passives:
            return None
        before = start - 1
        if before >= free and before in self.lexis.pronouns:
            speaker = self._resumed(s, 2)
            return None if speaker is None else self._placed(cue, rule, s, free, before, speaker)
        at_stop = before < free or self.words[before] in _STOPS and not self._inner_hyphen(before)
        if at_stop:
            right = self._right(cue.j, s.last)
            speaker = self._inverted(cue, rule, right, s.last) if before >= s.first or cue.i == s.first else None
            if speaker is not None:
                return Voice(free, s.last, self._styled(speaker, rule), True)
            if before < free or self.words[before] not in _COMMAS:
                return self._subjectless(cue, rule, s, free)
            comma = self._left(before, free) - 1
            first = self._left(comma, free) if comma >= free and self.words[comma] in _COMMAS else comma + 1
            speaker = self._apposed(first, comma, before, rule)
            return None if speaker is None else self._placed(cue, rule, s, free, first, speaker)
        left = self._left(start, free)
        first = self._subject(left, start)
        speaker = self.names.speaker(first, start, rule.id) if first < start else None
        if speaker is None and rule.data["kind"] == "speech" and self.names.capital(before):
            first = before
            while first > left and self.names.capital(first - 1):
                first -= 1
            speaker = self.names.speaker(first, start, rule.id, persons=True)
        if speaker is None:
            return self._subjectless(cue, rule, s, free)
        return self._placed(cue, rule, s, free, first, speaker)

    def _subjectless(self, cue: Match, rule: Rule, s: Sentence, free: int) -> Voice | None:
        """A verb that goes on with the last speaker where no subject stands beside it."""
        if rule.data["kind"] != "continue" or cue.i - free > 1:
            return None
        speaker = self._resumed(s)
        return None if speaker is None else Voice(cue.j, s.last, self._styled(speaker, rule), False)

    def _inverted(self, cue: Match, rule: Rule, right: int, last: int) -> Speaker | None:
        """The subject behind a verb («…, said X»)."""
        if not self.names.named(cue.j, right):
            if right <= cue.j or not self.names.capital(cue.j):
                return None
            if right < last and self.words[right] in _COMMAS:
                wider = self._right(right + 1, last)
                if self.names.named(right + 1, wider):
                    return self._joined(cue.j, right, wider, rule)
            return self.names.speaker(cue.j, right, rule.id, persons=True)
        near = min((m.i for xs in self.names.within(cue.j, right) for m in xs), default=right)
        if self._next_trigger(cue.j, near) >= 0 or (near - cue.j > 3 and not self.names.capital(cue.j)):
            return None
        return self.names.speaker(cue.j, right, rule.id)

    def _joined(self, i: int, j: int, wider: int, rule: Rule) -> Speaker | None:
        """A person with the office that follows a comma («X, an opposition activist»)."""
        office = self.names.speaker(j + 1, wider, rule.id)
        return None if office is None else replace(office, i=i, j=max(office.j, j) if office.i >= i else j)

    def _apposed(self, first: int, comma: int, before: int, rule: Rule) -> Speaker | None:
        """A name with an apposition before its verb («X, the head of Y, said»)."""
        if first >= before:
            return None
        named = self.names.speaker(self._subject(first, comma), comma, rule.id) if first < comma else None
        if named is not None:
            return named
        office = self.names.speaker(comma + 1, before, rule.id)
        if office is None:
            return None
        start = comma
        while start > first and self.names.capital(start - 1):
            start -= 1
        return replace(office, i=start, j=max(office.j, comma)) if start < comma else office

    def _placed(self, cue: Match, rule: Rule, s: Sentence, free: int, first: int, speaker: Speaker) -> Voice:
        """Where what is said stands: before the claimant where nothing but whom, when and how follows the verb."""
        tail = self._tail(cue.j, s.last)
        trailing = first - free > _TRAILING_FROM and (
            tail >= s.last or (self.words[tail] in _STOPS and self.words[tail] not in _QUOTES | {"-", "–", "("}))
        if trailing:
            return Voice(free, s.last, self._styled(speaker, rule), True)
        return Voice(tail if tail < s.last else cue.j, s.last, self._styled(speaker, rule), False)

    def _tail(self, i: int, last: int) -> int:
        """Behind whom it was told to, when and how: the end of what a verb of saying takes beside its content."""
        channels = {m.i: m.j for m in self.lexis.channels}
        k = i
        while k < last and k - i < _TAIL:
            carrier = next((m.j for m in self.names.within(k, k + 2)[1] if self.carriage.carries(m)), None)
            if k in channels:
                k = channels[k]
            elif carrier is not None and (k == i or k - 1 in self.lexis.told):
                k = carrier
            elif k in self.carriage.dates:
                k = self.carriage.dates[k]
            elif k in self.lexis.fillers or k in self.lexis.told:
                k += 1
            else:
                break
        return k

    def _subject(self, left: int, i: int) -> int:
        """Where the claimant's name before a verb begins: the names and heads that stand close together."""
        heads, sources, mentions = self.names.within(left, i)
        start = i
        for m in sorted((*heads, *sources, *mentions), key=lambda m: -m.j):
            limit = _TITLE_REACH if start == i else 3
            if start - m.j > limit or 0 <= self._next_trigger(m.j, start):
                break
            if any(k in self.lexis.edges and k not in self.names.covered for k in range(m.j, start)) and start < i:
                break
            start = min(start, m.i)
        while start > left and start < i and (start - 1 in self.lexis.definite or self._adjoins(start - 1)):
            start -= 1
        return start

    def _adjoins(self, k: int) -> bool:
        """Does a word belong to the name behind it: a capital in a run, or the first part of a hyphened word?"""
        return self.words[k] == "-" and self._inner_hyphen(k) or (
            self._inner_hyphen(k + 1) if k + 1 < len(self.words) else False) or (
            self.scan.doc.language.subject_first and self.names.capital(k) and k not in self.lexis.pronouns
            and self.words[k].isalnum() and k not in self.carriage.dates)

    # ---------------------------------------------------------------- other cues

    def _participle(self, cue: Match, rule: Rule, s: Sentence) -> Voice | None:
        speaker = self._resumed(s, 1 if cue.i - s.first <= 2 else 0)
        return None if speaker is None else Voice(cue.j, s.last, self._styled(speaker, rule), False)

    def _passive(self, cue: Match, rule: Rule, s: Sentence, free: int) -> Voice | None:
        """What is said stands before («the attack was claimed by X»)."""
        links = {self.scan.doc.language.fold(str(w)) for w in rule.data.get("link") or ()}
        start = cue.j
        if self.words[cue.j - 1] not in links:
            start = next((k + 1 for k in range(cue.j, min(s.last, cue.j + _LINK_REACH)) if self.words[k] in links), -1)
        if start < 0:
            return None
        speaker = self.names.speaker(start, self._right(start, s.last), rule.id)
        return None if speaker is None else Voice(free, s.last, self._styled(speaker, rule), True)

    def _noun(self, cue: Match, rule: Rule, s: Sentence) -> Voice | None:
        content, _ = self._content(cue.j, rule, s.last)
        if content <= cue.j:
            return None
        speaker = self.names.speaker(cue.j, content, rule.id)
        return None if speaker is None else Voice(content, s.last, self._styled(speaker, rule), False)

    def _quote(self, cue: Match, rule: Rule, s: Sentence, free: int) -> Voice | None:
        """A carrier that gives another's words: the claimant stands behind the link."""
        links = {self.scan.doc.language.fold(str(w)) for w in rule.data.get("link") or () if w}
        content, _ = self._content(cue.j, rule, s.last)
        end = content if content >= 0 else self._right(cue.j, s.last)
        if rule.data.get("form") == "passive":
            link = next((k for k in range(cue.i, end) if self.words[k] in links), -1)
            carrier = self.carriage.first(link + 1, end) if link >= 0 else None
            left = self._left(self._aux_start(cue.i, free), free)
            claimant = self._named_before(left, self._aux_start(cue.i, free), cue)
        else:
            link = next((k for k in range(cue.j - 1, end) if self.words[k] in links), -1) if links else cue.j - 1
            if link < 0:
                return self._verb(cue, rule, s, free)
            claimant = self.names.speaker(link + 1, end, rule.id, persons=content >= 0)
            carrier = self.carriage.first(cue.i, link) or self.carriage.first(self._left(cue.i, free), cue.i)
        if claimant is None:
            claimant = self._resumed(s) if carrier is None else None
        if claimant is None:
            return None
        if carrier is not None:
            claimant = self.carriage.carried(claimant, carrier)
        elif self.last is not None and self.last.type == "media" and self.last.outlet is not None and link <= cue.j:
            claimant = replace(claimant, outlet=self.last.outlet, outlet_span=self.last.outlet_span)
        if content < 0 and cue.i - free > _TRAILING_FROM:
            return Voice(free, s.last, self._styled(claimant, rule), True)
        return Voice(end, s.last, self._styled(claimant, rule), False)

    def _credit(self, cue: Match, rule: Rule, s: Sentence, free: int) -> Voice | None:
        start, verb = cue.j, None
        if rule.data.get("takes") == "verb":
            verb = self._verbs.get(cue.j)
            if verb is None:
                return None
            start = verb.j
        end = self._credit_end(start, s.last)
        style = rule if verb is None else self.scan.rule(verb)
        if verb is not None and cue.i - s.first <= 2:
            return self._verb(verb, style, s, free)
        carrier = self.carriage.first(cue.i, end)
        speaker = self.names.speaker(start, end, rule.id, persons=verb is not None)
        if rule.data.get("role") == "carrier" and carrier is not None:
            span = (carrier.i, carrier.j)
            speaker = Speaker(*span, "media", source=carrier.payload[1], rule=rule.id)
        elif speaker is None or rule.data.get("role") == "carrier":
            return None
        if cue.i - s.first <= 2 or end < s.last - 1 and self.words[cue.i - 1] in _STOPS and cue.i - free <= 2:
            return Voice(end, s.last, self._styled(speaker, style), False)
        return Voice(free, s.last, self._styled(speaker, style), True)

    def _credit_end(self, i: int, last: int) -> int:
        """Where the one who is credited ends: at a stop, or behind the last name where the text runs on."""
        end = self._right(i, last)
        trigger = self._next_trigger(i, end)
        if trigger >= 0:
            named = [m.j for xs in self.names.within(i, trigger) for m in xs]
            end = max(named, default=trigger)
        return end


def _closings(words: list[str]) -> dict[int, int]:
    """Where each opening quotation mark is closed."""
    out: dict[int, int] = {}
    opened: dict[str, int] = {}
    pairs = {"«": "»", "“": "”", "„": "“"}
    for k, w in enumerate(words):
        if w == '"':
            at = opened.pop('"', None)
            if at is None:
                opened['"'] = k
            else:
                out[at] = k
        elif w in pairs:
            opened[pairs[w]] = k
        elif w in CLOSING and w in opened:
            out[opened.pop(w)] = k
    return out


def by_sentence(scan: Scan, matches: list[Match]) -> dict[int, list[Match]]:
    """Matches by the number of the sentence that they begin in; they come in order."""
    out: dict[int, list[Match]] = {}
    n = 0
    sentences = scan.doc.sentences
    for m in matches:
        while n < len(sentences) and m.i >= sentences[n].last:
            n += 1
        if n < len(sentences):
            out.setdefault(n, []).append(m)
    return out


def voice_at(voices: list[Voice], word: int) -> Speaker:
    """The speaker of a word: the last voice that began before it, else a trailing voice behind it, else the outlet."""
    ahead = [v for v in voices if not v.trailing and v.first <= word < v.last]
    if ahead:
        return ahead[-1].speaker
    behind = [v for v in voices if v.trailing and v.first <= word < v.last]
    return behind[0].speaker if behind else OUTLET
