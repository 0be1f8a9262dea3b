"""Everybody's lists of one problem as numbers with intervals, ours beside each."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from benchmarks.quality.contest import Arena, Outcome, System
from benchmarks.quality.exchange import read_lists
from benchmarks.quality.judge import Judge
from benchmarks.quality.ours import TWO_STAGES

from shortlist.evaluation.intervals import mean_intervals
from shortlist.evaluation.lists import PerUser, RankedLists
from shortlist.evaluation.metrics import LIST_METRICS
from shortlist.evaluation.results import Estimate

POPULARITY = "popularity"

METRICS = ("ndcg", "recall")

Values = dict[str, PerUser]
"""By metric: a number a question."""


@dataclass(frozen=True)
class Row:
    """One way to recommend."""

    name: str
    kind: str
    """`popularity`, `source` (the best of ours), `ours`, or `library`."""
    values: Mapping[str, Estimate]
    """By metric."""
    ahead: Estimate | None
    """NDCG of our two stages less its own, question by question."""
    outcome: Outcome | None = None
    costs: Mapping[str, Mapping[str, float]] | None = None


@dataclass(frozen=True)
class Measured:
    """One problem, measured."""

    rows: tuple[Row, ...]
    users: int
    questions: int
    missing: tuple[str, ...]
    """Systems that have no lists."""
    lists: Mapping[str, RankedLists]
    """By row."""
    revision: str
    """The commit that ours is of; nothing where nobody said."""

    def row(self, name: str) -> Row:
        return next(each for each in self.rows if each.name == name)

    @property
    def ours(self) -> Row:
        return next(each for each in self.rows if each.kind == "ours")

    @property
    def source(self) -> Row:
        return next(each for each in self.rows if each.kind == "source")

    @property
    def telling(self) -> dict[str, RankedLists]:
        """The lists of popularity, of the best source, of ours and of the best library."""
        library = [self.library.name] if self.library else []
        names = [each.name for each in self.rows if each.kind != "library"]
        return {name: self.lists[name] for name in (*names, *library)}

    @property
    def library(self) -> Row | None:
        """The best model of a library, by the test part itself: nobody could have known it."""
        found = [each for each in self.rows if each.kind == "library"]
        return max(found, key=lambda each: each.values["ndcg"].value, default=None)


def measure(arena: Arena, test: Judge, rivals: Sequence[System]) -> Measured:
    """All rows, on the same questions and under the same draws of users.

    Every rival that has lists is one, whether it was asked for this time or before.
    """
    best = best_source(arena)
    rows: dict[str, tuple[str, RankedLists]] = {
        POPULARITY: ("popularity", test.baseline()),
        f"{best}, the best source": ("source", _ours(arena, test, best)),
        TWO_STAGES: ("ours", _ours(arena, test, TWO_STAGES)),
    }
    outcomes: dict[str, Outcome] = {}
    for system in rivals:
        if arena.outcome(system.name).exists():
            outcomes[system.name] = Outcome.read(arena.outcome(system.name))
            rows[system.name] = ("library", test.ranked(read_lists(arena.lists(system.name))))
    costs = json.loads((arena.folder / "ours" / "costs.json").read_text())
    values = {
        name: {each: LIST_METRICS[each].per_user(lists, arena.k) for each in METRICS}
        for name, (_, lists) in rows.items()
    }
    estimates = _estimates(values, test)
    return Measured(
        rows=tuple(
            Row(
                name=name,
                kind=kind,
                values=estimates[name][0],
                ahead=None if kind == "ours" else estimates[name][1],
                outcome=outcomes.get(name),
                costs=outcomes[name].costs if name in outcomes else costs.get(name),
            )
            for name, (kind, _) in rows.items()
        ),
        users=len(np.unique(test.owners)),
        questions=len(test.owners),
        missing=tuple(each.name for each in rivals if each.name not in outcomes),
        lists={name: lists for name, (_, lists) in rows.items()},
        revision=_revision(arena),
    )


def _revision(arena: Arena) -> str:
    file = arena.folder / "ours" / "revision.txt"
    return file.read_text("utf-8") if file.exists() else ""


def best_source(arena: Arena) -> str:
    """The source with the best lists on the validation part."""
    found = {
        file.stem: arena.validation.worth(read_lists(file), arena.k)
        for file in sorted((arena.folder / "ours" / "validation").glob("*.npz"))
    }
    return max(found, key=lambda name: found[name])


def _ours(arena: Arena, test: Judge, name: str) -> RankedLists:
    return test.ranked(read_lists(Path(arena.folder, "ours", "test", f"{name}.npz")))


def _estimates(
    values: Mapping[str, Values], test: Judge
) -> dict[str, tuple[dict[str, Estimate], Estimate]]:
    ours = values[TWO_STAGES]["ndcg"]
    columns = [column for own in values.values() for column in (*own.values(), ours - own["ndcg"])]
    found = iter(mean_intervals(columns, seed=0, owners=test.owners))
    return {
        name: ({each: next(found) for each in own}, next(found)) for name, own in values.items()
    }
