"""What the numbers say of the requests so far, for people."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf, nan
from typing import Any, Final

FAILED: Final = "5"
"""How the statuses begin that are our own fault."""


PROBES: Final = "/health/"
"""How the paths begin that are asked whether the service is ready: no is an answer as well."""


@dataclass(frozen=True)
class Line:
    """The requests of one endpoint."""

    method: str
    path: str
    requests: int
    failed: int
    """Answers with a status of 500 and above."""
    median: float
    """Seconds, as far as the buckets tell; NaN without requests."""
    slow: float
    """Seconds within which 95 of 100 were answered."""


@dataclass(frozen=True)
class Traffic:
    """All requests since the service began, but for those that ask how it is."""

    requests: int
    failed: int
    refused: int
    """Answers with a status from 400 to 499."""
    median: float
    slow: float
    lines: Sequence[Line]
    """By endpoint, those with the most requests first."""
    left_out: Sequence[tuple[str, str, int]]
    """What was left out of answers: part, why, how often."""
    gauges: Mapping[str, float]


@dataclass
class _Counts:
    statuses: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    buckets: dict[float, float] = field(default_factory=lambda: defaultdict(float))


def traffic_of(families: Iterable[Any]) -> Traffic:
    """Read what was measured (`Metrics.families`)."""
    counts: dict[tuple[str, str], _Counts] = defaultdict(_Counts)
    left_out: dict[tuple[str, str], float] = defaultdict(float)
    gauges: dict[str, float] = {}
    for sample in (each for family in families for each in family.samples):
        labels, value = sample.labels, float(sample.value)
        if labels.get("path", "").startswith(PROBES):
            continue
        if sample.name == "shortlist_requests_total":
            counts[labels["method"], labels["path"]].statuses[labels["status"]] += value
        elif sample.name == "shortlist_request_seconds_bucket":
            counts[labels["method"], labels["path"]].buckets[float(labels["le"])] += value
        elif sample.name == "shortlist_degraded_total":
            left_out[labels["part"], labels["why"]] += value
        elif sample.name.startswith("shortlist_") and not labels:
            gauges[sample.name.removeprefix("shortlist_")] = value
    lines = [_line(*name, each) for name, each in counts.items()]
    whole = _whole(counts.values())
    return Traffic(
        requests=sum(each.requests for each in lines),
        failed=sum(each.failed for each in lines),
        refused=round(sum(v for code, v in whole.statuses.items() if code.startswith("4"))),
        median=quantile(whole.buckets, 0.5),
        slow=quantile(whole.buckets, 0.95),
        lines=sorted(lines, key=lambda each: (-each.requests, each.path, each.method)),
        left_out=sorted((*name, round(number)) for name, number in left_out.items() if number),
        gauges=gauges,
    )


def quantile(buckets: Mapping[float, float], share: float) -> float:
    """The value below which this share lies, from cumulative counts by upper bound.

    Within a bucket they are taken to lie evenly, as Prometheus' `histogram_quantile` does; beyond
    the last bound it is that bound.

    >>> quantile({0.1: 10, 0.2: 20, inf: 20}, 0.75)
    0.15000000000000002
    """
    bounds = sorted(buckets)
    total = buckets[bounds[-1]] if bounds else 0
    if not total:
        return nan
    wanted, low, before = share * total, 0.0, 0.0
    for bound in bounds:
        count = buckets[bound]
        if count >= wanted:
            if bound == inf:
                return low
            return low + (bound - low) * (wanted - before) / ((count - before) or 1)
        low, before = bound, count
    return low


def _line(method: str, path: str, counts: _Counts) -> Line:
    return Line(
        method=method,
        path=path,
        requests=round(sum(counts.statuses.values())),
        failed=round(sum(v for code, v in counts.statuses.items() if code.startswith(FAILED))),
        median=quantile(counts.buckets, 0.5),
        slow=quantile(counts.buckets, 0.95),
    )


def _whole(all_counts: Iterable[_Counts]) -> _Counts:
    whole = _Counts()
    for each in all_counts:
        for status, number in each.statuses.items():
            whole.statuses[status] += number
        for bound, number in each.buckets.items():
            whole.buckets[bound] += number
    return whole
