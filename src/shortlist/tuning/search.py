"""Which settings are tried next: a few steps from the best so far, or from where it began.

An evolution strategy with one parent (Rechenberg 1973). It needs no model of the space, so a trial
depends on nothing but the seed, its number and what the trials before it were worth: a search that
was interrupted goes on as if it had not been.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from shortlist.training.settings import TrainingSettings
from shortlist.tuning.space import OFF, Axis, Changes, Value, axes_of, value_at
from shortlist.tuning.trials import Trial, best_of

FROM_THE_BEST: Final = 0.75
"""How often the best so far is gone on from; else the settings that the search began with."""

MOST_STEPS: Final = 5
"""Settings that are changed at once, at most."""

SOURCES_TURNED: Final = 0.25
"""How often a step turns a source on or off, and does not change a setting."""

NEAR: Final = 0.5
"""How often a setting takes a small step, and does not become just anything."""

TRIES: Final = 50
"""Proposals that are drawn until one was not tried before."""


def propose(base: TrainingSettings, trials: Sequence[Trial], seed: int) -> Changes:
    """What to change for the trial after these; nothing for the first."""
    if not trials:
        return {}
    lot = np.random.default_rng([seed, len(trials)])
    axes, tried = axes_of(base), [each.changes for each in trials]
    found: Changes = {}
    for _ in range(TRIES):
        parent = best_of(trials).changes if lot.random() < FROM_THE_BEST else {}
        found = _stepped(base, parent, axes, lot)
        if found not in tried:
            break
    return found


def _stepped(
    base: TrainingSettings, parent: Changes, axes: Mapping[str, Axis], lot: np.random.Generator
) -> Changes:
    found: dict[str, Value] = dict(parent)
    switches = [path for path in axes if _is_source(path)]
    for _ in range(int(lot.integers(1, MOST_STEPS + 1))):
        settings = [path for path in axes if not _is_source(path) and _is_on(path, found)]
        turned = switches and (lot.random() < SOURCES_TURNED or not settings)
        path = str(lot.choice(switches if turned else settings))
        now = found.get(path, value_at(base, path))
        if turned:
            value: Value = "on" if now == OFF else OFF
            if value == OFF and _sources_on(base, found) == 1:
                continue
        else:
            value = axes[path].near(now, lot) if lot.random() < NEAR else axes[path].draw(lot)
        if value == value_at(base, path):
            found.pop(path, None)
        else:
            found[path] = value
    return {path: found[path] for path in sorted(found) if _is_source(path) or _is_on(path, found)}


def _sources_on(base: TrainingSettings, changes: Changes) -> int:
    return sum(changes.get(f"sources.{name}") != OFF for name in base.sources)


def _is_source(path: str) -> bool:
    return path.startswith("sources.") and path.count(".") == 1


def _is_on(path: str, changes: Changes) -> bool:
    """Whether a setting has any effect: that of a source that is off has none."""
    source = ".".join(path.split(".")[:2])
    return not path.startswith("sources.") or changes.get(source) != OFF
