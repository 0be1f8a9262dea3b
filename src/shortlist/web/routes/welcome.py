"""Somebody new: a few questions, chosen from what was answered so far, and home."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response

from shortlist.core.errors import Invalid
from shortlist.serving.onboarding import Opinion, Told
from shortlist.web.forms import Form, posted
from shortlist.web.pages import page, see
from shortlist.web.visitors import Visitor, person
from shortlist.web.web import web_of

router = APIRouter()

ASKED = 6
"""Items that are asked about at a time: they fill a screen."""

ANSWER = "say-"
"""What stands before an item in the name of its answer."""


@router.get("/welcome")
def ask(request: Request, visitor: Annotated[Visitor, person]) -> Response:
    """The next questions; home, once there are none."""
    service = web_of(request).service
    found = service.onboarding.ask(visitor.user, ASKED)
    if found.done:
        return see("/")
    cards = service.shop.home.cards().of(each.item for each in found.items)
    return page(request, "shop/welcome.html", questions=found, cards=cards)


@router.post("/welcome")
def answer(
    request: Request, visitor: Annotated[Visitor, person], form: Annotated[Form, posted]
) -> Response:
    """Take the answers; those who leave all open have seen enough."""
    stars = web_of(request).service.shop.settings.stars
    told = [
        Told(name.removeprefix(ANSWER), _opinion(form, name, stars))
        for name in form.fields
        if name.startswith(ANSWER)
    ]
    if not told:
        return see("/")
    web_of(request).service.onboarding.take(visitor.user, told)
    return see("/welcome")


def _opinion(form: Form, name: str, stars: int) -> Opinion:
    if form.fields[name] == "unknown":
        return "unknown"
    try:
        return form.number(name, least=0.5, most=stars)
    except Invalid:
        raise Invalid("An answer is a number of stars, or that one does not know it.") from None
