"""The log of what people changed, on every back end."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.storage.databases import PLACES

from shortlist.storage.facts import Facts, open_facts


@pytest.fixture(params=list(PLACES))
def facts(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Facts]:
    with PLACES[request.param](tmp_path) as url, open_facts(url) as facts:
        yield facts


def test_a_change_comes_back_as_it_was_made(facts: Facts) -> None:
    facts.audit.add("ada", "item.edit", "7", time=9, detail={"names": ["a", "é"]})

    (found,) = facts.audit.newest(5)

    assert found[1:] == (9, "ada", "item.edit", "7", {"names": ["a", "é"]})


def test_the_newest_changes_are_paged_backwards(facts: Facts) -> None:
    for each in range(4):
        facts.audit.add("ada", "item.edit", str(each), time=0, detail={})

    newest = facts.audit.newest(2)
    older = facts.audit.newest(9, newest[-1].sequence)

    assert [each.about for each in newest] == ["3", "2"]
    assert [each.about for each in older] == ["1", "0"]


def test_what_names_an_erased_user_goes_and_nothing_else(facts: Facts) -> None:
    facts.audit.add("ada", "user.attributes", "ann", time=0, detail={})
    facts.audit.add("ada", "user.attributes", "anna", time=0, detail={})
    facts.audit.add("ada", "item.edit", "ann", time=0, detail={})

    facts.erase_user("ann")

    assert [(each.what, each.about) for each in facts.audit.newest(9)] == [
        ("item.edit", "ann"),
        ("user.attributes", "anna"),
    ]
