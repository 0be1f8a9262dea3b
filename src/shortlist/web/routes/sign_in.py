"""Registering, signing in, signing out."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import SecretStr

from shortlist.auth.passwords import LONGEST, SHORTEST
from shortlist.core.errors import ShortlistError
from shortlist.http.statuses import status_of
from shortlist.web import cookies
from shortlist.web.forms import Form, local, posted
from shortlist.web.pages import page, see
from shortlist.web.visitors import Visitor, address_of, anyone, person
from shortlist.web.web import web_of

router = APIRouter()

WELCOME = "/welcome"
"""Where somebody new is asked about what they know."""


@router.get("/sign-in")
def ask_to_sign_in(
    request: Request,
    visitor: Annotated[Visitor, anyone],
    next: str = "/",  # noqa: A002  the word of the address
) -> Response:
    """The form; whoever has signed in goes on."""
    if visitor.caller is not None:
        return see(local(next))
    return page(request, "sign_in.html", back=local(next), login="", problem="")


@router.post("/sign-in")
def sign_in(
    request: Request,
    visitor: Annotated[Visitor, anyone],  # noqa: ARG001
    form: Annotated[Form, posted],
) -> Response:
    """Sign in, and go on."""
    login = form.fields.get("login", "").strip()
    password = SecretStr(form.fields.get("password", "")[: LONGEST + 1])
    return _let_in(request, "sign_in.html", login, password, back=form.back())


@router.get("/register")
def ask_to_register(request: Request, visitor: Annotated[Visitor, anyone]) -> Response:
    """The form; whoever has signed in goes on."""
    if visitor.caller is not None:
        return see("/")
    return page(request, "register.html", back=WELCOME, login="", problem="", shortest=SHORTEST)


@router.post("/register")
def register(
    request: Request,
    visitor: Annotated[Visitor, anyone],  # noqa: ARG001
    form: Annotated[Form, posted],
) -> Response:
    """Make an account, sign in with it, and go to be welcomed."""
    login = form.fields.get("login", "").strip()
    password = SecretStr(form.fields.get("password", "")[: LONGEST + 1])
    more: Any = {"back": WELCOME, "shortest": SHORTEST}
    try:
        web_of(request).service.auth.accounts.register(login, password, address_of(request))
    except ShortlistError as error:
        return _again(request, "register.html", login, error, **more)
    return _let_in(request, "register.html", login, password, **more)


@router.post("/sign-out")
def sign_out(
    request: Request,
    visitor: Annotated[Visitor, person],
    form: Annotated[Form, posted],  # noqa: ARG001
) -> Response:
    """End this sign-in."""
    web_of(request).service.auth.sign_ins.sign_out(visitor.known)
    cookies.take_tokens(request)
    return see("/")


@router.post("/sign-out/everywhere")
def sign_out_everywhere(
    request: Request,
    visitor: Annotated[Visitor, person],
    form: Annotated[Form, posted],  # noqa: ARG001
) -> Response:
    """End every sign-in of the account, on every device, at once."""
    web_of(request).service.auth.sign_ins.sign_out_everywhere(visitor.known)
    cookies.take_tokens(request)
    return see("/sign-in")


def _let_in(
    request: Request, template: str, login: str, password: SecretStr, *, back: str, **more: Any
) -> Response:
    auth = web_of(request).service.auth
    try:
        tokens = auth.sign_ins.sign_in(login, password, address_of(request))
    except ShortlistError as error:
        return _again(request, template, login, error, back=back, **more)
    cookies.give_tokens(request, tokens)
    return see(back)


def _again(
    request: Request, template: str, login: str, error: ShortlistError, **more: Any
) -> Response:
    """The form once more, with what was wrong with it."""
    problem = str(error)
    return page(request, template, status=status_of(error), login=login, problem=problem, **more)
