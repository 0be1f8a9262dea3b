"""Keeps models fresh by itself: learns on, compares, promotes, goes back.

What it knows it reads from the log of events and the log of steps: whoever kills it loses nothing,
and the next one goes on. What a person decided stands.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import structlog

from shortlist.core.errors import Conflict, DamagedBundle, TooLittleData, UnknownBundle
from shortlist.core.times import MINUTE
from shortlist.online.arena import Arena, counted
from shortlist.online.choices import Kinds
from shortlist.online.follower import SomebodyErased
from shortlist.online.models import Models
from shortlist.online.refreshing import Refreshing
from shortlist.online.retraining import Retraining
from shortlist.online.stages import Comparison, Verdict, comparisons_of, verdict
from shortlist.online.tracks import Contenders
from shortlist.online.window import Window
from shortlist.online.worker_settings import WorkerSettings
from shortlist.storage.facts.model_steps import ModelStep, Step
from shortlist.storage.facts.revisions import ERASED

LOG = structlog.get_logger("shortlist.worker")

BACKLOG: Final = 20
"""How many refreshes' worth of the log is looked back at, where more was not learned from yet."""

BY_HAND: Final = "somebody made another bundle current"

Say = Callable[[str, int, int], None]
"""Called with the phase, how far it is, and how far it goes (0 for nobody knows)."""

Told = Callable[[Sequence[Mapping[str, object]]], None]
"""Called with the comparisons and their figures, after every part of the log."""


