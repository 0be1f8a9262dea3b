import numpy as np
import pytest

from shortlist.slate.exploration import draw
from shortlist.slate.settings import EpsilonSettings, SoftmaxSettings

VALUES = np.array([0.9, 0.5, 0.1, 0.0])


def chances(policy: EpsilonSettings | SoftmaxSettings, allowed: list[bool]) -> dict[int, float]:
    """What each candidate's probability is said to be whenever it is drawn."""
    found: dict[int, float] = {}
    mask = np.array(allowed)
    for seed in range(300):
        rng = np.random.default_rng(seed)
        candidate, probability = draw(policy, VALUES, mask, int(mask.argmax()), rng)
        assert found.setdefault(candidate, probability) == probability
    return found


def test_epsilon_gives_the_best_what_the_others_leave() -> None:
    found = chances(EpsilonSettings(policy="epsilon", epsilon=0.4), [True] * 4)

    assert found == pytest.approx({0: 0.7, 1: 0.1, 2: 0.1, 3: 0.1})


def test_epsilon_draws_among_those_allowed() -> None:
    found = chances(EpsilonSettings(policy="epsilon", epsilon=0.5), [False, True, False, True])

    assert found == pytest.approx({1: 0.75, 3: 0.25})


def test_softmax_draws_the_better_more_often() -> None:
    found = chances(SoftmaxSettings(policy="softmax", temperature=0.5), [True, True, True, False])

    weights = np.exp(VALUES[:3] / 0.5)
    assert found == pytest.approx(dict(enumerate(weights / weights.sum())))


def test_a_cold_softmax_takes_the_best() -> None:
    assert chances(SoftmaxSettings(policy="softmax", temperature=0.001), [True] * 4) == {0: 1.0}


@pytest.mark.parametrize(
    "policy", [EpsilonSettings(policy="epsilon", epsilon=1), SoftmaxSettings(policy="softmax")]
)
def test_the_only_one_allowed_is_certain(policy: EpsilonSettings | SoftmaxSettings) -> None:
    assert chances(policy, [False, False, True, False]) == {2: 1.0}


def test_a_draw_at_the_very_edge_takes_what_can_be_drawn() -> None:
    class Edge(np.random.Generator):
        def random(self, *_: object, **__: object) -> float:  # type: ignore[override]
            return 1.0

    values, allowed = np.array([1.0, 1.0, -1e6]), np.ones(3, bool)
    rng = Edge(np.random.PCG64())

    candidate, probability = draw(
        SoftmaxSettings(policy="softmax", temperature=1), values, allowed, 0, rng
    )

    assert candidate == 1
    assert probability == pytest.approx(0.5)
