"""Errors as pages; a script is told by the status and a sentence."""

from typing import Final
from urllib.parse import quote

import structlog
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse, Response
from starlette.exceptions import HTTPException

from shortlist.core.errors import NotSignedIn, ShortlistError
from shortlist.http.statuses import status_of, wait_of
from shortlist.web.headers import headers
from shortlist.web.pages import asks_for_part, bare, see

LOG = structlog.get_logger("shortlist.web")

HEADINGS: Final = {
    400: "That did not work",
    403: "This is not open to you",
    404: "There is nothing here",
    405: "There is nothing here",
    409: "Something has changed",
    422: "That did not work",
    429: "A little slower, please",
    500: "Something went wrong",
    503: "Back in a moment",
}


def foreseen(request: Request, error: Exception) -> Response:
    """Answer an error of ours; who must sign in is sent to do so, and comes back."""
    assert isinstance(error, ShortlistError)
    if isinstance(error, NotSignedIn) and request.method == "GET" and not asks_for_part(request):
        return see(f"/sign-in?next={quote(request.url.path, safe='/')}")
    return _failed(request, status_of(error), str(error), **wait_of(error))


def unreadable(request: Request, error: Exception) -> Response:
    """Answer a request whose parts are not what the page takes."""
    assert isinstance(error, RequestValidationError)
    return _failed(request, 422, "The address or the form is not one that pages here link to.")


def refused(request: Request, error: Exception) -> Response:
    """Answer what the framework itself refuses."""
    assert isinstance(error, HTTPException)
    status = 404 if error.status_code == 405 else error.status_code
    return _failed(request, status, "The page has moved, or was never there.")


def unforeseen(request: Request, error: Exception) -> Response:
    """Answer what nobody foresaw: logged with its traceback, told without it."""
    LOG.error("unforeseen", path=request.scope.get("path"), exc_info=error)
    answer = _failed(request, 500, "It was written down, and somebody will look into it.")
    answer.raw_headers.extend(headers())  # nothing stands between this answer and the browser
    return answer


def _failed(request: Request, status: int, said: str, **more: str) -> Response:
    heading = HEADINGS.get(status, HEADINGS[500])
    if asks_for_part(request):
        return PlainTextResponse(f"{heading}. {said}", status, more)
    answer = bare(request, "failure.html", status=status, code=status, heading=heading, said=said)
    answer.headers.update(more)
    return answer
