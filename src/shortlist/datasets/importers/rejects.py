"""Rows that were not imported: why, how many, and a file that says which."""

import csv
from collections import Counter, deque
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, NamedTuple


class Reason(StrEnum):
    """Why a row cannot be kept."""

    FIELDS = "wrong number of fields"
    QUOTES = "malformed quotes"
    ENCODING = "wrong encoding"
    LONG_LINE = "line too long"
    JSON = "not a JSON object"
    MISSING = "missing field"
    CONTROL = "control character"
    LONG_ID = "id too long"
    BAD_TIME = "unparsable time"
    TIME_RANGE = "time out of range"
    BAD_VALUE = "unparsable value"
    NOT_FINITE = "value not finite"
    UNKNOWN_ITEM = "unknown item"
    DUPLICATE = "duplicate"


class Rejected(NamedTuple):
    """A row that was refused, by the line it begins on (the row's number in a Parquet file)."""

    line: int
    reason: Reason
    detail: str = ""


class Example(NamedTuple):
    """Where a refused row stood; nothing of what stood there, which may be about somebody."""

    file: str
    line: int
    column: str
    reason: str


EXAMPLES: Final = 3
"""Rows of each reason that are told without looking into the file."""


class Rejects:
    """The rejects file. It comes into being with the first row written to it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.examples: dict[Reason, deque[Example]] = {}
        """The last few rows of each reason."""
        self._file: Any = None
        self._writer: Any = None

    def add(self, file: Path, rows: Iterable[Rejected]) -> Counter[Reason]:
        """Write rows of a file down; how many of each reason."""
        counted: Counter[Reason] = Counter()
        for row in rows:
            if self._file is None:
                self._open()
            self._writer.writerow([file, row.line, row.reason, row.detail])
            counted[row.reason] += 1
            column = row.detail.partition(":")[0]
            kept = self.examples.setdefault(row.reason, deque(maxlen=EXAMPLES))
            kept.append(Example(file.name, row.line, column, row.reason))
        return counted

    @property
    def written(self) -> Path | None:
        """Where they are; None where nothing was rejected."""
        return None if self._writer is None else self.path

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _open(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self.path.open("w", newline="", encoding="utf-8")
        self._writer = csv.writer(self._file)
        self._writer.writerow(["file", "line", "reason", "detail"])
