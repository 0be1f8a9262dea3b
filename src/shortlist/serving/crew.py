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
        if self._mark is None:
            return 0 if self._warm.is_set() else 1
        if not self._warm.is_set():
            return max(1, self.size - self._others())
        return max(0, self.size - self._others())

    def _others(self) -> int:
        """Processes that are warm and alive; the marks of those that died are removed."""
        assert self._mark is not None
        alive = 0
        for mark in self._mark.parent.glob("*.warm"):
            if _lives(int(mark.stem)):
                alive += 1
            else:
                mark.unlink(missing_ok=True)
        return alive


def _lives(process: int) -> bool:
    with suppress(ProcessLookupError):
        try:
            os.kill(process, 0)
        except PermissionError:
            return True
        return True
    return False
