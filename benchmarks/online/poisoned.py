"""Whether a ranker that learned the wrong thing comes to answer, and one that learned does.

    python benchmarks/online/poisoned.py [--runs 20] [--seed 100] [--at-once 2]

Each run is a simulated world of its own. A ranker is trained on the first half of its log, with the
defaults: it learns from the lists that were shown (`--learn-from candidates`: from all candidates).
It learns on from the next part twice, as the worker would: from what people chose (good), and from
the same questions with their labels flipped (poisoned): what was chosen counts as passed over, and
all else that was shown (or every other candidate) as chosen. Each of the two is then a challenger,
asked beside the champion about every choice of the rest of the log, out of what was shown, before
anybody learns of it, until the worker's own rule ends the comparison, with the worker's default
settings: promoted, or rejected. One that is promoted stays under watch until it is settled or
rolled back. Sources and statistics go on learning all the while, and are the same for all.
"""

import argparse
import multiprocessing
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
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
from shortlist.online.choices import HORIZON, PER_USER
from shortlist.online.refresh import Moment, refresh
from shortlist.online.refreshing import evenly
from shortlist.online.replayed import Replayed
from shortlist.online.stages import Comparison, verdict
from shortlist.online.tally import Tally
from shortlist.online.tracks import Asked
from shortlist.online.worker_settings import WorkerSettings
from shortlist.pipeline.model import Retrieval
from shortlist.ranking.ranker import Ranker
from shortlist.settings import Settings
from shortlist.simulation import World
from shortlist.simulation.keep import keep
from shortlist.training.settings import TrainingSettings
from shortlist.training.train import Trained, train

TRAINED, LEARNED = 0.5, 0.65
"""Shares of the log that are trained on, and that have been learned from when it is compared."""

FOLD_EVERY = 200
WORKER = WorkerSettings()
EACH = ("after", "difference", "foretold")
COLUMNS = ("run", "good", *EACH, "poisoned", *EACH)
OUTCOMES = {"settle": "promoted", "roll_back": "rolled back", "reject": "rejected"}


@dataclass(frozen=True)
class Outcome:
    """What became of a challenger."""

    name: str
    events: int
    """Choices that counted until the first verdict."""
    difference: float
    """The mean of its progressive score less the champion's, until then."""
    foretold: float | None
    """How much likelier it took the choices to be, in log-likelihood; None where nobody says."""


@dataclass(frozen=True)
class Ran:
    """What became of the two of a world."""

    seed: int
    good: Outcome
    poisoned: Outcome
    shown: bool
    """Whether they learned from the lists that were shown."""


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
    add("--learn-from", choices=["auto", "shown", "candidates"], default="auto")
    add("--at-once", type=int, default=1, help="worlds that run side by side")
    add("--results", type=Path, default=FILE)
    asked = parser.parse_args()
    about = (
        f"simulated worlds of {asked.users:,} users, {asked.items:,} items and {asked.events:,} "
        f"clicks and ratings; seeds {asked.seed} to {asked.seed + asked.runs - 1}"
    )
    name = "poisoned-refresh" + ("-candidates" if asked.learn_from == "candidates" else "")
    results = Results(name, "Good and poisoned refreshes", asked, about, clients=False)
    found, started = [], time.monotonic()
    for each in _all(asked):
        found.append(each)
        print(*_row(each), f"{time.monotonic() - started:.0f} s", flush=True)
    results.table("What became of the challengers", COLUMNS, [_row(each) for each in found])
    good = sum(each.good.name == "promoted" for each in found)
    stopped = sum(each.poisoned.name != "promoted" for each in found)
    shown = sum(each.shown for each in found)
    results.say(
        f"Good refreshes promoted: {good} of {asked.runs}. Poisoned ones not promoted, or rolled "
        f"back: {stopped} of {asked.runs}. Learned from the lists shown: {shown} of {asked.runs}, "
        "the others from all candidates."
    )
    results.write()


def _all(asked: argparse.Namespace) -> Iterator[Ran]:
    """Every world, in the order of the seeds."""
    one, seeds = partial(_ran, asked), range(asked.seed, asked.seed + asked.runs)
    if asked.at_once == 1:
        yield from map(one, seeds)
        return
    apart = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(asked.at_once, apart) as processes:
        yield from processes.map(one, seeds)


def _ran(asked: argparse.Namespace, seed: int) -> Ran:
    return run(world_log(seed, asked), seed, TrainingSettings(learn_from=asked.learn_from))


def _row(ran: Ran) -> list[str]:
    return [str(ran.seed), *_cells(ran.good), *_cells(ran.poisoned)]


def _cells(outcome: Outcome) -> list[str]:
    told = "" if outcome.foretold is None else f"{outcome.foretold:+.4f}"
    return [outcome.name, f"{outcome.events:,}", f"{outcome.difference:+.4f}", told]


def world_log(seed: int, asked: argparse.Namespace) -> Dataset:
    """The log of a world, as a home reads it."""
    world = World(users=asked.users, items=asked.items)
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder), Settings())
        with home.facts as facts:
            keep(world.simulate(asked.events, seed), facts, home.path)
            return load_dataset(facts, home.settings.kinds)


