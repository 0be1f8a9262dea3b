from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from tests.storage.databases import PLACES, sqlite

from shortlist.core.errors import StorageFailed
from shortlist.storage.facts import ItemRow, open_facts
from shortlist.storage.facts.migrate import MIGRATIONS
from shortlist.storage.facts.schema import HEAD, METADATA


@pytest.fixture(params=list(PLACES))
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with PLACES[request.param](tmp_path) as url:
        yield url


def test_the_migrations_end_where_the_schema_says() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))

    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_the_migrations_make_the_tables_the_schema_describes(url: str) -> None:
    open_facts(url).close()

    engine = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), METADATA)
    engine.dispose()

    assert differences == []


def at_first(url: str) -> sa.Engine:
    """A database as the first migration left it."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    return engine


def test_what_was_there_before_is_found_by_its_words(url: str) -> None:
    engine = at_first(url)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO items (id, title, text, categories, attributes) "
            """VALUES ('a', 'Amélie', 'PARIS', '["Comedy"]', '{"year": 2001}'), """
            "('b', NULL, NULL, NULL, NULL)"
        )
        connection.exec_driver_sql(
            """INSERT INTO users VALUES ('ann', '{"name": "Zoë", "age": 3}'), ('bob', NULL)"""
        )
    engine.dispose()

    with open_facts(url) as facts:
        assert facts.list_items(None, 9, "amelie paris") == [
            ItemRow("a", "Amélie", ["Comedy"], "PARIS", {"year": 2001}, None)
        ]
        assert [each.id for each in facts.list_items(None, 9, "b")] == ["b"]
        assert [each.id for each in facts.list_users(None, 9, "zoe")] == ["ann"]
        assert facts.newest_items(9) == []


def test_opening_again_migrates_nothing(url: str) -> None:
    open_facts(url).close()

    open_facts(url).close()


def test_a_database_of_a_newer_release_is_refused(tmp_path: Path) -> None:
    with sqlite(tmp_path) as url:
        open_facts(url).close()
        engine = sa.create_engine(url)
        with engine.begin() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        engine.dispose()

        with pytest.raises(StorageFailed, match="newer release"):
            open_facts(url)
