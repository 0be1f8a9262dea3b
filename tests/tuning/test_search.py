from tests.training.tribes import SMALL

from shortlist.training.settings import TrainingSettings
from shortlist.tuning.search import propose
from shortlist.tuning.space import OFF, changed
from shortlist.tuning.trials import Trial

DEFAULTS = TrainingSettings()


def trial(number: int, value: float, **changes: object) -> Trial:
    return Trial(number=number, changes=changes, searched=(value,), confirmed=(value,))


def searched(base: TrainingSettings, trials: int, seed: int = 0) -> list[Trial]:
    """A search in which nothing is ever better than what it began with."""
    found: list[Trial] = []
    for number in range(trials):
        changes = dict(propose(base, found, seed))
        found.append(
            Trial(number=number, changes=changes, searched=(-number,), confirmed=(-number,))
        )
    return found


def test_the_settings_as_they_are_come_first() -> None:
    assert propose(DEFAULTS, [], seed=3) == {}


def test_a_proposal_follows_from_the_seed_and_the_trials_before_it() -> None:
    before = [trial(0, 0.1), trial(1, 0.2, **{"ranker.leaves": 31})]

    assert propose(DEFAULTS, before, seed=3) == propose(DEFAULTS, before, seed=3)
    assert propose(DEFAULTS, before, seed=3) != propose(DEFAULTS, before, seed=4)
    assert propose(DEFAULTS, before[:1], seed=3) != propose(DEFAULTS, before, seed=3)


def test_nothing_is_tried_twice_and_everything_can_be_trained() -> None:
    tried = [each.changes for each in searched(DEFAULTS, 60)]

    assert all(each not in tried[:place] for place, each in enumerate(tried))
    assert all(changed(DEFAULTS, each) for each in tried)


def test_the_best_so_far_is_gone_on_from() -> None:
    best = trial(1, 0.9, **{"ranker.leaves": 31, "sources.ease": OFF})

    proposals = [propose(DEFAULTS, [trial(0, 0.1), best], seed) for seed in range(40)]

    descended = [each for each in proposals if each.get("sources.ease") == OFF]
    assert 20 < len(descended) < 40


def test_settings_of_a_source_that_is_off_are_not_searched() -> None:
    for each in searched(DEFAULTS, 60):
        off = [path for path, value in each.changes.items() if value == OFF]
        assert not [path for path in each.changes if path.startswith(tuple(f"{o}." for o in off))]


def test_some_source_stays_on() -> None:
    base = TrainingSettings(sources={"ease": {}, "transitions": {}})

    assert all(changed(base, each.changes).sources for each in searched(base, 80))
    assert any(len(changed(base, each.changes).sources) == 1 for each in searched(base, 80))


def test_a_failed_trial_is_never_the_best() -> None:
    failed = Trial(number=1, changes={"ranker.leaves": 60}, problem="it failed")

    proposals = [propose(SMALL, [trial(0, 0.1), failed], seed) for seed in range(20)]

    assert all(each.get("ranker.leaves") != 60 for each in proposals)
