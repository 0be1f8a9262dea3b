"""What was trained, what became of it, what it looks at; promoting and going back."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from shortlist.core.errors import UnknownBundle
from shortlist.evaluation.results import Report
from shortlist.online.models import ModelLine
from shortlist.serving.bundle_reports import report_of
from shortlist.serving.importance import importance_of
from shortlist.storage.bundles import is_id
from shortlist.web.dashboard.changes import note
from shortlist.web.dashboard.charts import bars
from shortlist.web.forms import Form, posted
from shortlist.web.pages import asks_for_part, page, see
from shortlist.web.visitors import Visitor, administrator
from shortlist.web.web import web_of

router = APIRouter(prefix="/admin/models")

BundlePath = Annotated[str, Path(min_length=1, max_length=100)]
STEPS = 30
"""Steps that are shown of the log."""

KEPT = 8
"""Bundles whose tables and charts are kept."""

_DRAWN: dict[str, Any] = {}

COLUMNS = 20
"""Columns that are drawn, the ones that matter most."""


@router.get("")
def models(
    request: Request,
    visitor: Annotated[Visitor, administrator],  # noqa: ARG001
    done: str = "",
) -> Response:
    """All bundles with their roles, and the steps they took; scripts get the worker's state."""
    kept = web_of(request).service.models
    if asks_for_part(request) == "worker":
        return page(request, "dashboard/worker.html", worker=kept.worker())
    return page(
        request,
        "dashboard/models.html",
        models=kept.list(),
        steps=kept.steps(STEPS),
        worker=kept.worker(),
        done=done if done in ("promoted", "rolled-back") else "",
    )


@router.get("/{bundle}")
def model(
    request: Request,
    visitor: Annotated[Visitor, administrator],  # noqa: ARG001
    bundle: BundlePath,
) -> Response:
    """One bundle: where it comes from, how good it was, what its ranker looks at."""
    service = web_of(request).service
    line = _line(service.models.list(), bundle)
    columns, problem = [], line.info.problem or ""
    if not problem:
        columns = importance_of(service.engine.open(bundle).model)
    rows: list[dict[str, Any]] = [
        {"name": each.column, "value": each.gain, "meaning": each.meaning}
        for each in columns[:COLUMNS]
    ]
    report = None if problem else report_of(service.models.bundles, bundle)
    return page(
        request,
        "dashboard/model.html",
        line=line,
        report=report,
        parts=[] if report is None else _parts(bundle, report),
        columns=columns,
        steps=[each for each in service.models.steps(1_000) if each.bundle == bundle],
        chart_spec=bars(rows, x="share of gain", y="", share=True),
        problem=problem,
    )


@router.post("/rollback")
def roll_back(
    request: Request,
    visitor: Annotated[Visitor, administrator],  # noqa: ARG001
    form: Annotated[Form, posted],  # noqa: ARG001
) -> Response:
    """Make current what was current before."""
    note(request, "model.rollback", web_of(request).service.models.rollback())
    return see("/admin/models?done=rolled-back")


@router.post("/{bundle}/promote")
def promote(
    request: Request,
    visitor: Annotated[Visitor, administrator],  # noqa: ARG001
    form: Annotated[Form, posted],  # noqa: ARG001
    bundle: BundlePath,
) -> Response:
    """Make a bundle current; every process takes it within moments."""
    if not is_id(bundle):
        raise UnknownBundle(f"No bundle is called {bundle!r}.")
    note(request, "model.promote", web_of(request).service.models.promote(bundle))
    return see("/admin/models?done=promoted")


def _parts(bundle: str, report: Report) -> Any:
    """The tables and charts of a report; drawn up once, since no bundle ever changes."""
    if bundle not in _DRAWN:
        from shortlist.evaluation.report.parts import parts_of

        while len(_DRAWN) >= KEPT:
            _DRAWN.pop(next(iter(_DRAWN)), None)
        _DRAWN[bundle] = parts_of(report)
    return _DRAWN[bundle]


def _line(lines: Any, bundle: str) -> ModelLine:
    for each in lines:
        if each.info.id == bundle:
            found: ModelLine = each
            return found
    raise UnknownBundle(f"No bundle is called {bundle!r}.")
