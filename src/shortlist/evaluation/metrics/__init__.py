"""Ranked lists and scored pairs -> numbers. One file a metric.

To add a metric: write `evaluation/metrics/<name>.py`, then add it to the list of its family
below. The contract tests, the tables and the report find it there.
"""

from collections.abc import Iterable
from typing import TypeVar

from shortlist.core.registry import Registry
from shortlist.evaluation.metrics.auc import Auc
from shortlist.evaluation.metrics.average_precision import AveragePrecision
from shortlist.evaluation.metrics.calibration_error import CalibrationError
from shortlist.evaluation.metrics.coverage import Coverage
from shortlist.evaluation.metrics.diversity import Diversity
from shortlist.evaluation.metrics.gini import Gini
from shortlist.evaluation.metrics.hit_rate import HitRate
from shortlist.evaluation.metrics.log_loss import LogLoss
from shortlist.evaluation.metrics.metric import CatalogueMetric, ListMetric, Metric, PairMetric
from shortlist.evaluation.metrics.mrr import ReciprocalRank
from shortlist.evaluation.metrics.ndcg import Ndcg
from shortlist.evaluation.metrics.normalised_entropy import NormalisedEntropy
from shortlist.evaluation.metrics.novelty import Novelty
from shortlist.evaluation.metrics.precision import Precision
from shortlist.evaluation.metrics.recall import Recall
from shortlist.evaluation.metrics.user_auc import UserAuc

M = TypeVar("M", bound=Metric)


def _named(metrics: Iterable[M]) -> Registry[M]:
    return Registry((metric.name, metric) for metric in metrics)


LIST_METRICS: Registry[ListMetric] = _named(
    (
        Ndcg(),
        Recall(),
        Precision(),
        ReciprocalRank(),
        AveragePrecision(),
        HitRate(),
    )
)

PAIR_METRICS: Registry[PairMetric] = _named(
    (
        Auc(),
        UserAuc(),
        LogLoss(),
        NormalisedEntropy(),
        CalibrationError(),
    )
)

CATALOGUE_METRICS: Registry[CatalogueMetric] = _named(
    (
        Coverage(),
        Novelty(),
        Diversity(),
        Gini(),
    )
)

METRICS: Registry[Metric] = Registry(
    (*LIST_METRICS.items(), *PAIR_METRICS.items(), *CATALOGUE_METRICS.items())
)
"""All three families; a name is used once among them."""
