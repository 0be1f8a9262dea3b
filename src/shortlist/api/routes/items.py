"""The catalogue: items in and out, and lists of them that need no user."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import ConfigDict, Field

from shortlist.api.changes import note
from shortlist.api.fields import (
    Answer,
    Attributes,
    Body,
    FilterText,
    ItemPath,
    Limit,
    Name,
    json,
    served,
)
from shortlist.api.security import Caller, needs
from shortlist.core.errors import UnknownItem
from shortlist.serving.browse import Listed

router = APIRouter(prefix="/v1/items", tags=["items"])


class ItemIn(Body):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "title": "Alien (1979)",
                    "categories": ["Horror", "Sci-Fi"],
                    "attributes": {"year": 1979, "director": "Ridley Scott"},
                }
            ]
        }
    )

    title: Annotated[str, Field(max_length=1_000, pattern=r"^[^\x00]*$")] | None = None
    categories: Annotated[list[Name], Field(max_length=200)] | None = None
    text: Annotated[str, Field(max_length=50_000, pattern=r"^[^\x00]*$")] | None = None
    """What is said of the item; the content source reads it."""
    attributes: Attributes | None = None
    """Anything else: numbers, texts, flags, and lists of texts can be filtered by."""


class Item(Answer):
    id: str
    title: str | None
    categories: list[str] | None
    text: str | None
    attributes: dict[str, Any] | None
    added: str | None


class ItemPage(Answer):
    items: list[Item]
    next: str | None


class ListedItem(Answer):
    item: str
    title: str
    score: float
    """What it is ordered by; comparable within one list only."""


class ItemList(Answer):
    items: list[ListedItem]


@router.get("", response_model=ItemPage)
def list_items(
    request: Request,
    caller: Annotated[Caller, needs("items:read")],  # noqa: ARG001
    search: Annotated[
        str | None,
        Query(max_length=200, description="Words that title, id or text must hold."),
    ] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    cursor: Annotated[str | None, Query(max_length=1_000)] = None,
) -> Response:
    """The catalogue by id, all of it or what a search finds."""
    found, following = served(request).items.page(search=search, limit=limit, cursor=cursor)
    return json({"items": found, "next": following})


@router.get("/popular", response_model=ItemList)
def list_popular(
    request: Request,
    caller: Annotated[Caller, needs("items:read")],  # noqa: ARG001
    limit: Limit = 20,
    filter: Annotated[FilterText | None, Query()] = None,  # noqa: A002
) -> Response:
    """What most people chose."""
    return json(_list(served(request).browse.top("popular", limit, filter)))


@router.get("/trending", response_model=ItemList)
def list_trending(
    request: Request,
    caller: Annotated[Caller, needs("items:read")],  # noqa: ARG001
    limit: Limit = 20,
    filter: Annotated[FilterText | None, Query()] = None,  # noqa: A002
) -> Response:
    """What most people chose lately."""
    return json(_list(served(request).browse.top("trending", limit, filter)))


@router.get("/new", response_model=ItemList)
def list_new(
    request: Request,
    caller: Annotated[Caller, needs("items:read")],  # noqa: ARG001
    limit: Limit = 20,
    filter: Annotated[FilterText | None, Query()] = None,  # noqa: A002
) -> Response:
    """What came into the catalogue last."""
    return json(_list(served(request).browse.top("new", limit, filter)))


@router.get("/{item}/similar", response_model=ItemList)
def list_similar(
    request: Request,
    caller: Annotated[Caller, needs("items:read")],  # noqa: ARG001
    item: ItemPath,
    limit: Limit = 20,
    filter: Annotated[FilterText | None, Query()] = None,  # noqa: A002
) -> Response:
    """Items like this one: chosen by the same people, one after the other, or alike in content."""
    return json(_list(served(request).browse.similar(item, limit, filter)))


@router.get("/{item}", response_model=Item)
def get_item(
    request: Request,
    caller: Annotated[Caller, needs("items:read")],  # noqa: ARG001
    item: ItemPath,
) -> Response:
    """One item."""
    return json(served(request).items.get(item))


@router.put("/{item}", response_model=Item)
def put_item(
    request: Request,
    caller: Annotated[Caller, needs("items:write")],
    item: ItemPath,
    body: ItemIn,
) -> Response:
    """Write an item whole: what is not given is not known of it any more."""
    written = served(request).items.put(item, body.model_dump())
    note(request, caller, "item.edit", item)
    return json(written)


@router.patch("/{item}", response_model=Item)
def patch_item(
    request: Request,
    caller: Annotated[Caller, needs("items:write")],
    item: ItemPath,
    body: ItemIn,
) -> Response:
    """Change what is given and keep the rest; of the attributes too, where null removes one."""
    given = body.model_dump(exclude_unset=True)
    written = served(request).items.patch(item, given)
    note(request, caller, "item.edit", item, names=sorted(given))
    return json(written)


@router.delete("/{item}", status_code=204)
def delete_item(
    request: Request,
    caller: Annotated[Caller, needs("items:write")],
    item: ItemPath,
) -> Response:
    """Take an item out of the catalogue and out of all lists. Its events stay in the log."""
    if not served(request).items.delete(item):
        raise UnknownItem(f"no item has the id {item!r}")
    note(request, caller, "item.hide", item)
    return Response(status_code=204)


def _list(found: list[Listed]) -> dict[str, Any]:
    return {
        "items": [{"item": each.item, "title": each.title, "score": each.score} for each in found]
    }
