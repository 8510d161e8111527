"""Runs to a release: tables merged, written as Parquet and CSV, linked, and vouched for by a manifest."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from coder.dataset.chunk import Counts
from coder.dataset.linked import Linker, linked_tables, write_id_changes
from coder.dataset.manifest import TableFacts, write_manifest
from coder.dataset.runs import merge
from coder.dataset.store import RELEASE_FILE
from coder.dataset.tables import arrow_schema

GROUP_ROWS = {"articles": 1_024, "claims": 16_384, "evidence": 65_536}
"""Rows of a Parquet row group; part of what the bytes of a release depend on."""

OTHER_GROUP_ROWS = 16_384

RUN_MADE = ("articles", "claims", "evidence")


def write_release(
    folder: Path,
    runs: Sequence[Path],
    scratch: Path,
    link: Linker | None,
    counts: Counts,
    made_by: Mapping[str, Any],
    inputs: Sequence[Mapping[str, Any]],
) -> None:
    """Write the release of all runs into ``folder``, which is there; ``scratch`` holds what is in between."""
    merged = {name: merge(runs, name, GROUP_ROWS[name], scratch) for name in RUN_MADE}
    rejects = merge(runs, "rejects", OTHER_GROUP_ROWS, scratch)
    write_tables(folder, merged, rejects, link, counts, made_by, inputs)


def write_tables(
    folder: Path,
    merged: Mapping[str, Iterable[pa.RecordBatch]],
    rejects: Iterable[pa.RecordBatch],
    link: Linker | None,
    counts: Counts,
    made_by: Mapping[str, Any],
    inputs: Sequence[Mapping[str, Any]],
) -> None:
    """As ``write_release``, from sorted rows in batches of ``GROUP_ROWS``."""
    facts = {name: write_table(folder, name, batches) for name, batches in merged.items()}
    linked = linked_tables(link, folder)
    for name, table in linked.tables.items():
        facts[name] = write_table(folder, name, table.combine_chunks().to_batches(OTHER_GROUP_ROWS))
    write_id_changes(folder, linked.id_changes)
    facts["rejects"] = write_table(folder, "rejects", chain(linked.rejects.to_batches(), rejects))
    content = {
        "format": 1,
        **made_by,
        "inputs": list(inputs),
        "counts": asdict(counts),
        "linking": linked.made_by,
        "tables": {name: fact.as_json() for name, fact in sorted(facts.items())},
    }
    write_manifest(folder / RELEASE_FILE, content)


def write_table(folder: Path, name: str, batches: Iterable[pa.RecordBatch]) -> TableFacts:
    """Write one table as Parquet and as CSV."""
    facts = TableFacts()
    schema = arrow_schema(name)
    parquet, csv = folder / f"{name}.parquet", folder / f"{name}.csv"
    with (
        pq.ParquetWriter(parquet, schema, compression="zstd") as parquet_writer,
        pacsv.CSVWriter(csv, schema) as csv_writer,
    ):
        for batch in batches:
            facts.add(batch)
            parquet_writer.write_batch(batch)
            csv_writer.write_batch(batch)
    return facts
