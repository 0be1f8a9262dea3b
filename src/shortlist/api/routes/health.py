"""Whether it lives, whether it is ready, and what it is."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response

from shortlist import __version__
from shortlist.api.fields import Answer, json, served
from shortlist.api.security import Caller, public

router = APIRouter(tags=["health"])


class Live(Answer):
    status: str


class Ready(Answer):
    ready: bool
    bundle: str | None
    """What answers; null where nothing is trained, and popularity answers."""
    problems: list[str]
    """What is wrong although it answers, or what it waits for."""


class Version(Answer):
    name: str
    version: str


@router.get("/health/live", response_model=Live)
def live(caller: Annotated[Caller | None, public]) -> Response:  # noqa: ARG001
    """Whether the process answers at all."""
    return json({"status": "live"})


@router.get("/health/ready", response_model=Ready, responses={503: {"model": Ready}})
def ready(request: Request, caller: Annotated[Caller | None, public]) -> Response:  # noqa: ARG001
    """Whether all processes are warm: bundle mapped, first request done. 503 before."""
    state = served(request).readiness()
    document = {"ready": state.ready, "bundle": state.bundle, "problems": list(state.problems)}
    return json(document, 200 if state.ready else 503)


@router.get("/version", response_model=Version)
def version(caller: Annotated[Caller | None, public]) -> Response:  # noqa: ARG001
    """What this is."""
    return json({"name": "shortlist", "version": __version__})
