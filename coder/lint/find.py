"""Entries looked up: one by its id with the lines that it stands in, or many by kind, language and words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from coder.knowledge.safe_yaml import read_text
from coder.lint.entries import DataFile, Entry, all_entries, read_folder


def _load(folders: Sequence[Path], wanted: Callable[[str, Path], bool]) -> list[DataFile]:
    """The files that can be read, the last folder's last; what cannot be read is the check's matter."""
    return [file for folder in folders for file in read_folder(folder, wanted=wanted)[0]]


def by_id(folders: Sequence[Path], ident: str) -> list[Entry]:
    """The entries of that id, the one in force last (a later folder replaces)."""
    files = _load(folders, lambda kind, path: ident.encode() in path.read_bytes())
    return [e for e in all_entries(files) if e.id == ident]


def nearest(folders: Sequence[Path], ident: str) -> list[str]:
    """Ids that are written like the one that is not there."""
    ids = sorted({e.id for e in all_entries(_load(folders, lambda kind, path: True))})
    return get_close_matches(ident, ids, n=5, cutoff=0.5)


def select(folders: Sequence[Path], kind: str | None, language: str | None, search: str | None) -> Iterator[Entry]:
    """Entries in force of a kind, of a language, whose id or words hold ``search`` (whatever its case)."""
    wanted = search.casefold() if search else None
    files = _load(folders, lambda of, path: kind is None or of == kind)
    in_force = {(e.kind, e.language, e.id): e for e in all_entries(files)}
    for entry in in_force.values():
        if (kind and entry.kind != kind) or (language and not _speaks(entry, language)):
            continue
        if wanted is None or any(wanted in words.casefold() for words in (entry.id, *_words(entry.data))):
            yield entry


def _speaks(entry: Entry, language: str) -> bool:
    """Is it a rule of the language, or an entry with names in it?"""
    if entry.language:
        return entry.language == language
    return any(isinstance(v, dict) and v.get(language) for v in entry.data.values())


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _words(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _words(inner)


def lines(entry: Entry) -> str:
    """The entry as it stands in its file."""
    text = read_text(entry.path).splitlines()
    first = entry.line - 1
    indent = len(text[first]) - len(text[first].lstrip())
    last = first + 1
    while last < len(text) and (not text[last].strip() or _indent(text[last]) > indent or entry.kind == "states"):
        last += 1
    return "\n".join(text[first:last]).rstrip()


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def comment(entry: Entry) -> str:
    """What the file says above the entry: the comment lines that stand directly before it."""
    text = read_text(entry.path).splitlines()
    first = entry.line - 1
    while first > 0 and text[first - 1].lstrip().startswith("#"):
        first -= 1
    return "\n".join(line.strip().lstrip("#").strip() for line in text[first : entry.line - 1])
