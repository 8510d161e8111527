"""Which shape the entries of every kind of file have."""

from __future__ import annotations

from collections.abc import Iterable

from coder.lint.name_shapes import NOUN, STATE, TERMS
from coder.lint.rule_shapes import RULES
from coder.lint.shapes import Check


def shape(kind: str, language: str | None) -> Check | None:
    """The shape of the entries of a kind of file; None where a reader of its own checks them."""
    if kind in RULES and language is not None:
        return RULES[kind](language)
    return {**TERMS, "states": STATE, "generic": NOUN, "titles": NOUN}.get(kind)


def rule_kinds() -> Iterable[str]:
    """The kinds of rules that the scanner reads."""
    return RULES
