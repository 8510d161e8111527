"""When it happened: the date mention that a claim's passage gives, else the period in force (codebook section 6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from coder.coding.attribution import Voice, voice_at
from coder.coding.dates import DateMention, default_period, resolve_after
from coder.coding.drafts import When

_AFTER_REACH = 10  # words behind «a day after» in which the earlier event is told
_MONTH = 3  # precision of a period that dates an event from another clause; longer ones are that clause's own
_OPENING = 2  # words between the day of saying and what is said
_OWNED = 3  # words between a day and the deed that it owns ("Monday's rocket attack")
_BESIDE = 6  # words between a speaker and the day on which it spoke


def as_when(m: DateMention) -> When:
    """A date mention as the period of a draft."""
    first, last = m.first or date.min, m.last or date.max
    return When(first, last, m.precision, m.i, m.j, m.rule)


def quoted_on(m: DateMention, today: date, news: date) -> DateMention:
    """«اليوم» in a quotation, which was said on the day of the news."""
    if not m.in_quote or m.kind != "day" or m.first != today or m.last != today:
        return m
    return m._replace(first=news, last=news)


def nearest(
    mentions: Sequence[DateMention],
    clause: tuple[int, int],
    sentence: tuple[int, int],
    word: int,
    voices: Sequence[Voice],
    future: bool,
    base: date | None,
) -> When | None:
    """The date nearest to ``word`` in its clause, else in its sentence; None where neither names one.

    A date beside the verb of saying dates the words: what is announced has their day, what is merely said the day
    before to that day. Dates ahead count only for what is planned. What «a day after» leads to counts from ``base``.
    """
    pool = [m for m in mentions if m.first is not None and (future or not m.future)]
    if own := [m for m in pool if m.owner and 0 <= word - m.j <= _OWNED]:
        return as_when(own[-1])
    told = [m for m in pool if m.owner or not _of_saying(m, voices, word)]
    if base is not None and (earlier := _after_which(mentions, pool, sentence, word, base)) is not None:
        return earlier
    for first, last in (clause, sentence):
        inside = [m for m in told if first <= m.i and m.j <= last and (first == clause[0] or m.precision <= _MONTH)]
        if inside:
            return as_when(
                min(inside, key=lambda m: (m.precision > _MONTH, m.vague, abs(m.i - word) + (0 if m.i > word else 2)))
            )
    said = [m for m in pool if m not in told and sentence[0] <= m.i < sentence[1] and m.precision == 1]
    if not said:
        return None
    when = as_when(said[0])
    if voice_at(list(voices), word).channel == "statement":
        return when
    return replace(when, first=when.first - timedelta(1), precision=2, said=True)


def _after_which(
    mentions: Sequence[DateMention], dated: Sequence[DateMention], sentence: tuple[int, int], word: int, base: date
) -> When | None:
    """The day of the earlier event that «a day after» leads to, counted from the day of the one before it."""
    for m in mentions:
        if m.kind != "after" or (m.days or 0) <= 0 or not (sentence[0] <= m.i and m.j <= word <= m.j + _AFTER_REACH):
            continue
        if any(m.j <= x.i < sentence[1] for x in dated):
            return None
        later = [x.last for x in dated if sentence[0] <= x.i < m.i and x.precision == 1 and x.last is not None]
        day = resolve_after(m, later[-1] if later else base)
        return When(day, day, 1, m.i, m.j, m.rule, lends=False)
    return None


def _of_saying(m: DateMention, voices: Sequence[Voice], word: int) -> bool:
    """Does a date stand beside a speaker, outside of what any speaker says, and not behind a deed before it?"""
    if not voices or any(v.first <= m.i < v.last and not v.trailing for v in voices):
        return False
    for v in voices:
        gap = m.i - v.speaker.j if m.i >= v.speaker.j else v.speaker.i - m.j
        if v.trailing and v.first <= m.i < v.last:
            return 0 < m.i - v.at <= _BESIDE
        if word < m.i < v.speaker.i:
            continue
        opening = v.at - 1 <= m.j <= v.first <= m.j + _OPENING  # between a verb of saying and what is said
        carried = v.sure and opening and v.speaker.j <= m.i - _BESIDE
        if v.speaker.j > v.speaker.i and (0 <= gap <= _BESIDE or (carried and not v.trailing)):
            return True
    return False


def fallback(reference: date | None, rule: str) -> When | None:
    """The day before the article's day to that day, for an event that nothing dates; None without such a day."""
    if reference is None:
        return None
    first, last, precision = default_period(reference)
    return When(first, last, precision, 0, 0, rule)
