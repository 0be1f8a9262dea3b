"""Who is told how answers are going."""

from shortlist.serving.tally import Tally


class Observer:
    """Is told what took how long, what was left out and what came in; counts what pages draw."""

    def __init__(self, tally: Tally | None = None) -> None:
        self.tally = tally or Tally()

    def took(self, stage: str, seconds: float) -> None:
        """A stage or source was done."""

    def left_out(self, part: str, why: str) -> None:
        """A part was left out of an answer: `late`, `failed` or `resting`."""
        self.tally.count(f"left_out/{part}, {why}")

    def refused(self, reason: str, place: str) -> None:
        """An event was not taken in; where in the request the reason for it is."""
        self.tally.refuse(reason, place)

    def kept(self, events: int) -> None:
        """New events are in the log."""
        self.tally.count("events", number=events)
