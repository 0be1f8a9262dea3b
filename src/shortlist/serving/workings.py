"""A list taken apart: who proposed what, what the ranker said, what the slate changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from shortlist.core.pool import Pool
from shortlist.serving.answers import Shown
from shortlist.serving.making import POOL, SLATE, SOURCE, Making
from shortlist.serving.steps import Outcome
from shortlist.serving.told import decided_of
from shortlist.slate import Slate

BEST: Final = 8
"""Items that are told of each source, and of those that the slate left behind."""


@dataclass(frozen=True)
class Proposer:
    """What one source did."""

    name: str
    seconds: float | None
    """None where it was not asked, or had not answered."""
    proposed: int
    """Candidates that are among its best."""
    best: Sequence[str]


@dataclass(frozen=True)
class Placed:
    """One item of the list, and how it came to its position."""

    shown: Shown
    was: int
    """Its position by the ranker alone, from 0."""

    @property
    def moved(self) -> int:
        """How many positions the slate lifted it; below 0 it fell."""
        return self.was - self.shown.position


@dataclass(frozen=True)
class Workings:
    """How a list comes about."""

    bundle: str | None
    events: int
    """Events of the user that were read."""
    candidates: int
    sources: Sequence[Proposer]
    placed: Sequence[Placed]
    fell_out: Sequence[str]
    """Items that would be on the page by the ranker alone, best first."""
    relaxed: Sequence[str]
    price: float
    """What diversity and caps cost, as a share of the plain list's score."""
    lost: Sequence[str]
    """Steps that failed or were late."""
    seconds: Mapping[str, float]
    """How long each step took."""


def workings_of(making: Making, outcome: Outcome) -> Workings:
    """Take apart what was made."""
    results, plan = outcome.results, making.plan
    decided = decided_of(making, results)
    slate: Slate | None = results.get(SLATE)
    moved = list(range(len(decided.shown))) if slate is None else slate.moved_from.tolist()
    return Workings(
        bundle=None if plan.loaded is None else plan.loaded.bundle,
        events=len(making.known_of(results).rows),
        candidates=len(results[POOL]) if POOL in results else 0,
        sources=_proposers(making, outcome),
        placed=[Placed(each, was) for each, was in zip(decided.shown, moved, strict=False)],
        fell_out=_fell_out(making, outcome),
        relaxed=decided.relaxed,
        price=decided.price,
        lost=[*outcome.late, *outcome.failed],
        seconds=outcome.seconds,
    )


def _proposers(making: Making, outcome: Outcome) -> list[Proposer]:
    if POOL not in outcome.results:
        return []
    pool: Pool = outcome.results[POOL]
    ids, proposed = making.plan.shelf.ids, pool.ranks < pool.quota
    found = []
    for place, name in enumerate(making.model.retrieval.sources):
        keen = np.flatnonzero(proposed[place])
        first = keen[np.argsort(pool.ranks[place][keen], kind="stable")][:BEST]
        found.append(
            Proposer(
                name=name,
                seconds=outcome.seconds.get(f"{SOURCE}{name}"),
                proposed=len(keen),
                best=[ids[item] for item in pool.items[first].tolist()],
            )
        )
    return found


def _fell_out(making: Making, outcome: Outcome) -> list[str]:
    slate: Slate | None = outcome.results.get(SLATE)
    if slate is None:
        return []
    items, _ = making.ordered(outcome.results)
    shown = set(slate.moved_from[: slate.shown].tolist())
    gone = [place for place in range(slate.shown) if place not in shown]
    ids = making.plan.shelf.ids
    return [ids[item] for item in items[gone].tolist()][:BEST]
