"""The model goes on learning while it answers: what happened counts for everybody within seconds.

One thread of each process follows the log. What it has learned is published as a frozen model, by
one assignment; requests never wait for it, and where it fails they are answered from the bundle.
Where much is to be learned it rests as long as it works, so that requests find the processor free.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from threading import Event, Lock, Thread
from time import monotonic, thread_time

import numpy as np
import structlog

from shortlist.core.candidates import Query
from shortlist.core.errors import ShortlistError, Unavailable
from shortlist.core.process import give_back
from shortlist.datasets.history import Kinds
from shortlist.online.checkpoints import Checkpoints
from shortlist.online.follower import BATCH, Follower, SomebodyErased
from shortlist.online.settings import OnlineSettings
from shortlist.serving.engine import Engine, Loaded
from shortlist.serving.observer import Observer
from shortlist.serving.shelf import Shelves
from shortlist.storage.facts import Facts

LOG = structlog.get_logger("shortlist.online")

FIRST_REST = 5.0
"""Seconds after which learning is tried again where it failed; doubled each time that it does."""

LONGEST_REST = 300.0

TIDY = 10.0
"""Seconds between two times that memory is given back which publications left behind."""


@dataclass
class _Course:
    """A bundle, and who follows the log for it."""

    loaded: Loaded
    """The bundle as it was trained."""
    follower: Follower
    published: int = 0
    """The number of the newest event that answers know of."""
    kept: int = 0
    """The same for the newest checkpoint."""


class Following:
    """Follows the log, and lets what was learned answer."""

    def __init__(
        self,
        facts: Facts,
        kinds: Kinds,
        engine: Engine,
        shelves: Shelves,
        settings: OnlineSettings,
        checkpoints: Checkpoints,
        observer: Observer,
    ) -> None:
        self._facts = facts
        self._kinds = kinds
        self._engine = engine
        self._shelves = shelves
        self._settings = settings
        self._checkpoints = checkpoints
        self._observer = observer
        self._learning = Lock()
        self._course: _Course | None = None
        self._prepared: _Course | None = None
        self._awake = Event()
        self._stopped = Event()
        self._thread = Thread(target=self._run, name="following", daemon=True)
        self._may_publish = 0.0
        self._may_keep = monotonic()  # what a start had to learn is kept at once: it may not last
        self._may_tidy = monotonic() + TIDY
        self._rest = FIRST_REST
        self._behind = 0
        self._published_at = monotonic()
        self._level_at = monotonic()
        self.problem: str | None = None
        """Why nothing is learned, in words; None while all is well."""

    def start(self) -> None:
        """Begin to follow, where the settings say so."""
        if self._settings.follow and not self._stopped.is_set():
            self._thread.start()

    def stop(self) -> None:
        """Stop; waits a moment for what is being learned."""
        self._stopped.set()
        self._awake.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)
        self._checkpoints.close()

    def wake(self) -> None:
        """There are new events: look at once."""
        self._awake.set()

    def look(self) -> None:
        """Take what has changed outside of this process: the bundle, the items."""
        self._engine.refresh(self.prepare)
        self._shelves.refresh()

    def prepare(self, loaded: Loaded) -> Loaded:
        """A bundle that was just loaded, knowing what happened since its training.

        Not all of it, where that takes longer than the settings allow.
        """
        if not self._settings.follow:
            return loaded
        try:
            if (fresh := self._going_on(loaded)) is not None:
                return fresh
            course = self._begun(loaded)
            until = monotonic() + self._settings.catch_up_seconds
            while course.follower.step() == BATCH and monotonic() < until:
                pass
            fresh = _fresh(course)
        except (Unavailable, SomebodyErased):
            return loaded
        except Exception as error:  # noqa: BLE001  a bundle that answers is better than none
            self._say(error)
            return loaded.unable_to_learn()
        self._prepared, self.problem = course, None
        return fresh

    def step(self) -> bool:
        """Learn what came, and let it answer if it is time; whether more is waiting."""
        with self._learning:
            course = self._current()
            if course is None:
                return False
            began = thread_time()
            try:
                count = course.follower.step()
            except SomebodyErased:
                self._begin_anew(course.loaded)
                return True
            if count:
                self._observer.took("online learning", thread_time() - began)
            if count < BATCH:
                self._level_at = monotonic()
            self._publish(course)
            self._keep(course)
            return count == BATCH

    def erased(self) -> None:
        """Somebody was erased: nothing of what was learned answers from now on.

        It is learned again without them, beside the requests. Other processes see it themselves.
        """
        self._checkpoints.forget()
        with self._learning:
            self._course = self._prepared = None
            loaded = self._engine.loaded
            if loaded is not None and self._settings.follow:
                try:
                    self._begin_anew(loaded.trained)
                except Unavailable:
                    self._engine.publish(loaded.trained)
        self.wake()

    def at(self, trained: Loaded, sequence: int) -> Loaded:
        """A bundle as it was once the log up to a number was learned, for replaying a decision.

        Raises Unavailable where it cannot be learned now.
        """
        now = self._engine.loaded
        if now is not None and now.bundle == trained.bundle and now.sequence == sequence:
            return now
        follower = self._checkpoints.resume(
            lambda: self._follower(trained), trained.root, until=sequence
        )
        try:
            while follower.step(until=sequence):
                pass
        except SomebodyErased as error:
            raise Unavailable("a user was erased just now; try again") from error
        return trained.having_learned(follower.retrieval(), follower.sequence)

    def numbers(self) -> Mapping[str, float]:
        """How far behind the log the answers are."""
        course, now = self._course, monotonic()
        if course is not None:
            with suppress(Unavailable):
                self._behind = max(0, self._facts.last_sequence() - course.published)
        return {
            "online_lag_events": self._behind,
            "online_lag_seconds": now - self._level_at if self._behind else 0.0,
            "online_published_seconds": now - self._published_at,
        }

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._awake.wait(self._settings.look_seconds)
            self._awake.clear()
            early = self._may_publish - monotonic()
            self._stopped.wait(min(max(0.0, early), self._settings.look_seconds))
            try:
                began = thread_time()
                while self.step() and not self._stopped.wait(thread_time() - began):
                    began = thread_time()
                self._rest = FIRST_REST
            except Unavailable as error:
                LOG.warning("the log cannot be followed", problem=str(error))
                self._stopped.wait(1.0)
            except Exception as error:  # noqa: BLE001  requests go on, from the bundle
                self._give_up(error)

    def _current(self) -> _Course | None:
        """Who follows for the bundle that answers; begun, where nobody does."""
        loaded = self._engine.loaded
        if loaded is None:
            return None
        for course in (self._course, self._prepared):
            if course is not None and course.loaded is loaded.trained:
                self._course = course
                return course
        self._course = self._begun(loaded.trained)
        return self._course

    def _going_on(self, loaded: Loaded) -> Loaded | None:
        """A bundle whose ranker alone is new: what was learned holds for it too."""
        with self._learning:
            course = self._course
            if course is None or course.loaded.root != loaded.root:
                return None
            self._prepared = _Course(loaded, course.follower, kept=course.kept)
            return _fresh(self._prepared)

    def _follower(self, trained: Loaded) -> Follower:
        return Follower(self._facts, self._kinds, trained.model.retrieval, trained.sequence)

    def _begun(self, trained: Loaded) -> _Course:
        follower = self._checkpoints.resume(lambda: self._follower(trained), trained.root)
        return _Course(trained, follower, kept=follower.sequence)

    def _begin_anew(self, trained: Loaded) -> None:
        """Answer from the bundle and the items alone, and learn the log again.

        Raises Unavailable where the database does not answer.
        """
        self._checkpoints.forget()
        self._course = course = _Course(trained, self._follower(trained))
        with suppress(Unavailable, SomebodyErased):
            course.follower.step(until=trained.sequence)
        self._engine.publish(_fresh(course))
        self._shelves.refresh()

    def _publish(self, course: _Course) -> None:
        """Let what was learned answer, unless that was done too lately."""
        loaded = self._engine.loaded
        if loaded is None or loaded.trained is not course.loaded:
            return
        if monotonic() < self._may_publish:
            return
        self._shelves.refresh()
        began = thread_time()
        retrieval = course.follower.retrieval()
        if retrieval is loaded.model.retrieval and not loaded.stuck:
            course.published = course.follower.sequence
            return
        fresh = _fresh(course)
        if self._engine.publish(fresh):
            self._shelves.refresh()
            course.published, self.problem = fresh.sequence, None
        took = thread_time() - began
        self._published_at = monotonic()
        self._may_publish = self._published_at + took * (1 / self._settings.publish_share - 1)
        self._observer.took("online publication", took)
        if monotonic() > self._may_tidy:
            give_back()
            self._may_tidy = monotonic() + TIDY

    def _keep(self, course: _Course) -> None:
        """Write a checkpoint, where enough was learned since the last one."""
        learned = course.follower.sequence - max(course.kept, course.loaded.sequence)
        if learned < self._settings.checkpoint_events or monotonic() < self._may_keep:
            return
        self._may_keep = monotonic() + self._settings.checkpoint_seconds
        try:
            if self._checkpoints.keep(course.follower, course.loaded.root):
                course.kept = course.follower.sequence
        except (ShortlistError, OSError) as error:
            LOG.warning("no checkpoint was written", problem=str(error))

    def _give_up(self, error: Exception) -> None:
        """Answer from the bundle, say so, and try again after a rest."""
        with self._learning:
            self._say(error)
            loaded = self._engine.loaded
            if loaded is not None and self._engine.publish(loaded.unable_to_learn()):
                self._shelves.refresh()
            self._course = self._prepared = None
        self._stopped.wait(self._rest)
        self._rest = min(2 * self._rest, LONGEST_REST)

    def _say(self, error: Exception) -> None:
        LOG.error("nothing is learned between trainings", error=repr(error), exc_info=error)
        self.problem = f"nothing is learned between trainings, the bundle answers: {error!r}"


def _fresh(course: _Course) -> Loaded:
    """The bundle with what was learned, asked once: no user waits for what is made lazily."""
    retrieval = course.follower.retrieval()
    fresh = course.loaded.having_learned(retrieval, course.follower.sequence)
    some = np.arange(min(20, len(retrieval.catalogue)), dtype=np.int32)
    fresh.model.rank(Query(history=some, time=1), 10)
    return fresh
