"""The process of ours: trained with the defaults, asked what the rivals are asked.

    python -m benchmarks.quality.ours DATA PROTOCOL HOME OUT

The log is in HOME, where `shortlist import` put it. On the validation part the sources alone are
fitted, to find the best; on the test part all is trained as `shortlist train` does it, the ranker's
exercises cut as the protocol cuts (as in `shortlist evaluate`), and everybody's list is made.
Nothing is tuned. What it cost stands in OUT/costs.json.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from benchmarks.quality.descriptions import describe
from benchmarks.quality.exchange import (
    BLOCK,
    DEPTH,
    Lists,
    best_of,
    empty_lists,
    opinions,
    write_lists,
)
from benchmarks.quality.problems import problem_of, task_of
from scipy.sparse import csr_array

from shortlist.datasets.folds import Fold
from shortlist.pipeline.model import Model, Retrieval
from shortlist.retrieval.source import SourceModel
from shortlist.training.settings import TrainingSettings
from shortlist.training.train import fit_retrieval, train

Cost = dict[str, float]
T = TypeVar("T")

TWO_STAGES = "two stages"


def main() -> None:
    data, protocol, home, out = sys.argv[1:]
    problem, folder = problem_of(describe(data), protocol, Path(home)), Path(out)
    costs: dict[str, dict[str, Cost]] = {}
    fold, settings = problem.fold("test"), TrainingSettings()
    trained, fitted = timed(lambda: train(fold.fit, settings, cut=problem.cut))
    lists, answered = timed(lambda: two_stages(trained.model, fold))
    write_lists(folder / "test" / f"{TWO_STAGES}.npz", lists)
    costs[TWO_STAGES] = {"fit": fitted, "recommend": answered}
    retrieval, _ = timed(lambda: fit_retrieval(fold.fit, settings))
    sources(retrieval, fold, folder / "test")
    inside = problem.fold("validation")
    sources(fit_retrieval(inside.fit, settings), inside, folder / "validation")
    (folder / "costs.json").write_text(json.dumps(costs))


def two_stages(model: Model, fold: Fold) -> Lists:
    """Everybody's list."""
    found = empty_lists(len(fold.questions))
    queries = [each.query for each in fold.questions]
    for row, ranked in enumerate(model.rank_many(queries, DEPTH)):
        found.items[row, : len(ranked.items)] = ranked.items
        found.scores[row, : len(ranked.items)] = ranked.scores
    return found


def sources(retrieval: Retrieval, fold: Fold, out: Path) -> None:
    """Everybody's list of each source alone, over the full catalogue."""
    known = task_of(fold).known
    for name, source in retrieval.sources.items():
        write_lists(out / f"{name}.npz", _alone(source, fold, known))


def _alone(source: SourceModel, fold: Fold, known: csr_array) -> Lists:
    found = empty_lists(len(fold.questions))
    queries = [each.query for each in fold.questions]
    for start in range(0, len(queries), BLOCK):
        rows = slice(start, start + BLOCK)
        best = opinions(best_of(source.score_many(queries[rows]), known[rows]))
        found.items[rows], found.scores[rows] = best.items, best.scores
    return found


def timed(deed: Callable[[], T]) -> tuple[T, Cost]:
    """What a deed gave, and what it cost: seconds, and MiB at the most so far."""
    wall, cpu = time.perf_counter(), time.process_time()
    found = deed()
    return found, {
        "wall": time.perf_counter() - wall,
        "cpu": time.process_time() - cpu,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


if __name__ == "__main__":
    main()
