"""query -> pool: every source is asked, and their candidates are merged once."""

from collections.abc import Mapping, Sequence

import numpy as np
from pydantic import BaseModel, ConfigDict, PositiveInt

from shortlist.core.candidates import Items, Query
from shortlist.core.pool import Pool
from shortlist.pipeline.proposals import Mask, Proposals, ScoreTable
from shortlist.retrieval.source import SourceModel


class RetrievalSettings(BaseModel):
    """How many candidates are gathered."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    per_source: PositiveInt = 100
    """How many items a source proposes at most."""

    limit: PositiveInt = 500
    """How many candidates the ranker sees at most; the best-placed of each source come first."""


def score_all(models: Mapping[str, SourceModel], query: Query) -> ScoreTable:
    """What every source gives every item: sources x items."""
    scores = [model.score(query) for model in models.values()]
    table = np.empty((len(scores), len(scores[0])), np.float32)
    for row, each in zip(table, scores, strict=True):
        row[:] = each
    return table


def score_many(models: Mapping[str, SourceModel], queries: Sequence[Query]) -> ScoreTable:
    """What every source gives every item for at least one query: queries x sources x items."""
    return np.stack([model.score_many(queries) for model in models.values()], axis=1)


def merge(
    scores: ScoreTable,
    excluded: Items,
    settings: RetrievalSettings,
    allowed: Items | None = None,
) -> Pool:
    """The best of every source, merged; each candidate carries the scores of all.

    With `allowed` nothing else is proposed. Where no source has anything to say, as before
    the first event, the items themselves are the candidates, in catalogue order.
    """
    mask = None
    if allowed is not None:
        mask = np.zeros(scores.shape[1], bool)
        mask[allowed] = True
    free = _free(scores, excluded, mask)
    proposals = Proposals.of(scores, free, [settings.per_source] * len(scores))
    items = proposals.merged(settings.limit)
    if not len(items):
        items = np.flatnonzero(free)[: settings.limit].astype(np.int32)
    return proposals.pool(scores, items, settings.per_source)


def merge_some(
    scores: ScoreTable,
    excluded: Items,
    settings: RetrievalSettings,
    quotas: Sequence[int],
    *,
    allowed: Mask | None = None,
    also: Items | None = None,
    at_least: int = 0,
) -> Pool:
    """`merge` where each source has a quota of its own, 0 for one that proposes nothing.

    The items of `also` are candidates in any case. Where there are fewer than `at_least`, others
    that may be proposed join them, those with the best score of the first source first.
    """
    free = _free(scores, excluded, allowed)
    proposals = Proposals.of(scores, free, quotas)
    items = proposals.merged(settings.limit)
    if also is not None and len(also):
        items = np.union1d(items, also).astype(np.int32)
    if len(items) < at_least:
        free[items] = False
        others = np.flatnonzero(free)
        best = np.argsort(-scores[0][others], kind="stable")[: at_least - len(items)]
        items = np.union1d(items, others[best]).astype(np.int32)
    return proposals.pool(scores, items, settings.per_source)


def pool_of(scores: ScoreTable, excluded: Items, settings: RetrievalSettings, items: Items) -> Pool:
    """A pool of given items, ascending, with the ranks they have among all that may be proposed."""
    free = _free(scores, excluded, None)
    proposals = Proposals.of(scores, free, [settings.per_source] * len(scores))
    return proposals.pool(scores, items, settings.per_source)


def _free(scores: ScoreTable, excluded: Items, allowed: Mask | None) -> Mask:
    """Which items may be proposed."""
    free = np.ones(scores.shape[1], bool) if allowed is None else allowed.copy()
    free[excluded] = False
    return free
