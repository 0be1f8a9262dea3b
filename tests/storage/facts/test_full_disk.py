"""A disk that takes no more, and has room again later."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.storage.databases import postgresql, sqlite

from shortlist.core.errors import StorageFailed
from shortlist.core.events import Event
from shortlist.storage.facts import Facts, open_facts
from shortlist.storage.facts.writer import EventWriter

FULL = """
import resource, sys
from shortlist.core.errors import StorageFailed
from shortlist.core.events import Event
from shortlist.storage.facts import open_facts
from shortlist.storage.facts.writer import EventWriter

def events(part):
    return [Event("ann", f"film{part}-{n}", "view", text="x" * 300) for n in range(500)]

facts = open_facts(sys.argv[1])
writer = EventWriter(facts)
writer.append(events(0), 30)
soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))
for part in range(1, 99):
    try:
        writer.append(events(part), 30)
    except StorageFailed as error:
        print(error)
        break
kept = facts.count_events()
resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
writer.append(events(part), 30)
print(kept == part * 500, facts.count_events() == (part + 1) * 500)
"""
"""A limit on the size of files is what a program can set of a full disk."""


def test_a_file_that_cannot_grow_is_said_and_later_written_again(tmp_path: Path) -> None:
    with sqlite(tmp_path) as url:
        run = subprocess.run(
            [sys.executable, "-c", FULL, url], capture_output=True, text=True, check=True
        )

    said, counts = run.stdout.splitlines()
    assert said.startswith("the database refused: ")
    assert counts == "True True"


@contextmanager
def full(url: str) -> Iterator[None]:
    """A PostgreSQL that says of every event that its disk is full."""
    engine = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    refuse = "BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = 'disk_full'; END"
    made = (
        f"CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ {refuse} $$",
        "CREATE TRIGGER full_disk BEFORE INSERT ON events EXECUTE FUNCTION refuse()",
    )
    with engine.begin() as connection:
        for each in made:
            connection.exec_driver_sql(each)
    yield
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER full_disk ON events")
    engine.dispose()


def views(*items: str) -> list[Event]:
    return [Event("ann", item, "view") for item in items]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, Facts]]:
    with postgresql(tmp_path) as url, open_facts(url) as facts:
        yield url, facts


def test_a_server_whose_disk_is_full_says_so_and_recovers(server: tuple[str, Facts]) -> None:
    url, facts = server
    writer = EventWriter(facts)

    with full(url), pytest.raises(StorageFailed, match="no space left"):
        writer.append(views("alien"), 20)

    assert writer.append(views("alien"), 20).accepted == 1
    writer.close()
