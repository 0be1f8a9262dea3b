"""What callers meet when the thread that writes their events is no more."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.storage.databases import sqlite

from shortlist.core.errors import StorageFailed
from shortlist.core.events import Event
from shortlist.storage.facts.appended import Appended
from shortlist.storage.facts.sqlite import SqliteFacts
from shortlist.storage.facts.writer import EventWriter

SEEN = [Event("ann", "alien", "view")]


class Deadly(SqliteFacts):
    """Facts that end the thread that writes to them."""

    def append_each(self, batches: Sequence[Sequence[Event]]) -> list[Appended]:
        raise SystemExit(len(batches))


class Faulty(SqliteFacts):
    """Facts with a fault that nobody foresaw."""

    def append_each(self, batches: Sequence[Sequence[Event]]) -> list[Appended]:
        raise ZeroDivisionError(len(batches))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_writer_that_died_is_an_error_and_not_a_wait(tmp_path: Path) -> None:
    with sqlite(tmp_path) as url, Deadly.open(url) as facts:
        writer = EventWriter(facts)

        with pytest.raises(StorageFailed, match="not kept"):
            writer.append(SEEN, 20)
        with pytest.raises(StorageFailed, match="has died"):
            writer.append(SEEN, 20)
        writer.close()


def test_a_fault_is_told_and_the_writer_goes_on(tmp_path: Path) -> None:
    with sqlite(tmp_path) as url, Faulty.open(url) as facts:
        writer = EventWriter(facts)

        for _ in range(2):
            with pytest.raises(StorageFailed, match="ZeroDivisionError"):
                writer.append(SEEN, 20)
        writer.close()
