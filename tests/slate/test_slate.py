import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.slate.films import (
    ALIEN,
    ALIENS,
    AMELIE,
    FILMS,
    HEAT,
    NOTHING,
    PADDINGTON,
    falling,
    items_of,
)

from shortlist.slate import Placement, PlacementSettings, Slate, assemble

ORDER = items_of(ALIEN, ALIENS, AMELIE, PADDINGTON, HEAT, NOTHING)


def slate(size: int | None = None, *, seed: int = 0, **settings: object) -> Slate:
    """The list of all six films, ALIEN best, NOTHING worst."""
    placement = Placement(
        PlacementSettings.model_validate({"diversity_by": "categories", **settings}), FILMS
    )
    return assemble(placement, ORDER, falling(6), size=size, seed=seed)


def shown(found: Slate) -> list[int]:
    return [int(item) for item in found.items[: found.shown]]


def test_a_placement_without_rules_keeps_the_order() -> None:
    found = slate(3)

    assert found.items.tolist() == ORDER.tolist()
    assert found.moved_from.tolist() == [0, 1, 2, 3, 4, 5]
    assert found.scores.tolist() == [6, 5, 4, 3, 2, 1]
    assert found.boosted.tolist() == pytest.approx([1, 0.8, 0.6, 0.4, 0.2, 0])
    assert found.propensities.tolist() == [1] * 6
    assert not found.pinned.any()
    assert found.shown == 3
    assert found.price.absolute == 0
    assert found.relaxed == ()


def test_the_order_is_kept_where_scores_do_not_follow_it() -> None:
    found = assemble(Placement(PlacementSettings(), FILMS), ORDER, falling(6)[::-1])

    assert found.items.tolist() == ORDER.tolist()


@given(st.lists(st.floats(-5, 5), min_size=6, max_size=6), st.integers(1, 6))
def test_no_rules_give_the_list_that_rules_give_which_change_nothing(
    scores: list[float], size: int
) -> None:
    """The list without rules is made on a way of its own."""
    rules = PlacementSettings.model_validate({"caps": [{"attribute": "categories", "at_most": 9}]})
    given = np.sort(np.array(scores))[::-1]

    plain, ruled = (
        assemble(Placement(settings, FILMS), ORDER, given, size=size)
        for settings in (PlacementSettings(), rules)
    )

    assert plain.moved_from.tolist() == ruled.moved_from.tolist()
    assert plain.boosted.tolist() == ruled.boosted.tolist()
    assert plain.propensities.tolist() == ruled.propensities.tolist()
    assert (plain.pinned.any(), plain.shown) == (ruled.pinned.any(), ruled.shown)
    assert (plain.price, plain.relaxed) == (ruled.price, ruled.relaxed)


def test_the_size_is_the_placements_own_where_nobody_says() -> None:
    assert slate(size=None).shown == 6
    assert assemble(Placement(PlacementSettings(size=2), FILMS), ORDER, falling(6)).shown == 2


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"diversity": 0.5, "exploration": {"policy": "softmax"}},
        {"caps": [{"attribute": "genres", "at_most": 1}], "pins": [{"item": "x", "position": 1}]},
        {"boosts": [{"filter": "new", "add": 1}], "exploration": {"policy": "epsilon"}},
    ],
)
def test_without_candidates_the_list_is_empty(settings: dict[str, object]) -> None:
    placement = Placement(PlacementSettings.model_validate(settings), FILMS)

    found = assemble(placement, items_of(), falling(0))

    assert found.items.tolist() == []
    assert found.shown == 0
    assert found.price.share == 0


def test_diversity_takes_what_is_unlike_the_items_above() -> None:
    found = slate(3, diversity=0.6)

    assert shown(found) == [ALIEN, AMELIE, HEAT]
    assert found.items.tolist() == [ALIEN, AMELIE, HEAT, ALIENS, PADDINGTON, NOTHING]
    assert found.moved_from.tolist() == found.items.tolist()


def test_diversity_reports_its_price() -> None:
    found = slate(3, diversity=0.6)

    assert found.price.absolute == pytest.approx((6 + 5 + 4) - (6 + 4 + 2))
    assert found.price.share == pytest.approx(3 / 12)


def test_another_order_of_the_same_items_is_free() -> None:
    found = slate(3, diversity=0.5)

    assert shown(found) == [ALIEN, AMELIE, ALIENS]
    assert found.price.absolute == 0


