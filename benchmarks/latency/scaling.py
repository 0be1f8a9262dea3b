"""How the cost of a list grows with the items of the catalogue.

    python benchmarks/latency/scaling.py [--home DIR] [--sizes 3000 30000 300000 1000000]

ALS of the default settings is fitted on a log: that of a home, or a simulated one. A catalogue
larger than the log's is made of its factors: each further item is one of those there are, a little
longer or shorter and turned a little, so that lengths and clusters stay what they were. (Vectors
drawn from a normal distribution have neither; what searches the one well is bad at the other.)

Asked for the best 500, for users drawn at random, on one thread: our ALS source, folding the
history in; a plain NumPy scan of the same factors for the same user, the exact answer, by whose
time all are divided; and `implicit`, given the user's factors. Beside them the merge of nine
sources' scores of every item, as a request does it.
"""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import altair as alt
import numpy as np
import numpy.typing as npt
import vl_convert
from implicit.cpu.als import AlternatingLeastSquares
from measure import Clock, log, options
from results import FILE, Results
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits

from shortlist.core.candidates import Query
from shortlist.datasets.snapshot import Dataset
from shortlist.pipeline.retrieve import RetrievalSettings, merge
from shortlist.retrieval.als import Als, AlsModel

Matrix = npt.NDArray[np.float32]

BEST = 500
SIZES = (3_000, 30_000, 300_000, 1_000_000)
PLOT = FILE.parent / "plots" / "latency-items.svg"

LENGTH, TURN = 0.2, 0.3
"""How much longer or shorter a further item is than the one it is made of, and how far it is
turned, as shares of its length (standard deviations)."""

SOURCES = 9
SCAN, OURS, THEIRS, MERGE = "plain scan", "ALS source", "implicit", f"merge of {SOURCES} sources"


def main() -> None:
    asked = _arguments()
    data = log(asked)
    results = Results(
        "latency-items",
        "How the cost of a list grows with the catalogue",
        asked,
        f"ALS factors of {'the log of a home' if asked.home else 'a SIMULATED log'} "
        f"({data.n_items:,} items, {len(data.events):,} events), grown",
        command="make bench-latency BENCH_ARGS='--only scaling"
        + (" --home HOME'" if asked.home else "'"),
        clients=False,
    )
    model = Als().fit(data)
    lot = np.random.default_rng(asked.seed)
    queries = asking(data, asked.requests, lot)
    clocks: dict[int, Mapping[str, Clock]] = {}
    recall: dict[int, float] = {}
    for size in asked.sizes:
        grown = replace(model, factors=grow(model.factors, size, lot))
        clocks[size], recall[size] = measure(grown, queries)
    results.say(
        f"The best {BEST} of a catalogue for {len(queries):,} users, one thread, milliseconds; *x* "
        "is the median of CPU time over that of the plain scan in the same run."
    )
    results.table(
        f"The best {BEST}",
        ("items", "", "p50", "p99", "CPU p50", "x", "recall"),
        [
            [
                f"{size:,}",
                name,
                *_numbers(clock),
                clock.per(each[SCAN]),
                _recall(name, recall[size]),
            ]
            for size, each in clocks.items()
            for name, clock in each.items()
        ],
    )
    draw(clocks, asked.plot)
    if asked.plot == PLOT:
        results.say(f"![cost by items](plots/{PLOT.name})")
    results.write()


def _arguments() -> argparse.Namespace:
    parser = options(__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="items")
    parser.add_argument("--requests", type=int, default=300, help="users asked for")
    parser.add_argument("--results", type=Path, default=FILE, help="the page to write to")
    parser.add_argument("--plot", type=Path, default=PLOT, help="the picture to write")
    return parser.parse_args()


def asking(data: Dataset, number: int, lot: np.random.Generator) -> list[Query]:
    """Users drawn at random, of those who chose anything."""
    active = np.unique(data.events.user[data.positive])
    return [data.query(int(user)) for user in lot.choice(active, number)]


