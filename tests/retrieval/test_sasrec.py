import subprocess
import sys
from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import pytest
from tests.datasets.by_hand import ALIEN, ALIENS, AMELIE, PADDINGTON, Line, after, log_of
from tests.datasets.generated import random_log

from shortlist.core.candidates import Query
from shortlist.datasets.snapshot import Dataset
from shortlist.retrieval.sasrec import Matrix, Sasrec, SasrecModel
from shortlist.retrieval.sasrec_fit import Sequences

FILMS = Dataset.of([ALIEN, ALIENS, AMELIE, PADDINGTON], items=4)

needs_torch = pytest.mark.skipif(
    find_spec("torch") is None, reason="torch, with which it is taught, is not installed"
)


def silent_blocks(vectors: list[list[float]], data: Dataset = FILMS) -> SasrecModel:
    """A model whose blocks add nothing: a history leads to where its last choice lies."""
    begun = Sasrec(dimensions=len(vectors[0]), heads=1, length=3).untaught(data)
    nothing = ("positions", "attended", "outer")
    still = {name: np.zeros_like(begun.weights[name]) for name in nothing}
    items = np.array(vectors, np.float32)
    return replace(begun, weights={**begun.weights, **still, "items": items})


SPACE = silent_blocks([[2, 0, 0, 0], [1, 0, 0, 0], [0, 0, 2, 0], [0, 0, 1, 0]])
"""Two films of one direction, two of another."""


# --- asked, without torch ------------------------------------------------------------------


def test_it_recommends_what_lies_where_the_last_choice_leads() -> None:
    assert SPACE.retrieve(after(PADDINGTON, ALIEN), 4).items.tolist()[:2] == [ALIEN, ALIENS]
    assert SPACE.retrieve(after(ALIEN, PADDINGTON), 4).items.tolist()[:2] == [AMELIE, PADDINGTON]


def test_scores_are_shares_of_what_comes_next() -> None:
    """The state of ALIEN is (3, -1, -1, -1) / sqrt 3: normalised, so that its length is 2."""
    logits = np.array([6, 3, -2, -1]) / np.sqrt(3)
    shares = np.exp(logits) / np.exp(logits).sum()

    assert SPACE.score(after(ALIEN)) == pytest.approx(shares, rel=1e-4)


def test_attention_takes_what_the_keys_are_asked_for() -> None:
    """Without queries all choices count alike: their mean is added, once, to the last."""
    begun = Sasrec(dimensions=4, heads=2, length=3, blocks=1).untaught(FILMS)
    vectors = np.array([[1, 1, -1, -1], [1, -1, 1, -1], [1, -1, -1, 1], [0, 0, 0, 0]], np.float32)
    turned = np.zeros((1, 4, 12), np.float32)
    turned[0, :, 8:] = np.eye(4)  # values as they come, no queries and no keys
    model = replace(
        begun,
        weights={
            **begun.weights,
            "items": vectors,
            "positions": np.zeros((3, 4), np.float32),
            "attention": turned,
            "attended": np.eye(4, dtype=np.float32)[None],
            "outer": np.zeros((1, 4, 4), np.float32),
        },
    )

    found = model.state(np.array([ALIEN, ALIENS, AMELIE], np.int32))

    summed = vectors[AMELIE] + vectors[:3].mean(axis=0)
    assert found == pytest.approx((summed - summed.mean()) / summed.std(), abs=1e-4)


def test_only_the_last_choices_are_looked_at() -> None:
    begun = Sasrec(dimensions=8, length=3).untaught(FILMS)

    long = begun.score(after(AMELIE, PADDINGTON, ALIENS, AMELIE, ALIEN))

    assert np.array_equal(long, begun.score(after(ALIENS, AMELIE, ALIEN)))
    assert not np.allclose(long, begun.score(after(PADDINGTON, AMELIE, ALIEN)), rtol=1e-6)


