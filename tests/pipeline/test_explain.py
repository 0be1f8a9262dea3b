"""Explanations add up, and speak of what is really there."""

from dataclasses import replace

import numpy as np
import pytest
from tests.training.tribes import ITEMS, tribes

from shortlist.core.candidates import Query
from shortlist.pipeline.explain import Explanation, explain
from shortlist.pipeline.model import Model, Ranked
from shortlist.ranking.booster import Booster, Labelled, grow
from shortlist.ranking.columns import meaning
from shortlist.training.train import Trained


@pytest.fixture
def model(trained: Trained) -> Model:
    return trained.model


def explained(model: Model, query: Query, k: int = ITEMS) -> tuple[Ranked, list[Explanation]]:
    ranked = model.rank(query, k)
    return ranked, explain(model, ranked)


@pytest.mark.parametrize("user", range(6))
def test_base_and_contributions_add_up_to_the_score(model: Model, user: int) -> None:
    ranked, found = explained(model, tribes().query(user))

    assert len(found) == len(ranked.items) > 5
    for each in found:
        total = each.base + sum(one.amount for one in each.contributions)
        assert total == pytest.approx(each.score, abs=1e-6)


def test_every_item_is_explained_in_the_order_of_the_list(model: Model) -> None:
    ranked, found = explained(model, tribes().query(0), 5)

    assert [each.item for each in found] == ranked.items.tolist()
    assert [each.score for each in found] == ranked.scores.tolist()


def test_every_column_has_its_say_the_largest_effect_first(model: Model) -> None:
    ranked, found = explained(model, tribes().query(0), 3)

    columns = model.retrieval.columns()
    for place, each in enumerate(found):
        assert sorted(one.column for one in each.contributions) == sorted(columns)
        sizes = [abs(one.amount) for one in each.contributions]
        assert sizes == sorted(sizes, reverse=True)
        for one in each.contributions:
            assert one.meaning == meaning(one.column)
            assert one.value == ranked.matrix[place, columns.index(one.column)]


def test_the_sources_are_those_that_proposed_the_item_the_keenest_first(model: Model) -> None:
    query = tribes().query(0)
    quota = model.retrieval.settings.per_source

    _, found = explained(model, query)

    for each in found:
        ranks = {}
        for name, source in model.retrieval.sources.items():
            proposals = source.retrieve(query, quota).items.tolist()
            if each.item in proposals:
                ranks[name] = proposals.index(each.item)
        assert set(each.sources) == set(ranks)
        assert [ranks[name] for name in each.sources] == sorted(ranks.values())


@pytest.mark.parametrize("user", range(6))
def test_the_drivers_are_events_of_the_users_own_with_what_they_carried(
    model: Model, user: int
) -> None:
    query = tribes().query(user)
    own = dict(zip(query.history.tolist(), query.values.tolist(), strict=True))

    _, found = explained(model, query)

    for each in found:
        assert len(each.drivers) <= 3
        for driver in each.drivers:
            assert driver.value == own[driver.item]
        shares = [driver.share for driver in each.drivers]
        assert shares == sorted(shares, reverse=True)
        assert all(0 < share <= 1 for share in shares)
        assert sum(shares) <= 1 + 1e-9


def test_what_the_tribe_chooses_is_there_because_of_the_tribes_films(model: Model) -> None:
    of_own, of_others = 0.0, 0.0
    for user in range(10):
        _, found = explained(model, tribes().query(user), 3)
        for each in found:
            for driver in each.drivers:
                of_own += driver.share * (driver.item % 2 == each.item % 2)
                of_others += driver.share * (driver.item % 2 != each.item % 2)

    assert of_own > 3 * of_others


@pytest.mark.parametrize("source", ["item_neighbours", "transitions"])
def test_the_drivers_are_what_the_source_that_moved_the_ranker_was_moved_by(
    model: Model, source: str
) -> None:
    query, column = tribes().query(0), f"{source}.score"
    believer = replace(model, ranker=replace(model.ranker, order=_believing(model, column)))

    best, *_, worst = explain(believer, believer.rank(query, ITEMS), drivers=1)

    spoke = model.retrieval.sources[source].because(query, best.item)
    (driver,) = best.drivers
    assert driver.item == query.history[spoke.argmax()]
    assert driver.share == pytest.approx(spoke.max() / spoke.sum())
    assert worst.drivers == []


def _believing(model: Model, column: str) -> Booster:
    """A forest that looks at one column of the query's candidates and at nothing else."""
    columns = model.retrieval.columns()
    seen = model.rank(tribes().query(0), ITEMS).matrix
    matrix = np.zeros((400, len(columns)), np.float32)
    own = seen[:, columns.index(column)]
    matrix[:, columns.index(column)] = np.linspace(own.min(), own.max(), 400)
    labels = (np.arange(400) > 200).astype(np.float32)
    rows = Labelled(matrix, labels, np.array([400]))
    return grow({"objective": "binary", "verbose": -1}, rows, rows, columns, trees=9, patience=9)


def test_more_drivers_are_told_where_more_are_asked_for(model: Model) -> None:
    ranked = model.rank(tribes().query(0), 3)

    few, many = explain(model, ranked, drivers=1), explain(model, ranked, drivers=9)

    assert max(len(each.drivers) for each in few) == 1
    assert max(len(each.drivers) for each in many) > 3


def test_nothing_somebody_new_did_drove_what_they_are_given(model: Model) -> None:
    _, found = explained(model, Query(time=tribes().last_time + 1), 5)

    assert [list(each.drivers) for each in found] == [[]] * 5
    assert all(each.sources for each in found)


def test_a_film_that_was_chosen_and_rated_is_one_reason_with_its_rating(model: Model) -> None:
    rated = tribes().query(0)
    clicks = np.full(len(rated.history), np.nan, np.float32)
    twice = Query(
        np.repeat(rated.history, 2),
        np.repeat(rated.weights, 2),
        np.column_stack([rated.values, clicks]).ravel(),
        np.repeat(rated.times, 2),
        rated.time,
    )

    _, found = explained(model, twice, 5)

    own = dict(zip(rated.history.tolist(), rated.values.tolist(), strict=True))
    drivers = [driver for each in found for driver in each.drivers]
    assert drivers
    assert all(driver.value == own[driver.item] for driver in drivers)
    for each in found:
        items = [driver.item for driver in each.drivers]
        assert len(set(items)) == len(items)


def test_an_empty_list_has_nothing_to_explain(model: Model) -> None:
    ranked = model.rank(replace(tribes().query(0), excluded=np.arange(ITEMS, dtype=np.int32)), 5)

    assert explain(model, ranked) == []


def test_an_event_that_carried_nothing_is_told_without_a_value(model: Model) -> None:
    rated = tribes().query(0)
    clicked = Query(rated.history, rated.weights, times=rated.times, time=rated.time)

    _, found = explained(model, clicked, 5)

    values = {driver.value for each in found for driver in each.drivers}
    assert values == {None}
    assert np.isnan(clicked.values).all()
