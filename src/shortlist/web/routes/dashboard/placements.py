"""Placements: what is in force, and recipes on trial, checked and seen as the list they give."""

import tomllib
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import ValidationError

from shortlist.core.errors import Invalid, ShortlistError
from shortlist.http.statuses import status_of
from shortlist.serving.asked import DEFAULT_PLACEMENT, Asked
from shortlist.slate import PlacementSettings, check_placement
from shortlist.web.dashboard.recipes import as_toml
from shortlist.web.dashboard.titles import titles_of
from shortlist.web.forms import Form, posted
from shortlist.web.pages import page
from shortlist.web.visitors import Visitor, administrator
from shortlist.web.web import web_of

router = APIRouter(prefix="/admin/placements")

Word = Annotated[str, Query(max_length=256)]
LARGEST = 20_000
"""Letters of a recipe."""


@router.get("")
def placements(
    request: Request,
    visitor: Annotated[Visitor, administrator],  # noqa: ARG001
    placement: Word = DEFAULT_PLACEMENT,
) -> Response:
    """All placements, and one of them to be tried."""
    known = web_of(request).service.placements
    recipe = known.get(placement) or known[DEFAULT_PLACEMENT]
    return _tried(request, as_toml(recipe), user="", recipe=None)


@router.post("/try")
def try_out(
    request: Request,
    visitor: Annotated[Visitor, administrator],  # noqa: ARG001
    form: Annotated[Form, posted],
) -> Response:
    """Check a recipe, and show the list that it would give somebody. Nothing is written."""
    written, user = form.fields.get("recipe", ""), form.fields.get("user", "")[:256]
    try:
        recipe = _read(written)
        check_placement(recipe, web_of(request).service.shelves.current.columns)
        return _tried(request, written, user=user, recipe=recipe)
    except ShortlistError as error:
        return _tried(request, written, user=user, recipe=None, problem=error)


def _read(written: str) -> PlacementSettings:
    """A recipe as it stands under [placements.NAME] in the settings. Raises Invalid."""
    if len(written) > LARGEST:
        raise Invalid(f"A recipe has at most {LARGEST:,} letters.")
    try:
        return PlacementSettings.model_validate(tomllib.loads(written.replace("\r\n", "\n")))
    except tomllib.TOMLDecodeError as error:
        raise Invalid(f"This is not TOML: {error}.") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(each) for each in first["loc"])
        raise Invalid(f"{where or 'recipe'}: {first['msg']}.") from None


def _tried(
    request: Request,
    written: str,
    *,
    user: str,
    recipe: PlacementSettings | None,
    problem: ShortlistError | None = None,
) -> Response:
    service = web_of(request).service
    found: Any = None
    if recipe is not None:
        found = service.recommender.take_apart(Asked(user=user or None), recipe)
    named = [] if found is None else [each.shown.item for each in found.placed] + [*found.fell_out]
    return page(
        request,
        "dashboard/placements.html",
        status=200 if problem is None else status_of(problem),
        placements=service.placements,
        written=written,
        user=user,
        found=found,
        titles=titles_of(service.shelves.current, named),
        problem=str(problem or ""),
    )
