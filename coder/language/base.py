"""What every language module provides: words, folding, clitics, inflection, sentence ends.

The rest of the coder is language-blind: it sees folded words with offsets into the article's own text,
and lexicon keys; it never looks at letters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from typing import NamedTuple, Protocol

INITIALS = re.compile(r"[^\W\d_](?:[.][^\W\d_])+[.]?")  # letters joined by stops, one word without them
# One token: single letters joined by stops (U.N., أ.ف.ب), a run of Arabic letters with their marks, a run of
# Latin or other letters, a number, or one sign. Marks, tatweel and bidi controls stay inside the run so that
# offsets keep to the text as read.
IGNORED = "\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u200c-\u200f\u202a-\u202e\u2066-\u2069\ufeff\u00ad"
ARABIC = "\u0620-\u063f\u0641-\u064a\u066e\u066f\u0671-\u06d5\u06ee\u06ef\u06fa-\u06ff\ufb50-\ufdff\ufe70-\ufefc"
TOKEN = re.compile(
    f"(?<![{ARABIC}{IGNORED}])[{ARABIC}](?:[.][{ARABIC}])+(?![{ARABIC}{IGNORED}])"
    r"|(?<![A-Za-z0-9.])[A-Z](?:[.][A-Z])+(?![A-Za-z])(?:[.](?=[^\S\n]+\S))?|"
    f"[{ARABIC}{IGNORED}]+"
    r"|[0-9\u0660-\u0669\u06f0-\u06f9]+(?:[.,\u066b\u066c][0-9\u0660-\u0669\u06f0-\u06f9]+)*"
    r"|['\u2019]s(?![A-Za-z\u00c0-\u024f])"
    r"|[A-Za-z\u00aa-\u00ba\u00c0-\u024f\u0370-\u05ea\u1e00-\u1eff]+(?:['\u2019](?!s(?![A-Za-z]))[A-Za-z\u00c0-\u024f]+)*"
    r"|[^\s]"
)


class Reading(NamedTuple):
    """One way to read a word: the lexicon's key, and the clitics before and behind it."""

    key: str
    before: str
    behind: str


class Form(NamedTuple):
    """An inflected form of a lemma: the folded word and its features, e.g. ``v.past`` or ``n.pl``."""

    form: str
    features: str


class Language(Protocol):
    """The contract of a language module."""

    code: str
    clitics: frozenset[str]
    article: str
    owners: tuple[str, ...]  # pronouns behind a noun that say whose it is
    subject_first: bool
    conjunctions: frozenset[str]
    sentence_ends: frozenset[str]

    def fold(self, word: str) -> str:
        """The word as it stands in the lexicon: marks, case and spelling variants put aside."""

    def readings(self, word: str, known: Container[str]) -> tuple[Reading, ...]:
        """The readings of a folded word whose stem is in ``known``, the least stripped first."""

    def takes(self, before: str, features: str) -> bool:
        """May a word of these features stand behind these clitics?"""

    def ends_in(self, word: str, behind: str) -> bool:
        """May a word as it is written, unfolded, end in this clitic?"""

    def inflect(self, forms: list[str], pos: str) -> list[Form]:
        """All folded forms of a lemma; ``forms`` are its citation form and its irregular ones."""

    def ends_sentence(self, words: list[str], i: int) -> bool:
        """Does the sign at ``i`` (one of ``sentence_ends``) end a sentence?"""


Folder = Callable[[str], str]
