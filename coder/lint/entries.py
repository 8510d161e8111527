"""The files of a data folder as entries that know their file and line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import yaml

from coder.knowledge.safe_yaml import DataError, compose, construct
from coder.language import LANGUAGES
from coder.lint.faults import Fault, one_of

MAX_FILES = 5_000
"""Most YAML files in one data folder."""

# Kind of file → where its files lie. A file that no pattern covers would be read by nobody.
PLACES = {
    "rules": "rules/*/*.yaml",
    "frames": "rules/frames.yaml",
    "groups": "actors/groups/*.yaml",
    "states": "actors/states/*.yaml",
    "generic": "actors/generic.yaml",
    "titles": "actors/titles.yaml",
    "sources": "sources/*.yaml",
    "countries": "places/countries.yaml",
    "admin1": "places/admin1.yaml",
    "words": "places/words.yaml",
    "prefixes": "places/event_prefixes.yaml",
    "spellings": "places/spellings.yaml",
    "supplement": "places/supplement/*.yaml",
    "weights": "weights/*.yaml",
    "crosswalks": "crosswalks/*.yaml",
    "codebook": "codebook.yaml",
}
STEMS = (
    "attribution",
    "casualties",
    "dates",
    "events",
    "grammar",
    "numbers",
    "phrases",
    "places",
    "roles",
    "scope",
)
_TABLES = frozenset(("words", "weights", "prefixes", "spellings", "crosswalks", "codebook"))  # mappings without entries
_BUILT_IN = ("admin1", "words", "prefixes", "spellings", "crosswalks", "codebook")  # kinds that no overlay may have
_SET_APART = ("sample",)  # articles and gold, not knowledge
_LISTS = {"supplement": "places", "countries": "countries", "roles": "rules", "admin1": "units"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: the kind of its file (``rules`` are named by their stem), its place, and its keys.

    ``language`` is set for rules; ``data`` is a mapping; ``id`` is what the file calls it by.
    """

    kind: str
    language: str | None
    path: Path
    line: int
    id: str
    data: Mapping[str, Any]

    def fault(self, kind: str, message: str) -> Fault:
        """A fault of this entry."""
        return Fault(str(self.path), self.line, self.id, kind, message)


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file that could be read: its kind, its entries, and what stands beside them (``head``)."""

    kind: str
    path: Path
    folder: Path
    entries: tuple[Entry, ...]
    head: Mapping[str, Any]


def kind_of(relative: Path) -> str | None:
    """The kind of a file by its place in a data folder; None where no file is read from there."""
    name = relative.as_posix()
    for kind, pattern in PLACES.items():
        if fnmatch(name, pattern) and name.count("/") == pattern.count("/"):
            if kind != "rules":
                return kind
            return relative.stem if relative.stem in STEMS and relative.parts[1] in LANGUAGES else None
    return None


def read_folder(
    folder: Path, overlay: bool = False, wanted: Callable[[str, Path], bool] = lambda kind, path: True
) -> tuple[list[DataFile], list[Fault]]:
    """All files of a data folder, and what is wrong with those that are not read, or not of an ``overlay``.

    Files that are not ``wanted``, by their kind and path, are passed over.
    """
    files: list[DataFile] = []
    faults: list[Fault] = []
    paths = [p for p in sorted(folder.rglob("*.y*ml")) if p.relative_to(folder).parts[0] not in _SET_APART]
    if len(paths) > MAX_FILES:
        return [], [Fault(str(folder), 1, None, "file", f"more than {MAX_FILES:,} files; name the data folder")]
    for path in paths:
        kind = kind_of(path.relative_to(folder))
        if kind is None or (overlay and kind in _BUILT_IN):
            faults.append(Fault(str(path), 1, None, "file", _nowhere(path.relative_to(folder), overlay)))
            continue
        if not wanted(kind, path):
            continue
        try:
            files.append(_read(kind, path, folder, faults))
        except DataError as error:
            faults.append(Fault(str(path), _line_in(str(error), path), None, "yaml", _without(str(error), path)))
    return files, faults


def _nowhere(relative: Path, overlay: bool) -> str:
    places = [p for k, p in PLACES.items() if k != "rules" and not (overlay and k in _BUILT_IN)]
    places += [f"rules/{code}/{stem}.yaml" for code in LANGUAGES for stem in STEMS]
    return f"nothing is read from here; {one_of(relative.as_posix(), places, 'files are read from')}"


def _read(kind: str, path: Path, folder: Path, faults: list[Fault]) -> DataFile:
    node = compose(path)
    if node is None:
        return DataFile(kind, path, folder, (), {})
    language = path.parent.name if path.parent.parent.name == "rules" else None
    faults += _doubled_keys(path, node)
    value = construct(path, node)
    nodes, values, head = _listed(kind, path, node, value)
    found = []
    for item, raw in zip(nodes, values, strict=True):
        line = item.start_mark.line + 1 if item.start_mark else 1
        if not isinstance(raw, dict):
            faults.append(Fault(str(path), line, None, "value", f"an entry is a mapping of keys, not {raw!r:.80}"))
            continue
        ident = _ident(kind, raw)
        if ident is None:
            faults.append(Fault(str(path), line, None, "id", f"an entry without an id: {raw!r:.80}; give it one"))
            continue
        found.append(Entry(kind, language, path, line, ident, raw))
    return DataFile(kind, path, folder, tuple(found), head)


def _listed(kind: str, path: Path, node: Any, value: Any) -> tuple[list[Any], list[Any], Mapping[str, Any]]:
    """The nodes and values of a file's entries, and the keys that stand beside the list of them."""
    if kind in _LISTS:
        key = _LISTS[kind]
        if not isinstance(value, dict) or not isinstance(value.get(key) or [], list):
            raise DataError(f"{path}: expected a mapping whose key {key!r} lists the entries")
        inner = next((v for k, v in node.value if k.value == key), None)
        return list(inner.value) if inner is not None and value.get(key) else [], value.get(key) or [], value
    if kind == "frames":
        if not isinstance(value, dict):
            raise DataError(f"{path}: expected a mapping of frames by name")
        return [v for _, v in node.value], [_named(k, v) for k, v in value.items()], {}
    if kind in _TABLES:
        if not isinstance(value, dict):
            raise DataError(f"{path}: expected a mapping")
        return [], [], value
    if kind == "states" and isinstance(value, dict):
        return [node], [value], {}
    if not isinstance(value, list):
        raise DataError(f"{path}: expected a list of entries, found {type(value).__name__}; begin each with '- id:'")
    return list(node.value), value, {}


