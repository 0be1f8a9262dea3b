"""A decision made again: to compare, and to go on with a list where its page ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from shortlist.core.errors import ShortlistError
from shortlist.core.lanes import Lanes
from shortlist.datasets.history import Kinds
from shortlist.pipeline.explain import explain
from shortlist.pipeline.model import Ranked
from shortlist.serving.answers import Answer, Shown, Why
from shortlist.serving.asked import Asked, Context, Deed
from shortlist.serving.cursors import write_place
from shortlist.serving.decisions import Decided, answer_of
from shortlist.serving.engine import Engine, Loaded
from shortlist.serving.following import Following
from shortlist.serving.histories import Histories, Known
from shortlist.serving.making import ORDER, Making
from shortlist.serving.plan import Plan
from shortlist.serving.profiles import Profiles
from shortlist.serving.settings import ServingSettings
from shortlist.serving.shelf import Shelves
from shortlist.serving.steps import Outcome, run
from shortlist.serving.told import decided_of, proposers, whys
from shortlist.slate import PlacementSettings
from shortlist.storage.facts import Facts
from shortlist.storage.facts.decisions import DecisionRow

PATIENCE = 20.0
"""How many budgets a replay may take: nobody's page waits for it."""

CLOSE = 1e-6
"""How far two scores may be apart and count as the same."""


@dataclass(frozen=True)
class Page:
    """A further page: as it is answered, and as it is kept."""

    answer: Answer
    row: DecisionRow


