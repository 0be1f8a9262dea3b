"""Answered lists: what was shown, why, by which bundle; and the same list made again."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from shortlist.api.fields import Answer, json, served
from shortlist.api.security import Caller, needs
from shortlist.core.errors import UnknownDecision

router = APIRouter(tags=["decisions"])


class DecidedItem(Answer):
    item: str
    position: int
    score: float
    probability: float | None
    propensity: float
    sources: list[str]
    pinned: bool
    features: dict[str, float | None] | None
    """The columns the ranker saw, by name."""


class Replay(Answer):
    same: bool
    """Whether the list made again has the same items in the same order, with the same scores."""
    differences: list[str]
    """What differs, or why the list could not be made again."""
    items: list[str]
    """The list made again."""


class Decision(Answer):
    decision: str
    time: str
    user: str | None
    session: str | None
    placement: str
    bundle: str | None
    sequence: int
    """Where the log stood."""
    asked: dict[str, Any]
    """What was asked, and the placement's settings as they were."""
    items: list[DecidedItem]
    degraded: list[str]
    replay: Replay | None = None


@router.get("/v1/decisions/{decision}", response_model=Decision)
def get_decision(
    request: Request,
    caller: Annotated[Caller, needs("decisions:read")],
    decision: Annotated[str, Path(min_length=1, max_length=100, pattern=r"^[0-9a-zA-Z.]+$")],
    replay: Annotated[bool, Query(description="Make the list again, and compare.")] = False,
) -> Response:
    """A list that was answered, with everything that decided it.

    Kept for a time the settings say. Just answered by another process, it may take a moment to
    be found.
    """
    service = served(request)
    row = service.decisions.get(decision)
    if caller.user is not None and not caller.may("admin") and row.user != caller.user:
        raise UnknownDecision
    found = service.decisions.told(row)
    if replay:
        found["replay"] = service.recommender.replay(row)
    return json(found)
