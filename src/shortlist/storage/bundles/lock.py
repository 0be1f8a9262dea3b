"""One writer at a time among all processes that share a folder.

The kernel's lock (`flock`) goes away with the process that held it. Where a system or a mount has
none, a file that may be made only once takes its place; a writer killed at work leaves it behind,
and the next one says which file to remove.
"""

import errno
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from shortlist.core.errors import StorageFailed

PATIENCE: Final = 120.0
"""Seconds to wait for another writer; a bundle takes a few to write."""
_NO_SUCH_LOCK: Final = (errno.ENOSYS, errno.ENOTSUP, errno.ENOLCK)


@contextmanager
def locked(folder: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the folder's lock. Raises StorageFailed where another writer does not let go."""
    path = folder / ".lock"
    with path.open("ab") as file:
        until = time.monotonic() + patience
        if _wait(lambda: _flock(file.fileno()), until, path):
            yield
            return
    with locked_by_file(folder, patience):
        yield


@contextmanager
def locked_by_file(folder: Path, patience: float = PATIENCE) -> Iterator[None]:
    """The same by a file that exists while the lock is held, for mounts without `flock`."""
    path = folder / ".writing"
    _wait(lambda: _made(path), time.monotonic() + patience, path)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def _flock(handle: int) -> bool | None:
    """Whether the lock is ours; None where another holds it, False where there is no lock."""
    try:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except ImportError:
        return False
    except BlockingIOError:
        return None
    except OSError as error:
        if error.errno in _NO_SUCH_LOCK:
            return False
        raise
    return True


def _made(path: Path) -> bool | None:
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        return None
    return True


def _wait(attempt: Callable[[], bool | None], until: float, path: Path) -> bool:
    while (answer := attempt()) is None:
        if time.monotonic() > until:
            raise StorageFailed(
                f"Another process is writing bundles in {path.parent} and does not finish. "
                f"Where none is running, remove {path} and try again."
            )
        time.sleep(0.02)
    return answer
