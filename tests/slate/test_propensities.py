"""The propensities that are stated are the frequencies that come true."""

from collections import Counter, defaultdict
from functools import cache

import numpy as np
import pytest
from scipy.stats import chisquare
from tests.slate.films import ALIEN, ALIENS, AMELIE, FILMS, HEAT, PADDINGTON, items_of

from shortlist.slate import Placement, PlacementSettings, assemble

DRAWS = 20_000
SIZE = 4
SCORES = np.array([2.0, 1.6, 1.5, 0.4, 0.0])
ORDER = items_of(ALIEN, ALIENS, AMELIE, PADDINGTON, HEAT)

POLICIES = {
    "epsilon": {"policy": "epsilon", "epsilon": 0.6},
    "softmax": {"policy": "softmax", "temperature": 0.5},
}
RULES: dict[str, dict[str, object]] = {
    "none": {},
    "caps, pins, diversity": {
        "caps": [{"attribute": "genres", "at_most": 1}],
        "pins": [{"item": "amelie", "position": 2}],
        "diversity": 0.4,
        "diversity_by": "categories",
    },
}
EVERY_POLICY = pytest.mark.parametrize("policy", POLICIES)

List = tuple[int, ...]


@cache
def draws(
    policy: str, rules: str, times: int = 1000
) -> tuple[Counter[List], dict[List, list[float]]]:
    """How often each list was drawn, and the propensities it came with each time."""
    settings = {"exploration": POLICIES[policy], **RULES[rules]}
    placement = Placement(PlacementSettings.model_validate(settings), FILMS)
    drawn: Counter[List] = Counter()
    stated: dict[List, list[float]] = {}
    for seed in range(times):
        found = assemble(placement, ORDER, SCORES, size=SIZE, seed=seed)
        first, chances = tuple(found.items[:SIZE].tolist()), found.propensities[:SIZE].tolist()
        drawn[first] += 1
        assert stated.setdefault(first, chances) == chances
    return drawn, stated


@EVERY_POLICY
@pytest.mark.parametrize("rules", RULES)
def test_lists_are_as_frequent_as_their_propensities_say(policy: str, rules: str) -> None:
    drawn, stated = draws(policy, rules, DRAWS)

    probability = {each: float(np.prod(chances)) for each, chances in stated.items()}
    often = [each for each, chance in probability.items() if chance * DRAWS >= 5]
    rest = [each for each in drawn if each not in often]
    observed = [drawn[each] for each in often] + [sum(drawn[each] for each in rest)]
    expected = [probability[each] * DRAWS for each in often]
    expected.append(DRAWS - sum(expected))
    if expected[-1] < 5:
        observed, expected = observed[:-1], expected[:-1]
        expected = list(np.array(expected) * sum(observed) / sum(expected))

    assert sum(probability.values()) == pytest.approx(1, abs=0.002)
    assert len(often) > 5
    assert chisquare(observed, expected).pvalue > 0.001


@EVERY_POLICY
@pytest.mark.parametrize("rules", RULES)
def test_the_propensities_of_all_that_may_follow_add_up_to_one(policy: str, rules: str) -> None:
    _, stated = draws(policy, rules, 3000)

    following: dict[List, dict[int, float]] = defaultdict(dict)
    for items, chances in stated.items():
        for place in range(SIZE):
            following[items[:place]][items[place]] = chances[place]
    likely = [each for each in following if likelihood(each, stated) > 0.05]
    assert len(likely) > 4
    assert {each: sum(following[each].values()) for each in likely} == {
        each: pytest.approx(1) for each in likely
    }


def likelihood(above: List, stated: dict[List, list[float]]) -> float:
    """The probability that a list begins so."""
    chances = next(each for items, each in stated.items() if items[: len(above)] == above)
    return float(np.prod(chances[: len(above)]))


def test_softmax_without_rules_is_plackett_luce() -> None:
    _, stated = draws("softmax", "none")

    weights = np.exp(SCORES / 2 / 0.5)
    for items, chances in stated.items():
        left = weights.sum() - np.cumsum([0, *weights[list(items)]])[:-1]
        assert chances == pytest.approx(weights[list(items)] / left)


@EVERY_POLICY
def test_what_a_pin_decides_is_certain(policy: str) -> None:
    _, stated = draws(policy, "caps, pins, diversity")

    assert {(items[1], chances[1]) for items, chances in stated.items()} == {(AMELIE, 1.0)}


@EVERY_POLICY
def test_what_a_cap_forbids_is_not_drawn_while_there_is_something_else(policy: str) -> None:
    drawn, _ = draws(policy, "caps, pins, diversity")

    assert {PADDINGTON} & {item for items in drawn for item in items[:3]} == set()
    assert not [items for items in drawn if {ALIEN, ALIENS} <= {*items[:3]}]
