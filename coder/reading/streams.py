"""Opens files, packed or not, and hands out their bytes within the limits."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Protocol, cast

from coder.reading.limits import Limits

_CHUNK = 1 << 16


class TooBig(ValueError):
    """More bytes than the limits allow; the message names the limit."""


class Bytes(Protocol):
    """What the readers need of an open file."""

    def read(self, size: int = -1, /) -> bytes: ...
    def readline(self, size: int | None = -1, /) -> bytes: ...
    def close(self) -> None: ...


class _Bounded:
    """A packed stream that stops where it unpacks to more than its size makes plausible."""

    def __init__(self, stream: IO[bytes], packed: int, limits: Limits) -> None:
        self._stream = stream
        self._left = max(limits.ratio_floor_bytes, packed * limits.ratio)
        self._ratio = limits.ratio

    def _count(self, data: bytes) -> bytes:
        self._left -= len(data)
        if self._left < 0:
            raise TooBig(f"it unpacks to more than {self._ratio} times its size: unpack it, or raise the limit ratio")
        return data

    def read(self, size: int = -1, /) -> bytes:
        return self._count(self._stream.read(self._left + 1 if size < 0 else size))

    def readline(self, size: int | None = -1, /) -> bytes:
        return self._count(self._stream.readline(-1 if size is None else size))

    def close(self) -> None:
        self._stream.close()


BROKEN = (OSError, EOFError, zlib.error)


def open_bytes(path: Path, limits: Limits) -> Bytes:
    """Open a file for reading, unpacked where its name ends in ``.gz``. Raises OSError, TooBig."""
    size = path.stat().st_size
    if size > limits.file_bytes:
        raise TooBig(f"it has more than {limits.file_bytes} bytes: split it, or raise the limit file_bytes")
    if path.suffix.lower() == ".gz":
        return _Bounded(cast("IO[bytes]", gzip.open(path, "rb")), size, limits)
    return path.open("rb")


def read_page(path: Path, limits: Limits) -> bytes:
    """All bytes of a file that holds one article. Raises OSError, EOFError, zlib.error, TooBig."""
    stream = open_bytes(path, limits)
    try:
        raw = stream.read(limits.page_bytes + 1)
    finally:
        stream.close()
    if len(raw) > limits.page_bytes:
        raise TooBig(f"it has more than {limits.page_bytes} bytes: cut the article out, or raise the limit page_bytes")
    return raw


def lines(stream: Bytes, limits: Limits) -> Iterator[bytes | None]:
    """The lines of a stream with their ends; None stands for one that is longer than a record may be."""
    while raw := stream.readline(limits.record_bytes + 1):
        if len(raw) <= limits.record_bytes:
            yield raw
            continue
        while raw and not raw.endswith(b"\n"):
            raw = stream.readline(_CHUNK)
        yield None
