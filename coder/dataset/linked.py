"""The tables of events: made from the written claims, checked by schema and rule, what fails turned back."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from coder.dataset.chunk import PAYLOAD_LIMIT, joined_reasons
from coder.dataset.failures import Failure
from coder.dataset.tables import empty, objects_to_arrow
from coder.model import Reject

ID_CHANGES = "id_changes.json"


@dataclass(frozen=True, slots=True)
class Linked:
    """What linking gave.

    ``tables`` are ``events`` and ``event_claims``; ``rejects`` the events turned back; ``id_changes`` what
    became of the ids of a former release, None where none was named; ``made_by`` what the events depend on
    beside the claims.
    """

    tables: Mapping[str, pa.Table] = field(default_factory=dict)
    id_changes: Sequence[Mapping[str, Any]] | None = None
    made_by: Mapping[str, Any] = field(default_factory=dict)
    rejects: pa.Table = field(default_factory=lambda: empty("rejects"))


Linker = Callable[[Path], Linked]
"""From the folder with ``articles.parquet`` and ``claims.parquet`` to the events."""


def linked_tables(link: Linker | None, folder: Path) -> Linked:
    """The sound rows of ``events`` and ``event_claims``, and the rejects; no tables without a linker."""
    if link is None:
        return Linked()
    from coder.dataset.validate import to_frame, validate  # late: it loads pandas

    linked = link(folder)
    failures = validate({name: to_frame(table) for name, table in linked.tables.items()})
    bad: dict[str, list[str]] = {}
    for failure in failures:
        bad.setdefault(_event_of(failure, linked.tables), []).append(failure.reason())
    events = linked.tables["events"].to_pylist() if bad else []
    rejects = [_reject(row, bad[row["event_id_cnty"]]) for row in events if row["event_id_cnty"] in bad]
    tables = {name: _without(table, list(bad)) for name, table in linked.tables.items()}
    return Linked(tables, linked.id_changes, linked.made_by, objects_to_arrow("rejects", rejects))


def write_id_changes(folder: Path, changes: Sequence[Mapping[str, Any]] | None) -> None:
    """Write what became of a former release's ids; no file where no former release was named."""
    if changes is not None:
        text = json.dumps(changes, ensure_ascii=False, indent=1)
        (folder / ID_CHANGES).write_text(text + "\n", encoding="utf-8")


def _event_of(failure: Failure, tables: Mapping[str, pa.Table]) -> str:
    if failure.row is None:
        raise AssertionError(f"the linker's table {failure.table}: {failure.reason()}")
    return str(tables[failure.table]["event_id_cnty"][failure.row].as_py())


def _reject(row: Mapping[str, object], reasons: Sequence[str]) -> Reject:
    given = {name: value for name, value in row.items() if value is not None}
    payload = json.dumps(given, ensure_ascii=False, default=str)[:PAYLOAD_LIMIT]
    return Reject(None, str(row["event_id_cnty"]), "validate", joined_reasons(reasons), payload)


def _without(table: pa.Table, events: Sequence[str]) -> pa.Table:
    if not events:
        return table
    known = pa.array(events, pa.string())
    return table.filter(pc.invert(pc.is_in(table["event_id_cnty"], value_set=known)))
