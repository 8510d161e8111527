"""``coder code``: one file of articles, its claims shown with their evidence."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import typer

app = typer.Typer(add_completion=False)


@app.command()
def code(
    file: Path = typer.Argument(
        ..., metavar="FILE|-", help="File of one article or more; - reads plain text from standard input."
    ),
    outlet: str | None = typer.Option(None, help="Outlet of the article, where it names none."),
    published: datetime | None = typer.Option(
        None, formats=["%Y-%m-%d"], help="Publication date of the article, where it has none."
    ),
    data: list[Path] = typer.Option(
        [], "--data", exists=True, file_okay=False, help="Folder of your own rules, actors, sources, places."
    ),
    as_json: bool = typer.Option(False, "--json", help="Print each claim, with its evidence, as a line of JSON."),
) -> None:
    """Show the claims of an article: every value with the words and the rule that it was read by."""
    from coder.dataset.build import Options, default_engine, read_records
    from coder.errors import UserError
    from coder.model import Reject
    from coder.show import claim_json, legible, print_claims

    if str(file) != "-" and not file.is_file():
        raise UserError(f"{file}: no such file; name a file, or - for standard input")
    options = Options(outlet=outlet, published=published.date() if published else None, overlays=tuple(data))
    engine = default_engine(options.overlays)
    knowledge = engine.load(options.overlays)
    failed = False
    with _named(file) as path:
        for record in read_records([path], options):
            if isinstance(record, Reject):
                failed = True
                typer.echo(f"error: {legible(record.reason)}", err=True)
                continue
            claims = engine.code(record, knowledge)
            if as_json:
                for claim in claims:
                    typer.echo(claim_json(claim))
            else:
                print_claims(record, claims)
    if failed:
        raise typer.Exit(1)


@contextmanager
def _named(file: Path) -> Iterator[Path]:
    """The file, or one that holds what standard input gives."""
    if str(file) != "-":
        yield file
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "standard-input.txt"
        path.write_bytes(sys.stdin.buffer.read())
        yield path
