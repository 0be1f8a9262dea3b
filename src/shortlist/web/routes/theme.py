"""Light or dark, as somebody likes it."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response

from shortlist.core.errors import Invalid
from shortlist.web import cookies
from shortlist.web.forms import Form, posted
from shortlist.web.pages import THEMES, see
from shortlist.web.visitors import Visitor, anyone

router = APIRouter()


@router.post("/theme")
def choose(
    request: Request,
    visitor: Annotated[Visitor, anyone],  # noqa: ARG001
    form: Annotated[Form, posted],
) -> Response:
    """Remember it in the browser."""
    theme = form.text("theme")
    if theme not in THEMES:
        raise Invalid(f"A theme is one of {', '.join(THEMES)}.")
    cookies.give(request, cookies.Cookie(cookies.THEME, theme, cookies.YEAR))
    return see(form.back())