@dataclass
class Keeper:
    """One turn after another; each does one thing, or goes along the log for a while."""

    models: Models
    kinds: Kinds
    settings: WorkerSettings
    history: int
    refreshing: Refreshing
    retraining: Retraining
    say: Say
    told: Told

    def __post_init__(self) -> None:
        self._arena: Arena | None = None
        self._erasures = -1

    @property
    def ready(self) -> bool:
        """Whether it follows the log by now."""
        return self._arena is not None

    def turn(self, parts: int = 20) -> bool:
        """Do what is next; whether there was anything. Raises as the stores do."""
        current = self.models.bundles.current()
        if current is None:
            self.say("waiting: nothing is trained", 0, 0)
            return False
        steps = self.models.facts.model_steps.all()
        comparisons = comparisons_of(steps)
        for each in comparisons:
            if not each.stands(current):
                self._end_of(each, current)
                return True
        try:
            arena = self._arena_of(current, comparisons)
            if arena is None or self._follow(arena, parts):
                return True
        except SomebodyErased:
            self._arena = None
            return True
        return self._renew(arena, steps, comparisons)

    def _arena_of(self, current: str, comparisons: Sequence[Comparison]) -> Arena | None:
        """Where the bundles in play follow the log; made anew where somebody was erased.

        None where a bundle could not be opened: its comparison was ended.
        """
        facts = self.models.facts
        erasures = facts.revision(ERASED)
        arena = self._arena
        if arena is None or self._erasures != erasures:
            contenders = Contenders(self.models.bundles)
            window = Window(0)
            arena = Arena(
                facts, self.kinds, self.settings, self.history, contenders, current, window
            )
        for each in comparisons:
            try:
                arena.contenders.of(each.model)
                arena.contenders.of(each.against)
            except (DamagedBundle, UnknownBundle) as error:
                self._note(
                    "reject" if each.kind == "shadow" else "settle", each, {"why": str(error)}
                )
                return None
        start = self._start(arena, current)
        if arena is not self._arena:
            end = facts.last_sequence()
            since = [each.since for each in comparisons]
            backlog = max(start, end - BACKLOG * self.settings.refresh_events)
            arena.begin(min([backlog, *since]), self.say)
        arena.crown(current)
        arena.window.begin_at(min(start, arena.position))
        arena.compare(comparisons, self.say)
        arena.contenders.keep(
            [current, *(n for each in comparisons for n in (each.model, each.against))]
        )
        self._arena, self._erasures = arena, erasures
        return arena

    def _start(self, arena: Arena, current: str) -> int:
        """The place in the log up to which the champion's ranker learned."""
        lineage = arena.contenders.of(current).bundle.lineage
        return int(lineage.get("refreshed_until") or lineage.get("sequence", 0))

    def _follow(self, arena: Arena, parts: int) -> bool:
        """Go along the log, until a comparison is decided; whether there was anything."""
        end = self.models.facts.last_sequence()
        moved = False
        for _ in range(parts):
            if self._decided(arena):
                return True
            if not arena.step(end):
                break
            moved = True
            self.told(counted(arena.tallies, self.settings.error))
            self.say("comparing" if arena.tallies else "following the log", arena.position, end)
        return moved

    def _decided(self, arena: Arena) -> bool:
        """End a comparison that can be ended."""
        for each, tally in arena.tallies.items():
            bounds, foretold = tally.bounds(self.settings.error)
            found = verdict(each, bounds, self.models.clock.now(), self.settings, foretold)
            if found is not None:
                what, why = found
                figures = {"why": why, **tally.figures(self.settings.error)}
                self._carry_out(what, each, {**figures, "since": arena.position})
                return True
        return False

    def _carry_out(self, what: Verdict, comparison: Comparison, detail: Mapping[str, Any]) -> None:
        """Do what a comparison came to, and write it down; somebody's hand goes before."""
        try:
            if what == "promote":
                self.models.bundles.promote(comparison.model, instead_of=comparison.against)
            elif what == "roll_back":
                self.models.bundles.rollback(instead_of=comparison.model)
        except (Conflict, DamagedBundle, UnknownBundle) as error:
            ended: Verdict = "reject" if comparison.kind == "shadow" else "settle"
            self._note(ended, comparison, {"why": str(error)})
            return
        self._note(what, comparison, detail)
        if what == "promote":
            self._note_watching(comparison, detail)

    def _end_of(self, comparison: Comparison, current: str) -> None:
        """End a comparison that is not about what answers any more.

        Where the worker died between doing and writing down, it is written down now.
        """
        shadow = comparison.kind == "shadow"
        now = {"since": self.models.facts.last_sequence(), "why": "written down after a restart"}
        if shadow and current == comparison.model:
            self._note("promote", comparison, now)
            self._note_watching(comparison, now)
        elif not shadow and current == comparison.against:
            self._note("roll_back", comparison, now)
        else:
            self._note("reject" if shadow else "settle", comparison, {"why": BY_HAND})

    def _note(self, what: Verdict, comparison: Comparison, detail: Mapping[str, Any]) -> None:
        step = STEP_OF[what]
        told = dict(detail)
        if step != "promoted":
            told.pop("since", None)
        LOG.info(step, bundle=comparison.model, against=comparison.against, **told)
        self.models.note(comparison.model, step, against=comparison.against, detail=told)

    def _note_watching(self, comparison: Comparison, detail: Mapping[str, Any]) -> None:
        since = {"since": detail["since"]}
        self.models.note(comparison.model, "watching", against=comparison.against, detail=since)

    def _renew(
        self, arena: Arena, steps: Sequence[ModelStep], comparisons: Sequence[Comparison]
    ) -> bool:
        """Train again or learn on, where it is time; whether it was."""
        if any(each.kind == "shadow" for each in comparisons):
            return False
        champion = arena.contenders.of(arena.champion)
        tried = attempted(steps)
        gathered = arena.window.since(tried)
        why = self.retraining.due(champion, arena.window, steps, gathered)
        if why is not None:
            self._retrain(arena, why)
            return True
        if not self._due(gathered, steps):
            return False
        self._refresh(arena)
        return True

    def _due(self, gathered: int, steps: Sequence[ModelStep]) -> bool:
        """Whether it is time to learn on."""
        wanted = self.settings.refresh_events
        last = max((each.time for each in steps if each.step in ATTEMPTS), default=None)
        waited = last is None or (
            self.models.clock.now() - last >= self.settings.refresh_minutes * MINUTE
        )
        return gathered >= wanted or (waited and gathered >= max(1, wanted // 10))

    def _refresh(self, arena: Arena) -> None:
        champion, until = arena.contenders.of(arena.champion), arena.position
        try:
            bundle, figures = self.refreshing.make(champion, arena.window, until, self.say)
        except TooLittleData as error:
            detail = {"why": str(error), "until": until}
            self.models.note("", "refused", against=arena.champion, detail=detail)
            LOG.info("refused", why=str(error))
            return
        detail = {**figures, "until": until}
        self.models.note(bundle, "refreshed", against=arena.champion, detail=detail)
        self.models.note(bundle, "shadowing", against=arena.champion, detail={"since": until})
        LOG.info("refreshed", bundle=bundle, **figures)

    def _retrain(self, arena: Arena, why: str) -> None:
        try:
            bundle, detail = self.retraining.make(arena.champion, why, self.say)
        except TooLittleData as error:
            refused = {"why": str(error), "until": arena.position, "training": why}
            self.models.note("", "refused", against=arena.champion, detail=refused)
            return
        self.models.note(bundle, "trained", against=arena.champion, detail=detail)
        since = max(int(detail["until"]), arena.position)
        self.models.note(bundle, "shadowing", against=arena.champion, detail={"since": since})
        LOG.info("trained", bundle=bundle, **detail)


STEP_OF: Final[Mapping[Verdict, Step]] = {
    "promote": "promoted",
    "reject": "rejected",
    "settle": "settled",
    "roll_back": "rolled_back",
}
"""The step that a verdict is written down as."""

ATTEMPTS: Final = ("trained", "refreshed", "refused")
"""Steps that learned from the log, or tried to."""


def attempted(steps: Sequence[ModelStep]) -> int:
    """The place in the log up to which somebody learned from it last, or tried to."""
    tried = (each.detail.get("until") for each in steps if each.step in ATTEMPTS)
    return max((int(each) for each in tried if isinstance(each, int)), default=0)
