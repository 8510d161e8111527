"""Web archives (WARC), such as Common Crawl's news: their pages, handed out before they are taken apart.

Finding the article in a page takes a hundred times as long as reading the page from its archive, so it is left to
whoever codes it: ``Page.article``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coder.model import Article, Reject
from coder.reading.encoding import EncodingError
from coder.reading.html import page_article
from coder.reading.limits import Limits
from coder.reading.records import Defaults, Settings, reject
from coder.reading.role_rules import RoleRules
from coder.reading.streams import BROKEN, TooBig

_CHUNK = 1 << 16
_TYPES = ("text/html", "application/xhtml+xml")
_CHARSET = re.compile(r"charset=[\"']?([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_ID_DIGITS = 32
# What warcio raises on hostile records beside its own errors.
_FAILURES = (AttributeError, LookupError, TypeError, ValueError, RecursionError)


@dataclass(frozen=True, slots=True)
class Page:
    """A web page as it was crawled; ``article`` finds the article in it.

    ``article_id`` is the identifier of the record in the archive, ``charset`` what the server said.
    """

    article_id: str
    url: str | None
    html: bytes
    charset: str | None
    source_file: str
    defaults: Defaults
    limits: Limits

    def article(self, roles: RoleRules) -> Article | Reject:
        """The article of the page, or a reject with the reason why there is none."""
        settings = Settings(self.defaults, self.limits, roles)
        known = {"article_id": self.article_id, "url": self.url}
        try:
            return page_article(self.html, self.charset, self.source_file, self.article_id, settings, known)
        except EncodingError as error:
            return reject(self.source_file, self.article_id, str(error), None, self.limits)


def read_warc(path: Path, source: str, settings: Settings) -> Iterator[Page | Reject]:
    """The pages of an archive, packed or not; a reject for every answer that holds no page.

    Raises OSError, TooBig, ImportError.
    """
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed
    from warcio.statusandheaders import StatusAndHeadersParserException

    size = path.stat().st_size
    limits = settings.limits
    if size > limits.file_bytes:
        raise TooBig(f"it has more than {limits.file_bytes} bytes: split it, or raise the limit file_bytes")
    left = max(limits.ratio_floor_bytes, size * limits.ratio)
    number = 0
    with path.open("rb") as stream:
        try:
            for record in ArchiveIterator(stream):
                number += 1
                if record.rec_type == "response":
                    yield _page(record, number, source, settings)
                left -= _drain(record, left)
        except TooBig:
            raise
        except (ArchiveLoadFailed, StatusAndHeadersParserException, *_FAILURES, *BROKEN) as error:
            reason = f"the archive is damaged behind {number} records ({_brief(error)}): fetch it anew"
            yield reject(source, f"record {number + 1}", reason, None, limits)


def _drain(record: Any, left: int) -> int:
    """Read a record to its end; the bytes that it had beyond what was read. Raises TooBig."""
    count = 0
    while data := record.raw_stream.read(_CHUNK):
        count += len(data)
        if count > left:
            raise TooBig("it unpacks to more than its size makes plausible: raise the limit ratio")
    return count


def _brief(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]


def _page(record: Any, number: int, source: str, settings: Settings) -> Page | Reject:
    """The page of an answer, or why it is none."""
    limits = settings.limits
    headers = record.rec_headers
    url = headers.get_header("WARC-Target-URI")
    name = _identifier(headers.get_header("WARC-Record-ID"), url, source, number)
    place = f"record {number}"
    http = record.http_headers
    status = http.get_statuscode() if http else None
    kind = (http.get_header("Content-Type") or "") if http else ""
    if status != "200" or not kind.lower().startswith(_TYPES):
        reason = f"it is no page (status {status}, {kind[:60] or 'no type'}): leave it out"
        return reject(source, place, reason, url, limits)
    html = record.content_stream().read(limits.page_bytes + 1)
    if len(html) > limits.page_bytes:
        reason = f"the page has more than {limits.page_bytes} bytes: leave it out, or raise the limit page_bytes"
        return reject(source, place, reason, url, limits)
    charset = _CHARSET.search(kind)
    return Page(name, url, html, charset[1] if charset else None, source, settings.defaults, limits)


def _identifier(record_id: str | None, url: str | None, source: str, number: int) -> str:
    """The identifier that the archive gives, without what all of them begin with; else one of its place."""
    if record_id and record_id.startswith("<urn:uuid:") and record_id.endswith(">"):
        return record_id[len("<urn:uuid:") : -1]
    key = "\x1f".join((record_id or "", url or "", source, str(number)))
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:_ID_DIGITS]
