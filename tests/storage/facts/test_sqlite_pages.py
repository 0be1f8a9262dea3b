"""How much of the file a connection keeps in memory."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from shortlist.core.errors import StorageFailed
from shortlist.storage.facts import Facts, open_facts


def pages(connection: sa.Connection) -> int:
    """The limit in kibibytes, as SQLite says it: negative."""
    (found,) = connection.exec_driver_sql("PRAGMA cache_size").one()
    return int(found)


def usual(facts: Facts) -> int:
    with facts.writing() as connection:
        return pages(connection)


def test_a_large_transaction_keeps_more_in_memory_and_gives_it_back(tmp_path: Path) -> None:
    with open_facts(f"sqlite:///{tmp_path}/facts.db") as facts:
        before = usual(facts)
        with facts.writing() as connection, facts.spacious(connection):
            assert pages(connection) == 8 * before
        assert usual(facts) == before


def test_it_gives_it_back_where_it_fails(tmp_path: Path) -> None:
    with open_facts(f"sqlite:///{tmp_path}/facts.db") as facts:
        before = usual(facts)
        with pytest.raises(StorageFailed, match="no room"), facts.bulk():
            raise StorageFailed("no room")
        assert usual(facts) == before


def test_all_use_the_connection_that_was_used_last(tmp_path: Path) -> None:
    with open_facts(f"sqlite:///{tmp_path}/facts.db") as facts:
        with facts.writing() as one, facts.reading() as other:
            first = one.connection.dbapi_connection
            assert other.connection.dbapi_connection is not first
        for _ in range(3):
            with facts.writing() as connection:
                assert connection.connection.dbapi_connection is first
