"""Users: their attributes, and erasing all that is known of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from time import sleep
from typing import Any

from shortlist.core.clock import Clock
from shortlist.core.errors import UnknownUser
from shortlist.core.times import iso
from shortlist.serving.cursors import read_word, write_place
from shortlist.serving.decisions import SOON, Decisions
from shortlist.serving.engine import Engine
from shortlist.serving.following import Following
from shortlist.serving.histories import Histories
from shortlist.storage.facts import Erasure, Facts

Attributes = Mapping[str, Any]


@dataclass(frozen=True)
class People:
    """What is stored of users beside their events."""

    facts: Facts
    histories: Histories
    decisions: Decisions
    engine: Engine
    following: Following
    clock: Clock

    def page(
        self, *, search: str | None, limit: int, cursor: str | None
    ) -> tuple[list[dict[str, Any]], str | None]:
        """Users by id, and the cursor of the next page."""
        after = read_word(cursor) if cursor else None
        rows = self.facts.list_users(after, limit, search)
        following = write_place(rows[-1].id) if len(rows) == limit else None
        return [{"id": row.id, "attributes": row.attributes} for row in rows], following

    def get(self, user: str) -> dict[str, Any]:
        """One user. Raises UnknownUser for one of whom neither attributes nor events are stored."""
        row = self.facts.get_user(user)
        if row is None and not self.facts.recent_of(user, 1):
            raise UnknownUser(f"nothing is stored of a user {user!r}")
        return {"id": user, "attributes": row.attributes if row else {}}

    def put(self, user: str, attributes: Attributes) -> dict[str, Any]:
        """Write a user's attributes whole."""
        self.facts.write_user(user, dict(attributes))
        return self.get(user)

    def put_many(self, documents: Mapping[str, Attributes]) -> int:
        """Write the attributes of many users whole, in one transaction; how many there were."""
        return self.facts.write_users(documents)

    def patch(self, user: str, attributes: Attributes) -> dict[str, Any]:
        """Change some attributes; None removes one."""
        row = self.facts.get_user(user)
        merged = {**(row.attributes if row else {}), **attributes}
        return self.put(user, {name: value for name, value in merged.items() if value is not None})

    def erase(self, user: str) -> dict[str, Any]:
        """Remove everything of a user, and say what it was.

        Every process notices at the user's next request that the events it remembers are gone.
        What other processes have answered and not written yet comes into the table in between, so
        there are two rounds.
        """
        first = self._removed(user)
        sleep(SOON)
        second = self._removed(user)
        loaded = self.engine.loaded
        return {
            "user": user,
            "time": iso(self.clock.now()),
            "events": first.events + second.events,
            "decisions": first.decisions + second.decisions,
            "sign_ins": first.sign_ins + second.sign_ins,
            "account": first.account or second.account,
            "profile": first.profile or second.profile,
            "bundle": loaded.bundle if loaded else None,
            "forgotten_by": (
                "What was learned since the training is learned again without these events: this "
                "process has dropped it, the others do within a second. The next training reads "
                "the log without them: their part in the bundle's counts, factors and forests "
                "ends with the bundle in use."
            ),
        }

    def _removed(self, user: str) -> Erasure:
        """What is known of a user now is known no more; what waited to be written counts."""
        waiting = self.decisions.writer.forget(user)
        gone = self.facts.erase_user(user)
        self.histories.forget(user)
        self.following.erased()
        return gone._replace(decisions=gone.decisions + waiting)
