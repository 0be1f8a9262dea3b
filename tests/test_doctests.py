"""Every example in a docstring is run."""

import doctest
import importlib
import pkgutil

import pytest

import shortlist

ELSEWHERE = "shortlist.storage.facts.migrations"
"""Run by the migration tool, which gives its modules what they need."""

MODULES = [
    each.name
    for each in pkgutil.walk_packages(shortlist.__path__, "shortlist.")
    if not each.name.startswith(ELSEWHERE)
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_are_true(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_there_are_examples_to_run() -> None:
    finder = doctest.DocTestFinder(exclude_empty=True)
    found = [each for name in MODULES for each in finder.find(importlib.import_module(name))]

    assert sum(bool(each.examples) for each in found) >= 10
