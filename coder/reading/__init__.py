"""Files → articles: the only place that opens input.

``read`` walks files and folders, tells each file's format by its name, and yields an article or a reject for
every record; what cannot be read never stops what can.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from coder.model import Article, Reject
from coder.reading.encoding import EncodingError
from coder.reading.html import read_html
from coder.reading.limits import Limits
from coder.reading.records import Defaults, SeenIds, Settings, reject
from coder.reading.role_rules import RoleRuleError, RoleRules, load_roles
from coder.reading.roles import check_roles, tag_parts
from coder.reading.streams import BROKEN, TooBig
from coder.reading.tables import read_csv, read_json, read_jsonl, read_parquet
from coder.reading.text import parse_text, read_text
from coder.reading.warc import Page, read_warc

__all__ = [
    "FORMATS",
    "Defaults",
    "Limits",
    "Page",
    "Record",
    "RoleRuleError",
    "RoleRules",
    "Settings",
    "check_roles",
    "listed",
    "load_roles",
    "parse_text",
    "read",
    "read_file",
    "read_unopened",
    "repeated",
    "tag_parts",
]

Record = Article | Reject | Page
"""What reading gives before the pages of web archives are taken apart."""

Reader = Callable[[Path, str, Settings], Iterator[Record]]

FORMATS: dict[str, Reader] = {
    ".txt": read_text,
    ".text": read_text,
    ".html": read_html,
    ".htm": read_html,
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
    ".json": read_json,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".parquet": read_parquet,
    ".warc": read_warc,
}
"""Which reader reads which suffix; all but Parquet also with ``.gz`` behind it."""


def read(paths: Sequence[Path], defaults: Defaults, limits: Limits, roles: RoleRules) -> Iterator[Article | Reject]:
    """Every article in the files and folders, in the order of the sorted paths, and a reject for all else.

    Hidden files in folders are passed over. Nothing is raised for bad input.
    """
    for record in read_unopened(paths, defaults, limits, roles):
        yield record.article(roles) if isinstance(record, Page) else record


def read_unopened(paths: Sequence[Path], defaults: Defaults, limits: Limits, roles: RoleRules) -> Iterator[Record]:
    """As ``read``, but the pages of web archives are not taken apart yet."""
    settings = Settings(defaults, limits, roles)
    seen = SeenIds()
    try:
        for path, source in listed(paths):
            for item in read_file(path, source, settings):
                yield item if isinstance(item, Reject) else _first(item, seen, limits)
    finally:
        seen.close()


def _first(article: Article | Page, seen: SeenIds, limits: Limits) -> Record:
    """The article or page, or a reject where its identifier came before."""
    first = seen.first(article.article_id, article.source_file or "")
    return article if first is None else repeated(article, first, limits)


def repeated(article: Article | Page, first: str, limits: Limits) -> Reject:
    """The reject of an article whose identifier came before, in the file ``first``."""
    reason = (
        f"article_id {article.article_id!r} came before, in {first}: give every article its own identifier, "
        "or leave the repetition out"
    )
    payload = article.url if isinstance(article, Page) else article.text
    return reject(article.source_file or "", article.article_id, reason, payload, limits)


def listed(paths: Sequence[Path]) -> list[tuple[Path, str]]:
    """The files to read with the names they are reported by, sorted, each once; folders are walked.

    The names are below the given folder, so that they are the same wherever it lies.
    """
    found: dict[Path, tuple[Path, str]] = {}
    for path in paths:
        if path.is_dir():
            before = f"{path.resolve().name}/" if len(paths) > 1 else ""
            for below in path.rglob("*"):
                inner = below.relative_to(path)
                if below.is_file() and not any(part.startswith(".") for part in inner.parts):
                    found.setdefault(below.resolve(), (below, before + inner.as_posix()))
        else:
            found.setdefault(path.resolve(), (path, path.name))
    return sorted(found.values(), key=lambda e: (e[1], str(e[0])))


def read_file(path: Path, source: str, settings: Settings) -> Iterator[Record]:
    """The records of one file; whatever goes wrong with it as a whole becomes a reject."""
    reader = _reader(path)
    if reader is None:
        known = ", ".join(FORMATS)
        reason = f"unknown kind of file {path.suffix!r}: give one of {known}"
        yield reject(source, None, reason, None, settings.limits)
        return
    try:
        yield from reader(path, source, settings)
    except (TooBig, EncodingError) as error:
        yield reject(source, None, str(error), None, settings.limits)
    except ImportError as error:
        extra = "crawl" if reader is read_warc else "web"
        reason = f"reading it needs another package ({error}): pip install 'coder[{extra}]'"
        yield reject(source, None, reason, None, settings.limits)
    except BROKEN as error:
        what = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        yield reject(source, None, f"it cannot be read ({what}): check or fetch it anew", None, settings.limits)


def _reader(path: Path) -> Reader | None:
    suffixes = [s.lower() for s in path.suffixes]
    if suffixes and suffixes[-1] == ".gz":
        found = FORMATS.get(suffixes[-2]) if len(suffixes) > 1 else None
        return None if found is read_parquet else found
    return FORMATS.get(suffixes[-1]) if suffixes else None
