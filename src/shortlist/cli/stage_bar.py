"""A progress bar for work in named stages."""

import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from shortlist.cli.late_bar import PATIENCE


class StageBar:
    """On the error stream of a terminal: the stage, how far it is, and the time so far.

    Calling it says where the work is; it is the `Progress` that trainers and evaluators take.
    """

    def __init__(self) -> None:
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        self._bar = Progress(
            *columns, console=console, transient=True, disable=not console.is_terminal
        )
        self._task = self._bar.add_task("starting", total=None)
        self._since = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __call__(self, stage: str, done: int, total: int) -> None:
        if not self._bar.live.is_started and time.monotonic() - self._since > PATIENCE:
            self._bar.start()
        self._bar.update(self._task, description=stage, completed=done, total=max(1, total))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()
