"""How the service goes and what people do, over time, as charts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from shortlist.core.times import DAY, SECOND, Instant
from shortlist.serving.course import Moment
from shortlist.serving.insights import Period
from shortlist.serving.lately import Lately
from shortlist.web.dashboard.charts import Spec, lines

DAYS: Final = 30
"""Days that what people do goes back."""

SIDES: Final = {"api": "API", "pages": "pages"}
"""What requests are told apart by, and what it is called."""

AGES: Final = ((86_400, "days"), (3_600, "hours"), (60, "minutes"))
"""What the age of a model is told in."""


@dataclass(frozen=True)
class Trend:
    """One chart with its words."""

    key: str
    """The same each time, so that scripts know which figures are newer ones of which chart."""
    title: str
    said: str
    empty: str
    spec: Spec


def service_trends(moments: Sequence[Moment], unit: str) -> list[Trend]:
    """Requests, durations, failures, what was left out, events, the age of the model."""
    a, clock = f"a{'n' if unit == 'hour' else ''} {unit}", unit != "day"
    age, aged = _ages(moments)
    sides = [each for each in SIDES if any(one.number(f"requests/{each}") for one in moments)]
    parts = sorted({part for each in moments for part in each.under("left_out/")})
    return [
        Trend(
            "requests",
            "Requests",
            f"Answered {a}; probes and files do not count.",
            "No request came in this time.",
            lines(
                _counts(moments, {SIDES[each]: f"requests/{each}" for each in sides}),
                x="UTC",
                clock=clock,
                y=f"requests {a}",
                of="side",
            ),
        ),
        Trend(
            "latency",
            "Latency",
            "Half of the requests were answered within p50, 99 of 100 within p99.",
            "No request came in this time.",
            lines(
                _durations(moments, sides),
                x="UTC",
                clock=clock,
                y="milliseconds",
                of="quantile",
                log=True,
            ),
        ),
        Trend(
            "errors",
            "Errors",
            "Failed: statuses of 500 and above. Refused: those from 400.",
            "No request failed in this time, and none was refused.",
            lines(
                _counts(
                    moments,
                    {
                        f"{word}, {SIDES[each]}": f"{word}/{each}"
                        for word in ("failed", "refused")
                        for each in SIDES
                        if any(one.number(f"{word}/{each}") for one in moments)
                    },
                ),
                x="UTC",
                clock=clock,
                y=f"requests {a}",
                of="status",
            ),
        ),
        Trend(
            "left-out",
            "Degradations",
            f"Parts that were left out of answers {a}: late, failed, or resting after failures.",
            "Nothing was left out: every answer in this time was whole.",
            lines(
                _counts(moments, {each: f"left_out/{each}" for each in parts}),
                x="UTC",
                clock=clock,
                y=f"answers {a}",
                of="part",
            ),
        ),
        Trend(
            "events",
            "Events in",
            f"New events {a}, over HTTP and from the storefront, whatever their own time says.",
            "No event came in this time.",
            lines(
                _counts(moments, {"events": "events"} if _any(moments, "events") else {}),
                x="UTC",
                clock=clock,
                y=f"events {a}",
            ),
        ),
        Trend(
            "age",
            "Age of the model",
            "How long before the bundle that answers had been made. It falls where a newer one "
            "takes over.",
            "No bundle answered in this time.",
            lines(
                age,
                x="UTC",
                clock=clock,
                y=aged,
            ),
        ),
    ]


def people_trends(
    found: Lately,
    periods: Sequence[Period],
    lists: Mapping[Instant, int],
    now: Instant,
    rating: str,
) -> list[Trend]:
    """Active users, click-through, ratings, coverage: by day, from the log and the decisions.

    With `lists` the number of those that were answered on each day that had any.
    """
    today = now // DAY * DAY
    days = range(today - (DAYS - 1) * DAY, today + DAY, DAY)
    rated = {each.start: each for each in found.days if each.kind == rating}
    numbers = {start: each.events for start, each in rated.items()}
    taken = dict(found.lists_taken_up)
    clicked = [
        *_named("impressions", [(each.start, each.share) for each in found.uptakes], days),
        *_named("lists", [(each, taken.get(each, 0) / lists[each]) for each in lists], days),
    ]
    covered = [(each.start, each.answered.coverage if each.lists else None) for each in periods]
    means = [(each, rated[each].mean if each in rated else None) for each in days]
    return [
        Trend(
            "active",
            "Active users",
            "Different users a day with an event of any kind.",
            "Nobody was active in these days.",
            lines(_daily(days, dict(found.active_by_day)), x="day", y="users"),
        ),
        Trend(
            "click-through",
            "Click-through",
            "The share of the impressions that were answered, where they are reported, and of the "
            "lists from which something was taken.",
            "No list was answered in these days, and no impression reported.",
            lines(clicked, x="day", y="taken up", of="of", share=True),
        ),
        Trend(
            "ratings",
            "Ratings",
            f"Events of the kind {rating} a day.",
            "Nothing was rated in these days.",
            lines(_daily(days, numbers), x="day", y="ratings"),
        ),
        Trend(
            "mean-rating",
            "Mean rating",
            "Of the values of a day's ratings.",
            "Nothing was rated in these days.",
            lines(_points(means), x="day", y="mean"),
        ),
        Trend(
            "coverage",
            "Coverage",
            "The share of the catalogue that was in any list of a day.",
            "No list was answered in these days.",
            lines(_points(covered), x="day", y="share of the catalogue", share=True),
        ),
    ]


def _counts(moments: Sequence[Moment], courses: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {"x": _at(each.start), "y": each.number(name), "of": course}
        for course, name in courses.items()
        for each in moments
    ]


def _durations(moments: Sequence[Moment], sides: Iterable[str]) -> list[dict[str, Any]]:
    """Milliseconds; stretches without requests leave a gap."""
    return [
        {
            "x": _at(each.start),
            "y": 1000 * each.quantile(f"seconds/{side}/", share),
            "of": f"{SIDES[side]} {name}",
        }
        for side in sides
        for name, share in (("p50", 0.5), ("p99", 0.99))
        for each in moments
    ]


def _ages(moments: Sequence[Moment]) -> tuple[list[dict[str, Any]], str]:
    """The age of the bundle in the unit that its largest fits; none where nothing answered."""
    seconds = [each.gauges.get("bundle_age_seconds") for each in moments]
    largest = max((each for each in seconds if each is not None), default=None)
    if largest is None:
        return [], "hours"
    size, unit = next((each for each in AGES if largest >= 2 * each[0]), AGES[-1])
    ages = [None if each is None else each / size for each in seconds]
    return _points(zip((each.start for each in moments), ages, strict=True)), unit


def _any(moments: Sequence[Moment], name: str) -> bool:
    return any(each.number(name) for each in moments)


def _daily(days: Iterable[Instant], numbers: Mapping[Instant, int]) -> list[dict[str, Any]]:
    """A point for each day, zero where nothing was; none at all where nothing ever was."""
    found = [(each, numbers.get(each, 0)) for each in days]
    return _points(found) if any(number for _, number in found) else []


def _named(
    name: str, found: Iterable[tuple[Instant, float]], days: Sequence[Instant]
) -> list[dict[str, Any]]:
    """A point for each day, open where nothing is known; none at all where nothing is of any."""
    known = {day: value for day, value in found if day in days}
    return [{"x": _at(day), "y": known.get(day), "of": name} for day in days] if known else []


def _points(found: Iterable[tuple[Instant, Any]]) -> list[dict[str, Any]]:
    """A point each, open where nothing is known; none at all where nothing is known of any."""
    found = list(found)
    if all(value is None for _, value in found):
        return []
    return [{"x": _at(start), "y": value, "of": "all"} for start, value in found]


def _at(start: Instant) -> str:
    return datetime.fromtimestamp(start / SECOND, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
