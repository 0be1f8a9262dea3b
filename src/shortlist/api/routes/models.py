"""The bundles with their roles, the steps they took, and what the worker does; for administrators.

The port of administration answers the same.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from shortlist.api.changes import note
from shortlist.api.fields import Answer, json, moment
from shortlist.api.security import Caller, needs
from shortlist.core.errors import NoReport, UnknownBundle
from shortlist.evaluation.results import Report
from shortlist.online.models import ModelLine, Models, Role
from shortlist.serving.bundle_reports import report_of
from shortlist.storage.bundles import is_id
from shortlist.storage.facts.model_steps import Step

router = APIRouter(prefix="/v1/admin/models", tags=["admin"])

Admin = Annotated[Caller, needs("admin")]
BundlePath = Annotated[str, Path(min_length=1, max_length=100, description="The id of a bundle.")]


class Bundle(Answer):
    id: str
    role: Role
    """champion, watched, challenger, former, rejected, or waiting: none of these yet."""
    created: str
    current: bool
    state: str
    """Whether its files are whole at a glance: ok or damaged."""
    problem: str | None
    bytes: int
    metrics: dict[str, Any]
    lineage: dict[str, Any]


class Bundles(Answer):
    models: list[Bundle]
    worker: dict[str, Any] | None
    """What the worker said last: time, phase, done and of, and figures; null without a worker."""


class TakenStep(Answer):
    sequence: int
    time: str
    bundle: str
    """Empty where no bundle came of it."""
    step: Step
    against: str | None
    """The bundle that it came from, or is compared with."""
    detail: dict[str, Any]
    """The reason, and the figures."""


class Steps(Answer):
    steps: list[TakenStep]


class Current(Answer):
    current: str


@router.get("", response_model=Bundles)
def list_models(request: Request, caller: Admin) -> Response:  # noqa: ARG001
    """All bundles with their roles, the newest first, and what the worker is doing."""
    models = _models(request)
    worker = models.worker()
    said = worker and {"time": moment(worker.time), **worker.said}
    return json({"models": [_line(each) for each in models.list()], "worker": said})


@router.get("/steps", response_model=Steps)
def list_steps(
    request: Request,
    caller: Admin,  # noqa: ARG001
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
    before: Annotated[
        int | None, Query(ge=1, le=2**63 - 1, description="Steps of smaller numbers.")
    ] = None,
) -> Response:
    """What became of the bundles, the newest step first."""
    steps = _models(request).steps(limit, before)
    return json({"steps": [{**each._asdict(), "time": moment(each.time)} for each in steps]})


@router.get("/{bundle}/report", response_model=Report)
def get_report(
    request: Request,
    caller: Admin,  # noqa: ARG001
    bundle: BundlePath,
) -> Response:
    """What the training of a bundle found about its ranker, on questions kept back from it."""
    report = report_of(_models(request).bundles, _whole(bundle))
    if report is None:
        raise NoReport
    return json(report.model_dump(mode="json"))


@router.post("/{bundle}/promote", response_model=Current)
def promote_model(
    request: Request,
    caller: Admin,
    bundle: BundlePath,
) -> Response:
    """Make a bundle current; every process takes it within moments."""
    current = _models(request).promote(_whole(bundle))
    note(request, caller, "model.promote", current)
    return json({"current": current})


@router.post("/rollback", response_model=Current)
def roll_back(request: Request, caller: Admin) -> Response:
    """Make current what was current before."""
    current = _models(request).rollback()
    note(request, caller, "model.rollback", current)
    return json({"current": current})


def _whole(bundle: str) -> str:
    """What was given as a bundle's id. Raises UnknownBundle where it cannot be one."""
    if not is_id(bundle):
        raise UnknownBundle(f"no bundle is called {bundle!r}.")
    return bundle


def _models(request: Request) -> Models:
    models: Models = request.app.state.service.models
    return models


def _line(line: ModelLine) -> dict[str, Any]:
    info = line.info
    return {
        "id": info.id,
        "role": line.role,
        "created": info.created,
        "current": info.current,
        "state": info.state,
        "problem": info.problem,
        "bytes": info.bytes,
        "metrics": dict(info.metrics),
        "lineage": dict(info.lineage),
    }
