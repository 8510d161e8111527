"""Learn the weights of ``data/weights/claims.yaml`` from gold claims.

    python -m benchmarks.train_weights [--shared DIR] [--sets ar_train en_train] [--folds 8] [--threshold T]
        [--penalty P] [--write]

A candidate claim is right where the scorer pairs it with a gold claim. A logistic regression with an L2 penalty
over the features of ``coder/coding/confidence.py`` is fitted; articles, not claims, are dealt into folds. Prints
the cross-validated mean of field F1 by threshold (0: the rules alone), and a reliability table.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

import numpy as np
import yaml
from scipy.optimize import minimize

from benchmarks.gold import SHARED, articles, gold, pair, row, scorer
from coder.coding.code import code_candidates
from coder.coding.confidence import BIAS, THRESHOLD
from coder.knowledge import Knowledge
from coder.paths import data_dir

_RARE = 3  # a feature seen in fewer candidates gets no weight
_ALIKE = 0.2  # a difference in the mean of field F1 that tells nothing on some hundred articles
_PENALTIES = (0.5, 1.0, 2.0, 4.0, 8.0)
_THRESHOLDS = np.round(np.arange(0.0, 0.75, 0.05), 2)


class Candidates:
    """All candidate claims of the sets: features, labels, agreeing fields, article numbers; gold claims an article."""

    def __init__(self, sets: list[str], shared: Path) -> None:
        self.features: list[list[str]] = []
        labels, fields, owner, golds = [], [], [], []
        knowledge = Knowledge.load()
        score = scorer(shared)
        for name in sets:
            wanted = gold(name, shared)
            for article in articles(name, shared):
                mine = wanted[article.article_id]
                coded = code_candidates(article, knowledge)
                rows = [row(claim) for claim, _ in coded]
                got = {j: i for i, j in pair(score, mine, rows)}
                for j, (_, found) in enumerate(coded):
                    self.features.append(found)
                    labels.append(j in got)
                    fields.append(sum(score.agree(mine[got[j]], rows[j]).values()) if j in got else 0)
                    owner.append(len(golds))
                golds.append(len(mine))
        self.labels, self.fields, self.owner = np.array(labels, float), np.array(fields, float), np.array(owner)
        self.golds = np.array(golds)
        self.n_fields = len(score.FIELDS)

    def mean_f1(self, kept: np.ndarray, within: np.ndarray) -> float:
        """The mean of field F1 when the ``kept`` candidates of the articles ``within`` are coded."""
        mask = kept & within[self.owner]
        total = self.golds[within].sum() + mask.sum()
        return float(200 * self.fields[mask].sum() / (self.n_fields * total)) if total else 0.0


def matrix(features: list[list[str]], names: dict[str, int]) -> np.ndarray:
    """Candidates by features, a column of ones first."""
    out = np.zeros((len(features), len(names) + 1))
    out[:, 0] = 1
    for i, found in enumerate(features):
        for name in found:
            if name in names:
                out[i, names[name] + 1] = 1
    return out


def fit(x: np.ndarray, y: np.ndarray, penalty: float) -> np.ndarray:
    """Weights of the logistic regression, the bias free of the penalty."""

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        z = x @ w
        p = 1 / (1 + np.exp(-z))
        value = np.sum(np.logaddexp(0, z) - y * z) + penalty / 2 * np.sum(w[1:] ** 2)
        grad = x.T @ (p - y)
        grad[1:] += penalty * w[1:]
        return float(value), grad

    return np.asarray(minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B").x)


def vocabulary(features: list[list[str]]) -> dict[str, int]:
    """Features seen often enough, numbered by name."""
    counts = Counter(name for found in features for name in found)
    return {name: i for i, name in enumerate(sorted(n for n, c in counts.items() if c >= _RARE))}


def cross_validate(data: Candidates, folds: int, penalty: float) -> np.ndarray:
    """The probability of each candidate from a model that has not seen its article."""
    out = np.zeros(len(data.labels))
    fold = np.arange(len(data.golds)) % folds
    for k in range(folds):
        train, test = fold[data.owner] != k, fold[data.owner] == k
        names = vocabulary([f for f, t in zip(data.features, train, strict=True) if t])
        x = matrix(data.features, names)
        out[test] = 1 / (1 + np.exp(-(x[test] @ fit(x[train], data.labels[train], penalty))))
    return out


def reliability(probability: np.ndarray, labels: np.ndarray) -> str:
    """Share of right claims by band of confidence."""
    lines = ["confidence   claims   right"]
    for low in np.arange(0, 1, 0.2):
        band = (probability >= low) & (probability < low + 0.2)
        share = labels[band].mean() if band.any() else float("nan")
        lines.append(f"{low:.1f}-{low + 0.2:.1f}   {band.sum():8d}   {100 * share:5.1f} %")
    return "\n".join(lines)


def main() -> None:
    """Measure, and write the weights where asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--sets", nargs="+", default=["ar_train", "en_train"])
    parser.add_argument("--folds", type=int, default=8)
    parser.add_argument(
        "--threshold", type=float, choices=list(_THRESHOLDS), help="take this one, where other texts speak for it"
    )
    parser.add_argument("--penalty", type=float, choices=list(_PENALTIES), help="the same of the penalty")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    data = Candidates(args.sets, args.shared)
    everything = np.ones(len(data.golds), bool)
    print(f"{len(data.labels)} candidates, {int(data.labels.sum())} right, {data.golds.sum()} gold claims")
    tried: list[tuple[float, float, float]] = []
    for penalty in _PENALTIES:
        probability = cross_validate(data, args.folds, penalty)
        row_text = []
        for threshold in _THRESHOLDS:
            score = data.mean_f1(probability >= threshold, everything)
            tried.append((score, penalty, float(threshold)))
            row_text.append(f"{threshold:.2f}:{score:.1f}")
        print(f"penalty {penalty}: " + " ".join(row_text))
    # An invented event is worse than a missed one: of what scores alike, the strictest.
    tried = [t for t in tried if args.threshold in (None, t[2]) and args.penalty in (None, t[1])]
    best = max((t for t in tried if t[0] >= max(tried)[0] - _ALIKE), key=lambda t: (t[2], t[0]))
    _, penalty, threshold = best
    probability = cross_validate(data, args.folds, penalty)
    print(f"best: mean of field F1 {best[0]:.1f} at threshold {threshold} with penalty {penalty}")
    kept = probability >= threshold
    right = data.labels[kept].sum()
    print(f"detection: precision {100 * right / kept.sum():.1f}, recall {100 * right / data.golds.sum():.1f}")
    print(reliability(probability, data.labels))
    if args.write:
        names = vocabulary(data.features)
        w = fit(matrix(data.features, names), data.labels, penalty)
        weights = {BIAS: round(float(w[0]), 3), THRESHOLD: threshold}
        weights.update({name: round(float(w[i + 1]), 3) for name, i in names.items() if abs(w[i + 1]) >= 0.005})
        path = data_dir() / "weights" / "claims.yaml"
        path.parent.mkdir(exist_ok=True)
        head = "# Weights of the features of coder/coding/confidence.py, learned by benchmarks/train_weights.py.\n"
        path.write_text(head + yaml.safe_dump(weights, sort_keys=True, allow_unicode=True), encoding="utf-8")
        print(f"written: {path}")


if __name__ == "__main__":
    main()
