"""Facts one by one, as requests read them; `frames.py` has them as columns."""

from typing import Any, NamedTuple

from shortlist.core.times import Instant


class EventRow(NamedTuple):
    """One line of the log, without what was typed."""

    sequence: int
    id: str
    item: str
    kind: str
    value: float | None
    time: Instant | None
    session: str | None
    decision: str | None


class ItemRow(NamedTuple):
    """One item. What is not known of it is None or empty."""

    id: str
    title: str | None
    categories: list[str]
    text: str | None
    attributes: dict[str, Any]
    added: Instant | None
    """When it was first written here; None for what was there before that was noted."""


class UserRow(NamedTuple):
    """One user, as far as they were described."""

    id: str
    attributes: dict[str, Any]
