"""A forest that orders as the best source does, for others to grow on."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from shortlist.ranking.booster import Booster, Labelled, grow_like
from shortlist.ranking.group_ndcg import ndcg_by_group

FAINTEST: Final = 1e-3
"""The share of the best below which all scores count alike."""

STEPS: Final = 4096
"""Shares that the forest is told of, each the same ratio above the one before."""

BASELINE: Final = "popularity.relative"

AHEAD: Final = 1.25
"""How many times the NDCG of popularity a source has to have to lead. Where the choices of a user
say little beyond those of all, a beginning takes more from the trees than it gives them."""

K: Final = 10
"""How far down a source's order is judged."""


def led(columns: Sequence[str], judged: Labelled, strength: float) -> Booster | None:
    """Trees that give `strength` times the logarithm of a source's score as a share of its best.

    The source is the one whose order of the judged questions has the best NDCG; None where it is
    hardly better than popularity. A forest that begins at nothing says in steps of whole leaves,
    learned from few questions, what one source knows of all choices; the head of its lists can be
    worse than the source's. From here it learns what to put right. As trees, the beginning is in
    the bundle, in explanations and in what is learned between trainings like all others.
    """
    found = {
        name: ndcg(judged.matrix[:, place], judged)
        for place, name in enumerate(columns)
        if name.endswith(".relative")
    }
    best = max(found, key=lambda name: found[name])
    if found[best] < AHEAD * found.get(BASELINE, 0):
        return None
    logs = np.linspace(np.log(FAINTEST), 0, STEPS)
    return grow_like(np.exp(logs), columns.index(best), strength * logs, columns)


def ndcg(scores: npt.NDArray[np.float32], judged: Labelled) -> float:
    """NDCG@10 of an order, over the candidates of the questions alone; ties go against it."""
    right = judged.labels > 0
    question = np.repeat(np.arange(len(judged.groups)), judged.groups)
    answers = np.bincount(question[right], minlength=len(judged.groups))
    return float(ndcg_by_group(scores, right, judged.groups, answers, K).mean())
