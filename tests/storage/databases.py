"""Databases that last for one test."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

POSTGRESQL = os.environ.get("SHORTLIST_TEST_POSTGRESQL", "postgresql://127.0.0.1:5432/test")


@contextmanager
def sqlite(folder: Path) -> Iterator[str]:
    yield f"sqlite:///{folder / 'facts.db'}"


@contextmanager
def postgresql(_: Path) -> Iterator[str]:
    """A schema of its own in a running PostgreSQL; skips the test where there is none."""
    psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed")
    try:
        connection = psycopg.connect(POSTGRESQL, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError as error:
        pytest.skip(f"no PostgreSQL at {POSTGRESQL} (SHORTLIST_TEST_POSTGRESQL): {error}")
    schema = f"shortlist_{uuid.uuid4().hex}"
    with connection:
        connection.execute(f"CREATE SCHEMA {schema}")
        try:
            yield f"{POSTGRESQL}?options={quote(f'-csearch_path={schema}')}"
        finally:
            connection.execute(f"DROP SCHEMA {schema} CASCADE")


PLACES = {"sqlite": sqlite, "postgresql": postgresql}
