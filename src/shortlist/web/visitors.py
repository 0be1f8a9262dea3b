"""Who is looking at a page, and who may. Every route states it by one of four marks.

`Annotated[Visitor, anyone]`, `person` or `administrator`; and `Annotated[None, public]` for what
is the same for all.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from fastapi import Depends, Request
from fastapi.routing import APIRoute

from shortlist.auth.caller import Caller
from shortlist.auth.rates import network_of
from shortlist.core.errors import MissingScope, NotSignedIn
from shortlist.web import cookies
from shortlist.web.web import web_of

GRACE: Final = 20
"""Seconds for which a refresh token is good once more: tabs that wake up together all send it."""


@dataclass(frozen=True)
class Visitor:
    """Somebody with a browser."""

    caller: Caller | None
    """Who they are; None for those who have not signed in."""
    login: str
    """What they sign in with; empty for those who have not."""
    holder: str
    """What seals their forms: their sign-in, or a random word."""
    seal: str

    @property
    def admin(self) -> bool:
        """Whether the dashboard is open to them."""
        return self.caller is not None and self.caller.admin

    @property
    def known(self) -> Caller:
        """The caller of somebody who signed in. Raises NotSignedIn."""
        if self.caller is None:
            raise NotSignedIn("Sign in first.")
        return self.caller

    @property
    def user(self) -> str:
        """Their own id in the log. Raises NotSignedIn."""
        return self.known.user or ""


@dataclass(frozen=True)
class Public:
    """Everybody alike: nothing is asked of who is looking."""

    def __call__(self) -> None:
        """Nobody."""


@dataclass(frozen=True)
class Anyone:
    """Everybody, whether they signed in or not."""

    def __call__(self, request: Request) -> Visitor:
        """Who is looking."""
        return visitor_of(request)


@dataclass(frozen=True)
class Person:
    """People who signed in; others are sent to do so."""

    def __call__(self, request: Request) -> Visitor:
        """Who is looking. Raises NotSignedIn."""
        visitor = visitor_of(request)
        assert visitor.known
        return visitor


@dataclass(frozen=True)
class Administrator:
    """Administrators alone."""

    def __call__(self, request: Request) -> Visitor:
        """Who is looking. Raises NotSignedIn, MissingScope."""
        visitor = visitor_of(request)
        if not visitor.known.admin:
            raise MissingScope("This page is for administrators.")
        return visitor


Mark = Public | Anyone | Person | Administrator

public: Final[Any] = Depends(Public())
anyone: Final[Any] = Depends(Anyone())
person: Final[Any] = Depends(Person())
administrator: Final[Any] = Depends(Administrator())


def visitor_of(request: Request) -> Visitor:
    """Who is looking, worked out once a request."""
    if not hasattr(request.state, "visitor"):
        request.state.visitor = _visitor(request)
    found: Visitor = request.state.visitor
    return found


def address_of(request: Request) -> str:
    """What a request counts under that names nobody."""
    return network_of(request.client.host if request.client else None)


def stated(route: APIRoute) -> list[Mark]:
    """What a route states of its visitors; a route that is whole states one thing."""
    return [each for each in calls(route.dependant) if isinstance(each, Mark)]


def calls(dependant: Any) -> Iterator[Any]:
    """Everything a route depends on."""
    yield dependant.call
    for each in dependant.dependencies:
        yield from calls(each)


def _visitor(request: Request) -> Visitor:
    web = web_of(request)
    auth = web.service.auth
    caller = _caller(request)
    if caller is not None:
        auth.rates.count("people", caller.id)
        holder = caller.sign_in or ""
        return Visitor(caller, auth.accounts.get(caller.id).login, holder, web.seals.of(holder))
    holder = cookies.read(request, cookies.VISIT)
    if len(holder) != 32:
        holder = secrets.token_hex(16)
        cookies.give(request, cookies.Cookie(cookies.VISIT, holder, cookies.YEAR))
    return Visitor(None, "", holder, web.seals.of(holder))


def _caller(request: Request) -> Caller | None:
    """Who signed in with this browser: by the access token, or by new tokens for the refresh one.

    A browser that shows tokens which are not good any more is made to forget them.
    """
    access = cookies.read(request, cookies.ACCESS)
    refresh = cookies.read(request, cookies.REFRESH)
    sign_ins = web_of(request).service.auth.sign_ins
    if access:
        try:
            return sign_ins.caller(access)
        except NotSignedIn:
            pass
    if refresh:
        try:
            tokens = sign_ins.refresh(refresh, address_of(request), grace=GRACE)
        except NotSignedIn:
            pass
        else:
            cookies.give_tokens(request, tokens)
            return sign_ins.caller(tokens.access)
    if access or refresh:
        cookies.take_tokens(request)
    return None
