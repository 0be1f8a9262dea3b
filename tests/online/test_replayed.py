"""A dataset that is learned event by event knows what one that was read up to there knows."""

import numpy as np
from tests.datasets.generated import random_log
from tests.training.tribes import SMALL, tribes

from shortlist.core.candidates import Query
from shortlist.core.times import EARLIEST
from shortlist.datasets.kinds import DEFAULT_KINDS
from shortlist.datasets.snapshot import Dataset
from shortlist.evaluation.protocols import PROTOCOLS
from shortlist.online.replayed import LearningOn, Replayed, Told
from shortlist.pipeline.model import Retrieval
from shortlist.training.train import fit_retrieval, train


def head(data: Dataset, number: int) -> Dataset:
    return data.where(np.arange(len(data.events)) < number)


def popularity(retrieval: Retrieval) -> list[float]:
    scores: list[float] = retrieval.sources["popularity"].score(Query()).tolist()
    return scores


def test_it_knows_what_was_learned_and_nothing_else() -> None:
    data = tribes()
    start, until = len(data.events) // 2, len(data.events) * 3 // 4
    replayed = Replayed.of(
        data, start, fit_retrieval(head(data, start), SMALL), kinds=DEFAULT_KINDS
    )

    replayed.learn(start + 7)
    replayed.learn(until)

    known = fit_retrieval(head(data, until), SMALL)
    assert popularity(replayed.retrieval()) == popularity(known)
    assert popularity(known) != popularity(fit_retrieval(head(data, start), SMALL))
    later = np.full(data.n_items, data.last_time + 1)
    items = np.arange(data.n_items, dtype=np.int32)
    for name in ("choices", "ratings"):
        ours, theirs = (
            each.stats.counters[name][each.stats.lines(items, later)]
            for each in (replayed.retrieval(), known)
        )
        assert ours.tolist() == theirs.tolist()


def test_a_row_says_what_the_event_said() -> None:
    data = random_log(users=5)
    told = Told(data)

    for place in range(len(data.events)):
        row, events = told.row(place), data.events
        assert row.sequence == place + 1
        assert data.users.index_of(row.user) == events.user[place]
        assert data.catalogue.ids.index_of(row.item) == events.item[place]
        assert row.kind == data.kinds[events.kind[place]]
        assert (row.time is None) == (events.time[place] == EARLIEST)
        value = np.nan if row.value is None else row.value
        assert np.array_equal(np.float32(value), events.value[place], equal_nan=True)


def test_a_past_ends_with_its_sequence_number() -> None:
    data = tribes()
    somebody = data.users[3]
    own = data.positions_of(3)

    found = Told(data).until([somebody, "a stranger"], int(own[4]) + 1)

    assert [row.sequence for row in found[somebody]] == (own[:5] + 1).tolist()
    assert "a stranger" not in found


def test_a_ranker_learns_on_from_what_it_was_asked() -> None:
    data = tribes()
    fold = PROTOCOLS["successive"].part(data, 0)[1]
    trained = train(fold.fit, SMALL, cut="time")
    learning = LearningOn.of(data, trained, settings=SMALL)
    asked = [(trained.model.retrieval, fold.questions)]

    once = learning.refreshed(trained.model.ranker, asked)
    twice = learning.refreshed(once, asked)

    trees = [each.order.trees for each in (trained.model.ranker, once, twice)]
    assert np.diff(trees).tolist() == [20, 20]


def test_where_nothing_can_be_told_apart_the_ranker_stays() -> None:
    data = tribes()
    fold = PROTOCOLS["successive"].part(data, 0)[1]
    trained = train(fold.fit, SMALL, cut="time")
    learning = LearningOn.of(data, trained, settings=SMALL)

    found = learning.refreshed(trained.model.ranker, [(trained.model.retrieval, [])])

    assert found is trained.model.ranker
