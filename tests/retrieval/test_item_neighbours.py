import numpy as np
import pytest
from tests.datasets.by_hand import ALIEN, ALIENS, AMELIE, PADDINGTON, after
from tests.datasets.rows import head_of, rows_of
from tests.retrieval.learning import arrivals_of, kept_up, taken_back

from shortlist.datasets.snapshot import Dataset
from shortlist.retrieval.item_neighbours import BLOCK, NEAR, ItemNeighbours, ItemNeighboursModel
from shortlist.retrieval.source import SourceModel

COSINE = {"activity": 0.0, "popularity": 0.5}


def by_definition(
    data: Dataset, shrinkage: float, activity: float = 0, popularity: float = 0.5
) -> np.ndarray:
    """Shrunk cosines between all pairs, written with dense matrices and loops."""
    chosen = data.interactions.toarray().astype(float)
    n = data.n_items
    audience = chosen.sum(axis=0)
    says = np.maximum(chosen.sum(axis=1), 1) ** -activity
    says /= (chosen * says[:, None]).sum() / chosen.sum()
    similarity = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            shared = (says * chosen[:, i] * chosen[:, j]).sum()
            if i != j and shared:
                cosine = shared / (audience[i] ** (1 - popularity) * audience[j] ** popularity)
                similarity[i, j] = cosine * shared / (shared + shrinkage)
    return similarity


def random_choices(users: int, items: int, share: float) -> Dataset:
    drawn = np.random.default_rng(0).random((users, items)) < share
    return Dataset.of(*[np.flatnonzero(row).tolist() for row in drawn], items=items)


def test_it_recommends_what_the_same_audience_chose() -> None:
    data = Dataset.of([ALIEN, ALIENS], [ALIEN, ALIENS], [AMELIE, PADDINGTON], items=4)

    found = ItemNeighbours().fit(data).retrieve(after(ALIEN), limit=4)

    assert found.items.tolist() == [ALIENS]


@pytest.mark.parametrize("shrinkage", [0.0, 10.0])
def test_similarity_is_the_shrunk_cosine(shrinkage: float) -> None:
    data = random_choices(40, 15, 0.3)

    model = ItemNeighbours(shrinkage=shrinkage, **COSINE).fit(data)

    assert model.similarity.toarray() == pytest.approx(by_definition(data, shrinkage), rel=1e-5)


