"""One item: what it is, what is like it, what somebody says of it, and why it is for them."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from shortlist.core.errors import ShortlistError
from shortlist.pipeline.reasons import BY_SOURCE
from shortlist.serving.cards import Card
from shortlist.serving.marks import Marks
from shortlist.serving.shop import Explained, Shop
from shortlist.web.forms import Form, posted
from shortlist.web.pages import asks_for_part, followed, page, see
from shortlist.web.shop.opinions import say
from shortlist.web.shop.waterfall import waterfall
from shortlist.web.visitors import Visitor, person
from shortlist.web.web import web_of

router = APIRouter()

ItemPath = Annotated[str, Path(min_length=1, max_length=256)]
ALIKE = 14
"""How many similar items are shown."""


@router.get("/items/{item:path}")
def show(
    request: Request,
    visitor: Annotated[Visitor, person],
    item: ItemPath,
    why: bool = False,
    decision: str = "",
) -> Response:
    """Its page; with `why` the explanation is open."""
    shop = web_of(request).service.shop
    marks = shop.home.marks(visitor.user)
    card = shop.card(item, marks)
    if asks_for_part(request) == "why":
        return page(request, "shop/why.html", card=card, **_why(shop, visitor, item, marks))
    if decision and followed(request):
        shop.openings.note(visitor.user, item, decision[:64])
    document = _document(request, item)
    told = {**_why(shop, visitor, item, marks), "open": True} if why else {"open": False}
    return page(
        request,
        "shop/item.html",
        card=card,
        text=document.get("text") or "",
        people=_people(shop, item),
        similar=shop.similar(item, marks, ALIKE),
        decision=decision[:64],
        **told,
    )


@router.post("/say")
def take(
    request: Request, visitor: Annotated[Visitor, person], form: Annotated[Form, posted]
) -> Response:
    """Take what somebody says of an item. Scripts get its card anew, and the rows of home."""
    shop = web_of(request).service.shop
    item = say(shop, visitor.user, form)
    part = asks_for_part(request)
    if not part:
        return see(form.back(f"/items/{item}"))
    card = shop.card(item, shop.home.marks(visitor.user))
    card = Card(**{**vars(card), "decision": form.fields.get("decision", "")[:64]})
    rows = shop.home.rows(visitor.user) if part == "rows" else []
    return page(request, "shop/said.html", card=card, rows=rows, back=form.back())


def _why(shop: Shop, visitor: Visitor, item: str, marks: Marks) -> dict[str, Any]:
    found = shop.why(visitor.user, item, marks)
    if found is None or found.shown.why is None:
        return {"explained": None, "steps": None, "proposed": [], "known": marks.has(item)}
    return {
        "explained": found,
        "steps": waterfall(found.shown.why),
        "proposed": _proposed(found),
        "known": marks.has(item),
    }


def _proposed(found: Explained) -> list[tuple[str, str]]:
    """The sources that proposed an item, with what that means."""
    categories = " and ".join(found.card.categories[:2]) or "such things"
    return [
        (name.replace("_", " "), BY_SOURCE.get(name, "").format(categories=categories))
        for name in found.shown.sources
    ]


def _people(shop: Shop, item: str) -> list[str]:
    cards = shop.home.cards()
    return cards.people(cards.shelf.ids.index_of(item))


def _document(request: Request, item: str) -> dict[str, Any]:
    """What is stored of an item; nothing of one that only the log knows."""
    try:
        return web_of(request).service.items.get(item)
    except ShortlistError:
        return {}
