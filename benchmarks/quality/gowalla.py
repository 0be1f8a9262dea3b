"""Gowalla check-ins, the split of LightGCN, through the command line: cost and quality.

    python benchmarks/quality/gowalla.py [FOLDER] [--alone spectral ...] [--again SEED]

FOLDER holds `gowalla_train.npz` and `gowalla_test.npz` (users x places, SciPy sparse; no times);
left out, it is `gowalla` in SHORTLIST_DATASETS. The train matrix becomes a log; `shortlist import`,
`train` and `recommend --users all -k 20` run on it, each as a process that is timed with all it
starts. The lists are scored in the split's own protocol: every test item is relevant, what is in
train is excluded, the full catalogue is ranked; Recall@20, and NDCG@20 with the logarithm of 2 and
the best that min(20, test items) allows; means over users with test items; 95 % intervals,
bootstrapped by user. Beside them stand popularity and single sources of the same bundle, each
ranking the full catalogue, ties against it.

The test part of this split is not a random draw: the hundred most visited places have 27 % of their
visits in it, the middle of the catalogue 19 %. With `--again SEED` both parts are put together and
split anew at random, user by user, in the same proportion: what a log without times can be
trained for.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import polars as pl
from processes import Cost, shortlist
from rich import box
from rich.console import Console
from rich.table import Table
from scipy.sparse import csr_array, load_npz

from shortlist.bootstrap import open_home
from shortlist.core.candidates import Query
from shortlist.datasets.load import load_queries
from shortlist.evaluation.honest_ranking import rank_against_us
from shortlist.evaluation.intervals import mean_intervals
from shortlist.evaluation.lists import ItemLists, RankedLists
from shortlist.evaluation.metrics import LIST_METRICS
from shortlist.evaluation.results import Estimate
from shortlist.pipeline.model import Model
from shortlist.pipeline.parts import model_from

K = 20
METRICS = ("recall", "ndcg")
BLOCK = 64
"""Users whose scores of all places are in memory together."""

BASELINE, SUBJECT = "popularity", "two-stage list"


def main() -> None:
    asked = _arguments()
    train, test = (_matrix(asked.folder / f"gowalla_{part}.npz") for part in ("train", "test"))
    if asked.again is not None:
        train, test = split_again(train, test, asked.again)
    users, items = train.shape
    print(f"{users:,} users, {items:,} places, {train.nnz:,} train, {test.nnz:,} test events")
    with tempfile.TemporaryDirectory() as folder:
        home = asked.home or Path(folder) / "home"
        lists = Path(folder) / "lists.parquet"
        show_costs(run(train, Path(folder), home, lists))
        rows = {SUBJECT: RankedLists(two_stage(lists, users), test)}
        model, queries = opened(home)
        for name in dict.fromkeys([BASELINE, *asked.alone]):
            rows[name] = RankedLists(alone(model, name, queries, train, test), test)
    show_quality(rows)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("folder", type=Path, nargs="?", help="where the two matrices lie")
    add("--home", type=Path, help="keep the trained home here; left out, it is thrown away")
    add("--again", type=int, metavar="SEED", help="split anew, at random")
    sources = ["item_neighbours", "spectral", "ease", "als"]
    add("--alone", nargs="*", default=sources, help="sources to score alone beside popularity")
    asked = parser.parse_args()
    if asked.folder is None:
        root = os.environ.get("SHORTLIST_DATASETS")
        if not root:
            parser.error("say where the data is: FOLDER, or SHORTLIST_DATASETS")
        asked.folder = Path(root) / "gowalla"
    return asked


def _matrix(file: Path) -> csr_array:
    try:
        return csr_array(load_npz(file))
    except OSError as error:
        sys.exit(f"{file} cannot be read: {error}")


def split_again(train: csr_array, test: csr_array, seed: int) -> tuple[csr_array, csr_array]:
    """The same events, split at random: each user keeps as many test items as before."""
    whole = csr_array(train + test)
    lot = np.random.default_rng(seed).random(whole.nnz)
    user = np.repeat(np.arange(whole.shape[0]), np.diff(whole.indptr))
    order = np.lexsort((lot, user))
    place = np.empty(whole.nnz, np.int64)
    place[order] = np.arange(whole.nnz) - whole.indptr[user]
    tested = place < np.diff(test.indptr)[user]
    parts = []
    for part in (~tested, tested):
        cells = (np.ones(int(part.sum())), (user[part], whole.indices[part]))
        parts.append(csr_array(cells, shape=whole.shape))
    return parts[0], parts[1]


def run(train: csr_array, folder: Path, home: Path, lists: Path) -> dict[str, Cost]:
    """Import, train and recommend on the train matrix."""
    cells, events = train.tocoo(), folder / "events.csv"
    pl.DataFrame({"user": cells.row, "place": cells.col}).write_csv(events)
    columns = ("--user", "user", "--item", "place")
    return {
        "import": shortlist(home, "import", "events", events, *columns),
        "train": shortlist(home, "train"),
        "recommend": shortlist(
            home, "recommend", "--users", "all", "-k", str(K), "--output", lists
        ),
    }


def two_stage(lists: Path, users: int) -> ItemLists:
    """The lists as they were written, users x K."""
    rows = pl.read_parquet(lists).with_columns(pl.col("user", "item").cast(pl.Int32))
    found = np.full((users, K), -1, np.int32)
    found[rows["user"].to_numpy(), rows["rank"].to_numpy() - 1] = rows["item"].to_numpy()
    return found


def opened(home: Path) -> tuple[Model, dict[int, Query]]:
    """The bundle that made the lists, and what was asked for each user."""
    parts = open_home(home)
    bundle = parts.bundles.open()
    model = model_from(bundle.arrays, bundle.text)
    asked = load_queries(parts.facts, model.retrieval.catalogue, parts.settings.kinds)
    return model, {int(user): query for user, query, _ in asked}


def alone(
    model: Model, source: str, queries: dict[int, Query], train: csr_array, test: csr_array
) -> ItemLists:
    """The lists of one source, users x K, over the full catalogue."""
    place = np.array([int(each) for each in model.retrieval.catalogue.ids])
    found = np.full((train.shape[0], K), -1, np.int32)
    for users in _blocks(sorted(queries)):
        scores = np.full((len(users), train.shape[1]), -np.inf, np.float32)
        asked = [queries[user] for user in users]
        scores[:, place] = model.retrieval.sources[source].score_many(asked)
        own = csr_array(train[users])
        found[users] = rank_against_us(scores, csr_array(test[users]), limit=K, excluded=own)
    return found


def _blocks(users: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(users), BLOCK):
        yield users[start : start + BLOCK]


def show_costs(costs: dict[str, Cost]) -> None:
    table = _table("What it costs", "step", "wall s", "CPU s", "peak MiB")
    for step, cost in costs.items():
        table.add_row(step, f"{cost.wall:.0f}", f"{cost.cpu:.0f}", f"{cost.peak:,.0f}")
    wall, cpu = (sum(getattr(cost, each) for cost in costs.values()) for each in ("wall", "cpu"))
    table.add_row(
        "all", f"{wall:.0f}", f"{cpu:.0f}", f"{max(cost.peak for cost in costs.values()):,.0f}"
    )
    Console(highlight=False).print(table)
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end")


def show_quality(rows: dict[str, RankedLists]) -> None:
    """Every row with intervals, and what the two-stage list is ahead of it, on the same users."""
    values = {
        name: [LIST_METRICS[metric].per_user(lists, K) for metric in METRICS]
        for name, lists in rows.items()
    }
    ahead = [
        ours - theirs
        for own in values.values()
        for ours, theirs in zip(values[SUBJECT], own, strict=True)
    ]
    columns = [column for own in values.values() for column in own] + ahead
    estimates = mean_intervals(columns, seed=0)
    names = [LIST_METRICS[metric].label for metric in METRICS]
    table = _table(
        "What it gives", "list", *(f"{each}@{K}" for each in names), *(f"ahead, {n}" for n in names)
    )
    width = len(METRICS)
    for place, name in enumerate(rows):
        own = estimates[width * place :][:width]
        differences = estimates[width * (len(rows) + place) :][:width]
        said = ["" if name == SUBJECT else _said(each, "+.4f") for each in differences]
        table.add_row(name, *(_said(each, ".4f") for each in own), *said)
    Console(width=130, highlight=False).print(table)


def _said(estimate: Estimate, form: str) -> str:
    return f"{estimate.value:{form}} [{estimate.low:{form}} {estimate.high:{form}}]"


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    for place, column in enumerate(columns):
        table.add_column(column, justify="right" if place else "left")
    return table


if __name__ == "__main__":
    main()
