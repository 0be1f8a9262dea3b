"""Whether a file has the columns that were asked for."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from shortlist.core.errors import BadFile


def require_columns(path: Path, wanted: Iterable[str], present: Sequence[str]) -> None:
    """Raise BadFile, naming the columns there are, where a wanted one is missing or ambiguous."""
    for name in wanted:
        if name not in present:
            there = ", ".join(map(repr, present)) or "none"
            raise BadFile(f"{path} has no column {name!r}; its columns are {there}")
        if list(present).count(name) > 1:
            raise BadFile(f"{path} has more than one column {name!r}")
