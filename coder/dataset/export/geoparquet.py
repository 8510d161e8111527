"""Events as GeoParquet 1.0: points in WKB, longitude first, on WGS 84."""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from coder.dataset.export import Options
from coder.dataset.folder import Folder

_POINT = np.dtype([("order", "u1"), ("kind", "<u4"), ("x", "<f8"), ("y", "<f8")])
_LITTLE_ENDIAN, _IS_POINT = 1, 1


def write(folder: Folder, out: Path, options: Options) -> tuple[str, ...]:
    """Write all events with a column ``geometry`` after their own."""
    table = folder.table("events").combine_chunks()
    points = wkb_points(table["longitude"], table["latitude"])
    table = table.append_column(pa.field("geometry", pa.binary(), False), points)
    geometry: dict[str, object] = {"encoding": "WKB", "geometry_types": ["Point"]}
    if table.num_rows:
        low, high = ([getattr(pc, f)(table[c]).as_py() for c in ("longitude", "latitude")] for f in ("min", "max"))
        geometry["bbox"] = [*low, *high]
    geo = {"version": "1.0.0", "primary_column": "geometry", "columns": {"geometry": geometry}}
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(geo)}), out, compression="zstd")
    return ()


def wkb_points(longitude: pa.ChunkedArray, latitude: pa.ChunkedArray) -> pa.Array:
    """Points as well-known binary, 21 bytes each. Neither coordinate may be null."""
    points = np.zeros(len(longitude), _POINT)
    points["order"], points["kind"] = _LITTLE_ENDIAN, _IS_POINT
    points["x"], points["y"] = longitude.to_numpy(), latitude.to_numpy()
    offsets = np.arange(len(points) + 1, dtype=np.int32) * _POINT.itemsize
    buffers = [None, pa.py_buffer(offsets.tobytes()), pa.py_buffer(points.tobytes())]
    return pa.Array.from_buffers(pa.binary(), len(points), buffers)
