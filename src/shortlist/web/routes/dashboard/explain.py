"""How a list comes about for somebody, and answered lists made again."""

from collections import Counter
from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from shortlist.core.errors import ShortlistError
from shortlist.http.statuses import status_of
from shortlist.serving.asked import DEFAULT_PLACEMENT, Asked
from shortlist.serving.workings import Placed, Workings
from shortlist.web.dashboard.charts import bars
from shortlist.web.dashboard.titles import titles_of
from shortlist.web.pages import page, see
from shortlist.web.shop.waterfall import waterfall
from shortlist.web.visitors import Visitor, administrator
from shortlist.web.web import web_of

router = APIRouter(prefix="/admin")

Word = Annotated[str, Query(max_length=256)]
Switch = Annotated[bool, Query()]
DecisionPath = Annotated[str, Path(min_length=1, max_length=100)]


@router.get("/explain")
def explain(
    request: Request,
    visitor: Annotated[Visitor, administrator],  # noqa: ARG001
    user: Word = "",
    placement: Word = DEFAULT_PLACEMENT,
    item: Word = "",
) -> Response:
    """Candidates by source, the list with what the slate changed, and one item's score."""
    service = web_of(request).service
    found, problem, status = None, "", 200
    if user:
        try:
            found = service.recommender.take_apart(Asked(user=user, placement=placement))
        except ShortlistError as error:
            problem, status = str(error), status_of(error)
    one = _one(found, item)
    why = None if one is None else one.shown.why
    return page(
        request,
        "dashboard/explain.html",
        status=status,
        user=user,
        placement=placement,
        placements=list(service.placements.recipes),
        found=found,
        problem=problem,
        one=one,
        steps=None if why is None else waterfall(why),
        why=why,
        titles=titles_of(service.shelves.current, _named(found)),
        chart_spec=bars(_proposed(found), x="items of the list", y=""),
    )


@router.get("/decisions")
def look_up(
    request: Request,
    visitor: Annotated[Visitor, administrator],  # noqa: ARG001
    decision: Word = "",
) -> Response:
    """Look an answered list up by its id."""
    if decision.strip().replace(".", "").isalnum():
        return see(f"/admin/decisions/{decision.strip()}")
    return page(request, "dashboard/decisions.html")


@router.get("/decisions/{decision}")
def decision(
    request: Request,
    visitor: Annotated[Visitor, administrator],  # noqa: ARG001
    decision: DecisionPath,
    replay: Switch = False,
) -> Response:
    """An answered list, with everything that decided it; made again where that is asked."""
    service = web_of(request).service
    row = service.decisions.get(decision)
    told = service.decisions.told(row)
    again = service.recommender.replay(row) if replay else None
    named = [each["item"] for each in told["items"]] + (again["items"] if again else [])
    return page(
        request,
        "dashboard/decision.html",
        told=told,
        again=again,
        titles=titles_of(service.shelves.current, named),
    )


def _one(found: Workings | None, item: str) -> Placed | None:
    if found is None or not item:
        return None
    return next((each for each in found.placed if each.shown.item == item), None)


def _named(found: Workings | None) -> Iterable[str]:
    """Every item that is spoken of."""
    if found is None:
        return
    yield from (each.shown.item for each in found.placed)
    yield from found.fell_out
    for source in found.sources:
        yield from source.best
    for each in found.placed:
        yield from (own.item for own in (each.shown.why.because if each.shown.why else ()))


def _proposed(found: Workings | None) -> list[dict[str, object]]:
    placed = () if found is None else found.placed
    counts = Counter(source for each in placed for source in each.shown.sources)
    return [
        {"name": name, "value": number, "meaning": "items of the list it proposed"}
        for name, number in counts.most_common()
    ]