@dataclass(frozen=True)
class Replays:
    """Makes decisions again, from the log, the bundle and the settings of their time."""

    facts: Facts
    engine: Engine
    shelves: Shelves
    following: Following
    histories: Histories
    profiles: Profiles
    kinds: Kinds
    settings: ServingSettings
    lanes: Lanes

    def compare(self, row: DecisionRow) -> dict[str, Any]:
        """Make a list again, and say in what it differs from the one that was answered."""
        was = row.answer["items"]
        try:
            making, outcome = self._again(row, self._then(row))
        except ShortlistError as error:
            return {
                "same": False,
                "differences": [f"it cannot be made again: {error}"],
                "items": [],
            }
        shown = decided_of(making, outcome.results).shown
        found = [*self._reasons(row, making, outcome), *_differences(was, shown)]
        return {
            "same": not _differences(was, shown),
            "differences": found,
            "items": [each.item for each in shown],
        }

    def page(self, row: DecisionRow, offset: int, limit: int | None, *, explain: bool) -> Page:
        """The items of a decided list from an offset on, in the order decided then."""
        first = [Shown(**{**each, "why": None}) for each in row.answer["items"]]
        rest = [
            Shown(item, len(first) + at, score, None, ())
            for at, (item, score) in enumerate(row.answer["following"])
        ]
        whole = [*first, *rest]
        size = limit or int(row.asked["size"])
        shown = whole[offset : offset + size]
        shown, degraded = self._with_chances(row, shown, explained=explain)
        end = offset + len(shown)
        answer = Answer(
            decision=row.id,
            bundle=row.bundle,
            placement=row.placement,
            items=shown,
            degraded=degraded,
            next=write_place(row.id, end) if end < len(whole) else None,
        )
        kept = Decided(shown, None, (), ())
        page_row = row._replace(
            id=f"{row.id}.{offset}", answer=answer_of(kept, degraded), features=None
        )
        return Page(answer, page_row)

    def _with_chances(
        self, row: DecisionRow, shown: Sequence[Shown], *, explained: bool
    ) -> tuple[list[Shown], list[str]]:
        """The items with the probabilities (and reasons) that making the list again gives them."""
        if not shown or row.bundle is None:
            return [*shown], [*row.answer["degraded"]]
        try:
            making, outcome = self._again(row, self._now(row))
            ranked: Ranked = outcome.results[ORDER]
        except (ShortlistError, KeyError):
            return [*shown], [*row.answer["degraded"], "probabilities"]
        catalogue = making.model.retrieval.catalogue
        place_of = {item: place for place, item in enumerate(ranked.items.tolist())}
        found = [place_of.get(catalogue.ids.index_of(each.item), -1) for each in shown]
        there = np.array([place for place in found if place >= 0], np.intp)
        part = ranked.take(there)
        chances = making.model.probabilities(part).tolist()
        sources = proposers(part.pool, list(making.model.retrieval.sources))
        reasons: list[Why] | list[None] = (
            whys(explain(making.model, part), catalogue) if explained else [None] * len(there)
        )
        told = iter(zip(chances, sources, reasons, strict=True))
        filled = []
        for each, place in zip(shown, found, strict=True):
            if place < 0:
                filled.append(each)
                continue
            chance, names, why = next(told)
            filled.append(each._replace(probability=chance, sources=names, why=why))
        return filled, [*row.answer["degraded"]]

    def _then(self, row: DecisionRow) -> Loaded | None:
        """What answered, as it was: the bundle, and what it had learned. Raises UnknownBundle."""
        if row.bundle is None:
            return None
        trained = self.engine.open(row.bundle)
        online = row.asked.get("online")
        return trained if online is None else self.following.at(trained, online)

    def _now(self, row: DecisionRow) -> Loaded | None:
        """The bundle that answered, as it is: to say of a list what is not kept of its order."""
        loaded = self.engine.loaded
        if row.asked.get("online") is None or loaded is None or loaded.bundle != row.bundle:
            return None if row.bundle is None else self.engine.open(row.bundle)
        return loaded

    def _again(self, row: DecisionRow, loaded: Loaded | None) -> tuple[Making, Outcome]:
        """The steps of a decision, done once more."""
        making = Making(
            self._plan(row, loaded),
            self.histories,
            self.profiles,
            known=self._known(row),
            given=None,
        )
        if "given" in row.asked:
            places = making.plan.shelf.ids.indices_of(row.asked["given"])
            making = replace(making, given=places[places >= 0])
        return making, run(making.steps(), self.lanes)

    def _plan(self, row: DecisionRow, loaded: Loaded | None) -> Plan:
        shelf = self.shelves.of(loaded)
        recipe = PlacementSettings.model_validate(row.asked["placement"])
        budget = self.settings.budget_ms * PATIENCE
        return Plan(
            decision=row.id,
            asked=_asked(row),
            time=row.time,
            size=row.asked["size"],
            placement=self.shelves.ready(recipe, shelf),
            loaded=loaded,
            shelf=shelf,
            kinds=self.kinds,
            settings=self.settings.model_copy(update={"budget_ms": budget}),
            attributes=_attributes(row),
            silent=frozenset([*row.asked["silent"], *row.answer["degraded"]]),
        )

    def _known(self, row: DecisionRow) -> Known:
        """What was known of the user then; nothing where they were erased since."""
        kept = self.settings.remembered
        if row.user is not None:
            events = self.facts.recent_of(row.user, kept)
        elif row.session is not None:
            events = self.facts.recent_of_session(row.session, kept)
        else:
            return Known(())
        return Known([each for each in events if each.sequence <= row.sequence])

    def _reasons(self, row: DecisionRow, making: Making, outcome: Outcome) -> list[str]:
        """What has changed since that may make the list another."""
        found = []
        if making.plan.shelf.revision != row.asked["items_revision"]:
            found.append("items were changed since")
        lost = [*outcome.late, *outcome.failed]
        if lost:
            found.append(f"left out this time: {', '.join(lost)}")
        return found


def _differences(was: Sequence[Mapping[str, Any]], now: Sequence[Shown]) -> list[str]:
    found = []
    if [each["item"] for each in was] != [each.item for each in now]:
        found.append("other items, or another order")
    elif any(
        abs(then["score"] - each.score) > CLOSE * max(1, abs(each.score))
        for then, each in zip(was, now, strict=True)
    ):
        found.append("other scores")
    return found


def _asked(row: DecisionRow) -> Asked:
    asked = row.asked
    return Asked(
        user=row.user,
        session=row.session,
        history=[Deed(*each) for each in asked["history"]],
        placement=row.placement,
        limit=asked["limit"],
        filter=asked["filter"],
        exclude=tuple(asked["exclude"]),
        context=Context(**asked["context"]),
        attributes=asked["attributes"],
    )


def _attributes(row: DecisionRow) -> dict[str, Any]:
    return {**row.asked["attributes"], **({"id": row.user} if row.user else {})}
