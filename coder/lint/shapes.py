"""The small language in which the shape of an entry is written down: which keys, and what each may hold.

A check takes a value and yields what is wrong with it, each as a path inside the entry and a message.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from coder import codebook
from coder.knowledge.patterns import PatternError, compile_pattern, fold_name
from coder.language import LANGUAGES
from coder.lint.faults import one_of

Wrong = tuple[str, str, str]  # kind of fault, path inside the entry, message
Check = Callable[[Any], Iterator[Wrong]]

_ID = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*$")
_ARABIC = re.compile("[\u0600-\u06ff]")
_SLASH = re.compile(r"[^\W\d]/[^\W\d]")
_MARKS = re.compile(r"[|?…]|/(?:n|v|adj)(?:\s|$)")


def _bad(value: Any, expected: str) -> Iterator[Wrong]:
    yield "value", "", f"{value!r:.80} is not {expected}"


def text(value: Any) -> Iterator[Wrong]:
    """Words, without blanks around them."""
    if not isinstance(value, str) or not value.strip() or value != value.strip():
        hint = "; put it in quotes" if isinstance(value, (bool, int, float, date)) else ""
        yield from _bad(value, f"text without blanks around it{hint}")


def flag(value: Any) -> Iterator[Wrong]:
    """True or false."""
    if not isinstance(value, bool):
        yield from _bad(value, "true or false")


def number(low: float = float("-inf"), high: float = float("inf"), whole: bool = True) -> Check:
    """A number from ``low`` to ``high``."""

    def check(value: Any) -> Iterator[Wrong]:
        legal = isinstance(value, int if whole else (int, float)) and not isinstance(value, bool)
        if not legal or not low <= value <= high:
            between = "" if low == float("-inf") else f" from {low:g} to {high:g}"
            yield from _bad(value, f"a {'whole ' if whole else ''}number{between}")

    return check


def day(value: Any) -> Iterator[Wrong]:
    """A day, YYYY-MM-DD, quoted or not."""
    try:
        legal = type(value) is date or (isinstance(value, str) and date.fromisoformat(value) is not None)
    except ValueError:
        legal = False
    if not legal:
        yield from _bad(value, "a day written YYYY-MM-DD")


def maybe(check: Check) -> Check:
    """Null, or what ``check`` takes."""
    return lambda value: iter(()) if value is None else check(value)


def either(*checks: Check) -> Check:
    """What any of the checks takes; else what the last one says."""

    def check(value: Any) -> Iterator[Wrong]:
        found: list[Wrong] = []
        for one in checks:
            found = list(one(value))
            if not found:
                return
        yield from found

    return check


def among(names: Iterable[object] | Callable[[], Iterable[object]], what: str = "legal") -> Check:
    """One of a closed vocabulary."""

    def check(value: Any) -> Iterator[Wrong]:
        legal = [str(n) for n in (names() if callable(names) else names)]
        if not isinstance(value, (str, int)) or isinstance(value, bool) or str(value) not in legal:
            yield "value", "", f"{value!r:.80} is none of the vocabulary; {one_of(value, legal, what)}"

    return check


def items(check: Check, least: int = 0, most: int | None = None) -> Check:
    """A list whose every item passes."""

    def of(value: Any) -> Iterator[Wrong]:
        if not isinstance(value, list):
            yield from _bad(value, "a list; write [a, b]")
            return
        if len(value) < least or (most is not None and len(value) > most):
            yield (
                "value",
                "",
                f"holds {len(value)} items; at least {least}{f', at most {most}' if most else ''} are needed",
            )
        for n, item in enumerate(value):
            yield from ((kind, f"[{n + 1}]{path}", message) for kind, path, message in check(item))

    return of


def keys(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """A mapping with these keys and no others."""
    legal = {**required, **(optional or {})}

    def of(value: Any) -> Iterator[Wrong]:
        if not isinstance(value, dict):
            yield from _bad(value, f"a mapping with the keys {', '.join(required)}")
            return
        for key in value:
            if key not in legal:
                yield "key", "", f"unknown key {key!r}; {one_of(key, legal, 'legal keys')}"
        for key in required:
            if key not in value:
                yield "key", "", f"the key {key!r} is missing; add it"
        for key, inner in value.items():
            if key in legal:
                yield from ((kind, f".{key}{path}", message) for kind, path, message in legal[key](inner))

    return of


def mapping(key: Check, inner: Check) -> Check:
    """A mapping with free keys."""

    def of(value: Any) -> Iterator[Wrong]:
        if not isinstance(value, dict):
            yield from _bad(value, "a mapping")
            return
        for name, item in value.items():
            yield from ((kind, f".{name}{path}", message) for kind, path, message in key(name))
            yield from ((kind, f".{name}{path}", message) for kind, path, message in inner(item))

    return of


def name_in(language: str, pattern: bool = True) -> Check:
    """A name or a pattern that the scanner of a language can read.

    In a ``pattern`` whatever stands behind a slash must be an inflection; a mere name may hold one.
    """

    def check(value: Any) -> Iterator[Wrong]:
        wrong = list(text(value))
        yield from wrong
        if wrong:
            return
        try:
            slots = (
                compile_pattern(value, LANGUAGES[language])
                if _MARKS.search(value) or (pattern and _SLASH.search(value))
                else fold_name(value, LANGUAGES[language])
            )
        except PatternError as error:
            yield "value", "", f"{error}; mend the pattern"
            return
        if not slots:
            yield "value", "", f"{value!r} has no word that the scanner sees; give it one"

    return check


def script(language: str) -> Check:
    """A name in the script of its language."""

    def check(value: Any) -> Iterator[Wrong]:
        wrong = list(name_in(language, pattern=False)(value))
        yield from wrong
        if not wrong and language == "en" and _ARABIC.search(value):
            yield "value", "", f"{value!r} stands under en but is written in Arabic; move it to ar"

    return check


def by_language(least: int = 0) -> Check:
    """Names or patterns by language code, in any of the languages."""
    return keys({}, {code: items(script(code), least) for code in LANGUAGES})


def check_entry(check: Check, value: Any) -> Iterator[Wrong]:
    """What is wrong with an entry, the path joined to the message."""
    for kind, path, message in check(value):
        where = path.lstrip(".")
        yield kind, where, f"{where}: {message}" if where else message


def vocabulary(name: str) -> Check:
    """One of a vocabulary of the codebook."""
    return among(lambda: codebook.names(name), f"legal ({name})")


def ident(value: Any) -> Iterator[Wrong]:
    """A stable id: small Latin letters and digits, joined by dots and hyphens."""
    if not isinstance(value, str) or not _ID.match(value):
        yield (
            "id",
            "",
            f"{value!r} is no id; write small letters, digits, dots and hyphens (ar.event.repel-attack)",
        )


def any_text(value: Any) -> Iterator[Wrong]:
    """Text that may be empty: «nothing between»."""
    if not isinstance(value, str):
        yield "value", "", f"{value!r:.80} is not text; put it in quotes"


INTER = vocabulary("inter")
