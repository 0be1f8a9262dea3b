"""A data set under a protocol: what is learned, what is asked, and the same once more inside the
part that is learned, for choosing settings."""

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from benchmarks.quality.descriptions import GIVEN, Description
from benchmarks.quality.exchange import Events, Task
from benchmarks.quality.processes import shortlist
from benchmarks.quality.splits import as_tables, given_fold, read_split
from scipy.sparse import csr_array

from shortlist.bootstrap import open_home
from shortlist.core.times import EARLIEST
from shortlist.datasets.folds import Fold, Question
from shortlist.datasets.load import load_dataset
from shortlist.datasets.snapshot import Dataset
from shortlist.datasets.splits import Band, by_share
from shortlist.evaluation.protocols import PROTOCOLS, frequent_items
from shortlist.training.curriculum import Cut

Part = Literal["validation", "test"]

SEED = 0

MOST_VALIDATED = 2000
"""Questions that settings are chosen by; drawn evenly."""

LONGEST = 200
"""Newest events of a history that are handed to models of sequences."""


@dataclass(frozen=True)
class Problem:
    """One comparison."""

    about: Description
    protocol: str
    data: Dataset
    test: Fold

    @property
    def cut(self) -> Cut:
        """How the ranker's exercises are cut."""
        return "random" if self.protocol == GIVEN else PROTOCOLS[self.protocol].cut

    @property
    def meaning(self) -> str:
        """How past and future are parted, as a sentence."""
        if self.protocol == GIVEN:
            return "The split comes with the data: users are asked for all of its test part."
        return PROTOCOLS[self.protocol].meaning

    @property
    def catalogue_rule(self) -> str:
        """How many items are ranked, and which."""
        least = self.about.min_item_events
        rule = f"items with at least {least} events"
        if self.protocol != GIVEN:
            rule = PROTOCOLS[self.protocol].catalogue_rule(least)
        return f"{self.data.n_items:,} {rule}"

    def fold(self, part: Part) -> Fold:
        """What is learned and asked; for validation, inside of what is learned for the test."""
        return self.test if part == "test" else self._inside(self.test.fit)

    def _inside(self, fit: Dataset) -> Fold:
        if self.protocol == GIVEN:
            fold = by_share(fit, Band(0.8, 1), seed=SEED + 1)
        else:
            _, fold = PROTOCOLS[self.protocol].part(fit, SEED + 1)
        if len(fold.questions) <= MOST_VALIDATED:
            return fold
        drawn = np.linspace(0, len(fold.questions) - 1, MOST_VALIDATED).astype(int)
        return Fold(fold.fit, [fold.questions[each] for each in drawn])


def prepared_home(about: Description, home: Path) -> None:
    """The data set in a home, by the command line, unless it is there already."""
    if (home / "ready").exists():
        return
    home.mkdir(parents=True, exist_ok=True)
    if about.simulate:
        shortlist(home, "simulate", *about.simulate)
    for each in about.imports:
        shortlist(home, "import", *(word.format(folder=about.path) for word in each))
    if about.split:
        with tempfile.TemporaryDirectory() as folder:
            events, items = as_tables(read_split(about)[0], Path(folder))
            shortlist(home, "import", "items", items, "--id", "item")
            shortlist(home, "import", "events", events, "--user", "user", "--item", "item")
    (home / "ready").touch()


def problem_of(about: Description, protocol: str, home: Path) -> Problem:
    """The problem of a data set in a home."""
    opened = open_home(home)
    with opened.facts as facts:
        data = load_dataset(facts, opened.settings.kinds)
    if not len(data.events):
        sys.exit(f"{about.name}: nothing was imported")
    least = about.min_item_events
    if protocol == GIVEN:
        data = frequent_items(data, least)
        return Problem(about, protocol, data, given_fold(data, read_split(about)[1]))
    return Problem(about, protocol, *PROTOCOLS[protocol].part(data, SEED, least=least))


def task_of(fold: Fold) -> Task:
    """The fold as it is handed to rivals: without the answers."""
    fit, questions = fold.fit, fold.questions
    chosen = fit.events.take(fit.positive)
    known_to_train = np.diff(fit.interactions.indptr) > 0
    owner = np.array([each.query.user for each in questions], np.int32)
    users = np.where((owner >= 0) & known_to_train[owner], owner, -1).astype(np.int32)
    time = np.where(chosen.time > EARLIEST, chosen.time, -1)
    train = _valued(fit)
    histories = [each.query.history[each.query.weights > 0][-LONGEST:] for each in questions]
    return Task(
        train=train,
        events=Events(chosen.user, chosen.item, time),
        users=users,
        known=_known(train, questions),
        sequence=np.concatenate([np.zeros(0, np.int32), *histories]),
        start=np.cumsum([0, *(len(each) for each in histories)]),
    )


def _valued(fit: Dataset) -> csr_array:
    """users x items: the largest value of the choices, 1 where they have none."""
    events = fit.events.take(fit.positive)
    value = np.where(np.isfinite(events.value) & (events.value > 0), events.value, 1)
    order = np.lexsort((value, events.item, events.user))
    user, item, value = events.user[order], events.item[order], value[order]
    last = np.append((np.diff(user) != 0) | (np.diff(item) != 0), True)[: len(user)]
    cells = (value[last].astype(np.float32), (user[last], item[last]))
    return csr_array(cells, shape=(fit.n_users, fit.n_items))


def _known(train: csr_array, questions: Sequence[Question]) -> csr_array:
    """questions x items: what must not be answered, with values as in train where it is there."""
    rows: list[np.ndarray] = []
    values: list[np.ndarray] = []
    for each in questions:
        query = each.query
        value = np.ones(train.shape[1], np.float32)
        told = np.isfinite(query.values) & (query.values > 0)
        value[query.history[told]] = query.values[told]
        if query.user >= 0:
            own = slice(train.indptr[query.user], train.indptr[query.user + 1])
            value[train.indices[own]] = train.data[own]
        rows.append(query.excluded)
        values.append(value[query.excluded])
    start = np.cumsum([0, *(len(each) for each in rows)])
    data = np.concatenate([np.zeros(0, np.float32), *values])
    indices = np.concatenate([np.zeros(0, np.int32), *rows])
    return csr_array((data, indices, start), shape=(len(rows), train.shape[1]))
