"""What happened: events in, and a user's own events out."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import ConfigDict, Field

from shortlist.api.fields import (
    Amount,
    Answer,
    Body,
    Id,
    Moment,
    UserPath,
    instant,
    json,
    moment,
    served,
)
from shortlist.api.security import Caller, needs
from shortlist.core.errors import Denied, NobodysEvent
from shortlist.core.events import Event
from shortlist.serving.cursors import read_place, write_place

router = APIRouter(tags=["events"])
SESSION_USER = "session:"
"""What stands before a session's id where an event names no user."""


class EventIn(Body):
    user: Id | None = None
    """Who did it. A person leaves it out: it is themselves. An application may leave it out where
    `session` says whose visit it was."""
    item: Id
    """What it was done with."""
    kind: Id
    """What was done: `rating`, `like`, `view`, `click`, `purchase`, `impression`, ..."""
    value: Amount | None = None
    """How much, where the kind has a measure: the stars of a rating, the minutes of a play."""
    time: Moment | None = None
    """When; now, where nobody says."""
    id: Id | None = None
    """The caller's own id of the event: what comes again under it is not counted again."""
    session: Id | None = None
    """The visit it was part of."""
    decision: Id | None = None
    """The list that led to it."""
    text: Annotated[str, Field(max_length=2_000, pattern=r"^[^\x00]*$")] | None = None
    """What was typed: a tag, a search."""


class EventsIn(Body):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "events": [
                        {
                            "user": "u1",
                            "item": "i1",
                            "kind": "rating",
                            "value": 4.5,
                            "time": "2026-01-01T00:00:00Z",
                        }
                    ]
                }
            ]
        }
    )

    events: Annotated[list[EventIn], Field(min_length=1, max_length=10_000)]
    """One or many; all are kept, or none."""


class Accepted(Answer):
    accepted: int
    """How many are new."""
    duplicates: int
    """How many were known already, by their id."""
    sequence: int
    """Where the log stands: every request from now on knows of these events."""


class EventOut(Answer):
    sequence: int
    id: str
    item: str
    kind: str
    value: float | None
    time: str | None
    session: str | None
    decision: str | None


class EventPage(Answer):
    events: list[EventOut]
    """The newest first."""
    next: str | None
    """The cursor of the next page; null at the end."""


@router.post("/v1/events", response_model=Accepted)
def post_events(
    request: Request, caller: Annotated[Caller, needs("events:write")], body: EventsIn
) -> Response:
    """Keep events. The answer comes after the commit: what is acknowledged is on disk.

    The same events may be sent again after a failure; those that were kept are then duplicates. An
    event without an id has one made from its content, its time included: without either it is
    another event each time it is sent.
    """
    service = served(request)
    now = service.clock.now()
    kept = service.ingest.take([_event(each, caller, now) for each in body.events])
    return json(
        {"accepted": kept.accepted, "duplicates": kept.duplicates, "sequence": kept.sequence}
    )


@router.get("/v1/users/{user}/events", response_model=EventPage)
def list_events(
    request: Request,
    caller: Annotated[Caller, needs("events:read", own="user")],  # noqa: ARG001
    user: UserPath,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> Response:
    """The events of a user, the newest first."""
    service = served(request)
    before = read_place(cursor) if cursor else None
    rows = service.facts.events_of(user, before, limit)
    document: dict[str, Any] = {
        "events": [{**row._asdict(), "time": moment(row.time)} for row in rows],
        "next": write_place(rows[-1].sequence) if len(rows) == limit else None,
    }
    return json(document)


def _event(each: EventIn, caller: Caller, now: int) -> Event:
    user = each.user
    if caller.user is not None and not caller.may("admin"):
        if user not in (None, caller.user):
            raise Denied("You may send events of your own only; leave `user` out.")
        user = caller.user
    if user is None:
        if each.session is None:
            raise NobodysEvent
        user = SESSION_USER + each.session
    time = instant(each.time)
    return Event(
        user=user,
        item=each.item,
        kind=each.kind,
        value=each.value,
        time=now if time is None else time,
        session=each.session,
        decision=each.decision,
        text=each.text,
        id=each.id or "",
    )
