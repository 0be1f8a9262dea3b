"""The named places that show lists."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from shortlist.api.fields import Answer, json, served
from shortlist.api.security import Caller, needs

router = APIRouter(tags=["recommendations"])


class Placement(Answer):
    name: str
    settings: dict[str, Any]
    """As in the settings file; what is not written there has its default."""


class Placements(Answer):
    placements: list[Placement]


@router.get("/v1/placements", response_model=Placements)
def list_placements(
    request: Request,
    caller: Annotated[Caller, needs("recommend:read")],  # noqa: ARG001
) -> Response:
    """All placements, with their rules."""
    recipes = served(request).placements
    return json(
        {
            "placements": [
                {"name": name, "settings": recipe.model_dump(mode="json")}
                for name, recipe in recipes.items()
            ]
        }
    )
