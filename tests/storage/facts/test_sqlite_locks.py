"""Writers of several processes on one file."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep

import pytest
from tests.storage.databases import sqlite

from shortlist.core.errors import StorageFailed
from shortlist.core.events import Event
from shortlist.storage.facts import Facts, open_facts

SEEN = [Event("ann", "alien", "view")]


@pytest.fixture
def facts(tmp_path: Path) -> Iterator[Facts]:
    with sqlite(tmp_path) as url, open_facts(url) as facts:
        yield facts


@pytest.fixture
def other(facts: Facts, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A connection of somebody else's, in the middle of a transaction."""
    connection = sqlite3.connect(tmp_path / "facts.db", isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    yield connection
    connection.close()


def test_a_writer_waits_for_one_of_another_process(facts: Facts, other: sqlite3.Connection) -> None:
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(facts.append, SEEN)
        sleep(0.2)
        early = waiting.done()
        other.execute("COMMIT")

    assert not early
    assert waiting.result().accepted == 1


def test_readers_do_not_wait(facts: Facts, other: sqlite3.Connection) -> None:
    other.execute("INSERT INTO revisions VALUES ('items', 7)")

    assert facts.revisions() == {}
    assert facts.recent_of("ann", 1) == []


def test_a_database_that_may_only_be_read_says_so_and_recovers(facts: Facts) -> None:
    with facts.writing() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")  # on the one connection of the pool

    with pytest.raises(StorageFailed, match="readonly"):
        facts.append(SEEN)
    with facts.reading() as connection:
        connection.exec_driver_sql("PRAGMA query_only = OFF")

    assert facts.append(SEEN).accepted == 1
