"""The grammar of a document: prepositions of slots, clause bounds, passive helpers, from grammar.yaml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from coder.coding.scan import Scan, longest
from coder.knowledge import Rule
from coder.knowledge.lexicon import Match
from coder.knowledge.rules import once

_NOUN_LETTERS = 4  # of a noun behind a clitic, at least
_CLAUSE_SIGNS = frozenset(";؛:")


@dataclass(slots=True)
class Grammar:
    """Positions by word index: ``slot_end[k]`` is the slot of a preposition that ends at word k."""

    clitic_slots: Mapping[str, str]
    clitic_scopes: Mapping[str, str]  # clitic → purpose or future
    definite: frozenset[str]  # words that make a noun definite
    slot_end: dict[int, str] = field(default_factory=dict)
    clitic_words: dict[int, str] = field(default_factory=dict)  # a noun that bears such a clitic («لمواقع») → the slot
    boundary: dict[int, bool] = field(default_factory=dict)  # first word of a clause → does it tell another event
    reason: dict[int, bool] = field(default_factory=dict)  # words before what a protest is about → may it be news too?
    cause: set[int] = field(default_factory=set)  # of these, the first words of what brought the event about
    light: dict[int, int] = field(default_factory=dict)  # first word of a light verb (شن, "carry out") → its end
    light_nouns: set[int] = field(default_factory=set)  # of these, the nouns («قيام»): their subject stands behind them
    takes: dict[int, tuple[str, ...]] = field(default_factory=dict)  # a light verb → the clitics of the nouns it helps
    undergo: dict[int, int] = field(default_factory=dict)  # first word of a verb of undergoing (تعرض) → its end
    result: dict[int, int] = field(default_factory=dict)  # first word of a result clause → its end
    relative: set[int] = field(default_factory=set)
    be: set[int] = field(default_factory=set)
    held: set[int] = field(default_factory=set)  # words behind a noun for what a side holds («مواقع», «تجمعات»)
    partitive: set[int] = field(default_factory=set)  # words for «of them», the people named before
    passive: dict[int, int] = field(default_factory=dict)
    nouns: set[int] = field(default_factory=set)  # words that can only be nouns, by the word before them
    pronouns: list[Match] = field(default_factory=list)
    anaphors: list[tuple[Match, str]] = field(default_factory=list)


def read_grammar(scan: Scan) -> Grammar:
    """Sort the matches of ``grammar.yaml`` by what they do."""
    rules = scan.knowledge.rules.get("grammar", ())
    out = Grammar(*_of_rules(scan.doc.language.code, rules))
    slots: list[Match] = []
    others: list[Match] = []
    for m in scan.of("grammar"):
        role = rules[m.payload[1]].data["role"]
        if role.startswith("slot."):
            slots.append(m)
        elif role == "noun":
            out.nouns.add(m.j)
        elif role == "reason":
            out.reason[m.i] = bool(rules[m.payload[1]].data.get("news"))
        elif not role.startswith("noun"):
            others.append(m)
    for m in longest(slots):
        out.slot_end[m.j] = rules[m.payload[1]].data["role"].partition(".")[2]
    _clitic_words(scan, out)
    for m in longest(others):
        _place(out, m, rules[m.payload[1]].data)
    for k, w in enumerate(scan.doc.words):
        if w in _CLAUSE_SIGNS:
            out.boundary[k] = True
    return out


@once
def _of_rules(language: str, rules: Sequence[Rule]) -> tuple[dict[str, str], dict[str, str], frozenset[str]]:
    """What the rules of a language say of every document: clitics of slots and of scopes, words that define a noun."""
    definite: set[str] = set()
    slots: dict[str, str] = {}
    scopes: dict[str, str] = {}
    for rule in rules:
        if rule.language == language:
            if rule.data["role"] == "definite":
                definite.update(str(p) for p in rule.data["patterns"])
            kind, _, what = str(rule.data["role"]).partition(".")
            for clitic in rule.data.get("clitics") or ():
                (scopes if kind == "scope" else slots)[str(clitic)] = what
    return slots, scopes, frozenset(definite)


def _clitic_words(scan: Scan, out: Grammar) -> None:
    """Note the nouns that bear a clitic preposition and are no names of actors («لمواقع الجيش»)."""
    known = scan.knowledge.lexicons[scan.doc.language.code].known
    for k, word in enumerate(scan.doc.words if out.clitic_slots else ()):
        slot = out.clitic_slots.get(word[:1])
        rest = word[1:]
        if slot is None or len(rest) < _NOUN_LETTERS or word in known:
            continue
        if rest in known:
            out.clitic_words[k] = "object" if slot == "of" else slot


def _place(out: Grammar, m: Match, data: Any) -> None:
    role = str(data["role"])
    if role == "clause.boundary":
        out.boundary[m.i] = bool(data.get("keeps", True))
        if data.get("cause"):
            out.cause.add(m.i)
    elif role == "clause.result":
        out.result[m.i] = m.j
    elif role == "clause.relative":
        out.relative.add(m.i)
    elif role == "aux.be":
        out.be.update(range(m.i, m.j))
    elif role == "held":
        out.held.add(m.j)
    elif role == "partitive":
        out.partitive.add(m.i)
    elif role == "aux.passive":
        out.passive[m.j] = m.i
    elif role == "aux.light":
        out.light[m.i] = m.j
        if m.features.startswith("n"):
            out.light_nouns.add(m.i)
        if data.get("takes"):
            out.takes[m.i] = tuple(str(c) for c in data["takes"])
    elif role == "aux.undergo":
        out.undergo[m.i] = m.j
    elif role == "pronoun":
        out.pronouns.append(m)
    elif role == "anaphor":
        out.anaphors.append((m, str(data["refers"])))


def clause_starts(grammar: Grammar, first: int, last: int) -> list[int]:
    """First words of the clauses of a sentence [first, last), the sentence's own first word included."""
    return [first, *(k for k in range(first + 1, last) if k in grammar.boundary)]


def opens_clause(grammar: Grammar, i: int, floor: int) -> bool:
    """Is the preposition before word ``i`` the conjunction that begins its clause ("after gunmen attacked")?"""
    return any(k in grammar.slot_end and k - 1 in grammar.boundary for k in range(i, floor, -1))
