from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from tests.datasets.by_hand import ALIEN, ALIENS, AMELIE, PADDINGTON, Line, after, log_of
from tests.datasets.generated import random_log
from tests.datasets.rows import head_of, rows_of
from tests.retrieval.learning import arrivals_of, described, room_for, taken_back
from threadpoolctl import threadpool_limits

from shortlist.core.candidates import Query
from shortlist.datasets.catalogue import Catalogue
from shortlist.datasets.snapshot import Dataset
from shortlist.datasets.vocabulary import Vocabulary
from shortlist.retrieval.als import PRIOR, Als, AlsLearner, AlsModel

TWO_TASTES = Dataset.of(
    *[[ALIEN, ALIENS]] * 6, *[[AMELIE, PADDINGTON]] * 6, [ALIEN], [PADDINGTON], items=4
)


def light(data: Dataset) -> AlsModel:
    """Few factors and hardly a penalty, fitted on one thread: more only wait for each other."""
    with threadpool_limits(1):
        return Als(factors=2, l2=0.1, half_life=None).fit(data)


@cache
def usual() -> AlsModel:
    """A model whose penalty is so light that each part of a question shows."""
    with threadpool_limits(1):
        return Als(factors=8, l2=1.0).fit(random_log())


def by_definition(model: AlsModel, confidence: dict[int, float], chosen: list[int]) -> np.ndarray:
    """The user's least squares over all items (Hu et al. 2008, equation 3), item after item.

    Items without a confidence have 1; what was chosen is wanted and all else is not. A penalty
    is a further row per factor.
    """
    items = model.factors.astype(float)
    l2 = float(model.gram[0, 0] - items[:, 0] @ items[:, 0])
    root = np.sqrt([confidence.get(item, 1.0) for item in range(len(items))])
    wanted = np.isin(np.arange(len(items)), chosen).astype(float)
    rows = np.vstack([items * root[:, None], np.sqrt(l2) * np.eye(items.shape[1])])
    right = np.append(wanted * root, np.zeros(items.shape[1]))
    return np.asarray(np.linalg.lstsq(rows, right, rcond=None)[0])


def test_it_recommends_what_people_of_the_same_taste_chose() -> None:
    model = light(TWO_TASTES)

    assert model.score(after(ALIEN)).argsort()[::-1][:2].tolist() == [ALIEN, ALIENS]
    assert model.score(after(PADDINGTON)).argsort()[::-1][:2].tolist() == [PADDINGTON, AMELIE]


def test_folding_in_solves_the_users_least_squares() -> None:
    model = replace(usual(), half_life=None)

    found = model.fold_in(after(3, 9, 12))

    expected = by_definition(model, dict.fromkeys([3, 9, 12], 1 + model.alpha), [3, 9, 12])
    assert found == pytest.approx(expected, rel=1e-3, abs=1e-6)


def test_confidence_fades_to_that_of_an_absence() -> None:
    model = replace(usual(), half_life=2.0)

    found = model.fold_in(after(3, 9, 12))

    confidence = {
        3: 1 + model.alpha / 2,
        9: 1 + model.alpha / 2**0.5,
        12: 1 + model.alpha,
    }
    expected = by_definition(model, confidence, [3, 9, 12])
    assert found == pytest.approx(expected, rel=1e-3, abs=1e-6)


def test_what_was_shown_in_vain_counts_more_than_what_was_not_shown() -> None:
    model = replace(usual(), half_life=None)
    query = replace(after(3, 9), shown=np.array([3, 5, 5, 7], np.int32))

    found = model.fold_in(query)

    chosen = dict.fromkeys([3, 9], 1 + model.alpha)
    ignored = dict.fromkeys([5, 7], 1 + model.ignored)
    expected = by_definition(model, chosen | ignored, [3, 9])
    assert found == pytest.approx(expected, rel=1e-3, abs=1e-6)


