"""A sample of what the ranker learned from, kept to be learned again beside what is new.

Without it a forest that grows on recent questions alone forgets the others.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from shortlist.ranking.booster import Labelled

MOST: Final = 20_000
"""Rows that are kept: at 100 columns 8 MB."""

Arrays = dict[str, npt.NDArray[np.generic]]
Marks = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Replay:
    """Questions with the rows of their candidates, and by whom they were asked, disguised."""

    rows: Labelled
    users: Marks
    """A salted hash of each question's user: enough to leave out who was erased."""
    salt: npt.NDArray[np.uint8]

    @classmethod
    def of(
        cls, rows: Labelled, users: Sequence[str], rng: np.random.Generator, most: int = MOST
    ) -> "Replay":
        """As many questions, drawn at random, as have at most so many rows together."""
        salt = np.frombuffer(rng.bytes(16), np.uint8)
        marks = np.array([_mark(each, salt) for each in users], np.uint64)
        return cls(rows, marks, salt).sampled(most, rng)

    def without_strangers(self, users: Collection[str]) -> Self:
        """What was asked by users who are (still) known."""
        known = np.array([_mark(each, self.salt) for each in users], np.uint64)
        kept = np.flatnonzero(np.isin(self.users, known))
        return type(self)(_some(self.rows, kept), self.users[kept], self.salt)

    def joined(self, rows: Labelled, users: Sequence[str]) -> "Replay":
        """With new questions after the old."""
        marks = np.array([_mark(each, self.salt) for each in users], np.uint64)
        both = Labelled(
            np.concatenate([self.rows.matrix, rows.matrix]),
            np.concatenate([self.rows.labels, rows.labels]),
            np.concatenate([self.rows.groups, rows.groups]),
        )
        return Replay(both, np.concatenate([self.users, marks]), self.salt)

    def sampled(self, most: int, rng: np.random.Generator) -> "Replay":
        """As many of the questions, drawn at random, as have at most so many rows together."""
        order = rng.permutation(len(self.users))
        kept = np.sort(order[np.cumsum(self.rows.groups[order]) <= most])
        return Replay(_some(self.rows, kept), self.users[kept], self.salt)

    def arrays(self) -> Arrays:
        """All of it as plain arrays."""
        return {
            "matrix": np.ascontiguousarray(self.rows.matrix),
            "labels": self.rows.labels,
            "groups": self.rows.groups,
            "users": self.users,
            "salt": self.salt,
        }

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Self:
        """The sample again from what `arrays` gave."""
        rows = Labelled(
            np.asarray(arrays["matrix"], np.float32),
            np.asarray(arrays["labels"], np.float32),
            np.asarray(arrays["groups"], np.int64),
        )
        salt = np.asarray(arrays["salt"], np.uint8)
        return cls(rows, np.asarray(arrays["users"], np.uint64), salt)


def _mark(user: str, salt: npt.NDArray[np.uint8]) -> int:
    digest = blake2b(user.encode(), digest_size=8, key=salt.tobytes()).digest()
    return int.from_bytes(digest, "little")


def _some(rows: Labelled, groups: npt.NDArray[np.intp]) -> Labelled:
    """Some of the questions, with their rows."""
    ends = np.cumsum(rows.groups)
    places = [np.arange(ends[each] - rows.groups[each], ends[each]) for each in groups]
    which = np.concatenate([np.empty(0, np.int64), *places])
    return Labelled(rows.matrix[which], rows.labels[which], rows.groups[groups])
