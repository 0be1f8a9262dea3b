import doctest
import importlib
import pkgutil

import pytest

import shortlist.evaluation

MODULES = [
    each.name
    for each in pkgutil.walk_packages(shortlist.evaluation.__path__, "shortlist.evaluation.")
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_are_true(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
