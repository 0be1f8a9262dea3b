import hashlib

import numpy as np
import polars as pl
import pytest
from pydantic import ValidationError

from shortlist.core.errors import BadSettings, Invalid
from shortlist.simulation import Simulation, World


def fingerprint(simulation: Simulation) -> str:
    frames = (simulation.events, simulation.items, simulation.users, simulation.truth)
    return hashlib.sha256("".join(each.write_json() for each in frames).encode()).hexdigest()


@pytest.fixture(scope="module")
def log() -> Simulation:
    return World().simulate(events=20_000, seed=7)


def test_the_same_seed_gives_the_same_log_to_the_bit() -> None:
    once, again = (World().simulate(events=2_000, seed=3) for _ in range(2))

    assert fingerprint(once) == fingerprint(again)


def test_another_seed_gives_another_log() -> None:
    one, other = (World().simulate(events=2_000, seed=seed) for seed in (3, 4))

    assert one.events.drop("id").rows() != other.events.drop("id").rows()
    assert not set(one.events["id"]) & set(other.events["id"])


@pytest.mark.parametrize("events", [1, 777, 3_000])
def test_events_counts_clicks_and_ratings(events: int) -> None:
    log = World().simulate(events=events, seed=1).events

    assert log.filter(pl.col("kind") != "impression").height == events


def test_events_are_counted_without_ratings_too() -> None:
    log = World(rating_share=0).simulate(events=501, seed=1).events

    assert log.filter(kind="click").height == 501


def test_the_log_spans_the_days_asked_for() -> None:
    times = World(days=30).simulate(events=5_000, seed=1).truth["time"].to_numpy()

    assert 29 <= np.ptp(times) / 86_400e6 <= 32


def test_events_are_in_the_order_of_time_with_distinct_ids(log: Simulation) -> None:
    assert log.events["time"].is_sorted()
    assert log.events["id"].is_unique().all()


def test_the_impressions_of_a_list_are_logged_in_the_order_shown(log: Simulation) -> None:
    shown = log.events.filter(kind="impression").with_columns(
        place=pl.int_range(pl.len()).over("decision", order_by="time")
    )

    positions = shown.join(log.truth, left_on="id", right_on="event")

    assert (positions["place"] == positions["position"]).all()


def test_every_click_follows_its_impression_and_every_rating_its_click(log: Simulation) -> None:
    key = ["user", "item", "decision"]
    shown, clicked, rated = (
        log.events.filter(kind=kind).select(*key, "time")
        for kind in ("impression", "click", "rating")
    )

    clicks = clicked.join(shown, on=key, suffix="_shown")
    ratings = rated.join(clicked, on=key, suffix="_clicked")

    assert clicks.height == clicked.height
    assert (clicks["time"] > clicks["time_shown"]).all()
    assert ratings.height == rated.height
    assert (ratings["time"] > ratings["time_clicked"]).all()


def test_ratings_are_half_stars_from_a_half_to_five(log: Simulation) -> None:
    stars = log.events.filter(kind="rating")["value"]

    assert set(stars * 2) <= set(range(1, 11))
    assert log.events.filter(pl.col("kind") != "rating")["value"].is_null().all()


def test_nobody_is_shown_what_they_clicked_before(log: Simulation) -> None:
    clicks = log.events.filter(kind="click")

    assert clicks.select("user", "item").is_unique().all()


def test_no_item_is_shown_before_its_release(log: Simulation) -> None:
    shown = log.truth.join(log.items, left_on="item", right_on="id")

    assert (shown["time"] >= shown["released"]).all()
    assert (shown["released"] > shown["time"].min()).any()


def test_nobody_appears_before_they_joined(log: Simulation) -> None:
    shown = log.truth.join(log.users, left_on="user", right_on="id")

    assert (shown["time"] >= shown["joined"]).all()


