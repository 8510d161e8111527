"""Tables of articles: JSONL, JSON, CSV (comma, semicolon or tab) and Parquet, one record at a time."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from coder.model import Article, Reject
from coder.reading.encoding import EncodingError, decode, detect
from coder.reading.limits import Limits
from coder.reading.records import FIELDS, Settings, reject, to_article
from coder.reading.streams import Bytes, TooBig, lines, open_bytes, read_page

_SAMPLE = 1 << 16
_BATCH = 64  # rows of a Parquet file in memory at once
_DELIMITERS = ",;\t|"


def read_jsonl(path: Path, source: str, settings: Settings) -> Iterator[Article | Reject]:
    """An article or a reject a line that is not blank. Raises OSError, EOFError, zlib.error, TooBig."""
    stream = open_bytes(path, settings.limits)
    try:
        for number, raw in enumerate(_text_lines(stream, settings.limits), 1):
            place = f"line {number}"
            if isinstance(raw, str):
                if raw.strip():
                    yield _json_record(raw, source, place, "utf-16", settings)
            elif raw is None:
                yield reject(source, place, _too_long(settings.limits), None, settings.limits)
            elif raw.strip():
                try:
                    text, encoding = decode(raw)
                except EncodingError as error:
                    yield reject(source, place, str(error), raw.decode("utf-8", "replace"), settings.limits)
                else:
                    yield _json_record(text, source, place, encoding, settings)
    finally:
        stream.close()


def _text_lines(stream: Bytes, limits: Limits) -> Iterator[bytes | str | None]:
    """The lines of a stream as bytes, or as text where they are UTF-16, whose line ends are two bytes."""
    first = next(lines(stream, limits), b"")
    wide = first is not None and (first[:2] in (b"\xff\xfe", b"\xfe\xff") or 0 in first[:2])
    if not wide:
        if first != b"":
            yield first
        yield from lines(stream, limits)
        return
    whole = (first or b"") + stream.read(limits.page_bytes)
    if len(whole) > limits.page_bytes:
        raise TooBig(f"it is UTF-16 and has more than {limits.page_bytes} bytes: save it as UTF-8")
    yield from decode(whole)[0].split("\n")


def _too_long(limits: Limits) -> str:
    return f"the record has more than {limits.record_bytes} bytes: split it, or raise the limit record_bytes"


def _json_record(text: str, source: str, place: str, encoding: str, settings: Settings) -> Article | Reject:
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        return reject(source, place, f"it is no JSON ({_brief(error)}): write one object a line", text, settings.limits)
    return _checked(record, source, place, encoding, settings)


def _brief(error: Exception) -> str:
    return "it is nested too deeply" if isinstance(error, RecursionError) else str(error)


def _checked(record: object, source: str, place: str, encoding: str | None, settings: Settings) -> Article | Reject:
    if not isinstance(record, dict):
        reason = f"it is no object but {type(record).__name__}: write an object with text, title, outlet…"
        return reject(source, place, reason, record, settings.limits)
    return to_article(record, source, place, encoding, settings)


def read_json(path: Path, source: str, settings: Settings) -> Iterator[Article | Reject]:
    """The articles of a JSON file: a list of objects or one object. Raises as read_page and decode do."""
    text, encoding = decode(read_page(path, settings.limits))
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        reason = f"it is no JSON ({_brief(error)}): write a list of objects, or JSONL with one object a line"
        yield reject(source, None, reason, text, settings.limits)
        return
    records = data if isinstance(data, list) else [data]
    if not records:
        yield reject(source, None, "the list is empty: give it articles, or leave the file out", text, settings.limits)
    for number, record in enumerate(records, 1):
        yield _checked(record, source, f"record {number}", encoding, settings)


def read_csv(path: Path, source: str, settings: Settings) -> Iterator[Article | Reject]:
    """An article or a reject a row. Raises OSError, EOFError, zlib.error, TooBig, EncodingError."""
    stream = open_bytes(path, settings.limits)
    try:
        yield from _csv_rows(stream, source, settings)
    finally:
        stream.close()


def _csv_rows(stream: Bytes, source: str, settings: Settings) -> Iterator[Article | Reject]:
    limits = settings.limits
    sample = stream.read(_SAMPLE)
    encoding = _sample_encoding(sample)
    long_lines: list[int] = []
    texts = _csv_lines(sample, stream, encoding, long_lines, limits)
    header = next(texts, "")
    delimiter, columns = _columns(header)
    if "text" not in columns:
        reason = f"there is no column 'text' (columns: {', '.join(columns)[:200]}): name the article's body so"
        yield reject(source, "row 1", reason, header, limits)
        return
    csv.field_size_limit(limits.record_bytes)
    rows = csv.reader(texts, delimiter=delimiter)
    number = 1
    while True:
        number += 1
        try:
            row = next(rows)
        except StopIteration:
            break
        except csv.Error as error:
            yield reject(source, f"row {number}", f"it is no CSV ({error}): close its quotes", None, limits)
            continue
        yield from _long(long_lines, source, limits)
        if not row:
            continue
        record = {c: v or None for c, v in zip(columns, row, strict=False) if c in FIELDS}
        if len(row) > len(columns):
            reason = f"it has {len(row)} fields for {len(columns)} columns: quote fields that hold {delimiter!r}"
            yield reject(source, f"row {number}", reason, delimiter.join(row), limits)
        else:
            yield to_article(record, source, f"row {number}", encoding, settings)
    yield from _long(long_lines, source, limits)


def _columns(header: str) -> tuple[str, list[str]]:
    """The delimiter that makes most of the header's columns known ones, and the columns."""
    delimiter = max(_DELIMITERS, key=lambda d: sum(c.strip(' "\r\n').lower() in FIELDS for c in header.split(d)))
    try:
        row = next(csv.reader([header], delimiter=delimiter), [])
    except csv.Error:
        row = []
    return delimiter, [c.strip().lower() for c in row]


