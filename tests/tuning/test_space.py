import numpy as np
import pytest
from pydantic import ValidationError
from tests.training.tribes import SMALL

from shortlist.training.settings import TrainingSettings
from shortlist.tuning.space import AXES, OFF, Number, OneOf, axes_of, changed, value_at

DEFAULTS = TrainingSettings()


@pytest.mark.parametrize("path", AXES)
def test_whatever_is_drawn_for_a_setting_is_allowed(path: str) -> None:
    lot = np.random.default_rng(0)
    value = value_at(DEFAULTS, path)

    for _ in range(200):
        value = AXES[path].near(value, lot) if lot.random() < 0.5 else AXES[path].draw(lot)
        assert value_at(changed(DEFAULTS, {path: value}), path) == value


@pytest.mark.parametrize("path", AXES)
def test_the_defaults_lie_among_what_is_searched(path: str) -> None:
    axis, default = AXES[path], value_at(DEFAULTS, path)

    if isinstance(axis, Number):
        # The vectors of the spectral filter follow from the log where nobody says.
        assert default == "none" or axis.low <= default <= axis.high
    elif isinstance(axis, OneOf):
        assert default in (*axis.values, 6.0)


def test_a_small_step_stays_near() -> None:
    lot = np.random.default_rng(0)

    steps = [Number(1, 100).near(10, lot) for _ in range(200)]

    assert 4 < np.median(np.array(steps, float)) < 25
    assert min(float(each) for each in steps) >= 1


def test_a_source_that_is_off_is_left_out_and_others_keep_their_settings() -> None:
    base = TrainingSettings(sources={"popularity": {}, "ease": {"l2": 50.0}, "transitions": {}})

    tried = changed(base, {"sources.transitions": OFF, "sources.ease.half_life": "none"})

    assert dict(tried.sources) == {"popularity": {}, "ease": {"l2": 50.0, "half_life": "none"}}
    assert value_at(tried, "sources.ease.half_life") == "none"
    assert value_at(base, "sources.ease.half_life") == 6.0


def test_only_sources_that_the_settings_name_are_searched() -> None:
    axes = axes_of(SMALL)

    named = {path.split(".")[1] for path in axes if path.startswith("sources.")}

    assert named == {"item_neighbours", "transitions"}
    assert "sources.popularity" not in axes


def test_what_no_setting_may_be_is_refused() -> None:
    with pytest.raises(ValidationError, match="leaves"):
        changed(DEFAULTS, {"ranker.leaves": 1})
