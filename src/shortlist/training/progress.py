"""How long work says how far it is."""

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Called with what is being done, the steps done and the steps there are."""


def silent(stage: str, done: int, total: int) -> None:
    """Say nothing."""
