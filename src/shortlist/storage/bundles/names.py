"""What bundles and their parts may be called."""

import re
from datetime import UTC, datetime
from typing import Final

ID: Final = re.compile(r"\d{8}T\d{6}-[0-9a-f]{6}")
PART: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*){0,3}")


def id_of(created: datetime, checksum: str) -> str:
    """The id of a bundle: its second in UTC, then the beginning of its manifest's checksum.

    >>> id_of(datetime(2026, 11, 22, 23, 59, 59, tzinfo=UTC), "ab12cd34")
    '20261122T235959-ab12cd'
    """
    return f"{created.astimezone(UTC):%Y%m%dT%H%M%S}-{checksum[:6]}"


def is_id(name: str) -> bool:
    return ID.fullmatch(name) is not None


def is_part(name: str) -> bool:
    """Whether a part may be called so: words with slashes between, none beginning with a dot.

    >>> [is_part(name) for name in ("sources/als.factors", "../settings", "/etc/passwd")]
    [True, False, False]
    """
    return PART.fullmatch(name) is not None
