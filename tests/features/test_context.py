import pytest
from tests.datasets.by_hand import ALIEN, Line, log_of
from tests.features.asking import value_of

from shortlist.core.candidates import Query
from shortlist.core.times import parse_instant

TIMED, UNTIMED = log_of(Line(0, ALIEN, 5)), log_of(Line(0, ALIEN))


@pytest.mark.parametrize(
    ("moment", "hour", "weekday"),
    [
        ("1970-01-01T00:00:00Z", 0, 3),
        ("1969-12-31T23:59:59Z", 23, 2),
        ("2026-01-31T12:59:59Z", 12, 5),
        ("2026-02-01T13:00:00+01:00", 12, 6),
        ("2026-02-02T00:00:00Z", 0, 0),
    ],
)
def test_the_hour_and_the_day_of_the_week(moment: str, hour: int, weekday: int) -> None:
    query = Query(time=parse_instant(moment))

    assert value_of("context_hour", TIMED, query, ALIEN) == hour
    assert value_of("context_weekday", TIMED, query, ALIEN) == weekday


@pytest.mark.parametrize(
    ("moment", "share"), [("2026-01-01", 0), ("2026-07-02T12:00", 0.5), ("1905-04-02", 0.25)]
)
def test_the_day_of_the_year_within_a_day_or_so(moment: str, share: float) -> None:
    found = value_of("context_year_day", TIMED, Query(time=parse_instant(moment)), ALIEN)

    assert 0 <= found < 1
    apart = abs(found - share)
    assert min(apart, 1 - apart) < 1.5 / 365


@pytest.mark.parametrize("feature", ["context_hour", "context_weekday", "context_year_day"])
def test_a_log_without_times_has_no_moment(feature: str) -> None:
    assert value_of(feature, UNTIMED, UNTIMED.query(0), ALIEN) == 0
