"""YAML read safely: plain data only, within limits, so that a file from elsewhere can do no harm.

Anchors, aliases and tags are refused: knowledge does not need them, and with them a small file can blow up or
build objects. ``on``, ``off``, ``yes`` and ``no`` are words here (as in YAML 1.2); only true and false are
truth values, and 12:30 is no number.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

MAX_BYTES = 4_000_000
"""Largest knowledge file, in bytes."""
MAX_DEPTH = 16
"""Deepest nesting of lists and mappings."""
MAX_NODES = 400_000
"""Most scalars, lists and mappings in one file."""

_BASE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BOOL, _INT, _FLOAT = (f"tag:yaml.org,2002:{name}" for name in ("bool", "int", "float"))
_NUMBERS = {
    _INT: re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})$"),
    _FLOAT: re.compile(r"[-+]?[0-9]{1,18}\.[0-9]{0,18}(?:[eE][-+]?[0-9]{1,2})?$"),
}


class DataError(ValueError):
    """A data file is at fault; the message names the file, the entry, the value and the remedy."""


class Loader(_BASE):  # type: ignore[misc]
    """The safe loader with YAML 1.2's few truth values and plain numbers."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, regex) for tag, regex in resolvers if tag not in (_BOOL, _INT, _FLOAT)]
    for first, resolvers in _BASE.yaml_implicit_resolvers.items()
}
Loader.add_implicit_resolver(_BOOL, re.compile(r"(?:true|false|True|False|TRUE|FALSE)$"), list("tTfF"))
for _tag, _regex in _NUMBERS.items():
    Loader.add_implicit_resolver(_tag, _regex, list("-+0123456789"))


def read_yaml(path: Path) -> Any:
    """The content of a YAML file.

    Raises DataError, which names the file and the place of the fault, for what is no YAML, is no UTF-8, uses
    anchors, aliases or tags, or is beyond the limits of this module.
    """
    node = compose(path)
    return None if node is None else construct(path, node)


def compose(path: Path) -> yaml.Node | None:
    """The nodes of a YAML file, with their lines; None for an empty file. Raises as read_yaml does."""
    text = read_text(path)
    try:
        _hold_limits(path, text)
        node: yaml.Node | None = yaml.compose(text, Loader=Loader)
        return node
    except yaml.YAMLError as error:
        raise DataError(f"{path}: not readable as YAML: {_one_line(error)}; mend the file") from error


def construct(path: Path, node: yaml.Node) -> Any:
    """The Python value of a file's root node. Raises DataError for a value that cannot be (a 13th month)."""
    loader = Loader("")
    try:
        return loader.construct_document(node)
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        raise DataError(f"{path}: a value cannot be read: {_one_line(error)}; mend it or quote it") from error
    finally:
        loader.dispose()


def read_text(path: Path) -> str:
    """The text of a file within the limit of bytes. Raises DataError where it is larger or no UTF-8."""
    with path.open("rb") as file:
        raw = file.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise DataError(f"{path}: larger than {MAX_BYTES:,} bytes; split it into several files")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: byte {error.start} is no UTF-8; save the file as UTF-8") from error


def _hold_limits(path: Path, text: str) -> None:
    """Walk the events, which need neither recursion nor memory, before anything is built of them."""
    depth = nodes = 0
    event: Any
    for event in yaml.parse(text, Loader=Loader):
        where = f"{path}:{event.start_mark.line + 1}"
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise DataError(f"{where}: anchors and aliases (& and *) are not used here; write the value out")
        if getattr(event, "tag", None) not in (None, "!"):
            raise DataError(f"{where}: the tag {event.tag!r} is not used here; leave it out")
        nodes += isinstance(event, yaml.NodeEvent)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise DataError(f"{where}: nested deeper than {MAX_DEPTH} levels; make it flat")
        if nodes > MAX_NODES:
            raise DataError(f"{where}: more than {MAX_NODES:,} values; split it into several files")


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())
