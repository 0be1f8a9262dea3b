"""Bring the tables of a database to the newest migration."""

from pathlib import Path
from typing import Final

import sqlalchemy as sa

from shortlist.core.errors import StorageFailed
from shortlist.storage.facts.schema import HEAD

MIGRATIONS: Final = Path(__file__).parent / "migrations"

_VERSION = sa.table("alembic_version", sa.column("version_num"))


def version(connection: sa.Connection) -> str | None:
    """The migration a database stands at; None for one without tables."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(sa.select(_VERSION.c.version_num)).scalar()
    return None if found is None else str(found)


def migrate(connection: sa.Connection) -> None:
    """Migrate within the transaction of `connection`, which holds off other writers.

    Raises StorageFailed for a database that a newer release wrote.
    """
    if version(connection) == HEAD:
        return
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise StorageFailed(
            f"the database is at migration {version(connection)}, which this release does not "
            f"know (it knows up to {HEAD}): a newer release wrote it; upgrade Shortlist"
        ) from error
