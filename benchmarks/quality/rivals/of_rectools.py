"""RecTools: EASE, PureSVD, and SASRec for data with times (MTS, Apache-2.0)."""

import logging
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from benchmarks.quality.exchange import DEPTH, Lists, Task, empty_lists
from benchmarks.quality.rivals.rival import Answer, Rival, Settings, suggest_weights, weighed
from rectools import Columns
from rectools.dataset import Dataset, IdMap, Interactions
from rectools.models import EASEModel, PureSVDModel
from rectools.models.base import ModelBase

Ints = npt.NDArray[np.integer]


def _data(user: Ints, item: Ints, weight: Any, time: Any, *, users: int, items: int) -> Dataset:
    table = {
        Columns.User: user.astype(np.int64),
        Columns.Item: item.astype(np.int64),
        Columns.Weight: np.asarray(weight, np.float64),
        Columns.Datetime: time,
    }
    maps = (IdMap.from_values(np.arange(each)) for each in (users, items))
    return Dataset(*maps, Interactions(pd.DataFrame(table)))


def _of_table(table: Any, weights: str) -> Dataset:
    """The table, and one user more, whose last item weighs nothing.

    A dataset ends with the last item that somebody has. Without that user one of the training and
    one of the questions would differ in their items wherever the newest are in one of them alone.
    """
    cells = weighed(table, weights).tocoo()
    users, items = table.shape
    row, column = np.append(cells.row, users), np.append(cells.col, items - 1)
    now = pd.Timestamp(0).to_datetime64()
    return _data(row, column, np.append(cells.data, 0), now, users=users + 1, items=items)


def _asked(model: ModelBase, data: Dataset, targets: Ints, questions: Ints, n: int) -> Lists:
    """Lists of some users of a dataset, put where their questions are."""
    found = empty_lists(n)
    if not len(targets):
        return found
    table = model.recommend(targets, data, k=min(DEPTH, data.item_id_map.size), filter_viewed=True)
    place = np.full(int(targets.max()) + 1, -1)
    place[targets] = questions
    row, column = place[table[Columns.User].to_numpy()], table[Columns.Rank].to_numpy() - 1
    found.items[row, column] = table[Columns.Item].to_numpy()
    found.scores[row, column] = table[Columns.Score].to_numpy()
    return found


class Ease(Rival):
    """EASE; a history is enough to be answered."""

    def settings(self, trial: Any, task: Task) -> Settings:
        return {
            "regularization": trial.suggest_float("regularization", 1, 1e4, log=True),
            "weights": suggest_weights(trial, task),
        }

    def fit(self, task: Task, settings: Settings) -> Answer:
        weights = settings["weights"]
        model = EASEModel(regularization=settings["regularization"])
        model.fit(_of_table(task.train, weights))

        def answer(task: Task) -> Lists:
            told = np.flatnonzero(np.diff(task.known.indptr))
            data = _of_table(task.known, weights)
            return _asked(model, data, told, told, len(task.users))

        return answer


class PureSvd(Rival):
    """A truncated singular value decomposition; it knows users of the training alone."""

    def settings(self, trial: Any, task: Task) -> Settings:
        return {
            "factors": trial.suggest_int("factors", 4, 256, log=True),
            "weights": suggest_weights(trial, task),
        }

    def fit(self, task: Task, settings: Settings) -> Answer:
        data = _of_table(task.train, settings["weights"])
        model = PureSVDModel(factors=settings["factors"], random_state=0)
        model.fit(data)
        trained = np.diff(task.train.indptr) > 0

        def answer(task: Task) -> Lists:
            told = np.flatnonzero((task.users >= 0) & trained[task.users])
            found = empty_lists(len(task.users))
            users = task.users[told].astype(np.int64)
            if len(np.unique(users)) == len(users):
                return _asked(model, data, users, told, len(task.users))
            # A user with several questions has one list, and at each question knows more.
            scores = model.user_factors[users] @ model.item_factors.T
            return _best_of_many(scores, task, told, found)

        return answer


def _best_of_many(scores: Any, task: Task, told: Ints, found: Lists) -> Lists:
    from benchmarks.quality.exchange import best_of

    best = best_of(scores, task.known[told])
    found.items[told], found.scores[told] = best.items, best.scores
    return found


class SasRec(Rival):
    """Self-attention over the sequence (Kang and McAuley 2018), on the processor."""

    def settings(self, trial: Any, task: Task) -> Settings:  # noqa: ARG002
        return {
            "n_factors": trial.suggest_categorical("n_factors", [32, 64, 128]),
            "n_blocks": trial.suggest_int("n_blocks", 1, 2),
            "dropout_rate": trial.suggest_float("dropout_rate", 0.1, 0.6),
            "lr": trial.suggest_float("lr", 3e-4, 1e-2, log=True),
            "epochs": trial.suggest_int("epochs", 5, 60, log=True),
            "session_max_len": trial.suggest_categorical("session_max_len", [50, 100]),
        }

    def fit(self, task: Task, settings: Settings) -> Answer:
        import torch
        from pytorch_lightning import Trainer, seed_everything
        from rectools.models import SASRecModel

        logging.disable(logging.WARNING)
        seed_everything(0, verbose=False)
        torch.set_num_threads(1)  # more wait for one another longer than they compute
        own = {name: value for name, value in settings.items() if name != "epochs"}

        def trainer() -> Trainer:
            return Trainer(
                max_epochs=settings["epochs"],
                accelerator="cpu",
                logger=False,
                enable_progress_bar=False,
                enable_model_summary=False,
                enable_checkpointing=False,
            )

        users, items = task.train.shape
        events = task.events
        data = _data(
            events.user, events.item, 1.0, _order(len(events.user)), users=users, items=items
        )
        model = SASRecModel(
            **own, n_heads=2, loss="softmax", batch_size=128, get_trainer_func=trainer
        )
        model.fit(data)

        def answer(task: Task) -> Lists:
            n = len(task.users)
            asked = np.repeat(np.arange(n), np.diff(task.start))
            order = _order(len(asked))
            data = _data(asked, task.sequence, 1.0, order, users=n, items=items)
            told = np.unique(asked)
            return _asked(model, data, told, told, n)

        return answer


def _order(events: int) -> npt.NDArray[np.datetime64]:
    """Instants in the order of the events: only the order counts."""
    return np.datetime64("2000-01-01", "s") + np.arange(events).astype("timedelta64[s]")


RIVALS: dict[str, Rival] = {"EASE": Ease(), "PureSVD": PureSvd(), "SASRec": SasRec()}
