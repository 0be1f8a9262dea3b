"""Every change that is made on the dashboard is written down."""

from fastapi import Request

from shortlist.serving.changes import write_down
from shortlist.web.visitors import visitor_of
from shortlist.web.web import web_of


def note(request: Request, what: str, about: str, **detail: object) -> None:
    """Write down a change that the visitor made."""
    write_down(web_of(request).service.facts, visitor_of(request).login, what, about, detail)
