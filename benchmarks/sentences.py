"""Labelled Arabic sentences: does the coder see an event of the family where three people do?

Each sentence is coded as an article of its own, dated by a fixed day. Two figures: `claim` (an asserted event
claim of the family came out) and `trigger` (the rules saw an asserted event of the family; a sentence that
names no country yields no claim).
Usage: python -m benchmarks.sentences [--shared DIR] [--show fp|fn] [--count N] [assault] [protest]
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from benchmarks.gold import SHARED
from coder.coding.code import code_article
from coder.coding.reader import ArticleReader
from coder.knowledge import Knowledge
from coder.model import Article, Part

PUBLISHED = date(2008, 6, 15)  # the sentences are of 2007 to 2011; the day itself plays no part in the label
FAMILIES = {
    "assault": (
        frozenset(("Battles", "Explosions/Remote violence", "Violence against civilians")),
        frozenset(("Excessive force against protesters", "Mob violence")),
        frozenset(("attack", "battle", "abduct")),
    ),
    "protest": (frozenset(("Protests", "Riots")), frozenset[str](), frozenset(("protest",))),
}


class Verdict(NamedTuple):
    """A labelled sentence and what the coder made of it."""

    label: str
    text: str
    claim: bool
    trigger: bool
    why: str


def sentences(family: str, shared: Path = SHARED) -> Iterator[tuple[str, str]]:
    """(label, text) of every sentence of a family that its labellers agreed on."""
    with gzip.open(shared / "gold" / f"ar_sentences_{family}.jsonl.gz", "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            if row["label"] != "ambiguous":
                yield row["label"], row["text"]


def article(text: str) -> Article:
    """A sentence as an article of its own."""
    return Article("sentence", "Newspaper", None, None, None, PUBLISHED, "ar", text, (Part(0, len(text), "body"),))


def judge(family: str, text: str, label: str, knowledge: Knowledge) -> Verdict:
    """What the coder makes of one sentence."""
    types, subs, frames = FAMILIES[family]
    one = article(text)
    claims = [c for c in code_article(one, knowledge) if c.kind == "event" and c.modality == "asserted"]
    told = [c for c in claims if c.event_type in types or c.sub_event_type in subs]
    drafts = [d for s in ArticleReader(one, knowledge).stories for d in s.drafts if d.unit.modality == "asserted"]
    seen = [d for d in drafts if d.family in frames or d.unit.sub in subs]
    why = "; ".join(f"{d.unit.head.rule.id}:{d.unit.sub}" for d in seen)
    return Verdict(label, text, bool(told), bool(seen), why)


def figures(verdicts: list[Verdict], field: str) -> tuple[float, float, float]:
    """Precision, recall and F1 (percent) of "yes" against the easy and difficult "no"."""
    got = Counter((v.label == "yes", bool(getattr(v, field))) for v in verdicts)
    hit, wrong, missed = got[True, True], got[False, True], got[True, False]
    precision = 100 * hit / (hit + wrong) if hit + wrong else 0.0
    recall = 100 * hit / (hit + missed) if hit + missed else 0.0
    return precision, recall, 2 * precision * recall / (precision + recall) if hit else 0.0


def main() -> None:
    """Print the figures of each family, and a sample of its errors."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("families", nargs="*", default=list(FAMILIES))
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--show", choices=("fp", "fn"))
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    knowledge = Knowledge.load()
    for family in options.families:
        verdicts = [judge(family, text, label, knowledge) for label, text in sentences(family, options.shared)]
        print(family, dict(Counter(v.label for v in verdicts)))
        for field in ("claim", "trigger"):
            precision, recall, f1 = figures(verdicts, field)
            print(f"  {field:8s} P {precision:5.1f}  R {recall:5.1f}  F1 {f1:5.1f}")
        if options.show:
            wrong = [v for v in verdicts if v.trigger == (options.show == "fp") and (v.label == "yes") != v.trigger]
            for v in random.Random(options.seed).sample(wrong, min(options.count, len(wrong))):
                print(f"  [{v.label}] {v.why}\n      {v.text}")


if __name__ == "__main__":
    main()
