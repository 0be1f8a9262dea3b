"""Bodies of JSON lines: one document a line, the wrong ones named by their line."""

from collections.abc import Iterator
from typing import Final, TypeVar

from pydantic import BaseModel, ValidationError

from shortlist.core.errors import BadLines

MEDIA: Final = "application/x-ndjson"
TOLD: Final = 5
"""Wrong lines that are told of."""

Document = TypeVar("Document", bound=BaseModel)


def read_lines(body: bytes, model: type[Document]) -> list[Document]:
    """The documents of a body. Raises BadLines, which names what is wrong in which line.

    Empty lines are left out, so that the last line may end or not.
    """
    found: list[Document] = []
    wrong: list[str] = []
    for number, line in _lines(body):
        try:
            found.append(model.model_validate_json(line))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            wrong.append(f"line {number}: {where + ': ' if where else ''}{first['msg']}")
    if wrong:
        more = f" and {len(wrong) - TOLD} more" if len(wrong) > TOLD else ""
        raise BadLines(f"{'; '.join(wrong[:TOLD])}{more}. Nothing was written.")
    return found


def _lines(body: bytes) -> Iterator[tuple[int, bytes]]:
    for number, line in enumerate(body.split(b"\n"), start=1):
        if line.strip():
            yield number, line
