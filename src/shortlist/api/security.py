"""Who may call what. Every route states it by one of three marks, in the type of its `caller`.

`Annotated[Caller, needs("recommend:read", own="user")]`: whoever holds the scope, and the person
whose id is in the path. `Annotated[Caller, signed_in]`: people, for themselves.
`Annotated[None, public]`: everybody.

A coroutine is in here for one reason: a key that was just seen is looked at where the request is,
and only what may wait for a database goes to a thread, which costs twice a change of threads.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import Depends, Request, Security
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer

from shortlist.auth.auth import Auth
from shortlist.auth.caller import Caller as Caller  # noqa: PLC0414  routes take it from here
from shortlist.auth.rates import network_of
from shortlist.auth.scopes import Scope
from shortlist.core.errors import MissingScope, NotSignedIn, NotYours

_KEY: Final = APIKeyHeader(
    name="X-API-Key",
    scheme_name="ApiKey",
    description="The key of an application, from `shortlist keys create`.",
    auto_error=False,
)
_TOKEN: Final = HTTPBearer(
    scheme_name="AccessToken",
    bearerFormat="JWT",
    description="The access token of a person, from `POST /v1/sign-in`.",
    auto_error=False,
)

Key = Annotated[str | None, Security(_KEY)]
Token = Annotated[HTTPAuthorizationCredentials | None, Security(_TOKEN)]


@dataclass(frozen=True)
class Need:
    """What a route asks of its caller: a scope.

    Where the path names a user (`own`), that person may call it for themselves without holding
    the scope, and no other person may. Applications may ask for anyone.
    """

    scope: Scope
    own: str | None = None

    async def __call__(self, request: Request, key: Key, token: Token) -> Caller:
        """The caller. Raises NotSignedIn, MissingScope, NotYours, TooManyRequests."""
        if key is not None and token is None and auth_of(request).at_hand(key):
            return self.checked(request, key, token)
        return await run_in_threadpool(self.checked, request, key, token)

    def checked(
        self, request: Request, key: str | None, token: HTTPAuthorizationCredentials | None
    ) -> Caller:
        """The same, in a thread that may wait."""
        caller = _caller(request, key, token)
        user = request.path_params[self.own] if self.own else None
        if caller.kind == "person" and user is not None:
            if not caller.owns(user):
                raise NotYours
        elif not caller.may(self.scope):
            raise MissingScope(f"This needs the scope {self.scope.value}.")
        return caller


@dataclass(frozen=True)
class SignedIn:
    """A person who signed in; applications have no account."""

    def __call__(self, request: Request, token: Token) -> Caller:
        """The caller. Raises NotSignedIn, TooManyRequests."""
        return _caller(request, request.headers.get(_KEY.model.name), token, people_only=True)


@dataclass(frozen=True)
class Public:
    """Everybody: nothing is asked, and nothing is known of who calls."""

    def __call__(self) -> None:
        """Nobody."""


def needs(scope: str, *, own: str | None = None) -> Any:
    """The mark of a route that needs a scope; `own` is the path's name for the user it is about."""
    return Depends(Need(Scope(scope), own))


signed_in: Final[Any] = Depends(SignedIn())
"""The mark of a route that people call for themselves."""

public: Final[Any] = Depends(Public())
"""The mark of a route that is open to all."""


def auth_of(request: Request) -> Auth:
    """Who knows who may do what."""
    auth: Auth = request.app.state.service.auth
    return auth


def address_of(request: Request) -> str:
    """What a request counts under that names nobody: its address, or the network of that."""
    return network_of(request.client.host if request.client else None)


def stated(route: APIRoute) -> list[Need | SignedIn | Public]:
    """What a route states of its callers; a route that is whole states one thing."""
    return [each for each in _calls(route.dependant) if isinstance(each, Need | SignedIn | Public)]


def _calls(dependant: Any) -> Iterator[Any]:
    yield dependant.call
    for each in dependant.dependencies:
        yield from _calls(each)


def _caller(
    request: Request,
    key: str | None,
    token: HTTPAuthorizationCredentials | None,
    *,
    people_only: bool = False,
) -> Caller:
    if key is not None and token is not None:
        raise NotSignedIn("Send an API key or an access token, not both.")
    if len(request.headers.getlist("X-API-Key") + request.headers.getlist("Authorization")) > 1:
        raise NotSignedIn("Send one API key, or one access token.")
    auth, address = auth_of(request), address_of(request)
    if token is not None:
        return auth.caller_of_token(token.credentials, address)
    if key is not None and not people_only:
        return auth.caller_of_key(key, address)
    raise NotSignedIn("Sign in (Authorization: Bearer)." if people_only else "")
