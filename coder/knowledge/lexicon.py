"""The scanner: all names and patterns of one language, found in one pass over the folded words.

Literal names (10^5 of them) lie in a table by first word, packed until that word is met; patterns with
inflection lie in a trie over word classes. A word is looked up once in its life: its readings are cached.
"""

from __future__ import annotations

import marshal
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from coder.knowledge.patterns import GAP, compile_pattern, fold_name
from coder.language import LANGUAGES, Reading

_CACHE_LIMIT = 400_000  # distinct words kept; beyond it the cache starts anew
_GAP_REACH = 3
_DOUBTFUL = frozenset(("place", "source?"))  # names that a conjunction and a word may be taken for
_INNER_CLITICS = frozenset(("", "ال", "ب", "بال", "ل", "لال"))
APART = frozenset(("casualties",))
"""Kinds of entries that are looked for by themselves, and only where they are wanted."""

Payload = tuple[str, int]  # (kind of entry, its index in the knowledge's list of that kind)
# A name's second word («» for names of one) → what follows it, and whose name it is.
Names = dict[str, tuple[tuple[tuple[str, ...], tuple[Payload, ...]], ...]]
Hit = tuple[str, str, tuple[tuple[int, str], ...], str]  # clitics before and behind, word classes, the bare word
_NO_NAMES: Names = {}
Node = dict[int, Any]  # class id → Node; -1 → gap Node; -2 → payloads
_GAP, _END = -1, -2


class Match(NamedTuple):
    """An entry found at words [i, j), with the features of its inflected word and its outer clitics."""

    i: int
    j: int
    payload: Payload
    features: str
    before: str
    behind: str


ByKind = defaultdict[str, list[Match]]
_new_match = tuple.__new__  # as Match(…), without the call of a Python function: a text has hundreds


class _Inner(NamedTuple):
    """What a word may be as the second or a later one of a pattern or a name."""

    classes: frozenset[int]
    readings: tuple[tuple[int, str, str], ...]  # class, features, clitics behind
    stems: tuple[str, ...]


class _Opening(NamedTuple):
    """What begins with a word: the entries of one word, in order, and by what words longer ones go on."""

    single: tuple[tuple[str, Payload, str, str, str], ...]  # kind, payload, features, clitics before and behind
    longer: bool
    seconds: Mapping[str, Any]  # the second words of names
    classes: frozenset[int]
    gaps: frozenset[int]  # classes that may stand some words further on
    steps: tuple[tuple[Names, Node, str, str, str], ...]  # names or a node, features, clitics before and behind


_NO_NODE: Node = {}


