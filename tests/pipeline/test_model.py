from dataclasses import replace

import numpy as np
import pytest
from tests.training.tribes import ITEMS, tribes

from shortlist.core.candidates import Query, Scores
from shortlist.pipeline.model import Model
from shortlist.ranking.booster import Labelled, grow
from shortlist.training.train import Trained


@pytest.fixture
def model(trained: Trained) -> Model:
    return trained.model


def everybody() -> list[Query]:
    return [tribes().query(user) for user in range(tribes().n_users)]


def test_nobody_is_given_what_they_have(model: Model) -> None:
    for query in everybody():
        ranked = model.rank(query, ITEMS)

        assert len(ranked.items)
        assert not set(ranked.items.tolist()) & set(query.history.tolist())


def test_what_may_be_given_again_is(model: Model) -> None:
    query = replace(tribes().query(0), excluded=np.empty(0, np.int32))

    again = set(model.rank(query, ITEMS).items.tolist()) & set(query.history.tolist())

    assert again


def test_a_list_is_ordered_by_score_and_no_longer_than_asked(model: Model) -> None:
    for query in everybody():
        ranked = model.rank(query, 5)

        assert len(ranked.items) == len(ranked.scores) == len(ranked.matrix) == 5
        assert (np.diff(ranked.scores) <= 0).all()
        assert len(set(ranked.items.tolist())) == 5


def test_a_short_list_is_the_beginning_of_a_long_one(model: Model) -> None:
    query = tribes().query(0)

    short, long = model.rank(query, 3), model.rank(query, 10)

    assert short.items.tolist() == long.items[:3].tolist()
    assert short.scores.tolist() == long.scores[:3].tolist()


def test_equal_scores_go_to_the_smaller_index(model: Model) -> None:
    columns = model.retrieval.columns()
    rows = Labelled(
        matrix=np.zeros((40, len(columns)), np.float32),
        labels=np.tile(np.array([0, 1], np.float32), 20),
        groups=np.array([40]),
    )
    alike = grow({"objective": "binary", "verbose": -1}, rows, rows, columns, trees=1, patience=1)
    indifferent = replace(model, ranker=replace(model.ranker, order=alike))
    pool = model.retrieval.gather(tribes().query(0))

    ranked = indifferent.rank(tribes().query(0), ITEMS)

    assert len(np.unique(ranked.scores)) == 1
    assert ranked.items.tolist() == pool.items.tolist()


def test_where_only_some_are_allowed_nothing_else_is_given(model: Model) -> None:
    query = tribes().query(0)
    free = np.setdiff1d(np.arange(ITEMS, dtype=np.int32), query.excluded)[:4]

    ranked = model.rank(query, ITEMS, allowed=free)

    assert len(ranked.items)
    assert set(ranked.items.tolist()) <= set(free.tolist())


def test_somebody_new_is_given_a_list(model: Model) -> None:
    ranked = model.rank(Query(time=tribes().last_time + 1), 10)

    assert len(ranked.items) == 10
    assert np.isfinite(ranked.scores).all()


def test_somebody_who_has_everything_is_given_nothing(model: Model) -> None:
    query = replace(tribes().query(0), excluded=np.arange(ITEMS, dtype=np.int32))

    ranked = model.rank(query, 10)

    assert len(ranked.items) == len(ranked.scores) == 0
    assert model.probabilities(ranked).tolist() == []


def test_many_queries_at_once_have_the_rows_each_has_alone(model: Model) -> None:
    """What is computed for training is what is computed for one request, to the bit."""
    queries = everybody()[:10]
    pools = [model.retrieval.gather(query) for query in queries]

    together = model.retrieval.matrix(queries, pools)

    alone = [model.retrieval.matrix([q], [p]) for q, p in zip(queries, pools, strict=True)]
    assert np.array_equal(together, np.concatenate(alone), equal_nan=True)
    assert together.shape[1] == len(model.retrieval.columns())


def test_many_queries_are_given_the_lists_each_is_given_alone(model: Model) -> None:
    queries = [*everybody(), Query(time=tribes().last_time + 1)] * 3

    together = list(model.rank_many(queries, 7))

    alone = [model.rank(query, 7) for query in queries]
    assert len(queries) > 64
    assert [each.items.tolist() for each in together] == [each.items.tolist() for each in alone]
    for one, other in zip(together, alone, strict=True):
        assert one.query is other.query
        assert one.scores == pytest.approx(other.scores, abs=1e-6)
        assert one.matrix == pytest.approx(other.matrix, rel=1e-4, abs=1e-6, nan_ok=True)


def test_many_queries_are_given_only_what_is_allowed(model: Model) -> None:
    free = np.arange(5, dtype=np.int32)

    ranked = list(model.rank_many(everybody(), ITEMS, allowed=free))

    assert any(len(each.items) for each in ranked)
    assert all(set(each.items.tolist()) <= set(free.tolist()) for each in ranked)


def test_a_probability_is_one_for_each_item_between_nought_and_one(model: Model) -> None:
    ranked = model.rank(tribes().query(0), 10)

    chances = model.probabilities(ranked)

    assert chances.shape == (10,)
    assert ((chances > 0) & (chances < 1)).all()


def test_asking_twice_gives_the_same(model: Model) -> None:
    once, again = (model.rank(tribes().query(1), 10) for _ in range(2))

    assert np.array_equal(once.items, again.items)
    assert np.array_equal(once.scores, again.scores)


# --- where serving asks the sources itself ------------------------------------------------------


def asked(model: Model, query: Query) -> dict[str, Scores]:
    return {name: source.score(query) for name, source in model.retrieval.sources.items()}


def test_sources_asked_one_by_one_give_the_same_candidates(model: Model) -> None:
    for query in everybody():
        together = model.retrieval.gather(query)

        pool = model.retrieval.merge_some(asked(model, query), query.excluded)

        assert pool.items.tolist() == together.items.tolist()
        assert np.array_equal(pool.ranks, together.ranks)
        assert np.array_equal(pool.scores, together.scores)


def test_a_source_that_is_missing_says_and_proposes_nothing(model: Model) -> None:
    query = tribes().query(0)
    scores = asked(model, query)
    missing = "transitions"
    place = list(scores).index(missing)
    del scores[missing]

    pool = model.retrieval.merge_some(scores, query.excluded)

    assert not pool.scores[place].any()
    assert (pool.ranks[place] == pool.quota).all()
    assert len(model.order(query, pool, 5).items) == 5


def test_given_items_are_the_candidates_a_list_would_have_of_them(model: Model) -> None:
    query = tribes().query(0)
    gathered = model.retrieval.gather(query)
    some = np.arange(0, len(gathered), 2)

    pool = model.retrieval.pool_of_items(
        asked(model, query), gathered.items[some], excluded=query.excluded
    )

    assert np.array_equal(pool.ranks, gathered.ranks[:, some])
    assert np.array_equal(pool.tops, gathered.tops)


def test_given_items_may_be_what_the_user_has(model: Model) -> None:
    query = tribes().query(0)
    given = np.unique(query.history)

    pool = model.retrieval.pool_of_items(asked(model, query), given)

    assert pool.items.tolist() == given.tolist()
    assert len(model.order(query, pool, len(pool)).items) == len(given)
