"""Everything that serves, started and closed together."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from threading import Thread
from time import time
from typing import Final

import structlog

from shortlist.auth.auth import Auth
from shortlist.core.clock import Clock
from shortlist.core.errors import ShortlistError
from shortlist.core.process import settle
from shortlist.core.times import DAY, SECOND, parse_instant
from shortlist.online.models import Models
from shortlist.serving.browse import Browse
from shortlist.serving.clocks import LogClock
from shortlist.serving.course import Course
from shortlist.serving.crew import Crew
from shortlist.serving.decisions import Decisions
from shortlist.serving.engine import Engine
from shortlist.serving.following import Following
from shortlist.serving.ingest import Ingest
from shortlist.serving.insights import Insights
from shortlist.serving.items import Items
from shortlist.serving.lately import LatelyNow
from shortlist.serving.onboarding import Onboarding
from shortlist.serving.people import People
from shortlist.serving.placements import Placements
from shortlist.serving.recommend import Recommender
from shortlist.serving.settings import ServingSettings
from shortlist.serving.shelf import Shelves
from shortlist.serving.shop import Shop
from shortlist.serving.watch import Watch
from shortlist.storage.facts import Facts

COURSE_SECONDS: Final = 10.0
"""How often it is written down how the service goes."""

LOG = structlog.get_logger("shortlist.service")


@dataclass(frozen=True)
class Readiness:
    """Whether requests may come, and what is wrong although they may."""

    ready: bool
    bundle: str | None
    problems: Sequence[str]


@dataclass(frozen=True)
class Service:
    """The use cases of one process, and what they share."""

    facts: Facts
    engine: Engine
    shelves: Shelves
    following: Following
    recommender: Recommender
    ingest: Ingest
    browse: Browse
    onboarding: Onboarding
    items: Items
    people: People
    shop: Shop
    decisions: Decisions
    models: Models
    auth: Auth
    clock: Clock
    placements: Placements
    course: Course
    lately: LatelyNow
    insights: Insights
    settings: ServingSettings
    crew: Crew
    afterwards: list[Callable[[], object]] = field(default_factory=list)
    """What is made ready when requests are answered already: nobody waits for it later."""

    @cached_property
    def _log_clock(self) -> LogClock:
        return LogClock(self.facts)

    @cached_property
    def _watches(self) -> Sequence[Watch]:
        return (
            Watch("watch", self.settings.watch_seconds, self.look),
            Watch("forget", 3600.0, self.decisions_forgotten),
            Watch("course", COURSE_SECONDS, self.write_course),
        )

    def start(self) -> None:
        """Begin to warm up, and to watch for new bundles and items.

        Returns at once, so that it can be asked whether it is ready. Where others serve already
        (it replaces one that died) it returns when it is warm: nobody is to meet a cold process.
        """
        warming = Thread(target=self._warm, name="warm", daemon=True)
        warming.start()
        if self.crew.others():
            warming.join(timeout=60)

    def close(self) -> None:
        """Finish: accepted events and decisions are committed when this returns."""
        self.crew.left()
        for each in self._watches:
            each.stop()
        self.following.stop()
        self.ingest.writer.close()
        self.decisions.writer.close()
        self.write_course()
        self.auth.close()
        self.facts.close()

    def look(self) -> None:
        """Take what has changed outside of this process: the bundle, the items, what was erased."""
        self.following.look()
        self.recommender.histories.refresh()

    def write_course(self) -> None:
        """Write down what happened in this process lately."""
        age = self._bundle_age()
        self.course.look({} if age is None else {"bundle_age_seconds": age})

    def decisions_forgotten(self) -> int:
        """Forget decisions that are older than the settings keep them; how many there were."""
        before = self.clock.now() - self.settings.decisions_kept_days * DAY
        return self.decisions.forget(before)

    def readiness(self) -> Readiness:
        """Ready once every process that serves beside this one is warm."""
        loaded = self.engine.loaded
        problems = [each for each in (self.engine.problem, self.following.problem) if each]
        problems += self.placements.recipes.problems
        waiting = self.crew.waiting()
        if waiting:
            problems.append(f"{waiting} of {self.crew.size} processes are warming up")
        elif loaded is None:
            problems.append("nothing is trained: popularity answers; run `shortlist train`")
        return Readiness(not waiting, None if loaded is None else loaded.bundle, problems)

    def numbers(self) -> Mapping[str, float]:
        """The gauges of this process."""
        newest = self._log_clock.now()
        return {
            "bundle_age_seconds": self._bundle_age() or 0.0,
            "events_waiting": self.ingest.writer.waiting,
            "decisions_waiting": self.decisions.writer.depth,
            "decisions_dropped": self.decisions.writer.dropped,
            "lanes_busy": self.recommender.lanes.busy,
            "event_lag_seconds": max(0.0, (self.clock.now() - newest) / SECOND),
            **self.following.numbers(),
        }

    def _bundle_age(self) -> float | None:
        """Seconds since the bundle that answers was published; None without one."""
        loaded = self.engine.loaded
        return None if loaded is None else time() - parse_instant(loaded.created) / SECOND

    def _warm(self) -> None:
        """Load what answers, and settle the process around it."""
        while True:
            try:
                self.look()
                self.recommender.rehearse()
                break
            except ShortlistError as error:
                LOG.warning("not warm yet", problem=str(error))
                if self.crew.gone(1.0):
                    return
        for each in self._watches:
            each.start()
        self.following.start()
        settle()
        self.crew.joined()
        for prepare in self.afterwards:
            prepare()
