"""One's own account: password, sign-ins, erasing everything."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import SecretStr

from shortlist.auth.passwords import LONGEST, SHORTEST
from shortlist.core.errors import ShortlistError
from shortlist.http.statuses import status_of
from shortlist.serving.changes import THEMSELVES, write_down
from shortlist.web import cookies
from shortlist.web.forms import Form, posted
from shortlist.web.pages import as_nobody, page, see
from shortlist.web.visitors import Visitor, person
from shortlist.web.web import web_of

router = APIRouter()


@router.get("/account")
def account(
    request: Request,
    visitor: Annotated[Visitor, person],  # noqa: ARG001
    done: str = "",
) -> Response:
    """What can be changed of it."""
    return page(request, "account.html", done=done, problem="", shortest=SHORTEST)


@router.post("/account/password")
def change_password(
    request: Request, visitor: Annotated[Visitor, person], form: Annotated[Form, posted]
) -> Response:
    """Change the password; all other sign-ins end."""
    current, new = (SecretStr(form.fields.get(each, "")[: LONGEST + 1]) for each in ("old", "new"))
    try:
        web_of(request).service.auth.accounts.change_password(visitor.known, current, new)
    except ShortlistError as error:
        said, status = str(error), status_of(error)
        return page(
            request, "account.html", status=status, done="", problem=said, shortest=SHORTEST
        )
    return see("/account?done=password")


@router.post("/account/erase")
def erase(
    request: Request, visitor: Annotated[Visitor, person], form: Annotated[Form, posted]
) -> Response:
    """Erase everything: events, lists, attributes, the account. The login must be typed for it."""
    if form.fields.get("login", "").strip().lower() != visitor.login:
        said = "Type your login to erase everything."
        return page(request, "account.html", status=400, done="", problem=said, shortest=SHORTEST)
    service = web_of(request).service
    receipt = service.people.erase(visitor.user)
    counts = {name: receipt[name] for name in ("events", "decisions", "sign_ins")}
    write_down(service.facts, THEMSELVES, "user.erase", "", counts)
    cookies.take_tokens(request)
    as_nobody(request)
    return page(request, "erased.html", receipt=receipt)
