"""What a questionnaire is worth to somebody new, on MovieLens latest-small.

    python benchmarks/quality/onboarding.py [FOLDER] [--parts 0 3 4] [--draws 4]

FOLDER holds the CSV files; left out, it is `movielens-latest-small` in SHORTLIST_DATASETS. The
users are split into five parts at random. For each part asked for, everything is trained without
its users; then a dialogue is played with each of them. A film they are asked about they answer with
their own rating if they rated it, and do not know it if not; either way it is a question asked.
After 0, 3, 5, 10 and 15 questions the two-stage model makes a list from the answers, at the instant
of their first rating. The questionnaires:

- `most popular first`, and `random of the 100 most popular`
- `popularity x entropy`: log popularity times the entropy of the ratings (Rashid et al. 2002)
- `adaptive`, one at a time and five at a time: ours, with the settings' defaults; and what it
  becomes with no curiosity, and with ten times as much (`pipeline/questionnaire.py`)

Two ways to say what is relevant, because one alone misleads:

- *the other half*: of what they rated one half, drawn at random (again for each of the draws),
  may be answered, and the other half is what they choose later: the same films whatever was asked.
- *the rest*: all they rated may be answered; relevant is what was not. Whoever asks about the films
  that are easiest to recommend takes them away from their own list, and so looks worse for it: so
  that the list is also compared with popularity's on the same films.

Catalogue: films with 5 ratings or more; every rating is a choice. Intervals: 95 %, bootstrapped
by user. `curiosity` was chosen on the parts 1 and 2; that is why they are not among the default.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from processes import shortlist
from rich import box
from rich.console import Console
from rich.table import Table

from shortlist.bootstrap import open_home
from shortlist.core.candidates import Query
from shortlist.datasets.load import load_dataset
from shortlist.datasets.snapshot import Dataset
from shortlist.evaluation.intervals import mean_intervals
from shortlist.evaluation.lists import RankedLists
from shortlist.evaluation.metrics import LIST_METRICS
from shortlist.evaluation.protocols import frequent_items
from shortlist.evaluation.results import Estimate
from shortlist.pipeline.model import Model
from shortlist.pipeline.questionnaire import Questionnaire
from shortlist.retrieval.als import AlsModel
from shortlist.serving.onboarding_settings import OnboardingSettings
from shortlist.training.settings import TrainingSettings
from shortlist.training.train import train

PARTS = 5
AFTER = (0, 3, 5, 10, 15)
METRICS = (("ndcg", 10), ("recall", 20))
LENGTH = 20
BASE = "most popular first"
POPULARITY = "popularity as the list"
HALF, REST = "the other half", "the rest"

Answers = Mapping[int, bool]
"""The films asked about so far, in their order, and whether each is known."""

Ask = Callable[[int, Answers], Sequence[int]]
"""A user's number and answers -> the next films to ask about."""


@dataclass
class Played:
    """The lists of one questionnaire, a row a dialogue, and what was relevant."""

    owners: list[int] = field(default_factory=list)
    known: list[int] = field(default_factory=list)
    lists: dict[int, list[list[int]]] = field(default_factory=dict)
    popular: dict[int, list[list[int]]] = field(default_factory=dict)
    relevant: dict[int, list[list[int]]] = field(default_factory=dict)


def main() -> None:
    asked = _arguments()
    data = frequent_items(_dataset(asked.folder), 5)
    parts = np.array_split(np.random.default_rng(0).permutation(data.n_users), PARTS)
    played: dict[str, dict[str, Played]] = {HALF: {}, REST: {}}
    for number in asked.parts:
        started = time.perf_counter()
        held_out = parts[number]
        known = data.where(~np.isin(data.events.user, held_out))
        model = train(known, TrainingSettings()).model
        askers = questionnaires(model, known)
        for rule, draws in ((HALF, asked.draws), (REST, 1)):
            for name, ask in askers.items():
                play(
                    played[rule].setdefault(name, Played()), rule, ask, model, data, held_out, draws
                )
        took = time.perf_counter() - started
        print(f"part {number}: {len(held_out)} users, {took:.0f} s", file=sys.stderr)
    for rule, rows in played.items():
        show(rule, rows, data.n_items)
    show_cost()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("folder", type=Path, nargs="?", help="where the CSV files lie")
    add("--parts", type=int, nargs="+", default=[0, 3, 4], choices=range(PARTS))
    add("--draws", type=int, default=4, help="halves that are drawn of each user's films")
    asked = parser.parse_args()
    if asked.folder is None:
        root = os.environ.get("SHORTLIST_DATASETS")
        if not root:
            parser.error("say where the data is: FOLDER, or SHORTLIST_DATASETS")
        asked.folder = Path(root) / "movielens-latest-small"
    return asked


