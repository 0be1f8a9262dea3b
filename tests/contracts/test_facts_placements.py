"""The versions of placements, on every back end."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.storage.databases import PLACES

from shortlist.core.errors import ChangedMeanwhile
from shortlist.storage.facts import Facts, open_facts


@pytest.fixture(params=list(PLACES))
def facts(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Facts]:
    with PLACES[request.param](tmp_path) as url, open_facts(url) as facts:
        yield facts


def test_the_newest_version_of_each_name_is_told(facts: Facts) -> None:
    facts.placements.add("home", {"size": 3}, who="ada", time=1)
    facts.placements.add("box", {"filter": 'title == "é\0"'}, who="ada", time=2)
    facts.placements.add("home", None, who="bob", time=3)

    found = facts.placements.newest()

    assert [each[1:] for each in found] == [
        (2, "ada", "box", {"filter": 'title == "é\0"'}),
        (3, "bob", "home", None),
    ]


def test_every_version_is_kept(facts: Facts) -> None:
    made = [facts.placements.add("home", {"size": n}, who="ada", time=n) for n in (1, 2, 3)]
    facts.placements.add("box", {}, who="ada", time=4)

    assert facts.placements.of("home", 2) == made[:0:-1]


def test_a_change_shows_in_the_revision(facts: Facts) -> None:
    before = facts.revision("placements")
    facts.placements.add("home", {}, who="ada", time=0)

    assert facts.revision("placements") == before + 1


def test_a_version_follows_upon_the_one_that_was_read(facts: Facts) -> None:
    first = facts.placements.add("home", {}, who="ada", time=0, after=0)
    facts.placements.add("home", {"size": 2}, who="ada", time=1, after=first.version)

    for stale in (0, first.version):
        with pytest.raises(ChangedMeanwhile):
            facts.placements.add("home", {"size": 3}, who="bob", time=2, after=stale)
    assert facts.placements.newest()[0].content == {"size": 2}
    assert facts.revision("placements") == 2