def test_diversity_is_maximal_marginal_relevance() -> None:
    """Each position takes the best of (1 - strength) relevance - strength * likeness."""
    strength = 0.6
    alike = np.zeros((6, 6))
    alike[ALIEN, ALIENS] = alike[ALIENS, ALIEN] = 0.5
    alike[AMELIE, PADDINGTON] = alike[PADDINGTON, AMELIE] = np.sqrt(0.5)
    value, taken = np.linspace(1, 0, 6), [0]
    while len(taken) < 6:
        worth = (1 - strength) * value - strength * alike[:, taken].max(axis=1)
        worth[taken] = -np.inf
        taken.append(int(worth.argmax()))

    assert slate(6, diversity=strength).items.tolist() == taken


def test_diversity_alone_asks_for_nothing_but_unlikeness() -> None:
    assert shown(slate(2, diversity=1)) == [ALIEN, AMELIE]


def test_a_cap_lets_so_many_through() -> None:
    found = slate(4, caps=[{"attribute": "genres", "at_most": 1}])

    assert shown(found) == [ALIEN, AMELIE, HEAT, NOTHING]
    assert found.items.tolist() == [ALIEN, AMELIE, HEAT, NOTHING, ALIENS, PADDINGTON]
    assert found.relaxed == ()


def test_a_cap_gives_way_where_the_list_would_not_be_full_and_says_so() -> None:
    found = slate(5, caps=[{"attribute": "genres", "at_most": 1}])

    assert shown(found) == [ALIEN, AMELIE, HEAT, NOTHING, ALIENS]
    assert found.relaxed == ("genres",)


def test_every_broken_cap_is_said_in_the_order_of_the_recipe() -> None:
    caps = [{"attribute": "new", "at_most": 1}, {"attribute": "genres", "at_most": 1}]

    found = slate(5, caps=caps)
    other = slate(5, caps=caps[::-1])

    assert shown(found) == [ALIEN, AMELIE, HEAT, NOTHING, ALIENS]
    assert found.relaxed == ("new", "genres")
    assert other.relaxed == ("genres", "new")


def test_boosts_come_before_everything_else() -> None:
    found = slate(3, boosts=[{"filter": "year == 1995", "add": 0.7}])

    assert found.items.tolist() == [ALIEN, HEAT, ALIENS, AMELIE, PADDINGTON, NOTHING]
    assert found.boosted[:3] == pytest.approx([1, 0.9, 0.8])
    assert found.scores[:3].tolist() == [6, 2, 5]
    assert found.moved_from[:3].tolist() == [0, 4, 1]
    assert found.price.absolute == pytest.approx(2)


def test_a_boost_may_depend_on_the_user() -> None:
    settings = PlacementSettings.model_validate(
        {"boosts": [{"filter": "title == user.favourite", "add": 2}]}
    )

    found = assemble(
        Placement(settings, FILMS), ORDER, falling(6), user={"favourite": "Paddington"}
    )

    assert found.items[0] == PADDINGTON


def test_a_factor_below_one_lowers_bad_scores_too() -> None:
    settings = PlacementSettings.model_validate({"boosts": [{"filter": "new", "factor": 0.5}]})

    found = assemble(Placement(settings, FILMS), ORDER, falling(6) - 100)

    assert found.items.tolist() == [ALIEN, ALIENS, AMELIE, PADDINGTON, HEAT, NOTHING]
    assert found.boosted == pytest.approx([1, 0.8, 0.3, 0.2, 0.2, 0])


def test_a_pin_stands_at_its_position() -> None:
    found = slate(3, pins=[{"item": "heat", "position": 2}])

    assert found.items.tolist() == [ALIEN, HEAT, ALIENS, AMELIE, PADDINGTON, NOTHING]
    assert found.pinned.tolist() == [False, True, False, False, False, False]
    assert found.moved_from[1] == HEAT


def test_a_pin_further_down_is_found_on_its_page() -> None:
    found = slate(2, pins=[{"item": "alien", "position": 5}])

    assert found.items.tolist() == [ALIENS, AMELIE, PADDINGTON, HEAT, ALIEN, NOTHING]
    assert found.pinned.tolist() == [False] * 4 + [True, False]


def test_pins_that_want_one_position_stand_below_each_other() -> None:
    pins = [{"item": name, "position": 2} for name in ("heat", "nothing", "amelie")]

    assert shown(slate(5, pins=pins)) == [ALIEN, HEAT, NOTHING, AMELIE, ALIENS]


def test_a_pin_below_the_end_stands_at_the_end() -> None:
    pins = [{"item": "alien", "position": 40}, {"item": "aliens", "position": 6}]

    assert slate(6, pins=pins).items.tolist() == [AMELIE, PADDINGTON, HEAT, NOTHING, ALIENS, ALIEN]


