"""The fault table: every part, every way to fail. A list comes in time, and names what failed."""

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.cli.shell import SETTINGS, own_films
from tests.conftest import run

from shortlist.bootstrap import Home, open_home, open_service
from shortlist.core.candidates import Query, Scores
from shortlist.core.errors import StorageFailed
from shortlist.pipeline.model import Model
from shortlist.ranking.ranker import Ranker
from shortlist.retrieval.source import Arrays, SourceModel
from shortlist.serving.asked import Asked
from shortlist.serving.engine import Loaded
from shortlist.serving.histories import Histories
from shortlist.serving.recommend import Recommender
from shortlist.serving.service import Service
from shortlist.serving.shelf import Shelf
from shortlist.storage.facts import EventRow
from shortlist.training.settings import DEFAULT_SOURCES as EVERY_SOURCE

ANN = "1"
BUDGET_MS = 400
"""A generous budget: what is tested is that it is kept, not how fast a busy machine is."""

SOURCES = ("popularity", "item_neighbours", "transitions")
RELEASED = threading.Event()
"""Set when all is over, so that what stalls ends."""


def stall() -> None:
    RELEASED.wait(60)


@pytest.fixture(scope="module", autouse=True)
def _release() -> Iterator[None]:
    yield
    RELEASED.set()


class Broken(SourceModel):
    """A source that fails as it is told."""

    def __init__(self, how: str, items: int) -> None:
        self.how = how
        self.items = items

    def score(self, query: Query) -> Scores:
        match self.how:
            case "exception":
                raise ZeroDivisionError("the source is broken")
            case "stall":
                stall()
            case "corruption":
                return np.full(self.items, np.nan, np.float32)
        return np.zeros(3, np.float32)

    def padded(self, n_items: int) -> "Broken":
        return Broken(self.how, n_items)

    def arrays(self) -> Arrays:
        return {}

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> "Broken":
        return cls("exception", 0)


class BrokenRanker(Ranker):
    """A ranker that fails as `order.text` says."""

    def score(self, matrix: Any) -> Any:
        match self.order.text:
            case "exception":
                raise ZeroDivisionError("the ranker is broken")
            case "stall":
                stall()
            case "corruption":
                return np.full(len(matrix), np.nan)
        return np.zeros(1)


class BrokenFacts:
    """A database that fails as it is told."""

    def __init__(self, how: str) -> None:
        self.how = how

    def recent_of(self, user: str, limit: int) -> list[EventRow]:
        match self.how:
            case "exception":
                raise StorageFailed("the database refused")
            case "stall":
                stall()
            case "corruption":
                return [EventRow(1, "e", None, 5, "x", "y", None, None)]  # type: ignore[arg-type]
        raise StorageFailed("no such table: events")

    def tail_of(self, user: str, since: int) -> list[EventRow]:
        return self.recent_of(user, 1)


class Fixed:
    """Shelves on which nothing changes."""

    def __init__(self, shelf: Shelf) -> None:
        self.current = shelf


@pytest.fixture(scope="module")
def service(trained_once: Path) -> Iterator[Service]:
    found = service_of(trained_once)
    found.look()
    yield found
    found.close()


