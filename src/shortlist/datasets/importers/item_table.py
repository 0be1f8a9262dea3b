"""Tables of items and of users: which columns say what."""

import json
from dataclasses import dataclass
from typing import Final

import polars as pl

from shortlist.datasets.importers.attributes import gathered
from shortlist.datasets.importers.batch import Batch
from shortlist.datasets.importers.checks import passed
from shortlist.datasets.importers.fields import Checked, check_ids, check_values
from shortlist.datasets.importers.titles import year_of
from shortlist.storage.facts.frames import ITEMS, USERS, of_schema

NO_CATEGORY: Final = ("(no genres listed)", "N/A", "")
"""What people write where an item has no category."""


@dataclass(frozen=True)
class ItemColumns:
    """The names of a table's columns, by what they hold. Only the id must be filled."""

    id: str
    title: str | None = None
    categories: str | None = None
    separator: str = "|"
    """What stands between two categories; a JSON list is understood as well."""
    text: tuple[str, ...] = ()
    """Columns of running text, joined line by line."""
    year: str | None = None
    attributes: tuple[str, ...] = ()
    """Columns kept as they are."""
    year_in_title: bool = False
    """Whether titles end with the year of release: Alien (1979)."""

    @property
    def wanted(self) -> list[str]:
        """The columns to read."""
        named = (self.id, self.title, self.categories, self.year, *self.text, *self.attributes)
        return [name for name in named if name is not None]

    def shape(self, batch: Batch) -> Batch:
        """The good rows as items (ITEMS schema), the bad ones with reasons."""
        checked = {name: Checked(batch.table[name]) for name in self.wanted}
        checked[self.id] = check_ids(batch.table[self.id])
        if self.year is not None:
            checked[self.year] = check_values(batch.table[self.year], required=False)
        good = passed(batch, checked)
        return Batch(self._items(good.table), good.lines, good.rejected, good.done)

    def _items(self, table: pl.DataFrame) -> pl.DataFrame:
        columns: dict[str, object] = {"id": table[self.id]}
        if self.title is not None:
            columns["title"] = table[self.title].cast(pl.String)
        if self.categories is not None:
            columns["categories"] = split_categories(table[self.categories], self.separator)
        if self.text:
            columns["text"] = _joined(table, self.text)
        if attributes := self._attributes(table):
            columns["attributes"] = gathered(attributes)
        return of_schema(columns, ITEMS)

    def _attributes(self, table: pl.DataFrame) -> dict[str, pl.Series]:
        columns = {name: table[name] for name in self.attributes}
        if self.year is not None:
            columns["year"] = table[self.year]
        elif self.year_in_title and self.title is not None:
            columns["year"] = year_of(table[self.title])
        return columns


@dataclass(frozen=True)
class UserColumns:
    """The names of a table's columns, by what they hold."""

    id: str
    attributes: tuple[str, ...] = ()
    """Columns kept as they are."""

    @property
    def wanted(self) -> list[str]:
        """The columns to read."""
        return [self.id, *self.attributes]

    def shape(self, batch: Batch) -> Batch:
        """The good rows as users (USERS schema), the bad ones with reasons."""
        checked = {name: Checked(batch.table[name]) for name in self.wanted}
        checked[self.id] = check_ids(batch.table[self.id])
        good = passed(batch, checked)
        columns = {"id": good.table[self.id]}
        if self.attributes:
            columns["attributes"] = gathered({name: good.table[name] for name in self.attributes})
        return Batch(of_schema(columns, USERS), good.lines, good.rejected, good.done)


def split_categories(column: pl.Series, separator: str) -> pl.Series:
    """Lists of names: from lists, JSON lists, or text with a separator between the names."""
    if isinstance(column.dtype, pl.List):
        lists = column.cast(pl.List(pl.String)).to_list()
    else:
        lists = [_names(text, separator) for text in column.cast(pl.String).to_list()]
    kept = [
        None
        if names is None
        else [name.strip() for name in names if name and name.strip() not in NO_CATEGORY]
        for names in lists
    ]
    return pl.Series("categories", kept, pl.List(pl.String))


def _names(text: str | None, separator: str) -> list[str] | None:
    if text is None:
        return None
    if text.startswith("["):
        try:
            found = json.loads(text)
        except ValueError:
            found = None
        if isinstance(found, list):
            return [str(each) for each in found]
    return text.split(separator)


def _joined(table: pl.DataFrame, names: tuple[str, ...]) -> pl.Series:
    columns = [pl.col(name).cast(pl.String) for name in names]
    text = table.select(pl.concat_str(columns, separator="\n", ignore_nulls=True)).to_series()
    return text.set(text == "", None)
