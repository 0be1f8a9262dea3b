"""What Prometheus is told: the only module that imports its client."""

import os
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
)

from shortlist.core.durations import bucket_of
from shortlist.serving.observer import Observer

FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
"""Where processes that serve together leave their numbers, when there are several."""

NOT_DRAWN: Final = ("/health/", "/static/", "/docs", "/openapi.json")
"""How paths begin whose requests are no part of the course that pages draw: probes, and files."""

SECONDS: Final = (0.001, 0.002, 0.004, 0.007, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)


class Metrics(Observer):
    """Rates, errors and durations, by endpoint, stage and source."""

    def __init__(self) -> None:
        super().__init__()
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "shortlist_requests",
            "Requests answered.",
            ["method", "path", "status"],
            registry=self.registry,
        )
        self._seconds = Histogram(
            "shortlist_request_seconds",
            "How long requests took.",
            ["method", "path"],
            buckets=SECONDS,
            registry=self.registry,
        )
        self._stages = Histogram(
            "shortlist_stage_seconds",
            "How long the stages and sources of an answer took.",
            ["stage"],
            buckets=SECONDS,
            registry=self.registry,
        )
        self._degraded = Counter(
            "shortlist_degraded",
            "Answers that a part was left out of.",
            ["part", "why"],
            registry=self.registry,
        )
        self._stage = cache(self._stages.labels)
        """A stage's own histogram: the client looks it up more slowly."""
        self._answered = cache(self._requests.labels)
        self._took = cache(self._seconds.labels)
        self._gauges = {
            name: Gauge(f"shortlist_{name}", said, registry=self.registry, multiprocess_mode=mode)
            for name, (said, mode) in GAUGES.items()
        }

    def answered(self, method: str, path: str, status: int, seconds: float) -> None:
        """Count a request."""
        self._answered(method, path, str(status)).inc()
        self._took(method, path).observe(seconds)
        if not path.startswith(NOT_DRAWN):
            side = "api" if path.startswith("/v1/") else "pages"
            of = [f"requests/{side}", f"seconds/{side}/{bucket_of(seconds)}"]
            if status >= 400:
                of.append(f"{'failed' if status >= 500 else 'refused'}/{side}")
            self.tally.count(*of)

    def took(self, stage: str, seconds: float) -> None:
        self._stage(stage).observe(seconds)

    def left_out(self, part: str, why: str) -> None:
        super().left_out(part, why)
        self._degraded.labels(part, why).inc()

    def families(self) -> Iterable[Any]:
        """What was measured so far, by all processes that serve together where there are several.

        Each family has samples with a name, labels and a value.
        """
        return (_together() if FOLDER in os.environ else self.registry).collect()

    def now(self, numbers: Mapping[str, float]) -> None:
        """Set gauges, by their names in GAUGES."""
        for name, number in numbers.items():
            self._gauges[name].set(number)


GAUGES: Final[Mapping[str, tuple[str, Any]]] = {
    "bundle_age_seconds": ("Seconds since the current bundle was published.", "livemax"),
    "events_waiting": ("Events that wait for their commit.", "livesum"),
    "decisions_waiting": ("Decisions that wait to be written.", "livesum"),
    "decisions_dropped": ("Decisions dropped because too many were waiting.", "livesum"),
    "lanes_busy": ("Threads at work for requests, or stuck.", "livesum"),
    "event_lag_seconds": ("Seconds between now and the newest event.", "livemin"),
    "online_lag_events": ("Events of the log that answers do not know of, at most.", "livemax"),
    "online_lag_seconds": ("Seconds since answers knew all of the log.", "livemax"),
    "online_published_seconds": ("Seconds since what was learned last answered.", "livemax"),
}
"""Gauges, what they mean, and how those of several processes become one."""


def exposition() -> bytes:
    """The numbers of all processes that serve together, as text."""
    return generate_latest(_together())


def _together() -> CollectorRegistry:
    together = CollectorRegistry()
    multiprocess.MultiProcessCollector(together, path=os.environ[FOLDER])  # type: ignore[no-untyped-call]
    return together
