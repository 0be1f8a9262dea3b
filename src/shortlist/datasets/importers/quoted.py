"""Delimited lines with quotes in them, record by record: a record may span lines."""

import csv
import re
from collections.abc import Iterator
from typing import Final

import numpy as np
import polars as pl

from shortlist.datasets.importers.dialect import Dialect
from shortlist.datasets.importers.rejects import Reason, Rejected

_ESCAPED: Final = re.compile("[\udc80-\udcff]")
"""What bytes that are not UTF-8 become when decoded by `surrogateescape`."""


def parse_quoted(
    data: bytes,
    dialect: Dialect,
    header: tuple[str, ...],
    wanted: tuple[str, ...],
    *,
    complete: bool,
) -> tuple[pl.DataFrame, np.ndarray, list[Rejected], int]:
    """Rows, their lines (from 0), what was refused, and the bytes used.

    Unless the data is `complete`, a record whose closing quote is missing at its end is left
    over. A line whose quotes make no sense is refused, and reading goes on with the next.
    """
    text = data.decode(dialect.encoding, "surrogateescape")
    lines = [f"{each}\n" for each in text.split("\n")[:-1]]
    good: list[list[str]] = []
    at: list[int] = []
    rejected: list[Rejected] = []
    used = len(lines)
    for line, fields in _records(lines, dialect.byte, complete=complete):
        if fields is _UNFINISHED:
            used = line
        elif fields is _MALFORMED:
            rejected.append(Rejected(line, Reason.QUOTES))
        elif (reason := _fault(fields, len(header))) is not None:
            rejected.append(Rejected(line, reason))
        elif fields:
            good.append(fields)
            at.append(line)
    columns = {
        name: pl.Series(name, [fields[position] or None for fields in good], pl.String)
        for name, position in ((name, header.index(name)) for name in wanted)
    }
    left = "".join(lines[used:]).encode(dialect.encoding, "surrogateescape")
    return pl.DataFrame(columns), np.array(at, np.int64), rejected, len(data) - len(left)


_UNFINISHED: Final[list[str]] = ["unfinished"]
_MALFORMED: Final[list[str]] = ["malformed"]


def _records(
    lines: list[str], separator: str, *, complete: bool
) -> Iterator[tuple[int, list[str]]]:
    start = 0
    while start < len(lines):
        begin = start
        rest = map(lines.__getitem__, range(begin, len(lines)))
        reader = csv.reader(rest, delimiter=separator, strict=True)
        try:
            for fields in reader:
                yield start, fields
                start = begin + reader.line_num
        except csv.Error:
            ended = begin + reader.line_num == len(lines)
            if ended and start > 0 and not complete:
                yield start, _UNFINISHED
                return
            yield start, _MALFORMED
            start += 1


def _fault(fields: list[str], expected: int) -> Reason | None:
    if not fields:
        return None
    if len(fields) != expected:
        return Reason.FIELDS
    if any("\0" in each for each in fields):
        return Reason.CONTROL
    if any(not each.isascii() and _ESCAPED.search(each) for each in fields):
        return Reason.ENCODING
    return None
