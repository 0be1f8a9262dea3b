"""What a command costs with all processes it starts: time, CPU and memory."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

EVERY = 0.25
"""Seconds between two looks at the memory."""


@dataclass(frozen=True)
class Cost:
    """What one command took."""

    wall: float
    """Seconds."""
    cpu: float
    """Seconds, of all its processes."""
    peak: float
    """MiB of all its processes together at one time, shared pages counted once."""


def shortlist(home: Path, *arguments: str | Path) -> Cost:
    """Run the command line on a home, as a shell does; its error stream is passed on.

    Raises CalledProcessError where it does not leave with 0.
    """
    code = "from shortlist.cli import main; main()"
    command = [sys.executable, "-c", code, "--home", str(home), *map(str, arguments)]
    started = time.perf_counter()
    running = subprocess.Popen(command)  # noqa: S603
    done, peaks = Event(), [0.0]
    watching = Thread(target=_watch, args=(running.pid, done, peaks))
    watching.start()
    _, status, usage = os.wait4(running.pid, 0)
    done.set()
    watching.join()
    running.returncode = os.waitstatus_to_exitcode(status)
    if running.returncode:
        raise subprocess.CalledProcessError(running.returncode, command)
    wall = time.perf_counter() - started
    return Cost(wall, usage.ru_utime + usage.ru_stime, max(peaks[0], usage.ru_maxrss / 1024))


def _watch(process: int, done: Event, peaks: list[float]) -> None:
    while not done.wait(EVERY):
        peaks[0] = max(peaks[0], sum(_memory(each) for each in _family(process)))


def _family(process: int) -> list[int]:
    """A process and all that descend from it; itself alone where there is no /proc."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            # The name in brackets may hold anything; what follows it is plain.
            parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
        except OSError:
            continue
        children.setdefault(int(parent), []).append(int(folder.name))
    family = [process]
    for member in family:
        family.extend(children.get(member, ()))
    return family


def _memory(process: int) -> float:
    """MiB of a process, pages it shares divided among those who share them."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