def _named(name: Any, raw: Any) -> Any:
    return {"id": str(name), **raw} if isinstance(raw, dict) else raw


def _ident(kind: str, raw: Mapping[str, Any]) -> str | None:
    key = {"states": "country", "admin1": "code"}.get(kind, "id")
    ident = raw.get(key)
    return ident if isinstance(ident, str) and ident.strip() else None


def _doubled_keys(path: Path, root: yaml.Node) -> Iterator[Fault]:
    """Keys that stand twice in one mapping: the reader would keep the last without a word."""
    stack = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, child in node.value:
                if key.value in seen:
                    line = key.start_mark.line + 1
                    yield Fault(str(path), line, None, "key", f"the key {key.value!r} stands twice; keep one of them")
                if isinstance(key.value, str):
                    seen.add(key.value)
                stack.append(child)
        elif isinstance(node, yaml.SequenceNode):
            stack.extend(node.value)


def _line_in(message: str, path: Path) -> int:
    """The line that a message names behind the path; 1 where it names none."""
    rest = message.removeprefix(f"{path}:")
    number = rest.partition(":")[0]
    if number.isdigit():
        return int(number)
    _, _, behind = message.partition(", line ")
    digits = behind.partition(",")[0]
    return int(digits) if digits.isdigit() else 1


def _without(message: str, path: Path) -> str:
    rest = message.removeprefix(f"{path}:")
    number, _, behind = rest.partition(":")
    return (behind if number.isdigit() else rest).strip()


def all_entries(files: Sequence[DataFile]) -> Iterator[Entry]:
    """The entries of all files, in the order of the files."""
    for file in files:
        yield from file.entries
