"""What is asked of the recommender."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

DEFAULT_PLACEMENT = "default"


@dataclass(frozen=True)
class Deed:
    """Something an anonymous visitor did, told with the question instead of logged."""

    item: str
    kind: str = "view"
    value: float | None = None
    time: int | None = None


@dataclass(frozen=True)
class Context:
    """Where and when the list is shown."""

    device: str | None = None
    """What it is shown on; kept with the decision."""
    query: str | None = None
    """Words that each item's title, categories or text must hold."""
    time: int | None = None
    """The instant of the question; now, where nobody says."""


@dataclass(frozen=True)
class Asked:
    """Who asks for a list, where it is shown, and what must be in it or not."""

    user: str | None = None
    session: str | None = None
    """Whose events count where there is no user."""
    history: Sequence[Deed] = ()
    """What happened beside what is logged, in the order it happened."""
    placement: str = DEFAULT_PLACEMENT
    limit: int | None = None
    """Length of the list; the placement's size, where nobody says."""
    filter: str | None = None
    """A condition on top of the placement's own."""
    exclude: Sequence[str] = ()
    explain: bool | None = None
    context: Context = field(default_factory=Context)
    attributes: Mapping[str, object] | None = None
    """What filters know as `user.NAME`, on top of the stored attributes of the user."""
