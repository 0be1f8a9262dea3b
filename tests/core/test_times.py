from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shortlist.core.errors import Invalid
from shortlist.core.events import FIRST_INSTANT, LAST_INSTANT
from shortlist.core.times import (
    DAY,
    EARLIEST,
    HOUR,
    MINUTE,
    SECOND,
    instant_of,
    iso,
    parse_instant,
    parse_span,
)

NOON = 17_532 * DAY + DAY // 2
"""2018-01-01, noon, UTC."""


@pytest.mark.parametrize(
    "text",
    [
        "2018-01-01T12:00:00Z",
        "2018-01-01T12:00:00",
        "2018-01-01 12:00",
        "2018-01-01T14:00:00+02:00",
        "2018-01-01T06:30:00-05:30",
        "1514808000",
        "1514808000.0",
        " 1514808000 ",
    ],
)
def test_one_instant_may_be_written_in_many_ways(text: str) -> None:
    assert parse_instant(text) == NOON


def test_a_day_alone_is_its_first_moment_in_utc() -> None:
    assert parse_instant("2018-01-01") == NOON - DAY // 2


def test_microseconds_are_kept() -> None:
    assert parse_instant("1970-01-01T00:00:00.000001Z") == 1
    assert parse_instant("1.25") == SECOND * 5 // 4


def test_instants_before_1970_are_negative() -> None:
    assert parse_instant("1969-12-31T23:59:59.5Z") == -SECOND // 2


@pytest.mark.parametrize("text", ["", "soon", "2018-13-01", "2018-01-01T25:00", "nan", "inf"])
def test_what_is_no_time_is_refused_with_the_forms_there_are(text: str) -> None:
    with pytest.raises(Invalid, match="ISO-8601"):
        parse_instant(text)


def test_an_instant_is_written_as_people_read_it() -> None:
    assert iso(NOON) == "2018-01-01T12:00:00Z"


def test_the_zone_of_a_moment_does_not_matter() -> None:
    elsewhere = timezone(timedelta(hours=9))

    assert instant_of(datetime(2018, 1, 1, 21, tzinfo=elsewhere)) == NOON


@given(st.integers(FIRST_INSTANT // SECOND, LAST_INSTANT // SECOND))
def test_what_is_written_is_read_again(second: int) -> None:
    assert parse_instant(iso(second * SECOND)) == second * SECOND


@given(st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)))  # noqa: DTZ001
def test_no_microsecond_is_lost_on_the_way_from_a_moment(moment: datetime) -> None:
    instant = instant_of(moment.replace(tzinfo=UTC))

    assert datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=instant) == moment.replace(
        tzinfo=UTC
    )


def test_an_unknown_time_lies_before_all_that_can_be_known() -> None:
    assert EARLIEST < FIRST_INSTANT


@pytest.mark.parametrize(
    ("text", "span"), [("30m", 30 * MINUTE), ("12h", 12 * HOUR), ("90d", 90 * DAY), ("0w", 0)]
)
def test_spans_are_whole_numbers_of_a_unit(text: str, span: int) -> None:
    assert parse_span(text) == span


@pytest.mark.parametrize(
    "text",
    ["", "d", "90", "-1d", "1.5h", "1 d", "1y", "\N{ARABIC-INDIC DIGIT THREE}d", "9" * 99 + "d"],
)
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="span of time"):
        parse_span(text)
