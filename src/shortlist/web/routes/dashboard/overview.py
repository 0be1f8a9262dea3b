"""How it stands: what answers, how quickly, what fails, how far behind."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from shortlist.core.times import DAY, SECOND
from shortlist.http.traffic import traffic_of
from shortlist.serving.insights import Period
from shortlist.web.dashboard.charts import Spec, lines
from shortlist.web.dashboard.trends import DAYS, people_trends, service_trends
from shortlist.web.pages import asks_for_part, page
from shortlist.web.visitors import Visitor, administrator
from shortlist.web.web import Web, web_of

router = APIRouter(prefix="/admin")

Over = Annotated[Literal["hour", "day", "month"], Query()]
STEPS: Final = {"hour": "minute", "day": "hour", "month": "day"}
"""What each range is drawn in."""

Days = Annotated[int, Query(ge=1, le=30)]
PERIODS = 14
"""Periods that the charts of what is shown go back."""


@router.get("")
def overview(
    request: Request,
    visitor: Annotated[Visitor, administrator],  # noqa: ARG001
    over: Over = "hour",
) -> Response:
    """Everything at a glance; scripts get its parts anew."""
    part = asks_for_part(request)
    if part in PARTS:
        return page(request, f"dashboard/{part}.html", **PARTS[part](web_of(request), over))
    told = {
        name: value
        for each in PARTS.values()
        for name, value in each(web_of(request), over).items()
    }
    return page(request, "dashboard/overview.html", **told)


def _numbers(web: Web, over: str) -> dict[str, Any]:  # noqa: ARG001
    service = web.service
    return {
        "state": service.readiness(),
        "loaded": service.engine.loaded,
        "numbers": service.numbers(),
        "newest": service.facts.last_sequence(),
        "items": service.facts.count_items(),
        "worker": service.models.worker(),
    }


def _requests(web: Web, over: str) -> dict[str, Any]:  # noqa: ARG001
    return {"traffic": traffic_of(web.metrics.families())}


def _service_trends(web: Web, over: str) -> dict[str, Any]:
    moments = web.service.course.over(over)
    return {"over": over, "trends": service_trends(moments, STEPS[over])}


def _people_trends(web: Web, over: str) -> dict[str, Any]:  # noqa: ARG001
    service = web.service
    found = service.lately.counted()
    periods = service.insights.by_days(PERIODS)
    rating, now = web.settings.shop.rating, service.clock.now()
    first = now // DAY * DAY - (DAYS - 1) * DAY
    counted = service.facts.decisions.counted(first, now + 1, DAY)
    lists = {first + place * DAY: number for place, number in sorted(counted.items())}
    return {"people": people_trends(found, periods, lists, now, rating)}


PARTS: Final[Mapping[str, Callable[[Web, str], dict[str, Any]]]] = {
    "numbers": _numbers,
    "trends": _service_trends,
    "people": _people_trends,
    "requests": _requests,
}
"""The parts of the overview: the name of the template, and what it shows."""


@router.get("/insights")
def insights(
    request: Request,
    visitor: Annotated[Visitor, administrator],  # noqa: ARG001
    days: Days = 1,
) -> Response:
    """What the lists do to the catalogue: concentration, coverage, exploration over time."""
    service = web_of(request).service
    found = service.insights.by_days(PERIODS, days)
    return page(request, "dashboard/insights.html", periods=found, days=days, charts=_charts(found))


def _charts(periods: list[Period]) -> list[tuple[str, str, Spec]]:
    """Heading, sentence and chart of each course."""
    answered = "in lists"
    shown = "seen"
    return [
        (
            "Lists answered",
            "All lists, to anybody and in any place.",
            lines(_rows(periods, lists=lambda each: float(each.lists)), x="from", y="lists"),
        ),
        (
            "Coverage",
            (
                "The share of the catalogue that was in any list, and that was seen. "
                "Falling: the loop narrows."
            ),
            lines(
                _rows(
                    periods,
                    **{
                        answered: lambda each: each.answered.coverage,
                        shown: lambda each: each.impressions.coverage,
                    },
                ),
                x="from",
                y="share of the catalogue",
                of="where",
                share=True,
            ),
        ),
        (
            "Concentration",
            (
                "Gini's coefficient: 0 where all items are shown equally often, near 1 where it is "
                "always the same few."
            ),
            lines(
                _rows(
                    periods,
                    **{
                        answered: lambda each: each.answered.gini,
                        shown: lambda each: each.impressions.gini,
                    },
                ),
                x="from",
                y="Gini",
                of="where",
            ),
        ),
        (
            "Exploration",
            "The share of the items in lists that were tried: something else was likelier there.",
            lines(
                _rows(periods, tried=lambda each: each.explored),
                x="from",
                y="share tried",
                share=True,
            ),
        ),
    ]


def _rows(periods: list[Period], **courses: Any) -> list[dict[str, Any]]:
    return [
        {
            "x": datetime.fromtimestamp(each.start / SECOND, UTC).isoformat(timespec="seconds"),
            "y": course(each),
            "of": name,
        }
        for name, course in courses.items()
        for each in periods
    ]
