"""The page at /docs, and its sheet: what an application answers, for people."""

from importlib.resources import files
from itertools import groupby
from typing import Any, Final

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from shortlist.api.reference.endpoints import endpoints_of, types_of
from shortlist.core.templates import Templates

PACKAGE: Final = "shortlist.api.reference"
SHEET: Final = "/docs/reference.css"
POLICY: Final = (
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""No script at all, and nothing from elsewhere: an address of another host would lead nowhere."""


def add_reference(app: FastAPI) -> None:
    """Let an application describe itself at /docs. Open to all, as its OpenAPI document is."""
    templates = Templates(PACKAGE, "templates")
    drawn: list[str] = []

    def page(_: Request) -> Response:
        if not drawn:
            drawn.append(templates.draw("reference.html", _told(app.openapi())))
        return HTMLResponse(drawn[0], headers={"Content-Security-Policy": POLICY})

    def sheet(_: Request) -> Response:
        content = files(PACKAGE).joinpath("templates", "reference.css").read_bytes()
        return Response(content, media_type="text/css")

    app.router.add_route("/docs", page, ["GET"], include_in_schema=False)
    app.router.add_route(SHEET, sheet, ["GET"], include_in_schema=False)


def _told(document: dict[str, Any]) -> dict[str, Any]:
    found = endpoints_of(document)
    order = list(dict.fromkeys(each.group for each in found))
    found.sort(key=lambda each: order.index(each.group))
    groups = [(name, list(own)) for name, own in groupby(found, key=lambda each: each.group)]
    types = types_of(document)
    return {
        "info": document["info"],
        "groups": groups,
        "types": types,
        "known": {each.name for each in types},
        "sheet": SHEET,
    }
