"""Whether a ranker that learned the wrong thing comes to answer, and one that learned does.

    python benchmarks/online/poisoned.py [--runs 20] [--seed 100]

Each run is a simulated world of its own. A ranker is trained on the first half of its log, and
learns on from the next part twice: from what people chose (good), and from the same questions with
their labels flipped: what was chosen counts as not chosen, and every other candidate as chosen
(poisoned). Each of the two is then a challenger, asked beside the champion about every choice of
the rest of the log, out of what was shown, before anybody learns of it, until the worker's own rule
ends the comparison, with the worker's default settings: promoted, or rejected. One that is promoted
stays under watch until it is settled or rolled back. Sources and statistics go on learning all the
while, and are the same for all.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from parts import FILE, Results

from shortlist.bootstrap import Home
from shortlist.core.candidates import Items
from shortlist.core.errors import TooLittleData
from shortlist.datasets.folds import Question
from shortlist.datasets.load import load_dataset
from shortlist.datasets.shown_lists import shown_lists
from shortlist.datasets.snapshot import Dataset
from shortlist.datasets.splits import instant_at, successive
from shortlist.online.refresh import Moment, refresh
from shortlist.online.replayed import Replayed
from shortlist.online.stages import Comparison, verdict
from shortlist.online.tally import Tally
from shortlist.online.tracks import Asked
from shortlist.online.worker_settings import WorkerSettings
from shortlist.ranking.ranker import Ranker, RankerSettings
from shortlist.settings import Settings
from shortlist.simulation import World
from shortlist.simulation.keep import keep
from shortlist.training.settings import TrainingSettings
from shortlist.training.train import Trained, train

TRAINED, LEARNED = 0.5, 0.65
"""Shares of the log that are trained on, and that have been learned from when it is compared."""

FOLD_EVERY = 200
TRAINING = TrainingSettings(
    sources={
        name: {} for name in ("popularity", "trending", "item_neighbours", "als", "transitions")
    },
    ranker=RankerSettings(trees=100),
    questions=2000,
)
WORKER = WorkerSettings()
COLUMNS = ("run", "good", "after", "difference", "poisoned", "after", "difference")
OUTCOMES = {"settle": "promoted", "roll_back": "rolled back", "reject": "rejected"}


@dataclass(frozen=True)
class Outcome:
    """What became of a challenger."""

    name: str
    events: int
    """Choices that counted until the first verdict."""
    difference: float
    """The mean of its progressive score less the champion's, until then."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--runs", type=int, default=20)
    add("--seed", type=int, default=100, help="of the first run; each next one is one more")
    add("--users", type=int, default=1000)
    add("--items", type=int, default=400)
    add("--events", type=int, default=20_000)
    add("--results", type=Path, default=FILE)
    asked = parser.parse_args()
    about = (
        f"simulated worlds of {asked.users:,} users, {asked.items:,} items and {asked.events:,} "
        f"clicks and ratings; seeds {asked.seed} to {asked.seed + asked.runs - 1}"
    )
    results = Results(
        "poisoned-refresh", "Good and poisoned refreshes", asked, about, clients=False
    )
    rows, good, stopped, started = [], 0, 0, time.monotonic()
    for seed in range(asked.seed, asked.seed + asked.runs):
        learned, poisoned = run(world_log(seed, asked), seed)
        good += learned.name == "promoted"
        stopped += poisoned.name != "promoted"
        rows.append([str(seed), *_cells(learned), *_cells(poisoned)])
        print(*rows[-1], f"{time.monotonic() - started:.0f} s", flush=True)
    results.table("What became of the challengers", COLUMNS, rows)
    results.say(
        f"Good refreshes promoted: {good} of {asked.runs}. Poisoned ones not promoted, or rolled "
        f"back: {stopped} of {asked.runs}."
    )
    results.write()


def _cells(outcome: Outcome) -> list[str]:
    return [outcome.name, f"{outcome.events:,}", f"{outcome.difference:+.4f}"]


def world_log(seed: int, asked: argparse.Namespace) -> Dataset:
    """The log of a world, as a home reads it."""
    world = World(users=asked.users, items=asked.items)
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder), Settings())
        with home.facts as facts:
            keep(world.simulate(asked.events, seed), facts, home.path)
            return load_dataset(facts, home.settings.kinds)


def run(data: Dataset, seed: int) -> tuple[Outcome, Outcome]:
    """What becomes of a ranker that learned on, and of one that learned on from flipped labels."""
    cut, compared = instant_at(data, TRAINED), instant_at(data, LEARNED)
    trained = train(data.before(cut), TRAINING)
    log = Replayed.of(
        data, int((data.events.time < cut).sum()), trained.model.retrieval, kinds=Settings().kinds
    )
    moments = list(_moments(data, log, cut, compared))
    champion = trained.model.ranker
    good, poisoned = (
        _learned(champion, trained, each, seed) for each in (moments, _flipped(moments))
    )
    return _compared(data, log, compared, champion, (good, poisoned))


