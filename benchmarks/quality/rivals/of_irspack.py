"""irspack: IALS++, RP3beta, EDLAE and others (Ohtsuki, MIT); a history is enough to be answered."""

import logging
from collections.abc import Callable
from typing import Any

from benchmarks.quality.exchange import Task
from benchmarks.quality.rivals.rival import (
    Answer,
    Rival,
    Settings,
    in_blocks,
    suggest_weights,
    weighed,
)
from irspack import (
    AsymmetricCosineKNNRecommender,
    EDLAERecommender,
    IALSRecommender,
    RP3betaRecommender,
)
from scipy.sparse import csr_matrix

logging.disable(logging.INFO)


class Folded(Rival):
    """A model of irspack, in the space that its authors search, or a wider one."""

    def __init__(self, model: Any, space: Callable[[Any], Settings]) -> None:
        self._model = model
        self._space = space

    def settings(self, trial: Any, task: Task) -> Settings:
        return self._space(trial) | {"weights": suggest_weights(trial, task)}

    def fit(self, task: Task, settings: Settings) -> Answer:
        weights = settings["weights"]
        own = {name: value for name, value in settings.items() if name != "weights"}
        model = self._model(csr_matrix(weighed(task.train, weights), dtype=float), **own)
        model.learn()

        def score(known: csr_matrix, _: Any) -> Any:
            return model.get_score_cold_user(csr_matrix(known, dtype=float))

        return in_blocks(score, weights)


def _ials(trial: Any) -> Settings:
    return {
        "n_components": trial.suggest_int("n_components", 8, 256, log=True),
        "alpha0": trial.suggest_float("alpha0", 3e-3, 1, log=True),
        "reg": trial.suggest_float("reg", 1e-4, 1e-1, log=True),
        "train_epochs": trial.suggest_int("train_epochs", 5, 30),
    }


def _rp3beta(trial: Any) -> Settings:
    return {
        "top_k": trial.suggest_int("top_k", 10, 1000, log=True),
        "alpha": trial.suggest_float("alpha", 0.3, 2),
        "beta": trial.suggest_float("beta", 1e-5, 1),
        "normalize_weight": trial.suggest_categorical("normalize_weight", [True, False]),
    }


def _edlae(trial: Any) -> Settings:
    return {
        "reg": trial.suggest_float("reg", 1, 1e4, log=True),
        "dropout_p": trial.suggest_float("dropout_p", 0, 0.99),
    }


def _cosine(trial: Any) -> Settings:
    return {
        "top_k": trial.suggest_int("top_k", 4, 1000, log=True),
        "shrinkage": trial.suggest_float("shrinkage", 0, 1000),
        "alpha": trial.suggest_float("alpha", 0, 1),
        "feature_weighting": trial.suggest_categorical(
            "feature_weighting", ["NONE", "TF_IDF", "BM_25"]
        ),
    }


RIVALS: dict[str, Rival] = {
    "IALS": Folded(IALSRecommender, _ials),
    "RP3beta": Folded(RP3betaRecommender, _rp3beta),
    "EDLAE": Folded(EDLAERecommender, _edlae),
    "asymmetric cosine": Folded(AsymmetricCosineKNNRecommender, _cosine),
}
