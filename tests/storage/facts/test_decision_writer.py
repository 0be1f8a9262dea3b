"""What becomes of decisions while the database refuses them."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from time import monotonic, sleep

import pytest
from tests.storage.databases import sqlite

from shortlist.core.errors import StorageFailed
from shortlist.storage.facts.decision_writer import DecisionWriter
from shortlist.storage.facts.decisions import DecisionRow, Decisions
from shortlist.storage.facts.sqlite import SqliteFacts


class Refused(Decisions):
    """A table that takes nothing while it is full."""

    full = True
    attempts = 0

    def put_many(self, rows: Sequence[DecisionRow]) -> None:
        self.attempts += 1
        if self.full:
            raise StorageFailed("the disk is full")
        super().put_many(rows)


class RefusingFacts(SqliteFacts):
    """Facts whose decisions are refused."""

    @cached_property
    def decisions(self) -> Refused:
        return Refused(self)


@pytest.fixture
def facts(tmp_path: Path) -> Iterator[RefusingFacts]:
    with sqlite(tmp_path) as url, RefusingFacts.open(url) as facts:
        yield facts


def decision(name: str) -> DecisionRow:
    return DecisionRow(name, 10, "ann", None, "home", None, 7, {}, {}, None)


def attempted(facts: RefusingFacts) -> None:
    end = monotonic() + 20
    while facts.decisions.attempts < 2:
        assert monotonic() < end
        sleep(0.01)


def test_what_is_refused_waits_and_is_written_later(facts: RefusingFacts) -> None:
    writer = DecisionWriter(facts)
    writer.offer(decision("d1"))
    attempted(facts)
    waiting = writer.pending("d1")

    facts.decisions.full = False
    writer.offer(decision("d2"))
    writer.close()

    assert waiting == decision("d1")
    assert len(facts.decisions.of_user("ann", None, 9)) == 2
    assert writer.dropped == 0


def test_what_waits_stays_bounded(facts: RefusingFacts) -> None:
    writer = DecisionWriter(facts, capacity=5, patience=0)
    taken = [writer.offer(decision(f"d{each}")) for each in range(8)]
    attempted(facts)

    assert taken == [True] * 5 + [False] * 3
    assert (writer.depth, writer.dropped) == (5, 3)
    writer.close()


def test_closing_does_not_try_for_ever(facts: RefusingFacts) -> None:
    writer = DecisionWriter(facts, patience=0.2)
    writer.offer(decision("d1"))

    started = monotonic()
    writer.close()

    assert monotonic() - started < 10
    assert (writer.depth, writer.dropped) == (0, 1)
