"""What is imported from outside: each heavy library by one module, and nothing that runs code."""

import ast
import sys
import tomllib

import pytest
from tests.architecture.repository import ROOT, importers, imports, modules, named, tree

ONE_MODULE = {
    "alembic": "storage/facts/migrate.py",
    "altair": "evaluation/report/charts.py",
    "argon2": "auth/passwords.py",
    "implicit": "retrieval/als.py",
    "jinja2": "core/templates.py",
    "jwt": "auth/access_tokens.py",
    "lightgbm": "ranking/booster.py",
    "torch": "retrieval/sasrec_fit.py",
    "vl_convert": "evaluation/report/vega.py",
}
"""Libraries that one module wraps; replacing one is then a change of one file."""

MODULES = {"argon2-cffi": "argon2", "pyjwt": "jwt"}
"""Distributions whose module has another name."""

NAMED_TO_THE_SERVER = {"httptools", "uvloop"}
"""What the HTTP server imports when it is told its name; `server/serve.py` tells it."""

MIGRATIONS = "storage/facts/migrations/"
"""Scripts that Alembic itself runs."""

NOT_WANTED = ("pandas", "pyarrow", "sklearn", "duckdb")
"""What the core does without; see the decision records."""

CODE_IN_DATA = {
    "pickle",
    "cPickle",
    "_pickle",
    "dill",
    "cloudpickle",
    "joblib",
    "shelve",
    "marshal",
}
"""Formats that run code when they are read."""


@pytest.mark.parametrize("library", ONE_MODULE)
def test_a_heavy_library_has_one_door(library: str) -> None:
    found = [each for each in importers(library) if not each.startswith(MIGRATIONS)]

    assert found == [ONE_MODULE[library]]


def test_the_driver_of_postgresql_is_never_imported_by_name() -> None:
    assert importers("psycopg") == []


@pytest.mark.parametrize("library", NOT_WANTED)
def test_the_core_does_without(library: str) -> None:
    assert importers(library) == []


def test_nothing_is_pickled() -> None:
    pickling = [
        named(each)
        for each in modules()
        if {name.partition(".")[0] for name in imports(each)} & CODE_IN_DATA
    ]

    assert pickling == []


def test_no_array_is_read_or_written_with_pickle_allowed() -> None:
    said = [
        (named(each), ast.unparse(node.value))
        for each in modules()
        for node in ast.walk(tree(each))
        if isinstance(node, ast.keyword) and node.arg == "allow_pickle"
    ]

    assert said
    assert {allowed for _, allowed in said} == {"False"}


def test_what_is_imported_is_declared_and_nothing_else() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    ours = {*sys.stdlib_module_names, "shortlist"}

    imported = {name.partition(".")[0] for each in modules() for name in imports(each)} - ours

    optional = [each for extra in project["optional-dependencies"].values() for each in extra]
    declared = {distribution_module(each) for each in project["dependencies"]}
    declared |= imported & {distribution_module(each) for each in optional}
    assert imported == declared - NAMED_TO_THE_SERVER


def distribution_module(requirement: str) -> str:
    """The module a requirement is imported by."""
    name = requirement.partition(">")[0].partition("[")[0]
    return MODULES.get(name, name.removesuffix("-python").replace("-", "_"))


def test_the_lock_has_hashes_and_names_no_index() -> None:
    lines = (ROOT / "requirements-dev.lock").read_text("utf-8").splitlines()

    assert any(line.strip().startswith("--hash=sha256:") for line in lines)
    assert not [line for line in lines if "://" in line or "index-url" in line]
