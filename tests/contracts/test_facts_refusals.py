"""Events that were refused, on every back end."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.storage.databases import PLACES

from shortlist.storage.facts import Facts, open_facts
from shortlist.storage.facts.refusals import Refusal, RefusalRows


@pytest.fixture(params=list(PLACES))
def facts(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Facts]:
    with PLACES[request.param](tmp_path) as url, open_facts(url) as facts:
        yield facts


def refused(number: int) -> Refusal:
    return Refusal(number, "missing", f"events.{number}.item")


def test_the_newest_come_first(facts: Facts) -> None:
    facts.refusals.add([refused(1), refused(2)])
    facts.refusals.add([])
    facts.refusals.add([refused(3)])

    assert facts.refusals.newest(2) == [refused(3), refused(2)]


def test_no_more_are_kept_than_are_to_be(facts: Facts) -> None:
    rows = RefusalRows(facts, most=3)
    for each in range(5):
        rows.add([refused(each), refused(each + 10)])

    assert rows.newest(99) == [refused(14), refused(4), refused(13)]
