"""The caller's own candidates, ordered."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import ConfigDict, Field

from shortlist.api.fields import Body, Flag, Id, instant, json, served
from shortlist.api.lists import RecommendedList, document
from shortlist.api.routes.recommendations import ContextIn, DeedIn
from shortlist.api.security import Caller, needs
from shortlist.core.errors import Denied
from shortlist.serving.asked import Asked, Context, Deed

router = APIRouter(tags=["recommendations"])


class RankIn(Body):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"user": "u1", "items": ["i1", "i2", "i3"]}]}
    )

    items: Annotated[list[Id], Field(min_length=1, max_length=500)]
    """The candidates, each once."""
    user: Id | None = None
    session: Id | None = None
    history: Annotated[tuple[DeedIn, ...], Field(max_length=500)] = ()
    explain: Flag | None = None
    context: ContextIn = ContextIn()


class RankedList(RecommendedList):
    unknown: list[str]
    """Candidates that nothing is known of, in the order they were given: not ordered."""


@router.post("/v1/rank", response_model=RankedList)
def rank(
    request: Request, caller: Annotated[Caller, needs("recommend:read")], body: RankIn
) -> Response:
    """Order candidates of the caller's own, all of them, for a user or a visitor."""
    user = body.user
    if caller.user is not None and not caller.may("admin"):
        if user not in (None, caller.user) or body.session is not None:
            raise Denied("You may ask for your own list only.")
        user = caller.user
    asked = Asked(
        user=user,
        session=body.session,
        history=tuple(
            Deed(each.item, each.kind, each.value, instant(each.time)) for each in body.history
        ),
        explain=body.explain,
        context=Context(body.context.device, None, instant(body.context.time)),
    )
    answer, unknown = served(request).recommender.rank(asked, tuple(dict.fromkeys(body.items)))
    return json(document(answer) | {"unknown": unknown})
