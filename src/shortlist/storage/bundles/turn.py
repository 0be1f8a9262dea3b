"""Which of the processes that share a folder does what only one of them needs to do."""

import os
from pathlib import Path
from typing import BinaryIO


class Turn:
    """A role that the first process to ask for it holds until it leaves, or dies.

    Where a mount has no locks every process holds it: the work is then done more than once.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / ".turn"
        self._file: BinaryIO | None = None

    def mine(self) -> bool:
        """Whether this process has the role; taken, where nobody has it."""
        if self._file is not None:
            return True
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = self._path.open("ab")
        if not _locked(file):
            file.close()
            return False
        self._file = file
        return True

    def leave(self) -> None:
        """Give the role up."""
        if self._file is not None:
            self._file.close()
            self._file = None


def _locked(file: BinaryIO) -> bool:
    """Whether the file is ours now, or there are no locks here."""
    if os.name != "posix":
        return True
    import fcntl

    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True
