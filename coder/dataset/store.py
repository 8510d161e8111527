"""Files and folders that appear whole or not at all: temporary name, fsync, rename."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from coder.errors import UserError

RELEASE_FILE, PART_FILE = "manifest.json", "part.json"
"""The files by which a release and the part of a shard are known."""


class StoreError(UserError):
    """A folder cannot be written as asked; the message says which, why and what to do."""


def sync(path: Path) -> None:
    """Force a file's or folder's content to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """A folder to fill that takes the name ``path`` when the block ends well, and is gone when it does not.

    A folder that bears the name already, from a run that was cut short or repeated, is replaced.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    try:
        yield temporary
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    for file in sorted(temporary.rglob("*")):
        sync(file)
    sync(temporary)
    shutil.rmtree(path, ignore_errors=True)
    temporary.replace(path)
    sync(path.parent)


def working_folder(out: Path) -> Path:
    """Where the parts of a build of ``out`` lie until its release: beside it, so that a rename suffices."""
    return out.with_name(f".{out.name}.building")


def _former(out: Path) -> Path:
    return out.with_name(f".{out.name}.former")


def check_target(out: Path) -> None:
    """Make sure that ``out`` may be written: new, empty, or a former release, which a build replaces.

    Also puts a former release back that a build killed between two renames left aside.
    """
    if not out.exists() and _former(out).is_dir():
        _former(out).replace(out)
    ours = any((out / name).is_file() for name in (RELEASE_FILE, PART_FILE))
    if out.is_dir() and not ours and any(out.iterdir()):
        raise StoreError(f"{out}: is a folder with other files in it; name a new folder or empty this one")
    if out.exists() and not out.is_dir():
        raise StoreError(f"{out}: is a file; name a folder")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{out.parent}: cannot be made a folder ({error.strerror}); name another") from error
    if not os.access(out.parent, os.W_OK):
        raise StoreError(f"{out.parent}: cannot be written to; name another folder")


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold ``folder`` for this process alone. Raises StoreError where another build holds it."""
    import fcntl

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{folder}: cannot be made ({error.strerror}); name another folder") from error
    with (folder / "lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StoreError(f"{folder}: another build is at work there; wait for it to end") from error
        yield


def release(ready: Path, out: Path) -> None:
    """Give a finished folder the name ``out``; a former release is set aside first and then deleted."""
    former = _former(out)
    shutil.rmtree(former, ignore_errors=True)
    if out.exists():
        out.replace(former)
    ready.replace(out)
    sync(out.parent)
    shutil.rmtree(former, ignore_errors=True)
