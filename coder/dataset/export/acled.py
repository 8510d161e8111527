"""Events as ACLED exports them: 31 columns by its names, in its order, with its values."""

from pathlib import Path

import pyarrow.csv as pacsv

from coder.dataset.export import Options
from coder.dataset.folder import Folder
from coder.dataset.tables import column_names

N_COLUMNS = 31


def columns() -> tuple[str, ...]:
    """The names of ACLED's columns, in its order."""
    return column_names("events")[:N_COLUMNS]


def write(folder: Folder, out: Path, options: Options) -> tuple[str, ...]:
    """Write all events; nothing is left out but the columns that ACLED does not have."""
    table = folder.table("events", columns())
    pacsv.write_csv(table, out)
    return ()
