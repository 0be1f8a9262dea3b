"""Style sheets and scripts."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response

from shortlist.web.files import PATH
from shortlist.web.visitors import public
from shortlist.web.web import web_of

router = APIRouter()


@router.get(PATH)
def file(
    request: Request,
    visitor: Annotated[None, public],  # noqa: ARG001
    edition: str,
    name: str,
) -> Response:
    """A file of ours; they are the same for all."""
    return web_of(request).files.answer(edition, name)
