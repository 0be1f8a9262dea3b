"""What administrators changed here."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from shortlist.web.pages import page
from shortlist.web.visitors import Visitor, administrator
from shortlist.web.web import web_of

router = APIRouter(prefix="/admin/audit")

LISTED = 100
Before = Annotated[int | None, Query(ge=1, le=2**63 - 1)]


@router.get("")
def audit(
    request: Request,
    visitor: Annotated[Visitor, administrator],  # noqa: ARG001
    before: Before = None,
) -> Response:
    """The newest changes, or those from before one."""
    found = web_of(request).service.facts.audit.newest(LISTED, before)
    older = found[-1].sequence if len(found) == LISTED else None
    return page(request, "dashboard/audit.html", changes=found, older=older, before=before)