def grow(factors: Matrix, size: int, lot: np.random.Generator) -> Matrix:
    """Factors of so many items: those there are first, then more that are like them."""
    further = size - len(factors)
    if further <= 0:
        return np.ascontiguousarray(factors[:size])
    like = factors[lot.integers(0, len(factors), further)]
    length = np.linalg.norm(like, axis=1, keepdims=True) / np.sqrt(factors.shape[1])
    noise = lot.standard_normal(like.shape, np.float32)
    stretch = 1 + LENGTH * lot.standard_normal((further, 1), np.float32)
    return np.concatenate([factors, like * stretch + TURN * length * noise], dtype=np.float32)


def measure(model: AlsModel, queries: Sequence[Query]) -> tuple[Mapping[str, Clock], float]:
    """Every way to ask, one user after the other; and the recall of ours."""
    clocks = {name: Clock() for name in (SCAN, OURS, THEIRS, MERGE)}
    size = len(model.factors)
    asked = [Query(history=each.history[each.history < size]) for each in queries]
    users = np.stack([model.fold_in(each) for each in asked])
    theirs, nothing = _theirs(model, users), csr_matrix((1, size), dtype=np.float32)
    tables = np.random.default_rng(0).choice(len(users), SOURCES)
    scores = np.ascontiguousarray(users[tables] @ model.factors.T)
    model.retrieve(asked[0], BEST)
    found = []
    for place, (query, user) in enumerate(zip(asked, users, strict=True)):
        with clocks[SCAN]:
            exact = scan(model.factors, user)
        with clocks[OURS]:
            ours = model.retrieve(query, BEST)
        with clocks[THEIRS]:
            theirs.recommend(place, nothing, N=min(BEST, size), filter_already_liked_items=False)
        with clocks[MERGE]:
            merge(scores, query.excluded, RetrievalSettings())
        positive = exact[model.factors[exact] @ user > 0]
        found.append(np.isin(positive, ours.items).mean() if len(positive) else 1.0)
    return clocks, float(np.mean(found))


def scan(factors: Matrix, user: Matrix) -> npt.NDArray[np.intp]:
    """The best items by the product of each with the user, best first."""
    scores = factors @ user
    best = np.argpartition(scores, -min(BEST, len(scores)))[-BEST:]
    return best[np.argsort(-scores[best], kind="stable")]


def _theirs(model: AlsModel, users: Matrix) -> AlternatingLeastSquares:
    solver = AlternatingLeastSquares(factors=model.factors.shape[1], num_threads=1)
    solver.item_factors, solver.user_factors = model.factors, users
    return solver


def _numbers(clock: Clock) -> list[str]:
    p50, _, p99, cpu = clock.percentiles()
    return [p50, p99, cpu]


def _recall(name: str, ours: float) -> str:
    return {SCAN: "1", OURS: f"{ours:.4f}"}.get(name, "")


def draw(clocks: Mapping[int, Mapping[str, Clock]], file: Path) -> None:
    """CPU time by items, both on logarithmic axes, as SVG."""
    points = [
        {"items": size, "ms": float(np.median(clock.cpu)), "what": name}
        for size, each in clocks.items()
        for name, clock in each.items()
    ]
    chart = (
        alt.Chart(alt.Data(values=points))
        .mark_line(point=True)
        .encode(
            x=alt.X("items:Q", scale=alt.Scale(type="log"), title="items"),
            y=alt.Y("ms:Q", scale=alt.Scale(type="log"), title="CPU ms, median"),
            color=alt.Color("what:N", sort=[SCAN, OURS, THEIRS, MERGE], title=None),
        )
        .properties(title=f"The best {BEST} of a catalogue", width=420, height=260)
    )
    spec = chart.properties(background="white").to_dict()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(vl_convert.vegalite_to_svg(spec), "utf-8")


if __name__ == "__main__":
    with threadpool_limits(1):
        main()
