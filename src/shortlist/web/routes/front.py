"""The front page: what it is, for strangers; rows of their own, for those who signed in."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response

from shortlist.web.pages import asks_for_part, page
from shortlist.web.visitors import Visitor, anyone
from shortlist.web.web import web_of

router = APIRouter()


@router.get("/")
def front(request: Request, visitor: Annotated[Visitor, anyone]) -> Response:
    """Home."""
    if visitor.caller is None:
        return page(request, "shop/front.html")
    home = web_of(request).service.shop.home
    rows, marks = home.rows(visitor.user), home.marks(visitor.user)
    template = "shop/rows.html" if asks_for_part(request) else "shop/home.html"
    return page(request, template, rows=rows, fresh=len(marks.by_item) == 0)
