"""Settings are searched within a budget, resumably, blind to the test part, and above noise."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.datasets.by_hand import ALIEN, Line, log_of
from tests.training.tribes import SMALL, tribes
from tests.tuning.by_hand import search, validation

from shortlist.core.errors import TooLittleData
from shortlist.datasets.snapshot import Dataset
from shortlist.evaluation.protocols import PROTOCOLS
from shortlist.training.progress import Progress, silent
from shortlist.training.settings import TrainingSettings
from shortlist.tuning.trials import Trial
from shortlist.tuning.tune import trial_file, tune
from shortlist.tuning.tuning import TUNING, as_toml, concluded, tuned_before
from shortlist.tuning.validation import Numbers, Validation

ASKED = validation()
BASE = TrainingSettings()


def figures(trials: list[Trial]) -> list[Trial]:
    """Trials without how long they took."""
    return [each.model_copy(update={"seconds": 0.0}) for each in trials]


def trials(gain: float, noise: float = 0.0) -> list[Trial]:
    """The settings as they are, and others that gain so much on every question."""
    lot = np.random.default_rng(0)
    parts = [int(ASKED.choosing.sum()), int((~ASKED.choosing).sum())]
    base = [np.full(size, 0.3) for size in parts]
    other = [each + gain + noise * lot.standard_normal(len(each)) for each in base]
    return [
        Trial(number=0, changes={}, searched=tuple(base[0]), confirmed=tuple(base[1])),
        Trial(
            number=1,
            changes={"ranker.leaves": 31},
            searched=tuple(other[0] + abs(noise)),
            confirmed=tuple(other[1]),
        ),
    ]


def test_a_search_ends_with_its_budget_and_tries_the_settings_as_they_are_first(
    tmp_path: Path,
) -> None:
    asked = search(tmp_path, minutes=60)

    tuning = tune(asked)

    done = asked.trials.read()
    spent = sum(each.seconds for each in done)
    assert done[0].changes == {}
    assert len(done) == len(tuning.trials) > 1
    assert spent <= 3600 + np.median([each.seconds for each in done])
    assert tuning.minutes == pytest.approx(spent / 60)


def test_without_any_time_the_settings_as_they_are_are_tried(tmp_path: Path) -> None:
    tuning = tune(search(tmp_path, minutes=0))

    assert [each.number for each in tuning.trials] == [0]
    assert (tuning.chosen, tuning.toml) == (0, "")


def test_a_search_that_was_stopped_goes_on_to_the_same_trials(tmp_path: Path) -> None:
    whole, stopped = search(tmp_path / "whole", 60), search(tmp_path / "stopped", 60)
    tune(whole)
    done = whole.trials.read()
    stopped.trials.write(done[:2])

    resumed = tune(stopped)

    assert figures(stopped.trials.read())[: len(done)] == figures(done)[: len(resumed.trials)]
    assert len(resumed.trials) > 2


def test_what_earlier_runs_took_counts(tmp_path: Path) -> None:
    asked = search(tmp_path, minutes=10)
    taken = [each.model_copy(update={"seconds": 300.0}) for each in trials(0.0)]
    asked.trials.write(taken)

    tuning = tune(asked)

    assert len(tuning.trials) == 2


class Failing(Validation):
    """Learns by nothing but the settings as they are."""

    def worth(self, settings: TrainingSettings, progress: Progress = silent) -> Numbers:
        if settings != SMALL:
            raise TooLittleData("nothing to learn from")
        return super().worth(settings, progress)


def test_a_trial_that_fails_is_told_and_the_search_goes_on(tmp_path: Path) -> None:
    tuning = tune(search(tmp_path, minutes=60, asked=Failing(ASKED.fold, ASKED.protocol)))

    assert tuning.trials[1].problem == "nothing to learn from"
    assert tuning.trials[1].value is None
    assert tuning.chosen == 0


def test_a_log_that_cannot_be_trained_on_is_no_search(tmp_path: Path) -> None:
    lonely = log_of(*(Line(0, ALIEN, n) for n in range(20)))

    with pytest.raises(TooLittleData):
        tune(search(tmp_path, 1, asked=validation(lonely)))


@pytest.mark.parametrize("protocol", ["last-share", "global-time", "successive", "random-share"])
def test_what_the_evaluation_asks_about_is_not_looked_at(protocol: str) -> None:
    data = tribes()
    whole = validation(data, protocol)
    fold = PROTOCOLS[protocol].part(data, 0)[1]
    answers = {(each.query.user, int(item)) for each in fold.questions for item in each.items}

    learned = set(zip(whole.fold.fit.events.user, whole.fold.fit.events.item, strict=True))
    asked = {(each.query.user, int(item)) for each in whole.fold.questions for item in each.items}

    assert answers
    assert asked
    assert not answers & learned
    assert not answers & asked


def test_another_test_part_changes_no_figure(tmp_path: Path) -> None:
    """What is chosen after the cut is shuffled among the users: the trials stay the same."""
    data = tribes()
    cut = int(np.quantile(data.events.time, 0.8, method="lower"))
    ours, theirs = (
        search(tmp_path / name, 40, asked=validation(log, "global-time"))
        for name, log in (("ours", data), ("theirs", _shuffled_from(data, cut)))
    )

    tune(ours)
    tune(theirs)

    assert figures(ours.trials.read()) == figures(theirs.trials.read())


def _shuffled_from(data: Dataset, instant: int) -> Dataset:
    late = np.flatnonzero(data.events.time > instant)
    items = data.events.item.copy()
    items[late] = np.random.default_rng(1).permutation(items[late])
    return replace(data, events=replace(data.events, item=items))


def test_nobody_chooses_and_confirms() -> None:
    choosing = set(ASKED.owners[ASKED.choosing])
    confirming = set(ASKED.owners[~ASKED.choosing])

    assert choosing
    assert confirming
    assert not choosing & confirming


def test_a_sure_gain_is_taken() -> None:
    found = concluded(trials(0.1, noise=0.05), ASKED, BASE, seed=0)

    assert (found.best, found.chosen) == (1, 1)
    assert found.gain.low is not None
    assert found.gain.low > 0
    assert found.toml == "[training.ranker]\nleaves = 31\n"


def test_what_trains_again_goes_on_with_what_was_found() -> None:
    found = concluded(trials(0.1, noise=0.05), ASKED, BASE, seed=0)
    own = BASE.model_copy(update={"seed": 3})

    settings, kept = tuned_before(found.model_dump_json(), own)

    assert settings == own.model_copy(
        update={"ranker": own.ranker.model_copy(update={"leaves": 31})}
    )
    assert kept == {TUNING: found.model_dump_json()}


@pytest.mark.parametrize("text", [None, "", "{}", '{"trials": [], "chosen": 1}'])
def test_where_nothing_was_found_the_settings_stay(text: str | None) -> None:
    assert tuned_before(text, BASE) == (BASE, {})


def test_where_nothing_better_was_found_the_settings_stay() -> None:
    found = concluded(trials(0.005, noise=0.2), ASKED, BASE, seed=0).model_dump_json()

    assert tuned_before(found, BASE) == (BASE, {TUNING: found})


def test_a_gain_that_may_be_noise_leaves_the_settings_as_they_are() -> None:
    found = concluded(trials(0.005, noise=0.2), ASKED, BASE, seed=0)

    assert (found.best, found.chosen) == (1, 0)
    assert found.toml == ""


def test_where_one_source_changes_all_that_are_on_are_written() -> None:
    base = TrainingSettings(sources={"popularity": {}, "ease": {"l2": 50.0}, "transitions": {}})

    toml = as_toml(base, {"sources.transitions": "off", "sources.ease.half_life": "none"})

    assert toml == (
        '[training.sources.ease]\nhalf_life = "none"\nl2 = 50.0\n\n[training.sources.popularity]\n'
    )


def test_another_log_or_other_settings_are_another_search(tmp_path: Path) -> None:
    data = tribes()
    files = [
        trial_file(tmp_path, data, SMALL, "last-share", None),
        trial_file(tmp_path, data, SMALL, "global-time", None),
        trial_file(tmp_path, data, SMALL, "last-share", 5),
        trial_file(tmp_path, data, SMALL.model_copy(update={"seed": 1}), "last-share", None),
        trial_file(tmp_path, replace(data, sequence=7), SMALL, "last-share", None),
    ]

    for number, each in enumerate(files):
        each.write([Trial(number=0, changes={}, seconds=number)])

    assert [each.read()[0].seconds for each in files] == [0, 1, 2, 3, 4]
