"""The triggers of a document: of the words that may tell of an event, those that are read so."""

from __future__ import annotations

from coder.coding.grammar import Grammar
from coder.coding.roles import Trigger
from coder.coding.scan import Scan
from coder.knowledge.lexicon import Match

_STRENGTH = {"strong": 0, "weak": 1, "back": 2, "detail": 3}


def find_triggers(scan: Scan, grammar: Grammar) -> list[Trigger]:
    """The triggers of the document, without overlap: of equals the strong before the weak before the detail.

    Of two readings of one word the noun is taken where only a noun can stand («إثر قصف», «بقتل»).
    """
    clitics = tuple(grammar.clitic_slots)

    def unfit(m: Match) -> bool:
        return m.features.startswith("v.past") and (m.i in grammar.nouns or m.before.endswith(clitics))

    ranked = sorted(
        scan.of("events"), key=lambda m: (m.i, -m.j, unfit(m), _STRENGTH.get(str(scan.rule(m).data.get("strength")), 0))
    )
    out: list[Match] = []
    for m in ranked:
        if out and m.i < out[-1].j:
            if (m.i, m.j) == (out[-1].i, out[-1].j) or m.j - m.i <= out[-1].j - out[-1].i:
                continue
            out.pop()
        out.append(m)
    return [Trigger(m.i, m.j, scan.rule(m), m.features, m.before, m.behind) for m in out]
