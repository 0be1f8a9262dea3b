"""How well clicks can be told at all: the truth's own scores, and those of simple lines.

Written out here because the simulator may import no part of the evaluation.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


def auc(scores: Floats, clicked: Mask) -> float:
    """The probability that a clicked impression scores above one not clicked; ties count half.

    The Mann-Whitney statistic (Hanley and McNeil, 1982). NaN where all or none were clicked.
    """
    positives = int(clicked.sum())
    negatives = len(clicked) - positives
    if not positives or not negatives:
        return float("nan")
    _, place, tied = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(tied) - (tied - 1) / 2)[place]
    return float((ranks[clicked].sum() - positives * (positives + 1) / 2) / positives / negatives)


def log_loss(probabilities: Floats, clicked: Mask) -> float:
    """Mean negative log-likelihood in nats; probabilities are kept 1e-12 away from 0 and 1."""
    if not len(clicked):
        return float("nan")
    p = np.clip(probabilities, 1e-12, 1 - 1e-12)
    return float(-np.where(clicked, np.log(p), np.log1p(-p)).mean())


@dataclass(frozen=True)
class Limits:
    """What a perfect and some simple-minded scorers reach on the impressions of a period."""

    impressions: int
    click_rate: float
    oracle_auc: float
    """By the true click probability."""
    oracle_log_loss: float
    base_log_loss: float
    """Of telling the period's click rate every time."""
    relevance_auc: float
    """By the true relevance: the best that can be done without the position."""
    position_auc: float
    """By the position alone."""
    popularity_auc: float
    """By the number of clicks on the item so far."""
    click_rate_auc: float
    """By the item's click rate so far, smoothed with 20 impressions at the usual rate."""


def limits(truth: pl.DataFrame, since: int) -> Limits:
    """The limits on the impressions from an instant on; `truth` is in the order of time."""
    clicks, shown = _so_far(truth)
    usual = float(truth["clicked"].to_numpy().mean()) if len(truth) else 0.0
    late = truth["time"].to_numpy() >= since
    clicked = truth["clicked"].to_numpy()[late]
    probability = truth["probability"].to_numpy()[late]
    rate = float(clicked.mean()) if len(clicked) else float("nan")
    return Limits(
        impressions=len(clicked),
        click_rate=rate,
        oracle_auc=auc(probability, clicked),
        oracle_log_loss=log_loss(probability, clicked),
        base_log_loss=log_loss(np.full(len(clicked), rate), clicked),
        relevance_auc=auc(truth["relevance"].to_numpy()[late], clicked),
        position_auc=auc(-truth["position"].to_numpy()[late].astype(np.float64), clicked),
        popularity_auc=auc(clicks[late], clicked),
        click_rate_auc=auc((clicks[late] + 20 * usual) / (shown[late] + 20), clicked),
    )


def _so_far(truth: pl.DataFrame) -> tuple[Floats, Floats]:
    """Clicks and impressions of each row's item in the rows above it."""
    hit = pl.col("clicked").cast(pl.Int64)
    counts = truth.select(
        clicks=(hit.cum_sum() - hit).over("item"), shown=pl.int_range(pl.len()).over("item")
    )
    return (
        counts["clicks"].to_numpy().astype(np.float64),
        counts["shown"].to_numpy().astype(np.float64),
    )
