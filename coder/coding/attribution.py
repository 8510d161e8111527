"""Which words are whose: cues of speech, their claimants, and how far they reach (codebook section 3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from coder.coding.actors import Mention
from coder.coding.document import Sentence
from coder.coding.scan import Scan, longest
from coder.coding.speakers import CARRIERS, OUTLET, Names, Speaker
from coder.knowledge import Rule
from coder.knowledge.lexicon import Match

_NP_REACH = 24  # words that a claimant's name and titles may take
_TITLE_REACH = 8  # words between a claimant's head and its verb («a spokesman for X in the city of Y said»)
_QUOTES = frozenset("«\"“:")
_STOPS = frozenset(",،;؛:.«»\"“”-–—()")


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
        self.names = Names(scan, mentions)
        self.trigger_starts = sorted(m.i for m in triggers)
        self.last: Speaker | None = None
        self.last_paragraph = -1
        wanted = ("speech", "continue", "quote", "credit", "hearsay")
        self._cues = _by_sentence(scan, scan.select("attribution", lambda r: r.data["kind"] in wanted))
        self._verbs = {m.i: m.j for m in scan.select("attribution", lambda r: r.data["kind"] in ("speech", "continue", "quote"))}
        self._channels = _by_sentence(
            scan, longest([m for m in scan.of("attribution") if scan.rule(m).data["kind"] == "channel"]))
        self._carry = {m.i for m in scan.select("phrases", lambda r: r.data["role"] == "carry")}
        self._complements: dict[str, frozenset[str]] = {}

    def voices(self, n: int) -> list[Voice]:
        """The voices of sentence ``n``; empty where the outlet itself speaks. Call in the order of sentences."""
        sentence = self.scan.doc.sentences[n]
        out: list[Voice] = []
        busy = sentence.first
        for cue in self._cues.get(n, ()):
            if cue.i < busy:
                continue
            voice = self._voice(cue, self.scan.rule(cue), sentence)
            if voice is None:
                continue
            voice = replace(voice, speaker=self._with_channel(n, voice.speaker, self.scan.rule(cue)))
            out.append(voice)
            busy = max(busy, voice.first if not voice.trailing else cue.j)
            if voice.speaker.stance not in ("condemn",) and voice.speaker.rule != "hearsay":
                self.last, self.last_paragraph = voice.speaker, sentence.paragraph
        if not out and self._carries_on(sentence):
            return [Voice(sentence.first, sentence.last, self.last, False)] if self.last is not None else []
        if any(v.speaker.rule != "hearsay" for v in out):
            out = [v for v in out if v.speaker.rule != "hearsay"]
        return self._with_outlets(out, sentence)

    def _carries_on(self, s: Sentence) -> bool:
        """Does a sentence without a cue of speech go on with what the last speaker said?"""
        if self.last is None or s.paragraph > self.last_paragraph + 1:
            return False
        if any(k in self._carry for k in range(s.first, min(s.first + 3, s.last))):
            self.last_paragraph = s.paragraph
            return True
        return False

    def _voice(self, cue: Match, rule: Rule, s: Sentence) -> Voice | None:
        kind = rule.data["kind"]
        if kind == "credit":
            return self._credit(cue, rule, s)
        if kind == "hearsay":
            speaker = OUTLET if rule.data.get("speaker") == "outlet" else Speaker(cue.i, cue.j, "unnamed", rule="hearsay")
            return None if self.scan.doc.language.code == "en" else Voice(cue.j, s.last, speaker, False)
        if rule.data.get("form") == "participle":
            if self.last is None or self.last_paragraph != s.paragraph:
                return None
            return Voice(cue.j, s.last, self._styled(self.last, rule), False)
        if self.scan.doc.language.code == "ar":
            return self._arabic(cue, rule, s)
        return self._english(cue, rule, s)

    def _styled(self, speaker: Speaker, rule: Rule) -> Speaker:
        channel = str(rule.data.get("channel") or "none")
        stance = str(rule.data.get("stance") or "neutral")
        return replace(
            speaker, rule=rule.id, modality=rule.data.get("modality"),
            stance="neutral" if stance == "continue" else stance,
            channel=channel if channel != "none" else speaker.channel,
        )

    def _complement(self, rule: Rule) -> frozenset[str]:
        got = self._complements.get(rule.id)
        if got is None:
            fold = self.scan.doc.language.fold
            words = {fold(str(w).split()[0]) for w in rule.data.get("complement") or () if w}
            got = self._complements[rule.id] = frozenset(words) | _QUOTES
        return got

    def _content(self, at: int, rule: Rule, last: int) -> int:
        """Where what is said begins behind words ``at``: a complementiser, a quotation, a trigger; -1: nowhere."""
        words = self.scan.doc.words
        complement = self._complement(rule)
        for k in range(at, min(last, at + _NP_REACH)):
            if words[k] in complement or (k > at and k in self._starts(at, last)):
                return k
        return -1

    def _starts(self, first: int, last: int) -> frozenset[int]:
        return frozenset(t for t in self.trigger_starts if first <= t < last)

    def _arabic(self, cue: Match, rule: Rule, s: Sentence) -> Voice | None:
        content = self._content(cue.j, rule, s.last)
        if content < 0:
            content = min(s.last, cue.j + _NP_REACH)
            if not self._starts(cue.j, s.last) and not self.names.within(cue.j, content)[0]:
                return None
        speaker = self.names.speaker(cue.j, content, rule.id) if content > cue.j else None
        if speaker is None and content <= cue.j + 1:
            left = self._left(cue.i, s.first)
            speaker = self.names.speaker(left, cue.i, rule.id) if left < cue.i else None
        if speaker is None:
            if content > cue.j + 2 and rule.data["kind"] == "speech" and not self._is_channel(cue.j):
                speaker = Speaker(cue.j, content, "other", rule=rule.id)
            elif self.last is not None and self.last_paragraph >= s.paragraph - 1:
                speaker = self.last
            else:
                return None
        return Voice(content, s.last, self._styled(speaker, rule), False)

    def _is_channel(self, i: int) -> bool:
        return any(m.i == i for ms in self._channels.values() for m in ms)

    def _left(self, i: int, first: int) -> int:
        """Where the subject before a verb begins: behind the last stop or cue."""
        words = self.scan.doc.words
        k = i
        while k > first and i - k < _NP_REACH and words[k - 1] not in _STOPS:
            k -= 1
        return k

    def _english(self, cue: Match, rule: Rule, s: Sentence) -> Voice | None:
        words = self.scan.doc.words
        left = self._left(cue.i, s.first)
        right_end = self._right_end(cue.j, s.last)
        start = self._subject(left, cue.i)
        speaker = self.names.speaker(start, cue.i, rule.id) if start < cue.i else None
        trailing = False
        if speaker is not None:
            trailing = s.last - cue.j <= 5 and speaker.i > s.first + 3
        elif cue.i > s.first and words[cue.i - 1] in ("he", "she", "they", "it", "who") or (
                rule.data["kind"] == "continue" and cue.i - left <= 1):
            if self.last is None:
                return None
            speaker = self.last
            trailing = s.last - cue.j <= 5
        elif cue.i > s.first and words[cue.i - 1] in _STOPS or left == cue.i:
            speaker = self.names.speaker(cue.j, right_end, rule.id)
            trailing = True
        elif cue.i - left <= 6 and cue.i > left and rule.data["kind"] == "speech" and self._capital(cue.i - 1):
            speaker = self.names.speaker(left, cue.i, rule.id) or Speaker(left, cue.i, "other", rule=rule.id)
            trailing = s.last - cue.j <= 5 and left > s.first + 3
        if speaker is None:
            return None
        if trailing:
            return Voice(s.first, cue.i, self._styled(speaker, rule), True)
        return Voice(cue.j, s.last, self._styled(speaker, rule), False)

    def _subject(self, left: int, i: int) -> int:
        """Where the claimant's name before a verb begins: the names and heads that stand close together."""
        heads, sources, mentions = self.names.within(left, i)
        start = i
        for m in sorted((*heads, *sources, *mentions), key=lambda m: -m.j):
            limit = _TITLE_REACH if start == i else 3
            if start - m.j > limit or self._starts(m.j, start):
                break
            start = min(start, m.i)
        return start

    def _capital(self, i: int) -> bool:
        doc = self.scan.doc
        return doc.text[doc.starts[i]].isupper()

    def _right_end(self, i: int, last: int) -> int:
        words = self.scan.doc.words
        k = i
        while k < last and k - i < _NP_REACH and words[k] not in _STOPS:
            k += 1
        return k

    def _credit(self, cue: Match, rule: Rule, s: Sentence) -> Voice | None:
        start = cue.j
        if rule.data.get("takes") == "verb":
            verb = self._verbs.get(cue.j)
            if verb is None:
                return None
            start = verb
        end = self._right_end(start, s.last)
        speaker = self.names.speaker(start, end, rule.id)
        if speaker is None:
            return None
        if rule.data.get("role") == "carrier":
            carrier = self.names.carrier(cue.i, end)
            if carrier is None:
                return None
            return Voice(s.first, cue.i, Speaker(cue.j, end, "media", source=carrier.payload[1], rule=rule.id), True)
        if cue.i - s.first <= 2:
            return Voice(end, s.last, self._styled(speaker, rule), False)
        return Voice(s.first, cue.i, self._styled(speaker, rule), True)

    def _with_channel(self, n: int, speaker: Speaker, rule: Rule) -> Speaker:
        for m in self._channels.get(n, ()):
            data = self.scan.rule(m).data
            platform = data.get("platform")
            if platform and "{" not in platform:
                return replace(speaker, channel=str(data["channel"]), platform=platform)
            if speaker.channel == "none":
                speaker = replace(speaker, channel=str(data["channel"]))
        return speaker

    def _with_outlets(self, voices: list[Voice], s: Sentence) -> list[Voice]:
        """An agency that carries another's words is the outlet, not the claimant."""
        others = [v for v in voices if not self._carries(v.speaker)]
        carriers = [v for v in voices if self._carries(v.speaker)]
        if others and carriers:
            agency = carriers[-1].speaker
            voices = [replace(v, speaker=replace(v.speaker, outlet=agency.source, outlet_span=(agency.i, agency.j)))
                      for v in others]
        out = []
        for v in voices:
            sp = v.speaker
            if sp.outlet is None:
                if self._carries(sp):
                    sp = replace(sp, outlet=sp.source, outlet_span=(sp.i, sp.j))
                else:
                    m = self.names.carrier(s.first, s.last)
                    if m is not None:
                        told = sp.channel == "none" and (m.before.endswith(("ل", "لال")) or self._told(m.i))
                        sp = replace(sp, outlet=m.payload[1], outlet_span=(m.i, m.j),
                                     channel="interview" if told else sp.channel)
            out.append(replace(v, speaker=sp))
        return out

    def _told(self, i: int) -> bool:
        words = self.scan.doc.words
        return any(w in ("told", "tells", "telling") for w in words[max(0, i - 2):i])

    def _carries(self, speaker: Speaker) -> bool:
        if speaker.source is None or speaker.type != "media":
            return False
        return self.scan.knowledge.sources[speaker.source].kind in CARRIERS


def _by_sentence(scan: Scan, matches: list[Match]) -> dict[int, list[Match]]:
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
