import numpy as np
import pytest

from shortlist.online.places import LEARN
from shortlist.online.tally import DEPTH, Tally, progressive_score


def test_the_score_falls_with_the_rank() -> None:
    scores = np.array([0.9, 0.5, 0.7])

    found = [progressive_score(scores, place) for place in range(3)]

    assert found == pytest.approx([1.0, 0.5, 1 / np.log2(3)])


def test_ties_count_against_the_order() -> None:
    assert progressive_score(np.zeros(3), 0) == pytest.approx(0.5)


def test_what_is_no_candidate_or_too_far_down_is_worth_nothing() -> None:
    scores = -np.arange(DEPTH + 1.0)

    assert progressive_score(scores, -1) == 0
    assert progressive_score(scores, DEPTH) == 0
    assert progressive_score(scores, DEPTH - 1) > 0


def test_of_one_user_only_a_few_events_count() -> None:
    tally = Tally(per_user=2)

    for _ in range(5):
        tally.add("ann", 1.0, 0.0)
    tally.add("bob", 0.0, 0.5)

    figures = tally.figures(0.05)
    assert (figures["n"], figures["users"]) == (3, 2)
    assert figures["score"] == pytest.approx(2 / 3, abs=1e-5)
    assert figures["score_of_other"] == pytest.approx(0.5 / 3, abs=1e-5)
    assert tally.wants("carol")
    assert not tally.wants("ann")


def test_events_of_a_user_that_agree_widen_the_bounds() -> None:
    rng = np.random.default_rng(3)
    people = rng.choice([-0.3, 0.3], 200)
    agreeing, mixed = Tally(per_user=5), Tally(per_user=1_000)
    shuffled = rng.permutation(np.repeat(people, 5))

    for nth, each in enumerate(np.repeat(people, 5)):
        agreeing.add(f"user-{nth // 5}", float(each), 0.0)
    for nth, each in enumerate(shuffled):
        mixed.add(f"user-{nth}", float(each), 0.0)

    assert agreeing.ranks.bounds(0.05).upper - agreeing.ranks.bounds(0.05).lower > 1.8 * (
        mixed.ranks.bounds(0.05).upper - mixed.ranks.bounds(0.05).lower
    )


def test_people_who_differ_for_good_do_not_fake_a_difference() -> None:
    """Everybody prefers one of two models for ever, half of them each: nobody is better."""
    rng = np.random.default_rng(4)
    wrong = 0
    for _ in range(200):
        tally = Tally(per_user=5)
        for user, taste in enumerate(rng.choice([-0.5, 0.5], 100)):
            for _ in range(5):
                tally.add(str(user), float(taste), 0.0)
        bounds = tally.ranks.bounds(0.05)
        wrong += bounds.lower > 0 or bounds.upper < 0

    assert wrong <= 0.1 * 200


def test_of_a_list_all_choices_count_or_none() -> None:
    tally = Tally(per_user=2)
    worth = np.full(3, 0.2)
    for nth in range(LEARN):
        tally.add_shown(f"somebody-{nth}", (0.5, 0.5), worth, nth % 3, nth)

    for asked, place in [(1, 0), (1, 1), (1, 2), (2, 0), (2, 1)]:
        tally.add_shown("ann", (1.0, 0.5), worth, place, asked)

    assert tally.figures(0.05)["n"] == 3
    assert not tally.wants("ann")


def test_what_was_foretold_counts_where_most_events_say_it() -> None:
    told, untold = Tally(per_user=5), Tally(per_user=5)
    for nth in range(10):
        told.add(str(nth), 0.5, 0.5, likelier=0.2)
        untold.add(str(nth), 0.5, 0.5, likelier=0.2 if nth < 4 else None)

    ranks, foretold = told.bounds(0.05)

    assert foretold is not None
    assert foretold.mean == pytest.approx(0.2)
    assert told.figures(0.05)["foretold"] == pytest.approx(0.2)
    assert ranks.upper > told.ranks.bounds(0.05).upper
    assert untold.bounds(0.05) == (untold.ranks.bounds(0.05), None)
    assert "foretold" not in untold.figures(0.05)
