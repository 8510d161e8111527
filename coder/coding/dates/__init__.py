"""Dates of an article, resolved against the day on which it speaks (codebook section 6)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from coder.coding.dates.calendar import resolve
from coder.coding.dates.grammar import Grammar
from coder.coding.dates.reference import PUBLISHED, Reference, reference_of, years_of
from coder.coding.dates.spec import Items, Spec
from coder.coding.document import Document
from coder.coding.numbers import Number
from coder.knowledge.lexicon import Match
from coder.knowledge.rules import Rule

__all__ = [
    "PUBLISHED",
    "Anchor",
    "DateMention",
    "Dates",
    "Reference",
    "default_period",
    "find_dates",
    "precision_of",
    "resolve_after",
]

_OPEN = frozenset("«“„")
_CLOSE = frozenset("»”")
_STRAIGHT = '"'
_LONGEST_QUOTE = 120  # words; a mark that is not closed within it opened nothing
_FUTURE_REACH = 9  # words from "will" or «من المقرر» to the date of what is to come
_UNIT_DAYS = {"hour": 0, "day": 1, "night": 1, "week": 7, "month": 30, "year": 365}


class Anchor(NamedTuple):
    """What is known of an article's day from outside its text."""

    published: date | None


class DateMention(NamedTuple):
    """A date at words [i, j): the first and last day that it can mean; None where it hangs on another event.

    ``precision``: 1 a day, 2 a week or less, 3 a month or less, 4 longer. ``kind`` is the shape of the words:
    date, month, year, weekday, day, days, ago, window, within, unit, or after (it lies ``days`` before
    another event, behind it where negative: see :func:`resolve_after`). ``relative``: it counts from the
    reference day. ``in_quote``: it stands in a quotation, whose day may be another one. ``future``: it lies
    behind the reference day. ``owner``: what happened on it follows ("Monday's attack").
    ``vague``: lately, or a time for which something has lasted.
    """

    i: int
    j: int
    first: date | None
    last: date | None
    precision: int
    kind: str
    rule: str
    relative: bool
    in_quote: bool = False
    future: bool = False
    days: int | None = None
    owner: bool = False
    vague: bool = False


class Dates(NamedTuple):
    """The dates of an article, and the day that they count from."""

    reference: Reference
    mentions: list[DateMention]


def find_dates(
    doc: Document, matches: Sequence[Match], rules: Sequence[Rule], numbers: Sequence[Number], anchor: Anchor
) -> Dates:
    """All dates of a document and its reference day; ``numbers`` are those of ``read_numbers``."""
    items = Items(matches, rules)
    specs = Grammar(doc, items, numbers).read()
    reference = reference_of(doc, items, specs, anchor.published)
    years = years_of(specs)
    quoted = _quoted(doc)
    futures = _future_words(doc, items)
    mentions = []
    for spec in specs:
        mention = _mention(spec, reference.day, years, spec.i in futures)
        if mention is not None:
            owner = any(items.at(k, "owner") is not None for k in range(spec.i, spec.j))
            mentions.append(mention._replace(in_quote=spec.i in quoted, owner=owner, vague=_vague(spec, items)))
    return Dates(reference, mentions)


def default_period(reference: date) -> tuple[date, date, int]:
    """First day, last day and precision of an event that the article dates nowhere."""
    return reference - timedelta(1), reference, 2


def precision_of(first: date, last: date) -> int:
    """1 a day, 2 a week or less, 3 a month or less, 4 longer."""
    length = (last - first).days + 1
    return 1 if length == 1 else 2 if length <= 7 else 3 if length <= 31 else 4


def resolve_after(mention: DateMention, other: date) -> date:
    """The day that ``mention`` tells ("a day after …", "the next day"), given the day of the other event."""
    return other - timedelta(mention.days or 0)


def _mention(spec: Spec, reference: date | None, years: tuple[int, ...], future: bool) -> DateMention | None:
    if spec.shape == "after":
        days = spec.amount * _UNIT_DAYS[spec.unit] if spec.known else None
        return DateMention(spec.i, spec.j, None, None, 4, "after", spec.rule, True, days=days)
    found = resolve(spec, reference, future=future, years=years)
    if found is None:
        return None
    first, last = found
    relative = spec.shape not in ("date", "month", "year")
    ahead = reference is not None and (first > reference or reference == first < last)
    return DateMention(
        spec.i, spec.j, first, last, precision_of(first, last), spec.shape, spec.rule, relative, future=ahead
    )


def _vague(spec: Spec, items: Items) -> bool:
    fixed = items.at(spec.i, "fixed")
    lasting = spec.shape == "ago" and spec.unit in ("month", "year") and items.lasting(spec.i)
    return lasting or (fixed is not None and fixed.data.get("name") == "recent")


def _quoted(doc: Document) -> set[int]:
    """The words that stand inside quotation marks."""
    out: set[int] = set()
    opened = -1
    for k, word in enumerate(doc.words):
        if opened < 0 and (word in _OPEN or word == _STRAIGHT):
            opened = k
        elif opened >= 0 and (word in _CLOSE or word == _STRAIGHT):
            out.update(range(opened + 1, k))
            opened = -1
        elif opened >= 0 and k - opened > _LONGEST_QUOTE:
            opened = -1
    return out


def _future_words(doc: Document, items: Items) -> set[int]:
    """The words that stand shortly behind a sign of the future in their sentence."""
    out: set[int] = set()
    lasts = [s.last for s in doc.sentences]
    for k in items.futures:
        out.update(range(k, min(k + _FUTURE_REACH, lasts[bisect_right(lasts, k)])))
    return out
