"""The tables of events: made from the written claims, checked by schema and rule, what fails turned back."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from coder.dataset.chunk import PAYLOAD_LIMIT, joined_reasons
from coder.dataset.failures import Failure
from coder.dataset.tables import empty, objects_to_arrow
from coder.dataset.validate import to_frame, validate
from coder.model import Reject

Linker = Callable[[Path], Mapping[str, pa.Table]]
"""From the folder with ``articles.parquet`` and ``claims.parquet`` to ``events`` and ``event_claims``."""


def linked_tables(link: Linker | None, folder: Path) -> tuple[Mapping[str, pa.Table], pa.Table]:
    """The sound rows of ``events`` and ``event_claims``, and the rejects; no tables without a linker."""
    if link is None:
        return {}, empty("rejects")
    tables = dict(link(folder))
    failures = validate({name: to_frame(table) for name, table in tables.items()})
    bad: dict[str, list[str]] = {}
    for failure in failures:
        bad.setdefault(_event_of(failure, tables), []).append(failure.reason())
    events = tables["events"].to_pylist() if bad else []
    rejects = [_reject(row, bad[row["event_id_cnty"]]) for row in events if row["event_id_cnty"] in bad]
    return {name: _without(table, list(bad)) for name, table in tables.items()}, objects_to_arrow(
        "rejects", rejects
    )


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
