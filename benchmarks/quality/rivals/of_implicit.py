"""implicit: ALS, BPR and item neighbours (Frederickson, MIT)."""

from typing import Any

import numpy as np
from benchmarks.quality.exchange import DEPTH, Lists, Task
from benchmarks.quality.rivals.rival import (
    Answer,
    Rival,
    Settings,
    of_the_known,
    suggest_weights,
    weighed,
)
from implicit.als import AlternatingLeastSquares
from implicit.bpr import BayesianPersonalizedRanking
from implicit.nearest_neighbours import BM25Recommender, CosineRecommender
from threadpoolctl import threadpool_limits


class Als(Rival):
    """Weighted matrix factorisation; the user's factors are solved for at the question."""

    def settings(self, trial: Any, task: Task) -> Settings:
        return {
            "factors": trial.suggest_int("factors", 16, 256, log=True),
            "regularization": trial.suggest_float("regularization", 1e-3, 100, log=True),
            "alpha": trial.suggest_float("alpha", 0.5, 100, log=True),
            "iterations": trial.suggest_int("iterations", 5, 30),
            "weights": suggest_weights(trial, task),
        }

    def fit(self, task: Task, settings: Settings) -> Answer:
        weights = settings["weights"]
        own = {name: value for name, value in settings.items() if name != "weights"}
        model = AlternatingLeastSquares(**own, random_state=0)
        with threadpool_limits(1, "blas"):
            model.fit(weighed(task.train, weights), show_progress=False)

        def answer(task: Task) -> Lists:
            known = weighed(task.known, weights)
            n = known.shape[0]
            with threadpool_limits(1, "blas"):
                found = model.recommend(np.arange(n), known, N=DEPTH, recalculate_user=True)
            return of_the_known(*found, slice(None), n)

        return answer


class Bpr(Rival):
    """Bayesian personalised ranking; it knows users of the training alone."""

    def settings(self, trial: Any, task: Task) -> Settings:  # noqa: ARG002
        return {
            "factors": trial.suggest_int("factors", 16, 256, log=True),
            "learning_rate": trial.suggest_float("learning_rate", 1e-3, 0.2, log=True),
            "regularization": trial.suggest_float("regularization", 1e-4, 0.2, log=True),
            "iterations": trial.suggest_int("iterations", 20, 300, log=True),
        }

    def fit(self, task: Task, settings: Settings) -> Answer:
        model = BayesianPersonalizedRanking(**settings, random_state=0)
        train = weighed(task.train, "ones")
        model.fit(train, show_progress=False)
        trained = np.diff(train.indptr) > 0

        def answer(task: Task) -> Lists:
            told = np.flatnonzero((task.users >= 0) & trained[task.users])
            known = weighed(task.known, "ones")[told]
            found = model.recommend(task.users[told], known, N=DEPTH)
            return of_the_known(*found, told, len(task.users))

        return answer


class Neighbours(Rival):
    """Item neighbours: the similar items of the history, summed."""

    def __init__(self, model: Any) -> None:
        self._model = model

    def settings(self, trial: Any, task: Task) -> Settings:
        found = {
            "K": trial.suggest_int("K", 5, 1000, log=True),
            "weights": suggest_weights(trial, task),
        }
        if self._model is BM25Recommender:
            found["K1"] = trial.suggest_float("K1", 0.05, 100, log=True)
            found["B"] = trial.suggest_float("B", 0, 1)
        return found

    def fit(self, task: Task, settings: Settings) -> Answer:
        weights = settings["weights"]
        own = {name: value for name, value in settings.items() if name != "weights"}
        model = self._model(**own)
        model.fit(weighed(task.train, weights), show_progress=False)

        def answer(task: Task) -> Lists:
            known = weighed(task.known, weights)
            n = known.shape[0]
            found = model.recommend(np.arange(n), known, N=DEPTH)
            return of_the_known(*found, slice(None), n)

        return answer


RIVALS: dict[str, Rival] = {
    "ALS": Als(),
    "BPR": Bpr(),
    "BM25": Neighbours(BM25Recommender),
    "cosine": Neighbours(CosineRecommender),
}
