"""What should this user see next: retrieve, rank, slate, within a budget, and keep the decision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from threading import Semaphore
from typing import Any

from shortlist.core.clock import Clock
from shortlist.core.errors import UnknownCursor, UnknownPlacement
from shortlist.core.lanes import Lanes
from shortlist.serving.answers import Answer
from shortlist.serving.asked import Asked
from shortlist.serving.breaker import Breaker
from shortlist.serving.cursors import read_page, write_place
from shortlist.serving.decisions import Decided, Decisions, answer_of, new_decision, packed
from shortlist.serving.engine import Engine
from shortlist.serving.histories import Histories
from shortlist.serving.making import HISTORY, SOURCE, Making
from shortlist.serving.notices import Notices
from shortlist.serving.observer import Observer
from shortlist.serving.plan import Plan
from shortlist.serving.profiles import Profiles
from shortlist.serving.replays import PATIENCE, Replays
from shortlist.serving.settings import ServingSettings
from shortlist.serving.shelf import Shelf, Shelves
from shortlist.serving.steps import Outcome, Results, run
from shortlist.serving.told import asked_document, decided_of
from shortlist.serving.workings import Workings, workings_of
from shortlist.slate import Placement, PlacementSettings
from shortlist.storage.facts.decisions import DecisionRow

RANK = ":rank"
"""What stands for a placement in decisions on a caller's own candidates."""


