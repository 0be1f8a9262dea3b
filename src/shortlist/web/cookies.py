"""Cookies: what a browser holds of a sign-in. No script can read them, and no other site send them.

Over HTTPS they carry the prefix `__Host-`, which binds them to this host and to encryption.
"""

from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Final

from fastapi import Request

from shortlist.auth.sign_ins import Tokens

ACCESS: Final = "shortlist_access"
REFRESH: Final = "shortlist_refresh"
VISIT: Final = "shortlist_visit"
"""A random word for those who have not signed in, that seals their forms."""

THEME: Final = "shortlist_theme"
YEAR: Final = 365 * 86_400


@dataclass(frozen=True)
class Cookie:
    """A cookie to set; with an age of zero, to remove."""

    name: str
    value: str
    age: int
    """Seconds it is kept."""

    def header(self, *, secure: bool) -> bytes:
        """The line that sets it."""
        made: SimpleCookie = SimpleCookie()
        name = _named(self.name, secure=secure)
        made[name] = self.value
        morsel = made[name]
        morsel["path"], morsel["max-age"] = "/", self.age
        morsel["samesite"], morsel["httponly"], morsel["secure"] = "Lax", True, secure
        return morsel.OutputString().encode("latin-1")


def read(request: Request, name: str) -> str:
    """What a browser holds under a name; empty where it holds nothing."""
    return request.cookies.get(_named(name, secure=secured(request)), "")


def give(request: Request, *cookies: Cookie) -> None:
    """Have cookies set with the answer to a request."""
    held: list[bytes] = request.scope.setdefault("state", {}).setdefault("cookies", [])
    held.extend(each.header(secure=secured(request)) for each in cookies)


def give_tokens(request: Request, tokens: Tokens) -> None:
    """Have a browser hold the tokens of a sign-in."""
    give(
        request,
        Cookie(ACCESS, tokens.access, tokens.refresh_seconds),
        Cookie(REFRESH, tokens.refresh, tokens.refresh_seconds),
    )


def take_tokens(request: Request) -> None:
    """Have a browser forget a sign-in."""
    give(request, Cookie(ACCESS, "", 0), Cookie(REFRESH, "", 0))


def secured(request: Request) -> bool:
    """Whether a request came encrypted, as far as this host or a trusted proxy knows."""
    return request.url.scheme == "https"


def _named(name: str, *, secure: bool) -> str:
    return f"__Host-{name}" if secure else name
