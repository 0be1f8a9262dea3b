"""How a delimited file is written."""

from dataclasses import dataclass
from typing import Final, Literal

Encoding = Literal["utf-8", "latin-1", "cp1252"]

BETWEEN: Final = "\x1f"
"""Stands in for a separator of several characters while a block is parsed."""


@dataclass(frozen=True)
class Dialect:
    """Separator, quotes, encoding and header of a file."""

    separator: str = ","
    quoting: bool = True
    """Whether a field may stand between double quotes (RFC 4180)."""
    encoding: Encoding = "utf-8"
    header: tuple[str, ...] | None = None
    """The names of the columns, for a file that does not begin with them."""

    @property
    def byte(self) -> str:
        return self.separator if len(self.separator) == 1 else BETWEEN
