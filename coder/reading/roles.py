"""Gives each line of an article its role: title, body, heading, byline, caption, credit, related…

Lines are looked at once each, by their first word and by the signs that they hold, so that plain paragraphs
cost next to nothing; what makes a line a byline is in ``data/rules/*/roles.yaml``.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from coder.language.arabic import fold
from coder.model import Part
from coder.reading.lines import (
    CLOSERS,
    PARAGRAPH,
    Line,
    finished,
    fixed_width,
    is_paragraph,
    is_short,
    read_lines,
)
from coder.reading.role_rules import Pattern, RoleRule, RoleRules

_FIRST = re.compile(r"[\w\u0640\u064b-\u065f\u0670\u200c-\u200f]+")
_WORD = re.compile(r"\w+")
_SMALL = re.compile(r"(?<![^\W\d_'’-])[a-z]{4}")
_DIGIT = re.compile(r"\d")
_SENTENCE_END = re.compile('[.!?؟…"”»][ \u00a0]*')
_CREDITED = re.compile(r"[:/(\[]")
_CREDIT_ENDS = ")]/"  # signs at the end of a paragraph that a credit may end with
_CUE_LINE = 80  # characters at the beginning of a line that cues are compared with
_SAME = 16  # characters that a cut-off line must share with the title
_CUT_OFF = ("...", "…")
_ITEM = 160  # characters of the longest headline in a list
_LIST_WORDS = 25  # words of the longest headline in a list at the end
_HEAD_LINES = 6  # unexplained lines before the first paragraph, from which they are the article itself
_DENSE_HEADING = 9  # words of a heading that no blank line or bullet sets off
_PATTERN_LINE = 160  # characters of the longest line that whole-line patterns are tried on
_CAPTION = 400  # characters of the longest line that they are tried on where it ends like a caption
_BEFORE_TITLE = 45  # characters (a date, a place) that may stand before a title that the body repeats
_CLOSING = 240  # characters at the end of a paragraph in which credits are looked for
_MOST_STOPS = 12  # sentence ends looked behind there
_OPENING = 80  # characters at the beginning of the body in which dates are looked for
_CACHE = 100_000  # distinct first words kept


_fold_word = lru_cache(1 << 16)(fold)


class Reading(NamedTuple):
    """A stretch of the text, its role, and the rule that gave it (empty for plain body and titles)."""

    start: int
    end: int
    role: str
    rule: str


def tag_parts(text: str, title: str | None, rules: RoleRules) -> tuple[Part, ...]:
    """The parts of an article: they tile ``text`` without gap or overlap, neighbours of one role joined.

    ``title`` is given where ``text`` begins with it and a newline. Headings stay one part each.
    """
    parts: list[Part] = []
    for start, end, role, _ in read_roles(text, title, rules):
        if parts and parts[-1].role == role != "heading":
            parts[-1] = Part(parts[-1].start, end, role)
        else:
            parts.append(Part(start, end, role))
    return tuple(parts)


def read_roles(text: str, title: str | None, rules: RoleRules) -> list[Reading]:
    """As :func:`tag_parts`, one entry a line or piece of a line, with the rule that read it."""
    body = len(title) + 1 if title and text.startswith(title) and text[len(title) : len(title) + 1] == "\n" else 0
    lines = read_lines(text, body)
    roles = _line_roles(lines, rules)
    _shapes(lines, roles, rules, body > 0)
    if body and (heading := rules.shapes.get("heading")):
        for i, line in enumerate(lines):
            if roles[i] is None and _repeats(line.text, text[: body - 1].strip()):
                roles[i] = heading
    out: list[Reading] = [Reading(0, body, "title", "")] if body else []
    at = body
    last = len(lines) - 1
    for i, (line, rule) in enumerate(zip(lines, roles, strict=True)):
        end = lines[i + 1].start if i < last else len(text)
        if rule is not None:
            out.append(Reading(at, end, rule.role, rule.id))
        elif i == 0 or i == last or line.text[-1] in _CREDIT_ENDS:
            out += _pieces(line, at, end, i == 0, i == last, title, rules)
        else:
            out.append(Reading(at, end, "body", ""))
        at = end
    if at < len(text):
        out.append(Reading(at, len(text), "body", ""))
    return out


def _line_roles(lines: list[Line], rules: RoleRules) -> list[RoleRule | None]:
    """What cues and patterns say of each line, with the reach of the lists that they open."""
    running = [is_paragraph(line.text) for line in lines]
    first = running.index(True) if True in running else len(lines)
    last = len(lines) - 1 - running[::-1].index(True) if True in running else -1
    roles: list[RoleRule | None] = []
    opened: RoleRule | None = None
    spacing = 0
    broken = fixed_width(lines)
    for i, (_, line, gap, joined) in enumerate(lines):
        if broken and (joined or (i + 1 < len(lines) and lines[i + 1].joined)):
            opened = None
            roles.append(None)
            continue
        rule, alone = _cue_rule(line, i < first, i > last, rules)
        if rule is None:
            rule, alone = _pattern_rule(line, i < first, i > last, rules), True
        if rule is not None:
            if alone and rule.until == "paragraph":
                opened, spacing = rule, lines[i + 1].gap if i + 1 < len(lines) else 0
            elif gap > spacing or not _is_item(line):
                opened = None
        elif opened is not None:
            if _is_item(line) and gap <= spacing:
                rule, spacing = opened, gap
            else:
                opened = None
        roles.append(rule)
    return roles


def _is_item(line: str) -> bool:
    """May the line be a headline in a list: short, and no sentence with a full stop, unless it is cut off?"""
    return len(line) <= _ITEM and (line.rstrip(CLOSERS)[-1:] not in (".", "۔") or line.endswith(_CUT_OFF))


def _fits(rule: RoleRule, line: str, head: bool, foot: bool) -> bool:
    """Do the rule's conditions on place, length and ending hold of the line?"""
    return _stands(rule, head, foot) and line.count(" ") < rule.words and not (rule.unfinished and finished(line))