def test_an_item_is_pinned_once() -> None:
    pins = [{"item": "heat", "position": 1}, {"item": "heat", "position": 2}]

    assert shown(slate(3, pins=pins)) == [HEAT, ALIEN, ALIENS]


def test_a_pinned_item_that_is_no_candidate_is_not_shown() -> None:
    placement = Placement(
        PlacementSettings.model_validate({"pins": [{"item": "heat", "position": 1}]}), FILMS
    )

    found = assemble(placement, items_of(ALIEN, ALIENS), falling(2))

    assert found.items.tolist() == [ALIEN, ALIENS]


def test_what_is_pinned_below_counts_above() -> None:
    caps = [{"attribute": "genres", "at_most": 1}]
    pins = [{"item": "aliens", "position": 3}]

    assert shown(slate(3, pins=pins, caps=caps)) == [AMELIE, HEAT, ALIENS]
    assert shown(slate(3, pins=pins, diversity=0.9)) == [AMELIE, HEAT, ALIENS]


def test_pins_stand_above_caps_and_the_broken_cap_is_said() -> None:
    pins = [{"item": "alien", "position": 1}, {"item": "aliens", "position": 2}]

    found = slate(3, pins=pins, caps=[{"attribute": "genres", "at_most": 1}])

    assert shown(found) == [ALIEN, ALIENS, AMELIE]
    assert found.relaxed == ("genres",)


@pytest.mark.parametrize("policy", ["epsilon", "softmax"])
def test_the_same_seed_draws_the_same_list(policy: str) -> None:
    free = {"epsilon": 0.9} if policy == "epsilon" else {"temperature": 1.0}
    explored = {"policy": policy, **free}

    lists = {seed: slate(4, seed=seed, exploration=explored) for seed in range(20)}

    for seed, found in lists.items():
        again = slate(4, seed=seed, exploration=explored)
        assert again.items.tolist() == found.items.tolist()
        assert again.propensities.tolist() == found.propensities.tolist()
    assert len({tuple(found.items.tolist()) for found in lists.values()}) > 5


def test_only_the_slots_that_are_named_explore() -> None:
    explored = {"policy": "epsilon", "epsilon": 1, "slots": [2]}

    lists = [slate(4, seed=seed, exploration=explored) for seed in range(40)]

    assert all(found.items[0] == ALIEN for found in lists)
    assert all(found.propensities.tolist() == [1, 0.2, 1, 1, 1, 1] for found in lists)
    assert {int(found.items[1]) for found in lists} == {ALIENS, AMELIE, PADDINGTON, HEAT, NOTHING}


def test_pages_to_come_are_in_order_and_certain() -> None:
    found = slate(2, seed=3, exploration={"policy": "softmax", "temperature": 10})

    assert (np.diff(found.moved_from[2:]) > 0).all()
    assert (found.propensities[2:] == 1).all()


RULES = st.fixed_dictionaries(
    {},
    optional={
        "diversity": st.sampled_from([0.3, 1.0]),
        "diversity_by": st.just("categories"),
        "caps": st.lists(
            st.fixed_dictionaries(
                {
                    "attribute": st.sampled_from(["genres", "new", "director", "year", "gone"]),
                    "at_most": st.integers(1, 2),
                }
            ),
            max_size=3,
        ),
        "pins": st.lists(
            st.fixed_dictionaries(
                {
                    "item": st.sampled_from(["alien", "amelie", "heat", "nobody"]),
                    "position": st.integers(1, 8),
                }
            ),
            max_size=3,
        ),
        "boosts": st.just([{"filter": "new", "factor": 2}]),
        "exploration": st.sampled_from(
            [{"policy": "epsilon", "epsilon": 0.5}, {"policy": "softmax"}]
        ),
    },
)


@given(RULES, st.permutations(range(6)), st.integers(0, 6), st.integers(1, 7), st.integers(0, 99))
def test_whatever_the_rules_every_candidate_has_one_place(
    settings: dict[str, object], order: list[int], count: int, size: int, seed: int
) -> None:
    placement = Placement(PlacementSettings.model_validate(settings), FILMS)

    found = assemble(placement, items_of(*order[:count]), falling(count), size=size, seed=seed)

    assert sorted(found.items.tolist()) == sorted(order[:count])
    assert [order[place] for place in found.moved_from] == found.items.tolist()
    assert found.shown == min(size, count)
    assert ((found.propensities > 0) & (found.propensities <= 1)).all()
    assert -1e-9 <= found.price.share <= 1
