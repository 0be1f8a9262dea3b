"""Places in lists, as opaque words for callers."""

import base64
import binascii
from typing import Final

from shortlist.core.errors import Invalid

_SAID: Final = "the cursor is not one that was answered; begin again without it"


def write_place(*parts: str | int) -> str:
    """A place as a word.

    >>> read_place(write_place(12))
    12
    """
    text = "\x1f".join(str(each) for each in parts)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_place(cursor: str) -> int:
    """The number that was written. Raises Invalid for what was not."""
    text = read_word(cursor)
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Invalid(_SAID)
    return int(text)


def read_word(cursor: str) -> str:
    """The word that was written. Raises Invalid for what was not."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        text = base64.b64decode(padded, altchars=b"-_", validate=True).decode()
    except (UnicodeError, binascii.Error, ValueError):
        raise Invalid(_SAID) from None
    if "\0" in text:
        raise Invalid(_SAID)
    return text


def read_page(cursor: str) -> tuple[str, int]:
    """The decision and the offset that were written. Raises Invalid for what was not."""
    decision, _, offset = read_word(cursor).partition("\x1f")
    if not (decision.isalnum() and offset.isascii() and offset.isdigit() and len(offset) < 6):
        raise Invalid(_SAID)
    return decision, int(offset)
