"""What may be done, and by whom without asking for more: scopes and roles."""

from enum import StrEnum
from typing import Final


class Scope(StrEnum):
    """What an API key may be good for; there are no others."""

    EVENTS_WRITE = "events:write"
    EVENTS_READ = "events:read"
    RECOMMEND_READ = "recommend:read"
    ITEMS_READ = "items:read"
    ITEMS_WRITE = "items:write"
    USERS_READ = "users:read"
    USERS_WRITE = "users:write"
    DECISIONS_READ = "decisions:read"
    ADMIN = "admin"
    """All of the others, keys and accounts."""


class Role(StrEnum):
    """What a person is here."""

    USER = "user"
    ADMIN = "admin"


OF_PEOPLE: Final[frozenset[str]] = frozenset(
    {
        Scope.EVENTS_WRITE,
        Scope.EVENTS_READ,
        Scope.RECOMMEND_READ,
        Scope.ITEMS_READ,
        Scope.DECISIONS_READ,
    }
)
"""What whoever signs in may do, with their own data only."""

EVERYTHING: Final[frozenset[str]] = frozenset(Scope)
