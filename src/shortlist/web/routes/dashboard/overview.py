"""How it stands: what answers, how quickly, what fails, how far behind."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from shortlist.core.times import SECOND
from shortlist.http.traffic import traffic_of
from shortlist.serving.insights import Insights, Period
from shortlist.web.dashboard.charts import Spec, lines
from shortlist.web.pages import asks_for_part, page
from shortlist.web.visitors import Visitor, administrator
from shortlist.web.web import web_of

router = APIRouter(prefix="/admin")

Days = Annotated[int, Query(ge=1, le=30)]
PERIODS = 14
"""Periods that the charts of what is shown go back."""


@router.get("")
def overview(
    request: Request,
    visitor: Annotated[Visitor, administrator],  # noqa: ARG001
) -> Response:
    """Everything at a glance; scripts get the numbers anew."""
    web = web_of(request)
    service = web.service
    template = "dashboard/numbers.html" if asks_for_part(request) else "dashboard/overview.html"
    return page(
        request,
        template,
        state=service.readiness(),
        loaded=service.engine.loaded,
        numbers=service.numbers(),
        newest=service.facts.last_sequence(),
        items=service.facts.count_items(),
        worker=service.models.worker(),
        traffic=traffic_of(web.metrics.families()),
    )


@router.get("/insights")
def insights(
    request: Request,
    visitor: Annotated[Visitor, administrator],  # noqa: ARG001
    days: Days = 1,
) -> Response:
    """What the lists do to the catalogue: concentration, coverage, exploration over time."""
    service = web_of(request).service
    found = Insights(service.facts, service.clock).over(PERIODS, days)
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