def test_the_order_of_choices_counts() -> None:
    begun = Sasrec(dimensions=8).untaught(FILMS)

    one, other = begun.score(after(ALIEN, ALIENS)), begun.score(after(ALIENS, ALIEN))

    assert not np.allclose(one, other, rtol=1e-6)


def test_nobody_known_and_nothing_known_is_answered_with_nothing() -> None:
    seen = log_of(Line(0, ALIEN, 1), Line(0, ALIENS, 2))
    begun = Sasrec().untaught(seen)

    assert not begun.score(Query()).any()
    assert not begun.score(after(AMELIE, PADDINGTON)).any()


def test_what_the_training_did_not_know_is_passed_over() -> None:
    seen = log_of(Line(0, ALIEN, 1), Line(0, ALIENS, 2))
    begun = Sasrec().untaught(seen)
    longer = begun.padded(6)

    scores = longer.score(after(ALIEN, AMELIE, 5))

    assert np.array_equal(scores[:4], begun.score(after(ALIEN)))
    assert not scores[[AMELIE, PADDINGTON, 4, 5]].any()


def test_dislikes_are_no_choices() -> None:
    begun = Sasrec().untaught(FILMS)
    items, weights = np.array([ALIEN, AMELIE], np.int32), np.array([1, -1], np.float32)

    assert np.array_equal(begun.score(Query(items, weights)), begun.score(after(ALIEN)))


def test_a_log_without_times_teaches_nothing() -> None:
    untimed = Dataset.of([ALIEN, ALIENS], [ALIEN, AMELIE], items=4, times=False)

    assert not Sasrec().untaught(untimed).score(after(ALIEN)).any()


def test_heads_share_the_dimensions_evenly() -> None:
    with pytest.raises(ValueError, match="multiple of heads"):
        Sasrec(dimensions=10, heads=4)


def test_without_torch_it_says_how_to_get_it_and_a_model_is_asked() -> None:
    script = """
import sys
sys.modules["torch"] = None
import numpy as np
from shortlist.core.candidates import Query
from shortlist.core.errors import NotInstalled
from shortlist.datasets.snapshot import Dataset
from shortlist.retrieval.sasrec import Sasrec, SasrecModel
from shortlist.training.settings import TrainingSettings
from shortlist.training.train import fit_retrieval
data = Dataset.of([0, 1, 2], [2, 1, 0], items=3)
model = SasrecModel.from_arrays(Sasrec().untaught(data).arrays())
assert model.score(Query(history=np.array([0], np.int32))).any()
for fit in (
    lambda: Sasrec().fit(data),
    lambda: fit_retrieval(data, TrainingSettings(sources={"popularity": {}, "sasrec": {}})),
):
    try:
        fit()
    except NotInstalled as error:
        print(error)
"""
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    said = run.stdout.splitlines()
    assert len(said) == 2
    assert all('pip install "shortlist[neural]"' in line for line in said)


# --- lessons -------------------------------------------------------------------------------


def lessons_of(
    *histories: list[int], length: int, ahead: float, seed: int = 0
) -> list[tuple[list[int], list[int]]]:
    """Histories and what came of them, user after user."""
    rows = np.array([each for history in histories for each in history], np.int64)
    users = np.repeat(np.arange(len(histories)), [len(each) for each in histories])
    sequences = Sequences.of(rows, users.astype(np.int32))
    return [
        (history.tolist(), right.tolist())
        for batch in sequences.lessons(length, ahead, np.random.default_rng(seed))
        for history, right in zip(*batch, strict=True)
    ]


def test_of_a_choice_comes_the_next() -> None:
    assert lessons_of([5, 6, 7, 8], length=10, ahead=0) == [([5, 6, 7], [6, 7, 8])]


