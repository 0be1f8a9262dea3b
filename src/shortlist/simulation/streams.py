"""Independent streams of chance: one for every purpose and day, from one seed.

What one purpose draws never shifts what another draws, and any day can be computed again
without the days before it.
"""

from enum import IntEnum, unique

import numpy as np


@unique
class Purpose(IntEnum):
    """What chance is needed for; the numbers are part of what a seed means."""

    ITEMS = 0
    WORDS = 1
    PEOPLE = 2
    DRIFT = 3
    VISITS = 4
    LISTS = 5
    CLICKS = 6
    RATINGS = 7
    LOG = 8


def stream(seed: int, purpose: Purpose, day: int = 0) -> np.random.Generator:
    """The generator of a purpose on a day (PCG64 under a spawned seed sequence)."""
    sequence = np.random.SeedSequence(seed, spawn_key=(int(purpose), day))
    return np.random.Generator(np.random.PCG64(sequence))
