"""How fast lists are made: every source alone, then whole requests and their steps.

    python benchmarks/latency/retrieval_speed.py [--home DIR] [--min-item-events 5]

Trains on the log and reads the model from a bundle, as a server does; then asks for users drawn
at random, just after the newest event, one after another. Beside every source stands `implicit`,
asked in the same run for as many items: its ALS of the same settings, folding the user's choices
in anew (`recalculate_user`).
"""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from implicit.cpu.als import AlternatingLeastSquares
from measure import PERCENTILES, Clock, log, options, queries_now, show
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits

from shortlist.core.candidates import Query
from shortlist.core.process import settle
from shortlist.datasets.snapshot import Dataset
from shortlist.pipeline.explain import explain
from shortlist.pipeline.model import Model
from shortlist.pipeline.parts import model_from
from shortlist.pipeline.retrieve import merge, score_all
from shortlist.retrieval.als import Als, AlsModel
from shortlist.retrieval.source import SourceModel
from shortlist.storage.bundles import open_bundles
from shortlist.training.publish import contents_of
from shortlist.training.settings import TrainingSettings
from shortlist.training.train import Trained, train

K = 10
"""Items that are answered and explained."""

GIVEN = (100, 300)
"""Items that are given to be put in order."""


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
    with tempfile.TemporaryDirectory() as folder:
        model = from_bundle(trained, data, settings, folder)
        settle()
        whole, steps = requests(model, queries, rng), Steps.of(model, queries)
    trees = model.ranker.order.text.count("Tree=")
    print(
        f"trained in {training.wall[0] / 1000:.0f} s; "
        f"{trees} trees order {np.mean(steps.sizes):.0f} candidates a query"
    )
    for title, clocks in (("Whole requests", whole), ("Steps of a request", steps.clocks)):
        show(
            f"{title}: {len(queries):,} queries",
            ("step", *PERCENTILES, "x implicit"),
            [[name, *clock.percentiles(), clock.per(theirs)] for name, clock in clocks.items()],
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


def from_bundle(trained: Trained, data: Dataset, settings: TrainingSettings, folder: str) -> Model:
    """The model with its arrays mapped from files."""
    bundles = open_bundles(Path(folder).absolute().as_uri())
    bundles.publish(contents_of(trained, data, settings, until=None, seconds=0, parent=None))
    bundle = bundles.open()
    return model_from(bundle.arrays, bundle.text)


def requests(model: Model, queries: list[Query], rng: np.random.Generator) -> Mapping[str, Clock]:
    """Lists, and the order of given items, each measured whole."""
    retrieval, clocks = model.retrieval, {}
    clocks[f"whole list of {K}"] = listing = Clock()
    for query in queries:
        with listing:
            model.probabilities(model.rank(query, K))
    for number in GIVEN:
        clocks[f"order {number} given items"] = ordering = Clock()
        clocks[f"order {number}, sources asked"] = asking = Clock()
        for query in queries:
            items = np.sort(rng.permutation(len(retrieval.catalogue))[:number]).astype(np.int32)
            with asking:
                scores = {name: each.score(query) for name, each in retrieval.sources.items()}
                with ordering:
                    pool = retrieval.pool_of_items(scores, items, query.excluded)
                    model.order(query, pool, len(pool))
    return clocks


@dataclass(frozen=True)
class Steps:
    """The steps of a request, each measured alone, and the candidates there were."""

    clocks: Mapping[str, Clock]
    sizes: list[int]

    @staticmethod
    def of(model: Model, queries: list[Query]) -> "Steps":
        names = (
            "ALS folds a history in",
            "ask every source",
            "gather candidates",
            "their columns",
            "score them",
            f"probabilities of {K}",
            f"explain {K}",
        )
        clocks = {name: Clock() for name in names}
        fold, ask, gather, columns, score, chance, explaining = clocks.values()
        retrieval, sizes = model.retrieval, []
        als = retrieval.sources["als"]
        assert isinstance(als, AlsModel)
        for query in queries:
            with fold:
                als.fold_in(query)
            with gather:
                with ask:
                    scores = score_all(retrieval.sources, query)
                pool = merge(scores, query.excluded, retrieval.settings)
            with columns:
                matrix = retrieval.matrix([query], [pool])
            with score:
                model.ranker.score(matrix)
            ranked = model.order(query, pool, K)
            with chance:
                model.probabilities(ranked)
            with explaining:
                explain(model, ranked)
            sizes.append(len(pool))
        return Steps(clocks, sizes)


if __name__ == "__main__":
    with threadpool_limits(1):
        main()