def _dataset(folder: Path) -> Dataset:
    with tempfile.TemporaryDirectory() as place:
        home = Path(place) / "home"
        shortlist(home, "import", "movielens", folder)
        parts = open_home(home)
        return load_dataset(parts.facts, parts.settings.kinds)


# --- the questionnaires --------------------------------------------------------------------


def questionnaires(model: Model, known: Dataset) -> dict[str, Ask]:
    """The ways to ask, each made from the training users alone."""
    table = known.interactions
    popularity = np.asarray(table.sum(axis=0), np.float64)
    order = np.argsort(-popularity, kind="stable")
    entropy = np.argsort(-np.log(np.maximum(popularity, 1)) * entropies(known), kind="stable")
    usual = OnboardingSettings()
    return {
        BASE: lambda _, answers: _first(order, answers),
        "random of the 100 most popular": lambda user, answers: _first(
            np.random.default_rng(user).permutation(order[:100]), answers
        ),
        "popularity x entropy": lambda _, answers: _first(entropy, answers),
        "adaptive": adaptive(model, usual.curiosity, 1),
        f"adaptive, {usual.batch} at a time": adaptive(model, usual.curiosity, usual.batch),
        "adaptive, no curiosity": adaptive(model, 0, 1),
        "adaptive, ten times as curious": adaptive(model, 10 * usual.curiosity, 1),
    }


def _first(order: np.ndarray, answers: Answers) -> Sequence[int]:
    return [next(int(item) for item in order if item not in answers)]


def entropies(known: Dataset) -> np.ndarray:
    """The entropy of each film's ratings."""
    events = known.events.take(known.positive)
    found = np.zeros(known.n_items)
    whole = np.maximum(np.bincount(events.item, minlength=known.n_items), 1)
    for value in np.unique(events.value):
        share = np.bincount(events.item[events.value == value], minlength=known.n_items) / whole
        found -= share * np.log(np.where(share > 0, share, 1))
    return found


def adaptive(model: Model, curiosity: float, batch: int) -> Ask:
    """Ours; what was asked once is remembered, because many dialogues begin alike."""
    als = model.retrieval.sources["als"]
    assert isinstance(als, AlsModel)
    everybody = Questionnaire.of(als)
    assert everybody is not None
    remembered: dict[tuple[tuple[int, bool], ...], Sequence[int]] = {}

    def ask(_: int, answers: Answers) -> Sequence[int]:
        so_far = tuple(answers.items())
        if so_far not in remembered:
            interview = everybody.after(
                np.array([item for item, known in so_far if known], np.int32),
                np.array([item for item, known in so_far if not known], np.int32),
            )
            found = interview.next(batch, curiosity=curiosity)
            remembered[so_far] = [each.item for each in found]
        return remembered[so_far]

    return ask


# --- the dialogues -------------------------------------------------------------------------