def _questions(data: Dataset, start: int, end: int) -> list[Question]:
    """What people chose in a stretch, in the order of time."""
    return sorted(successive(data, start, end).questions, key=lambda each: each.query.time)


def _stretches(
    data: Dataset, log: Replayed, questions: Sequence[Question]
) -> Iterator[tuple[object, list[Question]]]:
    """What proposes, and what it is asked: everything that was learned lies before it."""
    known = np.searchsorted(data.events.time, [each.query.time for each in questions], side="left")
    place = 0
    while place < len(questions):
        log.learn(int(known[place]))
        end = int(np.searchsorted(known, known[place] + FOLD_EVERY, side="left"))
        end = max(end, place + 1)
        yield log.retrieval(), list(questions[place:end])
        place = end


def _moments(data: Dataset, log: Replayed, start: int, end: int) -> Iterator[Moment]:
    users = [*data.users]
    for retrieval, asked in _stretches(data, log, _questions(data, start, end)):
        yield Moment(retrieval, asked, users)


def _flipped(moments: Sequence[Moment]) -> list[Moment]:
    """The same questions, answered by every candidate but the right one."""
    return [
        replace(each, questions=[_other(each, question) for question in each.questions])
        for each in moments
    ]


def _other(moment: Moment, question: Question) -> Question:
    pool = moment.retrieval.gather(question.query)
    others = np.setdiff1d(pool.items, question.items).astype(np.int32)
    one = np.ones(len(others), np.float32)
    return replace(question, items=others, gains=one, liked=one > 0)


def _learned(champion: Ranker, trained: Trained, moments: Sequence[Moment], seed: int) -> Ranker:
    try:
        return refresh(
            champion,
            moments,
            trained.replay,
            TRAINING,
            trees=WORKER.refresh_trees,
            seed=seed,
            most=WORKER.replay_rows,
        ).ranker
    except TooLittleData:
        return champion


class Challenger:
    """One that is compared, until the rule ends it."""

    def __init__(self, ranker: Ranker) -> None:
        self.ranker = ranker
        self.outcome: Outcome | None = None
        self.over = False
        self._stage = Comparison("shadow", "challenger", "champion", 0, 0)
        self._tally = Tally(WORKER.per_user)

    def found(self) -> Outcome:
        """What became of it by the end of the log."""
        bounds = self._tally.bounds(WORKER.error)
        return self.outcome or Outcome("undecided", bounds.n, bounds.mean)

    def count(self, user: str, asked: Asked, champion: Ranker) -> None:
        """Count a choice, as the worker does."""
        if self.over:
            return
        scores = asked.score(self.ranker), asked.score(champion)
        if asked.shown is None:
            self._tally.add(user, *scores)
        else:
            worth = asked.worth(champion)
            self._tally.add_shown(user, scores, worth, asked.place, asked.time)
        bounds = self._tally.bounds(WORKER.error)
        found = verdict(self._stage, bounds, 0, WORKER)
        if found is None:
            return
        word, _ = found
        first = self.outcome or Outcome("", bounds.n, bounds.mean)
        self.outcome = replace(first, name=OUTCOMES.get(word, "promoted"))
        self.over = word != "promote"
        self._stage = Comparison("watch", "challenger", "champion", 0, 0)
        self._tally = Tally(WORKER.per_user)


def _compared(
    data: Dataset, log: Replayed, start: int, champion: Ranker, rankers: Sequence[Ranker]
) -> tuple[Outcome, Outcome]:
    """What became of the challengers on the rest of the log."""
    challengers, beside = [Challenger(each) for each in rankers], _shown(data)
    for retrieval, asked in _stretches(data, log, _questions(data, start, data.last_time + 1)):
        if all(each.over for each in challengers):
            break
        for each in asked:
            user, item = each.query.user, int(each.items[0])
            asked_all = Asked.of(retrieval, each, item, beside.get((user, each.query.time)))
            for one in challengers:
                one.count(data.users[user], asked_all, champion)
    good, poisoned = (each.found() for each in challengers)
    return good, poisoned


def _shown(data: Dataset) -> dict[tuple[int, int], Items]:
    """What was shown together, by whom it was shown to and when."""
    lists = shown_lists(data)
    ends = np.flatnonzero(np.diff(lists.list_of, append=-1)) + 1
    events, places = data.events, np.split(lists.impressions, ends[:-1])
    owners = (int(events.user[each[0]]) for each in places if len(each))
    shown = (events.item[each] for each in places if len(each))
    return dict(zip(zip(owners, lists.begins.tolist(), strict=True), shown, strict=True))


if __name__ == "__main__":
    main()
