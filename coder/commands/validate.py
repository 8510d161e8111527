"""``coder validate``: a dataset, or single tables, held against the schemas and rules."""

import json
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from coder.dataset.failures import Failure
    from coder.dataset.files import Dataset

app = typer.Typer(add_completion=False)


class Format(StrEnum):
    """How failures are printed."""

    text = "text"
    json = "json"
    github = "github"


@app.command()
def validate(
    paths: list[Path] = typer.Argument(
        ...,
        metavar="DIR|FILE...",
        help="Folder of a dataset, or CSV and Parquet files named after their tables.",
    ),
    form: Format = typer.Option(
        Format.text, "--format", help="How to print failures: for people, for programs, for GitHub's checks."
    ),
    table: str | None = typer.Option(None, help="Table that a single file holds, where its name does not say."),
    limit: int = typer.Option(20, min=1, help="Failures to show for each rule of each column."),
) -> None:
    """Check tables, also those made by others: types, values, rules between columns and between tables.

    Ends with exit code 1 where something fails.
    """
    from coder.dataset.files import open_dataset
    from coder.dataset.validate import validate

    dataset = open_dataset(paths, table)
    failures = [*validate(dataset.frames, limit), *dataset.manifest_failures()]
    printers = {Format.text: _text, Format.json: _json, Format.github: _github}
    printers[form](dataset, failures)
    if failures:
        raise typer.Exit(1)


def _text(dataset: "Dataset", failures: Sequence["Failure"]) -> None:
    from coder.show import legible

    for failure in failures:
        row = "" if failure.row is None else f" row {failure.row + 1}"
        record = "" if failure.record is None else f" ({legible(failure.record)})"
        typer.echo(f"{dataset.paths[failure.table]}{row}{record}: {legible(failure.reason())}")
    rows = ", ".join(f"{len(frame)} {name}" for name, frame in dataset.frames.items())
    state = f"{len(failures)} failures" if failures else "valid"
    typer.echo(f"{state}: {rows}")


def _json(dataset: "Dataset", failures: Sequence["Failure"]) -> None:
    content = {
        "valid": not failures,
        "tables": {name: len(frame) for name, frame in dataset.frames.items()},
        "failures": [{"file": str(dataset.paths[failure.table]), **failure._asdict()} for failure in failures],
    }
    typer.echo(json.dumps(content, ensure_ascii=False, indent=2))


def _github(dataset: "Dataset", failures: Sequence["Failure"]) -> None:
    for failure in failures:
        file = _escaped(str(dataset.paths[failure.table])).replace(":", "%3A").replace(",", "%2C")
        line = "" if failure.row is None else f",line={failure.row + 2}"
        record = f"{failure.record}: " if failure.record else ""
        typer.echo(f"::error file={file}{line}::{_escaped(record + failure.reason())}")


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
