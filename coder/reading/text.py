"""Plain text files: one article each, with ``key: value`` lines at the head if there are any."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from coder.model import Article, Reject
from coder.reading.encoding import decode
from coder.reading.records import FIELDS, Settings, to_article
from coder.reading.streams import read_page

_KEYS = frozenset(FIELDS) - {"text"}


def read_text(path: Path, source: str, settings: Settings) -> Iterator[Article | Reject]:
    """The article in a text file. Raises OSError, EOFError, zlib.error, TooBig, EncodingError."""
    yield parse_text(read_page(path, settings.limits), source, settings)


def parse_text(raw: bytes, source: str, settings: Settings) -> Article | Reject:
    """The article in the bytes of a text file or of standard input. Raises EncodingError."""
    text, encoding = decode(raw)
    record, body = split_head(text)
    return to_article({**record, "text": body}, source, None, encoding, settings)


def split_head(text: str) -> tuple[dict[str, str], str]:
    """The fields at the head of a text file, and the body.

    There is a head only where the first line and every line up to the first blank one is ``key: value`` with
    a key of the ``articles`` table; else all of it is body. The body is kept to the character.
    """
    record: dict[str, str] = {}
    at = 0
    for line in text.splitlines(keepends=True):
        at += len(line)
        if not line.strip():
            return (record, text[at:]) if record else ({}, text)
        key, colon, value = line.partition(":")
        key = key.strip().lower()
        if not colon or key not in _KEYS:
            return {}, text
        record[key] = value.strip()
    return {}, text
