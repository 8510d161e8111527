"""``coder merge``: the parts of a build in shards to one dataset."""

from datetime import datetime
from pathlib import Path

import typer

from coder.commands.build import INTERRUPTED, describe_release, let_pass, print_refused, print_report

app = typer.Typer(add_completion=False)


@app.command()
def merge(
    parts: list[Path] = typer.Argument(
        ..., metavar="PART...", help="Folders that coder build --shard made, all of one build, in any order."
    ),
    out: Path = typer.Option(
        ..., "--out", "-o", help="Folder of the dataset; it appears whole, and replaces a former build."
    ),
    data: list[Path] = typer.Option(
        [], "--data", exists=True, file_okay=False, help="Folder of your own data, as the shards had it."
    ),
    min_confidence: float = typer.Option(
        0.0, min=0.0, max=1.0, help="Confidence from which a claim takes part in events; all stay rows."
    ),
    fatalities: str = typer.Option(
        "conservative", help="Rule for an event's dead: conservative, median, max, or trusted:TYPE,..."
    ),
    ids_of: Path | None = typer.Option(
        None, exists=True, file_okay=False, help="Folder of a former release whose event ids are kept."
    ),
    released: datetime | None = typer.Option(
        None, formats=["%Y-%m-%d"], help="Day of the release, for the events' timestamp."
    ),
    assertions: Path | None = typer.Option(
        None, help="YAML of what the release must be like; a breach stops it, and the parts stay."
    ),
    as_json: bool = typer.Option(False, "--json", help="Print the counts as JSON."),
) -> None:
    """Merge the parts of a build in shards: the dataset is the same as one build would have made."""
    from coder.dataset.assertions import Breached, guard
    from coder.dataset.build import default_engine, merge_parts
    from coder.dataset.linker import LinkOptions, linker, release_time

    check = guard(assertions) if assertions else let_pass
    engine = default_engine(tuple(data))
    link = linker(engine.load(engine.overlays), LinkOptions(min_confidence, fatalities, ids_of, release_time(released)))
    try:
        report = merge_parts(parts, out, link, describe_release, check)
    except KeyboardInterrupt as error:
        typer.echo("interrupted: the parts are untouched; run the same command again", err=True)
        raise typer.Exit(INTERRUPTED) from error
    except Breached as error:
        print_refused(error, "run the same command again", as_json)
        raise typer.Exit(1) from error
    print_report(report, as_json)
