"""What the ranker has not learned from yet: who chose since, and the sources on the way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, NamedTuple

from shortlist.pipeline.model import Retrieval

MOMENTS: Final = 12
"""States of the sources that are kept for questions to be asked of; each shares with the next what
did not change."""


class Choice(NamedTuple):
    """Somebody chose something."""

    sequence: int
    user: str
    known: bool
    """Whether the training knew the item."""


class Stretch(NamedTuple):
    """A part of the log, and the sources as they stood before it."""

    after: int
    until: int
    retrieval: Retrieval
    users: Sequence[str]
    """Who chose something in it, each once."""


@dataclass
class Window:
    """The log since an instant, as far as it was followed."""

    start: int
    choices: list[Choice] = field(default_factory=list)
    moments: list[tuple[int, Retrieval]] = field(default_factory=list)

    def add(self, choices: Sequence[Choice]) -> None:
        """Take up what was chosen in the next part of the log."""
        self.choices += choices

    def wants(self, every: int) -> bool:
        """Whether so much was chosen since the sources were kept last."""
        return not self.moments or self.since(self.moments[-1][0]) >= every

    def mark(self, sequence: int, retrieval: Retrieval) -> None:
        """Keep the sources as they stand now; over the limit every other one is let go."""
        self.moments.append((sequence, retrieval))
        if len(self.moments) > MOMENTS:
            del self.moments[1::2]

    def since(self, sequence: int) -> int:
        """How much was chosen after a sequence number."""
        return sum(each.sequence > sequence for each in self.choices)

    def unknown_share(self, sequence: int) -> float:
        """The share of what was chosen after a number that the training did not know."""
        recent = [each for each in self.choices if each.sequence > sequence]
        return sum(not each.known for each in recent) / max(1, len(recent))

    def begin_at(self, sequence: int) -> None:
        """Forget what was before."""
        self.start = sequence
        self.choices = [each for each in self.choices if each.sequence > sequence]
        self.moments = [each for each in self.moments if each[0] >= sequence]

    def stretches(self, end: int) -> Iterator[Stretch]:
        """From each moment to the next, the last until `end`."""
        ends = [*(sequence for sequence, _ in self.moments), end]
        for (after, until), (_, retrieval) in zip(pairwise(ends), self.moments, strict=True):
            own = (each.user for each in self.choices if after < each.sequence <= until)
            yield Stretch(after, until, retrieval, list(dict.fromkeys(own)))