def _stands(rule: RoleRule, head: bool, foot: bool) -> bool:
    return rule.where == "any" or (head if rule.where == "head" else foot)


def _repeats(line: str, title: str) -> bool:
    """Does a line only repeat the title, or the beginning of it behind a menu (HomeNewsCivilian killed…)?"""
    if line.endswith(_CUT_OFF) and len(title) > _SAME:
        line = line.rstrip(" .…")
        at = line.find(title[:_SAME])
        return at >= 0 and title.startswith(line[at:])
    return line == title


def _cue_rule(line: str, head: bool, foot: bool, rules: RoleRules) -> tuple[RoleRule | None, bool]:
    """The rule whose cue begins the line, and whether the line holds at most a word more."""
    found = _FIRST.search(line)
    if found is None or found.start() > 8:
        return None, False
    raw = found[0]
    patterns = rules.first_words.get(raw)
    if patterns is None:
        word = _WORD.search(fold(raw))
        cues = rules.cues.get(word[0], ()) if word else ()
        patterns = tuple(Pattern(re.compile(cue.source), cue.rule) for cue in cues)
        if len(rules.first_words) > _CACHE:
            rules.first_words.clear()
        rules.first_words[raw] = patterns
    if not patterns:
        return None, False
    folded = fold_line(line[:_CUE_LINE])
    for regex, rule, _ in patterns:
        m = regex.match(folded)
        if m and _fits(rule, line, head, foot) and (not rule.whole or len(line) <= _CUE_LINE):
            return rule, len(line) <= _CUE_LINE and len(_WORD.findall(folded, m.end())) <= 1
    return None, False


def _pattern_rule(line: str, head: bool, foot: bool, rules: RoleRules) -> RoleRule | None:
    """The first rule with a pattern that fits the whole line."""
    if len(line) > _PATTERN_LINE and (len(line) > _CAPTION or not _CREDITED.search(line, len(line) - 50)):
        return None
    patterns = rules.finished_patterns if finished(line) else rules.patterns
    words = line.count(" ")
    if words >= patterns.words:
        return None
    folded = ""
    signs = set(line)
    for regex, rule, needs in patterns.patterns:
        if words >= rule.words or (needs and needs.isdisjoint(signs)):
            continue
        if _stands(rule, head, foot) and not (rule.capitals and _SMALL.search(line)):
            folded = folded or fold_line(line)
            if regex.fullmatch(folded):
                return rule
    return None


def _shapes(lines: list[Line], roles: list[RoleRule | None], rules: RoleRules, titled: bool) -> None:
    """Give the short lines that nothing else explains the role that their place gives them.

    list: three or more headlines behind the last paragraph. signature: the last line, a name. heading: before
    a paragraph and behind a finished one, or before the first. title: the first heading of all where the
    article brings no title.
    """
    n = len(lines)
    tail = n
    while tail and (roles[tail - 1] is not None or is_short(lines[tail - 1].text, _LIST_WORDS)):
        tail -= 1
    loose = [i for i in range(tail, n) if roles[i] is None and not lines[i].joined] if tail else []
    if len(loose) >= 3 and (rule := rules.shapes.get("list")):
        for i in loose:
            roles[i] = rule
    elif len(loose) == 1 and (rule := rules.shapes.get("signature")):
        line = lines[loose[0]].text
        if line.count(" ") < rule.words and not _DIGIT.search(line) and finished(lines[tail - 1].text):
            roles[loose[0]] = rule
    if rule := rules.shapes.get("heading"):
        _headings(lines, roles, rule, None if titled else rules.shapes.get("title"))


