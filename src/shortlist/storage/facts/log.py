"""The log of events: adding to it and reading it through."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from operator import attrgetter
from typing import Final

import numpy as np
import polars as pl
import sqlalchemy as sa

from shortlist.core.events import Event
from shortlist.core.times import Instant
from shortlist.storage.facts.appended import Appended, Fate
from shortlist.storage.facts.bulk import LAST, Bulk
from shortlist.storage.facts.frames import EVENTS, LOG
from shortlist.storage.facts.revisions import Revisions
from shortlist.storage.facts.schema import EVENTS_TABLE

_E: Final = EVENTS_TABLE.c
_ROW: Final = attrgetter(*EVENTS)


class EventLog(Revisions):
    """Append-only, each id once, ordered by a sequence number that grows (with gaps).

    Whoever has read up to a number misses nothing by going on from it: no event ever becomes
    visible behind one that was visible before.
    """

    @contextmanager
    def bulk(self) -> Iterator[Bulk]:
        """Begin a transaction. Other writers wait until it ends; readers do not."""
        with self.writing() as connection, self.spacious(connection):
            yield Bulk(self, connection)

    def append(self, events: Sequence[Event]) -> Appended:
        """Add events to the log, each id once; they are on disk when this returns."""
        return self.append_each([events])[0]

    def append_each(self, batches: Sequence[Sequence[Event]]) -> list[Appended]:
        """Add several batches in one transaction, and say of each what became of it."""
        rows = {event.id: _ROW(event) for batch in reversed(batches) for event in reversed(batch)}
        with self.writing() as connection:
            before = int(connection.execute(LAST).scalar() or 0)
            new = self.insert_rows(connection, list(reversed(rows.values())))
            known = [each for each in rows if each not in new]
            places = self.sequences(connection, known) | new if known else new
        fresh = set(new)
        return [_appended(batch, places, fresh, before) for batch in batches]

    def events(
        self,
        *,
        after: int = 0,
        until: int | None = None,
        user: str | None = None,
        columns: Sequence[str] | None = None,
        batch_rows: int = 200_000,
    ) -> Iterator[pl.DataFrame]:
        """The log (LOG schema) in batches, by sequence number: `after` < sequence <= `until`.

        Without `until` it ends with what is there when the reading begins. Where not all
        `columns` are needed, naming some saves time; `sequence` is always the first of them.
        """
        schema = _some_of_the_log(columns)
        end = self.last_sequence() if until is None else until
        wanted = sa.select(*(_E[name] for name in schema)).where(_E.sequence <= end)
        if user is not None:
            wanted = wanted.where(_E.user == user)
        while after < end:
            page = wanted.where(_E.sequence > after).order_by(_E.sequence).limit(batch_rows)
            batch = pl.DataFrame(self.tuples(page), schema=schema, orient="row")
            if len(batch):
                yield batch
            if len(batch) < batch_rows:
                return
            after = batch["sequence"][-1]

    def counted_between(
        self, kind: str, since: Instant, until: Instant, width: int
    ) -> list[tuple[int, str, int]]:
        """How often events of a kind happened to each item, stretch of time by stretch.

        (stretch, item, number) for stretches of `width` microseconds from `since` on, up to
        `until`; the first has the number 0. Reads the whole log.
        """
        stretch = ((_E.time - since) // width).label("stretch")
        counted = (
            sa.select(stretch, _E.item, sa.func.count())
            .where(_E.kind == kind, _E.time >= since, _E.time < until)
            .group_by(stretch, _E.item)
        )
        return [(int(place), item, int(number)) for place, item, number in self.tuples(counted)]

    def users_in_log(self) -> list[str]:
        """Everybody who has an event, by id."""
        users = sa.select(_E.user).distinct().order_by(_E.user)
        return [str(user) for (user,) in self.tuples(users)]

    def count_events(self) -> int:
        return self.number(sa.select(sa.func.count()).select_from(EVENTS_TABLE))

    def last_sequence(self) -> int:
        """The number of the newest event; 0 for an empty log."""
        return self.number(LAST)


def _appended(
    batch: Sequence[Event], places: dict[str, int], fresh: set[str], before: int
) -> Appended:
    """What became of a batch; the ids it brought first are taken out of `fresh`."""
    fates = np.empty(len(batch), np.int8)
    newest = 0 if batch else before
    for at, event in enumerate(batch):
        place = places[event.id]
        newest = max(newest, place)
        if event.id in fresh:
            fresh.remove(event.id)
            fates[at] = Fate.ACCEPTED
        else:
            fates[at] = Fate.REPEATED if place > before else Fate.KNOWN
    return Appended(fates, newest)


def _some_of_the_log(columns: Sequence[str] | None) -> pl.Schema:
    if columns is None:
        return LOG
    others = [name for name in columns if name != "sequence"]
    return pl.Schema({name: LOG[name] for name in ("sequence", *others)})
