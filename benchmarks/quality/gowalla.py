"""Gowalla check-ins, the split of LightGCN, through the command line: cost and quality.

    python -m benchmarks.quality.gowalla [FOLDER] [--alone spectral ...] [--published]

FOLDER holds `gowalla_train.npz` and `gowalla_test.npz` (users x places, SciPy sparse; no times);
left out, it is `gowalla` in SHORTLIST_DATASETS. The train matrix becomes a log; `shortlist import`,
`train` and `recommend --users all -k 20` run on it, each as a process that is timed with all it
starts. The lists are scored in the split's own protocol: every test item is relevant, what is in
train is excluded, the full catalogue is ranked; Recall@20, and NDCG@20 with the logarithm of 2 and
the best that min(20, test items) allows; means over users with test items; 95 % intervals,
bootstrapped by user. Beside them stand popularity and single sources of the same bundle, each
ranking the full catalogue, ties against it.

With `--published` all of it is done once more with the settings in `published/gowalla.toml`, those
of a published filter. Its authors chose them on this test part; ours were chosen without it.

The test part of this split is not a random draw: the hundred most visited places have 27 % of their
visits in it, the middle of the catalogue 19 %. With `--again SEED` both parts are put together and
split anew at random, user by user, in the same proportion: what a log without times can be
trained for.
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
from benchmarks.quality.processes import Cost, shortlist
from benchmarks.quality.tables import interval, sign, signed
from benchmarks.results_page import FILE, Results
from scipy.sparse import csr_array, load_npz

from shortlist.bootstrap import open_home
from shortlist.core.candidates import Query
from shortlist.datasets.load import load_queries
from shortlist.evaluation.honest_ranking import rank_against_us
from shortlist.evaluation.intervals import mean_intervals
from shortlist.evaluation.lists import ItemLists, RankedLists
from shortlist.evaluation.metrics import LIST_METRICS
from shortlist.evaluation.results import Estimate
from shortlist.evaluation.tables.grid import short
from shortlist.pipeline.model import Model
from shortlist.pipeline.parts import model_from

K: Final = 20
METRICS: Final = ("recall", "ndcg")
BLOCK: Final = 64
"""Users whose scores of all places are in memory together."""

BASELINE, SUBJECT = "popularity", "two stages"

PUBLISHED: Final = Path(__file__).parent / "published" / "gowalla.toml"

MEANINGS: Final = {
    "defaults": "the defaults, which were not chosen on this split's test part",
    "as published": (
        "the spectral source with the settings of ChebyCF as published for Gowalla, which their "
        "authors chose on this test part, the rest as by default"
    ),
}
"""The runs, and the settings of each."""


@dataclass(frozen=True)
class Run:
    """What one training cost, and what its lists are worth."""

    costs: Mapping[str, Cost]
    rows: Mapping[str, RankedLists]


def main() -> None:
    asked = _arguments()
    train, test = (_matrix(asked.folder / f"gowalla_{part}.npz") for part in ("train", "test"))
    if asked.again is not None:
        train, test = split_again(train, test, asked.again)
    users, items = train.shape
    split = "the split of LightGCN" if asked.again is None else f"split anew ({asked.again})"
    results = Results(
        "quality-gowalla" if asked.again is None else "quality-gowalla-again",
        f"Quality: Gowalla, {split}",
        asked,
        f"{users:,} users, {items:,} places, {train.nnz:,} train, {test.nnz:,} test events",
        command=_command(asked),
        clients=False,
    )
    runs = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in MEANINGS if asked.published else ("defaults",):
            work = Path(folder) / name.replace(" ", "-")
            work.mkdir()
            runs[name] = measured(train, test, work, name, asked)
    write(results, runs)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("folder", type=Path, nargs="?", help="where the two matrices lie")
    add("--again", type=int, metavar="SEED", help="split anew, at random")
    add("--published", action="store_true", help="once more, with the settings of ChebyCF")
    sources = ["item_neighbours", "spectral"]
    add("--alone", nargs="*", default=sources, help="sources to score alone beside popularity")
    add("--results", type=Path, default=FILE)
    asked = parser.parse_args()
    if asked.folder is None:
        root = os.environ.get("SHORTLIST_DATASETS")
        if not root:
            parser.error("say where the data is: FOLDER, or SHORTLIST_DATASETS")
        asked.folder = Path(root) / "gowalla"
    return asked


def _command(asked: argparse.Namespace) -> str:
    words = ["python -m benchmarks.quality.gowalla"]
    words += ["--published"] if asked.published else []
    words += [] if asked.again is None else [f"--again {asked.again}"]
    return " ".join([*words, "--alone", *asked.alone])


def measured(
    train: csr_array, test: csr_array, folder: Path, name: str, asked: argparse.Namespace
) -> Run:
    """One run from the log to scored lists."""
    home, lists = folder / "home", folder / "lists.parquet"
    home.mkdir()
    if name != "defaults":
        shutil.copy(PUBLISHED, home / "shortlist.toml")
    costs = run(train, folder, home, lists)
    rows = {SUBJECT: RankedLists(two_stage(lists, train.shape[0]), test)}
    model, queries = opened(home)
    baseline = [BASELINE] if name == "defaults" else []
    for source in dict.fromkeys([*baseline, *asked.alone]):
        rows[source] = RankedLists(alone(model, source, queries, train, test), test)
    return Run(costs, rows)


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


def write(results: Results, runs: Mapping[str, Run]) -> None:
    """The section: what it costs, what it gives, and where the lists lose to a source."""
    said = "; ".join(f"*{name}*: {MEANINGS[name]}" for name in runs)
    results.say(
        f"Settings: {said}. The log has no times. All test items of a user are relevant, what is "
        "in train is excluded, the full catalogue is ranked, ties count against every row; means "
        "over users with test items, 95 % intervals bootstrapped by user. *Ahead* is the two "
        "stages of the same run less the row, user by user; **bold** where its interval leaves "
        "zero out."
    )
    names = [LIST_METRICS[metric].label for metric in METRICS]
    columns = [part for name in names for part in (f"{name}@{K}", "interval")]
    columns += [part for name in names for part in (f"ahead, {name}", "interval")]
    results.table("What it gives", ("", *columns), quality(runs))
    results.table("What it costs", ("", "wall s", "CPU s", "peak MiB"), expenses(runs))
    results.say(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end.")
    results.write()


def quality(runs: Mapping[str, Run]) -> list[list[str]]:
    """A line for each row of each run, with intervals, and what its two stages are ahead."""
    names, columns = [], []
    for name, each in runs.items():
        values = {
            row: [LIST_METRICS[metric].per_user(lists, K) for metric in METRICS]
            for row, lists in each.rows.items()
        }
        for row, own in values.items():
            names.append((name, row))
            columns += own
            columns += [us - it for us, it in zip(values[SUBJECT], own, strict=True)]
    estimates = mean_intervals(columns, seed=0)
    width, lines = len(METRICS), []
    for place, (name, row) in enumerate(names):
        found = estimates[2 * width * place :][: 2 * width]
        told = [part for it in found[:width] for part in (short(it.value), interval(it))]
        ahead = [""] * 2 * width
        if row != SUBJECT:
            ahead = [part for it in found[width:] for part in _ahead(it)]
        lines.append([_title(name, row), *told, *ahead])
    return lines


def _title(name: str, row: str) -> str:
    return row if row == BASELINE else f"{row}, {name}"


def _ahead(found: Estimate) -> tuple[str, str]:
    mark = "**" if sign(found) else ""
    return f"{mark}{signed(found)}{mark}", interval(found, signs=True)


def expenses(runs: Mapping[str, Run]) -> list[list[str]]:
    """A line for each step of each run, and one for all of its steps."""
    lines = []
    for name, each in runs.items():
        for step, cost in each.costs.items():
            lines.append(_expense(f"{step}, {name}", cost))
        costs = each.costs.values()
        wall, cpu = (sum(getattr(cost, clock) for cost in costs) for clock in ("wall", "cpu"))
        whole = Cost(wall, cpu, max(cost.peak for cost in costs))
        lines.append(_expense(f"all, {name}", whole))
    return lines


def _expense(name: str, cost: Cost) -> list[str]:
    return [name, f"{cost.wall:.0f}", f"{cost.cpu:.0f}", f"{cost.peak:,.0f}"]


if __name__ == "__main__":
    main()
