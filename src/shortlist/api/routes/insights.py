"""What the lists do to the catalogue over time, for dashboards."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from shortlist.api.fields import Answer, json, moment, served
from shortlist.api.security import Caller, needs
from shortlist.serving.insights import LONGEST, Insights, Period

router = APIRouter(tags=["insights"])


class Spread(Answer):
    shown: int
    """Places in lists, or impressions."""
    items: int
    """Different items among them."""
    coverage: float | None
    """Those as a share of the catalogue."""
    gini: float | None
    """0 where all items are shown equally often, near 1 where it is always the same few."""
    top_share: float | None
    """What the most shown hundredth of the catalogue has of all that was shown."""


class PeriodOut(Answer):
    start: str
    lists: int
    looked_at: int
    """How many of the lists the next two are counted from."""
    answered: Spread
    explored: float | None
    """The share of the items answered that were tried: of a propensity below one half."""
    impressions: Spread
    """The items that the application says were shown."""


class InsightsOut(Answer):
    periods: list[PeriodOut]


@router.get("/v1/admin/insights", response_model=InsightsOut)
def get_insights(
    request: Request,
    caller: Annotated[Caller, needs("admin")],  # noqa: ARG001
    periods: Annotated[int, Query(ge=1, le=LONGEST)] = 14,
    days: Annotated[int, Query(ge=1, le=LONGEST, description="Days of each period.")] = 1,
) -> Response:
    """How few items get how much of what is shown, and how much is tried; the oldest first."""
    service = served(request)
    found = Insights(service.facts, service.clock).over(periods, days)
    return json({"periods": [_document(each) for each in found]})


def _document(period: Period) -> dict[str, Any]:
    return asdict(period) | {"start": moment(period.start)}
