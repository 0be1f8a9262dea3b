"""Every recommender of a comparison answers the same questions."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from shortlist.core.candidates import Items, Scores
from shortlist.core.pool import Pool
from shortlist.datasets.folds import Question
from shortlist.evaluation.blend import Weights, blended
from shortlist.evaluation.honest_ranking import rank_against_us
from shortlist.pipeline.model import Model, Retrieval
from shortlist.pipeline.retrieve import merge, score_all
from shortlist.training.progress import Progress, silent

Lists = npt.NDArray[np.int32]

POPULARITY = "popularity"
"""The row that is always there."""


@dataclass(frozen=True)
class Answers:
    """What each recommender answered to each question, and what it proposed."""

    lists: dict[str, Lists]
    """By row name: questions x limit, -1 after a list's end."""
    reach: dict[str, npt.NDArray[np.float64]]
    """By source, and `union`: the share of each question's answer among what was proposed."""
    unions: npt.NDArray[np.int64]
    """Candidates of each question."""
    probabilities: npt.NDArray[np.float64]
    """The model's probability of every candidate of every question, question after question."""
    popularity: npt.NDArray[np.float64]
    """The popularity of the same candidates."""
    outcomes: npt.NDArray[np.bool_]
    users: npt.NDArray[np.int32]


def answer_all(
    model: Model,
    blend: Weights,
    questions: Sequence[Question],
    limit: int,
    progress: Progress = silent,
) -> Answers:
    """Ask every source alone, the blend, and the two-stage model, for `limit` items each.

    Popularity is asked first, a source or not: it is the line to beat. Sources and blend rank
    the full catalogue; ties are broken against them. The model ranks its candidates and answers
    nothing else.
    """
    names = list(model.retrieval.sources)
    rows = dict.fromkeys((POPULARITY, *names, "blend", "two_stage"))
    lists: dict[str, list[Lists]] = {name: [] for name in rows}
    popularity = popularity_of(model.retrieval)
    reach: dict[str, list[float]] = {name: [] for name in (*names, "union")}
    pools: list[Pool] = []
    chances, liked, owners = [], [], []
    popular = []
    for done, each in enumerate(questions):
        if done % 50 == 0:
            progress("answering the test questions", done, len(questions))
        scores = score_all(model.retrieval.sources, each.query)
        pool = merge(scores, each.query.excluded, model.retrieval.settings)
        pools.append(pool)
        gains = right(each, scores.shape[1])
        alone = {POPULARITY: popularity} | dict(zip(names, scores, strict=True))
        for name, row in alone.items():
            lists[name].append(ranked(row, gains, each.query.excluded, limit))
        mixed = blended(blend, scores, pool.tops)
        lists["blend"].append(ranked(mixed, gains, each.query.excluded, limit))

        columns = model.retrieval.matrix([each.query], [pool])
        whole = np.full(scores.shape[1], -np.inf)
        whole[pool.items] = model.ranker.score(columns)
        lists["two_stage"].append(ranked(whole, gains, each.query.excluded, limit))

        among = np.isin(pool.items, each.items)
        reach["union"].append(among.sum() / len(each.items))
        for place, name in enumerate(names):
            proposed = pool.ranks[place] < pool.quota
            reach[name].append((among & proposed).sum() / len(each.items))
        chances.append(model.ranker.probability(columns))
        popular.append(popularity[pool.items])
        liked.append(among)
        owners.append(np.full(len(pool), each.query.user, np.int32))
    return Answers(
        lists={name: np.concatenate(rows) for name, rows in lists.items()},
        reach={name: np.array(shares) for name, shares in reach.items()},
        unions=np.array([len(pool) for pool in pools]),
        probabilities=np.concatenate(chances),
        popularity=np.concatenate(popular).astype(np.float64),
        outcomes=np.concatenate(liked),
        users=np.concatenate(owners),
    )


def popularity_of(retrieval: Retrieval) -> Scores:
    """How often each item was chosen in the log that a retrieval was fitted on."""
    stats = retrieval.stats
    counts: Scores = stats.counters["choices"][stats.start[1:] - 1].astype(np.float32)
    return counts


def relevance_of(questions: Sequence[Question], n_items: int, *, liked: bool = False) -> csr_array:
    """questions x items: 1 where the item is an answer, or one the user was content with."""
    kept = [each.items[each.liked] if liked else each.items for each in questions]
    indptr = np.concatenate([[0], np.cumsum([len(items) for items in kept])])
    columns = np.concatenate([*kept, np.empty(0, np.int32)])
    data = np.ones(len(columns))
    return csr_array((data, columns, indptr), shape=(len(questions), n_items))


def right(question: Question, n_items: int) -> csr_array:
    """1 x items: 1 where the item is an answer."""
    indptr = np.array([0, len(question.items)])
    data = np.ones(len(question.items))
    return csr_array((data, question.items, indptr), shape=(1, n_items))


def ranked(
    scores: npt.NDArray[np.floating], gains: csr_array, excluded: Items, limit: int
) -> Lists:
    """1 x limit: the best items that are not excluded, ties broken against the answer."""
    usable = scores.astype(np.float64)
    usable[excluded] = -np.inf
    return rank_against_us(usable[None, :], gains, limit=limit)
