"""Answers to people: pages, parts of pages for scripts, and where to go next."""

from typing import Any, Final

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from shortlist.web import cookies
from shortlist.web.visitors import Visitor, visitor_of
from shortlist.web.web import web_of

PART: Final = "x-part"
"""The header by which a script asks for a part of a page, by its name."""

THEMES: Final = ("auto", "light", "dark")


def page(request: Request, template: str, *, status: int = 200, **context: Any) -> Response:
    """A page, or a part of one. Templates know `visitor`, `path`, `theme` and `settings` too."""
    web = web_of(request)
    theme = cookies.read(request, cookies.THEME)
    known = {
        "visitor": visitor_of(request),
        "path": _path(request),
        "theme": theme if theme in THEMES else "auto",
        "settings": web.settings,
        "file": web.files.address,
    }
    return HTMLResponse(web.templates.draw(template, known | context), status)


def bare(request: Request, template: str, *, status: int, **context: Any) -> Response:
    """A page for somebody of whom nothing could be found out."""
    if not hasattr(request.state, "visitor"):
        as_nobody(request)
    return page(request, template, status=status, **context)


def as_nobody(request: Request) -> None:
    """Draw the rest of a request for somebody who has just left."""
    request.state.visitor = Visitor(None, "", "", "")


def asks_for_part(request: Request) -> str:
    """The part a script asks for; empty where a person asks for the page."""
    return request.headers.get(PART, "")


def followed(request: Request) -> bool:
    """Whether somebody followed a link of ours: no other site's, and nothing fetched ahead."""
    said = request.headers
    ahead = f"{said.get('sec-purpose', '')} {said.get('purpose', '')}".lower()
    return "prefetch" not in ahead and said.get("sec-fetch-site", "same-origin") == "same-origin"


def see(path: str) -> Response:
    """Go and see another page, after something was done."""
    return RedirectResponse(path, 303)


def _path(request: Request) -> str:
    query = request.url.query
    return request.url.path + (f"?{query}" if query else "")
