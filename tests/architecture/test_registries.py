"""One line registers a thing; nothing that is written is forgotten, nothing is registered twice."""

import ast
import inspect
import pkgutil
import tomllib
from importlib import import_module
from types import ModuleType

import pytest
from tests.architecture.repository import ROOT, SOURCE, imports, modules, tree

from shortlist import features, retrieval
from shortlist.cli.app import COMMANDS, load
from shortlist.core.registry import Registry
from shortlist.features import FEATURES
from shortlist.retrieval import SOURCES
from shortlist.retrieval.source import Source, SourceModel
from shortlist.storage import bundles, facts
from shortlist.storage.bundles import BundleStore
from shortlist.storage.facts import Facts


def loaded(package: ModuleType) -> list[ModuleType]:
    """Every module of a package, imported."""
    names = [each.name for each in pkgutil.iter_modules(package.__path__)]
    return [import_module(f"{package.__name__}.{name}") for name in names if name != "migrations"]


def written(package: ModuleType, base: type) -> set[type]:
    """The classes of a kind that the modules of a package define, abstract ones left out."""
    return {
        each
        for module in loaded(package)
        for each in vars(module).values()
        if inspect.isclass(each)
        and issubclass(each, base)
        and each.__module__ == module.__name__
        and not inspect.isabstract(each)
    }


def test_every_source_that_is_written_is_registered() -> None:
    assert set(SOURCES.values()) == written(retrieval, Source)


def test_every_model_of_a_source_belongs_to_a_registered_one() -> None:
    assert {each.model for each in SOURCES.values()} == written(retrieval, SourceModel)


def test_a_source_is_registered_under_its_own_name() -> None:
    assert {name: each.name for name, each in SOURCES.items()} == {name: name for name in SOURCES}


def test_the_import_contract_holds_every_source_apart() -> None:
    configuration = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = configuration["tool"]["importlinter"]["contracts"]

    (independent,) = (each["modules"] for each in contracts if each["id"] == "sources")

    assert set(independent) == {each.__module__ for each in SOURCES.values()}


def test_every_feature_that_is_written_is_registered() -> None:
    decorated = {
        node.name
        for file in modules(SOURCE / "features")
        for node in ast.walk(tree(file))
        if isinstance(node, ast.FunctionDef)
        for mark in node.decorator_list
        if isinstance(mark, ast.Name) and mark.id in ("feature", "query_feature")
    }

    assert set(FEATURES) == decorated


def test_features_stand_in_the_package_that_lists_them() -> None:
    assert {each.numbers.__module__ for each in FEATURES.values()} <= {
        module.__name__ for module in loaded(features)
    }


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_where_its_line_says(name: str) -> None:
    assert load(name).name == name


def test_every_module_that_speaks_to_the_shell_is_a_command() -> None:
    commands = {entry.partition(":")[0] for entry, _ in COMMANDS.values()}

    speaking = {
        f"shortlist.cli.{file.stem}"
        for file in modules(SOURCE / "cli")
        if any(name.partition(".")[0] == "typer" for name in imports(file))
    }

    assert speaking - {"shortlist.cli.app"} == commands


@pytest.mark.parametrize(
    ("package", "base", "registry"),
    [(facts, Facts, facts.BACK_ENDS), (bundles, BundleStore, bundles.BACK_ENDS)],
    ids=["facts", "bundles"],
)
def test_every_back_end_has_its_scheme(
    package: ModuleType, base: type, registry: Registry[str]
) -> None:
    registered = set()
    for entry in registry.values():
        module, _, name = entry.partition(":")
        registered.add(getattr(import_module(module), name))

    assert registered == written(package, base)
