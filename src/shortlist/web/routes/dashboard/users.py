"""Users: what is stored of them, what they did, changing it and erasing them."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from shortlist.core.errors import Invalid, ShortlistError
from shortlist.http.statuses import status_of
from shortlist.web.dashboard.changes import note
from shortlist.web.dashboard.edits import as_json, attributes_of
from shortlist.web.dashboard.titles import titles_of
from shortlist.web.forms import Form, posted
from shortlist.web.pages import page
from shortlist.web.visitors import Visitor, administrator
from shortlist.web.web import web_of

router = APIRouter(prefix="/admin/users")

UserPath = Annotated[str, Path(min_length=1, max_length=256)]
Word = Annotated[str, Query(max_length=200)]
LISTED = 50
EVENTS = 100
"""Events of a user that are shown, the newest."""

DECISIONS = 10


@router.get("")
def users(
    request: Request,
    visitor: Annotated[Visitor, administrator],  # noqa: ARG001
    q: Word = "",
) -> Response:
    """Look users up, by letters of their ids."""
    service = web_of(request).service
    found, _ = service.people.page(search=q or None, limit=LISTED, cursor=None)
    known = bool(q) and bool(service.facts.recent_of(q, 1))
    return page(request, "dashboard/users.html", q=q, users=found, known=known, most=LISTED)


@router.get("/{user:path}")
def user(
    request: Request,
    visitor: Annotated[Visitor, administrator],  # noqa: ARG001
    user: UserPath,
) -> Response:
    """One user."""
    return _user(request, user)


@router.post("/attributes")
def change(
    request: Request,
    visitor: Annotated[Visitor, administrator],  # noqa: ARG001
    form: Annotated[Form, posted],
) -> Response:
    """Write somebody's attributes whole."""
    who = form.text("user")
    try:
        attributes = attributes_of(form)
        web_of(request).service.people.put(who, attributes)
    except ShortlistError as error:
        written = form.fields.get("attributes", "")
        return _user(request, who, problem=error, written=written)
    note(request, "user.attributes", who, names=sorted(attributes))
    return _user(request, who, done="The attributes are written.")


@router.post("/erase")
def erase(
    request: Request,
    visitor: Annotated[Visitor, administrator],  # noqa: ARG001
    form: Annotated[Form, posted],
) -> Response:
    """Erase all that is known of somebody. Their id must be typed for it."""
    who = form.text("user")
    if form.fields.get("again", "") != who:
        return _user(request, who, problem=Invalid("Type the id of the user to erase them."))
    receipt = web_of(request).service.people.erase(who)
    counts = {name: receipt[name] for name in ("events", "decisions", "sign_ins")}
    note(request, "user.erase", "", **counts)  # of whom is not kept
    return page(request, "dashboard/receipt.html", receipt=receipt)


def _user(
    request: Request,
    who: str,
    *,
    done: str = "",
    problem: ShortlistError | None = None,
    written: str | None = None,
) -> Response:
    service = web_of(request).service
    told = service.people.get(who)
    events = service.facts.events_of(who, None, EVENTS)
    return page(
        request,
        "dashboard/user.html",
        status=200 if problem is None else status_of(problem),
        told=told,
        attributes=as_json(told["attributes"]) if written is None else written,
        events=events,
        decisions=service.facts.decisions.of_user(who, None, DECISIONS),
        titles=titles_of(service.shelves.current, (each.item for each in events)),
        done=done,
        problem=str(problem or ""),
        most=EVENTS,
    )