@pytest.mark.parametrize("activity", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("popularity", [0.0, 0.35, 1.0])
def test_similarity_discounts_the_active_and_the_popular(
    activity: float, popularity: float
) -> None:
    data = random_choices(40, 15, 0.3)

    model = ItemNeighbours(shrinkage=3, activity=activity, popularity=popularity).fit(data)

    expected = by_definition(data, 3, activity, popularity)
    assert model.similarity.toarray() == pytest.approx(expected, rel=1e-5)


def test_those_who_choose_everything_say_less() -> None:
    """ALIEN was chosen once with ALIENS, by somebody of few words, and once with PADDINGTON."""
    data = Dataset.of([ALIEN, ALIENS], [ALIEN, PADDINGTON, AMELIE, 4, 5, 6, 7], items=8)

    similarity = ItemNeighbours(popularity=0).fit(data).similarity[[ALIEN]].toarray()[0]

    assert similarity[ALIENS] > similarity[PADDINGTON] > 0


def test_it_is_the_same_over_the_border_of_two_blocks() -> None:
    """The last items of the first block and the first of the second know each other."""
    near = [BLOCK - 2, BLOCK - 1, BLOCK, BLOCK + 1]
    data = Dataset.of(near, near, near[1:], [0, BLOCK + 1], items=BLOCK + 2)

    similarity = ItemNeighbours(shrinkage=0, **COSINE).fit(data).similarity

    assert similarity[[BLOCK - 1]].toarray()[0, near] == pytest.approx(
        [(2 / 3) ** 0.5, 0, 1, 0.75**0.5]
    )
    assert similarity[[BLOCK]].toarray()[0, near] == pytest.approx(
        [(2 / 3) ** 0.5, 1, 0, 0.75**0.5]
    )
    assert similarity[[0]].toarray()[0, BLOCK + 1] == pytest.approx(0.5)


def test_shrinkage_prefers_the_larger_overlap() -> None:
    # Everyone who chose PADDINGTON (one person) chose ALIEN; most of ALIENS' many did.
    data = Dataset.of([ALIEN, PADDINGTON], *[[ALIEN, ALIENS]] * 9, [ALIENS], items=4)

    trusting = ItemNeighbours(shrinkage=0).fit(data).similarity[[ALIEN]].toarray()[0]
    cautious = ItemNeighbours(shrinkage=10).fit(data).similarity[[ALIEN]].toarray()[0]

    assert cautious[PADDINGTON] / cautious[ALIENS] < trusting[PADDINGTON] / trusting[ALIENS]


def test_it_keeps_only_the_nearest_neighbours() -> None:
    data = Dataset.of([ALIEN, ALIENS], [ALIEN, ALIENS], [ALIEN, AMELIE], items=4)

    found = ItemNeighbours(neighbours=1).fit(data).retrieve(after(ALIEN), limit=4)

    assert found.items.tolist() == [ALIENS]


def test_the_last_choice_counts_most() -> None:
    data = Dataset.of([ALIEN, ALIENS], [AMELIE, PADDINGTON], items=4)
    model = ItemNeighbours(half_life=1).fit(data)

    scores = model.score(after(ALIEN, AMELIE))

    assert scores[ALIENS] == scores[PADDINGTON] / 2


def test_without_times_all_choices_count_alike() -> None:
    data = Dataset.of([ALIEN, ALIENS], [AMELIE, PADDINGTON], items=4, times=False)
    model = ItemNeighbours(half_life=1).fit(data)

    scores = model.score(after(ALIEN, AMELIE))

    assert scores[ALIENS] == scores[PADDINGTON] > 0


def test_what_resembles_a_disliked_item_is_not_proposed() -> None:
    data = Dataset.of([ALIEN, ALIENS], [AMELIE, PADDINGTON], items=4)

    found = ItemNeighbours().fit(data).retrieve(after(AMELIE, disliked=(ALIEN,)), limit=4)

    assert found.items.tolist() == [PADDINGTON]


def test_choosing_twice_is_one_member_of_the_audience() -> None:
    once = Dataset.of([ALIEN, ALIENS], [ALIEN, AMELIE], items=4)
    again = Dataset.of([ALIEN, ALIENS, ALIENS, ALIEN], [ALIEN, AMELIE], items=4)

    left, right = (ItemNeighbours().fit(data).similarity.toarray() for data in (once, again))

    assert np.array_equal(left, right)


def test_each_choice_says_what_it_added() -> None:
    data = random_choices(40, 15, 0.3)
    model = ItemNeighbours().fit(data)
    query = after(3, 7, 7, 1, disliked=(2,))

    added = model.because(query, 5)

    assert added.sum() == pytest.approx(model.score(query)[5], rel=1e-5)
    assert added[0] == pytest.approx(model.score(after(3))[5] * 2 ** (-4 / 10), rel=1e-5)
    assert added[-1] < 0


# --- between trainings ---------------------------------------------------------------------


def scores(model: SourceModel, item: int) -> list[float]:
    found: list[float] = model.score(after(item)).tolist()
    return found


def test_who_chooses_since_the_training_joins_the_audience() -> None:
    """Exactly, where all choices say the same."""
    recipe = ItemNeighbours(activity=0)
    data = Dataset.of(
        [ALIEN, ALIENS], [ALIEN, ALIENS, AMELIE], [ALIENS, ALIEN, PADDINGTON], [AMELIE], items=4
    )
    whole = recipe.fit(data)

    for trained in range(len(data.events)):
        live = kept_up(recipe, data, trained).model()

        for item in range(4):
            assert scores(live, item) == pytest.approx(scores(whole, item), rel=1e-5)


def test_choices_of_those_who_choose_more_come_to_say_less() -> None:
    """All that a newcomer chose is weighed as that of somebody who has chosen so much."""
    recipe = ItemNeighbours(activity=0.5)
    data = random_choices(users=12, items=30, share=0.3)
    half = len(data.events) // 2

    live, whole = kept_up(recipe, data, half).model(), recipe.fit(data)

    for item in range(30):
        assert scores(live, item) == pytest.approx(scores(whole, item), rel=0.2, abs=0.01)


def test_choosing_again_makes_no_audience() -> None:
    data = Dataset.of([ALIEN, ALIENS], [ALIEN, ALIENS, ALIEN], items=4)

    live = kept_up(ItemNeighbours(), data, trained=4).model()

    assert scores(live, ALIEN) == scores(ItemNeighbours().fit(head_of(data, 4)), ALIEN)


def test_who_takes_back_leaves_the_audience() -> None:
    data = Dataset.of([ALIEN, ALIENS], [ALIEN, ALIENS], [ALIEN, AMELIE], items=4)
    learner = ItemNeighbours().fit(head_of(data, 5)).learner(data.catalogue)
    assert learner is not None
    before = scores(learner.model(), ALIEN)
    (event,) = arrivals_of(data, rows_of(data)[5:])

    learner.learn(event)
    assert scores(learner.model(), ALIEN)[AMELIE] > 0
    learner.learn(taken_back(event))

    assert scores(learner.model(), ALIEN) == before


def test_a_choice_since_the_training_makes_pairs_with_the_nearest_alone() -> None:
    n = 3 * NEAR
    data = Dataset.of([n], list(range(n)), items=n + 1)
    learner = kept_up(ItemNeighbours(activity=0, shrinkage=0), data, trained=1)

    near = learner.model().score(after(n - 1))

    assert np.flatnonzero(near).tolist() == list(range(n - 1 - NEAR, n - 1))
    assert learner.arrays()["layers"].sum() == NEAR * (NEAR - 1) // 2 + NEAR * (n - NEAR)


def test_of_many_choices_one_that_is_taken_back_leaves_nothing() -> None:
    n = 2 * NEAR
    data = Dataset.of([n], list(range(n)), items=n + 1)
    learner = kept_up(ItemNeighbours(), head_of(data, n), trained=1)
    before = learner.arrays()["pairs"].tolist()
    (event,) = arrivals_of(data, rows_of(data)[n:])

    learner.learn(event)
    assert learner.arrays()["pairs"].tolist() != before
    learner.learn(taken_back(event))

    assert learner.arrays()["pairs"].tolist() == before


def test_pairs_that_were_chosen_since_say_what_they_add() -> None:
    data = Dataset.of([ALIEN, ALIENS], [ALIEN, AMELIE], [AMELIE, ALIENS], items=4)
    model = kept_up(ItemNeighbours(), data, trained=3).model()
    query = after(ALIEN, AMELIE)

    for item in range(4):
        assert model.because(query, item).sum() == pytest.approx(model.score(query)[item])


def test_it_can_be_stored_and_go_on_from_there() -> None:
    recipe = ItemNeighbours(activity=0)
    data = Dataset.of([ALIEN, ALIENS, AMELIE], [ALIENS, AMELIE, PADDINGTON], items=4)
    halfway = kept_up(recipe, head_of(data, 4), trained=2).model()

    again = ItemNeighboursModel.from_arrays(halfway.arrays()).learner(data.catalogue)

    assert again is not None
    for arrivals in arrivals_of(data, rows_of(data)[4:]):
        again.learn(arrivals)
    for item in range(4):
        assert scores(again.model(), item) == pytest.approx(
            scores(recipe.fit(data), item), rel=1e-5
        )
