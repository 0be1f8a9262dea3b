"""The one table from error families to HTTP statuses, and the names of errors."""

import re
from collections.abc import Mapping
from typing import Final

from shortlist.core.errors import (
    BadFilter,
    BadLines,
    Conflict,
    Denied,
    Invalid,
    Missing,
    NotSignedIn,
    ShortlistError,
    TooManyRequests,
    Unavailable,
)

STATUS: Final[Mapping[type[ShortlistError], int]] = {
    BadFilter: 409,
    BadLines: 409,
    Invalid: 400,
    NotSignedIn: 401,
    Denied: 403,
    Missing: 404,
    Conflict: 409,
    TooManyRequests: 429,
    Unavailable: 503,
}
"""The first family that an error belongs to decides; subfamilies stand before their families.

A filter that is refused is a conflict: it is about attributes, which are data, and the same text
may be right tomorrow. The request itself is well-formed. Lines are likewise texts to HTTP.
"""


def status_of(error: ShortlistError) -> int:
    """The status of a foreseen error."""
    return next((code for family, code in STATUS.items() if isinstance(error, family)), 500)


def code_of(error: ShortlistError) -> str:
    """The stable, machine-readable name of an error: its class in snake case."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(error).__name__).lower()


def wait_of(error: ShortlistError) -> Mapping[str, str]:
    """The header that says when to try again, where that may help."""
    wait = getattr(error, "retry_after", 1 if status_of(error) == 503 else None)
    return {} if wait is None else {"Retry-After": str(int(wait))}
