"""Agreement between two codings: which claims pair up, and how far the pairs agree.

Two claims of an article can pair where their spans overlap; among all ways to pair them one to one, the one
with the most agreeing fields is taken. ``detect`` is the F1 of the pairing. Every field is an F1 too,
agreeing pairs over all claims of both codings, so that a missed or an invented claim costs every field.
``among_pairs`` is the share of the pairs that agree.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from coder.agreement.codings import Claim, Coding
from coder.agreement.fields import FIELDS, Field, number
from coder.errors import UserError

MISSED, EXTRA = "(missed)", "(extra)"
"""Stands in a confusion table where a claim has no partner in the second, or in the first coding."""

_EMPTY = "(empty)"
_TIE = 1e-6


class Pair(NamedTuple):
    """A claim of each coding; None where the other coding has no partner for it."""

    article_id: str
    gold: Claim | None
    coded: Claim | None


@dataclass(frozen=True, slots=True)
class FieldScore:
    """Agreement in one field: F1 and share of agreeing pairs from 0 to 1, kappa and alpha from -1 to 1.

    Kappa and alpha are None where the field's scale has none or where the values do not vary.
    """

    f1: float
    among_pairs: float
    kappa: float | None
    alpha: float | None


@dataclass(frozen=True, slots=True)
class Score:
    """Agreement of two codings; ``mean`` is that of the F1 of the core fields."""

    gold: int
    coded: int
    paired: int
    precision: float
    recall: float
    detect: float
    fields: Mapping[str, FieldScore]
    mean: float
    confusions: Mapping[str, Mapping[tuple[str, str], int]]
    pairs: tuple[Pair, ...]


def score(gold: Coding, coded: Coding) -> Score:
    """Compare two codings over the articles of the first.

    Raises UserError where the libraries of the extra ``score`` are not installed.
    """
    pairs = tuple(pair for article in gold.claims for pair in _paired(article, gold, coded))
    both = [(p.gold, p.coded) for p in pairs if p.gold is not None and p.coded is not None]
    n_gold, n_coded = (sum(claim is not None for claim in side) for side in _sides(pairs))
    fields = [f for f in FIELDS if f.column in gold.columns and f.column in coded.columns]
    found = {f.name: _field(f, both, n_gold + n_coded) for f in fields}
    core = [found[f.name].f1 for f in fields if f.core]
    return Score(
        gold=n_gold,
        coded=n_coded,
        paired=len(both),
        precision=len(both) / n_coded if n_coded else 0.0,
        recall=len(both) / n_gold if n_gold else 0.0,
        detect=_f1(len(both), n_gold + n_coded),
        fields=found,
        mean=sum(core) / len(core) if core else 0.0,
        confusions={f.name: _confusion(f, pairs) for f in fields if f.scale == "nominal"},
        pairs=pairs,
    )


def _sides(pairs: Sequence[Pair]) -> tuple[list[Claim | None], list[Claim | None]]:
    return [p.gold for p in pairs], [p.coded for p in pairs]


def _f1(agreeing: int, claims: int) -> float:
    return 2 * agreeing / claims if claims else 0.0


def _paired(article: str, gold: Coding, coded: Coding) -> Iterator[Pair]:
    mine, theirs = gold.claims[article], coded.claims.get(article, [])
    partners = best_pairs(mine, theirs)
    for n, claim in enumerate(mine):
        yield Pair(article, claim, theirs[partners[n]] if n in partners else None)
    taken = set(partners.values())
    yield from (Pair(article, None, claim) for n, claim in enumerate(theirs) if n not in taken)


def best_pairs(mine: Sequence[Claim], theirs: Sequence[Claim]) -> dict[int, int]:
    """The one-to-one pairing with the most agreeing fields, ties broken by overlap: place to place."""
    if not mine or not theirs:
        return {}
    try:
        import numpy as np
        from scipy.optimize import linear_sum_assignment
    except ImportError as error:
        raise UserError(f"{error.name} is not installed; run: pip install 'coder[score]'") from error
    weights = np.array([[_weight(one, other) for other in theirs] for one in mine])
    rows, columns = linear_sum_assignment(-weights)
    return {int(i): int(j) for i, j in zip(rows, columns, strict=True) if weights[i, j] > 0}


def _weight(one: Claim, other: Claim) -> float:
    overlap: int = min(one["end"], other["end"]) - max(one["start"], other["start"])
    if overlap <= 0:
        return 0.0
    return 1 + sum(f.agree(one, other) for f in FIELDS if f.core) + overlap * _TIE


def _field(field: Field, both: Sequence[tuple[Claim, Claim]], claims: int) -> FieldScore:
    agreeing = sum(field.agree(one, other) for one, other in both)
    kappa = alpha = None
    if field.scale == "nominal":
        labels = [(_label(field, one), _label(field, other)) for one, other in both]
        kappa, alpha = chance_corrected(labels)
    elif field.scale == "ratio":
        numbers = [(number(one.get(field.column)), number(other.get(field.column))) for one, other in both]
        known = [(a, b) for a, b in numbers if a is not None and b is not None]
        _, alpha = chance_corrected(known, ratio=True)
    return FieldScore(_f1(agreeing, claims), agreeing / len(both) if both else 0.0, kappa, alpha)


def chance_corrected(labels: Sequence[tuple[Any, Any]], ratio: bool = False) -> tuple[float | None, float | None]:
    """Cohen's kappa and Krippendorff's alpha of pairs of labels; None where the labels do not vary."""
    if len({label for pair in labels for label in pair}) < 2:
        return None, None
    try:
        from nltk.metrics import binary_distance
        from nltk.metrics.agreement import AnnotationTask
    except ImportError as error:
        raise UserError(f"{error.name} is not installed; run: pip install 'coder[score]'") from error
    data = [(coder, n, label) for n, pair in enumerate(labels) for coder, label in zip("ab", pair, strict=True)]
    task = AnnotationTask(data, distance=_ratio if ratio else binary_distance)
    return (None if ratio else float(task.kappa())), float(task.alpha())


def _ratio(one: float, other: float) -> float:
    """Krippendorff's difference of two counts on a ratio scale."""
    return 0.0 if one == other else ((one - other) / (one + other)) ** 2


def _label(field: Field, claim: Claim) -> str:
    value = claim.get(field.column)
    return _EMPTY if value is None or value == "" or value != value else str(value)


def _confusion(field: Field, pairs: Sequence[Pair]) -> dict[tuple[str, str], int]:
    counts: Counter[tuple[str, str]] = Counter()
    for pair in pairs:
        mine = EXTRA if pair.gold is None else _label(field, pair.gold)
        theirs = MISSED if pair.coded is None else _label(field, pair.coded)
        counts[mine, theirs] += 1
    return dict(sorted(counts.items()))


def disagreements(pair: Pair) -> dict[str, tuple[Any, Any]]:
    """The fields in which a pair disagrees, with both values; nothing for a claim without a partner."""
    if pair.gold is None or pair.coded is None:
        return {}
    return {
        f.name: (pair.gold.get(f.column), pair.coded.get(f.column))
        for f in FIELDS
        if f.core and not f.agree(pair.gold, pair.coded)
    }
