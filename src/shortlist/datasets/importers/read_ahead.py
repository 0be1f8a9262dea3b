"""Make the next thing while the last one is being used."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

T = TypeVar("T")

_END: Final = object()


def read_ahead(things: Iterable[T]) -> Iterator[T]:
    """The same things in the same order, each made while its predecessor is used.

    They are made in one other thread; what it raises is raised here.
    """
    source = iter(things)
    with ThreadPoolExecutor(1) as thread:
        coming = thread.submit(next, source, _END)
        while (thing := coming.result()) is not _END:
            coming = thread.submit(next, source, _END)
            yield thing  # type: ignore[misc]
