"""``coder diff``: what changed in the events from one release to the next."""

import json
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from coder.dataset.diff import Change

app = typer.Typer(add_completion=False)


@app.command()
def diff(
    old: Path = typer.Argument(..., metavar="OLD", help="Folder of the former release."),
    new: Path = typer.Argument(..., metavar="NEW", help="Folder of the newer release."),
    as_json: bool = typer.Option(False, "--json", help="Print counts and changes as one JSON object."),
    stream: bool = typer.Option(
        False, "--stream", help="Print one JSON object a change: add, modify, delete, to be applied in order."
    ),
    limit: int = typer.Option(40, min=0, help="Changes of each kind that the table shows."),
) -> None:
    """Compare the events of two releases: added, modified with the columns, deleted with the reason."""
    from coder.dataset.diff import changes
    from coder.dataset.folder import Folder
    from coder.errors import UserError

    if as_json and stream:
        raise UserError("--json and --stream: choose one")
    found = changes(Folder(old), Folder(new))
    if stream:
        for change in found:
            typer.echo(json.dumps(change.as_stream(), ensure_ascii=False, default=str))
        return
    held = list(found)
    counts = Counter(change.action for change in held)
    if as_json:
        content = {"counts": dict(sorted(counts.items())), "changes": [_as_json(change) for change in held]}
        typer.echo(json.dumps(content, ensure_ascii=False, indent=2, default=str))
        return
    _print(held, counts, limit)


def _as_json(change: "Change") -> dict[str, Any]:
    columns = {name: {"old": old, "new": new} for name, (old, new) in change.columns.items()}
    return change.as_stream() | ({"columns": columns} if columns else {})


def _print(changes: "list[Change]", counts: "Counter[str]", limit: int) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from coder.show import legible

    names = {"add": "added", "modify": "modified", "delete": "deleted"}
    typer.echo(", ".join(f"{counts[action]} {name}" for action, name in names.items()))
    console = Console()
    console.width = max(console.width, 100)
    for action, name in names.items():
        shown = list(islice((c for c in changes if c.action == action), limit))
        if not shown:
            continue
        table = Table(title=f"{name} ({counts[action]}{f', first {limit}' if counts[action] > limit else ''})")
        table.add_column("event", no_wrap=True)
        table.add_column("what")
        for change in shown:
            table.add_row(change.event_id, Text(legible(_what(change))))
        console.print(table)


def _what(change: "Change") -> str:
    if change.action == "modify":
        return "; ".join(f"{name}: {old} → {new}" for name, (old, new) in change.columns.items())
    event = change.event
    told = f"{event['event_date']} {event['location']} ({event['country']}): {event['sub_event_type']}"
    into = f" ({', '.join(change.into)})" if change.into else ""
    return f"{told}: {change.reason}{into}" if change.reason else told
