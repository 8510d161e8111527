"""Numbers that count people, and those that do not (codebook section 7).

Words and digits become :class:`Number` values; what stands beside them says whether they count people at all:
a brigade's number, a share, a distance, an age or an hour is read too, under its own ``role``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from coder.coding.document import Document
from coder.knowledge.lexicon import Match
from coder.knowledge.rules import Rule, once

COUNT = "count"
_AFTER_REACH = 7  # words between a number and the qualifier behind it: «19 شخصا من … على الأقل»
_LONGEST_COUNT = 7  # digits without separators; more are telephone numbers
_CONJUNCTION = "و"
_PRONOUNS = frozenset(("", "هم", "هن", "هما", "ها"))  # «ثلاثتهم», but not «ثلاثي»
_STOPS = frozenset(".!?؟…,،؛;:()")
_DASHES = frozenset("-–—")


class Number(NamedTuple):
    """A number at words [i, j), its qualifiers included.

    ``low``, ``high``: bounds of the amount, ``None`` where open; ``best`` the exact number, else the low one.
    ``vague`` names a vague amount (tens, several …), whose ``low`` may depend on the event (``None``).
    ``role`` is ``count``, or why the number counts no people: the name of a measure or label, ``year``,
    ``ordinal``, ``name``, ``telephone``, ``clock``, ``former`` (the old value of a change).
    """

    i: int
    j: int
    low: int | None
    high: int | None
    best: int | None
    estimated: bool
    vague: str | None
    role: str
    rule: str


class _Item(NamedTuple):
    i: int
    j: int
    joined: bool
    data: Mapping[str, Any]
    rule: str


class Index(NamedTuple):
    """The entries found, by the word at which they start and by the word before which they end."""

    starts: dict[int, list[_Item]]
    ends: dict[int, list[_Item]]

    def at(self, i: int, kinds: frozenset[str]) -> _Item | None:
        """The longest entry of one of the kinds that starts at word ``i``."""
        found = [x for x in self.starts.get(i, ()) if x.data["kind"] in kinds]
        return max(found, key=lambda x: x.j) if found else None

    def before(self, i: int, kinds: frozenset[str]) -> _Item | None:
        """The longest entry of one of the kinds that ends before word ``i``."""
        found = [x for x in self.ends.get(i, ()) if x.data["kind"] in kinds]
        return min(found, key=lambda x: x.i) if found else None


_WORDS = frozenset(("cardinal", "scale", "vague"))
_NUMERIC = frozenset(("cardinal", "scale"))
_SCALE = frozenset(("scale",))
_QUALIFIER = frozenset(("qualifier",))
_LINK = frozenset(("link",))
_FORMER = frozenset(("former",))
_MEASURE = frozenset(("measure",))
_LABEL = frozenset(("label",))
_IDIOM = frozenset(("idiom",))


def index_matches(matches: Iterable[Match], rules: Sequence[Rule]) -> Index:
    """The matches of this stem by start and by end."""
    index = Index({}, {})
    for m in matches:
        rule = rules[m.payload[1]]
        if m.behind not in _PRONOUNS or (m.before.endswith("ال") and rule.data.get("definite") is False):
            continue
        joined = m.before.startswith(_CONJUNCTION) or bool(rule.data.get("joined"))
        item = _Item(m.i, m.j, joined, rule.data, rule.id)
        index.starts.setdefault(m.i, []).append(item)
        index.ends.setdefault(m.j, []).append(item)
    return index


def read_numbers(doc: Document, matches: Sequence[Match], rules: Sequence[Rule]) -> list[Number]:
    """Every number of the document, in order, those that count no people under their own role."""
    index = index_matches(matches, rules)
    signs = _signs(doc.language.code, rules)
    raw = [n._replace(role=_role(doc, index, signs, n)) for n in _scan(doc, index)]
    return _qualify_behind(doc, index, _ranges(doc, index, [_qualify(index, n) for n in raw]))


def find_numbers(
    doc: Document, matches: Sequence[Match], rules: Sequence[Rule], taken: Iterable[tuple[int, int]] = ()
) -> list[Number]:
    """The numbers that may count people; ``taken`` are word ranges (dates) that hold none."""
    return countable(read_numbers(doc, matches, rules), taken)


def countable(numbers: Iterable[Number], taken: Iterable[tuple[int, int]] = ()) -> list[Number]:
    """Those of ``numbers`` that may count people and lie outside the word ranges ``taken``."""
    covered = {k for i, j in taken for k in range(i, j)}
    return [n for n in numbers if n.role == COUNT and not covered.intersection(range(n.i, n.j))]


@once
def _signs(_: str, rules: Sequence[Rule]) -> dict[tuple[str, str], str]:
    return {(r.data["kind"], s): r.data["name"] for r in rules for s in r.data.get("signs", ())}


def _scan(doc: Document, index: Index) -> list[Number]:
    out: list[Number] = []
    behind = 0  # what has been read so far
    for i in sorted({*index.starts, *doc.digits}):
        if i < behind:
            continue
        idiom = index.at(i, _IDIOM)
        if idiom is not None:
            behind = idiom.j
            continue
        found = _number(doc, index, i)
        if found is not None:
            out.append(found)
            measure = index.at(found.j, _MEASURE)
            behind = found.j if measure is None or measure.joined else measure.j
    return out


def _number(doc: Document, index: Index, i: int) -> Number | None:
    digits = digits_value(doc.words[i])
    item = None if digits is not None else index.at(i, _WORDS)
    if digits is None and item is None:
        return None
    if item is not None and item.data["kind"] == "vague":
        low = item.data["low"]
        return Number(i, item.j, low, None, low, True, item.data["name"], COUNT, item.rule)
    return _compose(doc, index, i, digits, item)


def digits_value(word: str) -> float | None:
    """The value of a word in digits, thousands separated by comma or stop; None for other words."""
    if not word[:1].isdigit() or not word[-1:].isdigit() or not word.isascii():
        return None
    groups = word.replace(",", ".").split(".")
    if len(groups) == 1:
        return float(word) if len(word) < 16 else None
    if all(len(g) == 3 for g in groups[1:]) and 0 < len(groups[0]) <= 3:
        return float("".join(groups)) if len(groups) < 6 else None
    return float(".".join(groups)) if len(groups) == 2 and len(word) < 16 else None


def _compose(doc: Document, index: Index, i: int, digits: float | None, first: _Item | None) -> Number | None:
    total, group, j = 0.0, 0.0, i + 1
    in_digits, after_scale, vague = digits is not None, False, None
    if digits is not None:
        group, rule = digits, "digits"
    else:
        assert first is not None
        rule, j = first.rule, first.j
        if first.data["kind"] == "scale":
            vague = first.data.get("alone_vague")
            total, group, after_scale = _scaled(0.0, 0.0, first)
            if j >= len(doc.words) or index.at(j, _SCALE) is None:
                total, group = (float(first.data["alone"]), 0.0) if first.data["value"] >= 1000 else (0.0, group)
        else:
            total, group, after_scale = _added(0.0, 0.0, float(first.data["value"]))
    while j < len(doc.words):
        step = _next(doc, index, j, total, group, in_digits, after_scale)
        if step is None:
            break
        end, value, item = step
        if item is not None and item.data["kind"] == "scale":
            total, group, after_scale = _scaled(total, group, item)
            in_digits = False
        else:
            total, group, after_scale = _added(total, group, value)
        vague, j = None, end
    value = total + group
    if value != int(value):
        return Number(i, j, None, None, None, False, None, "fraction", rule)
    whole = int(value)
    return Number(i, j, whole, None if vague else whole, whole, vague is not None, vague, COUNT, rule)


def _scaled(total: float, group: float, item: _Item) -> tuple[float, float, bool]:
    scale = float(item.data["value"])
    if scale < 1000:
        return total, (group or 1.0) * scale, False
    return total + (group or 1.0) * scale, 0.0, True


def _added(total: float, group: float, value: float) -> tuple[float, float, bool]:
    """A cardinal of a thousand and more («ألفان») closes its group as a scale word does."""
    return (total + value, 0.0, True) if value >= 1000 else (total, group + value, False)


def _next(
    doc: Document, index: Index, j: int, total: float, group: float, in_digits: bool, after_scale: bool
) -> tuple[int, float, _Item | None] | None:
    """The component that continues a number at word ``j``: its end, value and entry."""
    item = index.at(j, _NUMERIC)
    if item is not None and item.data["kind"] == "scale" and (group or total):
        if item.data["value"] < 1000 and group >= 100:  # "hundred hundred": a second one counts nothing
            return None
        lower = not group and total >= 1000 * item.data["value"] and not item.data.get("alone_vague")
        if lower or not item.joined:  # «مليون وألف»: a scale word alone closes what a higher one began
            return item.j, 0.0, item
    joined, at = item is not None and item.joined, j
    if item is None:
        link = index.at(j, _LINK)
        join = doc.words[j] == _CONJUNCTION or (link is not None and link.data["role"] == "join")
        if not (join or doc.words[j] in _DASHES) or j + 1 >= len(doc.words):
            return None
        joined, at = join, j + 1
        item = index.at(at, _NUMERIC)
        if join and not (after_scale or group >= 100):
            return None
    if item is None:
        digits = digits_value(doc.words[at])
        ok = digits is not None and after_scale and joined and digits < 1000
        return (at + 1, digits, None) if ok and digits is not None else None
    if item.data["kind"] == "scale" or in_digits:
        return None
    value = float(item.data["value"])
    return (item.j, value, item) if _fits(value, total, group, joined) else None


def _fits(value: float, total: float, group: float, joined: bool) -> bool:
    tail = group % 100
    if value >= 1000:
        return not group and total >= 1_000_000
    if value >= 100:
        return not group and total > 0
    open_ = not tail and bool(group or total)
    if value >= 20:
        return open_ or (joined and 1 <= tail <= 9)
    if value < 10 and not joined and tail >= 20 and tail % 10 == 0:
        return True
    return open_


def _role(doc: Document, index: Index, signs: dict[tuple[str, str], str], n: Number) -> str:
    """What the number at [i, j) counts, from the words and signs that touch it."""
    if n.role != COUNT:
        behind = _measure(doc, index, signs, n.j)
        return behind or n.role
    words, text = doc.words, doc.text
    i, j = n.i, n.j
    measure = _measure(doc, index, signs, j)
    if measure is not None:
        return measure
    label = index.before(i, _LABEL)
    if label is not None and (n.rule == "digits" or not label.data.get("digits")):
        return str(label.data["name"])
    if i and ("label", words[i - 1]) in signs:
        return signs["label", words[i - 1]]
    return _digits_role(words, text, doc, n) if n.rule == "digits" else COUNT


def _digits_role(words: list[str], text: str, doc: Document, n: Number) -> str:
    i, j = n.i, n.j
    first = words[i]
    before = text[doc.starts[i] - 1 : doc.starts[i]]
    behind = text[doc.ends[i] : doc.ends[i] + 1]
    if (before.isalpha() and before.isascii()) or (behind.isalpha() and behind.isascii()):
        return "ordinal" if text[doc.ends[i] : doc.ends[i] + 2].lower() in ("st", "nd", "rd", "th") else "name"
    if before in _DASHES and text[doc.starts[i] - 2 : doc.starts[i] - 1].isalpha():
        return "name"
    if before in ("/", ":", "+", "#") or (behind in ("/", ":") and text[doc.ends[i] + 1 : doc.ends[i] + 2].isdigit()):
        return "clock" if ":" in (before, behind) else "name"
    plain = first.isdigit()
    if plain and (len(first) > _LONGEST_COUNT or (first[0] == "0" and len(first) > 1)):
        return "telephone"
    if plain and j == i + 1 and len(first) == 4 and 1900 <= int(first) < 2100 and int(first) % 100:
        return "year"
    between_commas = i > 0 and j < len(words) and words[i - 1] in ("(", ",") and words[j] in (")", ",")
    if between_commas and plain and int(first) < 110 and i > 1 and text[doc.starts[i - 2]].isupper():
        return "age"
    return COUNT


def _measure(doc: Document, index: Index, signs: dict[tuple[str, str], str], j: int) -> str | None:
    words = doc.words
    if j < len(words) and words[j] in _DASHES:
        j += 1
    if j >= len(words):
        return None
    if ("measure", words[j]) in signs:
        return signs["measure", words[j]]
    item = index.at(j, _MEASURE)
    return str(item.data["name"]) if item is not None and not item.joined else None


def _bounded(n: Number, bound: str) -> Number:
    if n.vague is not None:
        return n
    if bound == "min":
        return n._replace(high=None, best=n.low)
    if bound == "max":
        return n._replace(low=None, high=n.high, best=None)
    return n._replace(estimated=True)


def _qualify(index: Index, n: Number) -> Number:
    while True:
        q = index.before(n.i, _QUALIFIER)
        if q is None or q.i >= n.i:
            return n
        role = COUNT if n.role == "year" else n.role
        n = _bounded(n, q.data["bound"])._replace(i=q.i, role=role)


def _qualify_behind(doc: Document, index: Index, numbers: list[Number]) -> list[Number]:
    """Let a qualifier behind a number («على الأقل») act on it, where it does not open the next one."""
    out = list(numbers)
    openings = {n.i for n in numbers}
    at = 0
    for i in sorted(index.starts):
        q = next((x for x in index.starts[i] if x.data["kind"] == "qualifier" and x.data["place"] == "after"), None)
        if q is None or q.i in openings or q.j in openings:
            continue
        while at < len(out) and out[at].j <= q.i:
            at += 1
        k = at - 1
        if k >= 0 and q.i - out[k].j <= _AFTER_REACH and not _STOPS.intersection(doc.words[out[k].j : q.i]):
            out[k] = _bounded(out[k], q.data["bound"])
    return out


def _ranges(doc: Document, index: Index, numbers: list[Number]) -> list[Number]:
    out: list[Number] = []
    for n in numbers:
        a = out[-1] if out else None
        link = _range_link(doc, index, a, n) if a is not None else None
        if a is None or link is None or n.low is None or a.low is None or a.low >= n.low or a.vague or n.vague:
            out.append(n)
        elif link == "former":
            out[-1] = a._replace(role="former")
            out.append(n)
        else:
            role = n.role if a.role in (COUNT, n.role) else a.role
            out[-1] = Number(a.i, n.j, a.low, n.high, a.low, a.estimated or n.estimated, None, role, n.rule)
    return out


def _range_link(doc: Document, index: Index, a: Number, n: Number) -> str | None:
    """How two numbers in a row are tied: ``range``, ``former``, or not at all."""
    opened = index.before(a.i, _LINK)
    is_open = opened is not None and opened.data["role"] == "open"
    if n.i == a.j:
        return "range" if is_open and any(x.joined for x in index.starts.get(n.i, ())) else None
    if n.i != a.j + 1:
        return None
    word = doc.words[a.j]
    if word in _DASHES:
        return "range"
    if word == _CONJUNCTION:
        return "range" if is_open else None
    link = index.at(a.j, _LINK)
    if link is None:
        return None
    if link.data["role"] == "join":
        return "range" if is_open else None
    if link.data["role"] != "range":
        return None
    return "former" if index.before(a.i, _FORMER) is not None else "range"
