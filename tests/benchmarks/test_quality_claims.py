"""Those who say nothing, those of whom little is known, and what is claimed of all together."""

import numpy as np
from benchmarks.quality.cold import by_history, recall_of_unseen
from benchmarks.quality.exchange import Lists, opinions
from benchmarks.quality.summary import Compared, Library, verdict
from scipy.sparse import csr_array
from tests.benchmarks.test_quality import ALIEN, ALIENS, AMELIE, PADDINGTON, judge_of, lists

from shortlist.evaluation.results import Estimate


def test_who_says_the_same_of_every_item_says_nothing() -> None:
    judge = judge_of([ALIEN])
    constant, single = lists([AMELIE, PADDINGTON, -1], [0, 0, -np.inf]), lists([AMELIE], [0])

    assert judge.ranked(constant).items[0, 0] == AMELIE
    assert judge.ranked(opinions(constant)).items[0, 0] == ALIEN
    assert opinions(single).items.tolist() == [[AMELIE]]
    differing = lists([AMELIE, PADDINGTON], [1, 0])
    assert opinions(differing).items.tolist() == differing.items.tolist()


def test_users_are_told_apart_by_what_they_have() -> None:
    rows = [0] * 20 + [1] * 19 + [4] * 20 + [12] * 20
    known = csr_array(np.arange(13)[None, 1:] <= np.array(rows)[:, None])

    groups = by_history(known)

    assert [(name, int(members.sum())) for name, members in groups.items()] == [
        ("0", 20),
        ("3-5", 20),
        ("11 on", 20),
    ]


def test_only_answers_that_nobody_chose_before_count_as_unseen() -> None:
    judge = judge_of(*[[ALIEN, AMELIE]] * 20)
    train = csr_array(np.array([[1.0, 1, 0, 1]]))
    items = np.tile(np.array([AMELIE, ALIENS], np.int32), (20, 1))
    found = Lists(items, np.tile(np.array([2, 1], np.float32), (20, 1)))

    number, recall = recall_of_unseen({"row": judge.ranked(found)}, judge, train, k=1)

    assert (number, recall["row"].value) == (20, 1.0)


def test_a_cut_at_one_instant_is_told_apart() -> None:
    def told(protocol: str, ndcg: float) -> Compared:
        ahead = Estimate(value=0.1, low=0.05, high=0.15)
        return Compared("x", protocol, 10, 0.1, 0.2, 0.3, Library("y", "3", ndcg, ahead))

    said = verdict([told("last-share", 0.1), told("successive", 0.2)])

    assert "Of 2 comparisons two stages win 2" in said
    assert "(global-time or successive) they have 1.50 times the NDCG" in said
    assert "instant" not in verdict([told("random-share", 0.1)])
    assert "single source" not in verdict([told("random-share", 0.1)])
