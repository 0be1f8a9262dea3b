"""Closed-loop load: so many connections, each asking again as soon as it is answered.

The generator shares the cores with the server, so it should be light: `wrk`, where it is installed
(some per cent of a core); else threads in a Python process, which cost as much as a small server.
Both give the same figures.
"""

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import numpy as np
from wire import HOST, Connection, Lost

SCRIPT = Path(__file__).with_name("load.lua")
WRK = shutil.which("wrk")
SAID = {"wrk": "wrk", "threads": "threads in Python (wrk would be lighter)"}
"""The generators, as people are told of them."""


@dataclass(frozen=True)
class Load:
    """What became of it. Times are in milliseconds."""

    requests: int
    seconds: float
    p50: float
    p99: float
    slowest: float
    lost: int
    """Requests without an answer."""
    refused: int
    """Answers that were not 200."""
    degraded: int
    """Lists that a part was left out of."""
    cpu: float = 0.0
    """CPU seconds of the generator itself."""

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.requests / self.seconds

    @property
    def clean(self) -> bool:
        """Whether every request was answered, and with 200."""
        return not self.lost and not self.refused


def load(
    port: int,
    key: str,
    paths: Sequence[str],
    *,
    connections: int,
    seconds: float,
    seed: int = 0,
    generator: str = "wrk",
) -> Load:
    """Ask for paths drawn at random, from a process of its own, and say what became of it."""
    lists = "lists" if "recommendations" in paths[0] else "plain"
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(paths))
        file.flush()
        given = [file.name, str(seed), lists]
        if generator == "wrk":
            if WRK is None:
                sys.exit("wrk is not installed; install it, or take --generator threads")
            whole = str(max(1, round(seconds)))
            sizes = ["-t", "1", "-c", str(connections), "-d", whole, "--timeout", "10"]
            target = ["-s", str(SCRIPT), "-H", f"X-API-Key: {key}", f"http://{HOST}:{port}", "--"]
            words = [WRK, *sizes, *target, *given]
        else:
            numbers = [str(each) for each in (port, connections, seconds)]
            words = [sys.executable, __file__, *numbers, key, *given]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        said = subprocess.run(words, check=True, capture_output=True, text=True)  # noqa: S603
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Load(**json.loads(said.stdout.splitlines()[-1]), cpu=cpu)


class Asking(Thread):
    """One connection of the generator in Python."""

    def __init__(self, connection: Connection, paths: Sequence[str], seed: int) -> None:
        super().__init__(daemon=True)
        self._connection = connection
        self._paths = paths
        self._rng = np.random.default_rng(seed)
        self._until = float("inf")
        self.milliseconds: list[float] = []
        self.lost = self.refused = self.degraded = 0

    def begin(self, until: float) -> None:
        self._until = until
        self.start()

    def run(self) -> None:
        order = self._rng.integers(0, len(self._paths), 1_000_000)
        for place in order:
            since = time.perf_counter()
            if since >= self._until:
                break
            try:
                answer = self._connection.get(self._paths[place])
            except Lost:
                self.lost += 1
                continue
            self.milliseconds.append(1000 * (time.perf_counter() - since))
            self.refused += answer.status != 200
            self.degraded += b'"degraded"' in answer.body and not answer.whole
        self._connection.close()


def main() -> None:
    """What `load` starts where there is no wrk."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, kind in (("port", int), ("connections", int), ("seconds", float), ("key", str)):
        parser.add_argument(name, type=kind)
    parser.add_argument("paths", type=Path)
    parser.add_argument("seed", type=int)
    parser.add_argument("lists")
    asked = parser.parse_args()
    paths = asked.paths.read_text("utf-8").split("\n")
    each_of = range(asked.connections)
    asking = [Asking(Connection(asked.port, asked.key), paths, asked.seed + n) for n in each_of]
    began = time.perf_counter()
    for each in asking:
        each.begin(began + asked.seconds)
    for each in asking:
        each.join()
    spent = time.perf_counter() - began
    times = np.array([one for each in asking for one in each.milliseconds])
    p50, p99 = np.percentile(times, [50, 99]) if len(times) else (0.0, 0.0)
    counts = {
        name: sum(getattr(each, name) for each in asking)
        for name in ("lost", "refused", "degraded")
    }
    found = Load(len(times), spent, float(p50), float(p99), float(times.max(initial=0)), **counts)
    print(json.dumps({name: value for name, value in vars(found).items() if name != "cpu"}))


if __name__ == "__main__":
    main()
