"""``coder score``: agreement between two codings of the same articles."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from coder.agreement.score import Score

app = typer.Typer(add_completion=False)


@app.command()
def score(
    gold: Path = typer.Argument(
        ..., metavar="GOLD", help="First coding: gold file (JSON lines), table of claims, or dataset."
    ),
    coded: Path = typer.Argument(..., metavar="DIR", help="Second coding, in any of the same forms."),
    articles: Path | None = typer.Option(
        None, help="Texts in which quotes are found; without it, a file beside GOLD or the dataset itself."
    ),
    confusion: str = typer.Option("event_type", help="Field whose confusion table is printed."),
    errors: int = typer.Option(0, min=0, help="Claims that differ to print."),
    as_json: bool = typer.Option(False, "--json", help="Print everything as JSON."),
) -> None:
    """Compare two codings: pairs of claims, F1 of each field, Cohen's kappa, Krippendorff's alpha."""
    from coder.agreement import codings
    from coder.agreement import score as scoring
    from coder.errors import UserError

    source = articles or codings.beside(gold) or codings.beside(coded)
    texts = codings.read_texts(source) if source else _own_texts(gold, coded)
    found = scoring.score(codings.read_coding(gold, texts), codings.read_coding(coded, texts))
    if not found.gold and not found.coded:
        raise UserError(f"{gold}: no claims of an event in it; name a coding that has some")
    if as_json:
        typer.echo(json.dumps(_as_json(found), ensure_ascii=False, indent=2))
        return
    if confusion not in found.confusions:
        raise UserError(f"--confusion {confusion}: expected one of: {', '.join(found.confusions)}")
    _print(found, confusion)
    _print_errors(found, errors)


def _own_texts(*paths: Path) -> dict[str, str]:
    from coder.agreement.codings import read_texts
    from coder.dataset.folder import Folder

    for path in paths:
        if path.is_dir() and Folder(path).has("articles"):
            return read_texts(path)
    return {}


def _as_json(found: "Score") -> dict[str, Any]:
    fields = {
        name: {key: _rounded(getattr(f, key)) for key in ("f1", "among_pairs", "kappa", "alpha")}
        for name, f in found.fields.items()
    }
    confusions = {
        name: [{"gold": one, "coded": other, "claims": n} for (one, other), n in counts.items()]
        for name, counts in found.confusions.items()
    }
    head = {name: getattr(found, name) for name in ("gold", "coded", "paired")}
    rates = {name: _rounded(getattr(found, name)) for name in ("precision", "recall", "detect", "mean")}
    return {**head, **rates, "fields": fields, "confusions": confusions}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _print(found: "Score", confusion: str) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from coder.show import legible

    console = Console()
    console.width = max(console.width, 100)
    rates = f"precision {found.precision:.1%}, recall {found.recall:.1%}, F1 {found.detect:.1%}"
    typer.echo(f"{found.gold} and {found.coded} claims, {found.paired} pairs: {rates}")
    table = Table("field", title="Agreement")
    for head in ("F1", "of pairs", "kappa", "alpha"):
        table.add_column(head, justify="right")
    for name, f in found.fields.items():
        chance = ("" if v is None else f"{v:.2f}" for v in (f.kappa, f.alpha))
        table.add_row(name, f"{f.f1:.1%}", f"{f.among_pairs:.1%}", *chance)
    table.add_row("mean of the core fields", f"{found.mean:.1%}", "", "", "")
    console.print(table)
    counts = found.confusions[confusion]
    seconds = sorted({other for _, other in counts})
    grid = Table(f"{confusion}: first ↓ second →", title="Confusions", show_lines=True)
    for other in seconds:
        grid.add_column(Text(legible(other)), justify="right")
    for one in sorted({one for one, _ in counts}):
        grid.add_row(Text(legible(one)), *(str(counts.get((one, other)) or "") for other in seconds))
    console.print(grid)


def _print_errors(found: "Score", limit: int) -> None:
    from coder.agreement.score import disagreements
    from coder.show import legible

    shown = 0
    for pair in found.pairs:
        wrong = disagreements(pair)
        if shown >= limit or (pair.gold and pair.coded and not wrong):
            continue
        shown += 1
        claim = pair.gold or pair.coded or {}
        kind = "EXTRA" if pair.gold is None else "MISSED" if pair.coded is None else "DIFFERS"
        words = re.sub(r"\s+", " ", str(claim.get("text") or ""))[:100]
        typer.echo(f"{kind} {pair.article_id}: {legible(words)}")
        for name, (one, other) in wrong.items():
            typer.echo(f"    {name}: {legible(str(one))} / {legible(str(other))}")
