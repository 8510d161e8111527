"""How much of a file, a record or a field is read; beyond it there is a reject with a reason."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1 << 20

FILE_BYTES = 64 * 1024 * MIB
PAGE_BYTES = 16 * MIB
RECORD_BYTES = 16 * MIB
FIELD_CHARS = 4_096
ARTICLE_CHARS = 1_000_000
ROW_GROUP_BYTES = 16 * 1024 * MIB
RATIO = 200
RATIO_FLOOR_BYTES = 16 * MIB
PAYLOAD_CHARS = 2_000


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of reading; every one is an option of ``coder build``.

    Attributes:
        file_bytes: most bytes of one file of records as stored (JSONL, CSV, Parquet).
        page_bytes: most bytes of a file that holds one article or is read whole (text, HTML, JSON), unpacked.
        record_bytes: most bytes of one record (a JSONL line, a CSV line), unpacked.
        field_chars: most characters of outlet, URL, title, author or identifier.
        article_chars: most characters of an article's text.
        row_group_bytes: most bytes of one row group of a Parquet file, unpacked.
        ratio: most bytes that one packed byte may unpack to, once ``ratio_floor_bytes`` are unpacked.
        ratio_floor_bytes: unpacked size below which no ratio is demanded.
        payload_chars: most characters of a rejected record that the reject keeps.
    """

    file_bytes: int = FILE_BYTES
    page_bytes: int = PAGE_BYTES
    record_bytes: int = RECORD_BYTES
    field_chars: int = FIELD_CHARS
    article_chars: int = ARTICLE_CHARS
    row_group_bytes: int = ROW_GROUP_BYTES
    ratio: int = RATIO
    ratio_floor_bytes: int = RATIO_FLOOR_BYTES
    payload_chars: int = PAYLOAD_CHARS
