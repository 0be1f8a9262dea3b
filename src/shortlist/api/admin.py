"""Metrics and administration, on a port of their own: bundles, and what Prometheus scrapes."""

from typing import Annotated, Any

from fastapi import FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from shortlist import __version__
from shortlist.api.changes import note
from shortlist.api.fields import Answer, json
from shortlist.api.problems import foreseen, http, unforeseen, unreadable
from shortlist.api.reference.page import add_reference
from shortlist.api.routes import models
from shortlist.api.security import Caller, needs, public
from shortlist.bootstrap import Home
from shortlist.core.errors import ShortlistError
from shortlist.http.metrics import exposition


class BundleLine(Answer):
    id: str
    created: str
    current: bool
    state: str
    problem: str | None
    bytes: int
    metrics: dict[str, Any]
    lineage: dict[str, Any]


def create_admin(home: Home) -> FastAPI:
    """The application of the administration's port."""
    app = FastAPI(
        title="Shortlist administration", version=__version__, docs_url=None, redoc_url=None
    )
    add_reference(app)
    app.state.service = home
    app.state.routes = []
    app.add_exception_handler(ShortlistError, foreseen)
    app.add_exception_handler(RequestValidationError, unreadable)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(Exception, unforeseen)

    @app.get("/metrics")
    def metrics(caller: Annotated[Caller | None, public]) -> Response:  # noqa: ARG001
        """Numbers in Prometheus' text format. Open to whoever reaches this port."""
        return Response(exposition(), media_type="text/plain; version=0.0.4")

    @app.get("/v1/admin/bundles", response_model=list[BundleLine])
    def bundles(caller: Annotated[Caller, needs("admin")]) -> Response:  # noqa: ARG001
        """All bundles, the newest first."""
        return json([_line(each) for each in home.bundles.list()])

    @app.post("/v1/admin/bundles/{bundle}/promote")
    def promote(
        request: Request, caller: Annotated[Caller, needs("admin")], bundle: str
    ) -> Response:
        """Make a bundle current; every process takes it within moments."""
        current = home.models.promote(bundle)
        note(request, caller, "model.promote", current)
        return json({"current": current})

    @app.post("/v1/admin/bundles/rollback")
    def rollback(request: Request, caller: Annotated[Caller, needs("admin")]) -> Response:
        """Make current what was current before."""
        current = home.models.rollback()
        note(request, caller, "model.rollback", current)
        return json({"current": current})

    @app.delete("/v1/admin/bundles")
    def prune(
        request: Request,
        caller: Annotated[Caller, needs("admin")],
        keep: Annotated[int, Query(ge=1, le=1_000)] = 5,
    ) -> Response:
        """Remove all but the newest, the current one and what rollback would give."""
        removed = list(home.bundles.prune(keep))
        note(request, caller, "model.prune", "", removed=removed)
        return json({"removed": removed})

    app.router.routes.extend(models.router.routes)
    return app


def _line(info: Any) -> dict[str, Any]:
    return {
        "id": info.id,
        "created": info.created,
        "current": info.current,
        "state": info.state,
        "problem": info.problem,
        "bytes": info.bytes,
        "metrics": dict(info.metrics),
        "lineage": dict(info.lineage),
    }
