"""Where names may stand that say whose data or whose machine something is."""

import re

from tests.architecture.repository import SOURCE, modules, named, texts

DATA_SETS = re.compile(r"movie.?lens|movie.?tweetings|gowalla|last\.?fm|grouplens", re.IGNORECASE)

ABOUT_DATA_SETS = (
    "cli/app.py",
    "cli/demo.py",
    "cli/demo_data.py",
    "cli/import_.py",
    "datasets/importers/__init__.py",
    "datasets/importers/movielens.py",
    "datasets/importers/movietweetings.py",
)
"""The importers of formats, the commands that call them, and the demo."""

PRIVATE = re.compile(
    r"(?<![\w.])/(?:home|root|Users|work|tmp|private|mnt|media)/\w|[A-Za-z]:\\Users\\", re.ASCII
)
"""Paths that exist on somebody's machine only."""


def test_only_importers_and_the_demo_know_a_data_set() -> None:
    naming = [
        each.relative_to(SOURCE).as_posix()
        for each in modules()
        if DATA_SETS.search(each.read_text("utf-8"))
    ]

    assert naming == list(ABOUT_DATA_SETS)


def test_no_text_names_a_path_of_somebodys_machine() -> None:
    found = {
        named(each): [match.group() for match in PRIVATE.finditer(each.read_text("utf-8"))]
        for each in texts()
    }

    assert {name: paths for name, paths in found.items() if paths} == {}
