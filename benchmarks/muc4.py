"""MUC-4: are the incidents of its news on Latin America typed, and their doers named?

The news is of 1988 to 1990, mostly in upper case. Figures: articles with an incident whose first
template's type comes out (stricter: every one's); articles without an incident that stay silent, of MUC's
types and of any (MUC leaves out fights between armed sides and what is over two months old, which the
codebook codes); templates with a perpetrator organisation that a claim names as its first side.
Usage: python -m benchmarks.muc4 [--shared DIR] [--show type|noise|doer] [--count N]
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.gold import SHARED, scorer
from coder.coding.code import code_article
from coder.knowledge import Knowledge
from coder.model import Article, Claim, Part

_BOMBS = frozenset(
    (
        "Remote explosive/landmine/IED",
        "Suicide bomb",
        "Grenade",
        "Shelling/artillery/missile attack",
        "Air/drone strike",
    )
)
_DAMAGE = frozenset(("Looting/property destruction", "Violent demonstration", "Mob violence"))
TYPES = {
    "BOMBING": _BOMBS,
    "ATTACK": _BOMBS
    | {
        "Attack",
        "Armed clash",
        "Sexual violence",
        "Chemical weapon",
        "Mob violence",
        "Excessive force against protesters",
        "Non-state actor overtakes territory",
    },
    "KIDNAPPING": frozenset(("Abduction/forced disappearance",)),
    "ARSON": _DAMAGE,
    "ROBBERY": _DAMAGE,
    "FORCED WORK STOPPAGE": frozenset(("Other", "Change to group/activity", "Looting/property destruction")),
}
_INCIDENTS = _BOMBS | {"Attack", "Abduction/forced disappearance", "Looting/property destruction"}
_DATE = re.compile(r"\b(\d{1,2}) ([A-Z]{3})[A-Z]* (\d{2})\b")
_QUOTED = re.compile(r'"([^"]+)"')


class Outcome(NamedTuple):
    """An article with what MUC and the coder say of it."""

    text: str
    templates: Sequence[dict[str, list[str]]]
    claims: Sequence[Claim]


def read(shared: Path = SHARED) -> Iterator[tuple[Article, list[dict[str, list[str]]]]]:
    """The articles and their templates of accomplished or attempted incidents; the dateline gives the day."""
    with gzip.open(shared / "gold" / "muc4_dev.jsonl.gz", "rt", encoding="utf-8") as file:
        for line in file:
            raw: dict[str, Any] = json.loads(line)
            text = str(raw["text"])
            found = _DATE.search(text[:200])
            published = None
            if found:
                try:
                    published = datetime.strptime(" ".join(found.groups()).title(), "%d %b %y").date()
                except ValueError:
                    published = None
            parts = (Part(0, len(text), "body"),)
            yield (
                Article(raw["docid"], "FBIS", None, None, None, published, "en", text, parts),
                raw["templates"],
            )


def types(template: dict[str, list[str]]) -> list[str]:
    """The incident types of a template; several where the analysts left it open."""
    return [t.strip() for value in template["INCIDENT: TYPE"] for t in value.split("/")]


def typed(template: dict[str, list[str]], claims: Sequence[Claim]) -> bool:
    """Does a claim tell of the template's type of incident?"""
    return any(c.sub_event_type in TYPES[t] for t in types(template) for c in claims)


def organisations(template: dict[str, list[str]]) -> list[str]:
    """The names of the perpetrating organisation, alternatives among them."""
    return [name for value in template["PERP: ORGANIZATION ID"] for name in _QUOTED.findall(value)]


def named(names: Sequence[str], claims: Sequence[Claim], score: Any) -> bool:
    """Does a claim give one of the names as its first side?"""
    sides = [s for c in claims for s in (c.actor1, c.actor1_text, c.assoc_actor_1) if s]
    return any(score.same_words(name, side) for name in names for side in sides)


def main() -> None:
    """Print the three figures, what is silent of each type, and a sample of the errors."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--show", choices=("type", "noise", "doer"))
    parser.add_argument("--count", type=int, default=15)
    options = parser.parse_args()
    knowledge, score = Knowledge.load(), scorer(options.shared)
    outcomes = [
        Outcome(a.text, t, [c for c in code_article(a, knowledge) if c.kind == "event"])
        for a, t in read(options.shared)
    ]
    told = [o for o in outcomes if o.templates]
    quiet = [o for o in outcomes if not o.templates]
    first = [o for o in told if typed(o.templates[0], o.claims)]
    every = [o for o in told if all(typed(t, o.claims) for t in o.templates)]
    noisy = [o for o in quiet if any(c.modality == "asserted" and c.sub_event_type in _INCIDENTS for c in o.claims)]
    any_claim = [o for o in quiet if o.claims]
    doers = [(t, o) for o in told for t in o.templates if organisations(t)]
    found = [(t, o) for t, o in doers if named(organisations(t), o.claims, score)]
    print(f"articles {len(outcomes)}, with an incident {len(told)}")
    print(f"incident type right: first template {_share(first, told)}, every template {_share(every, told)}")
    print(
        f"silent without an incident: {_share([o for o in quiet if o not in noisy], quiet)} of MUC's types, "
        f"{_share([o for o in quiet if o not in any_claim], quiet)} of any type"
    )
    print(f"perpetrator organisation named: {_share(found, doers)} of {len(doers)} templates")
    missed = Counter(t for o in told for x in o.templates if not typed(x, o.claims) for t in types(x))
    print("templates whose type did not come out:", dict(missed))
    if options.show == "type":
        for o in [o for o in told if o not in first][: options.count]:
            print(
                "--",
                types(o.templates[0]),
                [c.sub_event_type for c in o.claims],
                " ".join(o.text.split())[:600],
            )
    if options.show == "noise":
        for o in noisy[: options.count]:
            for c in o.claims:
                print("--", c.sub_event_type, c.modality, " ".join(c.text.split())[:300])
    if options.show == "doer":
        lost = Counter(tuple(organisations(t)) for t, o in doers if not named(organisations(t), o.claims, score))
        for names, n in lost.most_common(options.count):
            print(f"  {n:3d}  {' / '.join(names)}")


def _share(part: Sequence[object], whole: Sequence[object]) -> str:
    return f"{100 * len(part) / max(1, len(whole)):.1f} %"


if __name__ == "__main__":
    main()
