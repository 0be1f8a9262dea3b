"""A mapping from names to registered things that refuses to hold two of one name."""

from collections.abc import Iterable, Iterator, Mapping, ValuesView
from typing import TypeVar

T = TypeVar("T")


class Registry(Mapping[str, T]):
    """Names to things, in the order they were added.

    >>> sources = Registry([("popularity", 1)])
    >>> sources.add("als", 2)
    >>> list(sources)
    ['popularity', 'als']
    """

    def __init__(self, entries: Iterable[tuple[str, T]] = ()) -> None:
        self._entries: dict[str, T] = {}
        for name, entry in entries:
            self.add(name, entry)

    def add(self, name: str, entry: T) -> None:
        """Register `entry` under `name`; raises ValueError where the name is taken."""
        if name in self._entries:
            raise ValueError(f"{name!r} is registered already")
        self._entries[name] = entry

    def __getitem__(self, name: str) -> T:
        return self._entries[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def values(self) -> ValuesView[T]:
        return self._entries.values()

    def __len__(self) -> int:
        return len(self._entries)
