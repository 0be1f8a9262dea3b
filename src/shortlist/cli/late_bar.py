"""A progress bar for what turns out to take more than two seconds."""

import time
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from rich.console import Console
from rich.progress import Progress, TaskID

PATIENCE: Final = 2.0
"""Seconds before the bar appears."""


class LateBar:
    """On the error stream, on a terminal only, and gone when the work is done."""

    def __init__(self) -> None:
        console = Console(stderr=True)
        self._bar = Progress(console=console, transient=True, disable=not console.is_terminal)
        self._tasks: dict[Path, TaskID] = {}
        self._since = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def file_at(self, file: Path, done: int, total: int) -> None:
        """A file is `done` of `total` bytes far."""
        if not self._bar.live.is_started and time.monotonic() - self._since > PATIENCE:
            self._bar.start()
        if file not in self._tasks:
            self._tasks[file] = self._bar.add_task(file.name, total=max(1, total))
        self._bar.update(self._tasks[file], completed=done)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()
