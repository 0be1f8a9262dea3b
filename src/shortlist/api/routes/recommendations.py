"""Lists for users and visitors: what should they see next."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import ConfigDict, Field

from shortlist.api.fields import (
    Amount,
    Answer,
    Body,
    FilterText,
    Flag,
    Id,
    Limit,
    Moment,
    Size,
    UserPath,
    instant,
    json,
    served,
)
from shortlist.api.lists import RecommendedList, document
from shortlist.api.security import Caller, needs
from shortlist.core.errors import Denied
from shortlist.serving.asked import DEFAULT_PLACEMENT, Asked, Context, Deed

router = APIRouter(tags=["recommendations"])


class DeedIn(Body):
    item: Id
    kind: Id = "view"
    value: Amount | None = None
    time: Moment | None = None


class ContextIn(Body):
    device: Annotated[str, Field(max_length=100)] | None = None
    """What the list is shown on; kept with the decision."""
    query: Annotated[str, Field(max_length=200)] | None = None
    """Words that every item must hold in its title or categories."""
    time: Moment | None = None
    """The instant of the question: what happened at it or later is not known."""


class ListsIn(Body):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"users": ["u1", "u2"], "limit": 5},
                {"session": "s1", "context": {"device": "tv"}},
                {"history": [{"item": "i1", "kind": "like"}], "limit": 5},
            ]
        }
    )

    users: Annotated[tuple[Id, ...], Field(max_length=100)] = ()
    """Several users: a list for each, in this order."""
    session: Id | None = None
    """An anonymous visit: its logged events are the history."""
    history: Annotated[tuple[DeedIn, ...], Field(max_length=500)] = ()
    """What happened and is not logged, oldest first."""
    placement: Id = DEFAULT_PLACEMENT
    limit: Size | None = None
    filter: FilterText | None = None
    exclude: Annotated[tuple[Id, ...], Field(max_length=10_000)] = ()
    explain: Flag | None = None
    context: ContextIn = ContextIn()
    cursor: Annotated[str, Field(max_length=500)] | None = None
    """The next page of a visitor's list: its `next`. Beside it `limit` and `explain` count."""


class Lists(Answer):
    lists: list[RecommendedList]


@router.get("/v1/users/{user}/recommendations", response_model=RecommendedList)
def list_recommendations(
    request: Request,
    caller: Annotated[Caller, needs("recommend:read", own="user")],  # noqa: ARG001
    user: UserPath,
    limit: Limit | None = None,
    placement: Annotated[str, Query(min_length=1, max_length=100)] = DEFAULT_PLACEMENT,
    filter: Annotated[FilterText | None, Query()] = None,  # noqa: A002  the word of the API
    exclude: Annotated[
        list[Id] | None,
        Query(
            max_length=50,
            description="Items that must not be answered; POST takes more of them.",
        ),
    ] = None,
    explain: Annotated[bool | None, Query(description="Say why each item is there.")] = None,
    cursor: Annotated[
        str | None, Query(max_length=500, description="The next page of a list: its `next`.")
    ] = None,
) -> Response:
    """The best items for a user, best first, ranked now.

    With `cursor` the same list goes on: what happens in between moves nothing.
    """
    recommender = served(request).recommender
    if cursor is not None:
        return json(document(recommender.page(cursor, user, limit, explain=bool(explain))))
    asked = Asked(
        user=user,
        placement=placement,
        limit=limit,
        filter=filter,
        exclude=tuple(exclude or ()),
        explain=explain,
    )
    return json(document(recommender.recommend(asked)))


@router.post("/v1/recommendations", response_model=Lists)
def post_recommendations(
    request: Request, caller: Annotated[Caller, needs("recommend:read")], body: ListsIn
) -> Response:
    """Lists for several users, or for an anonymous visitor.

    Give `users`, or a `session` whose events are logged; what is in `history` counts beside what
    is logged. With none of them the list is for somebody nobody knows yet.
    """
    if caller.user is not None and not caller.may("admin"):
        strangers = [each for each in body.users if each != caller.user]
        if strangers or body.session:
            raise Denied("You may ask for your own list only.")
    recommender = served(request).recommender
    if body.cursor is not None:
        page = recommender.page(body.cursor, None, body.limit, explain=bool(body.explain))
        return json({"lists": [document(page)]})
    users: list[str | None] = [*body.users] or [None]
    return json({"lists": [document(recommender.recommend(_asked(body, each))) for each in users]})


def _asked(body: ListsIn, user: str | None) -> Asked:
    context = body.context
    return Asked(
        user=user,
        session=body.session,
        history=tuple(
            Deed(each.item, each.kind, each.value, instant(each.time)) for each in body.history
        ),
        placement=body.placement,
        limit=body.limit,
        filter=body.filter,
        exclude=tuple(body.exclude),
        explain=body.explain,
        context=Context(context.device, context.query, instant(context.time)),
    )
