"""Single fields, checked a column at a time: ids, instants, numbers."""

from dataclasses import dataclass, field
from typing import Final, Literal

import polars as pl

from shortlist.core.errors import Invalid
from shortlist.core.events import CONTROL, FIRST_INSTANT, ID_LIMIT, LAST_INSTANT
from shortlist.core.times import SECOND, parse_instant
from shortlist.datasets.importers.rejects import Reason

TimeUnit = Literal["s", "ms", "us", "ns"]

_PER_UNIT: Final = {"s": SECOND, "ms": 1000, "us": 1, "ns": 1}
_ISO: Final = (
    "%Y-%m-%dT%H:%M:%S%.f%#z",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%d",
)


@dataclass(frozen=True)
class Checked:
    """A column as it is kept, and where it cannot be.

    The masks are by reason; a row with several is refused for the first.
    """

    column: pl.Series
    problems: dict[Reason, pl.Series] = field(default_factory=dict)


def check_ids(column: pl.Series, *, required: bool = True) -> Checked:
    """Ids as text: the caller's own, numbers in decimal, whole floats as whole numbers."""
    ids = _as_text(column)
    blank = ids.is_null() | (ids.str.strip_chars() == "")
    problems = {
        Reason.CONTROL: _known(ids.str.contains(CONTROL)),
        Reason.LONG_ID: _known((ids.str.len_bytes() > ID_LIMIT) & (ids.str.len_chars() > ID_LIMIT)),
    }
    if required:
        problems = {Reason.MISSING: blank, **problems}
    elif blank.any():
        ids = ids.set(blank, None)
    return Checked(ids, problems)


def check_times(column: pl.Series, unit: TimeUnit) -> Checked:
    """Instants in microseconds.

    From dates, from ISO-8601 text (UTC where no zone is given), or from a count of `unit`
    since 1970.
    """
    missing = _missing(column)
    if column.dtype.is_temporal():
        instants = _of_dates(column)
    elif column.dtype.is_numeric():
        instants = _of_numbers(column, unit)
    else:
        instants = _of_text(column.cast(pl.String), unit)
    out = _known((instants < FIRST_INSTANT) | (instants >= LAST_INSTANT))
    return Checked(
        instants,
        {Reason.MISSING: missing, Reason.BAD_TIME: instants.is_null(), Reason.TIME_RANGE: out},
    )


def check_values(column: pl.Series, *, required: bool) -> Checked:
    """Finite numbers."""
    missing = _missing(column)
    if column.dtype.is_numeric() or column.dtype == pl.Boolean:
        values = column.cast(pl.Float64)
    else:
        values = _float(column.cast(pl.String))
    problems = {
        Reason.BAD_VALUE: values.is_null() & ~missing,
        Reason.NOT_FINITE: _known(~values.is_finite()),
    }
    if required:
        problems = {Reason.MISSING: missing, **problems}
    return Checked(values, problems)


def _as_text(column: pl.Series) -> pl.Series:
    if column.dtype.is_float():
        whole = column.drop_nulls()
        if bool((whole.is_finite() & (whole == whole.floor()) & (whole.abs() < 2**53)).all()):
            return column.cast(pl.Int64).cast(pl.String)
    return column if column.dtype == pl.String else column.cast(pl.String, strict=False)


def _missing(column: pl.Series) -> pl.Series:
    if column.dtype == pl.String:
        return column.is_null() | (column.str.strip_chars() == "")
    return column.is_null()


def _known(mask: pl.Series) -> pl.Series:
    return mask.fill_null(value=False)


def _float(text: pl.Series) -> pl.Series:
    numbers = text.cast(pl.Float64, strict=False)
    if numbers.null_count() == text.null_count():
        return numbers
    return text.str.strip_chars().cast(pl.Float64, strict=False)


def _of_dates(column: pl.Series) -> pl.Series:
    if isinstance(column.dtype, pl.Time | pl.Duration):
        return pl.Series(column.name, [None] * len(column), pl.Int64)
    return (
        column.cast(pl.Datetime("us")).cast(pl.Int64)
        if column.dtype == pl.Date
        else (column.dt.cast_time_unit("us").cast(pl.Int64))
    )


def _of_numbers(column: pl.Series, unit: TimeUnit) -> pl.Series:
    if column.dtype.is_integer() and unit == "ns":
        return column.cast(pl.Int64) // 1000
    micro = column.cast(pl.Float64) * _PER_UNIT[unit] / (1000 if unit == "ns" else 1)
    within = _known(micro.abs() < 2.0**62)
    if column.dtype.is_integer():
        exact = column.cast(pl.Int64, strict=False).set(~within, 0) * _PER_UNIT[unit]
        return exact.set(~within & column.is_not_null(), LAST_INSTANT)
    finite = _known(micro.is_finite())
    safe = micro.set(~(finite & within), None).round().cast(pl.Int64)
    return safe.set(finite & ~within, LAST_INSTANT)


def _of_text(text: pl.Series, unit: TimeUnit) -> pl.Series:
    whole = text.cast(pl.Int64, strict=False)
    instants = _of_numbers(whole, unit)
    rest = whole.is_null() & ~_missing(text)
    if not rest.any():
        return instants
    left = text.filter(rest).str.strip_chars()
    fraction = _of_numbers(left.cast(pl.Float64, strict=False), unit)
    return instants.scatter(rest.arg_true(), fraction.zip_with(fraction.is_not_null(), _iso(left)))


def _iso(text: pl.Series) -> pl.Series:
    joined = text.str.replace(" ", "T", literal=True)
    found = pl.Series(text.name, [None] * len(text), pl.Int64)
    for form in _ISO:
        if found.null_count():
            parsed = joined.str.to_datetime(form, strict=False, time_unit="us", time_zone="UTC")
            found = found.zip_with(found.is_not_null(), parsed.cast(pl.Int64))
    if found.null_count():
        odd = {each: _odd_form(each) for each in text.filter(found.is_null()).unique()}
        slow = pl.Series(text.name, [odd.get(each) for each in text], pl.Int64)
        found = found.zip_with(found.is_not_null(), slow)
    return found


def _odd_form(text: str) -> int | None:
    try:
        instant = parse_instant(text)
    except Invalid:
        return None
    return instant if abs(instant) < 2**62 else LAST_INSTANT
