"""The scanner: all names and patterns of one language, found in one pass over the folded words.

Literal names (10^5 of them) lie in a table by first word; patterns with inflection lie in a trie over word
classes. A word is looked up once in its life: its readings are cached.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from coder.knowledge.patterns import GAP, compile_pattern, fold_name
from coder.language import LANGUAGES, Reading

_CACHE_LIMIT = 400_000  # distinct words kept; beyond it the cache starts anew
_GAP_REACH = 3
_DOUBTFUL = frozenset(("place", "source?"))  # names that a conjunction and a word may be taken for
_INNER_CLITICS = frozenset(("", "ال", "ب", "بال", "ل", "لال"))

Payload = tuple[str, int]  # (kind of entry, its index in the knowledge's list of that kind)
# A name's second word («» for names of one) → what follows it, and whose name it is.
Names = dict[str, tuple[tuple[tuple[str, ...], tuple[Payload, ...]], ...]]
Hit = tuple[str, str, tuple[tuple[int, str], ...], Names]
_NO_NAMES: Names = {}
Node = dict[int, Any]  # class id → Node; -1 → gap Node; -2 → payloads


class Match(NamedTuple):
    """An entry found at words [i, j), with the features of its inflected word and its outer clitics."""

    i: int
    j: int
    payload: Payload
    features: str
    before: str
    behind: str


class Lexicon:
    """Compiled names and patterns of one language; build it with :class:`LexiconBuilder`."""

    def __init__(
        self,
        code: str,
        classes: dict[str, tuple[tuple[int, str], ...]],
        trie: Node,
        literals: dict[str, Names],
        lasts: frozenset[str],
    ) -> None:
        self.code = code
        self.language = LANGUAGES[code]
        self.lasts = lasts
        self._stems: dict[str, tuple[str, ...]] = {}
        self.classes = classes
        self.trie = trie
        self.literals = literals
        self._hits: dict[str, tuple[Hit, ...]] = {}
        self._known = _Known(classes, literals)

    def __getstate__(self) -> tuple[Any, ...]:
        return (self.code, self.classes, self.trie, self.literals, self.lasts)

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self.__init__(*state)  # type: ignore[misc]

    def hits(self, word: str) -> tuple[Hit, ...]:
        """The readings of a folded word: clitics, word classes, literal names that begin with it."""
        got = self._hits.get(word)
        if got is None:
            if len(self._hits) > _CACHE_LIMIT:
                self._hits.clear()
            got = self._hits[word] = tuple(
                (r.before, r.behind, self._of_class(r.key, r.before), self.literals.get(r.key, _NO_NAMES))
                for r in self._likely(self.language.readings(word, self._known))
            )
        return got

    def _likely(self, readings: Sequence[Reading]) -> Sequence[Reading]:
        """The readings less those with clitics where the bare word is itself a name or an inflected form.

        A word that stands only literally in patterns («بيد») does not hide what it is made of.
        """
        if not readings or readings[0].before:
            return readings
        bare = readings[0].key
        if bare not in self.literals and not any(features for _, features in self.classes.get(bare, ())):
            return readings
        loose = self._only_a_place(bare)
        return [
            r
            for r in readings
            if r.before in ("", self.language.article) or (loose and r.before[:1] in self.language.conjunctions)
        ]

    def _only_a_place(self, word: str) -> bool:
        """Is a word only the name of a place or a doubtful one of a source («وستون»: Weston, or and sixty)?"""
        if self.classes.get(word):
            return False
        single = self.literals.get(word, _NO_NAMES).get("", ())
        return all(kind in _DOUBTFUL for _, payloads in single for kind, _ in payloads)

    def _of_class(self, key: str, before: str) -> tuple[tuple[int, str], ...]:
        """The word classes of a stem; a verb takes no article."""
        classes = self.classes.get(key, ())
        if before.endswith("ال"):
            return tuple(c for c in classes if not c[1].startswith("v"))
        return classes

    def scan(self, words: list[str]) -> list[Match]:
        """All entries in a run of words, at every start the longest of each kind of entry."""
        out: list[Match] = []
        n = len(words)
        for i in range(n):
            for before, behind, classes, literals in self.hits(words[i]):
                if literals:
                    self._names(words, i, literals, before, behind, out)
                for cls, features in classes:
                    node = self.trie.get(cls)
                    if node is not None:
                        self._walk(words, i, i + 1, node, features, before, behind, out)
        return out

    def _names(self, words: list[str], i: int, literals: Names, before: str, behind: str, out: list[Match]) -> None:
        """The literal names that begin at word ``i``; hyphens between their words are passed over."""
        single = literals.get("")
        if single:
            out.extend(Match(i, i + 1, p, "", before, behind) for p in single[0][1])
        if behind or len(literals) == (1 if single else 0):
            return
        n = len(words)
        k = i + 2 if i + 1 < n and words[i + 1] == "-" else i + 1
        if k >= n:
            return
        for rest, payloads in literals.get(words[k], ()):
            j = self._rest(words, k + 1, rest)
            if j:
                out.extend(Match(i, j, p, "", before, behind) for p in payloads)
        for stem in self._tails(words[k]):
            for rest, payloads in literals.get(stem, ()):
                if not rest:
                    out.extend(Match(i, k + 1, p, "", before, behind) for p in payloads)

    def _rest(self, words: list[str], j: int, rest: tuple[str, ...]) -> int:
        """The end of a name's words behind the second from ``j`` on; 0 where they fail."""
        n = len(words)
        last = len(rest) - 1
        for at, w in enumerate(rest):
            if j < n and words[j] == "-":
                j += 1
            if j >= n or (words[j] != w and not (at == last and w in self._tails(words[j]))):
                return 0
            j += 1
        return j

    def _tails(self, word: str) -> tuple[str, ...]:
        """What a word may be as the last of a name when its pronoun or possessive is taken off."""
        got = self._stems.get(word)
        if got is None:
            if len(self._stems) > _CACHE_LIMIT:
                self._stems.clear()
            got = self._stems[word] = tuple(
                r.key for r in self.language.readings(word, self.lasts) if not r.before and r.key != word
            )
        return got

    def _walk(
        self, words: list[str], i: int, j: int, node: Node, features: str, before: str, behind: str, out: list[Match]
    ) -> None:
        payloads = node.get(-2)
        if payloads:
            out.extend(Match(i, j, p, features, before, behind) for p in payloads)
        n = len(words)
        k = j + 1 if j < n and words[j] == "-" else j
        if k < n and len(node) > (1 if payloads else 0):
            for pre, post, classes, _ in self.hits(words[k]):
                if pre in _INNER_CLITICS:
                    for cls, feats in classes:
                        child = node.get(cls)
                        if child is not None:
                            self._walk(words, i, k + 1, child, features or feats, before, post, out)
        gap = node.get(-1)
        if gap is not None:
            for k in range(j, min(n, j + _GAP_REACH + 1)):
                for pre, post, classes, _ in self.hits(words[k]):
                    if pre in _INNER_CLITICS:
                        for cls, feats in classes:
                            child = gap.get(cls)
                            if child is not None:
                                self._walk(words, i, k + 1, child, features or feats, before, post, out)


