"""People answer lists as their tastes, the item, the mood and the position say."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
import pytest

from shortlist.core.errors import Invalid
from shortlist.core.times import DAY
from shortlist.simulation import NOTHING, State, Visits, World

Indices = npt.NDArray[np.int64]

ALIEN, AMELIE = 0, 1
ANN, BOB = 0, 1
PLAIN = World(
    users=2, items=10, categories=2, latent_dimensions=1, noise=0, quality=0, freshness=0,
    crowd_taste=0, session_focus=0, reluctance=0, position_bias=1,
)  # fmt: skip


def world_of_two(world: World = PLAIN) -> State:
    """ALIEN is of genre 0 and AMELIE of genre 1; ANN likes genre 0 and BOB genre 1."""
    state = world.begin(seed=1)
    genres, latent, own = state.items.genres, state.items.latent, state.people.own
    genres[:] = 0
    genres[ALIEN, 0] = genres[AMELIE, 1] = 1
    latent[:] = 0
    own[:] = [[1, -1, 0], [-1, 1, 0]]
    return state


def both(*shown: int) -> tuple[Visits, Indices]:
    """Ann and Bob come in the mood for genre 0 and are shown the same list."""
    return Visits(np.array([ANN, BOB]), np.array([0, 0])), np.array([shown, shown])


def chance(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_relevance_is_the_sigmoid_of_taste() -> None:
    state = world_of_two()

    answer = state.respond(*both(ALIEN, AMELIE), chance())

    likes, dislikes = 1 / (1 + np.exp(-2.4)), 1 / (1 + np.exp(2.4))
    assert answer.relevance == pytest.approx(np.array([[likes, dislikes], [dislikes, likes]]))


def test_who_likes_a_genre_clicks_its_items_more_often() -> None:
    state = world_of_two()
    visits = Visits(np.full(1000, ANN), np.zeros(1000, np.int64))

    clicked = state.respond(visits, np.full((1000, 1), ALIEN), chance()).clicked.mean()
    other = state.respond(visits, np.full((1000, 1), AMELIE), chance()).clicked.mean()

    assert clicked == pytest.approx(0.917, abs=0.04)
    assert other == pytest.approx(0.083, abs=0.04)


def test_further_down_is_looked_at_less() -> None:
    answer = world_of_two().respond(*both(ALIEN, ALIEN, ALIEN), chance())

    assert answer.examination[0] == pytest.approx([1, 1 / 2, 1 / 3])
    assert answer.probability[0] == pytest.approx(answer.relevance[0] * answer.examination[0])


def test_an_empty_place_is_never_clicked() -> None:
    answer = world_of_two().respond(*both(ALIEN, NOTHING), chance())

    assert answer.probability[:, 1].tolist() == [0, 0]
    assert not answer.clicked[:, 1].any()


def test_the_mood_of_a_session_lifts_its_genre() -> None:
    calm, moody = world_of_two(), world_of_two(PLAIN.model_copy(update={"session_focus": 2.0}))

    before, after = (each.respond(*both(ALIEN, AMELIE), chance()) for each in (calm, moody))

    assert (after.relevance[:, 0] > before.relevance[:, 0]).all()
    assert after.relevance[:, 1] == pytest.approx(before.relevance[:, 1])


def test_news_is_worth_more_than_what_has_been_out_for_a_month() -> None:
    state = world_of_two(PLAIN.model_copy(update={"freshness": 1.0}))
    release = int(state.items.released[ALIEN])

    fresh = state.respond(*both(ALIEN), chance(), time=release)
    stale = state.respond(*both(ALIEN), chance(), time=release + 30 * DAY)

    assert (fresh.relevance > stale.relevance).all()


def test_noise_is_answered_without_regard_to_taste() -> None:
    answer = world_of_two(PLAIN.model_copy(update={"noise": 1.0})).respond(*both(ALIEN), chance())

    assert answer.relevance.tolist() == [[0.5], [0.5]]


def test_tastes_drift_as_fast_as_the_setting_says() -> None:
    state = World(users=2000, drift=0.5, crowd_taste=0).begin(seed=1)

    later = state.on(30).people.own

    kept = np.corrcoef(state.people.own.ravel(), later.ravel())[0, 1]
    assert kept == pytest.approx(0.5, abs=0.05)
    assert later.var() == pytest.approx(state.people.own.var(), rel=0.1)


def test_without_drift_tastes_stay() -> None:
    state = World(users=5, drift=0).begin(seed=1)

    assert np.array_equal(state.on(100).people.own, state.people.own)


def test_a_day_is_the_same_however_it_was_reached() -> None:
    state = World(users=5).begin(seed=1)

    assert np.array_equal(state.on(9).people.own, state.on(2).on(5).on(9).people.own)


def test_a_world_does_not_go_back() -> None:
    with pytest.raises(Invalid, match="forward only"):
        World(users=5).begin(seed=1).on(3).on(2)


def test_an_instant_belongs_to_its_day() -> None:
    state = World(users=5, start=datetime(2025, 1, 1, tzinfo=UTC)).begin(seed=1)

    assert state.at(state.world.start_instant + 3 * DAY - 1).day == 2


def test_a_world_goes_on_from_where_its_log_ends() -> None:
    state = World().simulate(events=1_000, seed=1).state
    tomorrow = state.on(state.day + 1)

    visits = tomorrow.visit(np.array([4]), chance())
    answer = tomorrow.respond(visits, np.array([[3, 1, 2]]), chance()).row(0)

    assert answer.clicked.shape == (3,)
    assert ((answer.probability > 0) & (answer.probability < 1)).all()


def test_people_tend_to_be_in_the_mood_for_what_they_like() -> None:
    state = replace(world_of_two())

    moods = state.visit(np.full(1000, ANN), chance()).focus

    assert (moods == 0).mean() > 0.9
