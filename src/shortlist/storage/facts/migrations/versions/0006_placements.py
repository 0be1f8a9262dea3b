"""Placements that people change by hand."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "placements",
        sa.Column("version", NUMBER, autoincrement=True, nullable=False),
        sa.Column("time", sa.BigInteger, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("content", sa.Text),
        sa.PrimaryKeyConstraint("version", name="pk_placements"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_placements_name_version", "placements", ["name", "version"])


def downgrade() -> None:
    op.drop_table("placements")