@dataclass(frozen=True)
class Recommender:
    """Answers with lists. It never fails because a part of it failed: the answer names the part."""

    engine: Engine
    shelves: Shelves
    histories: Histories
    profiles: Profiles
    decisions: Decisions
    placements: Mapping[str, PlacementSettings]
    kinds: Mapping[str, Any]
    settings: ServingSettings
    clock: Clock
    lanes: Lanes
    replays: Replays
    turns: Semaphore
    """As many as lists are made at once."""
    observer: Observer = field(default_factory=Observer)
    breaker: Breaker = field(default_factory=Breaker)
    notices: Notices = field(default_factory=Notices)

    def recommend(self, asked: Asked) -> Answer:
        """A list, ranked now.

        Raises BadFilter, UnknownPlacement: mistakes of the caller's, and nothing else.
        """
        shelf = self._shelf(asked)
        plan = self._plan(asked, shelf, self._placement(asked.placement, shelf))
        explained = plan.placement.settings.explain if asked.explain is None else asked.explain
        return self._answer(Making(plan, self.histories, self.profiles, explain=explained))

    def take_apart(self, asked: Asked, recipe: PlacementSettings | None = None) -> Workings:
        """How a list comes about, for a placement or for a recipe on trial; nothing is kept.

        Nobody's page waits for it, so every step has its time.
        Raises BadFilter, UnknownPlacement.
        """
        shelf = self._shelf(asked)
        if recipe is None:
            placement = self._placement(asked.placement, shelf)
        else:
            placement = self.shelves.ready(recipe, shelf)
        patient = {"budget_ms": self.settings.budget_ms * PATIENCE}
        plan = replace(
            self._plan(asked, shelf, placement), settings=self.settings.model_copy(update=patient)
        )
        making = Making(plan, self.histories, self.profiles, explain=True)
        return workings_of(making, run(making.steps(), self.lanes))

    def rehearse(self) -> None:
        """Make a list for nobody, and keep nothing: what is made lazily is there afterwards."""
        shelf = self.shelves.current
        for name in self.placements:
            plan = self._plan(Asked(placement=name), shelf, self._placement(name, shelf))
            making = Making(plan, self.histories, self.profiles)
            decided_of(making, run(making.steps(), self.lanes).results)

    def rank(self, asked: Asked, items: Sequence[str]) -> tuple[Answer, list[str]]:
        """All of a caller's own candidates, best first, and those nothing is known of."""
        shelf = self._shelf(asked)
        recipe = PlacementSettings(size=len(items))
        plan = self._plan(replace(asked, placement=RANK), shelf, Placement(recipe, shelf.columns))
        known = shelf.ids.indices_of(items)
        if shelf.loaded is not None:
            known[known >= shelf.known] = -1
        unknown = [each for each, place in zip(items, known.tolist(), strict=True) if place < 0]
        making = Making(
            plan,
            self.histories,
            self.profiles,
            given=known[known >= 0],
            explain=bool(asked.explain),
        )
        return self._answer(making), unknown

    def page(
        self, cursor: str, user: str | None, limit: int | None, *, explain: bool = False
    ) -> Answer:
        """A list goes on where its cursor says, whatever has happened since.

        Raises UnknownCursor for a cursor that was not answered to this user (None: a visitor),
        UnknownDecision for a list that was forgotten.
        """
        decision, offset = read_page(cursor)
        row = self.decisions.get(decision)
        if row.user != user:
            raise UnknownCursor
        page = self.replays.page(row, offset, limit, explain=explain)
        self.decisions.keep(page.row)
        return page.answer

    def replay(self, row: DecisionRow) -> dict[str, Any]:
        """Make a list again, and say whether it is the same."""
        return self.replays.compare(row)

    def _shelf(self, asked: Asked) -> Shelf:
        """Items and model. What is asked about the past is answered by the bundle as trained.

        What was learned since knows of later events, and would tell of them.
        """
        shelf, time = self.shelves.current, asked.context.time
        if shelf.loaded is None or time is None or time >= self.clock.now():
            return shelf
        return shelf.as_of(shelf.loaded.trained)

    def _placement(self, name: str, shelf: Shelf) -> Placement:
        found = shelf.placements.get(name)
        if found is not None:
            return found
        if name in self.placements:
            return self.shelves.ready(self.placements[name], shelf)
        there = ", ".join(self.placements)
        raise UnknownPlacement(f"no placement is called {name!r}; there are: {there}")

    def _plan(self, asked: Asked, shelf: Shelf, placement: Placement) -> Plan:
        loaded, time = shelf.loaded, asked.context.time
        sources = () if loaded is None else loaded.model.retrieval.sources
        return Plan(
            decision=new_decision(),
            asked=asked,
            time=self.clock.now() if time is None else time,
            size=asked.limit or placement.settings.size,
            placement=placement,
            loaded=loaded,
            shelf=shelf,
            kinds=self.kinds,
            settings=self.settings,
            attributes={**(asked.attributes or {}), **({"id": asked.user} if asked.user else {})},
            silent=frozenset(each for each in sources if not self.breaker.may(each)),
        )

    def _answer(self, making: Making) -> Answer:
        with self.turns:
            outcome = run(making.steps(), self.lanes)
        degraded = self._degraded(making.plan, outcome)
        decided = decided_of(making, outcome.results)
        row = self._row(making, outcome.results, decided, degraded)
        kept = self.decisions.keep(row)
        more = kept and bool(decided.following)
        return Answer(
            decision=row.id,
            bundle=row.bundle,
            placement=row.placement,
            items=decided.shown,
            degraded=degraded,
            next=write_place(row.id, len(decided.shown)) if more else None,
            relaxed=decided.relaxed,
            diversity_price=decided.price,
        )

    def _row(
        self, making: Making, results: Results, decided: Decided, degraded: Sequence[str]
    ) -> DecisionRow:
        plan, asked = making.plan, making.plan.asked
        return DecisionRow(
            id=plan.decision,
            time=plan.time,
            user=asked.user,
            session=asked.session,
            placement=asked.placement,
            bundle=plan.loaded.bundle if plan.loaded else None,
            sequence=making.known_of(results).sequence,
            asked=asked_document(making, results),
            answer=answer_of(decided, degraded),
            features=packed(decided.matrix),
        )

    def _degraded(self, plan: Plan, outcome: Outcome) -> list[str]:
        """What was left out, by the names people know; noted for the breaker and the numbers."""
        for name, seconds in outcome.seconds.items():
            self.observer.took(name, seconds)
            if name.startswith(SOURCE):
                self.breaker.went_well(name.removeprefix(SOURCE))
        lost = [*plan.silent]
        for name in (*outcome.late, *outcome.failed):
            part = name.removeprefix(SOURCE)
            why = "failed" if name in outcome.failed else "late"
            self.observer.left_out(part, why)
            self.notices.left_out(part, why, outcome.failed.get(name))
            if name.startswith(SOURCE) and HISTORY in outcome.results:
                self.breaker.went_wrong(part)
            lost.append(part)
        for part in plan.silent:
            self.observer.left_out(part, "resting")
        if plan.loaded is None or plan.loaded.behind or self.engine.problem:
            lost.append("bundle")
        if plan.loaded is not None and plan.loaded.stuck:
            lost.append("online")
        return list(dict.fromkeys(lost))
