import numpy as np

from shortlist.ranking.booster import Labelled
from shortlist.training.replay import Replay


def questions(*sizes: int) -> Labelled:
    """The n-th question has rows of n, the first of them right."""
    n = sum(sizes)
    labels = np.concatenate([[1.0, *[0.0] * (size - 1)] for size in sizes]).astype(np.float32)
    rows = np.repeat(np.arange(len(sizes), dtype=np.float32), sizes)
    return Labelled(np.stack([rows, np.arange(n)], axis=1), labels, np.array(sizes, np.int64))


def drawn(most: int, *sizes: int) -> Replay:
    users = [f"user-{each}" for each in range(len(sizes))]
    return Replay.of(questions(*sizes), users, np.random.default_rng(0), most)


def test_questions_are_kept_whole_and_not_too_many() -> None:
    found = drawn(10, 3, 4, 5, 3, 4)

    assert len(found.rows.labels) == found.rows.groups.sum() <= 10
    assert found.rows.labels.sum() == len(found.rows.groups) == len(found.users) >= 2
    begins = np.cumsum(found.rows.groups) - found.rows.groups
    assert found.rows.labels[begins].tolist() == [1.0] * len(begins)


def test_everything_is_kept_where_there_is_room() -> None:
    found, given = drawn(100, 3, 4, 5), questions(3, 4, 5)

    assert np.array_equal(found.rows.matrix, given.matrix)
    assert np.array_equal(found.rows.groups, given.groups)


def test_who_is_gone_is_left_out() -> None:
    found = drawn(100, 3, 4, 5).without_strangers(["user-0", "user-2", "user-9"])

    assert found.rows.groups.tolist() == [3, 5]
    assert set(found.rows.matrix[:, 0].tolist()) == {0.0, 2.0}


def test_what_is_new_joins_under_the_same_disguise() -> None:
    both = drawn(100, 3, 4).joined(questions(5), ["user-1"])

    assert both.rows.groups.tolist() == [3, 4, 5]
    assert both.users[1] == both.users[2] != both.users[0]
    assert both.without_strangers(["user-1"]).rows.groups.tolist() == [4, 5]


def test_it_comes_back_from_its_arrays() -> None:
    given = drawn(100, 3, 4)

    found = Replay.from_arrays(given.arrays())

    assert np.array_equal(found.rows.matrix, given.rows.matrix)
    assert np.array_equal(found.users, given.users)
    assert found.without_strangers(["user-1"]).rows.groups.tolist() == [4]


def test_names_cannot_be_read_from_it() -> None:
    assert b"user-1" not in b"".join(each.tobytes() for each in drawn(100, 3, 4).arrays().values())
