"""Users: what is known of them, and erasing all of it."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import ConfigDict, Field

from shortlist.api.changes import note, note_erasure, who_is
from shortlist.api.fields import Answer, Attributes, Body, UserPath, json, served
from shortlist.api.security import Caller, needs
from shortlist.serving.changes import THEMSELVES

router = APIRouter(prefix="/v1/users", tags=["users"])


class UserIn(Body):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"attributes": {"age": 34, "country": "pt"}}]}
    )

    attributes: Attributes = Field(default_factory=dict)
    """Numbers, texts and flags that filters know as `user.NAME`."""


class User(Answer):
    id: str
    attributes: dict[str, Any]


class UserPage(Answer):
    users: list[User]
    next: str | None


class Receipt(Answer):
    user: str
    time: str
    events: int
    """How many events were removed."""
    decisions: int
    """How many answered lists were removed."""
    sign_ins: int
    account: bool
    """Whether they had an account, which is gone."""
    profile: bool
    """Whether attributes of them were stored, which are gone."""
    bundle: str | None
    """What is trained still holds sums over many people, theirs among them, until the next
    training; it holds no line of them."""
    forgotten_by: str
    """What the next training will forget."""


@router.get("", response_model=UserPage)
def list_users(
    request: Request,
    caller: Annotated[Caller, needs("users:read")],  # noqa: ARG001
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    cursor: Annotated[str | None, Query(max_length=1_000)] = None,
    search: Annotated[
        str | None, Query(max_length=200, description="Letters that the id must hold.")
    ] = None,
) -> Response:
    """Users whose attributes are stored, by id."""
    found, following = served(request).people.page(search=search, limit=limit, cursor=cursor)
    return json({"users": found, "next": following})


@router.get("/{user}", response_model=User)
def get_user(
    request: Request,
    caller: Annotated[Caller, needs("users:read", own="user")],  # noqa: ARG001
    user: UserPath,
) -> Response:
    """What is stored of a user, beside their events."""
    return json(served(request).people.get(user))


@router.put("/{user}", response_model=User)
def put_user(
    request: Request,
    caller: Annotated[Caller, needs("users:write")],
    user: UserPath,
    body: UserIn,
) -> Response:
    """Write a user's attributes whole."""
    written = served(request).people.put(user, body.attributes)
    note(request, caller, "user.attributes", user, names=sorted(body.attributes))
    return json(written)


@router.patch("/{user}", response_model=User)
def patch_user(
    request: Request,
    caller: Annotated[Caller, needs("users:write")],
    user: UserPath,
    body: UserIn,
) -> Response:
    """Change the attributes that are given and keep the rest; null removes one."""
    written = served(request).people.patch(user, body.attributes)
    note(request, caller, "user.attributes", user, names=sorted(body.attributes))
    return json(written)


@router.delete("/{user}", response_model=Receipt)
def erase_user(
    request: Request,
    caller: Annotated[Caller, needs("users:write", own="user")],
    user: UserPath,
) -> Response:
    """Erase a user: events, lists, attributes, account and sign-ins. Answers with a receipt."""
    who = THEMSELVES if caller.user == user else who_is(request, caller)
    receipt = served(request).people.erase(user)
    counts = {each: receipt[each] for each in ("events", "decisions", "sign_ins")}
    note_erasure(request, who, counts)
    return json(receipt)
