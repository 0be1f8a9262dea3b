"""Predictions for the same pairs, measured side by side."""

from collections.abc import Mapping

import numpy as np

from shortlist.core.errors import Invalid
from shortlist.evaluation.intervals import PAIR_RESAMPLES, pair_intervals
from shortlist.evaluation.metrics import PAIR_METRICS
from shortlist.evaluation.metrics.calibration_error import equal_mass_bins
from shortlist.evaluation.pairs import ScoredPairs
from shortlist.evaluation.results import Curve, PairSection, Row, RowRole

ROC_POINTS = 120
CALIBRATION_BINS = 12


def compare_pairs(
    rows: Mapping[str, ScoredPairs],
    *,
    title: str,
    protocol: str,
    seed: int,
    roles: Mapping[str, RowRole] | None = None,
    resamples: int = PAIR_RESAMPLES,
    notes: tuple[str, ...] = (),
) -> PairSection:
    """Every pair metric of every row, with intervals, calibration and ROC curves.

    Metrics of probabilities are left out for rows whose scores are none. Raises Invalid where the
    rows are not of the same pairs.
    """
    first = next(iter(rows.values()))
    if any(not np.array_equal(first.outcome, each.outcome) for each in rows.values()):
        raise Invalid("rows can be compared only on the same pairs")
    calibrated = {name: pairs for name, pairs in rows.items() if _is_probability(pairs)}
    metrics = {
        name: pair_intervals(
            [
                metric
                for metric in PAIR_METRICS.values()
                if name in calibrated or not metric.needs_probability
            ],
            {name: pairs},
            seed=seed,
            resamples=resamples,
        )[name]
        for name, pairs in rows.items()
    }
    return PairSection(
        title=title,
        protocol=protocol,
        pairs=len(first),
        base_rate=first.base_rate,
        rows=tuple(
            Row(name=name, role=(roles or {}).get(name, "contender"), metrics=metrics[name])
            for name in rows
        ),
        calibration={name: calibration_curve(pairs) for name, pairs in calibrated.items()},
        roc={name: roc_curve(pairs) for name, pairs in rows.items()},
        notes=notes,
    )


def calibration_curve(pairs: ScoredPairs, bins: int = CALIBRATION_BINS) -> Curve:
    """Mean prediction (x) and share that came true (y) in bins of equal mass."""
    found = equal_mass_bins(pairs, bins)
    return Curve(x=tuple(found.predicted.tolist()), y=tuple(found.observed.tolist()))


def roc_curve(pairs: ScoredPairs, points: int = ROC_POINTS) -> Curve:
    """False positive rate (x) and true positive rate (y) as the threshold falls.

    Thinned to about `points` points. Source: Fawcett 2006, "An introduction to ROC analysis",
    Pattern Recognition Letters 27(8), algorithm 1.

    >>> roc_curve(ScoredPairs.of([0.9, 0.5, 0.1], [1, 0, 1]))
    Curve(x=(0.0, 0.0, 1.0, 1.0), y=(0.0, 0.5, 0.5, 1.0))
    """
    order = np.argsort(-pairs.score, kind="stable")
    score, outcome = pairs.score[order], pairs.outcome[order]
    level_ends = np.append(np.flatnonzero(np.diff(score)), len(score) - 1)
    true = np.concatenate([[0.0], np.cumsum(outcome)[level_ends]])
    false = np.concatenate([[0.0], np.cumsum(~outcome)[level_ends]])
    kept = np.unique(np.linspace(0, len(true) - 1, points).round().astype(np.int64))
    return Curve(
        x=tuple((false[kept] / max(false[-1], 1)).tolist()),
        y=tuple((true[kept] / max(true[-1], 1)).tolist()),
    )


def _is_probability(pairs: ScoredPairs) -> bool:
    return bool(pairs.score.min() >= 0 and pairs.score.max() <= 1)
