"""A file is one idea, named by what it computes; a folder says what comes in and what goes out."""

import ast
from pathlib import Path

import pytest
from tests.architecture.repository import ROOT, SOURCE, modules, named, packages, tree

LONGEST = 400
"""Lines; a longer file wants to be two."""

VAGUE = {"utils", "util", "common", "helpers", "helper", "misc", "shared", "stuff", "lib"}

STAGES = (
    "auth",
    "datasets",
    "evaluation",
    "evaluation/metrics",
    "evaluation/report",
    "evaluation/tables",
    "features",
    "pipeline",
    "ranking",
    "retrieval",
    "simulation",
    "slate",
    "slate/filters",
    "training",
)
"""Folders that make one thing out of another."""

FILES = [each for folder in ("src", "tests", "benchmarks") for each in modules(ROOT / folder)]


def first_line(module: Path) -> str:
    return (ast.get_docstring(tree(module)) or "").partition("\n")[0]


def test_a_package_opens_with_a_sentence() -> None:
    said = {each: first_line(each / "__init__.py") for each in packages()}

    silent = [named(each) for each, line in said.items() if len(line) < 20 or line[-1] != "."]

    assert silent == []


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_says_what_it_makes_of_what(stage: str) -> None:
    assert " -> " in first_line(SOURCE / stage / "__init__.py")


def test_every_folder_with_modules_is_a_package() -> None:
    migrations = SOURCE / "storage" / "facts" / "migrations"

    folders = {each.parent for each in modules() if migrations not in each.parents}

    assert folders == set(packages())


def test_a_module_opens_with_a_sentence() -> None:
    ours = [each for each in modules() if "migrations" not in each.parts]

    silent = [named(each) for each in ours if not _opens_well(each)]

    assert silent == []


def test_no_file_is_too_long() -> None:
    lengths = {named(each): len(each.read_text("utf-8").splitlines()) for each in FILES}

    assert {name: lines for name, lines in lengths.items() if lines > LONGEST} == {}


def test_a_file_is_named_by_what_it_computes() -> None:
    vague = [named(each) for each in FILES if {Path(part).stem for part in relative(each)} & VAGUE]

    assert vague == []


def relative(file: Path) -> tuple[str, ...]:
    return file.relative_to(ROOT).parts


def _opens_well(module: Path) -> bool:
    first = (ast.get_docstring(tree(module)) or "").partition("\n\n")[0]
    return first.endswith((".", ":"))