def test_the_true_probabilities_are_calibrated(log: Simulation) -> None:
    """In every tenth of them the clicks are as many as the probabilities say, within 4 sigma."""
    truth = log.truth.sort("probability")

    for tenth in truth.iter_slices(truth.height // 10 + 1):
        p, clicked = tenth["probability"].to_numpy(), tenth["clicked"].to_numpy()
        assert abs(clicked.sum() - p.sum()) < 4 * np.sqrt((p * (1 - p)).sum())


def test_the_truth_has_one_row_for_every_impression(log: Simulation) -> None:
    shown = log.events.filter(kind="impression")

    assert sorted(shown["id"]) == sorted(log.truth["event"])
    assert log.truth["clicked"].sum() == log.events.filter(kind="click").height


def test_taste_tells_much_more_than_popularity_and_position(log: Simulation) -> None:
    limits = log.limits(log.split().test)

    assert 0.84 < limits.oracle_auc < 0.90
    assert 0.58 < limits.popularity_auc < 0.70
    assert limits.oracle_auc > limits.relevance_auc > limits.click_rate_auc + 0.15
    assert limits.oracle_log_loss < 0.75 * limits.base_log_loss


def test_the_split_is_by_time_in_shares_of_the_interactions(log: Simulation) -> None:
    split = log.split()

    times = log.events.filter(pl.col("kind") != "impression")["time"].to_numpy()
    assert (times < split.validation).mean() == pytest.approx(0.7, abs=1e-3)
    assert (times < split.test).mean() == pytest.approx(0.85, abs=1e-3)


def test_the_words_of_an_items_text_come_from_its_genres(log: Simulation) -> None:
    horror = pl.col("categories").list.contains("Horror")
    said = log.items.select(horror.alias("horror"), pl.col("text").str.contains("crypt|cellar"))

    share = dict(said.group_by("horror").agg(pl.col("text").mean()).iter_rows())

    assert share[True] > 0.25
    assert share[False] == 0


def test_titles_are_unique(log: Simulation) -> None:
    assert log.items["title"].is_unique().all()


def test_a_world_of_one_genre_and_few_items_still_runs() -> None:
    world = World(users=3, items=10, categories=1, latent_dimensions=1, list_length=30)

    log = world.simulate(events=5, seed=1)

    assert (log.truth.group_by("decision").len()["len"] <= 10).all()


def test_too_many_events_for_so_few_people_are_refused_with_the_limit() -> None:
    with pytest.raises(BadSettings, match=r"2 users and 10 items are too few for 500 .* 4 at most"):
        World(users=2, items=10).simulate(events=500)


@pytest.mark.parametrize(
    ("world", "events"),
    [
        (World(), 50_000_000),
        (World(users=10_000_000), 1_000),
        (World(users=10**30, items=10**30), 1_000),
    ],
)
def test_a_world_that_would_not_fit_into_memory_is_refused(world: World, events: int) -> None:
    with pytest.raises(BadSettings, match=r"do not fit into memory: 150,000,000 at most"):
        world.simulate(events=events)


def test_people_who_never_click_are_refused() -> None:
    world = World(users=5, items=20, days=1, reluctance=20, noise=0)

    with pytest.raises(BadSettings, match=r"click too rarely: 0 of 10 interactions after 375 days"):
        world.simulate(events=10)


@pytest.mark.parametrize(
    ("events", "seed"), [(0, 1), (-5, 1), (10**400, 1), (100, -1), (100, 2**63)]
)
def test_numbers_out_of_range_are_refused(events: int, seed: int) -> None:
    with pytest.raises(Invalid, match=r"must be 1 at least|a seed is a whole number"):
        World().simulate(events=events, seed=seed)


@pytest.mark.parametrize(
    "setting",
    [
        {"users": 0},
        {"items": 3},
        {"drift": 1.0},
        {"noise": -0.1},
        {"quality": float("nan")},
        {"reluctance": float("inf")},
        {"shown_popular": 0.7, "shown_personal": 0.7},
        {"start": "0001-01-01T00:00:00Z"},
        {"unheard_of": 1},
    ],
)
def test_settings_out_of_range_are_refused(setting: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        World.model_validate(setting)


def test_every_setting_says_what_it_means() -> None:
    silent = [name for name, field in World.model_fields.items() if not field.description]

    assert not silent
