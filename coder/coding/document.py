"""An article as the coder sees it: folded words with offsets, in sentences and paragraphs."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, TypeVar

from coder.language import LANGUAGES, TOKEN, Language
from coder.model import Article
from coder.reading.lines import paragraphs

_OPEN = frozenset('«“"„')
_CLOSE = frozenset('»”"')
_QUOTE_REACH = 80  # words: a quotation longer than this may be split into sentences


class Sentence(NamedTuple):
    """Words [first, last) of the document; the part's role and the paragraph (line) it stands in."""

    first: int
    last: int
    role: str
    paragraph: int


class Placed(Protocol):
    """What begins at word ``i`` of a document."""

    @property
    def i(self) -> int:
        """Its first word."""


_Some = TypeVar("_Some", bound=Placed)


def inside(found: Sequence[_Some], first: int, last: int) -> Sequence[_Some]:
    """Those of a sequence sorted by ``i`` that start within words [first, last)."""
    lo = bisect_left(found, first, key=_first)
    return found[lo : bisect_left(found, last, lo, key=_first)]


def _first(x: Placed) -> int:
    return x.i


@dataclass(frozen=True, slots=True)
class Document:
    """Parallel lists: ``words`` (folded), ``starts`` and ``ends`` (offsets into ``text``)."""

    article: Article
    text: str
    language: Language
    words: list[str]
    starts: list[int]
    ends: list[int]
    sentences: list[Sentence]
    digits: list[int]  # the words that begin with a digit

    def span(self, i: int, j: int) -> tuple[int, int]:
        """The character offsets of words [i, j)."""
        return self.starts[i], self.ends[j - 1]

    def quote(self, i: int, j: int) -> str:
        """The article's own text of words [i, j)."""
        return self.text[self.starts[i] : self.ends[j - 1]]

    def word_at(self, offset: int) -> int:
        """The index of the first word that starts at or behind a character offset."""
        return bisect_left(self.starts, offset)


_folded: dict[str, dict[str, str]] = {code: {} for code in LANGUAGES}
_CACHE_LIMIT = 400_000
MAX_SENTENCE_WORDS = 300
"""A run without stops is cut into pieces of so many words, so that the cost stays linear in its length."""


def tokenize(text: str, start: int, end: int, language: Language) -> tuple[list[str], list[int], list[int]]:
    """The folded words of ``text[start:end]`` with their offsets; words that fold to nothing are left out."""
    cache = _folded[language.code]
    if len(cache) > _CACHE_LIMIT:
        cache.clear()
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for m in TOKEN.finditer(text, start, end):
        raw = m[0]
        word = cache.get(raw)
        if word is None:
            word = cache[raw] = language.fold(raw)
        if word:
            words.append(word)
            first, last = m.span()
            starts.append(first)
            ends.append(last)
    return words, starts, ends


def read_document(article: Article) -> Document:
    """Tokenise an article and split its parts into sentences; the end of a paragraph always ends one."""
    language = LANGUAGES[article.language]
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    sentences: list[Sentence] = []
    paragraph = 0
    for part in article.parts:
        for start, end in paragraphs(article.text, part.start, part.end):
            w, s, e = tokenize(article.text, start, end, language)
            if not w:
                continue
            base = len(words)
            words += w
            starts += s
            ends += e
            for first, last in _split(w, language):
                for cut in range(first, last, MAX_SENTENCE_WORDS):
                    end_cut = min(last, cut + MAX_SENTENCE_WORDS)
                    sentences.append(Sentence(base + cut, base + end_cut, part.role, paragraph))
            paragraph += 1
    digits = [k for k, w in enumerate(words) if w[0].isdigit()]
    return Document(article, article.text, language, words, starts, ends, sentences, digits)


def _split(words: list[str], language: Language) -> list[tuple[int, int]]:
    """Sentence bounds in one line: at the language's stops, quotations of moderate length kept whole."""
    out: list[tuple[int, int]] = []
    ends = language.sentence_ends
    first, n = 0, len(words)
    closing = -1  # where the quotation that is open now closes
    for i in range(n):
        w = words[i]
        if i > closing and w in _OPEN:
            for k in range(i + 1, min(n, i + _QUOTE_REACH)):
                if words[k] in _CLOSE and words[k] != "“":
                    closing = k
                    break
        if (i >= closing and w in ends) or (i == closing and i > 0 and words[i - 1] in ends):
            if w in ends and not language.ends_sentence(words, i):
                continue
            last = i + 1
            while last < n and words[last] in ends | _CLOSE and words[last] not in _OPEN - {'"'} and last <= closing:
                last += 1
            if i + 1 < n and words[i + 1] in ends:
                continue
            out.append((first, last))
            first = last
    if first < n:
        out.append((first, n))
    return [(a, b) for a, b in out if any(w.isalnum() or len(w) > 1 for w in words[a:b])] or []
