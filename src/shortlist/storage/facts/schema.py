"""The tables, the same for every database. `migrations/` is how they came to be."""

from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

HEAD: Final = "0007"
"""The newest migration: the one these tables are."""

METADATA: Final = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    }
)

Number: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Name: Final = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
"""An id that things are listed by: in the order of its bytes, as SQLite orders all text."""

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
    sa.Index(
        None,
        "session",
        "sequence",
        sqlite_where=sa.text("session IS NOT NULL"),
        postgresql_where=sa.text("session IS NOT NULL"),
    ),
    sqlite_autoincrement=True,
)

ITEMS_TABLE: Final = sa.Table(
    "items",
    METADATA,
    sa.Column("id", Name, primary_key=True),
    sa.Column("title", sa.Text),
    sa.Column("categories", Json),
    sa.Column("text", sa.Text),
    sa.Column("attributes", Json),
    sa.Column("added", sa.BigInteger),
    sa.Column("deleted", sa.BigInteger),
    sa.Column("search", sa.Text, nullable=False, server_default=""),
    sa.Index(None, "added", "id"),
)
"""`added` and `deleted` are instants. What is deleted stays as a mark, because the log knows it.

`search` holds the words an item is found by, folded (`documents.folded`).
"""

USERS_TABLE: Final = sa.Table(
    "users",
    METADATA,
    sa.Column("id", Name, primary_key=True),
    sa.Column("attributes", Json),
    sa.Column("search", sa.Text, nullable=False, server_default=""),
)

DECISIONS_TABLE: Final = sa.Table(
    "decisions",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("time", sa.BigInteger, nullable=False),
    sa.Column("user", sa.Text),
    sa.Column("session", sa.Text),
    sa.Column("placement", sa.Text, nullable=False),
    sa.Column("bundle", sa.Text),
    sa.Column("sequence", sa.BigInteger, nullable=False),
    sa.Column("asked", sa.Text, nullable=False),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("features", sa.LargeBinary),
    sa.Index(None, "time"),
    sa.Index(None, "user", "time"),
)
"""What was answered. `asked` and `answer` are JSON as it was written, to the last digit."""

ACCOUNTS_TABLE: Final = sa.Table(
    "accounts",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("login", sa.Text, nullable=False),
    sa.Column("user", sa.Text, nullable=False),
    sa.Column("password", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("created", sa.BigInteger, nullable=False),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("locked_until", sa.BigInteger),
    sa.Column("disabled", sa.BigInteger),
    sa.UniqueConstraint("login"),
    sa.UniqueConstraint("user"),
)
"""People who can sign in. `user` is their id in the log, `password` an Argon2id hash."""

SIGN_INS_TABLE: Final = sa.Table(
    "sign_ins",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("account", sa.Text, sa.ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    sa.Column("created", sa.BigInteger, nullable=False),
    sa.Column("expires", sa.BigInteger, nullable=False),
    sa.Column("turn", sa.Integer, nullable=False),
    sa.Column("revoked", sa.BigInteger),
    sa.Index(None, "account"),
)
"""One line a sign-in; `turn` counts its refreshes, and only the newest refresh token is good."""

API_KEYS_TABLE: Final = sa.Table(
    "api_keys",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
    sa.Column("old_hash", sa.Text),
    sa.Column("old_until", sa.BigInteger),
    sa.Column("scopes", sa.Text, nullable=False),
    sa.Column("created", sa.BigInteger, nullable=False),
    sa.Column("expires", sa.BigInteger),
    sa.Column("last_used", sa.BigInteger),
    sa.Column("revoked", sa.BigInteger),
)
"""Keys of applications. The hashes are keyed; the old one is good until `old_until`."""

REVISIONS_TABLE: Final = sa.Table(
    "revisions",
    METADATA,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("number", sa.BigInteger, nullable=False),
)
"""How often a table was changed, so that other processes see that it was."""

MODEL_STEPS_TABLE: Final = sa.Table(
    "model_steps",
    METADATA,
    sa.Column("sequence", Number, primary_key=True, autoincrement=True),
    sa.Column("time", sa.BigInteger, nullable=False),
    sa.Column("bundle", sa.Text, nullable=False),
    sa.Column("step", sa.Text, nullable=False),
    sa.Column("against", sa.Text),
    sa.Column("detail", sa.Text, nullable=False),
    sqlite_autoincrement=True,
)
"""What became of the bundles. `against` is the one it came from or is compared with, `detail` JSON
as it was written."""

WORKER_TABLE: Final = sa.Table(
    "worker",
    METADATA,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("time", sa.BigInteger, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
)
"""What the worker says of itself, JSON as it was written; the newest word replaces the last."""

AUDIT_TABLE: Final = sa.Table(
    "audit",
    METADATA,
    sa.Column("sequence", Number, primary_key=True, autoincrement=True),
    sa.Column("time", sa.BigInteger, nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("about", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sqlite_autoincrement=True,
)
"""Changes that people made by hand. `who` is a login, `about` an id, `detail` JSON."""

PLACEMENTS_TABLE: Final = sa.Table(
    "placements",
    METADATA,
    sa.Column("version", Number, primary_key=True, autoincrement=True),
    sa.Column("time", sa.BigInteger, nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("content", sa.Text),
    sa.Index(None, "name", "version"),
    sqlite_autoincrement=True,
)
"""Every version of the placements that were changed by hand. `content` is the recipe as JSON;
without it the name means again what the settings say."""

MEASURES_TABLE: Final = sa.Table(
    "measures",
    METADATA,
    sa.Column("seconds", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("start", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("process", sa.Text, primary_key=True),
    sa.Column("content", sa.Text, nullable=False),
)
"""What one process counted in one stretch of time: `seconds` is how long it is, `start` the instant
it begins at, `content` JSON."""

REFUSALS_TABLE: Final = sa.Table(
    "refusals",
    METADATA,
    sa.Column("sequence", Number, primary_key=True, autoincrement=True),
    sa.Column("time", sa.BigInteger, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("place", sa.Text, nullable=False),
    sqlite_autoincrement=True,
)
"""The newest events that were refused over HTTP: why, and where in the request. Nothing of what was
sent is kept. How many there were stands in the measures."""
