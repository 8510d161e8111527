"""What changed in the events from one release to the next, and why events went."""

import heapq
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from coder.dataset.folder import Folder

KEY = "event_id_cnty"
NOT_COMPARED = frozenset(("timestamp",))
"""Columns that say when a row was coded, not what: alone they make no amendment."""

ADD, MODIFY, DELETE = "add", "modify", "delete"

MERGED = "merged into another event"
SPLIT = "split over several events"
REJECTED = "turned back by validation"
WITHDRAWN = "its articles are no longer in the dataset"
RECODED = "its claims are coded otherwise"
UNKNOWN = "not known: a release has no table event_claims"


@dataclass(frozen=True, slots=True)
class Change:
    """One event that was added, modified or deleted.

    ``event`` is the row as it now is (deleted: as it was), ``columns`` the old and new value of each column
    that was modified, ``reason`` why a deleted event went and ``into`` the events that took over its claims.
    """

    action: str
    event_id: str
    event: Mapping[str, Any]
    columns: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    reason: str | None = None
    into: tuple[str, ...] = ()

    def as_stream(self) -> dict[str, Any]:
        """The change as a consumer applies it: rows to add or replace whole, ids to delete."""
        head: dict[str, Any] = {"action": self.action, KEY: self.event_id}
        if self.action == DELETE:
            return head | {"reason": self.reason, "into": list(self.into)}
        changed = {"columns": sorted(self.columns)} if self.action == MODIFY else {}
        return head | changed | {"event": dict(self.event)}


def changes(old: Folder, new: Folder) -> Iterator[Change]:
    """Every change from ``old`` to ``new``, by id. Raises FolderError where a table of events is missing."""
    fates = _fates(old, new)
    for key, rows in _together(_sorted(old), _sorted(new)):
        before, after = rows
        if before is None and after is not None:
            yield Change(ADD, key, after)
        elif before is not None and after is None:
            reason, into = fates[key]
            yield Change(DELETE, key, before, reason=reason, into=into)
        elif before is not None and after is not None:
            differing = {
                name: (before[name], after[name])
                for name in after
                if name not in NOT_COMPARED and before[name] != after[name]
            }
            if differing:
                yield Change(MODIFY, key, after, differing)


Row = dict[str, Any]


def _sorted(folder: Folder) -> Iterator[tuple[str, Row]]:
    table = folder.table("events").sort_by(KEY)
    for batch in table.to_batches(max_chunksize=4096):
        for row in batch.to_pylist():
            yield row[KEY], row


def _together(
    old: Iterator[tuple[str, Row]], new: Iterator[tuple[str, Row]]
) -> Iterator[tuple[str, tuple[Row | None, Row | None]]]:
    """The rows of both releases under one id, in the order of the ids."""
    tagged = heapq.merge(((k, 0, r) for k, r in old), ((k, 1, r) for k, r in new), key=lambda item: item[:2])
    held: tuple[str, Row] | None = None
    for key, release, row in tagged:
        if held is not None and held[0] == key and release == 1:
            yield key, (held[1], row)
            held = None
            continue
        if held is not None:
            yield held[0], (held[1], None)
            held = None
        if release == 0:
            held = (key, row)
        else:
            yield key, (None, row)
    if held is not None:
        yield held[0], (held[1], None)


def _fates(old: Folder, new: Folder) -> Mapping[str, tuple[str, tuple[str, ...]]]:
    """Why each event of ``old`` that is not in ``new`` went, and where its claims are now."""
    gone = _gone(old, new)
    if not gone:
        return {}
    if not (old.has("event_claims") and new.has("event_claims")):
        return dict.fromkeys(gone, (UNKNOWN, ()))
    claims: dict[str, list[str]] = {key: [] for key in gone}
    for link in old.rows("event_claims"):
        if link[KEY] in claims:
            claims[link[KEY]].append(link["claim_id"])
    wanted = pa.array(sorted({claim for mine in claims.values() for claim in mine}), pa.string())
    homes = {link["claim_id"]: link[KEY] for link in _picked(new, "event_claims", "claim_id", wanted)}
    articles = pa.array(sorted({claim.rpartition(":")[0] for claim in wanted.to_pylist()}), pa.string())
    there = {row["article_id"] for row in _picked(new, "articles", "article_id", articles)}
    rejected = {row["record"] for row in new.rows("rejects", ["record"])} if new.has("rejects") else set()
    return {key: _fate(key, mine, homes, there, rejected) for key, mine in claims.items()}


def _gone(old: Folder, new: Folder) -> list[str]:
    before, after = (folder.table("events", [KEY])[KEY] for folder in (old, new))
    return before.filter(pc.invert(pc.is_in(before, value_set=after.combine_chunks()))).to_pylist()  # type: ignore[no-any-return]


def _picked(folder: Folder, table: str, column: str, values: pa.Array) -> Iterator[Row]:
    if folder.has(table):
        for batch in folder.batches(table, [column] if table == "articles" else None):
            yield from batch.filter(pc.is_in(batch[column], value_set=values)).to_pylist()


def _fate(
    key: str, claims: Sequence[str], homes: Mapping[str, str], articles: set[str], rejected: set[str]
) -> tuple[str, tuple[str, ...]]:
    if key in rejected:
        return REJECTED, ()
    into = Counter(homes[claim] for claim in claims if claim in homes)
    if into:
        heirs = tuple(event for event, _ in sorted(into.items(), key=lambda item: (-item[1], item[0])))
        return (SPLIT if len(heirs) > 1 else MERGED), heirs
    if not any(claim.rpartition(":")[0] in articles for claim in claims):
        return WITHDRAWN, ()
    return RECODED, ()
