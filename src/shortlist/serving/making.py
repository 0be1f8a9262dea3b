"""One answer in the making: its steps, each of which may be left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from shortlist.core.candidates import Items, Query, Scores
from shortlist.core.errors import Unavailable
from shortlist.core.pool import Pool
from shortlist.core.times import EARLIEST
from shortlist.datasets.catalogue import Catalogue
from shortlist.datasets.history import History
from shortlist.datasets.kinds import DEFAULT_KIND, KindSettings
from shortlist.datasets.snapshot import IMPRESSION
from shortlist.datasets.vocabulary import Vocabulary
from shortlist.pipeline.explain import Explanation, explain
from shortlist.pipeline.model import Model, Ranked
from shortlist.serving.histories import Histories, Known, history_of
from shortlist.serving.plan import Plan
from shortlist.serving.profiles import Profiles
from shortlist.serving.steps import Results, Step
from shortlist.slate import Slate, assemble
from shortlist.storage.facts import EventRow

Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]

STATE: Final = "database"
HISTORY: Final = "history"
PROFILE: Final = "attributes"
ALLOWED: Final = "filter"
POOL: Final = "candidates"
ORDER: Final = "ranker"
CHANCE: Final = "probabilities"
SLATE: Final = "slate"
WHY: Final = "explanations"
FUSION: Final = 60
"""The constant of reciprocal rank fusion (Cormack, Clarke, Büttcher 2009)."""

SOURCE: Final = "source:"
"""What the names of the sources' steps begin with."""


