"""A server is killed again and again while events come in, and what it had said is held against it.

By hand: python -m tests.journeys.crashes --cycles 2000

Every 200 kills another home is taken: what was learned is held against what a clean start learns
from the whole log, which takes the longer, the more was written meanwhile.
"""

import argparse
import random
import sqlite3
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import Any

from tests.journeys.nursery import Nursery, at_work, kill, nursery
from tests.journeys.server import free_port
from tests.journeys.writers import PATIENCE, USERS, Caller, Refused, Writer

from shortlist.bootstrap import open_home
from shortlist.online.checkpoints import Checkpoints
from shortlist.online.follower import Follower
from shortlist.online.models import STATUS
from shortlist.pipeline.parts import model_from
from shortlist.storage.facts import open_facts

WRITERS = 4
LONGEST = 0.25
"""Seconds that a server lives at most before it is killed."""

LONGEST_REFRESHING = 12.0
"""The same where a worker is at work, which has to catch up with the log before it learns on."""

EARLY = 0.2
"""The share of servers that are killed while they start."""

LEARNING = ("reading the log", "asking about what was chosen", "growing trees")
"""What a worker says that it is at when all is trained again, and while the ranker learns on."""


@dataclass
class Crashes:
    """A home whose server is killed, and started again."""

    home: Path
    nursery: Nursery
    rng: random.Random
    port: int
    key: str
    promoting: int = 0
    refreshing: int = 0
    seconds_to_ready: list[float] = field(default_factory=list)
    writers: list[Writer] = field(default_factory=list)
    failures: list[BaseException] = field(default_factory=list)
    callers: list[Caller] = field(default_factory=list)
    resumed: int = 0
    """Times that a checkpoint was there to go on from."""
    asked: int = 0
    """Lists that were answered between the kills."""
    phases: Counter[str] = field(default_factory=Counter)
    """What the worker was at when it was killed, where one is at work: how often."""

    def run(
        self, cycles: int, *, looks: int = 5, told: Callable[[int], None] = lambda _: None
    ) -> None:
        """Kill so many servers, and look at the database after every `looks`.

        After each look `told` is given the number of those killed.
        """
        with self.writing():
            for cycle in range(1, cycles + 1):
                self.cycle(whole=cycle == cycles)
                if cycle % looks == 0 or cycle == cycles:
                    self.check()
                    self.check_learned()
                    told(cycle)
                if self.failures:
                    raise self.failures[0]

    def cycle(self, *, whole: bool = False) -> None:
        """One life of a server; a whole one is not killed before there is a checkpoint."""
        began = time.monotonic()
        group = self.start()
        try:
            if not whole and self.rng.random() < EARLY:
                time.sleep(self.rng.uniform(0, self.usual))
                return
            self.wait(group)
            self.seconds_to_ready.append(time.monotonic() - began)
            self.look_at_a_list(self.rng.uniform(0, self.longest))
            until = time.monotonic() + PATIENCE
            while whole and not self.checkpoints() and time.monotonic() < until:
                time.sleep(0.01)
        finally:
            self.end(group)

    def checkpoints(self) -> list[Path]:
        """The checkpoints there are, whole."""
        return [each for each in self.home.glob("online/2*") if each.is_dir()]

    @property
    def longest(self) -> float:
        """Seconds that a server lives at most."""
        return LONGEST_REFRESHING if self.refreshing else LONGEST

    def bundles(self) -> int:
        """How many bundles there are, each of them sound."""
        found = open_home(self.home).bundles
        return len([found.open(each.id) for each in found.list()])

    @property
    def usual(self) -> float:
        """How long a start takes."""
        return self.seconds_to_ready[-1] if self.seconds_to_ready else LONGEST

    def caller(self) -> Caller:
        """A new connection; closed when all is over."""
        self.callers.append(Caller(self.port, self.key))
        return self.callers[-1]

    def start(self, **given: Any) -> int:
        beside = {"promoting": self.promoting, "refreshing": self.refreshing}
        return self.nursery.serve(self.home, self.port, self.log, **beside, **given)

    @property
    def log(self) -> Path:
        return self.home.parent / "serve.log"

    def end(self, group: int) -> None:
        """Kill a server, and the processes beside it."""
        kill(group)
        if self.refreshing:
            with open_facts(f"sqlite:///{self.home / 'facts.db'}") as facts:
                said = facts.worker.said(STATUS)
            self.phases[str(said[1]["phase"]) if said else ""] += 1

    def wait(self, group: int) -> None:
        """Until the server answers that it is ready."""
        caller, until = self.caller(), time.monotonic() + PATIENCE
        while True:
            try:
                if caller.ask("GET", "/health/ready")[0] == 200:
                    return
            except (OSError, HTTPException):
                pass
            if time.monotonic() > until:
                raise Refused(f"group {group} does not get ready:\n{at_work(group, self.log)}")
            time.sleep(0.003)

    def look_at_a_list(self, seconds: float) -> None:
        """Ask for lists for so long: a server that was killed must answer, and keep decisions."""
        caller, until = self.caller(), time.monotonic() + seconds
        while time.monotonic() < until:
            user = f"user-{self.rng.randrange(USERS)}"
            status, said = caller.ask("GET", f"/v1/users/{user}/recommendations")
            if status != 200:
                raise Refused(f"{status} {said}")
            self.asked += 1
            time.sleep(0.01)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Four writers at work while the block lasts."""
        stop = threading.Event()
        first = len(self.writers)
        self.writers += [
            Writer(f"w{first + n}", self.caller(), random.Random(self.rng.random()))  # noqa: S311
            for n in range(WRITERS)
        ]
        threads = [
            threading.Thread(target=self._noting, args=(each, stop))
            for each in self.writers[first:]
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            stop.set()
            for thread in threads:
                thread.join()

    def _noting(self, writer: Writer, stop: threading.Event) -> None:
        try:
            writer.run(stop)
        except BaseException as error:  # noqa: BLE001  told by the test's own thread
            self.failures.append(error)

    def check(self) -> None:
        """What was acknowledged is there, nothing is there twice, and the file is whole."""
        acknowledged = {each for writer in self.writers for each in set(writer.acknowledged)}
        with closing(sqlite3.connect(self.home / "facts.db", timeout=30)) as database:
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            kept = [each for (each,) in database.execute("SELECT id FROM events")]
        ours = {each for each in kept if each.startswith("w")}
        assert acknowledged <= ours, f"lost: {sorted(acknowledged - ours)[:10]}"
        assert len(kept) == len(set(kept))

    def check_learned(self) -> None:
        """What was learned since the training is what a fresh start learns from the whole log."""
        home = open_home(self.home)
        with home.facts:
            bundle = home.bundles.open()
            trained = model_from(bundle.arrays, bundle.text).retrieval
            first = bundle.lineage["sequence"]
            root = str(bundle.lineage.get("root") or bundle.id)

            def begin() -> Follower:
                return Follower(home.facts, home.settings.kinds, trained, first)

            clean, checkpoints = begin(), Checkpoints(self.home / "online")
            resumed = checkpoints.resume(begin, root)
            checkpoints.close()
            self.resumed += resumed.sequence > first
            for follower in (clean, resumed):
                while follower.step():
                    pass
            assert clean.sequence == home.facts.last_sequence()
            assert state(resumed) == state(clean)

    def check_told(self) -> None:
        """Once the writers rest: no event was acknowledged as new twice, and none was made up.

        An event whose answer was lost is acknowledged as known when it is sent again, so that fewer
        are told to be new than there are, and never more.
        """
        kept = self.kept()
        sent = {f"{each.name}-{n}" for each in self.writers for n in range(1, each.sent + 1)}
        assert kept <= sent
        assert sum(each.fresh for each in self.writers) <= len(kept)

    def kept(self) -> set[str]:
        """The ids of the writers' events in the log."""
        with closing(sqlite3.connect(self.home / "facts.db", timeout=30)) as database:
            found = database.execute("SELECT id FROM events WHERE id LIKE 'w%'")
            return {each for (each,) in found}

    @property
    def killed_learning(self) -> int:
        """How often a model was in the making when all were killed."""
        return sum(self.phases[each] for each in LEARNING)

    @property
    def told(self) -> str:
        """What has been found to hold."""
        return (
            f"{self.acknowledged:,} events acknowledged, none lost, none twice, the same learned "
            f"as by a clean start (from a checkpoint {self.resumed:,} times)"
        )

    @property
    def acknowledged(self) -> int:
        return sum(len(each.acknowledged) for each in self.writers)