class _Known:
    """Membership in classes or literals without a third set of all their words."""

    __slots__ = ("_a", "_b")

    def __init__(self, a: dict[str, Any], b: dict[str, Any]) -> None:
        self._a, self._b = a, b

    def __contains__(self, word: object) -> bool:
        return word in self._a or word in self._b


class LexiconBuilder:
    """Collects patterns and names; :meth:`build` freezes them into a :class:`Lexicon`."""

    def __init__(self, code: str) -> None:
        self.language = LANGUAGES[code]
        self.code = code
        self._ids: dict[str, int] = {}
        self._classes: dict[str, dict[tuple[int, str], None]] = {}
        self._trie: Node = {}
        self._literals: dict[str, dict[tuple[str, ...], dict[Payload, None]]] = {}

    def add_pattern(self, pattern: str, payload: Payload) -> None:
        """Add a pattern of the mini-language; raises PatternError where it cannot be read."""
        for slots in compile_pattern(pattern, self.language):
            node = self._trie
            for slot in slots:
                if slot.name == GAP:
                    node = node.setdefault(-1, {})
                    continue
                cls = self._ids.get(slot.name)
                if cls is None:
                    cls = self._ids[slot.name] = len(self._ids)
                    for form, features in slot.forms:
                        self._classes.setdefault(form, {})[cls, features] = None
                node = node.setdefault(cls, {})
            payloads = node.setdefault(-2, ())
            if payload not in payloads:
                node[-2] = (*payloads, payload)

    def add_name(self, name: str, payload: Payload) -> None:
        """Add a literal name; one that folds to nothing is passed over."""
        words = fold_name(name, self.language)
        if words:
            self._literals.setdefault(words[0], {}).setdefault(words[1:], {})[payload] = None

    def add_names(self, names: Iterable[str], payload: Payload) -> None:
        """Add several literal names of one entry."""
        for name in names:
            self.add_name(name, payload)

    def build(self) -> Lexicon:
        """The frozen lexicon."""
        literals: dict[str, Names] = {}
        for first, by_rest in self._literals.items():
            names: dict[str, list[tuple[tuple[str, ...], tuple[Payload, ...]]]] = {}
            for rest, payloads in sorted(by_rest.items()):
                names.setdefault(rest[0] if rest else "", []).append((rest[1:], tuple(payloads)))
            literals[first] = {second: tuple(entries) for second, entries in names.items()}
        lasts = frozenset(rest[-1] for by_rest in self._literals.values() for rest in by_rest if rest)
        return Lexicon(self.code, {f: tuple(c) for f, c in self._classes.items()}, self._trie, literals, lasts)
