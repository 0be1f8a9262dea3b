"""Chance that falls the same way each time for the same words."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """Numbers drawn from a text: the same text, the same numbers, on every machine."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._drawn = 0

    def share(self) -> float:
        """A number from 0 to below 1."""
        self._drawn += 1
        word = f"{self._drawn}\0{self._text}".encode("utf-8", "replace")
        return int.from_bytes(blake2b(word, digest_size=6).digest(), "big") / 2**48

    def between(self, low: float, high: float) -> float:
        """A number within bounds, to a tenth."""
        return round(low + self.share() * (high - low), 1)

    def one_of(self, things: Sequence[T]) -> T:
        """One of some things."""
        return things[int(self.share() * len(things))]

    def whole(self, low: int, high: int) -> int:
        """A whole number within bounds, both of them among it."""
        return low + int(self.share() * (high - low + 1))
