"""A batch of events as one bound value, taken apart inside SQLite.

Binding nine parameters a row costs Python more than inserting the row costs SQLite. So the rows
are laid out at a fixed width in one blob and the statement cuts it up, which halves the time of
an import. Where a batch does not lend itself to that (very long ids, values of many decimals), the
caller binds row by row instead.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from shortlist.storage.facts.frames import EVENTS

WIDEST: Final = 400
"""Bytes a row may take; wider rows are mostly padding."""

_THOUSAND: Final = 1000.0


@dataclass(frozen=True)
class Packed:
    """A statement and what it is to be run with."""

    statement: str
    parameters: tuple[Any, ...]


@dataclass(frozen=True)
class _Field:
    """How one column is read: from the parameter it is, or from `bytes` cut out of the blob."""

    read: str
    parameter: Any = None
    bytes: npt.NDArray[np.bytes_] | None = None


def pack(events: pl.DataFrame) -> Packed | None:
    """The statement that inserts these events (EVENTS schema, ids distinct), in their order."""
    fields = [_number(each) if each.dtype.is_numeric() else _text(each) for each in events]
    if any(each is None for each in fields):
        return None
    laid_out = [each for each in fields if each is not None]
    width = sum(each.bytes.itemsize for each in laid_out if each.bytes is not None)
    if width > WIDEST:
        return None
    return _statement(laid_out, len(events), width)


def _statement(fields: list[_Field], rows: int, width: int) -> Packed:
    parameters: list[Any] = [b"", rows]
    expressions, columns, offset = [], [], 1
    for field in fields:
        if field.bytes is not None:
            size = field.bytes.itemsize
            cut = f"substr(?1, n * {width} + {offset}, {size})"
            expressions.append(field.read.format(cut=cut))
            columns.append(field.bytes)
            offset += size
        else:
            parameters.append(field.parameter)
            expressions.append(f"?{len(parameters)}")
    parameters[0] = _blob(columns, rows)
    statement = (
        f"INSERT INTO events ({', '.join(EVENTS)}) WITH RECURSIVE line(n) AS "  # noqa: S608  no text of a caller's
        "(VALUES (0) UNION ALL SELECT n + 1 FROM line WHERE n + 1 < ?2) "
        f"SELECT {', '.join(expressions)} FROM line WHERE true ON CONFLICT (id) DO NOTHING"
    )
    return Packed(statement, tuple(parameters))


def _blob(columns: list[npt.NDArray[np.bytes_]], rows: int) -> bytes:
    table = np.empty(rows, np.dtype([(f"f{at}", each.dtype) for at, each in enumerate(columns)]))
    for at, each in enumerate(columns):
        table[f"f{at}"] = each
    return table.tobytes().replace(b"\0", b"\x1f")


def _text(column: pl.Series) -> _Field | None:
    if _constant(column):
        return _Field("", parameter=column[0])
    sizes = column.str.len_bytes()
    if sizes.min() == 0 or column.str.contains(r"[\x00\x1f]").any():
        return None
    if sizes.min() == sizes.max() and not column.null_count():
        return _Field("CAST({cut} AS TEXT)", bytes=_padded(column))
    read = "CAST(rtrim({cut}, x'1f') AS TEXT)"
    return _Field(f"nullif({read}, '')" if column.null_count() else read, bytes=_padded(column))


def _number(column: pl.Series) -> _Field | None:
    """Integers in decimal; floats as whole thousandths, where that loses nothing."""
    if _constant(column):
        return _Field("", parameter=column[0])
    read = "CAST({cut} AS INTEGER)"
    whole = column
    if column.dtype.is_float():
        if (column.abs() > 1e9).any():
            return None
        whole = (column * _THOUSAND).round().cast(pl.Int64)
        if not (whole / _THOUSAND == column).all():
            return None
        read = f"{read} / {_THOUSAND}"
    if column.null_count():
        read = f"CASE WHEN {{cut}} >= x'20' THEN {read} END"
    return _Field(read, bytes=_padded(whole.cast(pl.String)))


def _constant(column: pl.Series) -> bool:
    if column.null_count():
        return column.null_count() == len(column)
    return bool((column == column[0]).all())


def _padded(column: pl.Series) -> npt.NDArray[np.bytes_]:
    return np.array(column.fill_null("").cast(pl.Binary).to_list(), np.bytes_)