@dataclass(frozen=True)
class Making:
    """Works a plan out, step by step."""

    plan: Plan
    histories: Histories
    profiles: Profiles
    known: Known | None = None
    """What is known of the user, where it is not to be read (a replay)."""
    given: Items | None = None
    """Candidates of the caller's own, instead of those that sources propose."""
    explain: bool = False

    def steps(self) -> Sequence[Step]:
        """All steps in order, with their shares of the budget."""
        budget = self.plan.settings.budget_ms / 1000
        steps = [
            Step(STATE, self._state, 0.3 * budget, 0.3 * budget),
            Step(HISTORY, self._history, 0.3 * budget, 0.4 * budget),
            *(
                [Step(PROFILE, self._profile, 0.2 * budget, 0.4 * budget)]
                if self.plan.asks_user
                else []
            ),
            Step(ALLOWED, self._allowed, 0.3 * budget, 0.4 * budget),
        ]
        if self.plan.loaded is None:
            return self._left(steps)
        steps += [
            Step(f"{SOURCE}{name}", self._asking(name), 0.15 * budget, 0.7 * budget)
            for name in self.plan.loaded.model.retrieval.sources
            if name not in self.plan.silent
        ]
        steps += [
            Step(POOL, self._pool, budget, 0.85 * budget),
            Step(ORDER, self._order, 0.5 * budget, 0.95 * budget),
            Step(SLATE, self._slate, budget, budget),
            Step(CHANCE, self._chances, budget, budget),
        ]
        if self.explain:
            longer = self.plan.settings.explain_ms / 1000
            steps.append(Step(WHY, self._why, longer, budget + longer))
        return self._left(steps)

    def _left(self, steps: Sequence[Step]) -> list[Step]:
        """The steps but for those a replay leaves out, because they were left out then.

        The first stays: what was known then is known to a replay.
        """
        return [each for each in steps if each.name == STATE or each.name not in self.plan.silent]

    @property
    def model(self) -> Model:
        """The model that answers; only where there is one."""
        assert self.plan.loaded is not None
        return self.plan.loaded.model

    def attributes(self, results: Results) -> Mapping[str, Any]:
        """What filters know of the user."""
        return {**results.get(PROFILE, {}), **self.plan.attributes}

    def query(self, results: Results) -> Query:
        """What is asked, from what is known of the user; worked out here where it was late."""
        found: tuple[History, Query] = results.get(HISTORY) or self._told(self.known_of(results))
        return found[1]

    def known_of(self, results: Results) -> Known:
        """What is known of the user: as just read, or else as last known."""
        found: Known = results.get(STATE) or self._last_known
        return found

    def allowed(self, results: Results) -> Mask | None:
        """Which items of the shelf may be shown; None where all may.

        Where a filter was not done in time nobody knows, and nothing may: a list that is empty
        is better than one with what must not be in it.
        """
        if ALLOWED in results:
            mask: Mask | None = results[ALLOWED]
            return mask
        plan, asked = self.plan, self.plan.asked
        filtered = asked.filter or asked.context.query or plan.placement.settings.filter
        return np.zeros(len(plan.shelf), bool) if filtered else plan.shelf.offered

    def not_again(self, results: Results) -> list[str]:
        """Items that must not be answered, where there is no model that could say so."""
        plan, rows = self.plan, self._rows(self.known_of(results))
        rows = sorted(rows, key=lambda row: EARLIEST if row.time is None else row.time)
        settings = plan.placement.settings
        times = np.array([EARLIEST if row.time is None else row.time for row in rows], np.int64)
        taken = [
            row.kind in settings.exclude_kinds
            if settings.exclude_kinds
            else self._about(row.kind).is_choice
            for row in rows
        ]
        held = np.array(taken, bool) & settings.repeat.holds_back(times, plan.time)
        if settings.fatigue is not None:
            held |= settings.fatigue.holds_back(
                np.array([row.item for row in rows], np.object_),
                np.array([row.kind == IMPRESSION for row in rows], bool),
                np.array([self._about(row.kind).weight != 0 for row in rows], bool),
                times,
                plan.time,
            )
        chosen = [row.item for row, back in zip(rows, held, strict=True) if back]
        return [*chosen, *plan.asked.exclude]

    def _about(self, kind: str) -> KindSettings:
        return self.plan.kinds.get(kind, DEFAULT_KIND)

    @cached_property
    def _last_known(self) -> Known:
        """What was known before this question: the same for all its steps."""
        return self.histories.last_known(self.plan.asked.user, self.plan.asked.session)

    def _state(self, _: Results) -> Known:
        asked = self.plan.asked
        return self.known or self.histories.read(asked.user, asked.session)

    def _profile(self, _: Results) -> Mapping[str, Any]:
        return self.profiles.of(self.plan.asked.user)

    def _history(self, results: Results) -> tuple[History, Query]:
        return self._told(self.known_of(results))

    def _told(self, known: Known) -> tuple[History, Query]:
        plan, asked = self.plan, self.plan.asked
        if plan.loaded is None:
            return NO_HISTORY, Query(time=plan.time)
        catalogue = plan.loaded.model.retrieval.catalogue
        if asked.history or asked.context.time is not None:
            history = history_of(self._rows(known), catalogue, plan.kinds)
        elif self.known is not None:
            history = history_of(known.rows, catalogue, plan.kinds)
        else:
            history = self.histories.told(known, asked.user, asked.session, catalogue)
        time = plan.time
        if asked.context.time is None:
            time = max(time, history.newest + 1)
        query = history.query(time, limit=plan.settings.history, excluded=plan.excluded(history))
        if not asked.exclude:
            return history, query
        named = catalogue.ids.indices_of(asked.exclude)
        without = np.union1d(query.excluded, named[named >= 0]).astype(np.int32)
        return history, replace(query, excluded=without)

    def _rows(self, known: Known) -> list[EventRow]:
        """The events that count: those told with the question too, and none from after it."""
        asked, plan = self.plan.asked, self.plan
        told = [
            EventRow(
                sequence=0,
                id="",
                item=deed.item,
                kind=deed.kind,
                value=deed.value,
                time=plan.time - 1 if deed.time is None else deed.time,
                session=None,
                decision=None,
            )
            for deed in asked.history
        ]
        rows = [*known.rows, *told]
        if asked.context.time is None:
            return rows
        return [row for row in rows if row.time is None or row.time < plan.time]

    def _allowed(self, results: Results) -> Mask | None:
        """Which items of the shelf may be shown; None where all may."""
        plan, shelf, user = self.plan, self.plan.shelf, self.attributes(results)
        masks = [] if shelf.all_offered else [shelf.offered]
        own = plan.placement.mask(user)
        if own is not None:
            masks.append(own)
        if plan.condition is not None:
            masks.append(plan.condition.mask(shelf.columns, user))
        if plan.asked.context.query:
            masks.append(shelf.matching(plan.asked.context.query))
        return np.logical_and.reduce(masks) if masks else None

    def _asking(self, name: str) -> Any:
        source, n = self.model.retrieval.sources[name], len(self.model.retrieval.catalogue)

        def ask(results: Results) -> Scores:
            scores = source.score(self.query(results))
            if scores.shape != (n,) or not np.isfinite(scores).all():
                raise ValueError(f"the source {name} gave what are no scores of {n} items")
            return scores

        return ask

    def _pool(self, results: Results) -> Pool:
        plan, retrieval = self.plan, self.model.retrieval
        scores = {
            name: results[f"{SOURCE}{name}"]
            for name in retrieval.sources
            if f"{SOURCE}{name}" in results
        }
        if not scores:
            raise Unavailable("no source has answered")
        if self.given is not None:
            items = np.unique(self.given).astype(np.int32)
            return retrieval.pool_of_items(scores, items, self.query(results).excluded)
        allowed, excluded = self.allowed(results), self.query(results).excluded
        pins = plan.placement.pinned_items(self.attributes(results))
        if len(pins):
            pins = np.setdiff1d(pins[pins < plan.shelf.known], excluded)
        return retrieval.merge_some(
            scores,
            excluded,
            allowed=None if allowed is None else allowed[: plan.shelf.known],
            quotas=plan.placement.quotas(list(retrieval.sources)),
            also=pins if allowed is None else pins[allowed[pins]],
            at_least=plan.size,
        )

    def _order(self, results: Results) -> Ranked:
        pool = self._found(results)
        ranked = self.model.order(self.query(results), pool, len(pool))
        if len(ranked.scores) != len(pool) or not np.isfinite(ranked.scores).all():
            raise ValueError("the ranker gave what are no scores")
        return ranked

    def ordered(self, results: Results) -> tuple[Items, Numbers]:
        """The candidates best first: as the ranker orders them, or merged where it did not."""
        if ORDER in results:
            return results[ORDER].items, results[ORDER].scores
        best, fused = self._fused(results)
        return self._found(results).items[best], fused[best]

    def candidates(self, results: Results, places: Places) -> Pool:
        """What the sources say of some candidates, by their places in that order."""
        if ORDER in results:
            part: Pool = results[ORDER].take(places).pool
            return part
        best, _ = self._fused(results)
        return self._found(results).take(best[places])

    def _found(self, results: Results) -> Pool:
        if POOL not in results:
            raise Unavailable("there are no candidates")
        pool: Pool = results[POOL]
        return pool

    def _fused(self, results: Results) -> tuple[Places, Numbers]:
        """The order without the ranker, and the score of each candidate in it."""
        pool = self._found(results)
        proposed = pool.ranks < pool.quota
        fused = (proposed / (FUSION + 1 + pool.ranks.astype(np.float64))).sum(axis=0)
        return np.argsort(-fused, kind="stable"), fused

    def _slate(self, results: Results) -> Slate:
        items, scores = self.ordered(results)
        plan = self.plan
        return assemble(
            plan.placement,
            items,
            scores,
            size=plan.size,
            user=self.attributes(results),
            seed=plan.seed,
        )

    def shown(self, results: Results) -> Ranked | None:
        """The ranked candidates of the first page, in the order they are shown."""
        if ORDER not in results:
            return None
        ranked: Ranked = results[ORDER]
        if SLATE in results:
            slate: Slate = results[SLATE]
            places = slate.moved_from[: slate.shown]
        else:
            places = np.arange(min(self.plan.size, len(ranked.items)))
        if len(places) == len(ranked.items) and (places[1:] > places[:-1]).all():
            return ranked
        return ranked.take(places)

    def _chances(self, results: Results) -> Numbers:
        shown = self.shown(results)
        return NO_NUMBERS if shown is None else self.model.probabilities(shown)

    def _why(self, results: Results) -> list[Explanation]:
        shown = self.shown(results)
        return [] if shown is None else explain(self.model, shown)


NO_NUMBERS: Final = np.zeros(0)
NO_HISTORY: Final = History.of(Catalogue.of(Vocabulary([])), {}, [], [], [], [])
