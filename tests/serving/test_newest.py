"""The newest events are held, followed, and forgotten with whoever is erased."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.storage.databases import PLACES

from shortlist.core.events import Event
from shortlist.serving.newest import NewestEvents
from shortlist.storage.facts import Facts, open_facts


@pytest.fixture(params=list(PLACES))
def facts(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Facts]:
    with PLACES[request.param](tmp_path) as url, open_facts(url) as facts:
        yield facts


def happen(facts: Facts, *names: str) -> None:
    facts.append([Event(name[0], "alien", "click", time=1, id=name) for name in names])


def users(newest: NewestEvents) -> list[str]:
    return newest.read()["user"].to_list()


def test_what_has_come_since_is_there_as_well(facts: Facts) -> None:
    newest = NewestEvents(facts)
    assert users(newest) == []
    happen(facts, "a1")
    assert users(newest) == ["a"]
    happen(facts, "b1", "a2")

    assert users(newest) == ["a", "b", "a"]
    assert newest.read() is newest.read()


def test_as_many_are_held_as_are_to_be(facts: Facts) -> None:
    newest = NewestEvents(facts, most=3)
    happen(facts, "a1", "b1", "c1", "d1")
    assert users(newest) == ["b", "c", "d"]
    happen(facts, "e1", "f1")

    assert users(newest) == ["d", "e", "f"]


def test_whoever_was_erased_is_in_none_of_them(facts: Facts) -> None:
    newest = NewestEvents(facts)
    happen(facts, "a1", "b1", "a2")
    newest.read()

    facts.erase_user("a")

    assert users(newest) == ["b"]
