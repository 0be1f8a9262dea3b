"""Imports and trainings under way or done, as files in the home, for whoever looks.

They are files and not rows, because an import is one transaction, and SQLite lets nobody else write
while it lasts. Every process of an installation has the home, with the bundles and the secrets.
"""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any, Final, Literal

import orjson

from shortlist.core.clock import Clock, SystemClock
from shortlist.core.errors import ShortlistError
from shortlist.core.times import SECOND, Instant, iso

Kind = Literal["import", "training", "tuning"]
State = Literal["running", "done", "failed", "stopped"]

HEARTBEAT: Final = 3.0
"""Seconds between two signs of life."""

SILENT: Final = 20 * SECOND
"""How long one is silent until it is taken for dead: killed, or its machine is off."""

KEPT: Final = 50
"""Runs that are remembered, the newest."""


@dataclass(frozen=True)
class Run:
    """One import or training."""

    id: str
    kind: Kind
    name: str
    """What it is of: a file, a folder, a bundle."""
    began: Instant
    heard: Instant
    """The last sign of life."""
    state: State
    """stopped: somebody interrupted it, or it died without a word."""
    phase: str = ""
    done: int = 0
    of: int = 0
    said: str = ""
    """What came of it, or what was wrong."""
    rejected: Mapping[str, int] = field(default_factory=dict)
    """Rows that were refused, by reason."""
    examples: tuple[Mapping[str, Any], ...] = ()
    """Some of those rows: `file`, `line`, `column`, `reason`. Nothing of what stood there."""
    rejects: str = ""
    """The file with all of them."""

    def at(self, now: Instant) -> "Run":
        """The same as it must be taken now: dead, where it says nothing any more."""
        if self.state != "running" or now - self.heard <= SILENT:
            return self
        return Run(**{**vars(self), "state": "stopped"})


class Running:
    """A run under way: says how far it is, and lives on until told what came of it."""

    def __init__(self, path: Path, run: Run, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._lock = Lock()
        self._run = run
        self._over = Event()
        self._beats = Thread(target=self._beat, name="run", daemon=True)
        self._write()
        self._beats.start()

    def at(self, phase: str, done: int, of: int) -> None:
        """The phase, how far it is and how far it goes; it is written with the next heartbeat."""
        self._change(phase=phase, done=int(done), of=int(of))

    def tell(self, **what: Any) -> None:
        """Anything else of a `Run`, such as `said` and `rejected`."""
        self._change(**what)

    def end(self, state: State) -> None:
        """The last word."""
        self._over.set()
        self._beats.join()
        self._change(state=state)
        self._write()

    def _change(self, **what: Any) -> None:
        with self._lock:
            self._run = Run(**{**vars(self._run), **what})

    def _beat(self) -> None:
        while not self._over.wait(HEARTBEAT):
            self._write()

    def _write(self) -> None:
        """Best effort: nothing that is imported or trained is lost for want of a note."""
        self._change(heard=self._clock.now())
        beside = self._path.with_suffix(".new")
        with suppress(OSError):
            beside.write_bytes(orjson.dumps(vars(self._run)))
            beside.replace(self._path)


class Runs:
    """The runs of a home."""

    def __init__(self, folder: Path, clock: Clock | None = None) -> None:
        self._folder = folder
        self._clock = clock or SystemClock()

    @contextmanager
    def follow(self, kind: Kind, name: str) -> Iterator[Running]:
        """A run that is done when the block ends, and failed or stopped where it raises."""
        now = self._clock.now()
        stamp = iso(now).replace("-", "").replace(":", "")
        run = Run(f"{stamp}-{secrets.token_hex(3)}", kind, name, now, now, "running")
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            for old in sorted(self._folder.glob("*.json"))[: -(KEPT - 1)]:
                old.unlink(missing_ok=True)
        running = Running(self._folder / f"{run.id}.json", run, self._clock)
        try:
            yield running
        except BaseException as error:
            running.tell(said=_said(error))
            running.end("failed" if isinstance(error, Exception) else "stopped")
            raise
        running.end("done")

    def newest(self, limit: int = 10) -> list[Run]:
        """The newest runs, the newest first."""
        now = self._clock.now()
        paths = sorted(self._folder.glob("*.json"), reverse=True)[:limit]
        return [each.at(now) for each in map(_read, paths) if each is not None]


def _said(error: BaseException) -> str:
    """What is told of an error: only of ours it is known that it quotes nobody's data."""
    if isinstance(error, ShortlistError):
        return str(error)
    return type(error).__name__ if isinstance(error, Exception) else "interrupted"


def _read(path: Path) -> Run | None:
    """A run; None for a file that cannot be one."""
    try:
        told = orjson.loads(path.read_bytes())
        return Run(**{**told, "examples": tuple(told["examples"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None
