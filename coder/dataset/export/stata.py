"""Tables for Stata 14 and newer (format 118), with labels of the variables and of closed vocabularies."""

from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from coder import codebook
from coder.dataset.export import Options
from coder.dataset.folder import Folder
from coder.dataset.tables import Column, columns, raw_schema

TABLES = ("events", "event_claims", "claims", "articles")
LABEL_MOST, TEXT_MOST = 80, 2045
"""Characters of a label, and bytes of a text that need no long string."""

RENAMED = {"end": "end_"}
"""Columns whose names are words of Stata's language."""


def write(folder: Folder, out: Path, options: Options) -> tuple[str, ...]:
    """Write each table as ``<table>.dta``; a null text is an empty one, as Stata knows no other."""
    for name in TABLES:
        if folder.has(name):
            _write(folder.table(name), name, out / f"{name}.dta")
    return ()


def _write(table: pa.Table, name: str, out: Path) -> None:
    frame = pd.DataFrame({column.name: _values(table[column.name], column) for column in columns(name)})
    long = [c for c in frame if frame[c].dtype == object and _bytes(frame[c]) > TEXT_MOST]
    dates = {column.name: "td" for column in columns(name) if column.dtype == "date"}
    labels = {column.name: dict(codebook.labels(column.vocabulary)) for column in columns(name) if column.vocabulary}
    labels |= {column.name: {0: "no", 1: "yes"} for column in columns(name) if column.dtype == "boolean"}
    frame.rename(columns=RENAMED).to_stata(
        out,
        version=118,
        write_index=False,
        convert_dates=dates,
        convert_strl=long,
        variable_labels={RENAMED.get(column.name, column.name): column.title[:LABEL_MOST] for column in columns(name)},
        value_labels=labels,
        data_label=raw_schema(name)["title"][:LABEL_MOST],
        time_stamp=_NO_TIME,
    )


_NO_TIME = pd.Timestamp(1970, 1, 1).to_pydatetime()
"""Stands where Stata keeps the time of writing, so that an export depends on the data alone."""


def _values(values: pa.ChunkedArray, column: Column) -> "pd.Series[Any]":
    if column.dtype == "date":
        return pd.to_datetime(values.to_pandas(date_as_object=True))
    if column.dtype == "boolean":
        return values.cast(pa.int8()).to_pandas(types_mapper={pa.int8(): pd.Int8Dtype()}.get)
    if column.dtype in ("Int8", "Int64"):
        return values.to_pandas(types_mapper={pa.int8(): pd.Int8Dtype(), pa.int64(): pd.Int64Dtype()}.get)
    if column.dtype == "Float64":
        return values.to_pandas()
    texts = pd.Series(values.to_pylist(), dtype=object).replace("\0", "\ufffd", regex=True)
    if "isin" in column.checks and texts.notna().any():
        return texts.astype(pd.CategoricalDtype(list(column.checks["isin"]), ordered=False))
    return texts.fillna("")


def _bytes(texts: "pd.Series[Any]") -> int:
    return max((len(text.encode()) for text in texts), default=0)
