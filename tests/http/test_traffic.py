from math import isnan

from shortlist.http.metrics import Metrics
from shortlist.http.traffic import quantile, traffic_of


def test_requests_are_summed_by_endpoint_the_busiest_first() -> None:
    metrics = Metrics()
    for status, seconds in ((200, 0.003), (200, 0.003), (503, 0.4)):
        metrics.answered("GET", "/busy", status, seconds)
    metrics.answered("POST", "/quiet", 404, 0.003)

    found = traffic_of(metrics.families())

    assert [(each.path, each.requests, each.failed) for each in found.lines] == [
        ("/busy", 3, 1),
        ("/quiet", 1, 0),
    ]
    assert (found.requests, found.failed, found.refused) == (4, 1, 1)
    assert 0.002 < found.median <= 0.004
    assert 0.25 < found.slow <= 0.5


def test_what_was_left_out_and_the_gauges_are_told() -> None:
    metrics = Metrics()
    metrics.left_out("als", "late")
    metrics.left_out("als", "late")
    metrics.now({"event_lag_seconds": 7.0})

    found = traffic_of(metrics.families())

    assert found.left_out == [("als", "late", 2)]
    assert found.gauges["event_lag_seconds"] == 7


def test_that_it_was_asked_and_not_ready_is_no_failure() -> None:
    metrics = Metrics()
    metrics.answered("GET", "/health/ready", 503, 0.001)
    metrics.answered("GET", "/quiet", 200, 0.003)

    found = traffic_of(metrics.families())

    assert [each.path for each in found.lines] == ["/quiet"]
    assert found.failed == 0


def test_nothing_measured_is_no_number() -> None:
    found = traffic_of(Metrics().families())

    assert found.requests == 0
    assert isnan(found.median)
    assert isnan(quantile({}, 0.5))


def test_beyond_the_last_bound_is_that_bound() -> None:
    assert quantile({1.0: 1.0, float("inf"): 10.0}, 0.9) == 1.0


def test_requests_are_counted_for_their_course_by_side() -> None:
    metrics = Metrics()
    metrics.answered("GET", "/v1/users/{user}/recommendations", 200, 0.003)
    metrics.answered("GET", "/v1/items", 404, 0.003)
    metrics.answered("GET", "/", 500, 0.02)
    for path in ("/health/ready", "/static/{edition}/{name:path}"):
        metrics.answered("GET", path, 200, 0.001)
    metrics.left_out("als", "late")

    (counts,) = metrics.tally.taken().values()

    assert {name: n for name, n in counts.items() if not name.startswith("seconds/")} == {
        "requests/api": 2,
        "refused/api": 1,
        "requests/pages": 1,
        "failed/pages": 1,
        "left_out/als, late": 1,
    }
    assert sum(n for name, n in counts.items() if name.startswith("seconds/")) == 3
