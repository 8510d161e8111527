"""A build cut into shards that machines without a common memory code, and the merging of what they made.

A shard codes every n-th record of the same input and leaves a part: a folder with its sorted rows, its counts
and what it was made by. All parts together give the release that one build would give.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

from coder.dataset.chunk import Counts
from coder.dataset.manifest import write_manifest
from coder.dataset.runs import merge_into
from coder.dataset.store import PART_FILE
from coder.errors import UserError

T = TypeVar("T")


class ShardError(UserError):
    """Parts that do not belong together, or a shard that is none; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Shard:
    """One of ``of`` shards; ``number`` counts from 1."""

    number: int
    of: int

    def take(self, records: Iterator[tuple[int, T]]) -> Iterator[tuple[int, T]]:
        """The records of this shard, by their place in the input."""
        return ((place, record) for place, record in records if place % self.of == self.number - 1)


def parse_shard(text: str) -> Shard:
    """A shard as the command line writes it, ``2/8``. Raises ShardError."""
    number, _, of = text.partition("/")
    if not (number.isdecimal() and of.isdecimal()) or not 1 <= int(number) <= int(of):
        raise ShardError(f"--shard {text}: expected a number of a number, from 1/8 to 8/8")
    return Shard(int(number), int(of))


def write_part(
    folder: Path,
    runs: Sequence[Path],
    scratch: Path,
    shard: Shard,
    counts: Counts,
    made_by: Mapping[str, Any],
    inputs: Sequence[Mapping[str, Any]],
) -> None:
    """Write the part of one shard into ``folder``, which is there."""
    merge_into(runs, folder, scratch)
    content = {"shard": asdict(shard), "counts": asdict(counts), "inputs": inputs, **made_by}
    write_manifest(folder / PART_FILE, content)


@dataclass(frozen=True, slots=True)
class Parts:
    """All parts of a build, with their counts added up."""

    folders: tuple[Path, ...]
    counts: Counts
    made_by: Mapping[str, Any]
    inputs: Sequence[Mapping[str, Any]]


def read_parts(folders: Sequence[Path]) -> Parts:
    """Find the parts of one build, whatever their order. Raises ShardError where they are not all of one."""
    found: dict[int, tuple[Path, Mapping[str, Any]]] = {}
    first: tuple[Path, Mapping[str, Any]] | None = None
    for folder in folders:
        content = _content(folder)
        first = first or (folder, content)
        for name in ("versions", "limits", "inputs"):
            if content[name] != first[1][name]:
                text = f"{folder}: was made by other {name} than {first[0]}; build the shards alike"
                raise ShardError(text)
        number, of = content["shard"]["number"], content["shard"]["of"]
        if of != first[1]["shard"]["of"]:
            raise ShardError(f"{folder}: is a shard of {of}, {first[0]} one of {first[1]['shard']['of']}")
        if number in found:
            raise ShardError(f"{folder}: is shard {number}/{of}, as is {found[number][0]}; leave one out")
        found[number] = (folder, content)
    if first is None:
        raise ShardError("no part was given; name the folders that coder build --shard made")
    of = first[1]["shard"]["of"]
    missing = [f"{number}/{of}" for number in range(1, of + 1) if number not in found]
    if missing:
        raise ShardError(f"shards are missing: {', '.join(missing)}; build them, then merge all")
    ordered = [found[number] for number in sorted(found)]
    counts = sum((Counts(**content["counts"]) for _, content in ordered), Counts())
    made_by = {name: first[1][name] for name in ("versions", "limits")}
    return Parts(tuple(folder for folder, _ in ordered), counts, made_by, first[1]["inputs"])


_KEYS = frozenset(("shard", "counts", "versions", "limits", "inputs"))


def _content(folder: Path) -> Mapping[str, Any]:
    content: Any = None
    with suppress(OSError, ValueError):
        content = json.loads((folder / PART_FILE).read_text(encoding="utf-8"))
    if not isinstance(content, dict) or not content.keys() >= _KEYS:
        raise ShardError(f"{folder}: is no part; name a folder that coder build --shard made")
    return content
