"""What every source promises that goes on learning between trainings."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.datasets.generated import random_log
from tests.datasets.rows import cut, head_of, rows_of
from tests.retrieval.asking import answers, fit, queries
from tests.retrieval.learning import arrivals_of, described, learning, same_arrays

from shortlist.datasets.snapshot import Dataset
from shortlist.retrieval import SOURCES
from shortlist.retrieval.source import Learner, SourceModel

LOG = random_log(users=15)
TRAINED = len(LOG.events) * 2 // 3
ROWS = rows_of(LOG)[TRAINED:]
KNOWN = LOG.n_items - 6
"""Items that a training knows where the others come since."""

LEARNING = learning()

EXACT = {"popularity", "trending", "transitions", "segment_popularity"}
"""Sources that come to what a training would, up to rounding; others come close."""


COUNTING = [name for name in LEARNING if name not in ("als", "content", "mixed_effects")]
"""Sources that learn of all items; the others only of those that came since."""


@pytest.fixture(params=COUNTING)
def counting(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture(params=LEARNING)
def name(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@cache
def trained(name: str, items: int | None) -> tuple[Dataset, SourceModel]:
    data = head_of(LOG, TRAINED, items)
    return data, fit(name, data)


def begun(name: str, items: int | None = None) -> Learner:
    data, model = trained(name, items)
    learner = model.learner(data.catalogue)
    assert learner is not None
    if items is not None:
        learner.extend(described(LOG.catalogue, data))
    return learner


def learned(learner: Learner, *places: int) -> Learner:
    for arrivals in arrivals_of(LOG, *cut(ROWS, *places)):
        learner.learn(arrivals)
    return learner


def apart(one: SourceModel, other: SourceModel) -> float:
    """How far the scores of two models differ, over all questions and items."""
    return sum(float(np.abs(one.score(q) - other.score(q)).sum()) for q in queries(LOG))


def told(model: SourceModel) -> object:
    return answers(model, queries(LOG))


def test_some_sources_go_on_learning() -> None:
    assert {"popularity", "trending"} <= set(LEARNING)


def test_before_anything_happens_it_answers_as_trained(name: str) -> None:
    data, model = trained(name, None)

    assert answers(begun(name).model(), queries(data)) == answers(model, queries(data))


@settings(max_examples=5, deadline=None, derandomize=True, suppress_health_check=[*HealthCheck])
@given(places=st.sets(st.integers(1, len(ROWS) - 1), max_size=len(ROWS)))
def test_it_learns_the_same_however_the_events_are_cut(name: str, places: set[int]) -> None:
    together, apart = learned(begun(name, KNOWN)), learned(begun(name, KNOWN), *sorted(places))

    assert same_arrays(together.arrays(), apart.arrays())
    assert told(together.model()) == told(apart.model())


@pytest.mark.parametrize("place", [0, 1, len(ROWS) // 2, len(ROWS) - 1])
def test_it_learns_the_same_when_stored_on_the_way(name: str, place: int) -> None:
    first, rest = begun(name, KNOWN), begun(name, KNOWN)
    parts = arrivals_of(LOG, ROWS[:place], ROWS[place:])
    for arrivals in parts[:-1]:
        first.learn(arrivals)

    rest.restore({part: array.copy() for part, array in first.arrays().items()})
    rest.learn(parts[-1])

    whole = learned(begun(name, KNOWN))
    assert same_arrays(rest.arrays(), whole.arrays())
    assert told(rest.model()) == told(whole.model())


def test_taking_models_on_the_way_changes_nothing(name: str) -> None:
    quiet, asked = learned(begun(name)), begun(name)
    for arrivals in arrivals_of(LOG, *cut(ROWS, 5, 50)):
        asked.model()
        asked.learn(arrivals)

    assert told(asked.model()) == told(quiet.model())


def test_a_model_taken_before_is_not_changed_by_what_follows(counting: str) -> None:
    learner = begun(counting)
    first, *rest = arrivals_of(LOG, *cut(ROWS, len(ROWS) // 2))
    learner.learn(first)
    model = learner.model()
    before = told(model)

    for arrivals in rest:
        learner.learn(arrivals)

    assert told(model) == before
    assert told(learner.model()) != before


def test_the_trained_model_is_not_changed(name: str) -> None:
    data, model = trained(name, None)
    before = answers(model, queries(data))

    learned(begun(name)).model()

    assert answers(model, queries(data)) == before


def test_it_comes_close_to_a_training_on_the_whole_log(counting: str) -> None:
    whole, stale = fit(counting, LOG), trained(counting, None)[1]

    live = learned(begun(counting)).model()

    near, far = apart(live, whole), apart(stale, whole)
    assert near < (1e-5 if counting in EXACT else 0.1) * far


@pytest.mark.parametrize("seed", range(3))
def test_events_that_come_late_are_learned_as_if_they_had_come_in_time(
    counting: str, seed: int
) -> None:
    """What came after the training comes in any order; each tells when it happened."""
    order = np.random.default_rng(seed).permutation(len(ROWS))
    numbered = [ROWS[at]._replace(sequence=TRAINED + n + 1) for n, at in enumerate(order)]
    late, in_time = begun(counting, KNOWN), learned(begun(counting, KNOWN))

    for arrivals in arrivals_of(LOG, *cut(numbered, len(ROWS) // 2)):
        late.learn(arrivals)

    near = apart(late.model(), in_time.model())
    assert near <= 1e-5 * apart(in_time.model(), begun(counting, KNOWN).model())


def test_items_that_came_since_are_answered(name: str) -> None:
    model = learned(begun(name, KNOWN)).model()

    proposed = {
        item for query in queries(LOG) for item in model.retrieve(query, LOG.n_items).items.tolist()
    }

    assert max(proposed) >= KNOWN


def test_what_is_taken_back_is_as_if_it_had_not_been(name: str) -> None:
    """All events after the training come, and are taken back, the last first."""
    learner, idle = begun(name), begun(name)
    parts = arrivals_of(LOG, *[[row] for row in ROWS[:40]])

    for arrivals in parts:
        learner.learn(arrivals)
        idle.learn(replace(arrivals, weight=np.zeros(1, np.float32)))
    for arrivals in parts[::-1]:
        learner.learn(replace(arrivals, sign=np.full(1, -1, np.int8)))

    for query in queries(LOG):
        found, without = learner.model().score(query), idle.model().score(query)
        assert found == pytest.approx(without, rel=1e-5, abs=1e-7)


def test_a_model_of_an_older_version_is_answered_with(name: str) -> None:
    """It may not go on learning, but it does not fail."""
    data, model = trained(name, None)
    arrays = model.arrays()
    for part in arrays:
        older = {other: array for other, array in arrays.items() if other != part}
        try:
            found = SOURCES[name].model.from_arrays(older)
        except KeyError:
            continue
        found.learner(data.catalogue)
        assert answers(found, queries(data)) == answers(model, queries(data))


@pytest.mark.parametrize("name", list(SOURCES))
def test_every_source_has_room_for_items_it_does_not_know(name: str) -> None:
    data, model = trained(name, KNOWN)
    longer = model.padded(LOG.n_items)

    for query in queries(data):
        scores = longer.score(query)

        assert scores[:KNOWN] == pytest.approx(model.score(query), rel=1e-6)
        assert not scores[KNOWN:].any()
    for query in queries(LOG):
        assert longer.score(query).shape == (LOG.n_items,)
        assert longer.because(query, LOG.n_items - 1).shape == query.history.shape
        assert longer.because(query, 0).shape == query.history.shape
    many = longer.score_many(queries(LOG))
    each = np.stack([longer.score(query) for query in queries(LOG)])
    assert many == pytest.approx(each, rel=1e-4, abs=1e-6)
