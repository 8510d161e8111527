"""The dead of an event: shared tolls divided, the number by a named rule, the range over all claims."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from coder.codebook import names
from coder.linking.accounts import Account, LinkError
from coder.linking.voices import Told

RULES = ("conservative", "median", "max", "trusted")

_FIRST = frozenset(("io", "ngo", "medical", "media"))
_LAST = frozenset(("unnamed", "other"))


class Toll(NamedTuple):
    """The dead: the number by the rule (0 where no claim gives any), lowest and highest over all claims."""

    number: int
    low: int | None
    high: int | None


Rule = Callable[[Sequence[Told]], int]


def rule_of(name: str) -> Rule:
    """The rule that a name stands for. Raises LinkError for an unknown one.

    - ``conservative`` (ACLED's): the lowest best number of the most reliable sources that give one. Most
      reliable are international and non-governmental bodies, hospitals and the press in its own voice; then
      others outside the fight; last the sides' own words and sources without a name. An exact number goes
      before vague words.
    - ``median``: the lower median over the independent voices, each with its lowest number.
    - ``max``: the highest best number.
    - ``trusted:ngo,io``: the conservative rule over the claimant types named, where one of them gives a
      number; else over all.
    """
    kind, _, listed = name.partition(":")
    types = frozenset(part.strip() for part in listed.split(",") if part.strip())
    if kind == "trusted" and types and types <= set(names("claimant_types")):
        return lambda told: conservative([t for t in told if t.account.claimant_type in types] or told)
    if kind in ("conservative", "median", "max") and not listed:
        return {"conservative": conservative, "median": _median, "max": _max}[kind]
    legal = f"conservative, median, max, or trusted: with claimant types ({', '.join(names('claimant_types'))})"
    raise LinkError(f"no fatalities rule {name!r}; legal: {legal}")


def toll(told: Sequence[Told], rule: Rule) -> Toll:
    """The toll of an event from its asserted accounts."""
    numbered = [t for t in told if number(t.account) is not None]
    lows = [low for t in numbered if (low := _low(t.account)) is not None]
    highs = [high for t in numbered if (high := _high(t.account)) is not None]
    if not numbered:
        return Toll(0, None, None)
    return Toll(rule(numbered), min(lows), max(highs))


def number(account: Account) -> int | None:
    """The best number that an account gives; its lowest where it gives no best one."""
    return account.fatalities_best if account.fatalities_best is not None else account.fatalities_low


def _low(account: Account) -> int | None:
    return account.fatalities_low if account.fatalities_low is not None else number(account)


def _high(account: Account) -> int | None:
    return account.fatalities_high if account.fatalities_high is not None else number(account)


def _best(t: Told) -> int:
    return number(t.account) or 0


def _reliability(t: Told) -> tuple[int, bool]:
    if t.partisan or t.account.claimant_type in _LAST:
        rank = 2
    else:
        rank = 0 if (t.account.claimant_type or "media") in _FIRST else 1
    return rank, bool(t.account.fatalities_estimated)


def conservative(told: Sequence[Told]) -> int:
    """The lowest best number of the most reliable accounts."""
    top = min(map(_reliability, told))
    return min(_best(t) for t in told if _reliability(t) == top)


def _median(told: Sequence[Told]) -> int:
    lowest: dict[str, int] = {}
    for t in told:
        lowest[t.voice] = min(lowest.get(t.voice, _best(t)), _best(t))
    ordered = sorted(lowest.values())
    return ordered[(len(ordered) - 1) // 2]


def _max(told: Sequence[Told]) -> int:
    return max(map(_best, told))


def divided(account: Account, at: int, among: int) -> Account:
    """The account with its ``at``-th part (from 0) of a toll that one figure gives for ``among`` places."""
    if among < 2:
        return account

    def part(whole: int | None) -> int | None:
        return None if whole is None else whole // among + (at < whole % among)

    return account._replace(
        fatalities_best=part(account.fatalities_best),
        fatalities_low=part(account.fatalities_low),
        fatalities_high=part(account.fatalities_high),
    )
