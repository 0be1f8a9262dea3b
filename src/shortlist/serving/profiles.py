"""The attributes of users, as filters ask for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shortlist.storage.facts import Facts


@dataclass(frozen=True)
class Profiles:
    """Reads what is stored of a user. Only asked where a filter needs it."""

    facts: Facts

    def of(self, user: str | None) -> Mapping[str, Any]:
        """The attributes of a user, their id among them. Raises StorageFailed."""
        row = None if user is None else self.facts.get_user(user)
        return {**((row.attributes or {}) if row else {}), "id": user}
