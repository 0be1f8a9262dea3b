"""query -> pool: every source is asked, and their candidates are merged once."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, PositiveInt

from shortlist.core.candidates import Items, Query, Scores
from shortlist.core.pool import Pool
from shortlist.retrieval.source import SourceModel

ScoreTable = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

SAMPLED = 16
"""One of so many scores is looked at to guess where the best begin."""

SAFETY = 3
"""How many times as many items as are wanted the guess aims at."""


class RetrievalSettings(BaseModel):
    """How many candidates are gathered."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    per_source: PositiveInt = 100
    """How many items a source proposes at most."""

    limit: PositiveInt = 500
    """How many candidates the ranker sees at most; the best-placed of each source come first."""


def score_all(models: Mapping[str, SourceModel], query: Query) -> ScoreTable:
    """What every source gives every item: sources x items."""
    return np.stack([model.score(query) for model in models.values()])


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
    blocked = _blocked(scores.shape[1], excluded, allowed)
    proposals = [_proposals(row, blocked, settings.per_source) for row in scores]
    items = _merge(proposals, settings.limit)
    if not len(items):
        items = np.flatnonzero(~blocked)[: settings.limit].astype(np.int32)
    return _pool(scores, proposals, items, settings.per_source)


def merge_some(
    scores: ScoreTable,
    blocked: Mask,
    settings: RetrievalSettings,
    quotas: Sequence[int],
    *,
    also: Items,
    at_least: int,
) -> Pool:
    """`merge` where each source has a quota of its own, 0 for one that proposes nothing.

    The items of `also` are candidates in any case. Where there are fewer than `at_least`, others
    that are not blocked join them, those with the best score of the first source before the others.
    """
    proposals = [_proposals(row, blocked, quota) for row, quota in zip(scores, quotas, strict=True)]
    items = np.union1d(_merge(proposals, settings.limit), also).astype(np.int32)
    if len(items) < at_least:
        free = ~blocked
        free[items] = False
        others = np.flatnonzero(free)
        best = np.argsort(-scores[0][others], kind="stable")[: at_least - len(items)]
        items = np.union1d(items, others[best]).astype(np.int32)
    return _pool(scores, proposals, items, settings.per_source)


def pool_of(scores: ScoreTable, excluded: Items, settings: RetrievalSettings, items: Items) -> Pool:
    """A pool of given items, ascending, with the ranks they have among all that may be proposed."""
    blocked = _blocked(scores.shape[1], excluded, None)
    proposals = [_proposals(row, blocked, settings.per_source) for row in scores]
    return _pool(scores, proposals, items, settings.per_source)


def _pool(scores: ScoreTable, proposals: Sequence[Items], items: Items, quota: int) -> Pool:
    ranks = np.full((len(scores), len(items)), quota, np.float32)
    for row, proposed in zip(ranks, proposals, strict=True):
        place = np.minimum(np.searchsorted(items, proposed), max(0, len(items) - 1))
        kept = items[place] == proposed if len(items) else np.zeros(0, bool)
        row[place[kept]] = np.flatnonzero(kept)
    tops = [
        row[found[0]] if len(found) else 0 for row, found in zip(scores, proposals, strict=True)
    ]
    return Pool(items, scores[:, items], np.array(tops, np.float32), ranks, quota)


def _blocked(n_items: int, excluded: Items, allowed: Items | None) -> Mask:
    blocked = np.zeros(n_items, bool)
    if allowed is not None:
        blocked[:] = True
        blocked[allowed] = False
    blocked[excluded] = True
    return blocked


def _proposals(scores: Scores, blocked: Mask, limit: int) -> Items:
    """The source's best items, best first; ties go to the smaller index."""
    usable = np.where(blocked, np.float32(0), scores)
    places = _likely(usable, limit)
    if len(places) > limit:
        found = usable[places]
        threshold = np.partition(found, len(found) - limit)[len(found) - limit]
        places = places[found >= threshold]
    order = np.argsort(-usable[places], kind="stable")[:limit]
    return places[order].astype(np.int32)


def _likely(scores: Scores, limit: int) -> npt.NDArray[np.intp]:
    """Places of positive scores, ascending: the `limit` best, and few others.

    A threshold guessed from a sample is a tenth of the work of finding the right one in a large
    catalogue; where it turns out too high all positive scores stay.
    """
    sample = scores[::SAMPLED]
    wanted = max(1, SAFETY * limit // SAMPLED)
    if len(sample) > wanted:
        guess = np.partition(sample, len(sample) - wanted)[len(sample) - wanted]
        places = np.flatnonzero(scores >= max(guess, np.finfo(np.float32).tiny))
        if len(places) >= limit:
            return places
    return np.flatnonzero(scores > 0)


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
