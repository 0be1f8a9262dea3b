import pytest

from shortlist.core.times import HOUR
from shortlist.online.bounds import Bounds
from shortlist.online.stages import Comparison, Kind, comparisons_of, verdict
from shortlist.online.worker_settings import WorkerSettings
from shortlist.storage.facts.model_steps import ModelStep, Step

SETTINGS = WorkerSettings(margin=0.01, compared_events=1_000, compared_hours=2)


def step(
    bundle: str, name: Step, against: str | None = None, since: int | None = None
) -> ModelStep:
    return ModelStep(0, 7, bundle, name, against, {} if since is None else {"since": since})


def test_a_challenger_is_compared_until_it_is_promoted_or_rejected() -> None:
    shadow = step("b", "shadowing", "a", 5)

    assert comparisons_of([shadow]) == [Comparison("shadow", "b", "a", 5, 7)]
    assert comparisons_of([shadow, step("b", "rejected", "a")]) == []


def test_a_promotion_begins_the_watch_and_the_step_after_it_goes_on() -> None:
    promoted = [step("b", "shadowing", "a", 5), step("b", "promoted", "a", 9)]

    assert comparisons_of(promoted) == [Comparison("watch", "b", "a", 9, 7)]
    watched = [*promoted, step("b", "watching", "a", 9)]
    assert comparisons_of(watched) == [Comparison("watch", "b", "a", 9, 7)]
    assert comparisons_of([*watched, step("b", "settled", "a")]) == []


def test_a_promotion_by_hand_is_not_watched() -> None:
    assert comparisons_of([step("b", "shadowing", "a", 5), step("b", "promoted", "a")]) == []


@pytest.mark.parametrize(
    ("kind", "current", "stands"),
    [
        ("shadow", "a", True),
        ("shadow", "b", False),
        ("watch", "b", True),
        ("watch", "a", False),
        ("watch", "c", False),
        ("shadow", None, False),
    ],
)
def test_it_stands_while_the_right_one_answers(
    kind: Kind, current: str | None, stands: bool
) -> None:
    assert Comparison(kind, "b", "a", 0, 0).stands(current) == stands


@pytest.mark.parametrize(
    ("bounds", "hours", "of_shadow", "of_watch"),
    [
        (Bounds(100, 0.0, -0.009, 0.009), 0, "promote", "settle"),
        (Bounds(100, -0.1, -0.2, -0.001), 0, "reject", "roll_back"),
        (Bounds(100, 0.0, -0.02, 0.02), 0, None, None),
        (Bounds(1_000, 0.0, -0.02, 0.02), 0, "promote", "settle"),
        (Bounds(1_000, -0.011, -0.03, 0.01), 0, "reject", "roll_back"),
        (Bounds(0, 0.0, -1.0, 1.0), 3, "reject", "settle"),
        (Bounds(100, 0.0, -0.02, 0.02), 3, "promote", "settle"),
        (Bounds(100, -0.005, -0.009, -0.001), 0, "reject", "roll_back"),
    ],
)
def test_what_the_bounds_allow(
    bounds: Bounds, hours: int, of_shadow: str | None, of_watch: str | None
) -> None:
    now = hours * HOUR

    shadow = verdict(Comparison("shadow", "b", "a", 0, 0), bounds, now, SETTINGS)
    watch = verdict(Comparison("watch", "b", "a", 0, 0), bounds, now, SETTINGS)

    assert (shadow and shadow[0]) == of_shadow
    assert (watch and watch[0]) == of_watch


@pytest.mark.parametrize(
    ("foretold", "of_shadow", "of_watch"),
    [
        (Bounds(1_000, 0.004, 0.001, 0.008), "promote", "settle"),
        (Bounds(1_000, 0.004, -0.010, 0.020), "promote", "settle"),
        (Bounds(1_000, 0.000, -0.010, 0.010), "reject", "settle"),
        (Bounds(1_000, -0.004, -0.010, 0.010), "reject", "settle"),
        (Bounds(1_000, -0.004, -0.010, -0.001), "reject", "roll_back"),
    ],
)
def test_a_challenger_has_to_foretell_better(
    foretold: Bounds, of_shadow: str, of_watch: str
) -> None:
    bounds = Bounds(1_000, -0.004, -0.02, 0.02)

    shadow = verdict(Comparison("shadow", "b", "a", 0, 0), bounds, 0, SETTINGS, foretold)
    watch = verdict(Comparison("watch", "b", "a", 0, 0), bounds, 0, SETTINGS, foretold)

    assert (shadow and shadow[0]) == of_shadow
    assert (watch and watch[0]) == of_watch


def test_it_is_not_promoted_early_before_it_surely_foretells_better() -> None:
    bounds, shadow = Bounds(100, 0.0, -0.009, 0.009), Comparison("shadow", "b", "a", 0, 0)

    assert verdict(shadow, bounds, 0, SETTINGS, Bounds(100, 0.1, -0.1, 0.2)) is None
    assert verdict(shadow, bounds, 0, SETTINGS, Bounds(100, 0.1, 0.01, 0.2)) is not None
