"""Measures of how the service goes, on every back end."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.storage.databases import PLACES

from shortlist.core.times import MINUTE
from shortlist.storage.facts import Facts, open_facts
from shortlist.storage.facts.measures import Measure


@pytest.fixture(params=list(PLACES))
def facts(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Facts]:
    with PLACES[request.param](tmp_path) as url, open_facts(url) as facts:
        yield facts


def measured(start: int, number: int, *, process: str = "a", seconds: int = 60) -> Measure:
    return Measure(seconds, start, process, {"counts": {"events": number}})


def test_what_a_process_said_last_of_a_stretch_is_what_it_said(facts: Facts) -> None:
    facts.measures.put([measured(0, 1), measured(MINUTE, 2)])
    facts.measures.put([measured(0, 5), measured(0, 7, process="b")])

    found = facts.measures.since(60, 0)

    assert {(each.start, each.process): each.content["counts"]["events"] for each in found} == {
        (0, "a"): 5,
        (0, "b"): 7,
        (MINUTE, "a"): 2,
    }


def test_stretches_of_another_length_or_from_before_are_left_out(facts: Facts) -> None:
    facts.measures.put([measured(0, 1), measured(MINUTE, 2), measured(0, 3, seconds=3600)])

    assert facts.measures.since(60, 1) == [measured(MINUTE, 2)]
    assert facts.measures.since(3600, 0) == [measured(0, 3, seconds=3600)]


def test_old_stretches_are_forgotten_by_their_length(facts: Facts) -> None:
    facts.measures.put([measured(0, 1), measured(MINUTE, 2), measured(0, 3, seconds=3600)])

    assert facts.measures.prune({60: MINUTE, 3600: 0}) == 1

    assert facts.measures.since(60, 0) == [measured(MINUTE, 2)]
    assert len(facts.measures.since(3600, 0)) == 1
