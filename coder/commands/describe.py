"""``coder describe``: what a dataset says of itself, and whether it is as it must be."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from coder.dataset.assertions import Breach

app = typer.Typer(add_completion=False)


@app.command()
def describe(
    folder: Path = typer.Argument(..., metavar="DIR", help="Folder of a dataset."),
    assertions: Path | None = typer.Option(
        None, "--assertions", help="YAML of what must hold: rows, least and greatest values, fill rates."
    ),
    suggest: bool = typer.Option(
        False, "--suggest", help="Print assertions that this dataset fulfils, and write nothing."
    ),
    as_json: bool = typer.Option(False, "--json", help="Print the files, or the breaches, as JSON."),
) -> None:
    """Write data package, Croissant, codebook and citation into a dataset, or hold it against assertions.

    Ends with exit code 1, and writes nothing, where an assertion is broken.
    """
    from coder.dataset.assertions import breaches, load
    from coder.dataset.assertions import suggest as suggested
    from coder.dataset.describe import describe as write
    from coder.dataset.folder import Folder

    if suggest:
        typer.echo(suggested(Folder(folder)), nl=False)
        return
    if assertions is not None:
        broken = breaches(Folder(folder), load(assertions))
        if broken:
            print_breaches(broken, as_json)
            raise typer.Exit(1)
    files = write(folder)
    typer.echo(json.dumps({"files": files}) if as_json else f"{folder}: {', '.join(files)}")


def print_breaches(broken: Sequence["Breach"], as_json: bool, **more: Any) -> None:
    """Print each breach on standard error, and with ``as_json`` all of them, and ``more``, on standard output."""
    if as_json:
        rows = [{**b._asdict(), "expected": b.expected(), "remedy": b.remedy()} for b in broken]
        typer.echo(json.dumps({"breaches": rows, **more}, default=str))
    for breach in broken:
        typer.echo(f"error: {breach.reason()}", err=True)
