"""Threads for costly work that takes what processor time others leave."""

import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Final, TypeVar

Result = TypeVar("Result")

NICENESS: Final = 10
"""Steps of priority below everything else; each is about a fifth less of a busy processor."""


class QuietThreads:
    """As many threads as there is such work at once.

    Elsewhere than on Linux, where no thread has a priority of its own, they are like any other.
    """

    def __init__(self, most: int) -> None:
        self._pool = ThreadPoolExecutor(most, "quiet", initializer=_step_back)

    def run(self, work: Callable[[], Result]) -> Result:
        """Have the work done, and wait for what it gives."""
        return self._pool.submit(work).result()


def _step_back() -> None:
    if sys.platform == "linux":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
