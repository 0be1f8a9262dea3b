"""CSV and its relatives: lines of fields with a separator between them."""

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl

from shortlist.core.errors import BadFile
from shortlist.datasets.importers.batch import Batch, Batches
from shortlist.datasets.importers.blocks import BLOCK, Block, blocks
from shortlist.datasets.importers.columns_named import require_columns
from shortlist.datasets.importers.dialect import BETWEEN, Dialect
from shortlist.datasets.importers.quoted import parse_quoted
from shortlist.datasets.importers.rejects import Reason, Rejected


def header_of(path: Path, dialect: Dialect) -> tuple[str, ...]:
    """The names of a file's columns. Raises BadFile for an empty file or two of one name."""
    if dialect.header is not None:
        return dialect.header
    first = next(iter(blocks(path)))
    line = first.data.partition(b"\n")[0].decode(dialect.encoding, "replace")
    if not line:
        raise BadFile(f"{path} is empty: not even a header line")
    line = line.replace(dialect.separator, dialect.byte)
    if not dialect.quoting:
        return tuple(name.strip() for name in line.split(dialect.byte))
    try:
        names = next(csv.reader([line], delimiter=dialect.byte))
    except csv.Error as error:
        raise BadFile(f"the header line of {path} cannot be read: {error}") from error
    return tuple(name.strip() for name in names)


def read_delimited(
    path: Path, dialect: Dialect, wanted: Sequence[str], *, size: int = BLOCK
) -> Batches:
    """The wanted columns as text, '' as null, with the line each row begins on.

    Raises BadFile where a wanted column is not there.
    """
    header = header_of(path, dialect)
    require_columns(path, wanted, header)
    parse = _Parser(dialect, header, tuple(dict.fromkeys(wanted)))
    pending, pending_line, skip = b"", 1, dialect.header is None
    for block in blocks(path, size=size):
        data, first = pending + block.data, pending_line if pending else block.first_line
        if skip and data:
            data, first, skip = data.partition(b"\n")[2], first + 1, False
        batch, used = parse(data, first, block)
        pending, pending_line = data[used:], first + data[:used].count(b"\n")
        yield batch


class _Parser:
    def __init__(self, dialect: Dialect, header: tuple[str, ...], wanted: tuple[str, ...]) -> None:
        self._dialect = dialect
        self._header = header
        self._wanted = wanted

    def __call__(self, data: bytes, first_line: int, block: Block) -> tuple[Batch, int]:
        """A batch, and how much of the data it took: a record may run on into the next block."""
        rejected = [Rejected(line, Reason.LONG_LINE) for line in block.overlong]
        used = len(data)
        if self._dialect.quoting and b'"' in data:
            table, lines, bad, used = parse_quoted(
                data, self._dialect, self._header, self._wanted, complete=block.last
            )
        else:
            table, lines, bad = self._plain(data)
        rejected += [Rejected(first_line + each.line, each.reason, each.detail) for each in bad]
        return Batch(table, lines + first_line, rejected, block.done), used

    def _plain(self, data: bytes) -> tuple[pl.DataFrame, np.ndarray, list[Rejected]]:
        """Rows without quotes: a line is a row, and a count of separators tells a bad one."""
        if self._dialect.encoding != "utf-8":
            data = data.decode(self._dialect.encoding, "replace").encode()
        if len(self._dialect.separator) > 1:
            data = data.replace(self._dialect.separator.encode(), BETWEEN.encode())
        if not data:
            return self._empty(), np.empty(0, np.int64), []
        view = np.frombuffer(data, np.uint8)
        ends = np.flatnonzero(view == ord("\n"))
        starts = np.concatenate([[0], ends[:-1] + 1])
        count = np.add.reduceat(view == ord(self._dialect.byte), starts, dtype=np.int32)
        reasons = np.where(count == len(self._header) - 1, "", Reason.FIELDS.value).astype(object)
        for line, reason in _unreadable(data, starts):
            reasons[line] = reason
        blank = ends == starts
        keep = (reasons == "") & ~blank
        rejected = [
            Rejected(int(line), Reason(reasons[line]))
            for line in np.flatnonzero((reasons != "") & ~blank)
        ]
        if not keep.all():
            data = view[np.repeat(keep, ends - starts + 1)].tobytes()
        return self._parse(data), np.flatnonzero(keep), rejected

    def _parse(self, data: bytes) -> pl.DataFrame:
        if not data:
            return self._empty()
        at = [self._header.index(name) for name in self._wanted]
        order = sorted(range(len(at)), key=at.__getitem__)
        table = pl.read_csv(
            data,
            separator=self._dialect.byte,
            has_header=False,
            quote_char=None,
            schema={f"{position}": pl.String for position in range(len(self._header))},
            columns=[at[each] for each in order],
        )
        table.columns = [self._wanted[each] for each in order]
        return table.select(self._wanted)

    def _empty(self) -> pl.DataFrame:
        return pl.DataFrame(schema=dict.fromkeys(self._wanted, pl.String))


def _unreadable(data: bytes, starts: np.ndarray) -> list[tuple[int, str]]:
    """Lines that are not UTF-8, and lines with a zero byte."""
    found: list[tuple[int, str]] = []
    if not data.isascii() and not _decodes(data):
        lines = data.split(b"\n")
        found += [(at, Reason.ENCODING) for at, each in enumerate(lines) if not _decodes(each)]
    if b"\0" in data:
        zeros = np.flatnonzero(np.frombuffer(data, np.uint8) == 0)
        at = np.unique(np.searchsorted(starts, zeros, side="right") - 1)
        found += [(int(each), Reason.CONTROL) for each in at]
    return found


def _decodes(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
