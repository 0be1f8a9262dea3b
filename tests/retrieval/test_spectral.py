import numpy as np
import pytest
from tests.datasets.by_hand import ALIEN, ALIENS, AMELIE, PADDINGTON, after

from shortlist.datasets.snapshot import Dataset
from shortlist.retrieval.spectral import Spectral, SpectralModel


def random_choices(users: int, items: int) -> Dataset:
    drawn = np.random.default_rng(users).random((users, items)) < 0.3
    return Dataset.of(*[np.flatnonzero(row).tolist() for row in drawn], items=items)


def by_definition(data: Dataset, history: np.ndarray, recipe: Spectral) -> np.ndarray:
    """The filter with dense matrices and NumPy's own decomposition."""
    chosen = data.interactions.toarray().astype(float)
    users, items = (np.maximum(chosen.sum(axis=axis), 1) for axis in (1, 0))
    graph = chosen / np.sqrt(users[:, None] ** recipe.activity * items[None, :])
    _, strength, right = np.linalg.svd(graph, full_matrices=False)
    squares = strength**2 / strength[0] ** 2
    own, curve = squares[: recipe.vectors], squares.copy()
    signs = np.where(own < 0.5, -1, 1)
    plateau = 0.5 + 0.5 * signs * np.abs(2 * own - 1) ** recipe.flatness
    damped = plateau * np.exp(-recipe.sharpness * (own - own[-1]))
    curve[: recipe.vectors] = damped + recipe.weight
    filtered = right.T @ np.diag(curve) @ right
    power = 0.5 - recipe.popularity
    return np.asarray((history * items**-power) @ filtered * items**power)


MORE_USERS, MORE_ITEMS = random_choices(40, 12), random_choices(10, 25)


@pytest.mark.parametrize("data", [MORE_USERS, MORE_ITEMS])
@pytest.mark.parametrize("vectors", [1, 5])
@pytest.mark.parametrize(("sharpness", "flatness"), [(0, 1), (2, 1), (0, 1.5), (1, 3)])
@pytest.mark.parametrize(("activity", "popularity"), [(0.5, 0.25), (1, 0.5), (0, 0)])
def test_the_score_is_the_filtered_history(
    data: Dataset,
    vectors: int,
    sharpness: float,
    flatness: float,
    activity: float,
    popularity: float,
) -> None:
    history = np.zeros(data.n_items)
    history[[1, 4, 6]] = [0.25, 0.5, 1]
    recipe = Spectral(
        vectors=vectors,
        weight=0.7,
        sharpness=sharpness,
        flatness=flatness,
        half_life=1,
        activity=activity,
        popularity=popularity,
    )

    scores = recipe.fit(data).score(after(1, 4, 6))

    assert scores == pytest.approx(by_definition(data, history, recipe), rel=1e-4, abs=1e-6)


def test_who_chooses_everything_says_less_and_a_popular_item_is_held_back_as_asked() -> None:
    """ALIENS shares a user of two choices with ALIEN, AMELIE and PADDINGTON one of three."""
    data = Dataset.of([ALIEN, ALIENS], [ALIEN, AMELIE, PADDINGTON], [PADDINGTON], items=4)

    alike, told_apart = (
        Spectral(weight=1e-6, activity=activity).fit(data).score(after(ALIEN))
        for activity in (0, 1)
    )
    pleasing, fair = (
        Spectral(weight=1e-6, popularity=popularity).fit(data).score(after(ALIEN))
        for popularity in (0, 1)
    )

    assert alike[ALIENS] == pytest.approx(alike[AMELIE], rel=1e-4)
    assert told_apart[ALIENS] / told_apart[AMELIE] == pytest.approx(3 / 2, rel=1e-4)
    assert pleasing[PADDINGTON] == pytest.approx(pleasing[AMELIE], rel=1e-4)
    assert fair[PADDINGTON] / fair[AMELIE] == pytest.approx(1 / 2, rel=1e-4)


def test_sharpening_damps_what_everybody_shares() -> None:
    """All share AMELIE; one taste adds ALIEN and ALIENS, the other PADDINGTON."""
    data = Dataset.of(*[[ALIEN, ALIENS, AMELIE]] * 3, *[[AMELIE, PADDINGTON]] * 3, items=4)

    plain, sharp = (
        Spectral(vectors=2, weight=0, sharpness=sharpness).fit(data).score(after(ALIEN))
        for sharpness in (0, 1)
    )

    assert sharp[AMELIE] / sharp[ALIENS] < 0.9 * plain[AMELIE] / plain[ALIENS]


