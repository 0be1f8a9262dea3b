"""What the disk refuses, in words."""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from shortlist.core.errors import StorageFailed

_FULL: Final = (errno.ENOSPC, errno.EDQUOT)
_FORBIDDEN: Final = (errno.EACCES, errno.EPERM, errno.EROFS)


@contextmanager
def refusals(root: Path, need: int = 0) -> Iterator[None]:
    """Raise StorageFailed where the disk refuses to write (`need`: bytes) into a folder."""
    try:
        yield
    except OSError as error:
        why = _why(error, root, need)
        raise StorageFailed(f"{why} The bundle in use stays in use.") from error


def _why(error: OSError, root: Path, need: int) -> str:
    if error.errno in _FULL:
        about = f" ({need / 1e6:,.1f} MB were to be written, {_free(root)})" if need else ""
        return f"The disk of {root} is full{about}: make room, or run `shortlist models prune`."
    if error.errno in _FORBIDDEN:
        return f"{error.filename or root} may not be written ({error.strerror}): check its owner."
    return f"{error.filename or root} cannot be written: {error.strerror or error}."


def _free(root: Path) -> str:
    try:
        return f"{shutil.disk_usage(root).free / 1e6:,.1f} MB are free"
    except OSError:
        return "how much is free is unknown"
