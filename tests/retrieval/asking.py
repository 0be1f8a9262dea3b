"""Questions to fitted sources, and their answers in a form that can be compared."""

from functools import cache
from importlib.util import find_spec

from tests.datasets.generated import random_log
from threadpoolctl import threadpool_limits

from shortlist.core.candidates import Query
from shortlist.datasets.snapshot import Dataset
from shortlist.retrieval import SOURCES
from shortlist.retrieval.sasrec import Sasrec
from shortlist.retrieval.source import Source, SourceModel

USUAL = random_log()


@cache
def fitted(name: str) -> SourceModel:
    """The model of the usual log; the tests share it, as threads do."""
    return fit(name, USUAL)


def fit(name: str, data: Dataset) -> SourceModel:
    """A model with the usual settings, on one thread: more only wait for each other here."""
    with threadpool_limits(1):
        return learned(SOURCES[name](), data)


def learned(recipe: Source, data: Dataset) -> SourceModel:
    """What a recipe gives; the model before its first lesson where there is no torch to teach it.

    That model keeps every promise but that of being worth something.
    """
    if isinstance(recipe, Sasrec) and find_spec("torch") is None:
        return recipe.untaught(data)
    return recipe.fit(data)


def queries(data: Dataset) -> list[Query]:
    """What strangers ask, and every user: in the middle of the log and now."""
    instants: list[int | None] = [None]
    if data.timed:
        instants.append(int(data.events.time[len(data.events) // 2]))
    known = [data.query(user, time=time) for user in range(data.n_users) for time in instants]
    return [Query(), data.query(-1), data.query(data.n_users + 5), *known]


def answers(model: SourceModel, asked: list[Query]) -> list[tuple[list[int], list[float]]]:
    """The items and scores of each answer."""
    found = [model.retrieve(query, 7) for query in asked]
    return [(each.items.tolist(), each.scores.tolist()) for each in found]
