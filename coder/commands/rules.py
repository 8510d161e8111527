"""``coder rules``: the knowledge checked, shown and listed."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from coder.lint.entries import Entry

app = typer.Typer(add_completion=False, help="Check, show and list the rules, actors, sources and places.")

_DATA = typer.Option(
    [],
    "--data",
    exists=True,
    file_okay=False,
    help="Folder of your own knowledge, laid over the built-in one.",
)


def _folders(data: Sequence[Path]) -> list[Path]:
    from coder.paths import data_dir

    return [data_dir(), *data]


@app.command()
def check(
    data: list[Path] = _DATA,
    fix: bool = typer.Option(False, "--fix", help="Rewrite files that are not in canonical form, then check."),
    limit: int = typer.Option(200, min=1, help="Faults to print."),
    as_json: bool = typer.Option(False, "--json", help="Print the report as JSON."),
) -> None:
    """Check that every entry is legal, reachable, reads its examples and none of its counter-examples.

    Ends with exit code 1 where something fails. With --data, --fix rewrites the files of those folders only.
    """
    from coder.lint.canonical import fix_folder
    from coder.lint.check import check
    from coder.show import legible

    folders = _folders(data)
    fixed = [path for folder in (data or folders) for path in fix_folder(folder)] if fix else []
    report = check(folders)
    if as_json:
        faults = [fault._asdict() for fault in report.faults]
        content = {
            "valid": not faults,
            "files": report.files,
            "entries": report.entries,
            "examples": report.examples,
            "fixed": list(map(str, fixed)),
            "faults": faults,
        }
        typer.echo(json.dumps(content, ensure_ascii=False, indent=2))
    else:
        for path in fixed:
            typer.echo(f"rewritten: {path}")
        for fault in report.faults[:limit]:
            typer.echo(legible(str(fault)))
        if len(report.faults) > limit:
            typer.echo(f"… and {len(report.faults) - limit} more; --limit shows them")
        state = f"{len(report.faults)} faults" if report.faults else "valid"
        typer.echo(f"{state}: {report.files} files, {report.entries} entries, {report.examples} examples")
    if report.faults:
        raise typer.Exit(1)


@app.command()
def show(
    ident: str = typer.Argument(..., metavar="ID", help="Id of an entry, such as ar.event.clash."),
    data: list[Path] = _DATA,
    as_json: bool = typer.Option(False, "--json", help="Print JSON."),
) -> None:
    """Show an entry: its file and line, its reason, and the entry with its examples as it is written."""
    from coder.errors import UserError
    from coder.lint import find
    from coder.show import legible

    entries = find.by_id(_folders(data), ident)
    if not entries:
        near = ", ".join(find.nearest(_folders(data), ident)) or "coder rules list prints all"
        raise UserError(f"no entry {ident!r}; did you mean: {near}")
    if as_json:
        typer.echo(json.dumps([_row(entry, True) for entry in entries], ensure_ascii=False, indent=2, default=str))
        return
    for n, entry in enumerate(entries):
        replaced = " (replaced by the entry below)" if _replaced(entry, entries[n + 1 :]) else ""
        typer.echo(f"{entry.path}:{entry.line}{replaced}")
        for line in (*filter(None, [find.comment(entry)]), "", find.lines(entry)):
            typer.echo("\n".join(legible(part) for part in line.split("\n")))
        typer.echo("")


def _replaced(entry: "Entry", later: "Sequence[Entry]") -> bool:
    return any((e.kind, e.language) == (entry.kind, entry.language) for e in later)


@app.command("list")
def list_entries(
    kind: str | None = typer.Option(None, help="Kind of entry: events, scope, groups, sources, places…"),
    language: str | None = typer.Option(None, help="Language: ar or en."),
    search: str | None = typer.Option(None, help="Words that the entry must hold, in its id or elsewhere."),
    data: list[Path] = _DATA,
    as_json: bool = typer.Option(False, "--json", help="Print JSON."),
) -> None:
    """List the entries with the file and line of each."""
    from coder.errors import UserError
    from coder.language import LANGUAGES
    from coder.lint import find
    from coder.lint.entries import PLACES, STEMS
    from coder.lint.faults import one_of

    kinds = sorted({*STEMS, *PLACES} - {"rules"})
    if kind is not None and kind not in kinds:
        raise UserError(f"no kind {kind!r}; {one_of(kind, kinds)}")
    if language is not None and language not in LANGUAGES:
        raise UserError(f"no language {language!r}; {one_of(language, LANGUAGES)}")
    found = list(find.select(_folders(data), kind, language, search))
    if as_json:
        typer.echo(json.dumps([_row(entry, False) for entry in found], ensure_ascii=False, indent=2))
        return
    for entry in found:
        typer.echo(f"{entry.id}\t{entry.kind}\t{entry.path}:{entry.line}")


def _row(entry: "Entry", whole: bool) -> dict[str, Any]:
    row = {
        "id": entry.id,
        "kind": entry.kind,
        "language": entry.language,
        "file": str(entry.path),
        "line": entry.line,
    }
    return {**row, "entry": dict(entry.data)} if whole else row
