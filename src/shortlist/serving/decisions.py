"""Answers as decisions: what is kept of each, and what is told of it again."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import monotonic, sleep, time_ns
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from shortlist.core.errors import UnknownDecision
from shortlist.core.times import iso
from shortlist.serving.answers import Shown
from shortlist.storage.facts import Facts
from shortlist.storage.facts.decision_writer import DecisionWriter
from shortlist.storage.facts.decisions import DecisionRow

Matrix = npt.NDArray[np.float32]

FORGET: Final = 1_000
"""Decisions that are removed in one transaction: others write between two."""

SOON: Final = 0.7
"""Seconds within which other processes have written down what they decided, if all is well."""


def new_decision() -> str:
    """An id that sorts by time and that nobody guesses: 48 bits of milliseconds, 80 of chance."""
    return f"{time_ns() // 1_000_000:012x}{secrets.token_hex(10)}"


RECENT: Final = 5_000
"""Milliseconds within which a decision may still be on its way."""


@dataclass(frozen=True)
class Decided:
    """An answer as it is kept: what is shown, and how the list goes on."""

    shown: Sequence[Shown]
    matrix: Matrix | None
    """The columns that the ranker saw of each item shown."""
    columns: Sequence[str]
    following: Sequence[tuple[str, float]]
    """Item and score of what comes after the shown ones."""
    relaxed: Sequence[str] = ()
    price: float = 0.0


@dataclass(frozen=True)
class Decisions:
    """Keeps decisions, off the request's path, and finds them again."""

    facts: Facts
    writer: DecisionWriter

    def keep(self, row: DecisionRow) -> bool:
        """Keep a decision; False where too many wait, which is counted."""
        return self.writer.offer(row)

    def get(self, decision: str, *, patience: float = SOON) -> DecisionRow:
        """A decision, which another process may yet have to write. Raises UnknownDecision."""
        until = monotonic() + patience
        while True:
            row = self.writer.pending(decision) or self.facts.decisions.get(decision)
            if row is not None:
                return row
            if monotonic() >= until or not _recent(decision):
                raise UnknownDecision(f"no decision {decision!r}: it is unknown or was forgotten")
            sleep(0.02)

    def forget(self, before: int) -> int:
        """Remove decisions from before an instant, some at a time; how many there were."""
        total = 0
        while gone := self.facts.decisions.prune(before, FORGET):
            total += gone
        return total

    def told(self, row: DecisionRow) -> dict[str, Any]:
        """A decision as it is answered."""
        columns = row.answer["columns"]
        matrix = unpacked(row.features, len(columns))
        items = [
            {**each, "features": _named(columns, matrix, place)}
            for place, each in enumerate(row.answer["items"])
        ]
        return {
            "decision": row.id,
            "time": iso(row.time),
            "user": row.user,
            "session": row.session,
            "placement": row.placement,
            "bundle": row.bundle,
            "sequence": row.sequence,
            "asked": row.asked,
            "items": items,
            "degraded": row.answer["degraded"],
        }


def answer_of(decided: Decided, degraded: Sequence[str]) -> dict[str, Any]:
    """What is kept of an answer as JSON."""
    return {
        "items": [_shown(each) for each in decided.shown],
        "following": [*decided.following],
        "degraded": [*degraded],
        "columns": [*decided.columns],
    }


def packed(matrix: Matrix | None) -> bytes | None:
    """The columns of the items shown as bytes: float32, row after row."""
    return None if matrix is None else np.ascontiguousarray(matrix, "<f4").tobytes()


def unpacked(content: bytes | None, width: int) -> Matrix | None:
    """The columns again."""
    if content is None or not width:
        return None
    return np.frombuffer(content, "<f4").reshape(-1, width)


def _shown(each: Shown) -> dict[str, Any]:
    return {
        "item": each.item,
        "position": each.position,
        "score": each.score,
        "probability": each.probability,
        "sources": each.sources,
        "propensity": each.propensity,
        "pinned": each.pinned,
    }


def _named(
    columns: Sequence[str], matrix: Matrix | None, place: int
) -> Mapping[str, float | None] | None:
    if matrix is None or place >= len(matrix):
        return None
    numbers = (None if np.isnan(each) else float(each) for each in matrix[place])
    return dict(zip(columns, numbers, strict=True))


def _recent(decision: str) -> bool:
    """Whether an id was given within the last seconds, so that another process may be at it."""
    try:
        given = int(decision[:12], 16)
    except ValueError:
        return False
    return abs(time_ns() // 1_000_000 - given) < RECENT
