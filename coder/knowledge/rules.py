"""Reading ``data/``: YAML safely, the overlay laid over the built-in folder, one rule an entry."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from coder.knowledge.safe_yaml import DataError, read_yaml

__all__ = ["DataError", "Rule", "data_files", "entries", "once", "read_rules", "read_yaml"]

T = TypeVar("T")

_KINDS_KEPT = 64  # kinds of rules for which the function of a language is kept (there are some ten in a knowledge)
LINE_RULES = frozenset({"roles"})  # rules over lines, read by coder/reading, not by the scanner


class Rule(NamedTuple):
    """One entry of ``data/rules``: its id, its kind (the file's stem), its language, and its keys."""

    id: str
    kind: str
    language: str
    data: Mapping[str, Any]


def once(make: Callable[[str, Sequence[Rule]], T]) -> Callable[[str, Sequence[Rule]], T]:
    """Have what a function makes of a language's code and the rules of a kind made once for the same rules."""
    made: dict[tuple[str, int], tuple[Sequence[Rule], T]] = {}

    def get(code: str, rules: Sequence[Rule]) -> T:
        got = made.get((code, id(rules)))
        if got is None:
            if len(made) >= _KINDS_KEPT:
                made.clear()
            got = made[code, id(rules)] = (rules, make(code, rules))  # held, so that their id stays theirs
        return got[1]

    return get


def data_files(folders: Sequence[Path], pattern: str) -> Iterator[Path]:
    """The files of all data folders that match, the built-in folder first, in the order of their names."""
    for folder in folders:
        yield from sorted(folder.glob(pattern))


def entries(
    folders: Sequence[Path], pattern: str, skip: frozenset[str] = frozenset()
) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Every entry of the list files that match, with its file; an overlay's entry of the same id replaces."""
    merged: dict[str, tuple[Path, dict[str, Any]]] = {}
    for path in data_files(folders, pattern):
        if path.stem in skip:
            continue
        loaded = read_yaml(path)
        if not isinstance(loaded, list):
            raise DataError(f"{path}: expected a list of entries, found {type(loaded).__name__}")
        for entry in loaded:
            if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
                raise DataError(f"{path}: entry without an id: {str(entry)[:80]!r}; give it a stable id")
            merged[entry["id"]] = (path, entry)
    yield from merged.values()


def read_rules(folders: Sequence[Path], language: str) -> list[Rule]:
    """All rules of one language that the scanner reads, in the order of files and entries."""
    return [
        Rule(entry["id"], path.stem, language, entry)
        for path, entry in entries(folders, f"rules/{language}/*.yaml", LINE_RULES)
    ]
