"""The processes that serve one address together: each says when it is warm."""

import os
from contextlib import suppress
from pathlib import Path
from threading import Event


class Crew:
    """Keeps one file for every warm process in a folder they share; alone it needs none."""

    def __init__(self, size: int = 1, folder: Path | None = None) -> None:
        self.size = size
        self._mark = None if folder is None else folder / f"{os.getpid()}.warm"
        self._warm = Event()
        self._gone = Event()

    def joined(self) -> None:
        """Say that the process is warm."""
        self._warm.set()
        if self._mark is not None:
            self._mark.touch()

    def left(self) -> None:
        """Say that the process takes no more requests."""
        self._warm.clear()
        self._gone.set()
        if self._mark is not None:
            self._mark.unlink(missing_ok=True)

    def gone(self, seconds: float) -> bool:
        """Wait a while; whether the process is told to end."""
        return self._gone.wait(seconds)

    def waiting(self) -> int:
        """How many of the processes are not warm."""
        if not self._warm.is_set():
            return max(1, self.size - self.others())
        return max(0, self.size - 1 - self.others())

    def others(self) -> int:
        """Processes beside this one that are warm and alive; marks of the dead are removed."""
        if self._mark is None:
            return 0
        alive = 0
        for mark in self._mark.parent.glob("*.warm"):
            if not _lives(int(mark.stem)):
                mark.unlink(missing_ok=True)
            elif mark != self._mark:
                alive += 1
        return alive


def _lives(process: int) -> bool:
    with suppress(ProcessLookupError):
        try:
            os.kill(process, 0)
        except PermissionError:
            return True
        return True
    return False
