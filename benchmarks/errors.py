"""Where the coder errs against gold: claims missed and invented, and each field of the paired ones, by class.

Usage: python -m benchmarks.errors [--shared DIR] [--examples N] [--field NAME] SET…
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.gold import SETS, SHARED, articles, gold, pair, row, scorer
from coder.coding.code import code_article
from coder.knowledge import Knowledge

Row = Mapping[str, Any]
_CONTEXT = frozenset(("event in force", "opponent in force", "usual opponent", "only air force"))
_MODAL = ("asserted", "planned", "hypothetical", "denied")
_QUOTE = 90  # characters of a claim's words shown in an example


def tables(name: str, shared: Path, knowledge: Knowledge) -> dict[tuple[str, str], list[str]]:
    """(field, class of error) → one line of example an error, for one gold set."""
    score = scorer(shared)
    golds = gold(name, shared)
    out: dict[tuple[str, str], list[str]] = defaultdict(list)
    for article in articles(name, shared):
        claims = [c for c in code_article(article, knowledge) if c.kind == "event"]
        coded = [{**row(c), "rules": {e.column: e.rule for e in c.evidence}} for c in claims]
        for key, line in article_errors(score, golds.get(article.article_id, []), coded):
            out[key].append(f"{article.article_id}: {line}")
    return out


def article_errors(
    score: ModuleType, golds: Sequence[Row], coded: Sequence[Row]
) -> Iterator[tuple[tuple[str, str], str]]:
    """Every error of one article, as (field, class) and a line that shows it."""
    pairs = pair(score, golds, coded)
    overlapping = [(i, j) for i, g in enumerate(golds) for j, p in enumerate(coded) if _overlap(g, p)]
    for i, g in enumerate(golds):
        if i not in {a for a, _ in pairs}:
            there = [coded[j] for a, j in overlapping if a == i]
            kind = "split too little" if there else "no claim there"
            yield ("missed", kind), _said(g["sub_event_type"], g["quote"])
    for j, p in enumerate(coded):
        if j not in {b for _, b in pairs}:
            there = [golds[i] for i, b in overlapping if b == j]
            yield ("invented", _invented(p, golds, there)), _said(p["sub_event_type"], p["text"])
    for i, j in pairs:
        g, p = golds[i], coded[j]
        for field, right in score.agree(g, p).items():
            if not right:
                kind, values = _field(score, field, g, p)
                yield (field, kind), f"{values} {_said(g['sub_event_type'], g['quote'])}"


def _overlap(g: Row, p: Row) -> bool:
    return bool(min(g["end"], p["end"]) > max(g["start"], p["start"]))


def _said(sub: str, words: str) -> str:
    return f"[{sub}] " + " ".join(words[:_QUOTE].split())


def _invented(p: Row, golds: Sequence[Row], there: Sequence[Row]) -> str:
    if not golds:
        return "not an event (article without any)"
    if there:
        return "split too much"
    if any(g["sub_event_type"] == p["sub_event_type"] and g["country"] == p["country"] for g in golds):
        return "repeat of a told event"
    if any(g["event_type"] == p["event_type"] for g in golds):
        return "like a told event, other place or kind"
    return "not an event (others told)"


def _field(score: ModuleType, field: str, g: Row, p: Row) -> tuple[str, str]:
    """The class of a wrong field of a pair, and both values."""
    if field in ("actor1", "actor2"):
        return _actor(score, field, g, p), f"{g[field]!r} ≠ {p[field]!r}"
    if field == "location":
        return _location(g, p), f"{g['location']!r} ≠ {p['location']!r}"
    if field == "date":
        return _date(g, p), f"{g['date_start']}–{g['date_end']} ≠ {p['date_start']}–{p['date_end']}"
    if field in ("fatalities", "injured"):
        keys = ("fat_low", "fatalities_low") if field == "fatalities" else ("inj_low", "injured_low")
        return _count(g[keys[0]], p[keys[1]]), f"{g[keys[0]]} ≠ {p[keys[1]]}"
    if field == "claimant":
        return _claimant(g, p), f"{g['claimant_text']!r} ≠ {p['claimant_text']!r}"
    left, right = g.get(field), p.get("source_outlet" if field == "outlet" else field)
    if field == "outlet":
        kind = "credit not seen" if p["rules"].get("source_outlet") in (None, "outlet") else "another's credit"
        return kind, f"{left!r} ≠ {right!r}"
    return f"{left or 'none'} → {right or 'none'}", ""


def _actor(score: ModuleType, field: str, g: Row, p: Row) -> str:
    mine, theirs = p[field], g[field]
    other = p["actor2" if field == "actor1" else "actor1"]
    if score.same_name(theirs, other):
        kind = "swapped sides"
    elif not mine:
        kind = "side not found"
    elif not theirs:
        kind = "side invented"
    elif theirs.startswith("Unidentified"):
        kind = "named, though unidentified"
    elif mine.startswith("Unidentified"):
        kind = "unidentified, though named"
    elif mine.split("(")[0] == theirs.split("(")[0]:
        kind = "country or years"
    elif p["rules"].get(field) in _CONTEXT:
        kind = "another from context"
    else:
        kind = "another from the words"
    return f"{kind} ({'named here' if g[f'{field}_text'] else 'known from context'})"


def _location(g: Row, p: Row) -> str:
    if g["country"] != p["country"]:
        return "another country"
    if not p["location_text"]:
        return "another from context" if not g["location_text"] else "named here, not found"
    if not g["location_text"]:
        return "named here, though from context"
    if (p["geo_precision"] or 0) > (g["geo_precision"] or 0):
        return "coarser"
    return "finer" if (p["geo_precision"] or 0) < (g["geo_precision"] or 0) else "another of the same rank"


def _date(g: Row, p: Row) -> str:
    first, last = date.fromisoformat(g["date_start"][:10]), date.fromisoformat(g["date_end"][:10])
    if not p["date_text"]:
        return "words not found" if g["date_text"] else "another default"
    if not g["date_text"]:
        return "words of another event"
    if p["date_end"] < first or p["date_start"] > last:
        near = min(abs((p["date_end"] - first).days), abs((p["date_start"] - last).days)) <= 1
        return "off by a day" if near else "another day"
    return "wider" if p["date_end"] - p["date_start"] > last - first else "narrower or shifted"


def _count(theirs: int | None, mine: int | None) -> str:
    if theirs is None:
        return "invented or taken from another event"
    return "not found" if mine is None else "another number"


def _claimant(g: Row, p: Row) -> str:
    if not g["claimant_text"]:
        return "wrong scope: a source reaches too far"
    return "wrong scope: a source does not reach" if not p["claimant_text"] else "another source"


def main() -> None:
    """Print the table of each gold set, the most frequent classes first."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("sets", nargs="+", choices=SETS)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--examples", type=int, default=0, help="errors shown for each class")
    parser.add_argument("--field", help="one field only")
    options = parser.parse_args()
    knowledge = Knowledge.load()
    for name in options.sets:
        found = tables(name, options.shared, knowledge)
        totals = Counter({field: sum(len(v) for (f, _), v in found.items() if f == field) for field, _ in found})
        print(f"== {name}")
        for field, total in totals.most_common():
            if options.field not in (None, field):
                continue
            print(f"{field}: {total}")
            classes = sorted(
                ((kind, v) for (f, kind), v in found.items() if f == field), key=lambda x: (-len(x[1]), x[0])
            )
            for kind, lines in classes:
                print(f"  {len(lines):4d}  {kind}")
                for line in lines[: options.examples]:
                    print(f"          {line}")


if __name__ == "__main__":
    main()