def test_a_dislike_is_not_a_choice() -> None:
    model = light(TWO_TASTES)

    nothing = model.score(after())
    disliked = model.score(after(disliked=(ALIEN,)))
    both = model.score(after(AMELIE, disliked=(ALIEN,)))

    assert disliked.tolist() == nothing.tolist() == [0, 0, 0, 0]
    assert both == pytest.approx(model.score(after(AMELIE)), rel=1e-5, abs=1e-6)


def test_a_choice_made_a_moment_ago_counts() -> None:
    model = light(TWO_TASTES)

    before, now = model.score(after(ALIEN)), model.score(after(ALIEN, AMELIE))

    assert now[PADDINGTON] > 0.5 > before[PADDINGTON]


def test_an_item_nobody_chose_has_no_score() -> None:
    data = log_of(Line(0, ALIEN, 1), Line(0, ALIENS, 2), Line(1, AMELIE, 3, "impression"))

    scores = light(data).score(after(ALIEN, AMELIE))

    assert scores[[AMELIE, PADDINGTON]].tolist() == [0, 0]
    assert scores[ALIENS] > 0


def test_being_ignored_by_those_of_a_taste_speaks_against_an_item() -> None:
    lines = [Line(user, ALIEN, user) for user in range(8)]
    lines += [Line(user, ALIENS, 10 + user) for user in range(4)]
    shown = [Line(user, ALIENS, user, "impression") for user in range(4, 8)]

    unshown = light(log_of(*lines)).score(after(ALIEN))
    ignored = light(log_of(*lines, *shown)).score(after(ALIEN))

    assert ignored[ALIENS] < unshown[ALIENS]


def test_each_choice_says_what_it_added() -> None:
    model = usual()
    query = replace(after(3, 9, 9, 12, disliked=(4,)), shown=np.array([5], np.int32))

    added = model.because(query, 6)

    assert added.sum() == pytest.approx(model.score(query)[6], rel=1e-3)
    assert added[-1] == 0


def test_a_small_penalty_still_finds_a_solution() -> None:
    """With hardly a penalty and more factors than items the equations are nearly singular."""
    data = Dataset.of([ALIEN, ALIENS, AMELIE], items=4)

    model = Als(l2=0.01, factors=64).fit(data)

    for history in ([], [ALIEN], [ALIEN, ALIENS, AMELIE] * 20):
        assert np.isfinite(model.score(Query(history=np.array(history, np.int32)))).all()


@pytest.mark.parametrize("threads", [2, 3])
def test_a_large_log_gives_the_same_factors_on_any_number_of_threads(threads: int) -> None:
    """Large enough that BLAS would share its sums among threads."""
    data = random_log(users=60, items=900, sittings=30)
    recipe = Als(iterations=2)

    with threadpool_limits(1):
        alone = recipe.fit(data).arrays()
    with threadpool_limits(threads):
        together = recipe.fit(data).arrays()

    assert all(np.array_equal(alone[part], together[part]) for part in alone)


def test_another_seed_starts_elsewhere() -> None:
    one, another = (Als(seed=seed, iterations=1).fit(TWO_TASTES).factors for seed in (0, 1))

    assert not np.array_equal(one, another)


# --- between trainings ---------------------------------------------------------------------


SEQUEL = 4
"""A film that came since: it reads like the first two."""

SIX = Catalogue.of(
    Vocabulary([f"i{item}" for item in range(6)]),
    texts=["ship creature", "ship creature", "waitress love", "waitress love", "ship creature", ""],
)
LONGER = replace(
    Dataset.of(
        *[[ALIEN, ALIENS]] * 6,
        *[[AMELIE, PADDINGTON]] * 6,
        *[[AMELIE, PADDINGTON, SEQUEL]] * 3,
        items=6,
    ),
    catalogue=SIX,
)
TRAINED = len(LONGER.events) - 3
"""Before three of those who love the other two choose the sequel."""


def begun() -> tuple[AlsModel, AlsLearner]:
    model = light(head_of(LONGER, TRAINED, items=4))
    learner = model.learner(SIX)
    assert learner is not None
    return model, learner


