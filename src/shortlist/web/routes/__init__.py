"""The pages, one file a subject.

To add one: write `web/routes/<name>.py` with a `router`, then add it to the list below. Every
route states whom it is for (`web/visitors.py`), and one that changes something takes a sealed form
(`web/forms.py`); a test fails for one that does not.
"""

from fastapi import APIRouter
from fastapi.routing import APIRoute

from shortlist.web.routes import (
    account,
    browse,
    files,
    front,
    items,
    mine,
    sign_in,
    theme,
    welcome,
)
from shortlist.web.routes.dashboard import DASHBOARD

ROUTERS: tuple[APIRouter, ...] = tuple(
    each.router
    for each in (
        files,
        front,
        theme,
        sign_in,
        account,
        welcome,
        items,
        browse,
        mine,
        *DASHBOARD,
    )
)


def routes() -> list[APIRoute]:
    """Every route of every router."""
    return [each for router in ROUTERS for each in router.routes if isinstance(each, APIRoute)]
