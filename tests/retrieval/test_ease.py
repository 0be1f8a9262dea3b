import numpy as np
import pytest
from tests.datasets.by_hand import ALIEN, ALIENS, AMELIE, PADDINGTON, after

from shortlist.datasets.snapshot import Dataset
from shortlist.retrieval.ease import Ease, EaseModel


def random_choices(users: int, items: int) -> Dataset:
    """Choices in which every item is chosen by somebody."""
    drawn = np.random.default_rng(users).random((users, items)) < 0.3
    drawn[np.arange(items) % users, np.arange(items)] = True
    return Dataset.of(*[np.flatnonzero(row).tolist() for row in drawn], items=items)


def by_definition(data: Dataset, l2: float) -> np.ndarray:
    """Steck 2019, equation 8, with an explicit inverse in double precision."""
    chosen = data.interactions.toarray().astype(float)
    inverse = np.linalg.inv(chosen.T @ chosen + l2 * np.eye(data.n_items))
    return np.asarray(np.eye(data.n_items) - inverse @ np.diag(1 / np.diag(inverse)))


MORE_USERS, MORE_ITEMS = random_choices(60, 12), random_choices(9, 25)


@pytest.mark.parametrize("data", [MORE_USERS, MORE_ITEMS])
@pytest.mark.parametrize("l2", [0.5, 300.0])
def test_the_weights_are_the_closed_form(data: Dataset, l2: float) -> None:
    weights = Ease(l2=l2).fit(data).weights

    assert weights == pytest.approx(by_definition(data, l2), abs=1e-5)


@pytest.mark.parametrize("data", [MORE_USERS, MORE_ITEMS])
def test_no_other_weights_fit_better(data: Dataset) -> None:
    """Where |X - XB|^2 + l2 |B|^2 is least, its slope is zero but on the diagonal."""
    chosen, weights = data.interactions.toarray(), Ease(l2=2).fit(data).weights

    slope = chosen.T @ (chosen @ weights - chosen) + 2 * weights

    assert np.diag(weights) == pytest.approx(0)
    assert slope - np.diag(np.diag(slope)) == pytest.approx(0, abs=1e-4)


def test_it_recommends_what_the_history_predicts() -> None:
    data = Dataset.of([ALIEN, ALIENS], [ALIEN, ALIENS], [AMELIE, PADDINGTON], items=4)

    found = Ease(l2=1).fit(data).retrieve(after(ALIEN), limit=1)

    assert found.items.tolist() == [ALIENS]


def test_what_is_seen_apart_speaks_against() -> None:
    """Unlike a neighbourhood model: those who have everything else seldom have AMELIE."""
    data = Dataset.of(*[[ALIEN, ALIENS]] * 5, [ALIEN, AMELIE], [AMELIE], [AMELIE], items=4)

    weights = Ease(l2=0.1).fit(data).weights

    assert weights[ALIENS, AMELIE] < 0 < weights[ALIENS, ALIEN]


def test_the_history_fades_by_recency() -> None:
    model = Ease(half_life=2).fit(MORE_USERS)

    scores = model.score(after(1, 5, 8))

    expected = model.weights[1] / 2 + model.weights[5] / 2**0.5 + model.weights[8]
    assert scores == pytest.approx(expected, rel=1e-5, abs=1e-7)


def test_without_a_half_life_all_choices_count_alike() -> None:
    model = Ease(half_life=None).fit(MORE_USERS)

    scores = model.score(after(1, 5))

    assert scores == pytest.approx(model.weights[1] + model.weights[5], rel=1e-5, abs=1e-7)


def test_it_covers_the_most_chosen_items_only() -> None:
    data = Dataset.of([AMELIE, PADDINGTON], [AMELIE, PADDINGTON], [ALIEN, ALIENS], items=4)

    model = Ease(max_items=2).fit(data)

    assert model.items.tolist() == [AMELIE, PADDINGTON]
    assert model.weights.shape == (2, 2)
    assert model.score(after(ALIEN)).tolist() == [0, 0, 0, 0]
    assert model.retrieve(after(ALIENS, AMELIE), limit=4).items.tolist() == [PADDINGTON]


def test_covered_items_keep_their_places_in_the_catalogue() -> None:
    """Items nobody chose, before and between the others, take no room and shift nothing."""
    data = Dataset.of([1, 3], [1, 3], [4, 3], items=6)
    dense = Dataset.of([0, 1], [0, 1], [2, 1], items=3)

    spread, close = Ease(l2=1).fit(data), Ease(l2=1).fit(dense)

    assert spread.weights == pytest.approx(close.weights)
    assert np.flatnonzero(spread.score(after(1))).tolist() == [3, 4]


def test_each_choice_says_what_it_added() -> None:
    model: EaseModel = Ease().fit(MORE_USERS)
    query = after(1, 5, 5, disliked=(8,))

    added = model.because(query, 3)

    assert added.sum() == pytest.approx(model.score(query)[3], rel=1e-4)
    assert added[-1] == pytest.approx(-model.weights[8, 3])
