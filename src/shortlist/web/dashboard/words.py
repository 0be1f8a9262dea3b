"""Instants and numbers as the dashboard writes them."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from math import isfinite
from typing import Final

from shortlist.core.clock import SystemClock
from shortlist.core.times import SECOND, Instant

STEPS: Final = ((86_400.0, "d"), (3_600.0, "h"), (60.0, "min"), (1.0, "s"))


def when(instant: Instant | None) -> str:
    """An instant to the minute, in UTC.

    >>> when(86_400_000_000), when(None)
    ('1970-01-02 00:00', '-')
    """
    if instant is None:
        return "-"
    try:
        return datetime.fromtimestamp(instant / SECOND, UTC).strftime("%Y-%m-%d %H:%M")
    except (OverflowError, ValueError, OSError):
        return "-"


def ago(instant: Instant) -> float:
    """Seconds since an instant, by the clock of the machine."""
    return (SystemClock().now() - instant) / SECOND


def amount(value: object, unit: str = "") -> str:
    """A number as people read it; `s` is a duration, `%` a share, `b` bytes.

    >>> amount(12345), amount(0.12345), amount(93_784.0, "s"), amount(0.0042, "s")
    ('12,345', '0.123', '1.1 d', '4.2 ms')
    >>> amount(0.5, "%"), amount(2_500_000, "b"), amount(float("nan")), amount("word")
    ('50.0 %', '2.5 MB', '-', 'word')
    """
    if value is None:
        return "-"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {amount(each)}" for name, each in value.items())
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return UNITS[unit](value) if isfinite(value) else "-"


def _duration(seconds: float) -> str:
    if seconds < 1:
        return f"{1000 * seconds:.1f} ms"
    size, unit = next(each for each in STEPS if seconds >= each[0])
    return f"{seconds / size:.1f} {unit}"


def _number(value: float) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.3g}" if abs(value) < 1 else f"{value:,.3f}"


UNITS: Final[Mapping[str, Callable[[float], str]]] = {
    "": _number,
    "%": lambda value: f"{100 * value:.1f} %",
    "b": lambda value: f"{value / 1e6:,.1f} MB",
    "s": _duration,
}
