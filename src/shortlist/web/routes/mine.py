"""What somebody has here: a watchlist, a history, and what we make of it."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from shortlist.core.times import SECOND
from shortlist.serving.tastes import tastes_of
from shortlist.storage.facts import EventRow
from shortlist.web.pages import page
from shortlist.web.shop.pager import Pager
from shortlist.web.visitors import Visitor, person
from shortlist.web.web import web_of

router = APIRouter()

Number = Annotated[int, Query(ge=1, le=100_000, alias="page")]
ENTRIES = 30
"""Entries on a page of the history."""

SHOWN = 6
"""Items that stand for a taste."""


@router.get("/list")
def watchlist(request: Request, visitor: Annotated[Visitor, person]) -> Response:
    """What somebody means to come back to, the last first."""
    home = web_of(request).service.shop.home
    marks = home.marks(visitor.user)
    return page(request, "shop/list.html", cards=home.cards(marks).of(marks.saved))


@router.get("/history")
def history(
    request: Request,
    visitor: Annotated[Visitor, person],
    category: Annotated[str, Query(max_length=200)] = "",
    number: Number = 1,
) -> Response:
    """Everything somebody did here, to change or to erase."""
    home = web_of(request).service.shop.home
    marks = home.marks(visitor.user)
    cards = home.cards(marks).of(reversed(marks.by_item))
    if category:
        cards = [each for each in cards if category in each.categories]
    shown = cards[(number - 1) * ENTRIES : number * ENTRIES]
    return page(
        request,
        "shop/history.html",
        entries=[(each, _told(marks.by_item[each.item])) for each in shown],
        category=category,
        pager=Pager(
            "/history", {"category": category} if category else {}, number, ENTRIES, len(cards)
        ),
    )


@router.get("/taste")
def taste(request: Request, visitor: Annotated[Visitor, person]) -> Response:
    """What we think somebody likes, and the entries that say so."""
    home = web_of(request).service.shop.home
    marks, cards = home.marks(visitor.user), home.cards(home.marks(visitor.user))
    found = tastes_of(marks, home.shelves.current)
    most = max((each.times for each in found), default=1.0)
    told = [(each, cards.of(each.items[:SHOWN]), 100 * each.times / most) for each in found]
    return page(request, "shop/taste.html", tastes=told, entries=len(marks.by_item))


def _told(rows: list[EventRow]) -> dict[str, Any]:
    """When it was last, and every kind of event there is with the item."""
    last = rows[-1].time
    date = None if last is None else datetime.fromtimestamp(last / SECOND, UTC)
    return {"date": date, "kinds": list(dict.fromkeys(row.kind for row in rows))}