class Lexicon:
    """Compiled names and patterns of one language; build it with :class:`LexiconBuilder`.

    ``tries`` and ``names`` are by part: a kind of ``APART``, or "" for all others. ``names`` holds for a first word
    the ``Names`` that begin with it as bytes of ``marshal``: few of them are ever met, and loading all takes long.
    """

    def __init__(
        self,
        code: str,
        classes: dict[str, tuple[tuple[int, str], ...]],
        tries: dict[str, Node],
        names: dict[str, dict[str, bytes]],
        lasts: frozenset[str],
    ) -> None:
        self.code = code
        self.language = LANGUAGES[code]
        self.lasts = lasts
        self.classes = classes
        self.tries = tries
        self.names = names
        self._hits: dict[str, tuple[Hit, ...]] = {}
        self._inner: dict[str, _Inner] = {}
        self._openings: dict[str, dict[str, _Opening]] = {part: {} for part in tries}
        self.known = _Known(classes, *names.values())

    def __getstate__(self) -> tuple[Any, ...]:
        return self.code, marshal.dumps((self.classes, self.tries, self.names, self.lasts))

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        code, packed = state
        self.__init__(code, *marshal.loads(packed))  # type: ignore[misc]

    def _begun(self, part: str, word: str) -> Names:
        """The names that begin with a word."""
        packed = self.names[part].get(word)
        return _NO_NAMES if packed is None else marshal.loads(packed)

    def hits(self, word: str) -> tuple[Hit, ...]:
        """The readings of a folded word: clitics, word classes, the bare word with which names may begin."""
        got = self._hits.get(word)
        if got is None:
            if len(self._hits) > _CACHE_LIMIT:
                self._hits.clear()
            got = self._hits[word] = tuple(
                (r.before, r.behind, self._of_class(r.key, r.before), r.key)
                for r in self._likely(self.language.readings(word, self.known))
            )
        return got

    def _likely(self, readings: Sequence[Reading]) -> Sequence[Reading]:
        """The readings less those with clitics where the bare word is itself a name or an inflected form.

        A word that stands only literally in patterns («بيد») does not hide what it is made of.
        """
        if not readings or readings[0].before:
            return readings
        bare = readings[0].key
        named = any(bare in names for names in self.names.values())
        if not named and not any(features for _, features in self.classes.get(bare, ())):
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
        single = [entry for part in self.names for entry in self._begun(part, word).get("", ())]
        return all(kind in _DOUBTFUL for _, payloads in single for kind, _ in payloads)

    def _of_class(self, key: str, before: str) -> tuple[tuple[int, str], ...]:
        """The word classes of a stem that its clitics leave."""
        classes = self.classes.get(key, ())
        return tuple(c for c in classes if self.language.takes(before, c[1])) if before else classes

    def inner(self, word: str) -> _Inner:
        """What a word may be behind another one; the last of a name without its pronoun or possessive."""
        got = self._inner.get(word)
        if got is None:
            if len(self._inner) > _CACHE_LIMIT:
                self._inner.clear()
            found = tuple(
                (cls, features, behind)
                for before, behind, classes, _ in self.hits(word)
                if before in _INNER_CLITICS
                for cls, features in classes
            )
            stems = tuple(r.key for r in self.language.readings(word, self.lasts) if not r.before and r.key != word)
            got = self._inner[word] = _Inner(frozenset(cls for cls, _, _ in found), found, stems)
        return got

    def _opening(self, word: str, part: str) -> _Opening:
        single: list[tuple[str, Payload, str, str, str]] = []
        steps: list[tuple[Names, Node, str, str, str]] = []
        seconds: dict[str, Any] = {}
        classes: set[int] = set()
        gaps: set[int] = set()
        for before, behind, readings, key in self.hits(word):
            names = self._begun(part, key)
            if names:
                steps.append((names, _NO_NODE, "", before, behind))
                alone = names.get("", ())
                single += [(p[0], p, "", before, behind) for _, payloads in alone for p in payloads]
                if not behind and len(names) > (1 if alone else 0):
                    seconds = {**seconds, **names} if seconds else names
            for cls, features in readings:
                node = self.tries[part].get(cls, _NO_NODE)
                if node:
                    steps.append((_NO_NAMES, node, features, before, behind))
                    single += [(p[0], p, features, before, behind) for p in node.get(_END, ())]
                    classes.update(key for key in node if key >= 0)
                    gaps.update(node.get(_GAP, ()))
        longer = bool(seconds or classes or gaps)
        return _Opening(tuple(single), longer, seconds, frozenset(classes), frozenset(gaps), tuple(steps))

    def scan(self, words: list[str]) -> list[Match]:
        """All entries in a run of words, at every start the longest of each kind."""
        by_kind: ByKind = defaultdict(list)
        for part in self.tries:
            self.collect(words, 0, len(words), by_kind, part)
        return [m for matches in by_kind.values() for m in matches]

    def collect(self, words: list[str], first: int, last: int, by_kind: ByKind, part: str = "") -> None:
        """Add all entries in words [first, last) to ``by_kind``, in the order of their first word."""
        openings = self._openings[part]
        if len(openings) > _CACHE_LIMIT:
            openings.clear()
        for i in range(first, last):
            word = words[i]
            opening = openings.get(word)
            if opening is None:
                opening = openings[word] = self._opening(word, part)
            if opening.longer and self._goes_on(words, i + 1, last, opening):
                for m in self._at(words, i, last, opening):
                    by_kind[m.payload[0]].append(m)
                continue
            for kind, payload, features, before, behind in opening.single:
                by_kind[kind].append(_new_match(Match, (i, i + 1, payload, features, before, behind)))

    def _goes_on(self, words: list[str], j: int, n: int, opening: _Opening) -> bool:
        """May the word at ``j``, or one behind a gap, continue what begins before it?"""
        k = j + 1 if j < n and words[j] == "-" else j
        if k < n:
            word = words[k]
            classes, _, stems = self._inner.get(word) or self.inner(word)
            if not opening.classes.isdisjoint(classes):
                return True
            if opening.seconds and (word in opening.seconds or any(map(opening.seconds.__contains__, stems))):
                return True
        if opening.gaps:
            for word in words[j : min(n, j + _GAP_REACH + 1)]:
                if not opening.gaps.isdisjoint((self._inner.get(word) or self.inner(word)).classes):
                    return True
        return False

    def _at(self, words: list[str], i: int, n: int, opening: _Opening) -> list[Match]:
        """All entries that begin at word ``i`` and end before ``n``."""
        out: list[Match] = []
        for names, node, features, before, behind in opening.steps:
            if names:
                self._names(words, i, n, names, before, behind, out)
            else:
                self._walk(words, i, i + 1, n, node, features, before, behind, out)
        return out

    def _names(
        self, words: list[str], i: int, n: int, names: Names, before: str, behind: str, out: list[Match]
    ) -> None:
        """The literal names that begin at word ``i``; hyphens between their words are passed over."""
        single = names.get("")
        if single:
            out += [_new_match(Match, (i, i + 1, p, "", before, behind)) for p in single[0][1]]
        if behind or len(names) == (1 if single else 0):
            return
        k = i + 2 if i + 1 < n and words[i + 1] == "-" else i + 1
        if k >= n:
            return
        for rest, payloads in names.get(words[k], ()):
            j = self._rest(words, k + 1, n, rest) if rest else k + 1
            if j:
                out += [_new_match(Match, (i, j, p, "", before, behind)) for p in payloads]
        for stem in self.inner(words[k]).stems:
            for rest, payloads in names.get(stem, ()):
                if not rest:
                    out += [_new_match(Match, (i, k + 1, p, "", before, behind)) for p in payloads]

    def _rest(self, words: list[str], j: int, n: int, rest: tuple[str, ...]) -> int:
        """The end of a name's words behind the second from ``j`` on; 0 where they fail."""
        last = len(rest) - 1
        for at, w in enumerate(rest):
            if j < n and words[j] == "-":
                j += 1
            if j >= n or (words[j] != w and not (at == last and w in self.inner(words[j]).stems)):
                return 0
            j += 1
        return j

    def _walk(
        self,
        words: list[str],
        i: int,
        j: int,
        n: int,
        node: Node,
        features: str,
        before: str,
        behind: str,
        out: list[Match],
    ) -> None:
        payloads = node.get(_END)
        if payloads:
            out += [_new_match(Match, (i, j, p, features, before, behind)) for p in payloads]
        k = j + 1 if j < n and words[j] == "-" else j
        if k < n and len(node) > (1 if payloads else 0):
            self._step(words, i, k, n, node, features, before, behind, out)
        gap = node.get(_GAP)
        if gap is not None:
            for k in range(j, min(n, j + _GAP_REACH + 1)):
                self._step(words, i, k, n, gap, features, before, behind, out)

    def _step(
        self,
        words: list[str],
        i: int,
        k: int,
        n: int,
        node: Node,
        features: str,
        before: str,
        behind: str,
        out: list[Match],
    ) -> None:
        """Go on from a node by the word at ``k``."""
        word = words[k]
        classes, readings, _ = self._inner.get(word) or self.inner(word)
        if not node.keys().isdisjoint(classes):
            for cls, own, post in readings:
                child = node.get(cls)
                if child is not None:
                    self._walk(words, i, k + 1, n, child, features or own, before, behind or post, out)


