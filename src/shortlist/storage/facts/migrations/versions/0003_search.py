"""Items and users are found by their words, and listed in the same order by every database."""

import json
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

ACCENTS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
ITEMS = sa.table("items", *(sa.column(each) for each in ("id", "title", "text", "search")))
USERS = sa.table("users", *(sa.column(each) for each in ("id", "attributes", "search")))


def upgrade() -> None:
    for table in ("items", "users"):
        op.add_column(table, sa.Column("search", sa.Text, nullable=False, server_default=""))
        if op.get_bind().dialect.name == "postgresql":
            op.alter_column(table, "id", type_=sa.Text(collation="C"))
    op.create_index("ix_items_added_id", "items", ["added", "id"])
    fill(ITEMS, lambda row: (row.id, row.title, row.text))
    fill(USERS, lambda row: (row.id, *texts_in(row.attributes)))


def downgrade() -> None:
    op.drop_index("ix_items_added_id", "items")
    for table in ("users", "items"):
        if op.get_bind().dialect.name == "postgresql":
            op.alter_column(table, "id", type_=sa.Text(collation="default"))
        with op.batch_alter_table(table) as batch:
            batch.drop_column("search")


def fill(table: Any, words_of: Any) -> None:
    connection = op.get_bind()
    rows = connection.execute(sa.select(table)).all()
    write = table.update().where(table.c.id == sa.bindparam("of")).values(search=sa.bindparam("is"))
    found = [{"of": row.id, "is": folded(*words_of(row))} for row in rows]
    if found:
        connection.execute(write, found)


def folded(*texts: str | None) -> str:
    plain = (unicodedata.normalize("NFKD", each.casefold()) for each in texts if each)
    return "\n".join(ACCENTS.sub("", each) for each in plain)


def texts_in(attributes: Any) -> Iterator[str]:
    known = json.loads(attributes) if isinstance(attributes, str) else attributes
    return (each for each in (known or {}).values() if isinstance(each, str))