def test_a_plateau_lets_all_but_the_broadest_count_alike() -> None:
    """The broadest direction is of ALIEN and ALIENS. Both of AMELIE and PADDINGTON count a half
    on a plateau without slopes: half of the history comes back, and nothing beside it."""
    choices = [[ALIEN, ALIENS]] * 3 + [[ALIEN], [AMELIE, PADDINGTON], [AMELIE], [AMELIE]]
    data = Dataset.of(*choices, items=4)
    recipe = Spectral(vectors=4, weight=0, sharpness=0, activity=0, popularity=0.5)

    plain, plateau = (
        recipe.model_copy(update={"flatness": flatness}).fit(data).score(after(AMELIE))
        for flatness in (1, 100)
    )

    assert plain[AMELIE] > 1.3 * plain[PADDINGTON] > 0
    assert plateau[PADDINGTON] == pytest.approx(0, abs=1e-3)
    assert plateau[AMELIE] == pytest.approx(0.5, abs=1e-3)


def test_a_bundle_with_one_weight_for_all_vectors_is_read() -> None:
    recipe = Spectral(vectors=5, weight=0.7, sharpness=0)
    model = recipe.fit(MORE_ITEMS)

    older = SpectralModel.from_arrays({**model.arrays(), "weight": np.array([0.7])})

    assert older.score(after(1, 4)) == pytest.approx(model.score(after(1, 4)), abs=1e-6)


def test_more_vectors_than_there_are_change_nothing() -> None:
    some, many = (Spectral(vectors=n).fit(MORE_ITEMS).score(after(3, 7)) for n in (10, 500))

    assert some == pytest.approx(many, rel=1e-5)


def test_it_reaches_over_common_neighbours() -> None:
    """Nobody chose both ALIEN and PADDINGTON, but those who chose AMELIE chose either."""
    data = Dataset.of([ALIEN, AMELIE], [AMELIE, PADDINGTON], [ALIENS], items=4)

    scores = Spectral(vectors=2, weight=0.15, sharpness=0).fit(data).score(after(ALIEN))

    assert scores[AMELIE] > scores[PADDINGTON] > 0
    assert scores[ALIENS] == pytest.approx(0, abs=1e-6)


def test_what_resembles_a_disliked_item_is_not_proposed() -> None:
    data = Dataset.of([ALIEN, ALIENS], [AMELIE, PADDINGTON], items=4)

    found = Spectral().fit(data).retrieve(after(AMELIE, disliked=(ALIEN,)), limit=4)

    assert set(found.items.tolist()) == {AMELIE, PADDINGTON}


@pytest.fixture(scope="module")
def three_tastes() -> Dataset:
    """Three tastes that share nothing, in a graph far larger than what is asked of it."""
    generator = np.random.default_rng(0)
    drawn = [(user % 3) * 80 + generator.choice(80, 30, replace=False) for user in range(200)]
    return Dataset.of(*[each.tolist() for each in drawn], items=240)


def test_the_smoothest_vectors_of_a_large_graph_are_its_tastes(three_tastes: Dataset) -> None:
    """One vector for each taste, known by construction: the roots of its items' degrees."""
    root = np.sqrt(np.asarray(three_tastes.interactions.sum(axis=0)))
    own = np.where(np.arange(240) // 80 == 1, root, 0)

    once, twice = (
        Spectral(vectors=3, weight=weight, sharpness=0, activity=1, popularity=0)
        .fit(three_tastes)
        .score(after(100))
        for weight in (1, 2)
    )

    assert twice - once == pytest.approx(own**2 / (own @ own), abs=1e-4)


def test_a_graph_of_few_tastes_gives_the_same_model_twice() -> None:
    """Where there is less to find than is asked for, no search may restart by lot."""
    tastes = [range(120), range(100, 220), range(200, 300)]
    data = Dataset.of(*[tastes[user % 3] for user in range(310)], items=300)

    one, another = (Spectral(vectors=40).fit(data).arrays() for _ in range(2))

    assert all(np.array_equal(one[part], another[part], equal_nan=True) for part in one)
