"""Items: looking them up, changing what is stored, taking them out of the catalogue."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from shortlist.core.errors import Invalid, ShortlistError
from shortlist.http.statuses import status_of
from shortlist.web.dashboard.changes import note
from shortlist.web.dashboard.edits import as_json, attributes_of
from shortlist.web.forms import Form, posted
from shortlist.web.pages import page
from shortlist.web.visitors import Visitor, administrator
from shortlist.web.web import web_of

router = APIRouter(prefix="/admin/items")

ItemPath = Annotated[str, Path(min_length=1, max_length=256)]
Word = Annotated[str, Query(max_length=200)]
LISTED = 50


@router.get("")
def items(
    request: Request,
    visitor: Annotated[Visitor, administrator],  # noqa: ARG001
    q: Word = "",
) -> Response:
    """Look items up, by words of their ids, titles and texts."""
    service = web_of(request).service
    found, _ = service.items.page(search=q or None, limit=LISTED, cursor=None)
    gone = service.facts.list_items(None, LISTED, q or None, deleted=True)
    return page(request, "dashboard/items.html", q=q, items=found, gone=gone, most=LISTED)


@router.get("/{item:path}")
def item(
    request: Request,
    visitor: Annotated[Visitor, administrator],  # noqa: ARG001
    item: ItemPath,
) -> Response:
    """One item."""
    return _item(request, item)


@router.post("/edit")
def edit(
    request: Request,
    visitor: Annotated[Visitor, administrator],  # noqa: ARG001
    form: Annotated[Form, posted],
) -> Response:
    """Write an item whole: it is in the lists within moments, also one that was taken out."""
    which = form.text("item")
    try:
        web_of(request).service.items.put(which, _document(form))
    except ShortlistError as error:
        return _item(request, which, problem=error, written=form.fields)
    note(request, "item.edit", which)
    return _item(request, which, done="The item is written.")


@router.post("/hide")
def hide(
    request: Request,
    visitor: Annotated[Visitor, administrator],  # noqa: ARG001
    form: Annotated[Form, posted],
) -> Response:
    """Take an item out of the catalogue: no list has it from now on."""
    which = form.text("item")
    web_of(request).service.items.delete(which)
    note(request, "item.hide", which)
    return _item(request, which, done="The item is out of the catalogue; no list has it any more.")


def _document(form: Form) -> dict[str, Any]:
    """What was typed of an item. Raises Invalid."""
    title, text = (form.fields.get(each, "").strip() for each in ("title", "text"))
    names = [each.strip() for each in form.fields.get("categories", "").split(",")]
    categories = [each for each in names if each]
    if len(title) > 1_000 or len(text) > 50_000 or len(categories) > 200:
        raise Invalid("A title has 1,000 letters at most, a text 50,000, an item 200 categories.")
    if "\0" in title + text + "".join(categories) or any(len(each) > 200 for each in categories):
        raise Invalid("A category has 200 letters at most, and nothing holds a zero byte.")
    return {
        "title": title or None,
        "categories": categories,
        "text": text or None,
        "attributes": attributes_of(form),
    }


def _item(
    request: Request,
    which: str,
    *,
    done: str = "",
    problem: ShortlistError | None = None,
    written: Any = None,
) -> Response:
    service = web_of(request).service
    row = service.facts.get_item(which)
    shelf = service.shelves.current
    place = shelf.ids.index_of(which)
    if row is None and place < 0 and which not in service.facts.deleted_items():
        service.items.get(which)  # says that there is none
    form = written or {
        "title": (row.title if row else "") or "",
        "categories": ", ".join(row.categories if row else ()),
        "text": (row.text if row else "") or "",
        "attributes": as_json(row.attributes if row else {}),
    }
    return page(
        request,
        "dashboard/item.html",
        status=200 if problem is None else status_of(problem),
        item=which,
        row=row,
        form={name: form.get(name, "") for name in ("title", "categories", "text", "attributes")},
        chosen=float(shelf.popularity[place]) if 0 <= place < len(shelf.popularity) else 0.0,
        offered=place >= 0 and bool(shelf.offered[place]),
        done=done,
        problem=str(problem or ""),
    )
