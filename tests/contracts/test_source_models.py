"""What every source promises of its recipe and its model: determinism, freezing, storing."""

import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError, fields
from importlib import import_module
from inspect import isabstract
from pathlib import Path
from pkgutil import iter_modules

import numpy as np
import pytest
from pydantic import ValidationError
from tests.retrieval.asking import USUAL, answers, fit, fitted, learned, queries
from threadpoolctl import threadpool_limits

from shortlist import retrieval
from shortlist.retrieval import SOURCES
from shortlist.retrieval.source import Arrays, Source

SETTINGS = [(name, setting) for name, source in SOURCES.items() for setting in source.model_fields]


@pytest.fixture(params=list(SOURCES))
def name(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


def same(left: Arrays, right: Arrays) -> bool:
    return left.keys() == right.keys() and all(
        left[part].dtype == right[part].dtype
        and np.array_equal(left[part], right[part], equal_nan=True)
        for part in left
    )


# --- fitting -------------------------------------------------------------------------------


def test_two_fits_give_the_same_model(name: str) -> None:
    again = learned(SOURCES[name](), USUAL)

    assert same(again.arrays(), fitted(name).arrays())


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_the_number_of_threads_changes_nothing(name: str, threads: int) -> None:
    """To the bit on a log this small; a large EASE is the same up to rounding."""
    with threadpool_limits(threads):
        again = learned(SOURCES[name](), USUAL)

    assert same(again.arrays(), fitted(name).arrays())


def test_fitting_leaves_the_log_as_it_was(name: str) -> None:
    data = USUAL.where(np.ones(len(USUAL.events), bool))

    fit(name, data)

    assert np.array_equal(data.interactions.toarray(), USUAL.interactions.toarray())
    for column in fields(data.events):
        before, after = getattr(USUAL.events, column.name), getattr(data.events, column.name)
        assert np.array_equal(before, after, equal_nan=before.dtype.kind == "f")


# --- the model -----------------------------------------------------------------------------


def test_a_model_cannot_be_changed(name: str) -> None:
    model = fitted(name)
    for part in fields(model):  # type: ignore[arg-type]
        with pytest.raises(FrozenInstanceError):
            setattr(model, part.name, None)


def test_what_a_model_hands_out_does_not_change_it(name: str) -> None:
    query = USUAL.query(3)
    before = answers(fitted(name), [query])
    found = fitted(name).retrieve(query, 7)
    for handed in (fitted(name).score(query), found.scores, found.items):
        if handed.flags.writeable:
            handed[:] = 1

    assert answers(fitted(name), [query]) == before


def test_asking_does_not_change_a_model(name: str) -> None:
    model = fit(name, USUAL)
    before = {part: array.copy() for part, array in model.arrays().items()}

    answers(model, queries(USUAL))

    assert same(model.arrays(), before)


def test_threads_share_a_model(name: str) -> None:
    asked = queries(USUAL) * 5
    one_by_one = answers(fitted(name), asked)

    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda query: answers(fitted(name), [query])[0], asked))

    assert together == one_by_one


def test_a_stored_model_gives_the_same_answers(name: str, tmp_path: Path) -> None:
    """As a bundle keeps it: arrays in files, read again without being copied or written to."""
    asked = queries(USUAL)
    for part, array in fitted(name).arrays().items():
        np.save(tmp_path / part, array, allow_pickle=False)
    stored = {file.stem: np.load(file, mmap_mode="r") for file in tmp_path.iterdir()}

    again = SOURCES[name].model.from_arrays(stored)

    assert answers(again, asked) == answers(fitted(name), asked)
    for query in asked:
        assert np.array_equal(again.because(query, 5), fitted(name).because(query, 5))
    assert same(again.arrays(), fitted(name).arrays())


# --- settings ------------------------------------------------------------------------------


def test_it_says_what_it_does(name: str) -> None:
    assert (SOURCES[name].__doc__ or "").split("\n")[0].startswith("Recommend ")


@pytest.mark.parametrize(("name", "setting"), SETTINGS)
def test_every_setting_has_a_sentence(name: str, setting: str) -> None:
    sentence = SOURCES[name].model_fields[setting].description or ""

    assert sentence.endswith((".", ")."))
    assert " " in sentence


@pytest.mark.parametrize("nonsense", [-1, float("nan"), float("inf"), "many", [1]])
@pytest.mark.parametrize(("name", "setting"), SETTINGS)
def test_every_setting_refuses_nonsense(name: str, setting: str, nonsense: object) -> None:
    with pytest.raises(ValidationError, match=setting):
        SOURCES[name].model_validate({setting: nonsense})


def test_it_refuses_settings_it_does_not_have(name: str) -> None:
    with pytest.raises(ValidationError, match="half_live"):
        SOURCES[name].model_validate({"half_live": 3})


def test_its_settings_cannot_be_changed(name: str) -> None:
    recipe = SOURCES[name]()
    for setting in SOURCES[name].model_fields:
        with pytest.raises(ValidationError, match="frozen"):
            setattr(recipe, setting, 1)


def test_its_settings_survive_being_written_down(name: str) -> None:
    recipe = SOURCES[name]()

    assert SOURCES[name].model_validate_json(recipe.model_dump_json()) == recipe


# --- nothing is forgotten ------------------------------------------------------------------


def written() -> dict[str, list[type[Source]]]:
    """The sources that each module of the package defines."""
    modules = {
        each.name: f"{retrieval.__name__}.{each.name}" for each in iter_modules(retrieval.__path__)
    }
    return {
        path: [
            found
            for found in vars(import_module(path)).values()
            if isinstance(found, type)
            and issubclass(found, Source)
            and not isabstract(found)
            and found.__module__ == path
        ]
        for path in modules.values()
    }


def test_every_source_that_was_written_is_registered() -> None:
    found = {source for sources in written().values() for source in sources}

    assert found == set(SOURCES.values())


def test_every_source_is_registered_under_its_own_name() -> None:
    assert {name: source.name for name, source in SOURCES.items()} == {
        name: name for name in SOURCES
    }


def test_every_source_is_kept_from_knowing_the_others() -> None:
    """The import contract lists the modules by name; a new one is easily left out of it."""
    project = tomllib.loads(Path(__file__).parents[2].joinpath("pyproject.toml").read_text())
    contracts = {each["id"]: each for each in project["tool"]["importlinter"]["contracts"]}

    modules = {module for module, sources in written().items() if sources}

    assert set(contracts["sources"]["modules"]) == modules
