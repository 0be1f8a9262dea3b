"""Whether what is learned of an item's worth depends on where it stood.

    python benchmarks/online/position_bias.py [--bias 0.25 1.0] [--seed 7]

Clicks in a simulated world whose places are looked at with a known probability, (1 + place) to the
minus of the bias. The windows are those of `shortlist evaluate`: sources fitted before each, the
head trained on the earlier ones, the last one tested. Three ways to learn what an item is worth:

- `place unknown`: the head never hears of the place;
- `place as a column`: the head knows the place, and is asked as if everything stood first;
- `looked at, or not`: worth and place told apart (`training/examination.py`).

Each is judged by AUC against the true relevance: every impression counts as worth a click by its
true probability, and as not worth it by the rest, so that no click and no place has a part in it.
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
from parts import FILE, Results

from shortlist.bootstrap import Home
from shortlist.datasets.load import load_dataset
from shortlist.evaluation.impressions import ShownRows, relevance_of, shown_rows
from shortlist.ranking.booster import Labelled, grow
from shortlist.settings import Settings
from shortlist.simulation import Simulation, World
from shortlist.simulation.keep import keep

Numbers = npt.NDArray[np.float64]
COLUMNS = ("bias", "place unknown", "place as a column", "looked at, or not", "the truth itself")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--bias", type=float, nargs="+", default=[0.25, 1.0])
    add("--events", type=int, default=20_000)
    add("--seed", type=int, default=7)
    add("--results", type=Path, default=FILE)
    asked = parser.parse_args()
    about = f"simulated worlds of {asked.events:,} clicks and ratings, seed {asked.seed}"
    results = Results("position-bias", "Worth and place", asked, about, clients=False)
    rows = []
    for bias in asked.bias:
        row, told = measure(bias, asked.events, asked.seed)
        rows.append([f"{bias:g}", *(f"{each:.4f}" for each in row)])
        results.say(told)
    results.table("AUC against the true relevance", COLUMNS, rows)
    results.write()


def measure(bias: float, events: int, seed: int) -> tuple[list[float], str]:
    """The AUCs, and the curve of looks beside the true one."""
    settings = Settings()
    simulation = World(position_bias=bias).simulate(events, seed)
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder), settings)
        with home.facts as facts:
            keep(simulation, facts, home.path)
            data = load_dataset(facts, settings.kinds)
    asked = shown_rows(data, settings.training, seed)
    places = asked.test.matrix[:, -1]
    truth = _truth(simulation, data, asked)
    relevance = relevance_of(asked, settings.training)
    headed = asked.test.matrix.copy()
    headed[:, -1] = 0
    blind = _grown(_blind(asked.train), _blind(asked.valid), asked.columns[:-1], settings)
    knowing = _grown(asked.train, asked.valid, asked.columns, settings)
    row = [
        expected_auc(blind.predict(asked.test.matrix[:, :-1]), truth),
        expected_auc(knowing.predict(headed), truth),
        expected_auc(relevance.probability(asked.test.matrix[:, :-1]), truth),
        expected_auc(truth, truth),
    ]
    true = np.arange(1, int(places.max()) + 2) ** -bias
    curve, known = (
        " ".join(f"{each:.2f}" for each in line) for line in (relevance.examination, true)
    )
    return (
        row,
        f"Bias {bias:g}: looks by place {curve}, as told from the clicks; truly {known}.",
    )


def _truth(simulation: Simulation, data: object, asked: ShownRows) -> Numbers:
    """The true relevance of each test impression."""
    events = data.events.take(np.concatenate([each.positions for each in asked.shown]))
    wanted = pl.DataFrame(
        {
            "user": [data.users[user] for user in events.user],
            "item": [data.catalogue.ids[item] for item in events.item],
            "time": events.time,
        }
    )
    keys = ["user", "item", "time"]
    known = simulation.truth.select(*keys, "relevance").unique(keys)
    joined = wanted.join(known, on=keys, how="left", maintain_order="left")
    return joined["relevance"].to_numpy()


def _blind(rows: Labelled) -> Labelled:
    return Labelled(rows.matrix[:, :-1], rows.labels, rows.groups)


def _grown(train: Labelled, valid: Labelled, columns: list[str], settings: Settings):  # noqa: ANN202
    ranker = settings.training.ranker
    return grow(
        ranker.parameters("binary"),
        train,
        valid,
        columns,
        trees=ranker.trees,
        patience=ranker.patience,
    )


def expected_auc(scores: Numbers, worth: Numbers) -> float:
    """The AUC where each row is positive by its worth and negative by the rest; ties count half."""
    _, place = np.unique(scores, return_inverse=True)
    positive, negative = np.bincount(place, worth), np.bincount(place, 1 - worth)
    below = np.cumsum(negative) - negative
    return float((positive * (below + negative / 2)).sum() / (positive.sum() * negative.sum()))


if __name__ == "__main__":
    main()
