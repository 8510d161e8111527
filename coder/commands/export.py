"""``coder export``: a dataset in the formats of other programs."""

import json
import sys
import tempfile
from enum import StrEnum
from pathlib import Path

import typer

app = typer.Typer(add_completion=False)


class Target(StrEnum):
    """The formats, by the names of their modules."""

    acled = "acled"
    ucdp = "ucdp"
    csv = "csv"
    xlsx = "xlsx"
    stata = "stata"
    geoparquet = "geoparquet"
    geojson = "geojson"


@app.command()
def export(
    folder: Path = typer.Argument(..., metavar="DIR", help="Folder of a dataset."),
    to: Target = typer.Option(..., "--to", help="Format to write."),
    out: Path | None = typer.Option(
        None, "--out", "-o", help="File to write (csv, stata: folder); - for standard output."
    ),
    excel_safe: bool = typer.Option(
        False, "--excel-safe", help="With csv: no cell that a spreadsheet takes for a formula."
    ),
    as_json: bool = typer.Option(False, "--json", help="Print what was written as JSON."),
) -> None:
    """Write a dataset for ACLED's and UCDP's tools, spreadsheets, Stata and maps."""
    from coder.dataset.export import FORMATS, Options
    from coder.dataset.export import export as write
    from coder.errors import UserError

    options = Options(excel_safe=excel_safe)
    if out is not None and str(out) == "-":
        if FORMATS[to].suffix is None:
            raise UserError(f"{to} is a folder of files; name one with --out")
        with tempfile.TemporaryDirectory() as scratch:
            done = write(folder, to, Path(scratch) / "export", options)
            sys.stdout.buffer.write(done.path.read_bytes())
    else:
        done = write(folder, to, out, options)
        if as_json:
            typer.echo(json.dumps({"out": str(done.path), "format": to.value, "notes": done.notes}))
        else:
            typer.echo(f"{done.path}: {FORMATS[to].description}")
    for note in done.notes:
        typer.echo(f"note: {note}", err=True)
