"""What a scorer that draws lots gets on average: closed forms for every list metric.

Of n items that may be listed, r are relevant, and all orders are as likely. A place holds a
relevant item with probability r/n, and two places both do with r(r-1)/(n(n-1)); expectations add
up. So, cut at k <= n, with d(i) = 1/log2(i + 1):

    NDCG        (r/n) * sum of d(1..k), over the ideal, the sum of d(1..min(r, k))
    recall      k/n
    precision   r/n
    hit rate    1 - C(n-r, k) / C(n, k): not all k are among the irrelevant
    MRR         sum over i <= k of 1/i * C(n-r, i-1)/C(n, i-1) * r/(n-i+1): i-1 misses, then a hit
    MAP         sum over i <= k of (r/n) * (1 + (i-1)(r-1)/(n-1)) / i, over min(r, k): a hit at i,
                itself and the hits before it over i
"""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

Expectation = Callable[[int, int, int], float]
"""n items, r of them relevant, k places -> what is to be expected."""


def ndcg(n: int, r: int, k: int) -> float:
    discount = 1 / np.log2(np.arange(2, k + 2))
    return float(r / n * discount.sum() / discount[: min(r, k)].sum())


def recall(n: int, r: int, k: int) -> float:  # noqa: ARG001
    return k / n


def precision(n: int, r: int, k: int) -> float:  # noqa: ARG001
    return r / n


def hit_rate(n: int, r: int, k: int) -> float:
    return float(1 - _misses(n, r, k)[-1])


def mrr(n: int, r: int, k: int) -> float:
    place = np.arange(1, k + 1)
    first = _misses(n, r, k)[:-1] * r / (n - place + 1)
    return float((first / place).sum())


def average_precision(n: int, r: int, k: int) -> float:
    place = np.arange(1, k + 1)
    others = (place - 1) * (r - 1) / max(1, n - 1)
    return float((r / n * (1 + others) / place).sum() / min(r, k))


def _misses(n: int, r: int, k: int) -> np.ndarray:
    """The probability that the first 0, 1, ..., k places are all irrelevant."""
    place = np.arange(k)
    return np.concatenate([[1.0], np.cumprod((n - r - place).clip(0) / (n - place))])


EXPECTATIONS: Final[Mapping[str, Expectation]] = {
    "ndcg": ndcg,
    "recall": recall,
    "precision": precision,
    "hit_rate": hit_rate,
    "mrr": mrr,
    "map": average_precision,
}
"""By the name of the metric."""
