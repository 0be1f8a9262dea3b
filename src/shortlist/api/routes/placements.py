"""The named places that show lists: what is in force, changed, given back to the settings."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response
from pydantic import ConfigDict
from pydantic.config import JsonDict

from shortlist.api.changes import who_is
from shortlist.api.fields import Answer, json, moment, served
from shortlist.api.security import Caller, needs
from shortlist.core.errors import UnknownPlacement
from shortlist.serving.placements import NAME, Placements
from shortlist.slate import PlacementSettings

router = APIRouter(tags=["recommendations"])

PlacementPath = Annotated[str, Path(pattern=NAME, description="The name of the placement.")]
After = Annotated[
    int | None,
    Query(
        ge=0,
        le=2**63 - 1,
        description=(
            "The version that was read before the change, 0 where there was none: with it a change "
            "is refused (409) if somebody else changed the placement meanwhile."
        ),
    ),
]
HOME: JsonDict = {
    "name": "home",
    "settings": {"size": 12, "diversity": 0.3},
    "version": 3,
    "by_hand": True,
    "changed": "2026-01-02T08:30:00Z",
}


class Placement(Answer):
    model_config = ConfigDict(json_schema_extra={"examples": [HOME]})

    name: str
    settings: dict[str, Any]
    """As in the settings file; what is not written there has its default."""
    version: int
    """Grows with every change by hand; 0 where there was none."""
    by_hand: bool
    """Whether it was changed by hand, and not as the settings file says."""
    changed: str | None
    """When it was changed by hand."""


class PlacementList(Answer):
    placements: list[Placement]


@router.get("/v1/placements", response_model=PlacementList)
def list_placements(
    request: Request,
    caller: Annotated[Caller, needs("recommend:read")],  # noqa: ARG001
) -> Response:
    """All placements, with their rules."""
    placements = served(request).placements
    return json({"placements": [_told(placements, name) for name in placements.recipes]})


@router.get("/v1/placements/{name}", response_model=Placement)
def get_placement(
    request: Request,
    caller: Annotated[Caller, needs("recommend:read")],  # noqa: ARG001
    name: PlacementPath,
) -> Response:
    """One placement, with its rules."""
    return json(_told(served(request).placements, name))


@router.put("/v1/placements/{name}", response_model=Placement)
def put_placement(
    request: Request,
    caller: Annotated[Caller, needs("admin")],
    name: PlacementPath,
    body: PlacementSettings,
    after: After = None,
) -> Response:
    """Put rules in force, for a placement that there is or for a new one.

    Every process answers by them within a moment. What the body does not name has its default. It
    is noted in the audit log.
    """
    placements = served(request).placements
    placements.put(name, body, who=who_is(request, caller), after=after)
    return json(_told(placements, name))


@router.delete("/v1/placements/{name}", status_code=204, response_class=Response)
def delete_placement(
    request: Request,
    caller: Annotated[Caller, needs("admin")],
    name: PlacementPath,
    after: After = None,
) -> Response:
    """Let the settings speak for a placement again; one that they do not name is gone."""
    served(request).placements.back(name, who=who_is(request, caller), after=after)
    return Response(status_code=204)


def _told(placements: Placements, name: str) -> dict[str, Any]:
    """A placement as it is answered. Raises UnknownPlacement."""
    recipe, by_hand = placements.recipes.get(name), placements.by_hand(name)
    if recipe is None:
        raise UnknownPlacement(f"no placement is called {name!r}")
    return {
        "name": name,
        "settings": recipe.model_dump(mode="json"),
        "version": placements.version(name),
        "by_hand": by_hand is not None,
        "changed": moment(by_hand.time) if by_hand else None,
    }