class _Known:
    """Membership in word classes or first words of names without another set of all of them."""

    __slots__ = ("_tables",)

    def __init__(self, *tables: dict[str, Any]) -> None:
        self._tables = tables

    def __contains__(self, word: object) -> bool:
        for table in self._tables:  # noqa: SIM110 - twice as fast as any(), and asked for every stem
            if word in table:
                return True
        return False


class LexiconBuilder:
    """Collects patterns and names; :meth:`build` freezes them into a :class:`Lexicon`."""

    def __init__(self, code: str) -> None:
        self.language = LANGUAGES[code]
        self.code = code
        self._ids: dict[str, int] = {}
        self._classes: dict[str, dict[tuple[int, str], None]] = {}
        self._tries: dict[str, Node] = {part: {} for part in ("", *sorted(APART))}
        self._names: dict[str, dict[str, dict[tuple[str, ...], dict[Payload, None]]]] = {p: {} for p in self._tries}

    def add_pattern(self, pattern: str, payload: Payload) -> None:
        """Add a pattern of the mini-language; raises PatternError where it cannot be read."""
        for slots in compile_pattern(pattern, self.language):
            node = self._tries[_part(payload)]
            for slot in slots:
                if slot.name == GAP:
                    node = node.setdefault(_GAP, {})
                    continue
                cls = self._ids.get(slot.name)
                if cls is None:
                    cls = self._ids[slot.name] = len(self._ids)
                    for form, features in slot.forms:
                        self._classes.setdefault(form, {})[cls, features] = None
                node = node.setdefault(cls, {})
            payloads = node.setdefault(_END, ())
            if payload not in payloads:
                node[_END] = (*payloads, payload)

    def add_name(self, name: str, payload: Payload) -> None:
        """Add a literal name; one that folds to nothing is passed over."""
        words = fold_name(name, self.language)
        if words:
            by_rest = self._names[_part(payload)].setdefault(words[0], {})
            by_rest.setdefault(words[1:], {})[payload] = None

    def add_names(self, names: Iterable[str], payload: Payload) -> None:
        """Add several literal names of one entry."""
        for name in names:
            self.add_name(name, payload)

    def build(self) -> Lexicon:
        """The frozen lexicon."""
        classes = {form: tuple(found) for form, found in self._classes.items()}
        names = {part: {first: marshal.dumps(_by_second(by_rest)) for first, by_rest in some.items()}
                 for part, some in self._names.items()}  # fmt: skip
        lasts = frozenset(
            rest[-1] for some in self._names.values() for by_rest in some.values() for rest in by_rest if rest
        )
        return Lexicon(self.code, classes, self._tries, names, lasts)


def _part(payload: Payload) -> str:
    return payload[0] if payload[0] in APART else ""


def _by_second(by_rest: dict[tuple[str, ...], dict[Payload, None]]) -> Names:
    """The names that begin with one word by their second."""
    names: dict[str, list[tuple[tuple[str, ...], tuple[Payload, ...]]]] = {}
    for rest, payloads in sorted(by_rest.items()):
        names.setdefault(rest[0] if rest else "", []).append((rest[1:], tuple(payloads)))
    return {second: tuple(entries) for second, entries in names.items()}
