"""How the service goes over time, and the events that it refused."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "measures",
        sa.Column("seconds", sa.Integer, nullable=False),
        sa.Column("start", sa.BigInteger, nullable=False),
        sa.Column("process", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("seconds", "start", "process", name="pk_measures"),
    )
    op.create_table(
        "refusals",
        sa.Column("sequence", NUMBER, autoincrement=True, nullable=False),
        sa.Column("time", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_refusals"),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("refusals")
    op.drop_table("measures")
