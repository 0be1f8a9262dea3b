"""What passes between the judge and those who are judged: files in a folder, NumPy and SciPy alone.

A rival runs in an environment of its own and gets a folder with

    train.npz    users x items: the choices to learn from, 1 or their value (stars, plays)
    events.npz   the same log event by event, oldest first: user, item, time (microseconds, or -1)
    asked.npz    of each question: the user (a row of train, or -1 for somebody new), and the newest
                 items of their history in order, from start[question] to start[question + 1]
    known.npz    questions x items: what the user has, as in train; it must not be answered

and gives back one file with, for each question, the `DEPTH` best items that the user does not have
and their scores. The judge sorts them again, equal scores against the rival, so that nobody decides
for themselves what a tie is worth. Whoever gets no list has that of popularity. What was chosen
afterwards is not in the folder.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array, load_npz, save_npz

DEPTH = 100
"""Items of a list that is handed over; the judge looks at fewer."""

BLOCK = 256
"""Questions whose scores of all items are in memory together."""

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Events:
    """The log to learn from, oldest first."""

    user: Ints
    item: Ints
    time: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Task:
    """What is to be learned, and who is to be answered."""

    train: csr_array
    events: Events
    users: Ints
    known: csr_array
    sequence: Ints
    start: npt.NDArray[np.int64]

    @property
    def valued(self) -> bool:
        """Whether choices have values that differ."""
        return bool((self.train.data != 1).any())


@dataclass(frozen=True)
class Lists:
    """Questions x DEPTH: items, -1 where there are no more, and their scores."""

    items: Ints
    scores: Floats


def write_task(folder: Path, task: Task) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    save_npz(folder / "train.npz", task.train)
    save_npz(folder / "known.npz", task.known)
    np.savez_compressed(
        folder / "asked.npz", users=task.users, sequence=task.sequence, start=task.start
    )
    np.savez_compressed(folder / "events.npz", **vars(task.events))


def read_task(folder: Path) -> Task:
    with np.load(folder / "events.npz") as events, np.load(folder / "asked.npz") as asked:
        return Task(
            train=csr_array(load_npz(folder / "train.npz")),
            events=Events(**events),
            known=csr_array(load_npz(folder / "known.npz")),
            **asked,
        )


def write_lists(file: Path, lists: Lists) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(file, items=lists.items, scores=lists.scores)


def read_lists(file: Path) -> Lists:
    with np.load(file) as stored:
        return Lists(stored["items"], stored["scores"])


def empty_lists(questions: int) -> Lists:
    """Lists with nothing on them."""
    shape = (questions, DEPTH)
    return Lists(np.full(shape, -1, np.int32), np.full(shape, -np.inf, np.float32))


def best_of(scores: npt.NDArray[np.floating], known: csr_array) -> Lists:
    """The best of a score for every item that is not known, a row a question."""
    scores = np.array(scores, np.float32)
    rows = np.repeat(np.arange(known.shape[0]), np.diff(known.indptr))
    scores[rows, known.indices] = -np.inf
    scores[np.isnan(scores)] = -np.inf
    depth = min(DEPTH, scores.shape[1])
    found = empty_lists(len(scores))
    best = np.argpartition(-scores, depth - 1, axis=1)[:, :depth]
    kept = np.take_along_axis(scores, best, axis=1)
    order = np.argsort(-kept, axis=1, kind="stable")
    found.items[:, :depth] = np.take_along_axis(best, order, axis=1)
    found.scores[:, :depth] = np.take_along_axis(kept, order, axis=1)
    found.items[found.scores == -np.inf] = -1
    return found


def opinions(lists: Lists) -> Lists:
    """The lists, empty where every item has the same score: the model knows nothing of who asks.

    That is what many do for somebody without a history, where others give no list. Either way the
    judge puts popularity in its place; else the former would be worth nothing for the same silence.
    A single item is a choice.
    """
    there = lists.items >= 0
    highest = np.where(there, lists.scores, -np.inf).max(axis=1)
    lowest = np.where(there, lists.scores, np.inf).min(axis=1)
    silent = ((there.sum(axis=1) > 1) & (highest == lowest))[:, None]
    return Lists(np.where(silent, -1, lists.items), np.where(silent, -np.inf, lists.scores))
