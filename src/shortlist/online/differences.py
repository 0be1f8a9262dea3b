"""Differences between two models, event after event, of people whose events go together."""

from dataclasses import dataclass, field

from shortlist.online.bounds import Bounds, Watched


@dataclass
class Differences:
    """Weighted differences, and how sure their mean is.

    Events of one person are not independent: the sum of squares is that of the people where it is
    larger than that of the events. That widens the bounds, so that they hold all the more.
    """

    watched: Watched = field(default_factory=Watched)
    weight: float = 0.0
    """The sum of what the events count."""
    clustered: float = 0.0
    """Squared surprises of each user's events together."""
    _surprises: dict[str, tuple[int, float]] = field(default_factory=dict)

    def add(self, user: str, difference: float, weight: float = 1.0) -> None:
        """Count an event by its weight (1 at most); its difference is between -1 and 1."""
        count, before = self.of(user), self._surprises.get(user, (0, 0.0))[1]
        weighted = weight * difference
        surprise = weighted - self.watched.mean
        self.clustered += (before + surprise) ** 2 - before**2
        self._surprises[user] = count + 1, before + surprise
        self.watched = self.watched.with_one(weighted)
        self.weight += weight

    def of(self, user: str) -> int:
        """How many events of a user are among them."""
        return self._surprises.get(user, (0, 0.0))[0]

    @property
    def users(self) -> int:
        """How many people's events are among them."""
        return len(self._surprises)

    def bounds(self, error: float) -> Bounds:
        """The mean difference, and how low and high it may truly be, at any time."""
        found = self.watched.bounds(error, self.clustered)
        if not found.n:
            return found
        each = self.weight / found.n
        low, high = max(-1.0, found.lower / each), min(1.0, found.upper / each)
        return Bounds(found.n, found.mean / each, low, high)
