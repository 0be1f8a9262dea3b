"""Tastes learned from what was taken and what was passed over, against a truth that is known."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.datasets.by_hand import ALIEN, ALIENS, AMELIE, PADDINGTON, Line, after, log_of
from tests.datasets.camps import ITEMS, USERS, chance, sigmoid, two_camps
from tests.retrieval.learning import described

from shortlist.core.candidates import Query
from shortlist.core.times import HOUR
from shortlist.datasets.catalogue import Catalogue
from shortlist.datasets.vocabulary import Vocabulary
from shortlist.retrieval.mixed_effects import MixedEffects, MixedEffectsModel, looks_of
from shortlist.retrieval.mixed_effects_fit import Looks, curvature, fit_effects


@pytest.fixture(scope="module")
def model() -> MixedEffectsModel:
    return MixedEffects().fit(two_camps())


def test_the_chance_is_that_of_a_click_on_what_is_looked_at(model: MixedEffectsModel) -> None:
    data = two_camps()
    truth = np.array([[chance(user, item) for item in range(ITEMS)] for user in range(USERS)])

    found = np.stack([model.score(data.query(user)) for user in range(USERS)])

    assert np.abs(found - truth).mean() < 0.06
    usual = np.tile(truth.mean(axis=0), (USERS, 1))
    assert np.abs(found - truth).mean() < 0.2 * np.abs(usual - truth).mean()


def test_an_item_that_is_taken_by_all_is_better_than_its_like(model: MixedEffectsModel) -> None:
    scores = model.score(Query())

    assert scores[:4].min() > scores[4:].max()


def test_what_is_passed_over_counts_as_what_is_taken_does(model: MixedEffectsModel) -> None:
    """Nothing was chosen yet: who was shown loud things in vain is one for the quiet ones."""
    loud = np.array([4, 6, 8, 10, 12], np.int32)

    scores = model.score(Query(shown=loud))

    assert scores[21] > 1.5 * model.score(Query())[21]
    assert scores[20] < model.score(Query())[20]


def test_an_item_that_came_a_moment_ago_is_known_by_its_document(
    model: MixedEffectsModel,
) -> None:
    data = two_camps()
    whole = Catalogue.of(
        Vocabulary([*data.catalogue.ids, "new"]),
        categories=[*data.catalogue.categories, ("Loud",)],
    )
    learner = model.learner(data.catalogue)
    assert learner is not None

    learner.extend(described(whole, data))

    asked = data.query(1)
    scores = learner.model().score(asked)
    assert scores[ITEMS] == pytest.approx(np.median(scores[4:ITEMS:2]), rel=0.2)
    assert scores[ITEMS] > 2 * scores[5:ITEMS:2].max()
    assert scores[:ITEMS] == pytest.approx(model.score(asked), rel=1e-6)


def test_an_item_of_which_nothing_is_known_is_not_proposed(model: MixedEffectsModel) -> None:
    assert model.padded(ITEMS + 1).score(two_camps().query(1))[ITEMS] == 0


@pytest.mark.parametrize(
    "lines",
    [
        [Line(user, item, user * HOUR + item) for user in range(9) for item in range(4)],
        [Line(user, item, item * HOUR, "impression") for user in range(9) for item in range(4)],
    ],
    ids=["no impressions", "nothing but impressions"],
)
def test_it_is_silent_where_the_log_does_not_tell_what_was_passed_over(lines: list[Line]) -> None:
    silent = MixedEffects().fit(log_of(*lines))

    assert not silent.score(after(ALIEN)).any()
    assert silent.learner(log_of().catalogue) is None
    assert MixedEffectsModel.from_arrays(silent.arrays()).score(after(ALIEN)).shape == (4,)


def test_the_parts_of_the_events_make_the_taste(model: MixedEffectsModel) -> None:
    """Where all that was shown was chosen, they add up to what is above somebody unknown."""
    query = after(*range(4, 30, 2))

    parts = model.because(query, 20)

    logit = np.log(model.score(query) / (1 - model.score(query)))
    usual = np.log(model.score(Query()) / (1 - model.score(Query())))
    assert parts.sum() == pytest.approx(logit[20] - usual[20], rel=0.05)
    assert (parts > 0).all()


def test_only_the_last_of_what_was_shown_tells_of_a_taste() -> None:
    shown = np.array([ALIEN, AMELIE, ALIEN, PADDINGTON], np.int32)
    query = replace(after(ALIEN, ALIENS), shown=shown)

    looks = looks_of(query, window=3)

    assert looks.items.tolist() == [AMELIE, ALIEN, PADDINGTON]
    assert looks.taken.tolist() == [False, True, False]


def test_what_was_chosen_or_disliked_unseen_was_looked_at_too() -> None:
    query = replace(after(ALIENS, disliked=(AMELIE,)), shown=np.array([ALIEN], np.int32))

    looks = looks_of(query, window=10)

    found = dict(zip(looks.items.tolist(), looks.taken.tolist(), strict=True))
    assert found == {ALIENS: True, AMELIE: False, ALIEN: False}


def test_an_item_shown_again_was_taken_the_last_time() -> None:
    query = replace(after(ALIEN), shown=np.array([ALIEN, ALIEN], np.int32))

    assert looks_of(query, window=10).taken.tolist() == [False, True]


@given(z=st.floats(-30, 30), at=st.floats(-30, 30))
def test_the_bound_lies_below_the_logistic_function_and_touches_it(z: float, at: float) -> None:
    steep = float(curvature(np.array([at]))[0])

    def log_chance(logit: float) -> float:
        return -float(np.logaddexp(0, -logit))

    bound = log_chance(at) + (z - at) / 2 - steep / 2 * (z**2 - at**2)

    assert bound <= log_chance(z) + 1e-9


def test_effects_are_those_that_the_looks_were_drawn_from() -> None:
    lot = np.random.default_rng(0)
    axes = np.column_stack([np.ones(60), lot.standard_normal((60, 2))])
    mean, spread = np.array([-1.0, 0.5, 0.0]), np.diag([0.3, 1.5, 0.2])
    offsets = 0.7 * lot.standard_normal(60)
    people = []
    for _ in range(400):
        slopes = lot.multivariate_normal(mean, spread)
        items = lot.integers(0, 60, 50).astype(np.int32)
        logit = axes[items] @ slopes + offsets[items]
        people.append(Looks(items, lot.random(50) < sigmoid(logit)))

    found = fit_effects(axes, people, rounds=30)

    assert found.mean == pytest.approx(mean, abs=0.25)
    assert np.diag(found.spread) == pytest.approx(np.diag(spread), rel=0.35, abs=0.1)
    assert np.corrcoef(found.offsets, offsets)[0, 1] > 0.9
