"""Who is asking."""

from dataclasses import dataclass
from typing import Literal

from shortlist.auth.scopes import EVERYTHING, OF_PEOPLE, Role, Scope


@dataclass(frozen=True)
class Caller:
    """An application with a key, or a person who signed in."""

    kind: Literal["key", "person"]
    id: str
    """Of the key, or of the account."""
    scopes: frozenset[str]
    role: Role | None = None
    """Of a person; keys have scopes alone."""
    user: str | None = None
    """A person's own id in the log; None for keys, which may ask for anyone."""
    sign_in: str | None = None
    """The sign-in a person's token belongs to."""

    @classmethod
    def person(cls, account: str, *, role: str, user: str, sign_in: str) -> "Caller":
        """Who signed in, with what their role allows."""
        scopes = EVERYTHING if role == Role.ADMIN else OF_PEOPLE
        return cls("person", account, scopes, Role(role), user, sign_in)

    @classmethod
    def key(cls, key: str, scopes: str) -> "Caller":
        """An application, with the scopes of its key as words."""
        held = frozenset(scopes.split())
        return cls("key", key, EVERYTHING if Scope.ADMIN in held else held)

    @property
    def admin(self) -> bool:
        """Whether everything is allowed."""
        return Scope.ADMIN in self.scopes

    def may(self, scope: str) -> bool:
        """Whether a scope is held."""
        return scope in self.scopes

    def owns(self, user: str | None) -> bool:
        """Whether the data of a user of the log may be asked for.

        A person has their own and nobody else's, an administrator and a key have everyone's.
        """
        return self.kind == "key" or self.admin or (user is not None and user == self.user)
