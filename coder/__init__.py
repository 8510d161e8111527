"""Conflict-event coding of news articles in Arabic and English.

>>> from coder import Knowledge, code_article            # doctest: +SKIP
>>> claims = code_article(article, Knowledge.load())     # doctest: +SKIP

Names are imported when they are first used, so that ``import coder`` costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coder.coding.code import code_article
    from coder.dataset.build import build as build_dataset
    from coder.knowledge import Knowledge
    from coder.model import Article, Claim

__all__ = ["Knowledge", "build_dataset", "code_article", "code_articles"]

_HOMES = {
    "Knowledge": ("coder.knowledge", "Knowledge"),
    "build_dataset": ("coder.dataset.build", "build"),
    "code_article": ("coder.coding.code", "code_article"),
}


def code_articles(articles: Iterable[Article], knowledge: Knowledge) -> Iterator[tuple[Claim, ...]]:
    """The claims of each article, in the order given; lazy, one article at a time."""
    from coder.coding.code import code_article

    for article in articles:
        yield code_article(article, knowledge)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'coder' has no attribute {name!r}")
    from importlib import import_module

    module, attribute = _HOMES[name]
    return getattr(import_module(module), attribute)
