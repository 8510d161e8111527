"""What one draft of a story may lend to the claim of another: its doer, its target (codebook section 4)."""

from __future__ import annotations

from collections.abc import Sequence

from coder.coding.drafts import Draft
from coder.coding.units import REMOTE

_AIMED = ("Shelling/artillery/missile attack", "Air/drone strike")  # at a place, also where it hits no one told of


def lends_doer(d: Draft, group: Sequence[Draft]) -> bool:
    """May a draft of the story lend its doer: not a bare «attack» to a deed with weapons that reach far?

    Who claims or is accused of «the attack» is its doer; whoever else stands beside that word may have condemned it.
    """
    if d.unit.sub is not None or d.unit.frame == "casualty" or d.speaker.stance in ("claim", "accuse"):
        return True
    return not d.unit.anaphoric and not any(g.unit.sub in REMOTE for g in group)


def lends_target(d: Draft, group: Sequence[Draft]) -> bool:
    """May a draft of the story lend whom it hit?

    A demonstration takes over whom another of its kind met; shells and bombs from the air, which fall on places of
    their own, only who was killed there in the words beside them.
    """
    if any(g.family == "protest" for g in group):
        return d.family == "protest"
    told = [g for g in group if g.unit.sub in _AIMED and not g.unit.anaphoric]
    if not told:
        return True
    return d.unit.frame == "casualty" and any(abs(d.unit.sentence - g.unit.sentence) <= 1 for g in told)
