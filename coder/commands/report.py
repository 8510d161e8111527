"""``coder report``: a dataset as one page of HTML."""

import json
from pathlib import Path

import typer

app = typer.Typer(add_completion=False)


@app.command()
def report(
    folder: Path = typer.Argument(..., metavar="DIR", help="Folder of a dataset."),
    out: Path | None = typer.Option(
        None, "--out", "-o", help="File to write; by default named after the dataset, in the current folder."
    ),
    title: str = typer.Option("Conflict events coded from news articles", help="Title of the page."),
    as_json: bool = typer.Option(False, "--json", help="Print what was written as JSON."),
) -> None:
    """Write one self-contained page: figures, map, timeline, sources, contested events, table with search."""
    from coder.errors import UserError
    from coder.report import report as write

    target = out or Path(f"{folder.resolve().name}-report.html")
    if target.is_dir():
        raise UserError(f"{target}: is a folder; name a file")
    size = write(folder, target, title)
    if as_json:
        typer.echo(json.dumps({"out": str(target), "bytes": size}))
    else:
        typer.echo(f"{target}: {size / 1e6:.1f} MB")
