"""A simulated log in a home: the log among the facts, the truth in a folder of its own."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from shortlist import __version__
from shortlist.core.errors import Conflict, StorageFailed
from shortlist.simulation.world import Simulation
from shortlist.storage.facts import Facts
from shortlist.storage.facts.frames import EVENTS, ITEMS, USERS, of_schema

MARKER: Final = "simulated.json"
"""The file in a home that says its log is simulated, and from what. It is there before the first
event is, so that no report can take a simulated event for a real one."""

TRUTH: Final = "truth/truth.parquet"
"""Where in a home the truth is: one row an impression (`log.truth_table`)."""


@dataclass(frozen=True)
class Kept:
    """What was written."""

    events: int
    """How many events were not there before."""
    truth: Path


def keep(simulation: Simulation, facts: Facts, home: Path) -> Kept:
    """Write the log into the facts in one transaction, and truth and marker into the home.

    The ids follow from recipe, number and seed, so that keeping the same simulation again adds
    nothing. Where writing fails, a home without events is left without truth and marker.

    Raises Conflict where the facts hold another log, as worlds are not mixed, and StorageFailed
    where the disk refuses.
    """
    marker, truth = home / MARKER, home / TRUTH
    there = facts.count_events()
    if there and _stamp_in(marker) != simulation.stamp:
        raise Conflict(
            f"{home} holds another log already; a simulated world wants a home of its own (--home)"
        )
    try:
        with _replacing(marker) as unfinished:
            said = json.dumps(_description(simulation), indent=2) + "\n"
            unfinished.write_text(said, encoding="utf-8")
        with _replacing(truth) as unfinished:
            simulation.truth.write_parquet(unfinished)
        with facts.bulk() as bulk:
            bulk.put_items(public_items(simulation))
            bulk.put_users(public_users(simulation))
            appended = bulk.append(of_schema(simulation.events.to_dict(), EVENTS))
    except BaseException:
        if not there:
            _remove(truth)
            _remove(marker)
        raise
    return Kept(events=appended.accepted, truth=truth)


def _remove(path: Path) -> None:
    """Remove what may not be there; what cannot be removed must not hide why we try."""
    with suppress(OSError):
        path.unlink()


@contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    """A path to write to, put in the place of `path` once it is whole."""
    unfinished = path.with_suffix(".unfinished")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield unfinished
        unfinished.replace(path)
    except OSError as error:
        _remove(unfinished)
        raise StorageFailed(f"{path} cannot be written: {error.strerror or error}.") from error


def public_items(simulation: Simulation) -> pl.DataFrame:
    """The items in the schema of the facts; year and release (ISO-8601) are attributes."""
    attributes = pl.struct("year", released=_iso("released")).struct.json_encode()
    return simulation.items.with_columns(attributes=attributes).select(ITEMS.names())


def public_users(simulation: Simulation) -> pl.DataFrame:
    """The users in the schema of the facts; when they joined (ISO-8601) is an attribute."""
    attributes = pl.struct(joined=_iso("joined")).struct.json_encode()
    return simulation.users.with_columns(attributes=attributes).select(USERS.names())


def _iso(column: str) -> pl.Expr:
    return pl.from_epoch(column, time_unit="us").dt.strftime("%Y-%m-%dT%H:%M:%SZ")


def _description(simulation: Simulation) -> dict[str, object]:
    return {
        "stamp": simulation.stamp,
        "seed": simulation.seed,
        "events": simulation.requested,
        "version": __version__,
        "settings": simulation.world.model_dump(mode="json"),
    }


def _stamp_in(marker: Path) -> str | None:
    try:
        return str(json.loads(marker.read_text(encoding="utf-8"))["stamp"])
    except (OSError, ValueError, LookupError, TypeError):
        return None
