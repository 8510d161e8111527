"""What is wrong with a file of knowledge, said so that its author can mend it."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import NamedTuple


class Fault(NamedTuple):
    """One fault: the file (as it was named), its line from 1, the entry, the kind of fault, and what to do.

    ``kind``: yaml, file, key, value, id, reference, order, unreachable, example, form.
    """

    file: str
    line: int
    entry: str | None
    kind: str
    message: str

    def __str__(self) -> str:
        entry = f"{self.entry}: " if self.entry else ""
        return f"{self.file}:{self.line}: {entry}{self.message}"


def one_of(value: object, legal: Iterable[str], what: str = "legal") -> str:
    """The part of a message that lists what is legal, and the nearest to what was written."""
    names = sorted(set(legal))
    near = get_close_matches(str(value), names, n=1, cutoff=0.5)
    nearest = f"; nearest: {near[0]!r}" if near else ""
    shown = names if len(names) <= 40 else [*names[:40], f"… ({len(names)} in all)"]
    return f"{what}: {', '.join(shown)}{nearest}"
