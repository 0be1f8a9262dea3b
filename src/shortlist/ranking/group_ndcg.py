"""NDCG of many questions at once, whose candidates stand one after another."""

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.integer]


def ndcg_by_group(
    scores: npt.NDArray[np.floating],
    right: npt.NDArray[np.bool_],
    groups: Counts,
    answers: Counts,
    k: int,
) -> npt.NDArray[np.float64]:
    """NDCG at `k` of each question (Järvelin and Kekäläinen 2002), one for each of the `groups`.

    `groups` are the numbers of candidates, `answers` those of right answers, whether or not they
    are among them. Equal scores put the right ones last.
    """
    group, ends = np.repeat(np.arange(len(groups)), groups), np.cumsum(groups)
    order = np.lexsort((right, -scores, group))
    place = np.arange(len(order)) - np.repeat(ends - groups, groups)
    worth = np.where(place < k, right[order] / np.log2(place + 2), 0.0)
    ideal = np.cumsum(1 / np.log2(np.arange(2, k + 2)))
    best = ideal[np.clip(answers, 1, k) - 1]
    found: npt.NDArray[np.float64] = np.bincount(group, worth, minlength=len(groups)) / best
    return found
