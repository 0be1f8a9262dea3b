"""How a refused filter is shown: what is wrong, the text, and a caret under the place."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

from shortlist.core.errors import BadFilter

AROUND: Final = 36
"""Letters of a long filter that are shown on either side of the place."""


def complaint(text: str, position: int, reason: str, suggestion: str = "") -> BadFilter:
    """The error for a place in a filter.

    >>> print(complaint("year >= 'x'", 8, "'x' is text.", "Give a number."))
    'x' is text. Give a number.
      year >= 'x'
              ^
    """
    start = max(0, position - AROUND)
    end = min(len(text), position + AROUND)
    before, after = "..." if start else "", "..." if end < len(text) else ""
    line = "".join(letter if letter.isprintable() else " " for letter in text[start:end])
    caret = " " * (len(before) + position - start) + "^"
    said = " ".join(each for each in (reason, suggestion) if each)
    return BadFilter(
        f"{said}\n  {before}{line}{after}\n  {caret}", text=text, position=position, reason=said
    )


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The known name that is nearest to one nobody knows, as a question; or nothing.

    >>> did_you_mean("yaer", ["title", "year"])
    'Did you mean year?'
    """
    by_lower = {each.lower(): each for each in known}
    near = get_close_matches(name.lower(), by_lower, n=1)
    return f"Did you mean {by_lower[near[0]]}?" if near else ""
