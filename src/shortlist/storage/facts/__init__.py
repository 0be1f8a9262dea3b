"""What happened and what is known, durably: events, items, users.

To add a back end: write one file with a subclass of `Facts`, then add its URL scheme to the list
below. The contract tests find it there.
"""

from importlib import import_module

from shortlist.core.errors import BadSettings
from shortlist.core.registry import Registry
from shortlist.storage.facts.appended import Appended, Fate
from shortlist.storage.facts.erasure import Erasure
from shortlist.storage.facts.port import Facts
from shortlist.storage.facts.rows import EventRow, ItemRow, UserRow

BACK_ENDS: Registry[str] = Registry(
    (
        ("sqlite", "shortlist.storage.facts.sqlite:SqliteFacts"),
        ("postgresql", "shortlist.storage.facts.postgresql:PostgresqlFacts"),
    )
)


def open_facts(url: str) -> Facts:
    """Open the facts at a URL, creating or migrating their tables first.

    Raises BadSettings for a URL of no known scheme, StorageFailed where the database refuses.
    """
    scheme = url.partition(":")[0]
    if scheme not in BACK_ENDS:
        known = ", ".join(f"{each}:" for each in BACK_ENDS)
        raise BadSettings(f"no database opens at {scheme!r}; the URL begins with one of {known}")
    module, _, name = BACK_ENDS[scheme].partition(":")
    back_end: type[Facts] = getattr(import_module(module), name)
    return back_end.open(url)


__all__ = [
    "BACK_ENDS",
    "Appended",
    "Erasure",
    "EventRow",
    "Facts",
    "Fate",
    "ItemRow",
    "UserRow",
    "open_facts",
]
