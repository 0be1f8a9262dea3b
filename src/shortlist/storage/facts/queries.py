"""What the queries of several tables are put together from."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from shortlist.storage.facts.documents import folded


def as_text(table: sa.Table, names: Sequence[str]) -> sa.Select[Any]:
    """A query for some columns in which JSON comes as text, from every database."""
    columns = [
        sa.cast(each, sa.Text) if isinstance(each.type, sa.JSON) else each
        for each in (table.c[name] for name in names)
    ]
    return sa.select(*columns)


def holding(column: sa.Column[Any], search: str | None) -> list[sa.ColumnElement[bool]]:
    """The conditions that a folded column holds every word of a search somewhere."""
    return [column.contains(each, autoescape=True) for each in folded(search).split()]