def _long(found: list[int], source: str, limits: Limits) -> Iterator[Reject]:
    for number in found:
        yield reject(source, f"line {number}", _too_long(limits), None, limits)
    found.clear()


def _sample_encoding(sample: bytes) -> str:
    """The encoding of a table by its first bytes; damaged UTF-8 is UTF-8 whose rows are rejected singly."""
    cut = sample.rfind(b"\n") + 1 or len(sample)
    try:
        return detect(sample[:cut])
    except EncodingError:
        return "utf-8"


def _csv_lines(sample: bytes, stream: Bytes, encoding: str, too_long: list[int], limits: Limits) -> Iterator[str]:
    """The lines of a table as text; damaged bytes become half characters, which the record check names."""
    joined = _Joined(sample, stream)
    if encoding.startswith("utf-16") or encoding.startswith("utf-32"):
        yield from io.TextIOWrapper(io.BytesIO(_all(joined, limits)), encoding, "replace", newline="")
        return
    for number, raw in enumerate(lines(joined, limits), 1):
        if raw is None:
            too_long.append(number)
        else:
            name = "utf-8" if encoding == "utf-8-sig" and number > 1 else encoding
            yield raw.decode(name, "surrogateescape")


def _all(stream: Bytes, limits: Limits) -> bytes:
    raw = stream.read(limits.page_bytes + 1)
    if len(raw) > limits.page_bytes:
        raise TooBig(f"it is UTF-16 and has more than {limits.page_bytes} bytes: save it as UTF-8")
    return raw


class _Joined:
    """A stream with the sample that was read from it put back before it."""

    def __init__(self, sample: bytes, stream: Bytes) -> None:
        self._sample = io.BytesIO(sample)
        self._stream = stream

    def read(self, size: int = -1, /) -> bytes:
        head = self._sample.read(size)
        return head + self._stream.read(size - len(head) if size >= 0 else -1)

    def readline(self, size: int | None = -1, /) -> bytes:
        size = -1 if size is None else size
        head = self._sample.readline(size)
        if head.endswith(b"\n") or len(head) == size:
            return head
        return head + self._stream.readline(size - len(head) if size >= 0 else -1)

    def close(self) -> None:
        self._stream.close()


def read_parquet(path: Path, source: str, settings: Settings) -> Iterator[Article | Reject]:
    """An article or a reject a row. Raises OSError, TooBig."""
    import pyarrow as pa
    from pyarrow import parquet

    limits = settings.limits
    open_bytes(path, limits).close()
    try:
        # Values that repeat stay dictionaries, so that a small file cannot fill the memory with one of them.
        texts = [f.name for f in parquet.read_schema(path) if pa.types.is_string(f.type)]
        with parquet.ParquetFile(path, read_dictionary=texts) as file:
            names = [n for n in FIELDS if n in file.schema_arrow.names]
            if "text" not in names:
                given = ", ".join(file.schema_arrow.names)[:200]
                reason = f"there is no column 'text' (columns: {given}): name the article's body so"
                yield reject(source, None, reason, None, limits)
                return
            yield from _groups(file, names, source, settings)
    except pa.ArrowException as error:
        yield reject(source, None, f"it is no readable Parquet ({_first_line(error)}): write it anew", None, limits)


def _first_line(error: Exception) -> str:
    return str(error).split("\n", 1)[0][:200]


def _groups(file: Any, names: list[str], source: str, settings: Settings) -> Iterator[Article | Reject]:
    number = 0
    for group in range(file.num_row_groups):
        meta = file.metadata.row_group(group)
        if meta.total_byte_size > _group_limit(meta, settings.limits):
            reason = (
                f"row group {group} unpacks to {meta.total_byte_size} bytes: write smaller ones, or raise "
                "the limits row_group_bytes and ratio"
            )
            yield reject(source, f"rows {number + 1}–{number + meta.num_rows}", reason, None, settings.limits)
            number += meta.num_rows
            continue
        for batch in file.iter_batches(_BATCH, row_groups=[group], columns=names):
            for record in _rows(batch, names):
                number += 1
                if isinstance(record, str):
                    yield reject(source, f"row {number}", record, None, settings.limits)
                else:
                    yield to_article(record, source, f"row {number}", "utf-8", settings)


def _group_limit(meta: Any, limits: Limits) -> int:
    """The most bytes that a row group may unpack to, by its own limit and by its packed size."""
    packed: int = sum(meta.column(i).total_compressed_size for i in range(meta.num_columns))
    return min(limits.row_group_bytes, max(limits.ratio_floor_bytes, packed * limits.ratio))


def _rows(batch: Any, names: Iterable[str]) -> Iterator[dict[str, Any] | str]:
    """The rows of a batch; a reason stands for one that cannot be taken out of it."""
    columns = {n: batch.column(n) for n in names}
    for i in range(batch.num_rows):
        try:
            yield {name: column[i].as_py() for name, column in columns.items()}
        except (ValueError, OverflowError, ArithmeticError) as error:
            yield f"a value cannot be read ({_first_line(error)}): write the file anew"
