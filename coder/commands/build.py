"""``coder build``: files of articles to a dataset."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from coder.dataset.chunk import Counts

app = typer.Typer(add_completion=False)


@app.command()
def build(
    inputs: list[Path] = typer.Argument(
        ...,
        metavar="INPUT...",
        help="Files or folders of articles: text, HTML, JSONL, CSV, Parquet, also .gz.",
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
    workers: int = typer.Option(0, min=0, help="Processes that code; 0: one for each core."),
    resume: bool = typer.Option(
        False, "--resume", help="Take up a build of the same folder that was cut short."
    ),
    as_json: bool = typer.Option(False, "--json", help="Print the counts as JSON."),
    quiet: bool = typer.Option(False, "--quiet", "-q", help="Show no progress."),
) -> None:
    """Code articles into a dataset: Parquet and CSV tables with a manifest.

    What cannot be read, coded or validated stands in the table of rejects with the reason; the rest is
    written.
    """
    from coder.dataset.build import Options, build

    options = Options(
        outlet=outlet,
        published=published.date() if published else None,
        overlays=tuple(data),
        workers=workers,
        resume=resume,
    )
    with _progress(quiet or as_json) as show:
        report = build(inputs, out, options, progress=show)
    counts = report.counts
    if as_json:
        typer.echo(json.dumps({"out": str(out), **asdict(counts), "runs_resumed": report.resumed}))
    else:
        rejected = counts.articles_rejected + counts.claims_rejected
        typer.echo(f"{out}: {counts.articles} articles, {counts.claims} claims, {rejected} rejects")
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
