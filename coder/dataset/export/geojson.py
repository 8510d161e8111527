"""Events as GeoJSON (RFC 7946): a point each, longitude first, with the other columns as properties."""

import json
from pathlib import Path
from typing import Any

from coder.dataset.export import Options
from coder.dataset.folder import Folder

_PLACED = ("longitude", "latitude")


def write(folder: Folder, out: Path, options: Options) -> tuple[str, ...]:
    """Write all events, one feature a line."""
    with out.open("w", encoding="utf-8") as file:
        file.write('{"type":"FeatureCollection","features":[')
        before = "\n"
        for row in folder.rows("events"):
            file.write(before + json.dumps(feature(row), ensure_ascii=False, separators=(",", ":")))
            before = ",\n"
        file.write("\n]}\n")
    return ()


def feature(row: dict[str, Any]) -> dict[str, Any]:
    """One event as a feature; dates are written as ISO 8601."""
    dates = {name: value.isoformat() for name, value in row.items() if hasattr(value, "isoformat")}
    properties = {name: value for name, value in (row | dates).items() if name not in _PLACED}
    point = {"type": "Point", "coordinates": [row[name] for name in _PLACED]}
    return {"type": "Feature", "id": row["event_id_cnty"], "geometry": point, "properties": properties}
