"""The log and the catalogue: volumes, trends, what is missing, what has shifted."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from shortlist.core.times import SECOND, Instant
from shortlist.serving.click_through import Uptake
from shortlist.serving.course import Course
from shortlist.serving.gaps import gaps
from shortlist.serving.lately import Day
from shortlist.web.dashboard.charts import Spec, lines
from shortlist.web.pages import asks_for_part, page
from shortlist.web.visitors import Visitor, administrator
from shortlist.web.web import web_of

router = APIRouter(prefix="/admin/data")

RUNS = 8
"""Imports and trainings that are listed, the newest."""

EXAMPLES = 10
"""Refused events that are shown, the newest."""

MOST_DAYS = 120
"""Days that are drawn, the last ones."""


@router.get("")
def data(
    request: Request,
    visitor: Annotated[Visitor, administrator],  # noqa: ARG001
) -> Response:
    """What comes in, what is refused, what items lack, what is distributed differently now.

    Scripts get the imports and trainings anew.
    """
    web = web_of(request)
    service, runs = web.service, web.home.runs.newest(RUNS)
    if asks_for_part(request) == "runs":
        return page(request, "dashboard/runs.html", runs=runs)
    shelf = service.shelves.current
    found = service.lately.counted()
    return page(
        request,
        "dashboard/data.html",
        found=found,
        gaps=gaps(shelf),
        shifts=service.lately.shifts(),
        runs=runs,
        refused=_refused(service.course),
        refusals=service.course.refused(EXAMPLES),
        charts=_charts(_last(found.days), found.uptakes),
    )


def _refused(course: Course) -> list[tuple[str, int]]:
    """How many events were refused over HTTP lately, by reason, the most frequent first."""
    counts: Counter[str] = Counter()
    for each in course.over("month"):
        counts.update(each.under("refused_events/"))
    return counts.most_common()


def _last(days: Any) -> list[Day]:
    starts = sorted({each.start for each in days})[-MOST_DAYS:]
    return [each for each in days if starts and each.start >= starts[0]]


def _charts(days: list[Day], uptakes: Sequence[Uptake]) -> list[tuple[str, str, Spec]]:
    """Heading, sentence and chart of each course; those without a point are left out."""
    events = [{"x": _day(each.start), "y": each.events, "of": each.kind} for each in days]
    users = [{"x": _day(each.start), "y": each.users, "of": each.kind} for each in days]
    means = [
        {"x": _day(each.start), "y": each.mean, "of": each.kind}
        for each in days
        if each.mean is not None
    ]
    clicks = [{"x": _day(each.start), "y": each.share, "of": "answered"} for each in uptakes]
    found = [
        (
            "Events a day",
            "By kind, in UTC.",
            lines(events, x="day", y="events", of="kind"),
        ),
        (
            "Active users a day",
            "Different users with an event of the kind.",
            lines(users, x="day", y="users", of="kind"),
        ),
        (
            "Values",
            "The mean of what events carry, such as stars.",
            lines(means, x="day", y="mean value", of="kind"),
        ),
        (
            "Click-through",
            "The share of the reported impressions that were answered.",
            lines(clicks, x="day", y="answered", share=True),
        ),
    ]
    return [each for each in found if each[2]["data"]["values"]]


def _day(start: Instant) -> str:
    return datetime.fromtimestamp(start / SECOND, UTC).strftime("%Y-%m-%dT00:00:00Z")
