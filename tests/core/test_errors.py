import re

import pytest

from shortlist.core import errors
from shortlist.core.errors import NoBundle, ShortlistError, UnknownUser

FAMILIES = {each.__name__: each for each in ShortlistError.__subclasses__()}
DRAWN = re.findall(r"^( {2,4})(\w+) +\w", str(errors.__doc__), re.MULTILINE)


def drawn() -> dict[str, list[str]]:
    """The tree at the top of the module: each family with its errors."""
    tree: dict[str, list[str]] = {}
    for indent, name in DRAWN:
        if len(indent) == 2:
            tree[name] = []
        else:
            list(tree.values())[-1].append(name)
    return tree


def written() -> dict[str, list[str]]:
    return {
        name: [each.__name__ for each in family.__subclasses__()]
        for name, family in FAMILIES.items()
    }


def test_the_tree_that_is_drawn_is_the_tree_that_is_written() -> None:
    assert drawn() == written()


@pytest.mark.parametrize("family", FAMILIES)
def test_an_error_is_of_one_family(family: str) -> None:
    for each in FAMILIES[family].__subclasses__():
        assert each.__bases__ == (FAMILIES[family],)
        assert not each.__subclasses__()


@pytest.mark.parametrize(
    "error", [each for family in FAMILIES.values() for each in family.__subclasses__()]
)
def test_an_error_raised_without_words_says_what_it_means(error: type[ShortlistError]) -> None:
    assert str(error()) == error.__doc__
    assert str(error()).endswith(".")


def test_an_error_says_what_it_was_given() -> None:
    assert str(UnknownUser("Nobody is called ann.")) == "Nobody is called ann."


def test_no_bundle_says_what_to_do() -> None:
    assert "shortlist train" in str(NoBundle())
