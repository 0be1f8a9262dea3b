"""Servers without the wait: a process that has imported everything once, and forks.

Nine tenths of a start are imports. What is forked runs the same `serve` as the command does, is a
process of its own and leads a group of its own, so that it can be killed as one.
"""

import ctypes
import faulthandler
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.architecture.repository import ROOT

from shortlist.core.process import settle

PATIENCE = 60.0
CHILD_SUBREAPER = 36
"""Of Linux's prctl: whose parent was killed becomes a child of this process, which forgets the dead
at once. Some systems' first process takes seconds, in which the group seems to live."""

PAUSE = 0.05
"""Seconds between two promotions: each reads a whole bundle."""

USED = (
    "lightgbm",
    "shortlist.api.admin",
    "shortlist.api.app",
    "shortlist.server.serve",
    "shortlist.web.app",
    "shortlist.worker.run",
    "shortlist.storage.bundles.folder",
    "shortlist.storage.facts.sqlite",
    "uvloop",
)
"""What a server imports, some of it late."""


@dataclass(frozen=True)
class Nursery:
    """The process that forks, as seen from a test."""

    process: subprocess.Popen[str]

    def serve(
        self,
        home: Path,
        port: int,
        log: Path,
        *,
        file_limit: int | None = None,
        promoting: int = 0,
        refreshing: int = 0,
    ) -> int:
        """Begin to serve a home; the id of the process (and of its group).

        `file_limit` bounds every file of it, in bytes. `promoting` processes of the same group
        make each of the home's bundles the current one, in turn and for ever; `refreshing` are
        workers.
        """
        asked = {
            "home": str(home),
            "port": port,
            "log": str(log),
            "file_limit": file_limit,
            "promoting": promoting,
            "refreshing": refreshing,
        }
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{json.dumps(asked)}\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


@contextmanager
def nursery(**environment: str) -> Iterator[Nursery]:
    """A nursery, which ends with the block; what it forked has to be killed before."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.journeys.nursery"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}", **environment},
    )
    try:
        yield Nursery(process)
    finally:
        process.communicate(timeout=PATIENCE)


def kill(group: int) -> None:
    """End a process and all of its group at once, as a power cut would; gone when this returns."""
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)
    until = time.monotonic() + PATIENCE
    while alive(group):
        assert time.monotonic() < until, "a killed process does not end"
        time.sleep(0.002)


def at_work(group: int, log: Path) -> str:
    """The end of the log of a group that hangs, with what each of its threads is at."""
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGUSR1)
    time.sleep(1)
    return log.read_text()[-12_000:]


def alive(group: int) -> bool:
    """Whether anything of a group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def main() -> None:
    """Import everything, then fork a server for every line that asks for one."""
    for name in USED:
        import_module(name)
    settle()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with suppress(AttributeError, OSError):  # Linux
        ctypes.CDLL(None).prctl(CHILD_SUBREAPER, 1)
    for line in sys.stdin:
        asked = json.loads(line)
        apart, told = os.pipe()
        child = os.fork()
        if not child:
            os.setsid()
            os.write(told, b".")
            _be_the_server(asked)
        os.read(apart, 1)  # before that there is no group that could be killed
        os.close(apart)
        os.close(told)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


def _be_the_server(asked: Mapping[str, Any]) -> None:
    """Never returns."""
    log = os.open(asked["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for ours, theirs in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(ours, theirs)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    faulthandler.register(signal.SIGUSR1, all_threads=True)
    if asked["file_limit"] is not None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (asked["file_limit"], resource.RLIM_INFINITY))
    if any(os.fork() == 0 for _ in range(asked["promoting"])):
        _promote(Path(asked["home"]))
    if any(os.fork() == 0 for _ in range(asked["refreshing"])):
        _refresh(Path(asked["home"]))
    try:
        _serve(Path(asked["home"]), asked["port"])
    finally:
        sys.stderr.flush()
        os._exit(0)


def _serve(path: Path, port: int) -> None:
    from shortlist.bootstrap import open_home
    from shortlist.cli.serve import with_server
    from shortlist.server.serve import serve

    serve(with_server(open_home(path), {"port": port}))


def _refresh(path: Path) -> None:
    from shortlist.bootstrap import open_home
    from shortlist.server.log import set_up_log
    from shortlist.worker.run import run

    set_up_log()
    run(open_home(path), parent=None, once=False)
    os._exit(0)


def _promote(path: Path) -> None:
    from shortlist.bootstrap import open_home

    store = open_home(path).bundles
    while True:
        for each in store.list():
            store.promote(each.id)
            time.sleep(PAUSE)


if __name__ == "__main__":
    main()
