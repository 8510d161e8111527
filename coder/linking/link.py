"""The way from claims to events: compare, group, name, and agree on each event's values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from operator import attrgetter
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from coder.linking.accounts import Account, Accounts, Bools, Floats, Ints, Rows, batches, read_accounts
from coder.linking.blocks import candidate_pairs
from coder.linking.cluster import FLOOR, groups
from coder.linking.copies import ArticleFacts, copies_of, read_articles
from coder.linking.crowds import alike, follow, standing
from coder.linking.events import EPOCH, Options, make_event, newest
from coder.linking.evidence import Comparer
from coder.linking.ids import UNKNOWN_PREFIX, Group, IdChange, name_events
from coder.linking.outlets import key
from coder.linking.tolls import divided, rule_of
from coder.model import Event

DENIAL_MARGIN = -1.5
"""Mean evidence from which a denial is attached to an event: it shares less with it than an account of it."""

BATCH = 20_000
"""Claims whose events are made at a time."""


@dataclass(frozen=True)
class LinkResult:
    """``events`` and ``event_claims`` as their schemas describe them, sorted, and what became of former ids.

    ``unattached`` are denials of events that nobody asserts; ``timestamp`` is that of all events.
    """

    events: pa.Table
    event_claims: pa.Table
    id_changes: tuple[IdChange, ...]
    unattached: tuple[str, ...]
    timestamp: int


def link(claims: Rows, articles: Rows = (), options: Options | None = None, previous: Rows = ()) -> LinkResult:
    """Join the claims that report one event, and make the events.

    ``claims`` and ``articles`` are rows of the tables of that name, in any order and form; ``previous`` the
    ``event_claims`` of a former release, whose ids are kept. Every asserted event claim is in exactly one
    event; denials attach to the event that they deny; planned and supposed ones stay out. No files, no
    clock, no chance: the same rows give the same result. Memory grows by some hundred bytes a claim beside
    the rows themselves. Raises LinkError where a row cannot be used or the fatalities rule is unknown.
    """
    options = options or Options()
    rule_of(options.fatalities)
    outlets, scales = ({key(k): v for k, v in given.items()} for given in (options.outlets, options.scales))
    options = replace(options, outlets=outlets, scales=scales)
    facts = read_articles(articles)
    accounts = read_accounts(claims)
    parts, unattached = _grouped(accounts, facts)
    named, changes = _named(accounts, parts, facts, options, _former(previous))
    last_told = EPOCH + timedelta(max(int(accounts.last.max(initial=0)), 0))
    timestamp = newest(facts, last_told) if options.timestamp is None else options.timestamp
    events, joined = _made(accounts, parts, named, facts, options, timestamp)
    return LinkResult(events, joined, tuple(changes), unattached, timestamp)


def _grouped(accounts: Accounts, facts: Mapping[str, ArticleFacts]) -> tuple[list[Ints], tuple[str, ...]]:
    """The claims of each event, denials included, and the ids of the denials that fit none."""
    ids = accounts.table["article_id"].to_pylist()
    wording = alike(accounts)
    compared = standing(accounts, wording)
    left, right, evidence = _compared(accounts, copies_of(facts, ids), compared)
    asserted = np.flatnonzero(~accounts.denied & compared)
    number = np.cumsum(~accounts.denied & compared) - 1
    both = ~(accounts.denied[left] | accounts.denied[right])
    found = groups(len(asserted), number[left[both]], number[right[both]], evidence[both])
    parts = follow(accounts, [asserted[part] for part in found], compared, wording)
    homes, lost = _denials(accounts, parts, left, right, evidence)
    for home, denials in homes.items():
        parts[home] = np.sort(np.concatenate([parts[home], np.array(denials, dtype=np.int64)]))
    names = accounts.table["claim_id"]
    return parts, tuple(names[n].as_py() for n in lost)


def _compared(accounts: Accounts, copies: Ints, compared: Bools) -> tuple[Ints, Ints, Floats]:
    """All pairs with evidence worth keeping: above the floor, or such as must never be joined."""
    comparer = Comparer(accounts, copies)
    kept: list[tuple[Any, Any, Any]] = []
    for left, right in candidate_pairs(accounts, compared):
        evidence = comparer.weigh(left, right)
        worth = (evidence > FLOOR) | np.isneginf(evidence)
        numbers = (left[worth].astype(np.int32), right[worth].astype(np.int32))
        kept.append((*numbers, evidence[worth].astype(np.float32)))
    if not kept:
        nothing = np.zeros(0, dtype=np.int64)
        return nothing, nothing, np.zeros(0)
    ones, others, values = zip(*kept, strict=True)
    weights: Floats = np.concatenate(values).astype(np.float64).round(4)
    return np.concatenate(ones), np.concatenate(others), weights


def _denials(
    accounts: Accounts, parts: Sequence[Ints], left: Ints, right: Ints, evidence: Floats
) -> tuple[dict[int, list[int]], list[int]]:
    """The event that each denial belongs to, and the denials that belong to none."""
    denials = np.flatnonzero(accounts.denied).tolist()
    home = np.full(len(accounts), -1, dtype=np.int64)
    for n, part in enumerate(parts):
        home[part] = n
    sums: dict[int, dict[int, float]] = {denial: {} for denial in denials}
    one_denied = accounts.denied[left] != accounts.denied[right]
    columns = (column[one_denied].tolist() for column in (left, right, evidence))
    for a, b, value in zip(*columns, strict=True):
        denial, other = (a, b) if accounts.denied[a] else (b, a)
        sums[denial][int(home[other])] = max(sums[denial].get(int(home[other]), FLOOR), value)
    homes: dict[int, list[int]] = {}
    lost: list[int] = []
    for denial in denials:
        fits = {n: value for n, value in sums[denial].items() if value > DENIAL_MARGIN}
        if fits:
            homes.setdefault(min(fits, key=lambda n: (-fits[n], n)), []).append(denial)
        else:
            lost.append(denial)
    return homes, lost


def _former(previous: Rows) -> dict[str, str]:
    schema = pa.schema([("claim_id", pa.string()), ("event_id_cnty", pa.string())])
    former: dict[str, str] = {}
    for batch in batches(previous, schema):
        former.update(zip(batch["claim_id"].to_pylist(), batch["event_id_cnty"].to_pylist(), strict=True))
    return former


def _named(
    accounts: Accounts,
    parts: Sequence[Ints],
    facts: Mapping[str, ArticleFacts],
    options: Options,
    former: Mapping[str, str],
) -> tuple[list[str], list[IdChange]]:
    """Names of the events: after the claim of the earliest article, in the country of the event."""
    claims = accounts.table["claim_id"].to_pylist()
    articles = accounts.table["article_id"].to_pylist()
    isos = accounts.table["iso"].to_pylist()
    unknown = ArticleFacts(None, None, 0)
    named = []
    for part in parts:
        rows = [n for n in part.tolist() if not accounts.denied[n]]
        anchor = min(rows, key=lambda n: (facts.get(articles[n], unknown).published or date.max, claims[n]))
        prefix = options.prefixes.get(isos[anchor], UNKNOWN_PREFIX)
        named.append(Group([claims[n] for n in part.tolist()], claims[anchor], prefix))
    return name_events(named, former)


def _made(
    accounts: Accounts,
    parts: Sequence[Ints],
    named: Sequence[str],
    facts: Mapping[str, ArticleFacts],
    options: Options,
    timestamp: int,
) -> tuple[pa.Table, pa.Table]:
    shares = _shares(accounts)
    order = sorted(range(len(parts)), key=named.__getitem__)
    events: list[pa.RecordBatch] = []
    joined: list[pa.RecordBatch] = []
    for some in _batched(order, parts):
        rows = iter(accounts.rows(np.concatenate([parts[n] for n in some])))
        made: list[Event] = []
        links: list[tuple[str, str, str]] = []
        for n in some:
            mine = [_divided(next(rows), shares.get(at)) for at in parts[n].tolist()]
            event, given = make_event(named[n], mine, facts, options, timestamp)
            made.append(event)
            links.extend((named[n], a.claim_id, role) for a, role in zip(mine, given, strict=True))
        events.append(_event_batch(made))
        columns = zip(*links, strict=True)
        joined.append(pa.RecordBatch.from_arrays([pa.array(column) for column in columns], schema=_JOINED))
    return pa.Table.from_batches(events, _EVENTS), pa.Table.from_batches(joined, _JOINED)


def _batched(order: Sequence[int], parts: Sequence[Ints]) -> Iterable[list[int]]:
    some: list[int] = []
    size = 0
    for n in order:
        some.append(n)
        size += len(parts[n])
        if size >= BATCH:
            yield some
            some, size = [], 0
    if some:
        yield some


def _shares(accounts: Accounts) -> dict[int, tuple[int, int]]:
    """For each claim whose toll one figure gives for several places: which part of how many is its own."""
    shared = np.flatnonzero(pc.fill_null(accounts.table["fatalities_shared"], False).to_numpy())
    alike: dict[tuple[object, ...], list[int]] = {}
    for n, account in zip(shared.tolist(), accounts.rows(shared), strict=True):
        tolls = (account.fatalities_best, account.fatalities_low, account.fatalities_high)
        told = (account.article_id, account.start, account.end, account.source_claimant, account.modality)
        key = (*told, *tolls)
        alike.setdefault(key, []).append(n)
    return {n: (at, len(rows)) for rows in alike.values() for at, n in enumerate(rows)}


def _divided(account: Account, share: tuple[int, int] | None) -> Account:
    return account if share is None else divided(account, *share)


_ARROW = {"str": pa.string(), "int": pa.int64(), "float": pa.float64(), "date": pa.date32()}
_EVENTS = pa.schema(
    [pa.field(f.name, _ARROW[str(f.type).partition(" ")[0]], "None" in str(f.type)) for f in fields(Event)]
)
_JOINED = pa.schema([pa.field(name, pa.string(), False) for name in ("event_id_cnty", "claim_id", "role")])


def _event_batch(events: Sequence[Event]) -> pa.RecordBatch:
    columns = [pa.array(map(attrgetter(f.name), events), f.type) for f in _EVENTS]
    return pa.RecordBatch.from_arrays(columns, schema=_EVENTS)
