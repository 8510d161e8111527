"""By which way a claim came: its channel, platform and the news organisation that carried it (codebook section 3)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from coder.coding.claimants import Claimants
from coder.coding.document import Sentence
from coder.coding.lexis import Lexis
from coder.coding.outlets import CARRIERS, OPENING
from coder.coding.speakers import Speaker
from coder.knowledge.lexicon import Match

if TYPE_CHECKING:
    from coder.coding.attribution import Voice

_BEFORE = 14  # words before a cue of speech in which its channel may stand
_BEHIND = 12  # words behind a cue that ends its sentence in which its channel may stand
_OWN = "affiliated_agency"  # inside a claimant's name it is the claimant, no channel
_RANK = (
    "report",
    "statement",
    "affiliated_agency",
    "interview",
    "press_conference",
    "broadcast",
    "website",
    "messaging_app",
    "social_media",
)


class Carriage:
    """Channels and carriers of a document, by position."""

    def __init__(self, names: Claimants, lexis: Lexis) -> None:
        self.names = names
        self.lexis = lexis
        self.words = names.words
        self._channel_starts = [m.i for m in lexis.channels]

    def carries(self, m: Match) -> bool:
        """May a source carry what others say?"""
        return self.names.source(m).kind in CARRIERS

    def first(self, i: int, j: int) -> Match | None:
        """The first carrier named inside words [i, j)."""
        found = self.names.carriers(i, j)
        return found[0] if found else None

    def carried(self, speaker: Speaker, m: Match) -> Speaker:
        """A speaker whose words a carrier passes on."""
        return replace(speaker, outlet=m.payload[1], outlet_span=(m.i, m.j))

    def dressed(self, voice: Voice, cue: Match, s: Sentence) -> Voice:
        """A voice with the channel, platform and carrier that stand beside its cue."""
        sp = voice.speaker
        if sp.j <= sp.i:
            return voice
        first = max(s.first, cue.i - _BEFORE)
        last = min(s.last, cue.j + _BEHIND if voice.trailing else max(voice.first, voice.reach, cue.j))
        sp = self._channel(sp, first, last)
        for m in self.names.carriers(first, last):
            if sp.i <= m.i < sp.j:
                continue
            if self.lexis.told_to(m, self.words, OPENING):
                channel = sp.channel if sp.channel in ("press_conference", "social_media") else "interview"
                sp = replace(self.carried(sp, m), channel=channel, channel_span=(m.i, m.j))
                break
            if self.lexis.carried_by(m, self.words, OPENING):
                sp = self.carried(sp, m)
                break
        if self.carries_speaker(sp) and sp.outlet is None and sp.source is not None:
            sp = replace(sp, outlet=sp.source, outlet_span=(sp.i, sp.j))
        return replace(voice, speaker=sp)

    def _channel(self, sp: Speaker, first: int, last: int) -> Speaker:
        """The speaker with the most telling channel among the phrases inside words [first, last)."""
        found = self.lexis.channels[bisect_left(self._channel_starts, first) : bisect_left(self._channel_starts, last)]
        found = [m for m in found if not (sp.i <= m.i < sp.j and self.names.scan.rule(m).data["channel"] == _OWN)]
        if not found:
            return sp
        m = max(found, key=self._telling)
        data = self.names.scan.rule(m).data
        platform = str(data.get("platform") or "")
        return replace(
            sp,
            channel=str(data["channel"]),
            channel_span=(m.i, m.j),
            platform=platform if platform and "{" not in platform else sp.platform,
        )

    def _telling(self, m: Match) -> tuple[bool, int]:
        """How much a phrase tells of the channel: a named platform most, a statement least."""
        data = self.names.scan.rule(m).data
        platform = str(data.get("platform") or "")
        return bool(platform) and "{" not in platform, _RANK.index(str(data["channel"]))

    def carries_speaker(self, speaker: Speaker) -> bool:
        """Is a speaker a news organisation that may carry what others say?"""
        return (
            speaker.source is not None
            and speaker.type == "media"
            and self.names.scan.knowledge.sources[speaker.source].kind in CARRIERS
        )

    def merged(self, voices: list[Voice], triggers: Sequence[int], first: int) -> list[Voice]:
        """The voices of a sentence from word ``first``: an agency that passes another's words on is their outlet.

        One carried over from a sentence before passes on nothing that is said on a social medium.
        """
        out = list(voices)
        for n, v in enumerate(voices):
            if not self.carries_speaker(v.speaker) or v.speaker.j <= v.speaker.i:
                continue
            others = [
                k
                for k, o in enumerate(voices)
                if k != n
                and o.speaker.j > o.speaker.i
                and not self.carries_speaker(o.speaker)
                and self._passes_on(v, o, triggers)
                and not (v.speaker.j <= first and o.speaker.channel == "social_media")
            ]
            for k in others:
                if out[k].speaker.outlet is None:
                    out[k] = replace(
                        out[k],
                        speaker=replace(
                            out[k].speaker, outlet=v.speaker.source, outlet_span=(v.speaker.i, v.speaker.j)
                        ),
                    )
            if others:
                out[n] = replace(v, last=v.first)
        return [v for v in out if v.last > v.first]

    def _passes_on(self, carrier: Voice, other: Voice, triggers: Sequence[int]) -> bool:
        """Is another's speech what a carrier tells, with nothing of its own before it?"""
        if carrier.trailing:
            return other.first <= carrier.at
        if other.trailing:
            return carrier.first <= other.at
        if other.first < carrier.first:
            return False
        at = bisect_left(triggers, carrier.first)
        return not (at < len(triggers) and triggers[at] < other.at)
