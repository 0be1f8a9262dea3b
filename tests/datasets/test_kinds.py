import numpy as np
import numpy.typing as npt
import pytest
from pydantic import ValidationError

from shortlist.datasets.kinds import DEFAULT_KIND, DEFAULT_KINDS, KindSettings

NO_VALUE = float("nan")


def values(*given: float) -> npt.NDArray[np.float32]:
    return np.array(given, np.float32)


@pytest.mark.parametrize(
    ("kind", "stars", "weight", "liked"),
    [
        ("rating", 5.0, 1.0, True),
        ("rating", 4.0, 0.8, True),
        ("rating", 3.5, 0.7, False),
        ("rating", 2.0, 0.4, False),
        ("rating10", 8.0, 0.8, True),
        ("rating10", 4.0, 0.4, False),
    ],
)
def test_a_rating_of_two_is_not_a_like(kind: str, stars: float, weight: float, liked: bool) -> None:
    settings = DEFAULT_KINDS[kind]

    assert settings.weigh(values(stars)) == pytest.approx([weight])
    assert settings.likes(values(stars)).tolist() == [liked]


def test_a_kind_nobody_set_is_a_positive_of_weight_one_whatever_its_value() -> None:
    assert DEFAULT_KIND.weigh(values(-3, 0, 7, NO_VALUE)).tolist() == [1, 1, 1, 1]
    assert DEFAULT_KIND.likes(values(-3, NO_VALUE)).tolist() == [True, True]
    assert DEFAULT_KIND.is_choice


@pytest.mark.parametrize("transform", ["none", "linear", "threshold", "log"])
def test_an_event_without_a_value_counts_in_full(transform: str) -> None:
    settings = KindSettings.model_validate({"weight": 2, "transform": transform, "like_from": 4})

    assert settings.weigh(values(NO_VALUE)).tolist() == [2]
    assert settings.likes(values(NO_VALUE)).tolist() == [True]


def test_a_linear_weight_stays_between_nothing_and_all() -> None:
    settings = KindSettings(weight=2, transform="linear", low=1, high=5)

    assert settings.weigh(values(0, 1, 3, 5, 9)).tolist() == [0, 0, 1, 2, 2]


def test_a_threshold_is_reached_or_not() -> None:
    settings = KindSettings(transform="threshold", high=4)

    assert settings.weigh(values(3.9, 4, 5)).tolist() == [0, 1, 1]


def test_many_plays_count_more_but_not_as_much_more() -> None:
    settings = DEFAULT_KINDS["play"]

    assert settings.weigh(values(0, 1, 1023)) == pytest.approx(np.log([1, 2, 1024]))
    assert settings.weigh(values(-5)).tolist() == [0]


def test_without_a_mark_whatever_weighs_something_is_a_like() -> None:
    settings = KindSettings(transform="linear", low=0, high=5)

    assert settings.likes(values(0, 0.5, 5)).tolist() == [False, True, True]


def test_a_dislike_is_a_choice_but_no_like() -> None:
    settings = DEFAULT_KINDS["dislike"]

    assert settings.weigh(values(NO_VALUE)).tolist() == [-1]
    assert settings.likes(values(5)).tolist() == [False]
    assert settings.is_choice


@pytest.mark.parametrize("kind", ["impression", "tag"])
def test_what_is_no_evidence_takes_nothing_out_of_the_lists(kind: str) -> None:
    assert DEFAULT_KINDS[kind].weigh(values(NO_VALUE)).tolist() == [0]
    assert not DEFAULT_KINDS[kind].is_choice


def test_whether_it_is_a_choice_can_be_said() -> None:
    assert KindSettings(weight=0, chosen=True).is_choice
    assert not KindSettings(weight=1, chosen=False).is_choice


def test_a_linear_weight_needs_a_span() -> None:
    with pytest.raises(ValidationError, match="low < high"):
        KindSettings(transform="linear", low=5, high=5)
