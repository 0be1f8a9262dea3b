"""Items and users in bulk, as JSON lines: in, and out again."""

from collections.abc import Iterator
from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Body, Request
from fastapi.responses import Response, StreamingResponse

from shortlist.api.changes import note
from shortlist.api.fields import Answer, Id, json, served
from shortlist.api.json_lines import MEDIA, read_lines
from shortlist.api.routes.items import ItemIn
from shortlist.api.routes.users import UserIn
from shortlist.api.security import Caller, needs

router = APIRouter(prefix="/v1/bulk", tags=["bulk"])
PAGE: Final = 500
"""Lines that are read at a time on their way out."""

TEXT: Final = {"type": "string", "minLength": 1}
PLAIN: Final = {"requestBody": {"content": {"text/plain": {"schema": TEXT}}}}
"""The same as plain text, for callers whose tools know no JSON lines."""

Lines = Annotated[
    bytes,
    Body(
        media_type=MEDIA,
        min_length=1,
        description="One document a line.",
        openapi_examples={"two": {"value": '{"id": "i1", "title": "Alien"}\n{"id": "i2"}'}},
    ),
]


class ItemLine(ItemIn):
    id: Id


class UserLine(UserIn):
    id: Id


class Written(Answer):
    written: int
    """How many lines were written, in one transaction."""


@router.put("/items", response_model=Written, openapi_extra=PLAIN)
def put_items(
    request: Request,
    caller: Annotated[Caller, needs("items:write")],
    body: Lines,
) -> Response:
    """Write many items whole: all of them, or none where a line is wrong."""
    lines = read_lines(body, ItemLine)
    written = served(request).items.put_many(line.model_dump() for line in lines)
    note(request, caller, "items.bulk", "", written=written)
    return json({"written": written})


@router.put("/users", response_model=Written, openapi_extra=PLAIN)
def put_users(
    request: Request,
    caller: Annotated[Caller, needs("users:write")],
    body: Lines,
) -> Response:
    """Write the attributes of many users whole: all of them, or none where a line is wrong."""
    lines = read_lines(body, UserLine)
    documents = {line.id: line.attributes for line in lines}
    written = served(request).people.put_many(documents)
    note(request, caller, "users.bulk", "", written=written)
    return json({"written": written})


@router.get(
    "/items",
    response_class=StreamingResponse,
    responses={200: {"content": {MEDIA: {"schema": {"type": "string"}}}}},
)
def get_items(
    request: Request,
    caller: Annotated[Caller, needs("items:read")],  # noqa: ARG001
) -> StreamingResponse:
    """The whole catalogue, by id."""
    return StreamingResponse(_written(served(request).items.page), media_type=MEDIA)


@router.get(
    "/users",
    response_class=StreamingResponse,
    responses={200: {"content": {MEDIA: {"schema": {"type": "string"}}}}},
)
def get_users(
    request: Request,
    caller: Annotated[Caller, needs("users:read")],  # noqa: ARG001
) -> StreamingResponse:
    """All users whose attributes are stored, by id."""
    return StreamingResponse(_written(served(request).people.page), media_type=MEDIA)


def _written(page: Any) -> Iterator[bytes]:
    cursor: str | None = None
    while True:
        found, cursor = page(search=None, limit=PAGE, cursor=cursor)
        yield b"".join(orjson.dumps(each) + b"\n" for each in found)
        if cursor is None:
            return
