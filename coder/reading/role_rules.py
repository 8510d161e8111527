"""The rules in ``data/rules/*/roles.yaml``, checked and compiled: what makes a line a byline, a caption…

All languages' rules are compiled together, because an Arabic page carries English credits and menus.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, NamedTuple

from coder.knowledge.safe_yaml import DataError, read_yaml
from coder.language.arabic import fold

ROLES = ("title", "body", "heading", "byline", "caption", "credit", "related", "contact", "navigation")
MATCHES = ("cue", "pattern", "opening", "closing", "shape")
SHAPES = ("title", "heading", "signature", "list")
WHERE = ("any", "head", "foot")
UNTIL = ("line", "paragraph")

_WORD = re.compile(r"\w+")
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_ESCAPE = re.compile(r"\\.|[^\\]+")
_UNBOUNDED = re.compile(r"[*+]|\{\d*,?\d*\}")


class RoleRuleError(ValueError):
    """A rule that cannot be used; the message names the file, the rule, the value and the remedy."""


@dataclass(frozen=True, slots=True, eq=False)
class RoleRule:
    """One entry of ``roles.yaml``.

    ``match`` says how ``cues`` or ``patterns`` are read: ``cue`` (the line begins with one; ``whole``: it is
    one; a cue that ends in a colon wants a colon or a dash there), ``pattern`` (one fits the whole line),
    ``opening`` (one fits the beginning of the body), ``closing`` (one fits what stands behind the sentences
    of a paragraph), ``shape`` (the line's place and length decide). ``words`` is the most words that the
    line may have, ``unfinished`` keeps the rule from lines that end as sentences do,
    ``capitals`` from lines with a word of four letters or more in small ones, ``where`` confines it
    to lines before the first or behind the last paragraph, ``until: paragraph`` carries the role on over
    the short lines that follow, ``needs`` lists signs of which a line must hold one before its patterns
    are tried, ``note`` says why the rule is there.
    """

    id: str
    since: str
    role: str
    match: str
    cues: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    shape: str = ""
    whole: bool = False
    words: int = 60
    unfinished: bool = False
    capitals: bool = False
    where: str = "any"
    until: str = "line"
    needs: str = ""
    note: str = ""
    examples: tuple[str, ...] = ()
    counter_examples: tuple[str, ...] = ()


class Cue(NamedTuple):
    """The pattern that a line must begin with; compiled when its first word is met, for few of them ever are."""

    source: str
    rule: RoleRule


class Pattern(NamedTuple):
    """A compiled pattern of one rule."""

    regex: re.Pattern[str]
    rule: RoleRule
    needs: frozenset[str] = frozenset()


class LinePatterns(NamedTuple):
    """Patterns for whole lines, and the most words of a line that any of them reads."""

    patterns: tuple[Pattern, ...]
    words: int

    @classmethod
    def of(cls, patterns: Iterable[Pattern]) -> LinePatterns:
        """Gather patterns, in their order."""
        found = tuple(patterns)
        return cls(found, max((p.rule.words for p in found), default=0))


class Joined(NamedTuple):
    """Patterns of several rules in one expression; its group ``i + 1`` belongs to ``rules[i]``."""

    regex: re.Pattern[str]
    rules: tuple[RoleRule, ...]


class Script(NamedTuple):
    """How a language is told from others of its script: frequent words, letters that it does not have."""

    code: str
    words: frozenset[str]
    foreign_letters: str


@dataclass(frozen=True, slots=True)
class RoleRules:
    """The compiled rules; build them with :func:`load_roles`."""

    rules: tuple[RoleRule, ...]
    scripts: tuple[Script, ...]
    cues: Mapping[str, tuple[Cue, ...]]
    patterns: LinePatterns
    finished_patterns: LinePatterns
    openings: Joined
    closings: Joined
    shapes: Mapping[str, RoleRule]
    blocks: tuple[str, ...]
    first_words: dict[str, tuple[Pattern, ...]] = field(default_factory=dict, compare=False, repr=False)


def load_roles(folders: Sequence[Path]) -> RoleRules:
    """Read ``rules/*/roles.yaml`` below each data folder; a later folder's rule replaces one of the same id.

    Raises RoleRuleError where a file is missing its rules, a key is unknown or a pattern is not linear.
    """
    rules: dict[str, RoleRule] = {}
    words: dict[str, list[str]] = {}
    scripts: dict[str, Script] = {}
    blocks: dict[str, None] = {}
    for folder in folders:
        for path in sorted(folder.glob("rules/*/roles.yaml")):
            try:
                data = read_yaml(path)
            except DataError as error:
                raise RoleRuleError(str(error)) from error
            if not isinstance(data, dict):
                raise RoleRuleError(f"{path}: expected the keys language, words, blocks, rules")
            _legal(path, "the file", data, ("language", "words", "blocks", "rules"))
            for name, entries in (data.get("words") or {}).items():
                words.setdefault(name, []).extend(str(e) for e in entries)
            if language := data.get("language"):
                _legal(path, "language", language, ("words", "foreign_letters"))
                scripts[path.parent.name] = Script(
                    path.parent.name, frozenset(language["words"]), language.get("foreign_letters") or ""
                )
            blocks.update(dict.fromkeys(data.get("blocks") or ()))
            seen: set[str] = set()
            for entry in data.get("rules") or ():
                rule = _rule(path, entry)
                if rule.id in seen:
                    raise RoleRuleError(f"{path}: {rule.id} stands there twice: give every rule its own id")
                seen.add(rule.id)
                rules[rule.id] = rule
    return _compile(tuple(rules.values()), words, tuple(scripts.values()), tuple(blocks))


def _legal(path: Path, what: str, data: Mapping[str, Any], keys: Iterable[str]) -> None:
    legal = tuple(keys)
    for key in data:
        if key not in legal:
            raise RoleRuleError(f"{path}: {what} has the unknown key {key!r}; legal are {', '.join(legal)}")


def _rule(path: Path, entry: Mapping[str, Any]) -> RoleRule:
    """One entry as a rule, its vocabulary checked."""
    name = str(entry.get("id") or "a rule without id")
    _legal(path, name, entry, [f.name for f in fields(RoleRule)])
    for key in ("id", "since", "role", "match", "examples"):
        if not entry.get(key):
            raise RoleRuleError(f"{path}: {name} lacks {key}: add it")
    given: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in entry.items()}
    rule = RoleRule(**given)
    closed = {"role": ROLES, "match": MATCHES, "where": WHERE, "until": UNTIL, "shape": ("", *SHAPES)}
    for key, legal in closed.items():
        if getattr(rule, key) not in legal:
            raise RoleRuleError(f"{path}: {name}: {key} {getattr(rule, key)!r} is none of {', '.join(legal)}")
    wanted = {"cue": "cues", "shape": "shape"}.get(rule.match, "patterns")
    if not getattr(rule, wanted):
        raise RoleRuleError(f"{path}: {name} matches by {rule.match}, so it must give {wanted}")
    return rule