def _headings(lines: list[Line], roles: list[RoleRule | None], heading: RoleRule, title: RoleRule | None) -> None:
    """Find the headings; lines are looked at from the end, so that headings may stand over headings."""
    head = next((i for i, line in enumerate(lines) if is_paragraph(line.text)), 0)
    long = [line.text for line in lines if len(line.text) >= PARAGRAPH]
    stopless = 2 * sum(map(finished, long)) < len(long)
    if sum(role is None for role in roles[:head]) > _HEAD_LINES:
        head = 0
    for i in range(len(lines) - 2, -1, -1):
        line, below, over = lines[i], lines[i + 1], roles[i + 1]
        if roles[i] is not None or line.joined or below.joined:
            continue
        apart = i < head or line.gap or below.gap or not line.text[0].isalnum()
        if not is_short(line.text, heading.words if apart else _DENSE_HEADING):
            continue
        if over is None:
            leads = is_paragraph(below.text) and (
                i == 0 or _ended(lines, roles, i - 1, stopless) or (i < head and line.gap)
            )
        else:
            leads = i < head and (over is not heading or below.gap)
        if leads:
            roles[i] = heading
    unexplained = [i for i in range(head) if roles[i] in (None, heading)]
    if title and unexplained and roles[unexplained[0]] is heading:
        roles[unexplained[0]] = title


def _ended(lines: list[Line], roles: list[RoleRule | None], i: int, stopless: bool) -> bool:
    """Is line ``i`` one that a heading may follow: finished, or a paragraph in a text that sets no stops?"""
    if roles[i] is not None or finished(lines[i].text):
        return True
    if len(lines[i].text) < PARAGRAPH or lines[i].text[-1] == ":":
        return False
    return stopless or lines[i + 1].gap > 0


def _pieces(
    line: Line, start: int, end: int, is_first: bool, is_last: bool, title: str | None, rules: RoleRules
) -> list[Reading]:
    """A body line, with what stands before or behind its running text taken off."""
    out: list[Reading] = []
    if is_first:
        for stop, role, rule in _opening(line, title, rules):
            out.append(Reading(start, stop, role, rule))
            start = stop
    closing = _closing(line, rules) if is_last or line.text[-1] in _CREDIT_ENDS else None
    if closing is not None and closing[0] > start:
        out += [
            Reading(start, closing[0], "body", ""),
            Reading(closing[0], end, closing[1].role, closing[1].id),
        ]
    elif start < end:
        out.append(Reading(start, end, "body", ""))
    return out


def _opening(line: Line, title: str | None, rules: RoleRules) -> list[tuple[int, str, str]]:
    """What stands before the running text in the first body line: (end, role, rule) each.

    Pages that lost their line breaks repeat their date and their title there.
    """
    text = line.text
    at = 0
    out = []
    repeated = False
    again = text.find(title, 1, _BEFORE_TITLE + len(title)) if title else -1
    if again > 0:
        at = again
        out.append((line.start + at, "byline", ""))
    while True:
        if title and not repeated and text.startswith(title, at):
            at += len(title)
            repeated = True
            out.append((line.start + at, "title", ""))
        elif m := rules.openings.regex.match(fold_line(window := text[at : at + _OPENING])):
            at += _unfold(window, m.end())
            rule = rules.openings.rules[(m.lastindex or 1) - 1]
            out.append((line.start + at, rule.role, rule.id))
        else:
            break
        at += len(text[at:]) - len(text[at:].lstrip(" . "))
        out[-1] = (line.start + at, *out[-1][1:])
    return out if at < len(text) else []


def _closing(line: Line, rules: RoleRules) -> tuple[int, RoleRule] | None:
    """Where a credit, a menu or an end mark begins behind the sentences of the line, and its rule."""
    begin = max(0, len(line.text) - _CLOSING)
    window = line.text[begin:]
    for stop in islice(_SENTENCE_END.finditer(window), _MOST_STOPS):
        if stop.end() < len(window) - 1:
            m = rules.closings.regex.match(fold_line(window[stop.end() :]))
            if m:
                return line.start + begin + stop.end(), rules.closings.rules[(m.lastindex or 1) - 1]
    return None


def _unfold(text: str, offset: int) -> int:
    """The offset in ``text`` of what stands at ``offset`` in the folded text."""
    at = 0
    while at < len(text) and offset > 0:
        offset -= len(fold(text[at]))
        at += 1
    return at


def fold_line(text: str) -> str:
    """``text`` folded word by word; the words of a language repeat, so that few are folded twice."""
    return " ".join(map(_fold_word, text.split(" ")))


def check_roles(rules: RoleRules) -> list[str]:
    """What is wrong with the rules' own examples: one line for each that is not read as it should be."""
    faults = []
    for rule in rules.rules:
        for text in rule.examples:
            if rule.id not in {r.rule for r in read_roles(text, None, rules)}:
                faults.append(f"{rule.id} does not read its example {text!r}")
        for text in rule.counter_examples:
            if rule.id in {r.rule for r in read_roles(text, None, rules)}:
                faults.append(f"{rule.id} reads its counter-example {text!r}")
    return faults
