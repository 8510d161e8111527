"""Web pages: the article, its title, author, date and site, found by trafilatura."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from coder.model import Article, Reject
from coder.reading.encoding import decode
from coder.reading.records import Settings, reject, to_article
from coder.reading.streams import read_page

_CHARSET = re.compile(rb"charset\s{0,4}=\s{0,4}[\"']?\s{0,4}([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_HEAD = 4_096  # bytes in which a page names its encoding
_TOKEN = re.compile(r"[a-z]+(?:-[a-z]+)?")
_MOST = 0.4  # share of a page's text from which a block is the article itself, whatever it is called
# What trafilatura and lxml raise on hostile pages; LxmlError is a SyntaxError or a ValueError or bare.
_FAILURES = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)
_METADATA = {
    "outlet": "sitename",
    "url": "url",
    "title": "title",
    "author": "author",
    "published": "date",
    "text": "text",
}
_BLOCKS = frozenset(("div", "section", "aside", "ul", "ol", "nav", "footer", "p", "figure", "form", "table"))


def read_html(path: Path, source: str, settings: Settings) -> Iterator[Article | Reject]:
    """The article of a page. Raises OSError, EOFError, zlib.error, TooBig, EncodingError, ImportError."""
    yield page_article(read_page(path, settings.limits), None, source, None, settings, {})


def page_article(
    raw: bytes,
    charset: str | None,
    source: str,
    place: str | None,
    settings: Settings,
    known: Mapping[str, str | None],
) -> Article | Reject:
    """The article of a page, or a reject; ``charset`` and the fields ``known`` go before what the page says.

    Raises EncodingError, ImportError.
    """
    named = _CHARSET.search(raw[:_HEAD])
    text, encoding = decode(raw, charset or (named[1].decode("ascii") if named else None))
    record, reason = extract(text, settings.roles.blocks)
    if record is None:
        return reject(source, place, reason, text, settings.limits)
    given = {name: value for name, value in known.items() if value}
    return to_article({**record, **given}, source, place, encoding, settings)


def extract(page: str, blocks: Sequence[str]) -> tuple[dict[str, Any] | None, str]:
    """The fields of the article in a page; None and the reason where there is none.

    ``blocks`` are words in the class or id of elements that hold no article text (related stories…).
    """
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

    try:
        tree = trafilatura.load_html(page)
        if tree is None:
            return None, "the page holds no HTML: give the article as text"
        _prune(tree, frozenset(blocks))
        found = trafilatura.bare_extraction(
            tree, include_comments=False, include_tables=False, with_metadata=True, deduplicate=False
        )
    except _FAILURES as error:
        return None, f"the page cannot be taken apart ({type(error).__name__}): give the article as text"
    if found is None or not getattr(found, "text", None):
        return None, "no article was found in the page: give the article as text"
    return {ours: getattr(found, theirs) for ours, theirs in _METADATA.items()}, ""


def _prune(tree: Any, words: frozenset[str]) -> None:
    """Take out the elements whose class or id says that they are no part of the article."""
    whole = len(tree.text_content()) or 1
    doomed = []
    for element in tree.iter():
        if element.tag not in _BLOCKS or element.getparent() is None:
            continue
        names = f"{element.get('class') or ''} {element.get('id') or ''}".lower().replace("_", "-")
        if not words.isdisjoint(_names(names)) and len(element.text_content()) < _MOST * whole:
            doomed.append(element)
    for element in doomed:
        if element.getparent() is not None:
            element.drop_tree()


def _names(names: str) -> set[str]:
    """The words of class and id names, alone and in pairs: ``related-stories`` → related, related-stories…"""
    out: set[str] = set()
    for name in names.split():
        parts = name.split("-")
        out.update(parts)
        out.update("-".join(pair) for pair in pairwise(parts))
    return out
