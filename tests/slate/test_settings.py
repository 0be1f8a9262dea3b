import numpy as np
import pytest
from pydantic import ValidationError

from shortlist.core.times import DAY, EARLIEST
from shortlist.slate.settings import (
    EpsilonSettings,
    FatigueSettings,
    PlacementSettings,
    SoftmaxSettings,
)


def refused(**settings: object) -> str:
    with pytest.raises(ValidationError) as caught:
        PlacementSettings.model_validate(settings)
    return str(caught.value)


def test_a_placement_that_says_nothing_shows_the_ten_best() -> None:
    settings = PlacementSettings()

    assert settings.size == 10
    assert settings.diversity == 0
    assert settings.exploration is None
    assert settings.exclude_kinds is None


@pytest.mark.parametrize(
    ("path", "settings"),
    [
        ("filter", {"filter": "year >> 5"}),
        ("boosts.0.filter", {"boosts": [{"filter": "year >> 5", "add": 1}]}),
        ("pins.0.filter", {"pins": [{"item": "x", "position": 1, "filter": "year >> 5"}]}),
    ],
)
def test_the_syntax_of_a_filter_is_checked_with_its_position(
    path: str, settings: dict[str, object]
) -> None:
    with pytest.raises(ValidationError) as caught:
        PlacementSettings.model_validate(settings)

    (error,) = caught.value.errors()
    assert ".".join(map(str, error["loc"])) == path
    assert error["type"] == "bad_filter"
    assert error["ctx"]["position"] == 6
    assert error["msg"].startswith("at position 6: Here a value")


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"boosts": [{"filter": "a"}]}, "either a factor or something to add"),
        ({"boosts": [{"filter": "a", "factor": 2, "add": 1}]}, "either a factor or something"),
        ({"boosts": [{"filter": "a", "factor": -1}]}, "greater than 0"),
        ({"pins": [{"item": "x", "position": 0}]}, "greater than or equal to 1"),
        ({"caps": [{"attribute": "genres", "at_most": 0}]}, "greater than or equal to 1"),
        ({"size": 501}, "less than or equal to 500"),
        ({"diversity": 1.1}, "less than or equal to 1"),
        ({"exploration": {"policy": "ucb"}}, "'epsilon', 'softmax'"),
        ({"exploration": {"policy": "epsilon", "temperature": 1}}, "Extra inputs"),
        ({"exploration": {"policy": "softmax", "temperature": 0}}, "0.001"),
        ({"repeat": "sometimes"}, "'never', 'always' or 'after'"),
        ({"repeat": "after"}, "go together"),
        ({"repeat": {"policy": "never", "days": 3}}, "go together"),
        ({"sources": {"ease": 0}}, "greater than or equal to 1"),
        ({"colour": "red"}, "Extra inputs"),
    ],
)
def test_what_makes_no_sense_is_refused(settings: dict[str, object], reason: str) -> None:
    assert reason in refused(**settings)


def test_exploration_is_of_the_kind_its_policy_says() -> None:
    epsilon = PlacementSettings.model_validate({"exploration": {"policy": "epsilon", "slots": [3]}})
    softmax = PlacementSettings.model_validate({"exploration": {"policy": "softmax"}})

    assert epsilon.exploration == EpsilonSettings(policy="epsilon", slots=(3,))
    assert softmax.exploration == SoftmaxSettings(policy="softmax")


@pytest.mark.parametrize(
    ("repeat", "held"),
    [
        ("never", [True, True, True]),
        ("always", [False, False, False]),
        ({"policy": "after", "days": 2}, [False, False, True]),
    ],
)
def test_an_event_holds_its_item_back_as_long_as_it_should(
    repeat: object, held: list[bool]
) -> None:
    settings = PlacementSettings.model_validate({"repeat": repeat})
    times = np.array([EARLIEST, 8 * DAY, 8 * DAY + 1])

    assert settings.repeat.holds_back(times, now=10 * DAY).tolist() == held


@pytest.mark.parametrize(
    "settings",
    [
        {"exploration": {"policy": "epsilon"}, "boosts": [{"filter": "new", "add": 0}]},
        {"exploration": {"policy": "softmax"}, "repeat": {"policy": "after", "days": 2}},
        {"pins": [{"item": "x", "position": 1}], "caps": [{"attribute": "new", "at_most": 2}]},
    ],
)
def test_what_differs_from_the_defaults_is_enough_to_make_it_again(
    settings: dict[str, object],
) -> None:
    first = PlacementSettings.model_validate(settings)

    kept = first.model_dump(mode="json", exclude_defaults=True)

    assert PlacementSettings.model_validate(kept) == first


def test_every_setting_says_what_it_is() -> None:
    schema = PlacementSettings.model_json_schema()

    models = [schema, *schema["$defs"].values()]
    silent = [
        (model["title"], name)
        for model in models
        for name, field in model["properties"].items()
        if not field.get("description")
    ]
    assert silent == []


ALIEN, ALIENS = "alien", "aliens"
SHOWN, CLICKED = True, False


@pytest.mark.parametrize(
    ("events", "held"),
    [
        ([(ALIEN, SHOWN, 9), (ALIEN, SHOWN, 9)], set()),
        ([(ALIEN, SHOWN, 8), (ALIEN, SHOWN, 9), (ALIEN, SHOWN, 9)], {ALIEN}),
        ([(ALIEN, SHOWN, 2), (ALIEN, SHOWN, 9), (ALIEN, SHOWN, 9)], set()),
        ([(ALIEN, SHOWN, 9)] * 3 + [(ALIENS, SHOWN, 9)] * 2, {ALIEN}),
        ([(ALIEN, SHOWN, 8)] * 2 + [(ALIEN, CLICKED, 9), (ALIEN, SHOWN, 9)], set()),
        ([(ALIEN, CLICKED, 8)] + [(ALIEN, SHOWN, 9)] * 3, {ALIEN}),
        ([(ALIEN, SHOWN, 9)] * 3 + [(ALIENS, CLICKED, 9)], {ALIEN}),
        ([], set()),
    ],
)
def test_what_was_shown_three_times_in_vain_rests(
    events: list[tuple[str, bool, int]], held: set[str]
) -> None:
    fatigue = FatigueSettings(after=3, days=5)
    items = np.array([item for item, _, _ in events], np.object_)
    shown = np.array([only_shown for _, only_shown, _ in events], bool)
    times = np.array([day * DAY for _, _, day in events], np.int64)

    found = fatigue.holds_back(items, shown, ~shown, times, now=10 * DAY)

    assert set(items[found].tolist()) == held
    assert not found[~shown].any()


def test_an_impression_of_unknown_time_is_long_ago() -> None:
    items, shown = np.zeros(3, np.int32), np.ones(3, bool)
    times = np.full(3, EARLIEST)

    assert not FatigueSettings(after=1).holds_back(items, shown, ~shown, times, DAY).any()
