"""How often something was changed, so that other processes notice."""

from typing import Final

import sqlalchemy as sa

from shortlist.storage.facts.database import Database
from shortlist.storage.facts.schema import REVISIONS_TABLE

ITEMS_CHANGED: Final = "items"
USERS_CHANGED: Final = "users"
ERASED: Final = "erasures"
PLACEMENTS_CHANGED: Final = "placements"

_ALL: Final = sa.select(REVISIONS_TABLE.c.name, REVISIONS_TABLE.c.number)


class Revisions(Database):
    """Numbers that grow with every transaction that changes what they are named after."""

    def revisions(self) -> dict[str, int]:
        """All of them: `items`, `users`, `erasures`, `placements`; not what was never changed."""
        return {str(name): int(number) for name, number in self.rows(_ALL)}

    def revision(self, name: str) -> int:
        """One of them; 0 for what was never changed."""
        return self.revisions().get(name, 0)

    def bump(self, connection: sa.Connection, name: str) -> None:
        """Count a change that is part of this transaction."""
        first = self.insert_into(REVISIONS_TABLE).values(name=name, number=1)
        next_one = {"number": REVISIONS_TABLE.c.number + 1}
        connection.execute(first.on_conflict_do_update(index_elements=["name"], set_=next_one))
