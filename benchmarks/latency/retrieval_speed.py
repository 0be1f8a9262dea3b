"""How fast lists are made: every source alone, then the path of one request.

    python benchmarks/latency/retrieval_speed.py [--home DIR]

Trains a bundle's worth on the log, then asks for users drawn at random, just after the newest
event, one after another. Beside every source stands `implicit`, asked in the same run for as many
items: its ALS of the same settings, folding the user's choices in anew (`recalculate_user`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from implicit.cpu.als import AlternatingLeastSquares
from measure import PERCENTILES, Clock, log, options, queries_now, show
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits

from shortlist.core.candidates import Query
from shortlist.datasets.snapshot import Dataset
from shortlist.pipeline.explain import explain
from shortlist.pipeline.model import Model
from shortlist.retrieval.als import Als, AlsModel
from shortlist.retrieval.source import SourceModel
from shortlist.training.settings import TrainingSettings
from shortlist.training.train import train

K = 10
"""Items that are answered and explained."""


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--requests", type=int, default=500, help="queries answered")
    parser.add_argument(
        "--questions", type=int, default=4000, help="training questions of the ranker, at most"
    )
    asked = parser.parse_args()
    data = log(asked)
    rng = np.random.default_rng(asked.seed)
    settings = TrainingSettings(questions=asked.questions)
    queries = queries_now(data, asked.requests, rng)

    fits, sources = fit(data, settings)
    theirs = implicit_recommending(data, queries, settings.retrieval.per_source)
    show(
        f"Sources: {settings.retrieval.per_source} items for each of {len(queries):,} queries",
        ("source", "fit s", "fit CPU s", *PERCENTILES, "x implicit"),
        [source_row(name, fits[name], sources[name], queries, settings, theirs) for name in sources]
        + [["implicit ALS", "", "", *theirs.percentiles(), theirs.per(theirs)]],
    )

    training = Clock()
    with training:
        trained = train(data, settings)
    path = Path.of(trained.model, queries)
    trees = trained.model.ranker.order.text.count("Tree=")
    print(
        f"trained in {training.wall[0] / 1000:.0f} s; "
        f"{trees} trees order {np.mean(path.sizes):.0f} candidates a query"
    )
    show(
        f"One request: {len(queries):,} queries",
        ("step", *PERCENTILES, "x implicit"),
        [[name, *clock.percentiles(), clock.per(theirs)] for name, clock in path.steps.items()],
    )


def fit(
    data: Dataset, settings: TrainingSettings
) -> tuple[Mapping[str, Clock], Mapping[str, SourceModel]]:
    """Fit every source alone."""
    clocks, models = {}, {}
    for name, recipe in settings.recipes().items():
        clocks[name] = Clock()
        with clocks[name]:
            models[name] = recipe.fit(data)
    return clocks, models


def source_row(
    name: str,
    fitting: Clock,
    source: SourceModel,
    queries: list[Query],
    settings: TrainingSettings,
    theirs: Clock,
) -> list[str]:
    retrieving = Clock()
    for query in queries:
        with retrieving:
            source.retrieve(query, settings.retrieval.per_source)
    spent = [f"{sum(each) / 1000:.2f}" for each in (fitting.wall, fitting.cpu)]
    return [name, *spent, *retrieving.percentiles(), retrieving.per(theirs)]


def implicit_recommending(data: Dataset, queries: list[Query], items: int) -> Clock:
    """The library's own ALS, fitted alike, and asked what the sources are asked."""
    own = Als()
    chosen = csr_matrix(data.interactions * np.float32(1 + own.alpha))
    with threadpool_limits(1, "blas"):
        solver = AlternatingLeastSquares(
            factors=own.factors,
            regularization=own.l2,
            alpha=1.0,
            iterations=own.iterations,
            random_state=own.seed,
            num_threads=1,
        )
        solver.fit(chosen, show_progress=False)
    clock = Clock()
    for query in queries:
        with clock:
            solver.recommend(query.user, chosen[query.user], N=items, recalculate_user=True)
    return clock


@dataclass(frozen=True)
class Path:
    """The steps of a request, each measured alone, and the candidates there were."""

    steps: Mapping[str, Clock]
    sizes: list[int]

    @staticmethod
    def of(model: Model, queries: list[Query]) -> "Path":
        names = (
            "ALS folds a history in",
            "gather candidates",
            "their columns",
            "score them",
            f"probabilities of {K}",
            f"explain {K}",
            f"whole list of {K}",
        )
        steps = {name: Clock() for name in names}
        fold, gather, columns, score, chance, explaining, whole = steps.values()
        als = model.retrieval.sources["als"]
        assert isinstance(als, AlsModel)
        sizes = []
        for query in queries:
            with fold:
                als.fold_in(query)
            with gather:
                pool = model.retrieval.gather(query)
            with columns:
                matrix = model.retrieval.matrix([query], [pool])
            with score:
                model.ranker.score(matrix)
            with whole:
                ranked = model.rank(query, K)
            with chance:
                model.probabilities(ranked)
            with explaining:
                explain(model, ranked)
            sizes.append(len(pool))
        return Path(steps, sizes)


if __name__ == "__main__":
    with threadpool_limits(1):
        main()
