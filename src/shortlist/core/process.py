"""What a process that answers requests settles once, before the first of them."""

import ctypes
import gc
import sys
from contextlib import suppress
from typing import Final

M_TRIM_THRESHOLD: Final = -1
M_MMAP_THRESHOLD: Final = -3
"""Names of settings in the C library's malloc.h."""

KEPT: Final = 16 * 1024 * 1024
"""Bytes of freed memory an arena keeps; every thread may have one."""

FROM_ARENAS: Final = 4 * 1024 * 1024
"""Bytes up to which memory comes from the arenas at all. What online learning merges is larger, and
would leave holes in them that nothing else fills: it goes back to the system at once."""

OTHERWISE: Final = (AttributeError, OSError, TypeError)
"""What comes of asking another C library than GNU's."""

TURN: Final = 0.0005
"""Seconds after which a thread that computes lets another one in."""

THRESHOLDS: Final = (20_000, 10, 50)
"""New objects until a collection of the young ones, and how many of these until one of the older,
and of all. Python's own are 700, 10 and 10. An order of 300 items makes about a thousand objects;
a collection of all, 35 ms with the events of 600 users in memory, came every 200 of them."""


def settle() -> None:
    """Settle memory, garbage collection, and how long threads wait for each other.

    A request computes in arrays of some hundred kilobytes. Where the C library gives such memory
    back at its end, the system clears it page by page for the next one, which can take as long as
    the computing. And a full collection would look through a catalogue's every title for rubbish.
    So freed memory is kept, what is loaded is left out of the collection, and the rest is looked
    through rarely: what a request makes is freed when it ends, without any search. A request of
    3 ms must not wait 5 ms, which is Python's own turn, for a thread that works for nobody.
    """
    sys.setswitchinterval(TURN)
    with suppress(*OTHERWISE):
        library = ctypes.CDLL(None)
        library.mallopt(M_TRIM_THRESHOLD, KEPT)
        library.mallopt(M_MMAP_THRESHOLD, FROM_ARENAS)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)


def give_back() -> None:
    """Give the system what was freed between what lives on, which no later request may fit into.

    That takes some ten milliseconds where much was freed; other threads go on meanwhile.
    """
    with suppress(*OTHERWISE):
        ctypes.CDLL(None).malloc_trim(0)
