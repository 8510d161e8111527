"""What a check found wrong, in one form for schemas and cross-table rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import pandas as pd

VALUE_LIMIT = 120
"""Characters of a wrong value that are kept for the message."""

_KEYS = {"articles": ["article_id"], "claims": ["claim_id"], "evidence": ["claim_id", "column"]}
_KEYS |= {"events": ["event_id_cnty"], "event_claims": ["event_id_cnty", "claim_id"]}
_KEYS |= {"rejects": ["source_file", "record"]}


class Failure(NamedTuple):
    """One value or row that breaks one rule.

    ``row`` counts the table's rows from 0, ``record`` is the row's key; both are None where the whole table
    is at fault. ``message`` says what was expected and what to do.
    """

    table: str
    row: int | None
    record: str | None
    column: str | None
    value: str | None
    rule: str
    message: str

    def reason(self) -> str:
        """What is wrong, without the table and the row that it is wrong in."""
        column = f"{self.column} " if self.column else ""
        value = f"{self.value!r} " if self.value is not None else ""
        return f"{column}{value}{self.message} [{self.rule}]"


def shown(value: Any) -> str | None:
    """A value as a message shows it, cut to ``VALUE_LIMIT``; None for a missing one."""
    import pandas as pd  # late: who only codes articles needs no pandas

    if value is None or value is pd.NA or value != value:
        return None
    text = str(value)
    return text if len(text) <= VALUE_LIMIT else text[: VALUE_LIMIT - 1] + "…"


def record_of(table: str, frame: pd.DataFrame, row: int) -> str | None:
    """The key of a row, its parts joined by a blank."""
    parts = [shown(frame[name].iloc[row]) for name in _KEYS[table] if name in frame]
    return " ".join(part for part in parts if part) or None


def failing(
    table: str,
    frame: pd.DataFrame,
    mask: pd.Series,
    column: str,
    rule: str,
    message: str | Callable[[int], str],
) -> Iterator[Failure]:
    """A failure for each row where ``mask`` holds; a missing truth value is none."""
    for row in mask.fillna(False).to_numpy(dtype=bool).nonzero()[0].tolist():
        text = message if isinstance(message, str) else message(row)
        value = shown(frame[column].iloc[row])
        yield Failure(table, row, record_of(table, frame, row), column, value, rule, text)
