"""A champion learns on, and becomes a bundle that waits to be compared."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any, Final

import numpy as np

from shortlist.core.errors import TooLittleData
from shortlist.datasets.folds import Question
from shortlist.online.choices import Decided, Kinds, questions_between
from shortlist.online.refresh import Moment, Refreshed, refresh
from shortlist.online.tracks import Contender
from shortlist.online.window import Window
from shortlist.online.worker_settings import WorkerSettings
from shortlist.ranking.booster import Labelled
from shortlist.storage.bundles import BundleContents, BundleStore
from shortlist.storage.facts import Facts
from shortlist.training.publish import REPLAY, ranker_parts
from shortlist.training.replay import Replay
from shortlist.training.settings import TrainingSettings

READ: Final = 5_000
"""The newest events of a user that are read."""

Say = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Refreshing:
    """Makes refreshed bundles out of what happened in a window of the log."""

    facts: Facts
    bundles: BundleStore
    kinds: Kinds
    settings: WorkerSettings
    history: int
    """The newest events of a user that sources and features look at."""

    def make(self, parent: Contender, window: Window, until: int, say: Say) -> tuple[str, Any]:
        """Publish the champion as it is after learning on; its id, and the figures.

        Raises TooLittleData where there is nothing to learn from.
        """
        began = monotonic()
        moments = self._moments(window, until, say)
        say("growing trees", 0, 0)
        lineage = dict(parent.bundle.lineage)
        nth = int(lineage.get("refreshes", 0)) + 1
        training = TrainingSettings.model_validate(parent.bundle.settings)
        refreshed = refresh(
            parent.ranker,
            moments,
            self._replay(parent),
            training,
            trees=self.settings.refresh_trees,
            seed=training.seed + nth,
            most=self.settings.replay_rows,
        )
        figures = {**refreshed.figures, "seconds": round(monotonic() - began, 1)}
        lineage |= {
            "parent": parent.bundle.id,
            "root": parent.root,
            "refreshes": nth,
            "refreshed_until": until,
            "refresh": figures,
        }
        return self.bundles.derive(parent.bundle.id, _contents(refreshed, parent, lineage)), figures

    def _moments(self, window: Window, until: int, say: Say) -> list[Moment]:
        stretches = list(window.stretches(until))
        found = []
        decided = decided_by(self.facts)
        for turn, each in enumerate(stretches):
            say("asking about what was chosen", turn, len(stretches))
            questions: list[Question] = []
            for user, name in enumerate(each.users):
                rows = self.facts.events_of(name, until + 1, READ)[::-1]
                questions += questions_between(
                    rows,
                    each.after,
                    each.until,
                    each.retrieval.catalogue,
                    self.kinds,
                    user=user,
                    limit=self.history,
                    decided=decided,
                )
            found.append(Moment(each.retrieval, questions, each.users))
        asked = [question for moment in found for question in moment.questions]
        if len({question.query.time for question in asked}) < 2:
            raise TooLittleData(
                "Nothing was chosen since that says when: there are no times, or all are the same."
            )
        return evenly(found, self.settings.refresh_questions)

    def _replay(self, parent: Contender) -> Replay:
        """What the bundle keeps, without those who are not in the log any more."""
        arrays = parent.bundle.arrays(REPLAY)
        if not arrays:
            return _nothing(parent)
        return Replay.from_arrays(arrays).without_strangers(self.facts.users_in_log())


def decided_by(facts: Facts) -> Decided:
    """When a decision was made, by its id."""

    def instant(decision: str) -> int | None:
        row = facts.decisions.get(decision)
        return None if row is None else row.time

    return instant


def _nothing(parent: Contender) -> Replay:
    width = len(parent.columns)
    rows = Labelled(
        np.empty((0, width), np.float32), np.empty(0, np.float32), np.empty(0, np.int64)
    )
    return Replay(rows, np.empty(0, np.uint64), np.zeros(16, np.uint8))


def evenly(moments: Sequence[Moment], most: int) -> list[Moment]:
    """At most so many of the questions, spread evenly."""
    total = sum(len(each.questions) for each in moments)
    if total <= most:
        return list(moments)
    kept = {*np.linspace(0, total - 1, most).astype(int).tolist()}
    found, begin = [], 0
    for each in moments:
        own = [q for place, q in enumerate(each.questions, begin) if place in kept]
        found.append(replace(each, questions=own))
        begin += len(each.questions)
    return found


def _contents(refreshed: Refreshed, parent: Contender, lineage: dict[str, Any]) -> BundleContents:
    arrays, texts = ranker_parts(refreshed.ranker, refreshed.replay)
    bundle = parent.bundle
    return BundleContents(
        arrays=arrays,
        texts=texts,
        lineage=lineage,
        metrics=bundle.metrics,
        settings=bundle.settings,
    )
