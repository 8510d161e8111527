"""Every table as CSV in UTF-8; with ``excel_safe`` such as no spreadsheet takes a text for a formula."""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from coder.dataset.export import Options
from coder.dataset.folder import Folder
from coder.dataset.tables import arrow_schema

_UNSEEN = r"\s\x00-\x20\x{00a0}\x{feff}\x{200b}-\x{200f}\x{202a}-\x{202e}\x{2066}-\x{2069}"
FORMULA = rf"^[{_UNSEEN}]*[=+\-@|%＝＋－＠]|^[\t\r\n]"
"""What a text begins with that a spreadsheet may run: an operator, also after blanks and invisible signs."""

_BOM = b"\xef\xbb\xbf"


def write(folder: Folder, out: Path, options: Options) -> tuple[str, ...]:
    """Write each table as ``<table>.csv``; a null is an empty cell."""
    neutralised = 0
    for name in folder.tables():
        schema = arrow_schema(name)
        with (out / f"{name}.csv").open("wb") as file:
            if options.excel_safe:
                file.write(_BOM)
            with pacsv.CSVWriter(file, schema) as writer:
                for batch in folder.batches(name):
                    rows, changed = safe(batch) if options.excel_safe else (batch, 0)
                    neutralised += changed
                    writer.write_batch(rows)
    return (f"{neutralised} texts begin like a formula and got an apostrophe before",) if neutralised else ()


def safe(batch: pa.RecordBatch) -> tuple[pa.RecordBatch, int]:
    """The batch with an apostrophe before each text that begins like a formula, and how many there are."""
    columns, changed = [], 0
    for field, column in zip(batch.schema, batch.columns, strict=True):
        if pa.types.is_string(field.type):
            risky = pc.fill_null(pc.match_substring_regex(column, FORMULA), False)
            changed += risky.true_count
            column = pc.if_else(risky, pc.binary_join_element_wise("'", column, ""), column)
        columns.append(column)
    return pa.RecordBatch.from_arrays(columns, schema=batch.schema), changed
