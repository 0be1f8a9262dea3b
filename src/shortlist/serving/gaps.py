"""What items lack: for each attribute, how many of those that may be shown do not have it."""

from dataclasses import dataclass

from shortlist.serving.shelf import Shelf


@dataclass(frozen=True)
class Gap:
    """One attribute."""

    attribute: str
    kind: str
    missing: int
    items: int
    """Items that may be shown."""

    @property
    def share(self) -> float:
        """The share of them without it."""
        return self.missing / self.items if self.items else 0.0


def gaps(shelf: Shelf) -> list[Gap]:
    """All attributes, the one that is missing most often first."""
    offered = shelf.offered
    total = int(offered.sum())
    found = [
        Gap(name, column.kind, int((offered & ~column.known[: len(offered)]).sum()), total)
        for name, column in shelf.columns.columns.items()
        if name != "id"
    ]
    return sorted(found, key=lambda each: (-each.missing, each.attribute))
