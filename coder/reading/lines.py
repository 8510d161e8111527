"""The lines of a text, and which of their breaks stand inside a sentence.

Pages break lines where they had links, and old wire texts break them at a fixed width; such a break ends
neither a sentence nor a paragraph, and a short line beside one is no heading.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

STOPS = ".!?؟…۔"
CLOSERS = "\"'”’»)]“\u200e\u200f"
PARAGRAPH = 120  # characters: a line as long as this is running text, whatever it ends with
_SENTENCE = 8  # words: a line with a stop and as many words is running text
_LINK = 60  # characters of the longest text of a link that a page broke out of its sentence
_WIDTH = 140  # characters of the widest line of a text that is broken at a fixed width
_FULL = 0.7  # of the widest line that most lines of such a text fill
_MOST = 0.7  # share of the broken lines that do
_GOES_ON = "،,;؛:)»”.!؟?%"  # signs that begin no line but the rest of a sentence
_LEFT_OPEN = "،,;؛-–—(«“"  # signs that end no line but half a sentence
_NEW_CLAUSE = ("و", "ف")


class Line(NamedTuple):
    """A line that is not blank: where its text starts, the text without blanks around it, the blank lines
    before it, and whether the break before it stands inside a sentence."""

    start: int
    text: str
    gap: int
    joined: bool


def finished(line: str) -> bool:
    """Does the line end as a sentence does?"""
    if line[-1] in STOPS:
        return True
    return line[-1] in CLOSERS and line.rstrip(CLOSERS)[-1:] in STOPS and len(line) > 1


def is_paragraph(line: str) -> bool:
    """Is the line running text: long, or a sentence of some words?"""
    return len(line) >= PARAGRAPH or (line.count(" ") + 1 >= _SENTENCE and finished(line))


def is_short(line: str, words: int) -> bool:
    """Short enough for a heading or a name, not closed as a sentence and no half of one."""
    return (
        len(line) < PARAGRAPH
        and line.count(" ") < words
        and not finished(line)
        and line[-1] not in _LEFT_OPEN
        and line[0] not in _GOES_ON
    )


def read_lines(text: str, start: int = 0, end: int | None = None) -> list[Line]:
    """The lines of ``text[start:end]``; offsets count from the beginning of ``text``."""
    found: list[Line] = []
    before = ""
    gap = 0
    at = start
    for raw in text[start:end].splitlines(keepends=True):
        stripped = raw.strip()
        if not stripped:
            gap += 1
        else:
            joined = False
            if found and not gap and not finished(found[-1].text):
                spaced = raw[0].isspace() or before.rstrip("\r\n")[-1:].isspace()
                joined = _goes_on(found[-1], stripped, spaced)
            found.append(Line(at + raw.index(stripped[0]), stripped, gap, joined))
            before = raw
            gap = 0
        at += len(raw)
    return _rejoin(found) if fixed_width(found) else found


def _goes_on(before: Line, line: str, spaced: bool) -> bool:
    """Does ``line`` go on with the unfinished line before it? ``spaced``: a blank stands at the break."""
    last = before.text[-1]
    if (
        line[0] in _GOES_ON
        or (line[0].islower() and " " in line and last != ":")
        or last in _LEFT_OPEN
        or before.text[-2:] in (' "', " '")
    ):
        return True
    if not spaced or line.startswith(_NEW_CLAUSE):
        return False
    return (before.joined or len(before.text) >= _LINK or " " not in before.text) and (
        len(line) < _LINK or before.joined or " " not in before.text
    )


def fixed_width(lines: list[Line]) -> bool:
    """Is the text broken at a fixed width, sentences or not?"""
    if len(lines) < 4 or any(len(line.text) > _WIDTH for line in lines):
        return False
    broken = [len(a.text) for a, b in pairwise(lines) if not b.gap and not finished(a.text)]
    width = max(len(line.text) for line in lines)
    full = sum(length >= _FULL * width for length in broken)
    return len(broken) >= 3 and full >= _MOST * len(broken) and 2 * len(broken) >= len(lines)


def _rejoin(lines: list[Line]) -> list[Line]:
    """The lines of a text of fixed width: each unfinished one goes on in the next."""
    return [
        line._replace(joined=bool(i and not line.gap and not finished(lines[i - 1].text)))
        for i, line in enumerate(lines)
    ]


def paragraphs(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The paragraphs of ``text[start:end]``: its lines, joined where a break stands inside a sentence."""
    out: list[tuple[int, int]] = []
    for line in read_lines(text, start, end):
        stop = line.start + len(line.text)
        out.append((out.pop()[0], stop) if line.joined and out else (line.start, stop))
    return out
