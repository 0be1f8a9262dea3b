"""`shortlist simulate`: a world in which the truth is known."""

import time
from pathlib import Path
from types import TracebackType
from typing import Annotated, Self

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from shortlist.bootstrap import open_home
from shortlist.cli.console import wide_console
from shortlist.core.errors import BadSettings
from shortlist.core.times import DAY, iso
from shortlist.simulation import Limits, Simulation, World
from shortlist.simulation.keep import Kept, keep


def simulate(
    context: typer.Context,
    events: Annotated[
        int,
        typer.Option(
            min=100,
            help="Clicks and ratings together; the impressions they stand among come on top.",
        ),
    ] = 50_000,
    seed: Annotated[
        int, typer.Option(min=0, help="The same seed gives the same world and the same log.")
    ] = 7,
    users: Annotated[
        int | None, typer.Option(min=1, help="People; left out, one for every 50 events.")
    ] = None,
    items: Annotated[
        int | None, typer.Option(min=10, help="Items; left out, 1,500 for 50,000 events.")
    ] = None,
) -> None:
    """Make a world in which the truth is known, and log what people click and rate in it.

    Items, users and events go into the home like any import; the true click probability of every
    impression goes into its folder `truth`, which no model reads. Doing it again adds nothing.
    """
    console = wide_console()
    console.print("SIMULATED WORLD: none of these people, items and events are real.")
    world = _world(users, items)
    with _Bar(events) as bar:
        simulation = world.simulate(events, seed, bar.so_far)
    home = open_home(Path(context.find_root().params["home"]))
    with home.facts as facts, Console(stderr=True).status("writing the log"):
        kept = keep(simulation, facts, home.path)
    _print(console, simulation, kept)


def _world(users: int | None, items: int | None) -> World:
    try:
        return World(users=users, items=items)
    except ValidationError as error:
        raise BadSettings("; ".join(each["msg"] for each in error.errors())) from error


def _print(console: Console, simulation: Simulation, kept: Kept) -> None:
    table = Table("simulated", "", show_edge=False)
    for name, value in _rows(simulation):
        table.add_row(name, value)
    console.print(table)
    again = "" if kept.events else " (the same log was here before)"
    console.print(
        f"{kept.events:,} events added{again}; the truth is in {kept.truth}", soft_wrap=True
    )


def _rows(simulation: Simulation) -> list[tuple[str, str]]:
    kinds = dict(simulation.events["kind"].value_counts().iter_rows())
    times = simulation.events["time"]
    first, last = int(times[0]), int(times[-1])
    split = simulation.split()
    return [
        ("users", f"{simulation.users.height:,}"),
        ("items", f"{simulation.items.height:,}"),
        *((f"{kind}s", f"{kinds.get(kind, 0):,}") for kind in ("impression", "click", "rating")),
        ("click rate", f"{simulation.truth['clicked'].to_numpy().mean():.3f}"),
        ("from, to", f"{iso(first)}, {iso(last)} ({(last - first) / DAY:.0f} days)"),
        ("train until, validation from (70 %)", iso(split.validation)),
        ("validation until, test from (85 %)", iso(split.test)),
        *_limit_rows(simulation.limits(split.test)),
    ]


def _limit_rows(limits: Limits) -> list[tuple[str, str]]:
    return [
        ("click rate in test", f"{limits.click_rate:.3f} of {limits.impressions:,} impressions"),
        ("oracle AUC, log loss", f"{limits.oracle_auc:.3f}, {limits.oracle_log_loss:.3f}"),
        ("oracle AUC, position unknown", f"{limits.relevance_auc:.3f}"),
        ("popularity AUC", f"{limits.popularity_auc:.3f} by clicks so far"),
        ("", f"{limits.click_rate_auc:.3f} by click rate so far"),
        ("position AUC", f"{limits.position_auc:.3f}"),
        ("base rate's log loss", f"{limits.base_log_loss:.3f}"),
    ]


class _Bar:
    """A progress bar on the error stream of a terminal, once two seconds have passed."""

    def __init__(self, total: int) -> None:
        console = Console(stderr=True)
        self._bar = Progress(console=console, transient=True, disable=not console.is_terminal)
        self._task = self._bar.add_task("simulating", total=total)
        self._since = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def so_far(self, done: int) -> None:
        if not self._bar.live.is_started and time.monotonic() - self._since > 2:
            self._bar.start()
        self._bar.update(self._task, completed=done)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()