def test_a_stretch_is_anywhere_in_a_long_history() -> None:
    found = [lessons_of([*range(9)], length=3, ahead=0, seed=seed)[0][0] for seed in range(99)]

    assert {each[0] for each in found} == set(range(6))
    assert all(each == [*range(each[0], each[0] + 3)] for each in found)


def test_what_comes_of_a_choice_may_be_a_few_further_of_the_same_user() -> None:
    found = [
        right
        for seed in range(99)
        for (_, rights) in lessons_of([1, 2, 3], [7, 8, 9], length=5, ahead=0.5, seed=seed)
        for right in [rights]
    ]

    assert {tuple(each) for each in found} == {(2, 3), (3, 3), (8, 9), (9, 9)}


def test_one_choice_alone_teaches_nothing() -> None:
    alone = Sequences.of(np.array([1, 2, 3, 4]), np.array([0, 1, 1, 2], np.int32))

    assert (alone.start.tolist(), alone.lengths.tolist()) == ([1], [2])


def test_behind_the_end_of_a_shorter_stretch_stands_nothing() -> None:
    found = lessons_of([1, 2, 3], [7, 8], length=5, ahead=0)

    assert sorted(found) == [([1, 2], [2, 3]), ([7, 7], [8, -1])]


# --- taught, with torch --------------------------------------------------------------------

ROUND = Dataset.of(*[[*range(n, 12), *range(n)] for n in range(12)] * 5, items=12)
"""Everybody goes round in the same order, from another place."""

QUICK = Sasrec(dimensions=16, length=12, ahead=0, dropout=0.1, learning_rate=0.01)


@needs_torch
def test_it_learns_what_comes_next() -> None:
    model = QUICK.fit(ROUND)

    for item in range(12):
        assert model.score(after((item - 1) % 12, item)).argmax() == (item + 1) % 12


@needs_torch
def test_it_learns_among_items_that_are_drawn() -> None:
    model = QUICK.model_copy(update={"negatives": 8, "patience": 60}).fit(ROUND)

    for item in range(12):
        assert model.score(after((item - 1) % 12, item)).argmax() == (item + 1) % 12


@needs_torch
def test_asked_with_numpy_it_answers_as_with_torch() -> None:
    import torch

    from shortlist.retrieval.sasrec_fit import states

    model = Sasrec(dimensions=24, heads=3, epochs=2).fit(random_log())
    weights = {name: torch.from_numpy(array) for name, array in model.weights.items()}
    history = np.random.default_rng(1).integers(0, len(model.items), (6, 20))

    told = states(weights, torch.from_numpy(history), model.heads).numpy()

    for rows, of_one in zip(history.astype(np.int32), told, strict=True):
        for end in (1, 2, 20):
            assert model.state(rows[:end]) == pytest.approx(of_one[end - 1], abs=1e-5)


@needs_torch
def test_the_seed_decides_and_nothing_else() -> None:
    def weights(seed: int) -> Matrix:
        recipe = Sasrec(dimensions=8, epochs=3, seed=seed, negatives=10)
        return recipe.fit(random_log()).weights["items"]

    assert np.array_equal(weights(1), weights(1))
    assert not np.array_equal(weights(1), weights(2))


@needs_torch
def test_it_keeps_the_weights_that_foresaw_best_who_was_not_taught_from() -> None:
    """Where nothing can be foreseen, more lessons are worse: the first ones are kept."""
    lot = np.random.default_rng(0)
    noise = Dataset.of(*(lot.permutation(40)[:12].tolist() for _ in range(40)), items=40)
    recipe = Sasrec(dimensions=16, dropout=0, learning_rate=0.02, patience=2)

    short, long = (recipe.model_copy(update={"epochs": n}).fit(noise) for n in (15, 60))

    assert np.array_equal(short.weights["items"], long.weights["items"])


@needs_torch
def test_a_lonely_user_is_enough() -> None:
    model = Sasrec(dimensions=8, epochs=2).fit(FILMS)

    assert (model.score(after(ALIEN)) > 0).all()
