"""The attributes of all items as typed columns, in the index order of a catalogue."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Self

import orjson
import polars as pl

from shortlist.datasets.columns import (
    Column,
    FlagColumn,
    Kind,
    ListColumn,
    NumberColumn,
    TextColumn,
)
from shortlist.datasets.vocabulary import Vocabulary

ALIASES: Final[Mapping[str, str]] = {"genres": "categories"}
"""Other names of columns; an attribute of such a name takes it over."""

AGREEING: Final = 0.9
"""Share of the values of a key that must be numbers (or flags) for a column of numbers (flags)."""

Values = tuple[list[int], list[Any]]
"""Where a key has values, and which."""


@dataclass(frozen=True)
class ItemColumns:
    """What is known of the items, a column an attribute. Built anew whenever items change.

    There are `id`, `title`, `categories` (also as `genres`), and every key of the items'
    attributes. A key's kind is that of its values: number, text, flag, or list where any value is
    a list (of texts; single values are then lists of one). A key of mixed kinds is text, unless
    nine in ten of its values are numbers, or flags: then the few others count as missing, so
    that one bad item does not turn the whole column into something else. Objects are missing.
    """

    length: int
    columns: Mapping[str, Column]
    misfits: Mapping[str, int] = field(default_factory=dict)
    """How many values were left out of a column because they are of another kind than it is."""

    @classmethod
    def of(cls, items: pl.DataFrame, ids: Vocabulary) -> Self:
        """The columns of items (ITEMS schema) at the places their ids have in a vocabulary.

        Items of the vocabulary that are not in the frame have everything missing but their id;
        items of the frame that are not in the vocabulary are left out.
        """
        length, places = len(ids), ids.indices_of(items["id"].to_list()).tolist()
        made: dict[str, Column] = {}
        misfits: dict[str, int] = {}
        for name, (where, values) in _attributes(items, places).items():
            made[name], misfit = _column(length, where, values)
            if misfit:
                misfits[name] = misfit
        titles = _given(places, items["title"])
        categories = _given(places, items["categories"].list.drop_nulls())
        made["id"] = TextColumn.of(length, range(length), list(ids))
        made["title"] = TextColumn.of(length, *titles)
        made["categories"] = ListColumn.of(length, *categories)
        for alias, name in ALIASES.items():
            made.setdefault(alias, made[name])
        return cls(length, made, {name: n for name, n in misfits.items() if name in made})

    def __len__(self) -> int:
        return self.length

    @property
    def schema(self) -> dict[str, Kind]:
        """The kind of each column by its name."""
        return {name: column.kind for name, column in self.columns.items()}


def _given(places: Sequence[int], column: pl.Series) -> Values:
    """The values of a frame's column that are there, and the places of their items."""
    kept = [
        (place, value)
        for place, value in zip(places, column.to_list(), strict=True)
        if place >= 0 and value is not None
    ]
    return [place for place, _ in kept], [value for _, value in kept]


def _attributes(items: pl.DataFrame, places: Sequence[int]) -> dict[str, Values]:
    """The values of every key of the attributes."""
    found: dict[str, Values] = {}
    for place, text in zip(places, items["attributes"].to_list(), strict=True):
        if place < 0 or text is None:
            continue
        for name, value in _object(text).items():
            if name not in found:
                found[name] = ([], [])
            if value is not None and not isinstance(value, dict):
                where, values = found[name]
                where.append(place)
                values.append(value)
    return found


def _object(text: str) -> dict[str, Any]:
    """A JSON object; empty for anything else, so that one bad item does not stop all."""
    try:
        found = orjson.loads(text)
    except ValueError:
        found = _lenient(text)
    return found if isinstance(found, dict) else {}


def _lenient(text: str) -> Any:
    """What the standard library makes of it, which knows NaN, Infinity and any whole number."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _column(length: int, places: list[int], values: list[Any]) -> tuple[Column, int]:
    """The column of some values, and how many of them are not of its kind."""
    types = Counter(map(type, values))
    if types[list]:
        return ListColumn.of(length, places, _lists(values)), 0
    needed = max(1, AGREEING * len(values))
    if types[int] + types[float] >= needed:
        where, kept = _only((int, float), places, values)
        return NumberColumn.of(length, where, kept), len(values) - len(kept)
    if types[bool] >= needed:
        where, kept = _only((bool,), places, values)
        return FlagColumn.of(length, where, kept), len(values) - len(kept)
    return TextColumn.of(length, places, [_text(each) for each in values]), 0


def _only(types: tuple[type, ...], places: list[int], values: list[Any]) -> Values:
    """The values of exactly these types; a flag is no number."""
    kept = [
        (place, value) for place, value in zip(places, values, strict=True) if type(value) in types
    ]
    return [place for place, _ in kept], [value for _, value in kept]


def _lists(values: Iterable[Any]) -> list[list[str]]:
    return [_texts(each) if isinstance(each, list) else [_text(each)] for each in values]


def _texts(values: list[Any]) -> list[str]:
    if set(map(type, values)) == {str}:
        return values
    return [_text(each) for each in values if isinstance(each, str | bool | int | float)]


def _text(value: str | float) -> str:
    """A value as text: true and 5 as JSON writes them, and 5.0 as 5."""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return json.dumps(value)
