"""Looking around: by words, by category, by years."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from shortlist.serving.search import ORDERS, Order, Wanted
from shortlist.web.pages import page
from shortlist.web.shop.pager import Pager
from shortlist.web.visitors import Visitor, person
from shortlist.web.web import web_of

router = APIRouter()

SUGGESTED = 7
Number = Annotated[int, Query(ge=1, le=100_000, alias="page")]
Words = Annotated[str, Query(max_length=200)]


@router.get("/browse")
def browse(
    request: Request,
    visitor: Annotated[Visitor, person],
    category: Words = "",
    years: Annotated[str, Query(pattern=r"^([0-9]{4}s)?$")] = "",
    order: Order = "popular",
    number: Number = 1,
) -> Response:
    """Items of a category and a decade, in some order."""
    first = int(years[:4]) if years else None
    wanted = Wanted(
        category=category,
        first_year=first,
        last_year=None if first is None else first + 9,
        order=order,
    )
    asked = {"category": category, "years": years, "order": order}
    return _found(request, visitor, "/browse", wanted, asked, number)


@router.get("/search")
def search(
    request: Request,
    visitor: Annotated[Visitor, person],
    q: Words = "",
    order: Order = "popular",
    number: Number = 1,
) -> Response:
    """Items whose title or categories hold the words."""
    wanted = Wanted(words=q, order=order)
    return _found(request, visitor, "/search", wanted, {"q": q, "order": order}, number)


@router.get("/search/suggestions")
def suggest(request: Request, visitor: Annotated[Visitor, person], q: Words = "") -> Response:
    """The first few that are found, as a part for scripts."""
    shop = web_of(request).service.shop
    found = shop.search.find(Wanted(words=q), limit=SUGGESTED) if q.strip() else None
    marks = shop.home.marks(visitor.user)
    cards = shop.home.cards(marks).of(found.items) if found else []
    total = found.total if found else 0
    return page(request, "shop/suggestions.html", cards=cards, q=q, total=total)


def _found(
    request: Request,
    visitor: Visitor,
    path: str,
    wanted: Wanted,
    asked: dict[str, str],
    number: int,
) -> Response:
    shop = web_of(request).service.shop
    size = shop.settings.page_size
    found = shop.search.find(wanted, limit=size, offset=(number - 1) * size)
    kept = {name: value for name, value in asked.items() if value and value != "popular"}
    return page(
        request,
        "shop/browse.html" if path == "/browse" else "shop/search.html",
        wanted=wanted,
        asked=asked,
        pager=Pager(path, kept, number, size, found.total),
        cards=shop.home.cards(shop.home.marks(visitor.user)).of(found.items),
        categories=shop.search.categories(),
        decades=_decades(shop.search.years()),
        orders=ORDERS,
        bare=replace(wanted, order="popular") == Wanted(),
    )


def _decades(years: tuple[int, int] | None) -> list[str]:
    """The decades there are, the latest first."""
    if years is None:
        return []
    first, last = (each // 10 * 10 for each in years)
    return [f"{each}s" for each in range(last, first - 1, -10)]
