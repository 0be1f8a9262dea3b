"""Items and users as the rows of their tables, lists and objects as JSON."""

import json
from collections.abc import Sequence
from typing import Any

import polars as pl

from shortlist.storage.facts.frames import ITEMS

Row = dict[str, Any]


def item_rows(items: pl.DataFrame) -> list[Row]:
    """One dictionary an item, the later of two rows with one id."""
    rows = items.unique("id", keep="last", maintain_order=True).to_dicts()
    return [{**row, "attributes": _loaded(row["attributes"])} for row in rows]


def user_rows(users: pl.DataFrame) -> list[Row]:
    """One dictionary a user, the later of two rows with one id."""
    rows = users.unique("id", keep="last", maintain_order=True).to_dicts()
    return [{**row, "attributes": _loaded(row["attributes"])} for row in rows]


def items_frame(rows: Sequence[tuple[Any, ...]]) -> pl.DataFrame:
    """Items again from the table's rows, JSON still as text."""
    at = ITEMS.names().index("categories")
    decoded = [(*row[:at], _loaded(row[at]), *row[at + 1 :]) for row in rows]
    return pl.DataFrame(decoded, schema=ITEMS, orient="row")


def _loaded(text: str | None) -> Any:
    return None if text is None else json.loads(text)
