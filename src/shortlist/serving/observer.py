"""Who is told how answers are going."""


class Observer:
    """Is told what took how long and what was left out; this one keeps nothing."""

    def took(self, stage: str, seconds: float) -> None:
        """A stage or source was done."""

    def left_out(self, part: str, why: str) -> None:
        """A part was left out of an answer: `late`, `failed` or `resting`."""
