import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from tests.storage.databases import sqlite

from shortlist.core.errors import BadSettings, StorageFailed
from shortlist.storage.facts import open_facts


@pytest.mark.parametrize("url", ["mysql://host/db", "facts.db", ""])
def test_an_unknown_scheme_is_told_the_known_ones(url: str) -> None:
    with pytest.raises(BadSettings, match="sqlite:, postgresql:"):
        open_facts(url)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_sqlite_needs_a_file(url: str) -> None:
    with pytest.raises(BadSettings, match="need a file"):
        open_facts(url)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="nowhere"):
        open_facts(f"sqlite:///{tmp_path}/nowhere/facts.db")


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "facts.db").write_text("this is a diary, not a database\n" * 100)

    with pytest.raises(StorageFailed, match="not a database"):
        open_facts(f"sqlite:///{tmp_path}/facts.db")


def test_an_acknowledged_event_is_on_disk(tmp_path: Path) -> None:
    with sqlite(tmp_path) as url, open_facts(url) as facts, facts.bulk() as bulk:
        connection = bulk._connection
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }

    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_server_that_is_not_there_is_a_storage_failure() -> None:
    with pytest.raises(StorageFailed, match="refused"):
        open_facts("postgresql://127.0.0.1:1/nothing")


def test_postgresql_without_its_driver_says_what_to_install() -> None:
    program = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from shortlist.storage.facts import open_facts\n"
        "open_facts('postgresql://127.0.0.1/test')"
    )

    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )

    assert "pip install 'shortlist[postgres]'" in run.stderr


def test_sqlite_does_without_the_driver_of_postgresql(tmp_path: Path) -> None:
    program = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from shortlist.storage.facts import open_facts\n"
        f"open_facts('sqlite:///{tmp_path}/facts.db').close()"
    )

    subprocess.run([sys.executable, "-c", program], check=True)

    assert sqlite3.connect(tmp_path / "facts.db").execute("SELECT * FROM events").fetchall() == []
