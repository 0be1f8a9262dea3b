"""Trials, kept line by line in a file: what a killed search has done is not lost."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict, FiniteFloat, NonNegativeInt, ValidationError

from shortlist.core.errors import StorageFailed
from shortlist.tuning.space import Value


class Trial(BaseModel):
    """Settings that were tried, and what their lists were worth."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    number: NonNegativeInt
    """0 are the settings that the search began with."""

    changes: dict[str, Value]
    """What differs from those, by path."""

    searched: tuple[FiniteFloat, ...] = ()
    """The metric of every question that settings are chosen by; none of a trial that failed."""

    confirmed: tuple[FiniteFloat, ...] = ()
    """The same of the questions of other users, who confirm the choice."""

    seconds: FiniteFloat = 0.0
    """By the clock."""

    problem: str | None = None
    """Why it failed."""

    @property
    def value(self) -> float:
        """The mean that settings are chosen by."""
        return float(np.mean(self.searched)) if self.searched else float("-inf")


def best_of(trials: Sequence[Trial]) -> Trial:
    """The trial worth the most on the questions that are searched; the earlier one of equals."""
    return max(trials, key=lambda each: each.value)


class TrialFile:
    """Trials of one search, a line of JSON each."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> list[Trial]:
        """The trials so far, in their order, up to a line that a kill cut short."""
        found: list[Trial] = []
        try:
            lines = self._path.read_text("utf-8").splitlines()
        except FileNotFoundError:
            return found
        except OSError as error:
            raise StorageFailed(f"{self._path} cannot be read: {error.strerror}.") from None
        for line in lines:
            try:
                trial = Trial.model_validate_json(line)
            except ValidationError:
                break
            if trial.number != len(found):
                break
            found.append(trial)
        return found

    def write(self, trials: Sequence[Trial]) -> None:
        """Make the file hold these trials; it is on disk when this returns."""
        aside = self._path.with_suffix(".new")
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with aside.open("w", encoding="utf-8") as file:
                for each in trials:
                    file.write(json.dumps(each.model_dump(mode="json")) + "\n")
                file.flush()
                os.fsync(file.fileno())
            aside.replace(self._path)
        except OSError as error:
            raise StorageFailed(f"{self._path} cannot be written: {error.strerror}.") from None
