"""LensKit: neighbours of items and of users, and implicit matrix factorisation (Ekstrand, MIT)."""

import logging
import warnings
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from benchmarks.quality.exchange import Task
from benchmarks.quality.rivals.rival import Answer, Rival, Settings, in_blocks
from lenskit.als import ImplicitMFScorer
from lenskit.data import Dataset, ItemList, RecQuery, from_interactions_df
from lenskit.knn import ItemKNNScorer, UserKNNScorer
from lenskit.logging import LoggingConfig
from lenskit.training import TrainingOptions
from scipy.sparse import csr_matrix


def _quiet() -> None:
    config = LoggingConfig()
    config.set_verbose(False)
    config.set_stream_mode("simple")
    config.apply()
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")


def _data(task: Task) -> Dataset:
    cells = csr_matrix(task.train).tocoo()
    table = pd.DataFrame({"user_id": cells.row, "item_id": cells.col, "rating": 1.0})
    users, items = (pd.Index(np.arange(each)) for each in task.train.shape)
    return from_interactions_df(table, users=users, items=items)


class Scorer(Rival):
    """A scorer of LensKit, asked user by user with the user's history."""

    def fit(self, task: Task, settings: Settings) -> Answer:
        _quiet()
        data = _data(task)
        scorer = self.scorer(settings)
        scorer.train(data, TrainingOptions(rng=0))
        everything = ItemList(item_nums=np.arange(task.train.shape[1]), vocabulary=data.items)

        def score(known: csr_matrix, users: npt.NDArray[np.int32]) -> npt.NDArray[np.floating]:
            found = np.full(known.shape, np.nan, np.float32)
            for place, user in enumerate(users):
                own = known.indices[known.indptr[place] : known.indptr[place + 1]]
                if not len(own):
                    continue
                history = ItemList(item_nums=own, vocabulary=data.items)
                query = RecQuery(user_id=int(user) if user >= 0 else None, user_items=history)
                found[place] = scorer(query, everything).scores()
            return found

        return in_blocks(score)

    def scorer(self, settings: Settings) -> Any:
        raise NotImplementedError


class ItemKnn(Scorer):
    def settings(self, trial: Any, task: Task) -> Settings:  # noqa: ARG002
        return {
            "max_nbrs": trial.suggest_int("max_nbrs", 5, 500, log=True),
            "min_sim": trial.suggest_float("min_sim", 1e-6, 0.1, log=True),
            "save_nbrs": trial.suggest_int("save_nbrs", 20, 2000, log=True),
        }

    def scorer(self, settings: Settings) -> Any:
        return ItemKNNScorer(**settings, feedback="implicit")


class UserKnn(Scorer):
    def settings(self, trial: Any, task: Task) -> Settings:  # noqa: ARG002
        return {
            "max_nbrs": trial.suggest_int("max_nbrs", 5, 500, log=True),
            "min_sim": trial.suggest_float("min_sim", 1e-6, 0.1, log=True),
        }

    def scorer(self, settings: Settings) -> Any:
        return UserKNNScorer(**settings, feedback="implicit")


class ImplicitMf(Scorer):
    def settings(self, trial: Any, task: Task) -> Settings:  # noqa: ARG002
        return {
            "embedding_size": trial.suggest_int("embedding_size", 8, 256, log=True),
            "epochs": trial.suggest_int("epochs", 5, 30),
            "regularization": trial.suggest_float("regularization", 1e-3, 100, log=True),
            "weight": trial.suggest_float("weight", 0.5, 100, log=True),
        }

    def scorer(self, settings: Settings) -> Any:
        return ImplicitMFScorer(**settings)


RIVALS: dict[str, Rival] = {
    "ItemKNN": ItemKnn(),
    "UserKNN": UserKnn(),
    "ImplicitMF": ImplicitMf(),
}
