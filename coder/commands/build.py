"""``coder build``: files of articles to a dataset."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from coder.dataset.assertions import Breached
    from coder.dataset.build import Report
    from coder.dataset.chunk import Counts

INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells have it."""

app = typer.Typer(add_completion=False)


class Machine(StrEnum):
    """Where a build runs."""

    here = "here"
    spark = "spark"


@app.command()
def build(
    inputs: list[Path] = typer.Argument(
        ...,
        metavar="INPUT...",
        help="Files or folders of articles: text, HTML, JSONL, CSV, Parquet, WARC, also .gz.",
    ),
    out: Path = typer.Option(
        ..., "--out", "-o", help="Folder of the dataset; it appears whole, and replaces a former build."
    ),
    outlet: str | None = typer.Option(None, help="Outlet of the articles that name none."),
    published: datetime | None = typer.Option(
        None, formats=["%Y-%m-%d"], help="Publication date of the articles that have none."
    ),
    data: list[Path] = typer.Option(
        [], "--data", exists=True, file_okay=False, help="Folder of your own rules, actors, sources, places."
    ),
    workers: int = typer.Option(0, min=0, help="Processes that code; 0: one for each core, 1: this one."),
    resume: bool = typer.Option(False, "--resume", help="Take up a build of the same folder that was cut short."),
    afresh: bool = typer.Option(
        False, "--afresh", help="Code again also what a former build of the folder holds unchanged."
    ),
    shard: str | None = typer.Option(
        None, metavar="I/N", help="Code only every N-th record, from the I-th on, for coder merge."
    ),
    limit: list[str] = typer.Option(
        [], "--limit", metavar="NAME=VALUE", help="Set a limit of what is read and coded; may be repeated."
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
        None, help="YAML of what the release must be like; a breach stops it, and what is coded is kept."
    ),
    engine: Machine = typer.Option(Machine.here, help="Where to run: on this machine, or on a Spark cluster."),
    master: str | None = typer.Option(None, help="Address of the Spark cluster; without it, spark-submit's."),
    between: str | None = typer.Option(
        None, metavar="FOLDER|URI", help="Where a Spark cluster keeps what is in between; all machines must see it."
    ),
    as_json: bool = typer.Option(False, "--json", help="Print the counts as JSON."),
    quiet: bool = typer.Option(False, "--quiet", "-q", help="Show no progress."),
) -> None:
    """Code articles into a dataset: Parquet and CSV tables with a manifest.

    What cannot be read, coded or validated stands in the table of rejects with the reason; the rest is
    written. What a former build of the folder holds unchanged is taken over.
    """
    from coder.dataset.assertions import Breached, guard
    from coder.dataset.bounds import parse_limits
    from coder.dataset.build import Options, build, default_engine
    from coder.dataset.linker import LinkOptions, linker, release_time
    from coder.dataset.shards import parse_shard
    from coder.errors import UserError

    limits, bounds = parse_limits(limit)
    options = Options(
        outlet=outlet,
        published=published.date() if published else None,
        overlays=tuple(data),
        workers=workers,
        resume=resume,
        afresh=afresh,
        shard=parse_shard(shard) if shard else None,
        limits=limits,
        bounds=bounds,
    )
    if assertions is not None and options.shard is not None:
        raise UserError("--assertions holds a whole release; give it to coder merge")
    check = guard(assertions) if assertions else let_pass
    coding = default_engine(options.overlays)
    link = linker(coding.load(coding.overlays), LinkOptions(min_confidence, fatalities, ids_of, release_time(released)))
    again = f"run the same command {'again' if engine is Machine.spark else 'with --resume: what is coded is kept'}"
    try:
        if engine is Machine.spark:
            from coder.engines.spark import build_on_spark

            addresses = list(map(str, inputs))
            report = build_on_spark(addresses, out, options, master, coding, link, between, describe_release, check)
        else:
            with _progress(quiet or as_json) as show:
                report = build(inputs, out, options, coding, link, show, describe_release, check)
    except KeyboardInterrupt as error:
        typer.echo(f"interrupted: {again}", err=True)
        raise typer.Exit(INTERRUPTED) from error
    except Breached as error:
        print_refused(error, again, as_json)
        raise typer.Exit(1) from error
    print_report(report, as_json)


def describe_release(folder: Path) -> None:
    """Write what a release says of itself, and assertions that a later one may be held to."""
    import pyarrow.parquet as pq

    from coder.dataset.assertions import suggest
    from coder.dataset.describe import describe
    from coder.dataset.folder import Folder

    if pq.read_metadata(folder / "articles.parquet").num_rows:
        describe(folder)
        (folder / "assertions.suggested.yaml").write_text(suggest(Folder(folder)), encoding="utf-8")


def let_pass(folder: Path) -> None:
    """Hold a release to nothing."""


def print_refused(refused: "Breached", again: str, as_json: bool) -> None:
    """Print why a release was refused, where its tables lie, and what to do."""
    from coder.commands.describe import print_breaches

    print_breaches(refused.breaches, as_json, refused=str(refused.folder))
    text = f"no release was made; its tables lie in {refused.folder}; mend the assertions or the input, then {again}"
    typer.echo(f"error: {text}", err=True)


def print_report(report: "Report", as_json: bool) -> None:
    """Print what a build made. Exits with code 1 where it made nothing."""
    counts, out = report.counts, report.out
    if as_json:
        facts = {"runs_resumed": report.resumed, "articles_taken_over": report.taken_over}
        typer.echo(json.dumps({"out": str(out), **asdict(counts), **facts}))
    else:
        rejected = counts.articles_rejected + counts.claims_rejected
        taken = f" ({report.taken_over} taken over)" if report.taken_over else ""
        typer.echo(f"{out}: {counts.articles} articles{taken}, {counts.claims} claims, {rejected} rejects")
    if not counts.articles:
        typer.echo(f"error: no article could be read or coded; {out}/rejects.csv says why", err=True)
        raise typer.Exit(1)


def _progress(quiet: bool) -> AbstractContextManager[Callable[["Counts"], None]]:
    return nullcontext(lambda counts: None) if quiet else _Shown()


class _Shown(AbstractContextManager[Callable[["Counts"], None]]):
    """A line on standard error that counts what has been coded."""

    def __enter__(self) -> Callable[["Counts"], None]:
        from rich.console import Console
        from rich.status import Status

        self._status = Status("reading …", console=Console(stderr=True))
        self._status.start()
        return self._update

    def _update(self, counts: "Counts") -> None:
        self._status.update(f"{counts.articles:,} articles, {counts.claims:,} claims")

    def __exit__(self, *raised: Any) -> None:
        self._status.stop()
