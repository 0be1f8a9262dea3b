"""A search on the log of the two tribes, and a clock that says what it is told."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from tests.training.tribes import SMALL, tribes

from shortlist.datasets.snapshot import Dataset
from shortlist.evaluation.protocols import PROTOCOLS
from shortlist.evaluation.results import Estimate
from shortlist.training.settings import TrainingSettings
from shortlist.tuning.trials import TrialFile
from shortlist.tuning.tune import Search
from shortlist.tuning.tuning import Tried, Tuning
from shortlist.tuning.validation import Validation

MINUTE = 60.0


@dataclass
class Ticking:
    """A clock on which every look takes a minute."""

    ticks: Iterator[int] = field(default_factory=count)

    def __call__(self) -> float:
        return MINUTE * next(self.ticks)


def validation(data: Dataset | None = None, protocol: str = "last-share") -> Validation:
    log = tribes() if data is None else data
    return Validation.of(log, PROTOCOLS[protocol], min_item_events=1, seed=0)


def search(
    folder: Path,
    minutes: float,
    *,
    asked: Validation | None = None,
    base: TrainingSettings = SMALL,
    seed: int = 0,
) -> Search:
    """A search whose trials each take at least a minute of its clock."""
    return Search(
        base=base,
        validation=asked or validation(),
        minutes=minutes,
        seed=seed,
        trials=TrialFile(folder / "trials.jsonl"),
        clock=Ticking(),
    )


def found(**changes: object) -> Tuning:
    """What a search gives that has found some settings better than those it began with."""
    trials = [Tried(number=0, changes={}, value=0.1, seconds=1)]
    trials += [Tried.model_validate({**trials[0].model_dump(), "number": 1, "changes": changes})]
    return Tuning(
        protocol="last-share",
        seed=0,
        minutes=1,
        questions=9,
        confirming=9,
        trials=tuple(trials),
        best=1,
        first=Estimate(value=0.1),
        found=Estimate(value=0.2),
        gain=Estimate(value=0.1, low=0.05, high=0.15),
        chosen=1,
        toml="",
    )
