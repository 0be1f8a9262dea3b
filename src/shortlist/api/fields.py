"""The parts that requests and answers are made of, with their limits."""

from datetime import UTC, datetime
from typing import Annotated, Any

import orjson
from fastapi import Path, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from shortlist.core.times import instant_of, iso
from shortlist.serving.service import Service

ID = r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$"
"""An id: no control characters, and not blanks alone."""

_DAY = (
    r"((19|20|21)[0-9]{2}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])"
    r"|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))"
    r"|((19|20|21)(0[48]|[2468][048]|[13579][26])|2000)-02-29)"
)
_HOUR = r"([01][0-9]|2[0-3]):[0-5][0-9]"

MOMENT = rf"^{_DAY}([T ]{_HOUR}(:[0-5][0-9](\.[0-9]{{1,9}})?)?(Z|[+-]{_HOUR})?)?$"
"""ISO-8601 of the years 1900 to 2199: every day that there is, and no other."""

Id = Annotated[str, StringConstraints(min_length=1, max_length=256, pattern=ID)]
Moment = Annotated[
    str,
    StringConstraints(max_length=40, pattern=MOMENT),
    Field(description="ISO-8601; UTC where no zone is given.", examples=["2026-01-01T00:00:00Z"]),
]
Text = Annotated[str, StringConstraints(max_length=2_000, pattern=r"^[^\x00]*$")]
Number = (
    Annotated[int, Field(strict=True, ge=-(2**53), le=2**53)]
    | Annotated[float, Field(strict=True, allow_inf_nan=False)]
)
Flag = Annotated[bool, Field(strict=True)]
Scalar = Flag | Number | Text
Name = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]
Attributes = Annotated[
    dict[Name, Scalar | Annotated[list[Scalar], Field(max_length=1_000)] | None],
    Field(max_length=200, json_schema_extra={"additionalProperties": False}),
]
"""What is known of an item or a user: numbers, texts, flags, and lists of them, by name."""

Amount = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=-1e15, le=1e15)]
"""How much, of something that happened: a number, and nothing that could be read as one."""


def _whole(value: object) -> object:
    if isinstance(value, bool | str):
        raise PydanticCustomError("int_type", "Input should be a valid integer")
    return value


WHOLE = BeforeValidator(_whole)
"""Of a whole number: 20 and, as JSON has it, 20.0; no flag and no text."""

Size = Annotated[int, Field(ge=1, le=500), WHOLE]
"""How many items are answered, in a body."""

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
    """The instant of a moment."""
    if moment is None:
        return None
    read = datetime.fromisoformat(moment)
    return instant_of(read if read.tzinfo else read.replace(tzinfo=UTC))


def moment(instant: int | None) -> str | None:
    """An instant as it is answered."""
    return None if instant is None else iso(instant)
