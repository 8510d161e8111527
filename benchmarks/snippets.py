"""Short texts of our own: is each told as its sub-event type, and do the hard negatives stay silent?

Of each text's event claims, the asserted one that the coder is surest of is taken. Usage:
python -m benchmarks.snippets [--language ar|en] [--show]
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

import yaml

from coder.coding.code import code_article
from coder.knowledge import Knowledge
from coder.model import Article, Claim, Part

FOLDER = Path(__file__).resolve().parent
NONE = "no event"


class Result(NamedTuple):
    """A text, what it is, and what the coder made of it."""

    language: str
    wanted: str
    text: str
    got: str
    claims: Sequence[Claim]


def texts(name: str) -> Iterator[tuple[str, str, date, str]]:
    """(key, language, day of publication, text) of every text of a file."""
    for key, by_language in yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8")).items():
        for language, entries in by_language.items():
            for entry in entries:
                day, text = entry.split(" ", 1)
                yield key, language, date.fromisoformat(day), text


def code(language: str, day: date, text: str, knowledge: Knowledge) -> list[Claim]:
    """The asserted event claims of a text, the surest first."""
    article = Article("snippet", "Newspaper", None, None, None, day, language, text, (Part(0, len(text), "body"),))
    claims = [c for c in code_article(article, knowledge) if c.kind == "event" and c.modality == "asserted"]
    return sorted(claims, key=lambda c: -(c.confidence or 0))


def results(language: str, knowledge: Knowledge) -> list[Result]:
    """What the coder makes of all texts of a language; negatives want no event."""
    out = []
    for name in ("snippets", "negatives"):
        for key, lang, day, text in texts(name):
            if lang == language:
                claims = code(lang, day, text, knowledge)
                wanted = key if name == "snippets" else f"{NONE}: {key}"
                out.append(Result(lang, wanted, text, str(claims[0].sub_event_type) if claims else NONE, claims))
    return out


def weighted_f1(rows: Sequence[Result]) -> float:
    """F1 (percent) of the sub-types, weighted by how often each is wanted."""
    support = Counter(r.wanted for r in rows if not r.wanted.startswith(NONE))
    total = 0.0
    for sub, n in support.items():
        hit = sum(r.wanted == r.got == sub for r in rows)
        coded = sum(r.got == sub for r in rows)
        total += n * (2 * hit / (n + coded) if coded else 0.0)
    return 100 * total / sum(support.values())


def main() -> None:
    """Print the figures of each language and, on demand, the failures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--language", choices=("ar", "en"))
    parser.add_argument("--show", action="store_true", help="print what went wrong")
    options = parser.parse_args()
    knowledge = Knowledge.load()
    for language in [options.language] if options.language else ["ar", "en"]:
        rows = results(language, knowledge)
        told = [r for r in rows if not r.wanted.startswith(NONE)]
        quiet = [r for r in rows if r.wanted.startswith(NONE)]
        right = [r for r in told if r.got == r.wanted]
        silent = [r for r in told if r.got == NONE]
        noisy = [r for r in quiet if r.got != NONE]
        share = 100 * len(right) / len(told)
        print(
            f"{language}: {len(told)} texts, right sub-type {share:.1f} %, silent {len(silent)}, "
            f"weighted F1 {weighted_f1(rows):.1f}; {len(quiet)} negatives, false positives {len(noisy)}"
        )
        for r in rows if options.show else []:
            if r.got != (NONE if r in quiet else r.wanted):
                also = [c.sub_event_type for c in r.claims[1:]]
                print(f"  {r.wanted} → {r.got} {also or ''}: {r.text}")


if __name__ == "__main__":
    main()