def state(follower: Follower) -> dict[str, bytes]:
    """All that was learned, to the bit."""
    return {name: each.tobytes() for name, each in follower.arrays().items()}


@contextmanager
def crashing(
    home: Path, nurse: Nursery, *, seed: int = 7, promoting: int = 0, refreshing: int = 0
) -> Iterator[Crashes]:
    """A home that is ready to crash."""
    opened = open_home(home)
    key = opened.auth.keys.create("test", ["admin"]).text
    opened.auth.close()
    opened.facts.close()
    rng = random.Random(seed)  # noqa: S311
    crashes = Crashes(home, nurse, rng, free_port(), key, promoting, refreshing)
    try:
        yield crashes
    finally:
        for each in crashes.callers:
            each.close()


def main() -> None:
    """Many cycles by hand, on homes that are made for it."""
    asking = argparse.ArgumentParser(description=__doc__)
    add = asking.add_argument
    add("--cycles", type=int, default=2_000, help="servers to kill")
    add("--each", type=int, default=200, help="kills of one home; then comes the next, with no log")
    add("--looks", type=int, default=50, help="kills between two looks at what was kept")
    add("--seed", type=int, default=7, help="of the first home; the next has the next one")
    add("--promoting", type=int, default=0, help="processes that promote models meanwhile")
    add("--refreshing", type=int, default=1, help="1 for a worker that trains beside each server")
    asked = asking.parse_args()
    began = time.monotonic()
    with nursery() as nurse:
        ended = [_home(asked, nurse, first) for first in range(0, asked.cycles, asked.each)]
    ready = sorted(each for home in ended for each in home.seconds_to_ready)
    writers = [each for home in ended for each in home.writers]
    sys.stdout.write(
        f"{asked.cycles:,} kills of {len(ended)} homes in {time.monotonic() - began:,.0f} s: "
        f"{sum(each.acknowledged for each in ended):,} events acknowledged, none lost, none twice, "
        "the same learned as by a clean start "
        f"(from a checkpoint {sum(each.resumed for each in ended):,} times); "
        f"{sum(each.again for each in writers):,} batches were sent again; "
        f"{sum(each.asked for each in ended):,} lists answered; all bundles sound; "
        f"{sum(each.killed_learning for each in ended):,} kills while a model was made; "
        f"ready in {ready[len(ready) // 2]:.2f} s at the median, {ready[-1]:.2f} s at most\n"
    )


def _home(asked: argparse.Namespace, nurse: Nursery, first: int) -> Crashes:
    """The next home and its kills; `first` are those of the homes before."""
    from tests.journeys.homes import small_home

    seed, kills = asked.seed + first // asked.each, min(asked.each, asked.cycles - first)
    beside = {"promoting": asked.promoting, "refreshing": asked.refreshing}
    with (
        tempfile.TemporaryDirectory() as folder,
        crashing(small_home(Path(folder)), nurse, seed=seed, **beside) as crashes,
    ):

        def told(killed: int) -> None:
            sys.stderr.write(f"{first + killed:,} of {asked.cycles:,} killed, {crashes.told}\n")

        crashes.run(kills, looks=asked.looks, told=told)
        crashes.check_told()
        crashes.bundles()
        return crashes


if __name__ == "__main__":
    main()
