"""What went wrong in an answer, said in the log, and not again at every request."""

from threading import Lock
from time import monotonic
from typing import Final

import structlog

LOG = structlog.get_logger("shortlist.serving")

QUIET: Final = 10.0
"""Seconds for which the same trouble of the same part is not said again."""


class Notices:
    """Says each trouble of each part once in a while; all are counted by the observer."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._said: dict[tuple[str, str], float] = {}

    def left_out(self, part: str, why: str, error: BaseException | None) -> None:
        """A part was left out of an answer."""
        now = monotonic()
        with self._lock:
            if self._said.get((part, why), -QUIET) > now - QUIET:
                return
            self._said[part, why] = now
        LOG.warning("left out of answers", part=part, why=why, error=error and repr(error))
