"""Instants: whole microseconds since 1970-01-01 UTC, the one unit of time inside."""

from datetime import UTC, datetime
from typing import Final

from shortlist.core.errors import Invalid

Instant = int
SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR

_UNITS: Final = {"m": MINUTE, "h": HOUR, "d": DAY, "w": 7 * DAY}

EARLIEST: Final = -(2**62)
"""The instant of an event whose time nobody recorded: before everything."""


def parse_instant(text: str) -> Instant:
    """Read ISO-8601 (UTC where no zone is given) or epoch seconds.

    >>> parse_instant("1970-01-02")
    86400000000
    >>> parse_instant("1.5")
    1500000

    Raises Invalid where the text is neither.
    """
    try:
        return round(float(text) * SECOND)
    except (ValueError, OverflowError):
        pass
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(
            f"{text!r} is not a time: give ISO-8601 (2026-01-31T12:00:00Z) or epoch seconds"
        ) from None
    return instant_of(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def parse_span(text: str) -> int:
    """Read a whole number of minutes, hours, days or weeks; the answer is in microseconds.

    >>> parse_span("90d") == 90 * DAY
    True

    Raises Invalid where the text is nothing of it.
    """
    number, unit = text[:-1], text[-1:]
    if unit not in _UNITS or not (number.isascii() and number.isdigit()) or len(number) > 6:
        raise Invalid(f"{text!r} is not a span of time: give 30m, 12h, 90d or 4w")
    return int(number) * _UNITS[unit]


def instant_of(moment: datetime) -> Instant:
    """The instant of an aware datetime."""
    delta = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (delta.days * 86_400 + delta.seconds) * SECOND + delta.microseconds


def iso(instant: Instant) -> str:
    """Write an instant as people read it.

    >>> iso(86_400_000_000)
    '1970-01-02T00:00:00Z'
    """
    moment = datetime.fromtimestamp(instant / SECOND, UTC)
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
