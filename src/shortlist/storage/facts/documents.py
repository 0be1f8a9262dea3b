"""Items and users on their way between callers and tables: lists and objects are JSON."""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import polars as pl

from shortlist.storage.facts.frames import ITEMS, USERS
from shortlist.storage.facts.rows import ItemRow, UserRow

Row = dict[str, Any]

_ACCENTS: Final = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
"""Marks over and under letters that a letter and its mark fall apart into."""

_LISTS: Final = ITEMS.names().index("categories")


def item_rows(items: pl.DataFrame) -> list[Row]:
    """One dictionary an item of the frame, the later of two rows with one id."""
    return _rows(items)


def user_rows(users: pl.DataFrame) -> list[Row]:
    """One dictionary a user of the frame, the later of two rows with one id."""
    return _rows(users)


def described(documents: Iterable[Mapping[str, Any]], names: Sequence[str]) -> list[Row]:
    """One dictionary a document with all of the names, None where one is not given.

    The later of two documents with one id.
    """
    rows = {each["id"]: {name: each.get(name) for name in names} for each in documents}
    return list(rows.values())


def items_frame(rows: Sequence[tuple[Any, ...]]) -> pl.DataFrame:
    """Items again from the table's rows, JSON still as text."""
    decoded = [(*row[:_LISTS], _loaded(row[_LISTS]), *row[_LISTS + 1 :]) for row in rows]
    return pl.DataFrame(decoded, schema=ITEMS, orient="row")


def users_frame(rows: Sequence[tuple[Any, ...]]) -> pl.DataFrame:
    """Users again from the table's rows, JSON still as text."""
    return pl.DataFrame(rows, schema=USERS, orient="row")


def item_row(row: tuple[Any, ...]) -> ItemRow:
    """An item from a row with the columns of ItemRow, JSON still as text."""
    name, title, categories, text, attributes, added = row
    return ItemRow(name, title, _loaded(categories) or [], text, _loaded(attributes) or {}, added)


def user_row(row: tuple[Any, ...]) -> UserRow:
    """A user from a row with the columns of UserRow, JSON still as text."""
    name, attributes = row
    return UserRow(name, _loaded(attributes) or {})


def folded(*texts: str | None) -> str:
    r"""Texts as they are searched: without case and accents, the same in every database.

    >>> folded("Amélie", None, "Le fabuleux destin")
    'amelie\nle fabuleux destin'
    """
    return "\n".join(_folded(each) for each in texts if each)


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold()))


def _rows(frame: pl.DataFrame) -> list[Row]:
    rows = frame.unique("id", keep="last", maintain_order=True).to_dicts()
    return [{**row, "attributes": _loaded(row["attributes"])} for row in rows]


def _loaded(text: str | None) -> Any:
    return None if text is None else json.loads(text)
