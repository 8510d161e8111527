"""One record of the input → an article, or a reject that says what is wrong with it and what to do."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from coder.model import Article, Reject
from coder.reading.language import detect_language
from coder.reading.limits import Limits
from coder.reading.role_rules import RoleRules
from coder.reading.roles import tag_parts

FIELDS = ("article_id", "outlet", "url", "title", "author", "published", "text")
FIRST_YEAR, LAST_YEAR = 1900, 2100

_SURROGATE = re.compile("[\ud800-\udfff]")
_DATE = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")
_ID_DIGITS = 16
_SHOWN = 60  # characters of a faulty value that a reason shows


@dataclass(frozen=True, slots=True)
class Defaults:
    """What ``--outlet`` and ``--published`` give to articles that do not say it themselves."""

    outlet: str | None = None
    published: date | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """What every format needs to make articles: defaults, limits and the rules of roles."""

    defaults: Defaults
    limits: Limits
    roles: RoleRules


class RecordError(ValueError):
    """A record that cannot become an article; the message names the value and the remedy."""


class SeenIds:
    """The identifiers of the articles read so far, kept on disk so that memory does not grow with them."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("")
        self._db.execute("CREATE TABLE seen (id TEXT PRIMARY KEY, place TEXT) WITHOUT ROWID")

    def first(self, article_id: str, place: str) -> str | None:
        """None where the identifier is new (it is kept then), else the place where it came first."""
        if self._db.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (article_id, place)).rowcount:
            return None
        row = self._db.execute("SELECT place FROM seen WHERE id = ?", (article_id,)).fetchone()
        return str(row[0])

    def close(self) -> None:
        """Drop the file."""
        self._db.close()


def reject(source: str, record: str | None, reason: str, payload: object, limits: Limits) -> Reject:
    """A reject of the stage ``read``; its payload is cut and freed of what no table can store."""
    text = None
    if payload is not None:
        text = payload if isinstance(payload, str) else repr(payload)
        text = _SURROGATE.sub("\ufffd", text[: limits.payload_chars]).replace("\x00", "\ufffd")
    place = f"{source}, {record}" if record else source
    reason = _SURROGATE.sub("\ufffd", f"{place}: {reason}").replace("\x00", "\ufffd")
    return Reject(_SURROGATE.sub("\ufffd", source), record, "read", reason, text)


def to_article(
    record: Mapping[str, Any], source: str, place: str | None, encoding: str | None, settings: Settings
) -> Article | Reject:
    """Check one record (fields by the names of the ``articles`` table) and make an article of it."""
    try:
        return _article(record, source, encoding, settings)
    except RecordError as error:
        payload = record.get("text") or {k: v for k, v in record.items() if v is not None}
        return reject(source, place, str(error), payload, settings.limits)


def _article(record: Mapping[str, Any], source: str, encoding: str | None, settings: Settings) -> Article:
    limits = settings.limits
    if record.get("text") is None:
        given = ", ".join(sorted(str(k) for k in record)) or "nothing"
        raise RecordError(f"there is no text (given: {given}): name the column of the article's body 'text'")
    title = _field(record, "title", limits)
    body = _string(record, "text")
    if not body.strip():
        raise RecordError(f"the text is empty ({_shown(body)}): give the article's body, or leave it out")
    text = f"{title}\n{body}" if title else body
    if len(text) > limits.article_chars:
        raise RecordError(
            f"the text has {len(text)} characters, the limit is {limits.article_chars}: split it, or raise "
            "the limit article_chars"
        )
    outlet = _field(record, "outlet", limits) or settings.defaults.outlet
    url = _field(record, "url", limits)
    published = parse_date(record.get("published")) or settings.defaults.published
    language = detect_language(text, settings.roles.scripts)
    if language is None:
        raise RecordError(
            f"unsupported language ({_shown(body.strip())}): only Arabic and English are coded; leave it out "
            "or translate it"
        )
    return Article(
        article_id=_field(record, "article_id", limits) or make_id(outlet, url, text),
        outlet=outlet,
        url=url,
        title=title,
        author=_field(record, "author", limits),
        published=published,
        language=language,
        text=text,
        parts=tag_parts(text, title, settings.roles),
        source_file=source,
        encoding=encoding,
    )


def make_id(outlet: str | None, url: str | None, text: str) -> str:
    """The identifier of an article that brings none: from its outlet, URL and text."""
    key = "\x1f".join((outlet or "", url or "", text))
    return hashlib.sha256(key.encode()).hexdigest()[:_ID_DIGITS]


def parse_date(value: object) -> date | None:
    """The day of publication: a date, an ISO date or time, or a date as web feeds write it; None where empty.

    Raises RecordError.
    """
    if value is None or value == "" or value != value:
        return None
    found: date | None = None
    if isinstance(value, datetime):
        found = value.date()
    elif isinstance(value, date):
        found = value
    elif isinstance(value, str):
        found = _parse_text(value.strip())
        if not value.strip():
            return None
    if found is None:
        raise RecordError(f"published is no date ({_shown(value)}): write it as YYYY-MM-DD, or leave it empty")
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise RecordError(
            f"published lies outside {FIRST_YEAR}–{LAST_YEAR} ({_shown(value)}): correct it or leave it empty"
        )
    return found


def _parse_text(value: str) -> date | None:
    try:
        m = _DATE.match(value)
        if m and not value[m.end() : m.end() + 1].isdigit():
            return date(int(m[1]), int(m[2]), int(m[3]))
        if not value[:4].isdigit():
            return parsedate_to_datetime(value).date()
        return datetime.fromisoformat(value).date() if len(value) >= 8 else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _field(record: Mapping[str, Any], name: str, limits: Limits) -> str | None:
    """A short field, None where missing or blank; the title as read, others without blanks around."""
    if record.get(name) is None or record[name] != record[name]:
        return None
    value = _string(record, name)
    if not value.strip():
        return None
    if len(value) > limits.field_chars:
        raise RecordError(
            f"{name} has {len(value)} characters, the limit is {limits.field_chars} ({_shown(value)}): "
            "shorten it, or raise the limit field_chars"
        )
    return value if name == "title" else value.strip()


def _string(record: Mapping[str, Any], name: str) -> str:
    value = record[name]
    if name == "article_id" and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise RecordError(f"{name} is no text but {type(value).__name__} ({_shown(value)}): put it in quotes")
    if "\x00" in value:
        raise RecordError(f"{name} holds a NUL at character {value.index(chr(0))}: take it out")
    if not value.isascii() and (m := _SURROGATE.search(value)):
        raise RecordError(f"{name} holds half a character (U+{ord(m[0]):04X} at {m.start()}): save the file as UTF-8")
    return value


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else repr(value)
    text = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
    return repr(text)