def run(data: Dataset, seed: int, settings: TrainingSettings) -> Ran:
    """What becomes of a ranker that learned on, and of one that learned on from flipped labels."""
    cut, compared = instant_at(data, TRAINED), instant_at(data, LEARNED)
    trained = train(data.before(cut), settings)
    log = Replayed.of(
        data, int((data.events.time < cut).sum()), trained.model.retrieval, kinds=Settings().kinds
    )
    moments = _moments(data, log, cut, compared)
    champion = trained.model.ranker
    shown = champion.start is not None
    flipped = _flipped(moments, shown=shown)
    good, poisoned = (
        _learned(champion, trained, each, settings, seed) for each in (moments, flipped)
    )
    outcomes = _compared(data, log, compared, champion, (good, poisoned))
    return Ran(seed, *outcomes, shown)


def _in_order(questions: Sequence[Question]) -> list[Question]:
    return sorted(questions, key=lambda each: each.query.time)


def _stretches(
    data: Dataset, log: Replayed, questions: Sequence[Question]
) -> Iterator[tuple[Retrieval, list[Question]]]:
    """What proposes, and what it is asked: everything that was learned lies before it."""
    known = np.searchsorted(data.events.time, [each.query.time for each in questions], side="left")
    place = 0
    while place < len(questions):
        log.learn(int(known[place]))
        end = int(np.searchsorted(known, known[place] + FOLD_EVERY, side="left"))
        end = max(end, place + 1)
        yield log.retrieval(), list(questions[place:end])
        place = end


def _moments(data: Dataset, log: Replayed, start: int, end: int) -> list[Moment]:
    """What the worker would learn from."""
    fold = successive(data, start, end, horizon=HORIZON, per_user=PER_USER)
    users = [*data.users]
    found = [
        Moment(retrieval, asked, users)
        for retrieval, asked in _stretches(data, log, _in_order(fold.questions))
    ]
    return evenly(found, WORKER.refresh_questions)


def _flipped(moments: Sequence[Moment], *, shown: bool) -> list[Moment]:
    """The same questions, answered by all that the right answers were to be told apart from."""
    found = []
    for each in moments:
        flipped = (_other(each, question, shown=shown) for question in each.questions)
        found.append(replace(each, questions=[one for one in flipped if one is not None]))
    return found


def _other(moment: Moment, question: Question, *, shown: bool) -> Question | None:
    """The question with its answers flipped; None where that leaves none."""
    told = question.shown if shown else moment.retrieval.gather(question.query).items
    if told is None:
        return None
    wrong = np.concatenate([question.items, question.query.excluded])
    others = np.setdiff1d(told, wrong).astype(np.int32)
    if not len(others):
        return None
    one = np.ones(len(others), np.float32)
    return replace(question, items=others, gains=one, liked=one > 0)


def _learned(
    champion: Ranker,
    trained: Trained,
    moments: Sequence[Moment],
    settings: TrainingSettings,
    seed: int,
) -> Ranker | None:
    """What the worker would make of it; None where it would make nothing."""
    try:
        return refresh(
            champion,
            moments,
            trained.replay,
            settings,
            trees=WORKER.refresh_trees,
            seed=seed,
            most=WORKER.replay_rows,
        ).ranker
    except TooLittleData:
        return None


class Challenger:
    """One that is compared, until the rule ends it."""

    def __init__(self, ranker: Ranker | None) -> None:
        self.ranker = ranker
        self.outcome = Outcome("refused", 0, 0.0, None) if ranker is None else None
        self.over = ranker is None
        self._stage = Comparison("shadow", "challenger", "champion", 0, 0)
        self._tally = Tally(WORKER.per_user)

    def found(self) -> Outcome:
        """What became of it by the end of the log."""
        return self.outcome or self._so_far("undecided")

    def _so_far(self, name: str) -> Outcome:
        bounds, foretold = self._tally.bounds(WORKER.error)
        return Outcome(name, bounds.n, bounds.mean, None if foretold is None else foretold.mean)

    def count(self, user: str, asked: Asked, champion: Ranker) -> None:
        """Count a choice, as the worker does."""
        if self.over or self.ranker is None:
            return
        scores = asked.score(self.ranker), asked.score(champion)
        if asked.shown is None:
            self._tally.add(user, *scores)
        else:
            watched = self._stage.kind == "watch"
            worth = asked.worth(self.ranker if watched else champion)
            said = asked.said(self.ranker, champion)
            self._tally.add_shown(user, scores, worth, asked.place, asked.time, said)
        bounds, foretold = self._tally.bounds(WORKER.error)
        found = verdict(self._stage, bounds, 0, WORKER, foretold)
        if found is None:
            return
        word, _ = found
        first = self.outcome or self._so_far("")
        self.outcome = replace(first, name=OUTCOMES.get(word, "promoted"))
        self.over = word != "promote"
        self._stage = Comparison("watch", "challenger", "champion", 0, 0)
        self._tally = Tally(WORKER.per_user)


def _compared(
    data: Dataset, log: Replayed, start: int, champion: Ranker, rankers: Sequence[Ranker | None]
) -> tuple[Outcome, Outcome]:
    """What became of the challengers on the rest of the log."""
    challengers, beside = [Challenger(each) for each in rankers], _shown(data)
    questions = _in_order(successive(data, start, data.last_time + 1).questions)
    for retrieval, asked in _stretches(data, log, questions):
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
