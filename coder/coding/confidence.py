"""How sure a claim is, in [0, 1]: from what its own passage says (issue of measurement: benchmarks/reliability)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from coder.coding.drafts import Draft, Story

_WEIGHTS = {"actor1_text": 0.12, "actor2_text": 0.12, "location_text": 0.16, "date_text": 0.1, "fatalities_text": 0.08}


def confidence(values: Mapping[str, Any], group: Sequence[Draft], story: Story) -> float:
    """The share of the claim's parts that its own words give, weak triggers counted less."""
    score = 0.3 + sum(w for column, w in _WEIGHTS.items() if values.get(column))
    if any(t.strength == "strong" for d in group for t in d.unit.triggers):
        score += 0.12
    if not values.get("background"):
        score += 0.02
    return round(min(score, 0.98), 2)
