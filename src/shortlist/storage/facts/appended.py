"""What becomes of events that are handed in."""

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

import numpy as np
import numpy.typing as npt


class Fate(IntEnum):
    """What became of an event that was handed in."""

    ACCEPTED = 0
    REPEATED = 1
    """The same transaction brought its id before."""
    KNOWN = 2
    """Its id was in the log before the transaction began."""


@dataclass(frozen=True)
class Appended:
    """What became of some events: one fate each, and a number up to which the log has them all."""

    fates: npt.NDArray[np.int8]
    sequence: int

    @cached_property
    def accepted(self) -> int:
        return self.fates.tobytes().count(Fate.ACCEPTED)

    @property
    def duplicates(self) -> int:
        return len(self.fates) - self.accepted
