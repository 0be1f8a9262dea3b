from datetime import UTC, date, datetime, timedelta, timezone

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shortlist.core.times import parse_instant
from shortlist.datasets.importers.fields import check_ids, check_times, check_values
from shortlist.datasets.importers.rejects import Reason

FIRST, LAST = (datetime.fromisoformat(each) for each in ("1901-01-01", "2199-01-01"))
MOMENTS = st.datetimes(FIRST, LAST)
DAY = datetime.fromisoformat("1970-01-02")
ZONES = st.sampled_from(
    [None, UTC, timezone(timedelta(hours=2)), timezone(-timedelta(minutes=210))]
)
ISO = st.builds(
    lambda moment, zone, between: moment.replace(tzinfo=zone).isoformat(between),
    MOMENTS,
    ZONES,
    st.sampled_from("T "),
)
SHORT = MOMENTS.map(lambda moment: f"{moment:%Y-%m-%d}")
MINUTES = MOMENTS.map(lambda moment: f"{moment:%Y-%m-%dT%H:%M}")
ZULU = MOMENTS.map(lambda moment: f"{moment:%Y-%m-%dT%H:%M:%S}Z")
EPOCH = st.integers(-2_000_000_000, 7_000_000_000).map(str)
FRACTION = st.integers(-2_000_000_000_000, 7_000_000_000_000).map(lambda milli: str(milli / 1000))


@given(st.lists(st.one_of(ISO, SHORT, MINUTES, ZULU, EPOCH, FRACTION), min_size=1, max_size=8))
def test_times_in_columns_are_read_as_times_by_themselves(texts: list[str]) -> None:
    checked = check_times(pl.Series("time", texts), "s")

    assert checked.column.to_list() == [parse_instant(each) for each in texts]


@pytest.mark.parametrize(
    "column",
    [
        pl.Series("time", [date(1970, 1, 2)]),
        pl.Series("time", [DAY], dtype=pl.Datetime("ns")),
        pl.Series("time", [DAY], dtype=pl.Datetime("ms")),
        pl.Series("time", [datetime(1970, 1, 2, 2, tzinfo=timezone(timedelta(hours=2)))]),
        pl.Series("time", [86_400], dtype=pl.Int32),
        pl.Series("time", [86_400], dtype=pl.UInt64),
        pl.Series("time", [86_400.0]),
    ],
    ids=lambda column: str(column.dtype),
)
def test_times_of_any_type_become_instants(column: pl.Series) -> None:
    assert check_times(column, "s").column.to_list() == [86_400_000_000]


@pytest.mark.parametrize(
    "column",
    [
        pl.Series("time", [2**63], dtype=pl.UInt64),
        pl.Series("time", [2**62]),
        pl.Series("time", [1e30]),
        pl.Series("time", ["9" * 40]),
        pl.Series("time", [datetime.fromisoformat("2500-01-01")]),
    ],
    ids=str,
)
def test_times_far_out_are_out_of_range(column: pl.Series) -> None:
    checked = check_times(column, "s")

    assert checked.problems[Reason.TIME_RANGE].to_list() == [True]
    assert checked.problems[Reason.BAD_TIME].to_list() == [False]


def test_a_duration_is_no_time() -> None:
    checked = check_times(pl.Series("time", [timedelta(1)]), "s")

    assert checked.problems[Reason.BAD_TIME].to_list() == [True]


@pytest.mark.parametrize(
    ("column", "ids"),
    [
        (pl.Series([1, -2], dtype=pl.Int8), ["1", "-2"]),
        (pl.Series([1.0, 2.0, None]), ["1", "2", None]),
        (pl.Series([1.5, 2.0]), ["1.5", "2.0"]),
        (pl.Series(["1.0", "01"]), ["1.0", "01"]),
        (pl.Series([2**63], dtype=pl.UInt64), ["9223372036854775808"]),
        (pl.Series(["a", "b"], dtype=pl.Categorical()), ["a", "b"]),
    ],
    ids=str,
)
def test_ids_are_text(column: pl.Series, ids: list[str | None]) -> None:
    assert check_ids(column).column.to_list() == ids


def test_ids_may_be_left_out_where_they_need_not_be_given() -> None:
    checked = check_ids(pl.Series("session", ["a", " ", None]), required=False)

    assert checked.column.to_list() == ["a", None, None]
    assert not any(mask.any() for mask in checked.problems.values())


@pytest.mark.parametrize(
    ("column", "values"),
    [
        (pl.Series(["4.5", " 1e3 ", "+2"]), [4.5, 1000.0, 2.0]),
        (pl.Series([1, 2]), [1.0, 2.0]),
        (pl.Series([True, False]), [1.0, 0.0]),
    ],
    ids=str,
)
def test_values_are_numbers(column: pl.Series, values: list[float]) -> None:
    checked = check_values(column, required=True)

    assert checked.column.to_list() == values
    assert not any(mask.any() for mask in checked.problems.values())
