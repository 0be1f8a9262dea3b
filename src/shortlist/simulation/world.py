"""A world: the recipe from which people, items, and a log with its truth are made."""

import hashlib
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from shortlist.core.errors import BadSettings, Invalid
from shortlist.simulation.decisions import Progress, decide
from shortlist.simulation.items import make_items
from shortlist.simulation.log import (
    IMPRESSION,
    events_of,
    items_table,
    truth_table,
    users_table,
)
from shortlist.simulation.oracle import Limits, limits
from shortlist.simulation.people import make_people
from shortlist.simulation.settings import WorldSettings
from shortlist.simulation.split import Split, split_by_time
from shortlist.simulation.state import State
from shortlist.simulation.streams import Purpose, stream

SIMULATOR = 1
"""Raised whenever the same recipe, number and seed come to give another log."""

FULLEST = 0.2
"""Share of all pairs of user and item that interactions may reach; beyond it nothing is left."""


LARGEST = 150_000_000
"""Pairs of user and item a world may have: a byte of memory each, and some more for every list."""


@dataclass(frozen=True)
class Simulation:
    """A simulated log and the truth about it. Times are instants (microseconds)."""

    world: "World"
    seed: int
    requested: int
    """Interactions asked for."""
    stamp: str
    """Eight characters that tell simulated logs apart; the event ids begin with them."""
    items: pl.DataFrame = field(repr=False)
    """id, title, categories, text, year, released."""
    users: pl.DataFrame = field(repr=False)
    """id, joined."""
    events: pl.DataFrame = field(repr=False)
    """id, user, item, kind, value, time, session, decision; in the order of time."""
    truth: pl.DataFrame = field(repr=False)
    """One row an impression; see `log.truth_table`. No model may read it."""
    state: State = field(repr=False)
    """The world on the last day, from which it can go on."""

    def split(self, train: float = 0.7, validation: float = 0.15) -> Split:
        """The instants that part train, validation and test, by shares of the interactions."""
        interactions = self.events.filter(pl.col("kind") != IMPRESSION)
        return split_by_time(interactions["time"].to_numpy(), train, validation)

    def limits(self, since: int | None = None) -> Limits:
        """What can be reached on the impressions from an instant on (default: all of them)."""
        return limits(self.truth, int(np.iinfo(np.int64).min) if since is None else since)


class World(WorldSettings):
    """A recipe for a world in which the truth is known."""

    def begin(self, seed: int, events: int = 50_000) -> State:
        """The world on its first day, as large as suits so many interactions.

        Raises Invalid for a number or a seed out of range, BadSettings for a world too large.
        """
        if not 0 <= seed < 2**63:
            raise Invalid(f"a seed is a whole number from 0 to 2^63 - 1, not {seed}")
        if not 1 <= events <= LARGEST:
            raise Invalid(
                f"the number of events must be 1 at least, and {LARGEST:,} at most, not {events}"
            )
        sized = self.sized(events)
        pairs = (sized.users or 0) * (sized.items or 0)
        if pairs > LARGEST:
            raise BadSettings(
                f"{sized.users:,} users times {sized.items:,} items are {pairs:,} pairs, which do "
                f"not fit into memory: {LARGEST:,} at most; ask for fewer of them, or of events"
            )
        return State(sized, seed, make_items(sized, seed), make_people(sized, seed))

    def simulate(
        self, events: int = 50_000, seed: int = 7, progress: Progress | None = None
    ) -> Simulation:
        """A log of `events` interactions (clicks and ratings; impressions come on top).

        The same recipe, number and seed give the same log. `progress` is told the interactions
        so far after every day.

        Raises Invalid for a number or a seed out of range, BadSettings where the world has too
        few users and items for so many interactions.
        """
        state = self.begin(seed, events)
        most = int(FULLEST * len(state.items) * len(state.people))
        if events > most:
            raise BadSettings(
                f"{len(state.people)} users and {len(state.items)} items are too few for "
                f"{events:,} interactions: {most:,} at most"
            )
        last, decisions = decide(state, events, progress)
        stamp = self.stamp(events, seed)
        truth = truth_table(decisions, last.items, last.people, stamp)
        log = events_of(truth, stream(seed, Purpose.LOG), self.list_length)
        return Simulation(
            world=self,
            seed=seed,
            requested=events,
            stamp=stamp,
            items=items_table(last.items),
            users=users_table(last.people),
            events=log,
            truth=truth.drop("rated", "stars"),
            state=last,
        )

    def stamp(self, events: int, seed: int) -> str:
        """Eight characters that tell logs apart, from recipe, number, seed, and simulator."""
        said = f"{SIMULATOR} {self.model_dump_json()} {events} {seed}"
        return hashlib.blake2b(said.encode(), digest_size=4).hexdigest()
