"""Places in lists, as opaque words for callers."""

import base64
import binascii

from shortlist.core.errors import UnknownCursor


def write_place(*parts: str | int) -> str:
    """A place as a word.

    >>> read_place(write_place(12))
    12
    """
    text = "\x1f".join(str(each) for each in parts)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_place(cursor: str) -> int:
    """The number that was written. Raises UnknownCursor for what was not."""
    text = read_word(cursor)
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise UnknownCursor
    return int(text)


def read_word(cursor: str) -> str:
    """The word that was written. Raises UnknownCursor for what was not."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        text = base64.b64decode(padded, altchars=b"-_", validate=True).decode()
    except (UnicodeError, binascii.Error, ValueError):
        raise UnknownCursor from None
    if "\0" in text:
        raise UnknownCursor
    return text


def read_page(cursor: str) -> tuple[str, int]:
    """The decision and the offset that were written. Raises UnknownCursor for what was not."""
    decision, _, offset = read_word(cursor).partition("\x1f")
    if not (decision.isalnum() and offset.isascii() and offset.isdigit() and len(offset) < 6):
        raise UnknownCursor
    return decision, int(offset)
