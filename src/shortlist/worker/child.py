"""The worker beside a service: started with it, started again when it dies, ended with it."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import Final

import structlog

LOG = structlog.get_logger("shortlist.worker")

FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 60.0
"""Seconds before a worker that died is started again: they double, for one that dies at once."""

SOUND: Final = 300.0
"""Seconds after which a worker that dies is taken for one that was well."""

GRACE: Final = 15.0
"""Seconds it has to end when it is told to."""

ONE_THREAD: Final = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "POLARS_MAX_THREADS",
)
"""Variables that keep libraries from taking more than one processor."""


def command_of(home: Path) -> Sequence[str]:
    """How the worker of a home is run by this process."""
    program = "from shortlist.cli import main; main()"
    return [
        sys.executable,
        "-c",
        program,
        "--home",
        str(home),
        "worker",
        "--parent",
        str(os.getpid()),
    ]


class Child:
    """A process that is kept running from a thread of this one.

    It is started a moment after that: whoever serves is to be warm first.
    """

    def __init__(self, command: Sequence[str], first_pause: float = FIRST_PAUSE) -> None:
        self._command = command
        self._first_pause = first_pause
        self._stopped = Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = Thread(target=self._run, name="worker", daemon=True)

    @property
    def process(self) -> int | None:
        """The id of the process that runs now."""
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """Start it; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """End it and wait until it has ended; it is killed where it does not end in time."""
        self._stopped.set()
        self._end()
        if self._thread.is_alive():
            self._thread.join(GRACE)

    def _run(self) -> None:
        pause = self._first_pause
        self._stopped.wait(pause)
        while not self._stopped.is_set():
            began = monotonic()
            code = self._once()
            if self._stopped.is_set():
                return
            pause = self._first_pause if monotonic() - began > SOUND else pause
            LOG.warning("the worker died", code=code, again_in_seconds=pause)
            self._stopped.wait(pause)
            pause = min(LONGEST_PAUSE, 2 * pause)

    def _once(self) -> int | str:
        """Run it once, to its end."""
        environment = {**os.environ, **dict.fromkeys(ONE_THREAD, "1")}
        try:
            self._process = subprocess.Popen(  # noqa: S603  our own program
                self._command, env=environment, stdin=subprocess.DEVNULL
            )
        except OSError as error:
            return str(error)
        if self._stopped.is_set():
            self._end()
        code = self._process.wait()
        self._process = None
        return code

    def _end(self) -> None:
        process = self._process
        if process is None:
            return
        process.terminate()
        try:
            process.wait(GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
