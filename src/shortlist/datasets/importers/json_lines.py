"""JSON lines: one object a line."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from shortlist.datasets.importers.batch import Batch, Batches
from shortlist.datasets.importers.blocks import Block, blocks
from shortlist.datasets.importers.columns_named import require_columns
from shortlist.datasets.importers.rejects import Reason, Rejected


def read_json_lines(path: Path, wanted: Sequence[str]) -> Batches:
    """The wanted fields as text: numbers in decimal, lists and objects as JSON.

    Raises BadFile where none of the first lines has a field that is wanted.
    """
    first = True
    for block in blocks(path):
        objects, lines, rejected = _parse(block)
        if first and objects:
            require_columns(path, wanted, list({name for each in objects for name in each}))
            first = False
        columns = {
            name: pl.Series(name, [as_text(each.get(name)) for each in objects], pl.String)
            for name in dict.fromkeys(wanted)
        }
        yield Batch(pl.DataFrame(columns), np.array(lines, np.int64), rejected, block.done)


def as_text(value: Any) -> str | None:
    """What was written, as text; whole floats as whole numbers.

    >>> as_text(7.0), as_text("7.0"), as_text([1, "a"])
    ('7', '7.0', '[1, "a"]')
    """
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return json.dumps(value, ensure_ascii=False)


def _parse(block: Block) -> tuple[list[dict[str, Any]], list[int], list[Rejected]]:
    objects: list[dict[str, Any]] = []
    lines: list[int] = []
    rejected = [Rejected(line, Reason.LONG_LINE) for line in block.overlong]
    for line, data in enumerate(block.data.split(b"\n")[:-1], block.first_line):
        if not data or data.isspace():
            continue
        found = _object(data)
        if isinstance(found, Reason):
            rejected.append(Rejected(line, found))
        else:
            objects.append(found)
            lines.append(line)
    return objects, lines, rejected


def _object(data: bytes) -> dict[str, Any] | Reason:
    try:
        text = data.decode()
        found = json.loads(text)
        if "\\u" in text:
            json.dumps(found, ensure_ascii=False).encode()
    except UnicodeError:
        return Reason.ENCODING
    except (ValueError, RecursionError):
        return Reason.JSON
    return found if isinstance(found, dict) else Reason.JSON
