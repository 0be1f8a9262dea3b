"""What a rival is: a model of some library, with the space its settings are searched in."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from benchmarks.quality.exchange import BLOCK, Lists, Task, best_of, empty_lists
from scipy.sparse import csr_matrix

Settings = dict[str, Any]
Score = Callable[[csr_matrix, npt.NDArray[np.int32]], npt.NDArray[np.floating]]
"""Histories (a row a question) and users -> scores, questions x items."""

Answer = Callable[[Task], Lists]


class Rival(ABC):
    """One model. `trial` is Optuna's; a fit is asked for its lists as often as one likes."""

    @abstractmethod
    def settings(self, trial: Any, task: Task) -> Settings:
        """Settings to try."""

    @abstractmethod
    def fit(self, task: Task, settings: Settings) -> Answer:
        """Learn from the task, with settings that `settings` gave."""


def suggest_weights(trial: Any, task: Task) -> str:
    """How choices are weighed, where they have values: an option like any other."""
    options = ["ones", "values", "logs"] if task.valued else ["ones"]
    return str(trial.suggest_categorical("weights", options))


def weighed(table: Any, weights: str) -> csr_matrix:
    """A table of choices with such weights."""
    found = csr_matrix(table, dtype=np.float32, copy=True)
    if weights == "ones":
        found.data[:] = 1
    elif weights == "logs":
        found.data[:] = np.log1p(np.maximum(found.data, 0))
    return found


def in_blocks(score: Score, weights: str = "ones") -> Answer:
    """Lists from scores, a block of questions at a time."""

    def answer(task: Task) -> Lists:
        known = weighed(task.known, weights)
        found = empty_lists(known.shape[0])
        for start in range(0, known.shape[0], BLOCK):
            rows = slice(start, start + BLOCK)
            best = best_of(score(known[rows], task.users[rows]), task.known[rows])
            found.items[rows], found.scores[rows] = best.items, best.scores
        return found

    return answer


def of_the_known(items: Any, scores: Any, rows: Any, questions: int) -> Lists:
    """Lists for some questions; those of the others are empty."""
    found = empty_lists(questions)
    width = min(np.shape(items)[1], found.items.shape[1])
    found.items[rows, :width] = np.asarray(items)[:, :width]
    found.scores[rows, :width] = np.asarray(scores)[:, :width]
    nothing = ~np.isfinite(found.scores) | (found.scores < -1e30)
    found.items[nothing] = -1
    return found
