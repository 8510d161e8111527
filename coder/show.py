"""How claims are shown to a reader: tables with the evidence under each value, or a line of JSON."""

import json
import unicodedata
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from coder.codebook import inter_number
from coder.dataset.tables import Column, claim_column, column_names, columns
from coder.model import Article, Claim, Evidence

_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"
_BIDI_CONTROLS = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_HEAD = frozenset(("claim_id", "article_id", "kind", "sentence", "start", "end", "text", "language", "engine")) | {
    "codebook_version",
    "knowledge_hash",
    "review_status",
}

NARROWEST = 100
"""Columns that the tables get where the output is no terminal."""


def legible(text: str) -> str:
    """Foreign text made safe to show: no control or escape character, its direction kept to itself."""
    plain = "".join(" " if c in "\r\n\t" else c for c in text if _harmless(c))
    return f"{_ISOLATE}{plain}{_END_ISOLATE}" if any(map(_right_to_left, plain)) else plain


def _harmless(character: str) -> bool:
    if character in "\r\n\t":
        return True
    return character not in _BIDI_CONTROLS and unicodedata.category(character) not in ("Cc", "Cs", "Co", "Cn")


def _right_to_left(character: str) -> bool:
    return unicodedata.bidirectional(character) in ("R", "AL")


def claim_json(claim: Claim) -> str:
    """A claim with its evidence as one line of JSON: the columns of the table, then ``evidence``."""
    row: dict[str, object] = {name: claim_column(name, [claim])[0] for name in column_names("claims")}
    row["evidence"] = [_evidence_row(evidence) for evidence in claim.evidence]
    return json.dumps(row, ensure_ascii=False, default=str)


def _evidence_row(evidence: Evidence) -> dict[str, object]:
    return {name: getattr(evidence, name) for name in column_names("evidence") if name != "claim_id"}


def print_claims(article: Article, claims: Sequence[Claim], console: Console | None = None) -> None:
    """Print the article's head, then a table for each claim."""
    console = console or _console()
    head = [article.outlet, str(article.published) if article.published else None, article.title]
    console.print(Text(" · ".join(legible(part) for part in head if part) or article.article_id, "bold"))
    if not claims:
        console.print("no claims")
    for claim in claims:
        console.print(claim_table(claim))


def _console() -> Console:
    console = Console()
    return console if console.is_terminal else Console(width=max(console.width, NARROWEST))


def claim_table(claim: Claim) -> Table:
    """One claim: every coded column with its value, and the words and the rule that it was read by."""
    table = Table(title=_title(claim), title_justify="left", title_style="", show_lines=False, expand=True)
    table.add_column("column", style="cyan", no_wrap=True)
    table.add_column("value", ratio=2)
    table.add_column("read from", ratio=3)
    table.add_column("rule", style="dim", ratio=2)
    for column in columns("claims"):
        value = getattr(claim, column.name)
        if column.name not in _HEAD and value is not None:
            table.add_row(column.name, Text(legible(_shown(column, value))), *_grounds(claim, column))
    return table


def _shown(column: Column, value: object) -> str:
    """A value as a reader takes it in: the kind of a side with the number that stands in the table."""
    return f"{inter_number(str(value))} {value}" if column.vocabulary == "inter" else str(value)


def _grounds(claim: Claim, column: Column) -> tuple[Text, Text]:
    """The words and rules that a value was read by, or the name of the column that it follows from."""
    rows = [evidence for evidence in claim.evidence if evidence.column == column.name]
    if rows:
        words = Text("\n").join([_words(evidence) for evidence in rows])
        return words, Text("\n".join(legible(evidence.rule) for evidence in rows))
    if getattr(claim, column.name) == column.default:
        return Text(), Text()
    read = {evidence.column for evidence in claim.evidence}
    source = next((name for name in column.evidence if name in read), None)
    return Text(f"as {source}" if source else "", "dim"), Text()


def _title(claim: Claim) -> Text:
    title = Text()
    title.append(f"{legible(claim.claim_id)} {claim.kind} [{claim.start}:{claim.end}]\n", "bold")
    title.append(legible(claim.text))
    return title


def _words(evidence: Evidence) -> Text:
    where = f" [{evidence.start}:{evidence.end}]" if evidence.start is not None else " [metadata]"
    return Text(legible(evidence.text)).append(where, "dim")
