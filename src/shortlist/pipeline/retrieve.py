"""query -> pool: every source is asked, and their candidates are merged once."""

from collections.abc import Mapping, Sequence

import numpy as np
from pydantic import BaseModel, ConfigDict, PositiveInt

from shortlist.core.candidates import Items, Query, Scores
from shortlist.core.pool import Pool
from shortlist.retrieval.source import SourceModel


class RetrievalSettings(BaseModel):
    """How many candidates are gathered."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    per_source: PositiveInt = 100
    """How many items a source proposes at most."""

    limit: PositiveInt = 500
    """How many candidates the ranker sees at most; the best-placed of each source come first."""


def gather(
    models: Mapping[str, SourceModel],
    query: Query,
    settings: RetrievalSettings,
    allowed: Items | None = None,
) -> Pool:
    """Ask every source and merge what they propose; each candidate carries all scores.

    With `allowed` nothing else is proposed. Where no source has anything to say, as before
    the first event, the items themselves are the candidates, in catalogue order.
    """
    scores = np.stack([model.score(query) for model in models.values()])
    blocked = _blocked(scores.shape[1], query.excluded, allowed)
    proposals = [_proposals(row, blocked, settings.per_source) for row in scores]
    items = _merge(proposals, settings.limit)
    if not len(items):
        items = np.flatnonzero(~blocked)[: settings.limit].astype(np.int32)
    ranks = np.full((len(scores), len(items)), settings.per_source, np.float32)
    for row, proposed in zip(ranks, proposals, strict=True):
        place = np.searchsorted(items, proposed)
        place[place == len(items)] = 0
        kept = items[place] == proposed if len(items) else np.zeros(0, bool)
        row[place[kept]] = np.flatnonzero(kept)
    tops = np.array([row[p[0]] if len(p) else 0 for row, p in zip(scores, proposals, strict=True)])
    return Pool(items, scores[:, items], tops.astype(np.float32), ranks, settings.per_source)


def pool_of(models: Mapping[str, SourceModel], query: Query, items: Items, quota: int) -> Pool:
    """A pool of given items, such as a caller's own; the ranks are those within the pool."""
    scores = np.stack([model.score(query) for model in models.values()])[:, items]
    order = np.argsort(-scores, axis=1, kind="stable")
    ranks = np.empty(scores.shape, np.float32)
    np.put_along_axis(ranks, order, np.arange(len(items), dtype=np.float32)[None, :], axis=1)
    tops = scores.max(axis=1, initial=0)
    return Pool(items, scores, tops, np.minimum(ranks, quota), quota)


def _blocked(n_items: int, excluded: Items, allowed: Items | None) -> np.ndarray:
    blocked = np.zeros(n_items, bool)
    if allowed is not None:
        blocked[:] = True
        blocked[allowed] = False
    blocked[excluded] = True
    return blocked


def _proposals(scores: Scores, blocked: np.ndarray, limit: int) -> Items:
    """The source's best items, best first; ties go to the smaller index."""
    usable = np.where(blocked, np.float32(0), scores)
    if len(usable) > limit:
        threshold = np.partition(usable, len(usable) - limit)[len(usable) - limit]
        places = np.flatnonzero(usable >= max(threshold, np.finfo(np.float32).tiny))
    else:
        places = np.flatnonzero(usable > 0)
    order = np.argsort(-usable[places], kind="stable")[:limit]
    return places[order].astype(np.int32)


def _merge(proposals: Sequence[Items], limit: int) -> Items:
    """All proposals, each item once, ascending; over the limit the worst-placed are left out."""
    together = np.concatenate(proposals)
    items = np.unique(together)
    if len(items) <= limit:
        return items.astype(np.int32)
    place = np.concatenate([np.arange(len(each)) for each in proposals])
    order = np.lexsort((together, place))
    _, met = np.unique(together[order], return_index=True)
    kept = together[order][np.sort(met)[:limit]]
    return np.sort(kept).astype(np.int32)
