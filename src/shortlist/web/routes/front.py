"""The front page."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response

from shortlist.web.pages import page, see
from shortlist.web.visitors import Visitor, anyone

router = APIRouter()


@router.get("/")
def front(request: Request, visitor: Annotated[Visitor, anyone]) -> Response:
    """What it is, for those who have not signed in."""
    if visitor.caller is None:
        return page(request, "front.html")
    return see("/account")
