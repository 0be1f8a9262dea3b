"""Errors as problem documents (RFC 9457)."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import structlog
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from shortlist.core.errors import BadFilter, ShortlistError
from shortlist.http.problem import MEDIA, problem
from shortlist.http.statuses import code_of, status_of, wait_of

LOG = structlog.get_logger("shortlist.api")

EVENTS: Final = ("POST", "/v1/events")
"""Where events come in."""

ABOUT_DATA: Final = (400, 409)
"""Statuses of what is wrong with an event itself, and not with who sends it or with us."""

_NAMED: Final = {
    404: "no_such_route",
    405: "method_not_allowed",
    413: "body_too_large",
    415: "unsupported_media_type",
}


def foreseen(request: Request, error: Exception) -> Response:
    """Answer an error of ours."""
    assert isinstance(error, ShortlistError)
    status = status_of(error)
    if status in ABOUT_DATA:
        _note_refusals(request, [(code_of(error), "")])
    headers = dict(wait_of(error))
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="shortlist"'
    more = {"position": error.position} if hasattr(error, "position") else {}
    return problem(status, code_of(error), str(error), headers=headers, **more)


def unreadable(request: Request, error: Exception) -> Response:
    """Answer a request whose parts are not what the endpoint takes.

    Where nothing but filters cannot be read, it is what a filter is answered with elsewhere.
    """
    assert isinstance(error, RequestValidationError)
    wrong = error.errors()[:20]
    found = [_finding(each) for each in wrong]
    places = [each["where"].removeprefix("body.") for each in found]
    kinds = [str(each["type"]) for each in wrong]
    _note_refusals(request, list(zip(kinds, places, strict=True)))
    said = "; ".join(f"{each['where']}: {each['what']}" for each in found[:3])
    filters = BadFilter()
    if {*kinds} == {code_of(filters)}:
        position = wrong[0]["ctx"]["position"]
        return problem(status_of(filters), kinds[0], said, errors=found, position=position)
    return problem(422, "invalid_request", said, errors=found)


def http(request: Request, error: Exception) -> Response:
    """Answer what the framework itself refuses."""
    assert isinstance(error, HTTPException)
    code = _NAMED.get(error.status_code, "http_error")
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = ", ".join(_methods(request))
    return problem(error.status_code, code, str(error.detail), headers=headers)


def _methods(request: Request) -> list[str]:
    """Every method that the path knows; the framework names those of one of its routes alone."""
    routes, asked = request.app.state.routes, request.scope["path"]
    path = next((each.path for each in routes if each.path_regex.match(asked)), None)
    return sorted({method for each in routes if each.path == path for method in each.methods})


def unforeseen(request: Request, error: Exception) -> Response:
    """Answer what nobody foresaw: logged with its traceback, told without it."""
    LOG.error("unforeseen", path=request.scope.get("path"), exc_info=error)
    return problem(500, "internal_error", "Something went wrong that should not; it was logged.")


def _note_refusals(request: Request, found: Sequence[tuple[str, str]]) -> None:
    """Count what was wrong with events, for the page that shows whether data is lost."""
    if (request.scope["method"], request.scope["path"]) == EVENTS:
        for reason, place in found:
            request.app.state.metrics.refused(reason, place[:100])


def _finding(each: Mapping[str, Any]) -> dict[str, Any]:
    where: Sequence[object] = each["loc"]
    return {"where": ".".join(str(part) for part in where), "what": str(each["msg"])}


def problem_schema() -> dict[str, Any]:
    """What the OpenAPI document says of every answer that is no success."""
    text = {"type": "string"}
    properties = {
        "type": text,
        "title": text,
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable: programs may rely on it."},
        "detail": text,
        "errors": {"type": "array", "items": {"type": "object"}},
        "position": {"type": "integer", "description": "Where in a filter."},
    }
    schema = {
        "type": "object",
        "properties": properties,
        "required": ["type", "title", "status", "code", "detail"],
    }
    return {"description": "A problem document (RFC 9457).", "content": {MEDIA: {"schema": schema}}}
