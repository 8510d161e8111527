"""The one form in which a knowledge file is written; comments, quotes and line breaks are the author's.

UTF-8 (NFC), line feeds, no tabs, no blanks at line ends, one blank line at most in a row; two blanks a level
(a list's dashes stand under its key or one level deeper, as the author wrote them); one blank behind ``,``,
``:`` and ``-``, none inside brackets; a comment at a line's end stands two blanks behind it.
"""

from __future__ import annotations

import tempfile
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from coder.knowledge.safe_yaml import DataError, Loader, compose, construct, read_text
from coder.lint.entries import kind_of

_STEP = 2
_LINE_ENDS = ("\r\n", "\r", "\u2028", "\u2029", "\u0085")
_SIGNS: dict[Any, str] = {
    yaml.BlockEntryToken: "-",
    yaml.KeyToken: "?",
    yaml.ValueToken: ":",
    yaml.FlowEntryToken: ",",
    yaml.FlowSequenceStartToken: "[",
    yaml.FlowSequenceEndToken: "]",
    yaml.FlowMappingStartToken: "{",
    yaml.FlowMappingEndToken: "}",
}
_TIGHT_BEFORE = frozenset((",", ":", "]", "}"))
_TIGHT_BEHIND = frozenset(("[", "{"))


@dataclass(slots=True)
class _Line:
    """One line as it will stand: its column and its pieces; ``end`` is where they end in the old text.

    ``kept``: up to where it is part of a scalar that began on a line before, and stays as it is (0: nowhere).
    """

    indent: int
    pieces: list[str] = field(default_factory=list)
    end: int = 0
    kept: int = 0


class _Layout:
    """Walks the tokens of a text and lays their lines out anew."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.blocks: list[tuple[bool, int]] = []  # is it a list, and the column of its new place
        self.lines: dict[int, _Line] = {}
        self.inner: set[int] = set()  # lines that begin inside a scalar
        self.flow = 0
        for token in yaml.scan(text, Loader=Loader):
            self._take(token)

    def _take(self, token: Any) -> None:
        if isinstance(token, (yaml.BlockMappingStartToken, yaml.BlockSequenceStartToken)):
            self._open(isinstance(token, yaml.BlockSequenceStartToken))
        elif isinstance(token, yaml.BlockEndToken):
            self.blocks.pop()
        start, end = token.start_mark, token.end_mark
        if isinstance(token, yaml.ScalarToken):
            self._put(start, end, self.text[start.index : end.index].partition("\n")[0].rstrip(), key=False)
            self.inner.update(range(start.line + 1, end.line + (end.column > 0)))
        elif type(token) in _SIGNS:
            if isinstance(token, yaml.KeyToken) and end.index == start.index:
                self._line(start, key=True)
            else:
                self._put(
                    start,
                    end,
                    _SIGNS[type(token)],
                    key=isinstance(token, (yaml.BlockEntryToken, yaml.KeyToken)),
                )
            self.flow += isinstance(token, (yaml.FlowSequenceStartToken, yaml.FlowMappingStartToken))
            self.flow -= isinstance(token, (yaml.FlowSequenceEndToken, yaml.FlowMappingEndToken))

    def _open(self, is_list: bool) -> None:
        if not self.blocks:
            self.blocks.append((is_list, 0))
            return
        self.blocks.append((is_list, self.blocks[-1][1] + _STEP))

    def _line(self, mark: Any, key: bool) -> _Line:
        line = self.lines.get(mark.line)
        if line is None:
            column = self.blocks[-1][1] if self.blocks else 0
            hangs = self.flow > 0 or not key
            line = self.lines[mark.line] = _Line(column + (_STEP if hangs and self.blocks else 0))
        return line

    def _put(self, start: Any, end: Any, piece: str, key: bool) -> None:
        line = self._line(start, key)
        line.pieces.append(piece)
        line.end = end.index
        if end.line != start.line and end.column > 0:
            self.lines[end.line] = _Line(0, [], end.index, end.index)


def canonical(text: str) -> str:
    """The text in canonical form. Raises yaml.YAMLError for what is no YAML."""
    for end in _LINE_ENDS:
        text = text.replace(end, "\n")
    text = unicodedata.normalize("NFC", text.removeprefix("\ufeff"))
    layout = _Layout(text)
    starts = [0]
    for raw in text.split("\n"):
        starts.append(starts[-1] + len(raw) + 1)
    out: list[str] = []
    for n, raw in enumerate(text.split("\n")):
        out.append(_written(layout, n, raw, starts[n]))
    return "\n".join(_spaced(out)) + "\n"


def _written(layout: _Layout, n: int, raw: str, start: int) -> str:
    """A line anew: laid out, or as it is where it belongs to a scalar of several lines."""
    line = layout.lines.get(n)
    if line is None:
        if n in layout.inner:
            return raw.rstrip()
        return _comment_line(layout, n, raw)
    comment = raw[max(0, line.end - start) :].strip()
    words = " " * line.indent + "".join(_joined(line.pieces))
    if line.kept:
        words = raw[: line.kept - start] + "".join(_joined(["", *line.pieces]))
    return f"{words}  {_spoken(comment)}" if comment else words


def _comment_line(layout: _Layout, n: int, raw: str) -> str:
    """A line of comment, in the column of the line that it stands above."""
    words = raw.strip()
    if not words:
        return ""
    below = next((layout.lines[k] for k in range(n + 1, max(layout.lines, default=0) + 1) if k in layout.lines), None)
    column = below.indent if below is not None else 0
    return " " * column + _spoken(words)


def _spoken(comment: str) -> str:
    body = comment.lstrip("#")
    signs = comment[: len(comment) - len(body)]
    return f"{signs} {body}" if body and not body[0].isspace() and len(signs) == 1 else comment


def _joined(pieces: list[str]) -> Iterator[str]:
    before = "["
    for piece in pieces:
        if piece not in _TIGHT_BEFORE and before not in _TIGHT_BEHIND:
            yield " "
        yield piece
        before = piece


def _spaced(lines: list[str]) -> list[str]:
    """Without blank lines at the beginning and the end, and never two together."""
    out: list[str] = []
    for line in lines:
        if line or (out and out[-1]):
            out.append(line)
    while out and not out[-1]:
        out.pop()
    return out


def fix_text(path: Path, text: str) -> str:
    """A file's text in canonical form, held to say the same. Raises DataError where it cannot be laid out."""
    node = compose(path)
    try:
        new = canonical(text)
    except yaml.YAMLError as error:
        raise DataError(f"{path}: not readable as YAML: {' '.join(str(error).split())}; mend the file") from error
    if new == text or node is None:
        return new
    if not _says(path, new, _normal(construct(path, node))) or _comments(new) != _comments(text):
        raise DataError(f"{path}: cannot be laid out anew; write keys plainly and long texts on one line, in quotes")
    return new