def read(learner: AlsLearner) -> AlsLearner:
    """The learner when the documents of the new items have come."""
    learner.extend(described(SIX, head_of(LONGER, TRAINED, items=4)))
    return learner


def unread(learner: AlsLearner) -> AlsLearner:
    """The learner when nothing is known of the new items."""
    learner.extend(room_for(SIX, head_of(LONGER, TRAINED, items=4).catalogue))
    return learner


def chosen(learner: AlsLearner) -> AlsLearner:
    for arrivals in arrivals_of(LONGER, rows_of(LONGER)[TRAINED:]):
        learner.learn(arrivals)
    return learner


def test_an_item_that_came_since_has_the_mean_factors_of_what_it_is_like() -> None:
    model, learner = begun()

    found = read(learner).model()

    assert found.factors[SEQUEL] == pytest.approx(model.factors[[ALIEN, ALIENS]].mean(axis=0))
    assert found.score(after(ALIEN))[SEQUEL] > 5 * abs(found.score(after(AMELIE))[SEQUEL])
    assert not found.factors[SEQUEL + 1].any()


def test_items_that_were_chosen_at_the_training_keep_their_factors() -> None:
    model, learner = begun()

    found = chosen(read(learner)).model()

    assert np.array_equal(found.factors[:4], model.factors)


def test_its_choosers_move_it_to_where_they_are() -> None:
    before = read(begun()[1]).model()

    found = chosen(read(begun()[1])).model()

    assert found.score(after(AMELIE))[SEQUEL] > before.score(after(AMELIE))[SEQUEL] + 0.05
    assert found.score(after(ALIEN))[SEQUEL] < before.score(after(ALIEN))[SEQUEL]


def test_without_a_document_its_factors_solve_the_items_least_squares() -> None:
    """Hu et al. 2008, equation 5, with the factors its choosers are folded in with."""
    model, learner = begun()

    found = chosen(unread(learner)).model().factors[SEQUEL]

    user = model.fold_in(Query(history=np.array([AMELIE, PADDINGTON], np.int32))).astype(float)
    everybody = model.people[1:, 1:] + 0.1 * np.eye(2)
    system = everybody + 3 * model.alpha * np.outer(user, user)
    assert found == pytest.approx(np.linalg.solve(system, 3 * (1 + model.alpha) * user), rel=1e-4)


def test_what_content_says_fades_as_choosers_come() -> None:
    model, learner = begun()
    likely, alone = read(begun()[1]).model().factors, chosen(unread(begun()[1])).model().factors

    found = chosen(read(learner)).model().factors[SEQUEL]

    user = model.fold_in(Query(history=np.array([AMELIE, PADDINGTON], np.int32))).astype(float)
    everybody = model.people[1:, 1:] + 0.1 * np.eye(2)
    system = everybody + 3 * model.alpha * np.outer(user, user)
    left = np.linalg.solve(system, everybody @ likely[SEQUEL]) * PRIOR / (PRIOR + 3)
    assert found == pytest.approx(alone[SEQUEL] + left, rel=1e-4)


def test_who_takes_a_choice_back_leaves_no_trace() -> None:
    _, learner = begun()
    before = read(learner).model().factors.tolist()
    events = arrivals_of(LONGER, rows_of(LONGER)[TRAINED:])

    for arrivals in (*events, *map(taken_back, events)):
        learner.learn(arrivals)

    assert learner.model().factors.tolist() == before


def test_an_item_that_is_like_nothing_waits_for_its_choosers() -> None:
    _, learner = begun()

    unread(learner)

    assert not learner.model().factors[SEQUEL].any()
    assert SEQUEL not in learner.model().retrieve(after(ALIEN), limit=6).items


def test_a_bundle_that_does_not_say_its_penalty_does_not_go_on() -> None:
    arrays = usual().arrays()
    older = AlsModel.from_arrays({**arrays, "numbers": arrays["numbers"][:3]})

    assert older.learner(random_log().catalogue) is None
    assert older.score(after(3)).tolist() == usual().score(after(3)).tolist()
