"""A server that hangs up on its clients, as one that is restarted does."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.storage.databases import postgresql

from shortlist.core.events import Event
from shortlist.storage.facts import Facts, open_facts

HANG_UP = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE pid <> pg_backend_pid() AND application_name = 'shortlist-test'"
)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, Facts]]:
    with postgresql(tmp_path) as url:
        named = f"{url}&application_name=shortlist-test"
        with open_facts(named) as facts:
            yield url, facts


def hang_up(url: str) -> int:
    engine = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        count = len(connection.exec_driver_sql(HANG_UP).all())
    engine.dispose()
    return count


def test_reading_and_writing_go_on_over_new_connections(server: tuple[str, Facts]) -> None:
    url, facts = server
    facts.append([Event("ann", "alien", "view")])
    facts.recent_of("ann", 1)

    assert hang_up(url) >= 2

    assert [row.item for row in facts.recent_of("ann", 9)] == ["alien"]
    assert facts.append([Event("ann", "aliens", "view")]).accepted == 1