def play(
    rows: Played,
    rule: str,
    ask: Ask,
    model: Model,
    data: Dataset,
    users: Sequence[int],
    draws: int,
) -> None:
    """Dialogues with some users, and the lists that follow from their answers."""
    queries: list[Query] = []
    popularity = np.argsort(-model.retrieval.sources["popularity"].score(Query()), kind="stable")
    for user in users:
        rated = data.events.take(data.positions_of(user))
        rated = rated.take(rated.weight > 0)
        for draw in range(draws):
            lot = np.random.default_rng((int(user), draw)).permutation(len(rated))
            told = set(rated.item[lot[: len(lot) // 2] if rule == HALF else lot].tolist())
            later = set(rated.item.tolist()) - told
            answers = dialogue(ask, int(user), told)
            rows.owners.append(int(user))
            rows.known.append(sum(answers.values()))
            for n in AFTER:
                known = [item for item, is_known in [*answers.items()][:n] if is_known]
                relevant = later if rule == HALF else told - set(known)
                free = popularity[~np.isin(popularity, known)][:LENGTH]
                rows.relevant.setdefault(n, []).append(sorted(relevant))
                rows.popular.setdefault(n, []).append(free.tolist())
                queries.append(query(rated, known))
    ranked = model.rank_many(queries, LENGTH)
    for place, each in enumerate(ranked):
        rows.lists.setdefault(AFTER[place % len(AFTER)], []).append(each.items.tolist())


def dialogue(ask: Ask, user: int, told: set[int]) -> Answers:
    """The films that were asked about, in their order, and whether the user knew each."""
    answers: dict[int, bool] = {}
    while len(answers) < max(AFTER):
        asked = ask(user, answers)
        answers |= {item: item in told for item in asked[: max(AFTER) - len(answers)]}
    return answers


def query(rated, known: Sequence[int]) -> Query:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """What is asked after some films were answered with the user's own ratings, in this order."""
    place = {int(item): position for position, item in enumerate(rated.item)}
    at = np.array([place[item] for item in known], np.intp)
    now = int(rated.time[0])
    return Query(
        history=rated.item[at],
        weights=rated.weight[at],
        values=rated.value[at],
        times=np.full(len(at), now - 1, np.int64),
        time=now,
        excluded=np.unique(rated.item[at]),
    )


# --- the numbers ---------------------------------------------------------------------------


def show(rule: str, rows: Mapping[str, Played], n_items: int) -> None:
    """A table a metric: each questionnaire after n questions, and how far it is ahead."""
    owners = np.array(rows[BASE].owners)
    users = len(np.unique(owners))
    for metric, k in METRICS:
        per = LIST_METRICS[metric]
        values: dict[str, list[np.ndarray]] = {}
        for name, played in rows.items():
            values[name] = [
                per.per_user(RankedLists.of(played.lists[n], played.relevant[n], items=n_items), k)
                for n in AFTER
            ]
        for name, played in rows.items():
            popular = f"{POPULARITY}, {name}"
            values[popular] = [
                per.per_user(
                    RankedLists.of(played.popular[n], played.relevant[n], items=n_items), k
                )
                for n in AFTER
            ]
        title = f"{per.label}@{k}, {rule}, {users} users, after so many questions"
        table = _table(title, "questionnaire", *map(str, AFTER), "known of 15")
        for name in (*rows, f"{POPULARITY}, {BASE}"):
            said = _estimates(values[name], owners, ".4f")
            known = "" if name not in rows else f"{np.mean(rows[name].known):.1f}"
            table.add_row(name.removesuffix(f", {BASE}"), *said, known)
        table.add_section()
        for name in rows:
            if rule == HALF and name != BASE:
                ahead = [a - b for a, b in zip(values[name], values[BASE], strict=True)]
                table.add_row(f"ahead of {BASE}: {name}", *_estimates(ahead, owners, "+.4f"), "")
            if rule == REST:
                popular = values[f"{POPULARITY}, {name}"]
                ahead = [a - b for a, b in zip(values[name], popular, strict=True)]
                table.add_row(
                    f"ahead of popularity: {name}", *_estimates(ahead, owners, "+.4f"), ""
                )
        Console(width=190, highlight=False).print(table)


def _estimates(columns: Sequence[np.ndarray], owners: np.ndarray, form: str) -> Iterator[str]:
    for each in mean_intervals(columns, seed=0, owners=owners):
        yield _said(each, form)


def _said(estimate: Estimate, form: str) -> str:
    return f"{estimate.value:{form}} [{estimate.low:{form}} {estimate.high:{form}}]"


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    for place, column in enumerate(columns):
        table.add_column(column, justify="right" if place else "left")
    return table


def show_cost() -> None:
    """What one question costs on a catalogue of 10,000 items and 32 factors."""
    drawn = np.random.default_rng(0)
    everybody = Questionnaire(
        factors=(drawn.normal(size=(10_000, 32)) / 10).astype(np.float32),
        share=drawn.beta(0.5, 20, 10_000).astype(np.float32),
        spread=np.cov(drawn.normal(size=(500, 32)).T) / 10,
        people=500,
    )
    known, unknown = np.arange(7, dtype=np.int32), np.arange(10, 16, dtype=np.int32)
    for number in (1, 5):
        took = []
        for _ in range(50):
            started = time.perf_counter()
            everybody.after(known, unknown).next(number, curiosity=0.1)
            took.append(1000 * (time.perf_counter() - started))
        print(f"{number} of 10,000 items x 32 factors: p50 {np.median(took):.1f} ms")


if __name__ == "__main__":
    main()
