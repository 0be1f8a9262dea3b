"""A table of events: which columns say what."""

from collections import Counter
from dataclasses import dataclass

import polars as pl

from shortlist.core.errors import Invalid
from shortlist.datasets.importers.batch import Batch
from shortlist.datasets.importers.checks import passed
from shortlist.datasets.importers.fields import (
    Checked,
    TimeUnit,
    check_ids,
    check_times,
    check_values,
)
from shortlist.storage.facts.frames import EVENTS, of_schema, with_content_ids


@dataclass(frozen=True)
class EventColumns:
    """The names of a table's columns, by what they hold.

    Every column named here must be filled in each row, except for `value` where there is a
    column of kinds (a view has no value, a rating has), `session` and `text`.
    """

    user: str
    item: str
    time: str | None = None
    kind: str | None = None
    as_kind: str = "interaction"
    """The kind of all events, where no column says."""
    value: str | None = None
    id: str | None = None
    session: str | None = None
    text: str | None = None
    time_unit: TimeUnit = "s"
    """What a number in the time column counts."""

    def __post_init__(self) -> None:
        twice = [name for name, times in Counter(self.wanted).items() if times > 1]
        if twice:
            raise Invalid(f"the column {twice[0]!r} is named for two things at once")

    @property
    def wanted(self) -> list[str]:
        """The columns to read."""
        named = (self.user, self.item, self.time, self.kind, self.value, self.id, self.session)
        return [name for name in (*named, self.text) if name is not None]

    def shape(self, batch: Batch) -> Batch:
        """The good rows as events (EVENTS schema) with their ids, the bad ones with reasons."""
        good = passed(batch, self._checked(batch.table))
        columns: dict[str, object] = {
            name: good.table[source] for name, source in self._sources() if source is not None
        }
        table = of_schema(columns, EVENTS)
        if self.kind is None:
            table = table.with_columns(pl.lit(self.as_kind).alias("kind"))
        return Batch(with_content_ids(table), good.lines, good.rejected, good.done)

    def _checked(self, table: pl.DataFrame) -> dict[str, Checked]:
        checked: dict[str, Checked] = {}
        for source in (self.user, self.item, self.kind, self.id):
            if source is not None:
                checked[source] = check_ids(table[source])
        if self.time is not None:
            checked[self.time] = check_times(table[self.time], self.time_unit)
        if self.value is not None:
            checked[self.value] = check_values(table[self.value], required=self.kind is None)
        if self.session is not None:
            checked[self.session] = check_ids(table[self.session], required=False)
        if self.text is not None:
            checked[self.text] = Checked(table[self.text].cast(pl.String))
        return checked

    def _sources(self) -> tuple[tuple[str, str | None], ...]:
        return (
            ("id", self.id),
            ("user", self.user),
            ("item", self.item),
            ("kind", self.kind),
            ("value", self.value),
            ("time", self.time),
            ("session", self.session),
            ("text", self.text),
        )
