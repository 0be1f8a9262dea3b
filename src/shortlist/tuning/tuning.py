"""What a search found, as it is kept with the bundle that was trained by it."""

import json
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, FiniteFloat, NonNegativeInt

from shortlist.evaluation.intervals import mean_intervals
from shortlist.evaluation.results import Estimate
from shortlist.training.settings import TrainingSettings
from shortlist.tuning.space import OFF, Changes, Value, changed
from shortlist.tuning.trials import Trial, best_of
from shortlist.tuning.validation import Validation

TUNING: Final = "tuning.json"
"""The text of a bundle that says what was tried before it was trained; only some have it."""


class Tried(BaseModel):
    """A line of the table of trials."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    number: NonNegativeInt
    changes: dict[str, Value]
    """What differs from the settings that the search began with, by path."""
    value: FiniteFloat | None
    """NDCG@10 on the questions of those who choose; nothing of a trial that failed."""
    seconds: FiniteFloat
    problem: str | None = None


class Tuning(BaseModel):
    """A search and its outcome."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    protocol: str
    """How the log was cut, twice; the test part was put aside."""
    seed: NonNegativeInt
    minutes: FiniteFloat
    """What all trials took together, by the clock."""
    questions: NonNegativeInt
    """Questions that chose."""
    confirming: NonNegativeInt
    """Questions of other users, that confirmed."""
    trials: tuple[Tried, ...]
    best: NonNegativeInt
    """The trial worth the most to those who choose."""
    first: Estimate
    """NDCG@10 of trial 0 to those who confirm."""
    found: Estimate
    """That of the best one."""
    gain: Estimate
    """The difference of the two, question by question, with its interval by user."""
    chosen: NonNegativeInt
    """The trial whose settings were taken: the best where the gain is surely above zero, else 0."""
    toml: str
    """What to write into the settings file to train so again; nothing for trial 0."""


def tuned_before(
    text: str | None, base: TrainingSettings
) -> tuple[TrainingSettings, dict[str, str]]:
    """Settings with the changes that the search behind a bundle chose, and the text to keep.

    So that what trains again by itself goes on with what was found. Of a bundle without a search,
    or where those changes no longer fit the settings, the settings as they are.
    """
    if text is None:
        return base, {}
    try:
        found = Tuning.model_validate_json(text)
        return changed(base, found.trials[found.chosen].changes), {TUNING: text}
    except (ValueError, KeyError, IndexError):
        return base, {}


def concluded(
    trials: Sequence[Trial], asked: Validation, base: TrainingSettings, seed: int
) -> Tuning:
    """The outcome of some trials, of which the first did not fail."""
    best = best_of(trials)
    first, found, gain = _confirmed(trials[0], best, asked, seed)
    surely = best.number > 0 and gain.low is not None and gain.low > 0
    chosen = best if surely else trials[0]
    return Tuning(
        protocol=asked.protocol.name,
        seed=seed,
        minutes=sum(each.seconds for each in trials) / 60,
        questions=int(asked.choosing.sum()),
        confirming=int((~asked.choosing).sum()),
        trials=tuple(
            Tried(
                number=each.number,
                changes=each.changes,
                value=each.value if each.searched else None,
                seconds=each.seconds,
                problem=each.problem,
            )
            for each in trials
        ),
        best=best.number,
        first=first,
        found=found,
        gain=gain,
        chosen=chosen.number,
        toml=as_toml(base, chosen.changes),
    )


def _confirmed(first: Trial, best: Trial, asked: Validation, seed: int) -> list[Estimate]:
    """Both trials and their difference to those who confirm."""
    before, after = (np.array(each.confirmed) for each in (first, best))
    owners: npt.NDArray[np.int64] = asked.owners[~asked.choosing]
    return mean_intervals([before, after, after - before], seed=seed, owners=owners)


def as_toml(base: TrainingSettings, changes: Changes) -> str:
    """The changes as tables of the settings file.

    A file that names one source names all that are on, so where any is changed all are written.
    """
    tables: dict[str, dict[str, object]] = {}
    if any(path.startswith("sources.") for path in changes):
        for name, settings in base.sources.items():
            if changes.get(f"sources.{name}") != OFF:
                tables[f"training.sources.{name}"] = dict(settings)
    for path, value in changes.items():
        table, _, name = f"training.{path}".rpartition(".")
        if table in tables or not table.startswith("training.sources"):
            tables.setdefault(table, {})[name] = value
    return "\n".join(_table(name, tables[name]) for name in sorted(tables))


def _table(name: str, settings: Mapping[str, object]) -> str:
    lines = [f"{each} = {_written(value)}" for each, value in sorted(settings.items())]
    return "\n".join([f"[{name}]", *lines, ""])


def _written(value: object) -> str:
    return '"none"' if value is None else json.dumps(value)
