"""How the tables that stand beside the log reach their database."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

import sqlalchemy as sa

Values = Mapping[str, Any]


class Access(ABC):
    """What a back end offers to the tables beside the log."""

    @abstractmethod
    def changing(self) -> AbstractContextManager[sa.Connection]:
        """A transaction. It waits for writers of the log only where the database has to."""

    @abstractmethod
    def find(self, query: sa.Select[Any], values: Values) -> sa.Row[Any] | None:
        """The one row that a query with these values finds, as cheaply as the driver can.

        Outside of any transaction: one statement there and back, about 50 us on SQLite.
        """

    @abstractmethod
    def rows(self, query: sa.Select[Any], values: Values) -> list[sa.Row[Any]]:
        """All rows that a query finds, otherwise like `find`."""

    @abstractmethod
    def insert_into(self, table: sa.Table) -> Any:
        """The dialect's own INSERT, which knows ON CONFLICT."""
