"""The tables, the same for every database. `migrations/` is how they came to be."""

from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

HEAD: Final = "0001"
"""The newest migration: the one these tables are."""

METADATA: Final = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)

Number: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json: Final = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

EVENTS_TABLE: Final = sa.Table(
    "events",
    METADATA,
    sa.Column("sequence", Number, primary_key=True, autoincrement=True),
    sa.Column("id", sa.Text, nullable=False),
    sa.Column("user", sa.Text, nullable=False),
    sa.Column("item", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("value", sa.Double),
    sa.Column("time", sa.BigInteger),
    sa.Column("session", sa.Text),
    sa.Column("decision", sa.Text),
    sa.Column("text", sa.Text),
    sa.UniqueConstraint("id"),
    sa.Index(None, "user", "sequence"),
    sqlite_autoincrement=True,
)

ITEMS_TABLE: Final = sa.Table(
    "items",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("title", sa.Text),
    sa.Column("categories", Json),
    sa.Column("text", sa.Text),
    sa.Column("attributes", Json),
)

USERS_TABLE: Final = sa.Table(
    "users",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("attributes", Json),
)
