"""Which words are whose: cues of speech, their claimants, and how far they reach (codebook section 3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from coder.coding.actors import Mention
from coder.coding.carriage import Carriage
from coder.coding.claimants import NP_REACH, Claimants
from coder.coding.clauses import COMMAS, Clauses
from coder.coding.document import Sentence
from coder.coding.lexis import Lexis, participle
from coder.coding.outlets import CLOSING, OPENING
from coder.coding.scan import Scan
from coder.coding.speakers import OUTLET, Speaker
from coder.coding.subjects import Subjects
from coder.knowledge import Rule
from coder.knowledge.lexicon import Match

_TAIL = 8  # words behind a claimant that ends its sentence
_LINK_REACH = 12  # words between a passive verb and the one who said it
_TRAILING_FROM = 3  # words before a claimant that may be what it says
_CARRY_REACH = 3  # words from the beginning of a sentence in which it may say that it goes on
_SUBJECT_REACH = 3  # words from the beginning of a sentence in which its subject begins
_NOUN_REACH = 2  # words between a noun of saying and the one who says it


@dataclass(slots=True, unsafe_hash=True)
class Voice:
    """A speaker and the words [first, last) of one sentence that are said by it.

    ``trailing`` voices («…, the police said», «حسب رويترز») cover what stands before them. ``sure``: a
    complementiser or a quotation begins what is said. ``reach``: where the words end that may tell of the channel;
    ``at``: the word at which its cue stands.
    """

    first: int
    last: int
    speaker: Speaker
    trailing: bool
    sure: bool = True
    reach: int = 0
    at: int = 0


class Attributor:
    """Reads the voices of each sentence in order, carrying the speaker along (وأضاف, "he added")."""

    def __init__(
        self, scan: Scan, mentions: list[Mention], triggers: Sequence[Match], dates: Sequence[tuple[int, int]] = ()
    ) -> None:
        self.scan = scan
        self.words = scan.doc.words
        self.lexis = Lexis(scan)
        self.names = Claimants(scan, mentions, self.lexis, dates)
        self.carriage = Carriage(self.names, self.lexis)
        self.clauses = Clauses(scan, self.names, self.lexis, self.carriage, triggers)
        self.subjects = Subjects(scan, self.names, self.lexis, self.carriage, self.clauses)
        self.last: Speaker | None = None
        self.last_paragraph = -1
        self._named = {k for xs in (self.names.sources, mentions) for m in xs for k in range(m.i, m.j)}
        self._cues = by_sentence(scan, self.lexis.cues)
        self._carry = {m.i for m in scan.select("phrases", "carry")}

    def voices(self, n: int) -> list[Voice]:
        """The voices of sentence ``n``; empty where the outlet itself speaks. Call in the order of sentences."""
        s = self.scan.doc.sentences[n]
        carried = self._carries_on(s)
        out: list[Voice] = [] if carried is None else [Voice(s.first, s.last, carried, False)]
        label = self.subjects.label(s.first, s.last)
        if label is not None:
            out, carried = [Voice(label[1], s.last, label[0], False)], None
            self._keep(out[0], s)
        free = s.first if label is None else label[1]
        for cue in self._cues.get(n, ()):
            if cue.i < free or self._mute(cue, s.first):
                continue
            rule = self.scan.rule(cue)
            voice = self._voice(cue, rule, s, free)
            if voice is None:
                continue
            voice = replace(self.carriage.dressed(voice, cue, s), at=cue.i)
            if voice.trailing and carried is not None and len(out) == 1:
                out, carried = [], None
            if voice.trailing and out:
                out, voice = self._beside(out, voice, rule)
            out.append(voice)
            free = cue.j if voice.trailing else max(cue.j, voice.first)
            self._keep(voice, s)
        if any(v.speaker.rule != "hearsay" for v in out):
            out = [v for v in out if v.speaker.rule != "hearsay"]
        return self.carriage.merged(out, self.clauses.triggers, s.first)

    def _beside(self, out: list[Voice], voice: Voice, rule: Rule) -> tuple[list[Voice], Voice]:
        """A trailing voice and those before it: an earlier trailing one ends there, a mere deed of speech gives way.

        A carrier that names its own source («…, X reported, citing Y») passes that source's words on.
        """
        last, credit = (
            out[-1],
            rule.data["kind"] == "credit" and not self.carriage.carries_speaker(voice.speaker),
        )
        if last.trailing and credit and self.carriage.carries_speaker(last.speaker):
            speaker = replace(voice.speaker, outlet=last.speaker.source, outlet_span=(last.speaker.i, last.speaker.j))
            return out[:-1], replace(last, speaker=speaker)
        if last.trailing:
            return [*out[:-1], replace(last, last=max(last.first, min(last.last, voice.first)))], voice
        if credit and not last.sure:
            return out[:-1], replace(voice, first=min(last.at, voice.first))
        return out, voice

    def _keep(self, voice: Voice, s: Sentence) -> None:
        """Remember a speaker, for those that go on after it; by all the words between its verb and what is said."""
        speaker = voice.speaker
        if speaker.j > speaker.i:
            end = max(voice.first, voice.reach)
            wide = not voice.trailing and voice.at <= speaker.i < speaker.j < end <= speaker.i + NP_REACH
            self.names.introduce(speaker, end if wide else speaker.j)
            if speaker.rule != "hearsay":
                self.last, self.last_paragraph = speaker, s.paragraph

    def _carries_on(self, s: Sentence) -> Speaker | None:
        """The last speaker, where a sentence opens by going on with what was said before it."""
        if self.last is None or s.paragraph > self.last_paragraph + 1:
            return None
        opening = range(s.first, min(s.first + _CARRY_REACH, s.last))
        if any(k in self._carry for k in opening) or self.words[s.first] in OPENING:
            self.last_paragraph = s.paragraph
            return self.last
        return None

    def _mute(self, cue: Match, first: int) -> bool:
        """Is a cue no speech here: negated, part of a name, or an adjective («did not confirm», "a suspected raid")?"""
        data = self.scan.rule(cue).data
        if data["kind"] in ("credit", "hearsay"):
            return False
        if cue.i in self._named or cue.i in self.lexis.carried:
            return True
        k = cue.i - 1
        if cue.features.startswith("v"):
            if cue.features == "v.ing" and not participle(cue, self.scan.rule(cue)):
                return True
            if k >= first and (k in self.lexis.definite or k in self.lexis.indefinite) and data["kind"] != "quote":
                return True
        while k >= first and k in self.lexis.fillers and k not in self.lexis.negators:
            k -= 1
        return k >= first and (k in self.lexis.negators or k in self.lexis.self)

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
        if participle(cue, rule):
            return self._participle(cue, rule, s)
        if form == "noun":
            return self._noun(cue, rule, s)
        if self.scan.doc.language.subject_first:
            return self._subject_first(cue, rule, s, free)
        return self._verb_first(cue, rule, s, free)

    def _styled(self, speaker: Speaker, rule: Rule) -> Speaker:
        """A speaker with what the verb implies; what a condemner restates is the outlet's."""
        stance = str(rule.data.get("stance") or "neutral")
        if rule.data.get("speaker") == "outlet":
            return replace(OUTLET, stance=stance, rule=rule.id)
        channel = str(rule.data.get("channel") or "none")
        if (
            channel == "none"
            and rule.data["kind"] == "continue"
            and self.last is not None
            and ((self.last.i, self.last.j) == (speaker.i, speaker.j))
        ):
            channel = self.last.channel
        return replace(
            speaker,
            rule=rule.id,
            modality=rule.data.get("modality"),
            stance="neutral" if stance == "continue" else stance,
            channel=channel if channel != "none" and speaker.channel == "none" else speaker.channel,
        )

    def _resumed(self, s: Sentence, near: int = 1) -> Speaker | None:
        """The last speaker, where it is near enough to go on."""
        return self.last if self.last is not None and s.paragraph - self.last_paragraph <= near else None

    # ---------------------------------------------------------------- verbs before their subject

    def _verb_first(self, cue: Match, rule: Rule, s: Sentence, free: int) -> Voice | None:
        """A verb of saying with its subject behind it, or right before it, or named before."""
        if cue.behind and rule.data.get("speaker") == "outlet":
            return None
        content, sure = self.clauses.content(cue.j, rule, s.last)
        inner = min((m.i for xs in self.names.within(cue.i + 1, cue.j) for m in xs), default=cue.j)
        if rule.data.get("strict") and not sure and (content < 0 or not self.names.named(inner, content)):
            return None
        end = content if content >= 0 else self.clauses.right(cue.j, s.last)
        speaker = self.subjects.right_before(cue, rule, free)
        if speaker is None and end > inner:
            clause = content >= 0 and self.clauses.says_that(content)
            speaker = self.names.speaker(
                inner,
                end if clause else self.names.first_name(inner, end, rule.data.get("stance") == "accuse"),
                rule.id,
                persons=sure and clause and self.subjects.opens(cue, free),
            )
        if speaker is None:
            speaker = self.subjects.before(cue, rule, free) or (
                self.names.again(cue.j, end, rule.id) if end > cue.j else None
            )
        if speaker is None and (rule.data["kind"] == "continue" or sure or content >= 0):
            speaker = self._resumed(s)
        if speaker is None:
            return None
        speaker = self.subjects.relayed(cue.j, end, speaker, rule) or speaker
        quoted = cue.i > free and any(w in CLOSING for w in self.words[max(free, cue.i - 2) : cue.i])
        if content < 0 and quoted and cue.i - free > _TRAILING_FROM and s.last - end <= _TAIL:
            return Voice(free, s.last, self._styled(speaker, rule), True)
        own = inner <= speaker.i < end and not (content >= 0 and self.clauses.says_that(content))
        if content < 0 and rule.data.get("stance") == "claim" and speaker.j <= cue.i:
            end = cue.j  # «… had claimed the bombing»: what is claimed stands behind the verb
        if own and rule.data.get("speaker") == "outlet":
            own, end = False, speaker.i  # told by the outlet, from the first word that may name a speaker
        return Voice(speaker.j if own else end, s.last, self._styled(speaker, rule), False, sure, end)

    # ---------------------------------------------------------------- subjects before their verb

    def _subject_first(self, cue: Match, rule: Rule, s: Sentence, free: int) -> Voice | None:
        """A verb of saying with its subject before it, or behind it at a stop («…, said X»)."""
        start = self.clauses.aux_start(cue.i, free)
        if cue.features.endswith("pp") and any(k in self.lexis.passives for k in (start - 1, cue.i - 1) if k >= free):
            return None
        before = start - 1
        if before >= free and before in self.lexis.relatives:
            speaker = self.subjects.apposed(
                free, before - 1 if self.words[before - 1] in COMMAS else before, rule
            ) or self._resumed(s)
            return None if speaker is None else self._placed(cue, rule, s, before, before, speaker)
        if before >= free and before in self.lexis.pronouns:
            speaker = self._resumed(s, 2)
            return None if speaker is None else self._placed(cue, rule, s, free, before, speaker)
        if before < free or self.clauses.stops(before):
            speaker = self.subjects.inverted(cue, rule, self.clauses.right(cue.j, s.last), s.last)
            if speaker is not None:
                return Voice(free, s.last, self._styled(speaker, rule), True)
            if before < free or self.words[before] not in COMMAS:
                return self._subjectless(cue, rule, s, free)
            speaker = self.subjects.apposed(free, before, rule)
            return None if speaker is None else self._placed(cue, rule, s, free, speaker.i, speaker)
        left = self.clauses.left(start, free)
        first = self.clauses.subject(left, start)
        speaker = self.subjects.parted(left, first, rule)
        if speaker is not None:
            return self._placed(cue, rule, s, free, left, speaker)
        speaker = self.names.speaker(first, start, rule.id) if first < start else None
        if speaker is None and rule.data["kind"] in ("speech", "continue") and self.names.capital(before):
            first = self.subjects.capitals(before, left)
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

    def _placed(self, cue: Match, rule: Rule, s: Sentence, free: int, first: int, speaker: Speaker) -> Voice:
        """Where what is said stands: before the claimant where nothing but whom, when and how follows the verb."""
        tail = self.clauses.tail(cue.j, s.last)
        if first - free > _TRAILING_FROM and self.clauses.ends(tail, s.last):
            return Voice(free, s.last, self._styled(speaker, rule), True)
        return Voice(tail if tail < s.last else cue.j, s.last, self._styled(speaker, rule), False)

    # ---------------------------------------------------------------- other cues

    def _participle(self, cue: Match, rule: Rule, s: Sentence) -> Voice | None:
        """A participle goes on with the speaker of its sentence, else with whom its sentence is about."""
        speaker = self._resumed(s, 1 if cue.i - s.first <= 2 else 0)
        if (
            speaker is None
            and self.scan.doc.language.subject_first
            and self.names.named(s.first, min(cue.i, s.first + _SUBJECT_REACH))
        ):
            speaker = self.names.speaker(s.first, self.names.first_name(s.first, cue.i), rule.id)
        return None if speaker is None else Voice(cue.j, s.last, self._styled(speaker, rule), False)

    def _passive(self, cue: Match, rule: Rule, s: Sentence, free: int) -> Voice | None:
        """What is said stands before («the attack was claimed by X»)."""
        links = self._links(rule)
        start = cue.j
        if self.words[cue.j - 1] not in links:
            start = next((k + 1 for k in range(cue.j, min(s.last, cue.j + _LINK_REACH)) if self.words[k] in links), -1)
        if start < 0:
            return None
        speaker = self.names.speaker(start, self.clauses.right(start, s.last), rule.id)
        return None if speaker is None else Voice(free, s.last, self._styled(speaker, rule), True)

    def _links(self, rule: Rule) -> frozenset[str]:
        return frozenset(self.scan.doc.language.fold(str(w)) for w in rule.data.get("link") or () if w)

    def _noun(self, cue: Match, rule: Rule, s: Sentence) -> Voice | None:
        content, sure = self.clauses.content(cue.j, rule, s.last)
        if content <= cue.j:
            return None
        speaker = self.names.speaker(cue.j, content, rule.id)
        at = self.clauses.past_quote(cue.j)
        if speaker is None or not self.names.named(cue.j, at + _NOUN_REACH):
            return None
        return Voice(content, s.last, self._styled(speaker, rule), False, sure)

    def _quote(self, cue: Match, rule: Rule, s: Sentence, free: int) -> Voice | None:
        """A carrier that gives another's words: the claimant stands behind the link."""
        links = self._links(rule)
        content, sure = self.clauses.content(cue.j, rule, s.last)
        end = content if content >= 0 else self.clauses.right(cue.j, s.last)
        start = self.clauses.aux_start(cue.i, free)
        if rule.data.get("form") == "passive" and links:
            link = next((k for k in range(cue.i, end) if self.words[k] in links), -1)
            carrier = self.carriage.first(link + 1, end) if link >= 0 else None
            claimant = self.subjects.apposed(free, start, rule) or (
                self.names.speaker(link + 1, end, rule.id) if carrier is None else None
            )
        else:
            link = next((k for k in range(cue.j - 1, end) if self.words[k] in links), -1) if links else cue.j - 1
            if link < 0:
                return self._verb_first(cue, rule, s, free) if not self.scan.doc.language.subject_first else None
            claimant = self.names.speaker(link + 1, end, rule.id, persons=sure)
            carrier = self.carriage.first(cue.i, link) or self.carriage.first(self.clauses.left(start, free), cue.i)
        claimant = claimant or (self._resumed(s) if carrier is None else None)
        if claimant is None:
            return None
        if carrier is not None:
            claimant = self.carriage.carried(claimant, carrier)
        elif self.last is not None and self.last.type == "media" and self.last.outlet is not None and link <= cue.j:
            claimant = replace(claimant, outlet=self.last.outlet, outlet_span=self.last.outlet_span)
        if content < 0 and cue.i - free > _TRAILING_FROM and self.clauses.ends(end, s.last):
            return Voice(free, s.last, self._styled(claimant, rule), True)
        return Voice(end, s.last, self._styled(claimant, rule), False, sure)

    def _credit(self, cue: Match, rule: Rule, s: Sentence, free: int) -> Voice | None:
        """Who is credited with what stands before, or, at the beginning, with what follows."""
        start, style = cue.j, rule
        if rule.data.get("takes") == "verb":
            verb = self.clauses.verbs.get(cue.j)
            if verb is None or participle(verb, self.scan.rule(verb)) or verb.features == "v.ing":
                return None
            start, style = verb.j, self.scan.rule(verb)
            if cue.i - s.first <= 2:
                return self._voice(verb, style, s, free)
        end = self.clauses.credited(start, s.last)
        carrier = self.carriage.first(cue.i, end)
        speaker = self.names.speaker(start, end, rule.id, persons=style is not rule)
        if rule.data.get("role") == "carrier":
            if carrier is None:
                return None
            speaker = Speaker(carrier.i, carrier.j, "media", source=carrier.payload[1], rule=rule.id)
        if speaker is None:
            return None
        follows = end < s.last - 1 and cue.i - free <= 2 and cue.i > s.first and self.clauses.stops(cue.i - 1)
        if cue.i - s.first <= 2 or follows:
            return Voice(end, s.last, self._styled(speaker, style), False)
        return Voice(free, s.last, self._styled(speaker, style), True)


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
    over = (v for v in reversed(voices) if not v.trailing and v.first <= word < v.last)
    ahead = next(over, None) or next((v for v in voices if v.trailing and v.first <= word < v.last), None)
    return OUTLET if ahead is None else ahead.speaker


def teller_of(voices: list[Voice], i: int, j: int) -> Speaker:
    """Who tells of what words [i, j) say: whose cue stands among them («نفت الوزارة ذلك»), else who says word ``i``."""
    cued = (v.speaker for v in voices if i <= v.at < j and v.speaker.j > v.speaker.i)
    return next(cued, None) or voice_at(voices, i)
