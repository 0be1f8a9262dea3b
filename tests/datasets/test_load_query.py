"""What is asked for a user is the same whichever way it is read."""

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from tests.datasets.kept import by_lot, kept

from shortlist.core.candidates import Query
from shortlist.core.errors import UnknownUser
from shortlist.core.events import Event
from shortlist.core.times import HOUR
from shortlist.datasets.catalogue import Catalogue
from shortlist.datasets.kinds import DEFAULT_KINDS
from shortlist.datasets.load import load_dataset, load_queries, load_query
from shortlist.datasets.vocabulary import Vocabulary
from shortlist.storage.facts import Facts

TRAINED_ON = Catalogue.of(Vocabulary(["alien", "aliens", "amelie", "paddington"]))
"""The films of the bundle; others came later."""


def assert_same(one: Query, other: Query) -> None:
    for column in fields(Query):
        mine, theirs = getattr(one, column.name), getattr(other, column.name)
        assert np.array_equal(mine, theirs, equal_nan=np.asarray(mine).dtype.kind == "f"), (
            column.name
        )


def asked(facts: Facts, user: str, catalogue: Catalogue = TRAINED_ON, limit: int = 500) -> Query:
    found = load_query(facts, catalogue, DEFAULT_KINDS, user, limit=limit)
    assert found is not None
    return found


@pytest.mark.parametrize("limit", [5, 500])
def test_one_user_is_asked_about_as_the_whole_log_would_ask(tmp_path: Path, limit: int) -> None:
    with kept(tmp_path, by_lot(200), by_lot(200, seed=1)) as facts:
        data = load_dataset(facts, DEFAULT_KINDS)
        for index, user in enumerate(data.users):
            newest = int(data.events.time[data.positions_of(index)].max())
            expected = replace(data.query(index, time=newest + 1, limit=limit), user=-1)

            assert_same(asked(facts, user, data.catalogue, limit), expected)


@pytest.mark.parametrize("limit", [5, 500])
def test_all_users_are_asked_about_as_each_alone(tmp_path: Path, limit: int) -> None:
    with kept(tmp_path, by_lot(200), by_lot(200, seed=1)) as facts:
        found = list(load_queries(facts, TRAINED_ON, DEFAULT_KINDS, limit=limit))

        assert [user for user, _, _ in found] == ["u0", "u1", "u2", "u3"]
        for user, query, total in found:
            assert total == 4
            assert_same(query, asked(facts, user, limit=limit))


def test_some_users_are_asked_about_in_the_order_they_are_named(tmp_path: Path) -> None:
    with kept(tmp_path, by_lot(100)) as facts:
        found = list(load_queries(facts, TRAINED_ON, DEFAULT_KINDS, ["u3", "u1"]))

    assert [(user, total) for user, _, total in found] == [("u3", 2), ("u1", 2)]


def test_a_stranger_is_nobody(tmp_path: Path) -> None:
    with kept(tmp_path, [Event("ann", "alien", "click")]) as facts:
        assert load_query(facts, TRAINED_ON, DEFAULT_KINDS, "bob") is None
        with pytest.raises(UnknownUser, match="1 of the users are not in the log: bob"):
            list(load_queries(facts, TRAINED_ON, DEFAULT_KINDS, ["ann", "bob"]))


def test_what_was_imported_a_moment_ago_counts(tmp_path: Path) -> None:
    with kept(tmp_path, [Event("ann", "alien", "click", time=HOUR)]) as facts:
        facts.append([Event("ann", "amelie", "rating", value=5, time=2 * HOUR)])

        query = asked(facts, "ann")

    assert query.history.tolist() == [0, 2]
    assert query.excluded.tolist() == [0, 2]
    assert query.time == 2 * HOUR + 1


def test_items_that_came_after_training_are_left_out(tmp_path: Path) -> None:
    events = [
        Event("ann", "alien", "click", time=HOUR),
        Event("ann", "brazil", "click", time=2 * HOUR),
        Event("ann", "brazil", "impression", time=2 * HOUR),
    ]

    with kept(tmp_path, events) as facts:
        query = asked(facts, "ann")

    assert query.history.tolist() == [0]
    assert query.shown.tolist() == []
    assert query.time == 2 * HOUR + 1


def test_somebody_who_met_only_new_items_has_an_empty_history(tmp_path: Path) -> None:
    with kept(tmp_path, [Event("ann", "brazil", "click", time=HOUR)]) as facts:
        (alone,) = [query for _, query, _ in load_queries(facts, TRAINED_ON, DEFAULT_KINDS)]

        assert len(asked(facts, "ann").history) == 0
        assert_same(alone, asked(facts, "ann"))


def test_somebody_whose_times_are_unknown_is_asked_about_after_all_of_it(tmp_path: Path) -> None:
    with kept(tmp_path, [Event("ann", "alien", "click")]) as facts:
        query = asked(facts, "ann")

    assert query.time == 1
    assert (query.times < query.time).all()