def _compile(
    rules: tuple[RoleRule, ...],
    words: Mapping[str, list[str]],
    scripts: tuple[Script, ...],
    blocks: tuple[str, ...],
) -> RoleRules:
    named = {name: _alternatives(entries) for name, entries in words.items()}
    cues: dict[str, list[tuple[int, Cue]]] = {}
    by_match: dict[str, list[Pattern]] = {"pattern": [], "opening": [], "closing": []}
    for rule in rules:
        for cue in rule.cues:
            first, source = _cue(rule, cue)
            cues.setdefault(first, []).append((-len(cue), Cue(source, rule)))
        for source in rule.patterns:
            by_match[rule.match].append(Pattern(_regex(rule, source, named), rule, frozenset(rule.needs)))
    return RoleRules(
        rules=rules,
        scripts=scripts,
        cues={first: tuple(p for _, p in sorted(found, key=lambda e: e[0])) for first, found in cues.items()},
        patterns=LinePatterns.of(by_match["pattern"]),
        finished_patterns=LinePatterns.of(p for p in by_match["pattern"] if not p.rule.unfinished),
        openings=_join(by_match["opening"]),
        closings=_join(by_match["closing"]),
        shapes={rule.shape: rule for rule in rules if rule.match == "shape"},
        blocks=blocks,
    )


def _join(patterns: Sequence[Pattern]) -> Joined:
    sources = "|".join(f"({p.regex.pattern})" for p in patterns)
    return Joined(re.compile(sources or "(?!)"), tuple(p.rule for p in patterns))


def _cue(rule: RoleRule, cue: str) -> tuple[str, str]:
    """The first word of a cue, and what a folded line must begin with (or be)."""
    words = _WORD.findall(fold(cue))
    if not words:
        raise RoleRuleError(f"{rule.id}: the cue {cue!r} has no word: give it one")
    end = r"\W{0,3}[:\-–—/|]" if cue.rstrip().endswith(":") else r"(?!\w)"
    if rule.whole:
        end = r"\W*$"
    return words[0], r"\W{0,8}" + r"\W{1,3}".join(map(re.escape, words)) + end


def _alternatives(entries: Iterable[str]) -> str:
    """Names as one alternation, the longest first; between single letters signs and blanks may vary."""
    out = []
    for entry in sorted(set(map(fold, entries)), key=lambda e: (-len(e), e)):
        parts = entry.split()
        gap = "[ .]{0,2}" if any(len(p) == 1 for p in parts) else r"\s"
        out.append(gap.join(map(re.escape, parts)))
    return "(?:" + "|".join(out) + ")"


def _regex(rule: RoleRule, source: str, named: Mapping[str, str]) -> re.Pattern[str]:
    """Compile a pattern over folded text; raises RoleRuleError where it might run longer than linearly."""
    if nested_quantifier(source):
        raise RoleRuleError(f"{rule.id}: {source!r} repeats a repetition: write it without nesting")

    def name(m: re.Match[str]) -> str:
        if m[1] not in named:
            raise RoleRuleError(f"{rule.id}: {m[0]} in {source!r} is none of the words {sorted(named)}")
        return named[m[1]]

    plain = _ESCAPE.sub(lambda m: m[0] if m[0][0] == "\\" else fold(m[0]), source)
    try:
        compiled = re.compile(_PLACEHOLDER.sub(name, plain))
    except re.error as error:
        raise RoleRuleError(f"{rule.id}: {source!r} is no regular expression ({error})") from error
    if compiled.groups:
        raise RoleRuleError(f"{rule.id}: {source!r} has a group that captures: write (?:…)")
    return compiled


def nested_quantifier(source: str) -> bool:
    """Does a pattern repeat a group that repeats something itself?"""
    opened: list[bool] = []
    plain = re.sub(r"\\.|\[\^?\]?[^\]]*\]", "x", source)
    for i, sign in enumerate(plain):
        if sign == "(":
            opened.append(False)
        elif sign == ")" and opened:
            inner = opened.pop()
            if inner and _UNBOUNDED.match(plain, i + 1):
                return True
            if opened:
                opened[-1] = opened[-1] or inner
        elif opened and _UNBOUNDED.match(plain, i):
            opened[-1] = True
    return False
