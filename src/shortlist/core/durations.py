"""Durations counted in buckets that grow by a fifth, from which quantiles are told."""

from collections.abc import Mapping
from math import ceil, log, nan
from typing import Final

SHORTEST: Final = 0.0005
"""Seconds up to which the first bucket goes."""

GROWTH: Final = 1.2
LAST: Final = 60
"""The bucket of all that is longer: beyond 28 seconds."""

_STEP: Final = log(GROWTH)


def bucket_of(seconds: float) -> int:
    """The bucket of a duration; bucket n goes up to SHORTEST times GROWTH to the n.

    >>> bucket_of(0.0001), bucket_of(0.0005), bucket_of(0.0006), bucket_of(1e9)
    (0, 0, 1, 60)
    """
    if seconds <= SHORTEST:
        return 0
    return min(LAST, ceil(log(seconds / SHORTEST) / _STEP - 1e-9))


def quantile_of(counts: Mapping[int, int], share: float) -> float:
    """The duration below which this share lies, from how many there are in each bucket.

    Within a bucket they are taken to lie evenly, so it is off by a fifth at most; NaN for none.

    >>> round(quantile_of({bucket_of(0.010): 99, bucket_of(2.0): 1}, 0.5), 3)
    0.01
    """
    total = sum(counts.values())
    if not total:
        return nan
    wanted, before = share * total, 0
    for bucket in sorted(counts):
        if before + counts[bucket] >= wanted:
            low = SHORTEST * GROWTH ** (bucket - 1) if bucket else 0.0
            high = SHORTEST * GROWTH**bucket
            return low + (high - low) * (wanted - before) / counts[bucket]
        before += counts[bucket]
    return SHORTEST * GROWTH**LAST
