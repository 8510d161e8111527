"""``coder codebook``: the closed vocabularies."""

import json
from dataclasses import asdict

import typer

app = typer.Typer(add_completion=False)


@app.command()
def codebook(
    vocabulary: str | None = typer.Argument(None, help="Vocabulary to show; without it, the list of them."),
    as_json: bool = typer.Option(False, "--json", help="Print JSON."),
) -> None:
    """Show the values that a column may have: definition, example and codes in other event data."""
    from coder.codebook import CodebookError, codebook, entries
    from coder.errors import UserError

    if vocabulary is None:
        sizes = {name: len(values) for name, values in codebook().vocabularies.items()}
        if as_json:
            typer.echo(json.dumps({"version": codebook().version, "vocabularies": sizes}))
        else:
            typer.echo("\n".join(f"{name} ({size})" for name, size in sizes.items()))
        return
    try:
        values = entries(vocabulary)
    except CodebookError as error:
        raise UserError(str(error)) from error
    if as_json:
        typer.echo(json.dumps([asdict(value) for value in values], ensure_ascii=False, indent=2))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=f"{vocabulary} (codebook {codebook().version})", show_lines=True)
    for head in ("value", "definition", "example", "elsewhere"):
        table.add_column(head)
    for value in values:
        codes = [f"{scheme} {', '.join(map(str, c))}" for scheme, c in value.crosswalk.items() if c]
        name = value.name if value.code is None else f"{value.code} {value.name}"
        table.add_row(*(Text(cell) for cell in (name, value.definition, value.example, "\n".join(codes))))
    Console().print(table)