def _says(path: Path, text: str, value: Any) -> bool:
    """Is ``value`` what the text says?"""
    try:
        node = yaml.compose(text, Loader=Loader)
    except yaml.YAMLError:
        return False
    return node is not None and construct(path, node) == value


def _normal(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        return {_normal(k): _normal(v) for k, v in value.items()}
    return [_normal(v) for v in value] if isinstance(value, list) else value


def _comments(text: str) -> int:
    return sum(line.lstrip().startswith("#") for line in text.splitlines())


def first_difference(text: str) -> int | None:
    """The first line, from 1, that is not in canonical form; None where the whole text is.

    Raises yaml.YAMLError for what is no YAML.
    """
    new = canonical(text)
    if new == text:
        return None
    old_lines, new_lines = text.split("\n"), new.split("\n")
    pairs = enumerate(zip(old_lines, new_lines, strict=False), 1)
    return next((n for n, (a, b) in pairs if a != b), min(len(old_lines), len(new_lines)))


def fix_folder(folder: Path) -> list[Path]:
    """Rewrite the files of a data folder that are not in canonical form; the paths of those rewritten.

    A file that cannot be read or laid out is left as it is: the check says what is wrong with it.
    """
    fixed: list[Path] = []
    for path in sorted(folder.rglob("*.y*ml")):
        if kind_of(path.relative_to(folder)) is None:
            continue
        try:
            text = read_text(path)
            new = fix_text(path, text)
        except DataError:
            continue
        if new != text:
            _replace(path, new)
            fixed.append(path)
    return fixed


def _replace(path: Path, text: str) -> None:
    """Write a file whole or not at all, with the rights that it had."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="\n", dir=path.parent, delete=False) as file:
        file.write(text)
    Path(file.name).chmod(path.stat().st_mode)
    Path(file.name).replace(path)
