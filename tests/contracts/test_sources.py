"""What every source promises to answer. A registered source is tested here by being registered."""

from dataclasses import replace

import numpy as np
import pytest
from tests.datasets.generated import odd_logs
from tests.retrieval.asking import USUAL, answers, fit, fitted, queries

from shortlist.core.candidates import Query
from shortlist.retrieval import SOURCES

ODD = odd_logs()


@pytest.fixture(params=list(SOURCES))
def name(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


def test_it_scores_every_item_with_a_finite_number(name: str) -> None:
    for query in queries(USUAL):
        scores = fitted(name).score(query)

        assert scores.dtype == np.float32
        assert scores.shape == (USUAL.n_items,)
        assert np.isfinite(scores).all()


def test_it_answers_many_queries_as_it_answers_each(name: str) -> None:
    asked = queries(USUAL)

    together = fitted(name).score_many(asked)

    each = np.stack([fitted(name).score(query) for query in asked])
    assert together.dtype == np.float32
    assert together == pytest.approx(each, rel=1e-4, abs=1e-6)


def test_it_answers_something_from_a_history(name: str) -> None:
    """The promises below are empty where nothing is answered."""
    asked = [query for query in queries(USUAL) if len(query.history) > 3]

    assert all(len(fitted(name).retrieve(query, 5)) for query in asked)


def test_it_answers_best_first_and_no_item_twice(name: str) -> None:
    for query in queries(USUAL):
        found = fitted(name).retrieve(query, USUAL.n_items)

        assert (np.diff(found.scores) <= 0).all()
        assert len(set(found.items.tolist())) == len(found)
        assert found.items.dtype == np.int32
        assert found.scores.dtype == np.float32


def test_it_answers_the_best_of_what_it_scores(name: str) -> None:
    """The answer is what sorting all scores gives: equal ones by index, nothing below zero."""
    for query in queries(USUAL):
        scores = fitted(name).score(query)
        allowed = np.setdiff1d(np.flatnonzero(scores > 0), query.excluded)
        ordered = sorted(allowed.tolist(), key=lambda item: (-scores[item], item))

        found = fitted(name).retrieve(query, 5)

        assert found.items.tolist() == ordered[:5]
        assert np.array_equal(found.scores, scores[ordered[:5]])


@pytest.mark.parametrize("limit", [0, 1, 3, 10_000])
def test_it_answers_no_more_than_asked_for(name: str, limit: int) -> None:
    for query in queries(USUAL):
        everything = fitted(name).retrieve(query, USUAL.n_items)

        found = fitted(name).retrieve(query, limit)

        assert found.items.tolist() == everything.items[:limit].tolist()


def test_it_never_answers_what_is_excluded(name: str) -> None:
    everything = np.arange(USUAL.n_items, dtype=np.int32)
    for query in queries(USUAL):
        found = fitted(name).retrieve(query, 3)
        without = replace(query, excluded=np.append(query.excluded, found.items))
        nothing = replace(query, excluded=everything)

        assert not set(fitted(name).retrieve(without, 3).items) & set(without.excluded)
        assert len(fitted(name).retrieve(nothing, 3)) == 0


def test_it_never_answers_what_the_user_has(name: str) -> None:
    for query in queries(USUAL):
        found = fitted(name).retrieve(query, USUAL.n_items)

        assert not set(found.items.tolist()) & set(query.history.tolist())


def test_it_answers_whoever_knows_the_same_alike(name: str) -> None:
    """A user is what they did: the index of the user changes nothing, nor does being unknown."""
    query = USUAL.query(3)
    stranger = replace(query, user=-1)

    assert answers(fitted(name), [query]) == answers(fitted(name), [stranger])


def test_it_answers_a_history_of_items_nobody_chose(name: str) -> None:
    unseen = np.flatnonzero(np.asarray(USUAL.interactions.sum(axis=0)) == 0).astype(np.int32)
    assert len(unseen) >= 2
    query = Query(history=unseen)

    scores = fitted(name).score(query)

    assert np.isfinite(scores).all()
    assert np.isfinite(fitted(name).because(query, 0)).all()


def test_it_gives_every_event_one_finite_part_in_every_score(name: str) -> None:
    for query in queries(USUAL):
        for item in (0, 7, USUAL.n_items - 1):
            parts = fitted(name).because(query, item)

            assert parts.shape == query.history.shape
            assert parts.dtype == np.float32
            assert np.isfinite(parts).all()


@pytest.mark.parametrize("log", list(ODD))
def test_it_answers_from_an_odd_log(name: str, log: str) -> None:
    data = ODD[log]
    model = fit(name, data)
    for query in queries(data):
        scores = model.score(query)
        found = model.retrieve(query, 5)

        assert scores.shape == (data.n_items,)
        assert scores.dtype == np.float32
        assert np.isfinite(scores).all()
        assert not set(found.items.tolist()) & set(query.excluded.tolist())
        if data.n_items:
            assert np.isfinite(model.because(query, 0)).all()
    again = SOURCES[name].model.from_arrays(model.arrays())
    assert answers(again, queries(data)) == answers(model, queries(data))
