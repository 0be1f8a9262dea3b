"""The worker's process: alone, at low priority, until told to stop."""

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread
from time import monotonic
from typing import Final

import structlog

from shortlist.bootstrap import Home, open_keeper
from shortlist.core.clock import SystemClock
from shortlist.core.errors import Unavailable
from shortlist.core.times import DAY
from shortlist.online.keeper import Keeper
from shortlist.online.stages import comparisons_of
from shortlist.storage.facts.database import Alone
from shortlist.worker.status import Status, Stopped

LOG = structlog.get_logger("shortlist.worker")

STANDING_BY: Final = 2.0
"""Seconds between two looks whether another worker has ended."""

CLEANING: Final = 3600.0
"""Seconds between two rounds of pruning."""

LONGEST_WAIT: Final = 60.0
"""Seconds between attempts while the database or the disk refuses."""

GRACE: Final = 10.0
"""Seconds to end in when the process that started it is gone."""


def run(home: Home, *, parent: int | None = None, once: bool = False) -> None:
    """Work until SIGTERM or SIGINT, or until the parent is gone; with `once`, while there is work.

    Where another worker has the database, it stands by until that one ends.
    """
    stop = Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stop.set())
    if parent is not None:
        Thread(target=_watch, args=(parent, stop), name="parent", daemon=True).start()
    lower_priority(home.settings.worker.nice)
    while not stop.is_set():
        with home.facts.alone("worker") as alone:
            if alone is not None:
                LOG.info("the worker begins", process=os.getpid())
                _work(home, alone, stop, once=once)
                if once:
                    return
            elif once:
                LOG.info("another worker has the database")
                return
        stop.wait(STANDING_BY)


def lower_priority(nice: int) -> None:
    """Let everything else that wants the processors go first."""
    with suppress(OSError, AttributeError):
        os.nice(nice)
    with suppress(OSError, AttributeError):
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def _work(home: Home, alone: Alone, stop: Event, *, once: bool) -> None:
    """Turn after turn; what the stores refuse is tried again, later and later."""
    status = Status(home.facts, SystemClock(), stop.is_set)
    keeper = open_keeper(home, status.say, status.compared)
    cleaned, wait = -CLEANING, 0.0
    try:
        while not stop.is_set():
            try:
                if not alone():
                    LOG.warning("another worker may have the database")
                    return
                if monotonic() - cleaned > CLEANING:
                    cleaned = monotonic()
                    clean(home)
                busy, wait = _turn(keeper, status), 0.0
            except Unavailable as error:
                wait = min(LONGEST_WAIT, 2 * wait + 1)
                LOG.warning("the worker waits", problem=str(error), seconds=wait)
                busy = False
            if once and not busy:
                return
            if not busy:
                stop.wait(wait or home.settings.worker.look_seconds)
    except Stopped:
        pass
    finally:
        status.end()


def _turn(keeper: Keeper, status: Status) -> bool:
    busy = keeper.turn()
    if not busy and keeper.ready:
        status.say("resting", 0, 0)
    return busy


def clean(home: Home) -> None:
    """Prune bundles that are not in use, and forget old decisions."""
    compared = comparisons_of(home.facts.model_steps.all())
    spare = [name for each in compared for name in (each.model, each.against)]
    if home.bundles.list():
        removed = home.bundles.prune(home.settings.worker.keep, spare=spare)
        if removed:
            LOG.info("pruned", bundles=[*removed])
    before = home.clock.now() - home.settings.serving.decisions_kept_days * DAY
    while home.facts.decisions.prune(before, 1_000):
        pass


def _watch(parent: int, stop: Event, ended: Callable[[int], None] = os._exit) -> None:
    """End when the process that started this one has ended, however that was."""
    while not stop.wait(1.0):
        if os.getppid() != parent:
            stop.set()
    stop.wait()
    Event().wait(GRACE)
    if os.getppid() != parent:
        ended(1)
