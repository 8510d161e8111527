"""Contested events: the accounts side by side, each in its own words."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

COLUMNS = (
    *("claim_id", "article_id", "text", "language", "modality", "source_claimant", "claimant_type"),
    *("source_outlet", "source_chain", "actor1", "actor2", "location", "location_relation", "sub_event_type"),
    *("date_start", "date_end", "fatalities_low", "fatalities_high", "fatalities_best", "responsibility"),
)
MOST_EVENTS, MOST_ACCOUNTS = 60, 8
_NAMED = re.compile(r"(?:^|; )([a-z_0-9]+): ")
_RTL = frozenset(("ar", "fa", "ur", "he"))


class Value(NamedTuple):
    """What an account says in one respect, and whether the accounts differ in it."""

    name: str
    text: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Account:
    """One claim of a contested event: what it does for the event, who says so and by which way, its words."""

    role: str
    claimant: str
    claimant_type: str
    chain: tuple[str, ...]
    day: str
    article: str
    quotation: str
    language: str
    direction: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Dispute:
    """A contested event with its accounts, the opposed ones first; ``more`` accounts are not shown."""

    event: Mapping[str, Any]
    columns: tuple[str, ...]
    accounts: tuple[Account, ...]
    more: int


def contested_columns(text: str) -> tuple[str, ...]:
    """The columns that ``events.contested`` names."""
    return tuple(dict.fromkeys(_NAMED.findall(text)))


def chosen(events: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The contested events to show: those with opposed accounts first, then by the number of claims."""
    found = [event for event in events if event["contested"]]
    return sorted(found, key=lambda e: (e["grade"] != "Contested", -e["n_claims"], e["event_id_cnty"]))[:MOST_EVENTS]


def dispute(
    event: Mapping[str, Any],
    claims: Sequence[tuple[str, Mapping[str, Any]]],
    articles: Mapping[str, Mapping[str, Any]],
) -> Dispute:
    """An event with its accounts, each a role and a claim."""
    columns = contested_columns(event["contested"])
    order = {"denies": 0, "disputes": 1, "supports": 2}
    told = sorted(claims, key=lambda item: (order.get(item[0], 3), item[1]["claim_id"]))
    shown = _mixed(told)[:MOST_ACCOUNTS]
    accounts = tuple(_account(role, claim, columns, articles.get(claim["article_id"], {})) for role, claim in shown)
    return Dispute(event, columns, accounts, len(told) - len(shown))


def _mixed(told: Sequence[tuple[str, Mapping[str, Any]]]) -> list[tuple[str, Mapping[str, Any]]]:
    """Accounts such that the first few hold every role and as many voices as can be."""
    seen: set[tuple[str, str | None]] = set()
    first: list[tuple[str, Mapping[str, Any]]] = []
    rest: list[tuple[str, Mapping[str, Any]]] = []
    for role, claim in told:
        voice = (role, claim["source_claimant"])
        (rest if voice in seen else first).append((role, claim))
        seen.add(voice)
    opposed = [item for item in first if item[0] != "supports"][: MOST_ACCOUNTS // 2]
    return [*opposed, *(item for item in (*first, *rest) if item not in opposed)]


def _account(role: str, claim: Mapping[str, Any], columns: Sequence[str], article: Mapping[str, Any]) -> Account:
    published = article.get("published")
    return Account(
        role=role,
        claimant=claim["source_claimant"] or claim["source_outlet"] or "the outlet itself",
        claimant_type=claim["claimant_type"] or "",
        chain=tuple((claim["source_chain"] or claim["source_outlet"] or "").split(" > ")),
        day=published.isoformat() if published else "",
        article=article.get("title") or "",
        quotation=claim["text"],
        language=claim["language"],
        direction="rtl" if claim["language"] in _RTL else "ltr",
        values=tuple(_values(claim, columns)),
    )


def _values(claim: Mapping[str, Any], columns: Sequence[str]) -> Iterable[Value]:
    sides = " → ".join(claim[c] or "nobody named" for c in ("actor1", "actor2") if claim[c] or c == "actor1")
    yield Value("who", sides, "actor1" in columns or "actor2" in columns)
    yield Value("what", claim["sub_event_type"] or "", "sub_event_type" in columns)
    place = " ".join(part for part in (claim["location_relation"], claim["location"]) if part)
    yield Value("where", place, "location" in columns)
    start, end = claim["date_start"], claim["date_end"]
    yield Value("when", f"{start}" if start == end else f"{start} to {end}", "event_date" in columns)
    yield Value("dead", _dead(claim), "fatalities" in columns)
    if claim["modality"] != "asserted":
        yield Value("says", claim["modality"], "modality" in columns)
    elif claim["responsibility"] in ("claimed", "denied", "accused"):
        yield Value("responsibility", claim["responsibility"], False)


def _dead(claim: Mapping[str, Any]) -> str:
    low, high, best = (claim[f"fatalities_{bound}"] for bound in ("low", "high", "best"))
    if low is None and high is None:
        return "no word" if best is None else str(best)
    if low == high:
        return str(low)
    return f"at least {low}" if high is None else f"{low or 0} to {high}"
