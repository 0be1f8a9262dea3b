"""The parts that requests and answers are made of, with their limits."""

from datetime import UTC, datetime
from typing import Annotated, Any

import orjson
from fastapi import Path, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shortlist.core.errors import Invalid
from shortlist.core.times import instant_of, iso
from shortlist.serving.service import Service

ID = r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$"
"""An id: no control characters, and not blanks alone."""

MOMENT = r"^(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}([Tt ][0-9:.]+([Zz]|[+-][0-9]{2}:?[0-9]{2})?)?$"

Id = Annotated[str, StringConstraints(min_length=1, max_length=256, pattern=ID)]
Moment = Annotated[
    str,
    StringConstraints(max_length=40, pattern=MOMENT),
    Field(description="ISO-8601; UTC where no zone is given.", examples=["2026-01-01T00:00:00Z"]),
]
Limit = Annotated[int, Query(ge=1, le=500, description="How many items are answered.")]
UserPath = Annotated[
    str, Path(min_length=1, max_length=256, pattern=ID, description="The user's own id.")
]
ItemPath = Annotated[
    str, Path(min_length=1, max_length=256, pattern=ID, description="The item's own id.")
]
FilterText = Annotated[
    str,
    StringConstraints(max_length=2_000),
    Field(
        description='A condition on items, such as `"Drama" in genres and year >= 1990`.',
        examples=['"Drama" in genres and year >= 1990'],
    ),
]


class Body(BaseModel):
    """What is sent: a name that is not known is refused, not ignored."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class Answer(BaseModel):
    """What is answered."""

    model_config = ConfigDict(use_attribute_docstrings=True)


def served(request: Request) -> Service:
    """The application behind the routes."""
    service: Service = request.app.state.service
    return service


def json(document: Any, status: int = 200) -> Response:
    """A document as JSON, past the framework's own checking: it was made here."""
    return Response(orjson.dumps(document), status, media_type="application/json")


def instant(moment: str | None) -> int | None:
    """The instant of a moment. Raises Invalid for a day or hour that does not exist."""
    if moment is None:
        return None
    try:
        read = datetime.fromisoformat(moment)
    except ValueError:
        raise Invalid(f"{moment!r} is no time: write ISO-8601, 2026-01-31T12:00:00Z") from None
    return instant_of(read if read.tzinfo else read.replace(tzinfo=UTC))


def moment(instant: int | None) -> str | None:
    """An instant as it is answered."""
    return None if instant is None else iso(instant)