@pytest.fixture(scope="module")
def with_every_source(
    imported_once: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    """The same with all the sources that are trained where nobody names any."""
    home = tmp_path_factory.mktemp("all") / "home"
    shutil.copytree(imported_once, home)
    few = "".join(f"{name} = {{}}\n" for name in SOURCES)
    every = "".join(f"{name} = {{}}\n" for name in EVERY_SOURCE)
    assert few in SETTINGS
    (home / "shortlist.toml").write_text(SETTINGS.replace(few, every))
    run(home, "train")
    found = service_of(home)
    found.look()
    yield found
    found.close()


def service_of(path: Path) -> Service:
    home = open_home(path)
    serving = home.settings.serving.model_copy(update={"budget_ms": BUDGET_MS})
    return open_service(Home(home.path, home.settings.model_copy(update={"serving": serving})))


def broken_source(model: Model, name: str, how: str) -> Model:
    broken = Broken(how, len(model.retrieval.catalogue))
    sources = {**model.retrieval.sources, name: broken}
    return replace(model, retrieval=replace(model.retrieval, sources=sources))


def broken_ranker(model: Model, how: str) -> Model:
    order = replace(model.ranker.order, text=how)
    return replace(model, ranker=BrokenRanker(order, model.ranker.chance, model.ranker.calibration))


def with_model(service: Service, model: Model) -> Recommender:
    shelf = service.shelves.current
    loaded = Loaded("broken", model, "2026-01-01T00:00:00Z")
    fixed: Any = Fixed(replace(shelf, loaded=loaded))
    return replace(service.recommender, shelves=fixed, breaker=type(service.recommender.breaker)())


@contextmanager
def in_time() -> Iterator[None]:
    began = time.perf_counter()
    yield
    assert time.perf_counter() - began < 2 * BUDGET_MS / 1000


@pytest.mark.parametrize("how", ["exception", "stall", "corruption", "missing"])
@pytest.mark.parametrize("name", list(EVERY_SOURCE))
def test_a_source_that_fails_is_left_out_and_named(
    with_every_source: Service, name: str, how: str
) -> None:
    service = with_every_source
    recommender = with_model(service, broken_source(_model(service), name, how))

    with in_time():
        answer = recommender.recommend(Asked(user=ANN, limit=3))

    assert answer.degraded == [name]
    assert len(answer.items) == 3
    assert all(each.probability is not None for each in answer.items)
    assert not any(name in each.sources for each in answer.items)


@pytest.mark.parametrize("how", ["exception", "stall"])
def test_when_all_sources_fail_popularity_answers(service: Service, how: str) -> None:
    model = _model(service)
    for name in SOURCES:
        model = broken_source(model, name, how)

    with in_time():
        answer = with_model(service, model).recommend(Asked(user=ANN, limit=3))

    assert {*SOURCES} <= {*answer.degraded}
    assert len(answer.items) == 3
    assert not {each.item for each in answer.items} & {*own_films(ANN)}


@pytest.mark.parametrize("how", ["exception", "stall", "corruption", "missing"])
def test_without_the_ranker_the_merged_order_is_served(service: Service, how: str) -> None:
    recommender = with_model(service, broken_ranker(_model(service), how))

    with in_time():
        answer = recommender.recommend(Asked(user=ANN, limit=3))

    assert "ranker" in answer.degraded
    assert len(answer.items) == 3
    assert all(each.probability is None and each.sources for each in answer.items)


@pytest.mark.parametrize("part", ["ranker", "transitions", "every source"])
def test_a_list_that_a_part_was_left_out_of_is_made_again_without_it(
    service: Service, part: str
) -> None:
    model = _model(service)
    if part == "ranker":
        model = broken_ranker(model, "exception")
    for name in SOURCES if part == "every source" else {part} & {*SOURCES}:
        model = broken_source(model, name, "exception")
    answer = with_model(service, model).recommend(Asked(user=ANN, limit=3))
    row = service.decisions.get(answer.decision)
    loaded = service.shelves.current.loaded
    assert loaded is not None

    again = service.recommender.replay(row._replace(bundle=loaded.bundle))

    assert answer.degraded
    assert again["differences"] == []
    assert again["same"]


@pytest.mark.parametrize("how", ["exception", "stall", "corruption", "missing"])
def test_without_the_database_nobody_is_known_and_a_list_comes(service: Service, how: str) -> None:
    facts: Any = BrokenFacts(how)
    histories = Histories(facts, service.recommender.kinds, remembered=100, kept=10_000)
    recommender = replace(service.recommender, histories=histories)

    with in_time():
        answer = recommender.recommend(Asked(user=ANN, limit=3))

    assert "database" in answer.degraded or "history" in answer.degraded
    assert len(answer.items) == 3


def test_without_the_databases_answer_the_last_known_state_counts(service: Service) -> None:
    broken: Any = BrokenFacts("exception")
    histories = Histories(service.facts, service.recommender.kinds, remembered=100, kept=10_000)
    recommender = replace(service.recommender, histories=histories)
    before = recommender.recommend(Asked(user=ANN, limit=3))

    histories._facts = broken
    after = recommender.recommend(Asked(user=ANN, limit=3))

    assert before.degraded == []
    assert after.degraded == ["database"]
    assert [each.item for each in after.items] == [each.item for each in before.items]


@pytest.mark.parametrize("how", ["missing", "corruption", "manifest", "pointer"])
def test_without_a_bundle_popularity_answers(trained_once: Path, tmp_path: Path, how: str) -> None:
    shutil.copytree(trained_once, tmp_path / "home")
    damage(tmp_path / "home" / "bundles", how)
    service = service_of(tmp_path / "home")
    service.look()

    answer = service.recommender.recommend(Asked(user=ANN, limit=3))
    service.close()

    assert answer.degraded == ["bundle"]
    assert answer.bundle is None
    assert len(answer.items) == 3
    assert not {each.item for each in answer.items} & {*own_films(ANN)}


def test_a_damaged_new_bundle_leaves_the_one_before_in_use(
    trained_once: Path, tmp_path: Path
) -> None:
    shutil.copytree(trained_once, tmp_path / "home")
    service = service_of(tmp_path / "home")
    service.look()
    damage(tmp_path / "home" / "bundles", "pointer")
    service.look()

    answer = service.recommender.recommend(Asked(user=ANN, limit=3))
    service.close()

    assert answer.degraded == ["bundle"]
    assert answer.bundle is not None
    assert len(answer.items) == 3


class BrokenBundles:
    """A place of bundles that says there is another one, and fails as it is told to give it."""

    def __init__(self, how: str) -> None:
        self.how = how

    def current(self) -> str:
        return "another"

    def open(self) -> None:
        if self.how == "stall":
            stall()
        raise PermissionError("the folder of bundles cannot be read")


@pytest.mark.parametrize(("how", "named"), [("exception", ["bundle"]), ("stall", [])])
def test_a_new_bundle_that_does_not_open_leaves_the_one_before_in_use(
    trained_once: Path, tmp_path: Path, how: str, named: list[str]
) -> None:
    shutil.copytree(trained_once, tmp_path / "home")
    service = service_of(tmp_path / "home")
    service.look()
    broken: Any = BrokenBundles(how)
    service.engine._bundles = broken
    looking = threading.Thread(target=service.look, daemon=True)
    looking.start()
    looking.join(0.5 if how == "stall" else 10)

    with in_time():
        answer = service.recommender.recommend(Asked(user=ANN, limit=3))
    service.close()

    assert looking.is_alive() == (how == "stall")
    assert answer.degraded == named
    assert answer.bundle is not None
    assert len(answer.items) == 3


def test_lists_wait_for_their_turn_before_their_time_begins(service: Service) -> None:
    turns, answers = threading.Semaphore(1), []
    recommender = replace(service.recommender, turns=turns)
    asking = [
        threading.Thread(target=lambda: answers.append(recommender.recommend(Asked(user=ANN))))
        for _ in range(3)
    ]

    with turns:
        for each in asking:
            each.start()
        time.sleep(1.2 * BUDGET_MS / 1000)
        assert not answers
    for each in asking:
        each.join(30)

    assert [each.degraded for each in answers] == [[], [], []]


def damage(bundles: Path, how: str) -> None:
    folder = next(each for each in bundles.iterdir() if each.is_dir())
    match how:
        case "missing":
            shutil.rmtree(folder)
        case "corruption":
            (folder / "ranker" / "order.txt").write_text("no forest")
        case "manifest":
            (folder / "manifest.json").write_text("{")
        case "pointer":
            (bundles / "current.json").write_text("{")


def _model(service: Service) -> Model:
    loaded = service.shelves.current.loaded
    assert loaded is not None
    return loaded.model
