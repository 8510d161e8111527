"""The check of all knowledge: form, shape, references, then the examples of every entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from coder import codebook
from coder.codebook import CodebookError
from coder.knowledge import Knowledge
from coder.knowledge.places.yaml_places import read_places
from coder.knowledge.safe_yaml import DataError, read_text
from coder.lint.canonical import first_difference
from coder.lint.entries import DataFile, Entry, all_entries, read_folder
from coder.lint.faults import Fault
from coder.lint.kinds import shape
from coder.lint.proofs import Prover
from coder.lint.references import References, doubled_ids, unreachable
from coder.lint.shapes import Check, check_entry
from coder.reading.role_rules import RoleRuleError, load_roles
from coder.reading.roles import check_roles


@dataclass(frozen=True, slots=True)
class Report:
    """What was checked and what is wrong; ``examples`` counts examples and counter-examples."""

    files: int
    entries: int
    examples: int
    faults: tuple[Fault, ...]


def check(folders: Sequence[Path]) -> Report:
    """Check the knowledge of all folders, the built-in one first, as the coder would use it.

    The references and examples of an entry are looked at only where its shape is right.
    """
    files: list[DataFile] = []
    faults: list[Fault] = []
    for n, folder in enumerate(folders):
        read, wrong = read_folder(folder, overlay=n > 0)
        files += read
        faults += wrong
    entries = list(all_entries(files))
    faults += [fault for entry in entries for fault in shape_faults(entry)]
    faults += [fault for file in files for fault in _own_reader(file)]
    faults += doubled_ids(files)
    form = [fault for file in files if (fault := _form(file)) is not None]
    broken = {(fault.file, fault.line) for fault in faults}
    whole = [entry for entry in entries if (str(entry.path), entry.line) not in broken]
    references = References(files)
    faults += [fault for entry in whole for fault in references.faults(entry)]
    faults += unreachable(files)
    try:
        faults += _proofs(folders, whole)
    except (DataError, RoleRuleError) as error:
        if not faults:
            faults.append(Fault(str(folders[-1]), 1, None, "value", str(error)))
    examples = sum(len(e.data.get(k) or ()) for e in entries for k in ("examples", "counter_examples"))
    return Report(len(files), len(entries), examples, (*faults, *form))


def _form(file: DataFile) -> Fault | None:
    """Is the file written in canonical form? The fault names the first line that is not."""
    line = first_difference(read_text(file.path))
    message = "not in canonical form; coder rules check --fix rewrites it (with --data: the files of that folder)"
    return None if line is None else Fault(str(file.path), line, None, "form", message)


_SHAPES: dict[tuple[str, str | None], Check | None] = {}


def shape_faults(entry: Entry) -> list[Fault]:
    """Keys and values of an entry that its kind does not have."""
    key = (entry.kind, entry.language)
    if key not in _SHAPES:
        _SHAPES[key] = shape(*key)
    found = _SHAPES[key]
    return [entry.fault(kind, message) for kind, _, message in check_entry(found, entry.data)] if found else []


def _own_reader(file: DataFile) -> list[Fault]:
    """Faults that the reader of a kind of file finds itself."""
    try:
        if file.kind == "supplement":
            read_places(file.path)
        elif file.kind == "codebook":
            codebook.load(file.path)
    except (DataError, CodebookError, KeyError, TypeError, AttributeError) as error:
        return [Fault(str(file.path), 1, None, "value", str(error).removeprefix(f"{file.path}: "))]
    return []


def _proofs(folders: Sequence[Path], entries: Sequence[Entry]) -> list[Fault]:
    """The examples of all entries that are in force, and of the rules over lines."""
    in_force = {(e.kind, e.language, e.id): e for e in entries}
    prover = Prover(Knowledge.load(folders[1:]))
    faults = [e.fault("example", message) for e in in_force.values() for message in prover.faults(e)]
    for message in check_roles(load_roles(folders)):
        entry = in_force.get(("roles", message[:2], message.split()[0]))
        if entry is not None:
            faults.append(entry.fault("example", f"{message}; mend the pattern or the example"))
    return faults
