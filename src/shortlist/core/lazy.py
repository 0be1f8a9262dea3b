"""What an object computes when it is first asked for it, and keeps."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class lazy(Generic[T]):  # noqa: N801  it is used like a function
    """`functools.cached_property` without its lock.

    Until Python 3.12 that lock is one for all objects of a class, so that threads with an object
    each wait for each other. Here two threads that ask the same object at once may both compute,
    and one of the equal results stays.
    """

    def __init__(self, compute: Callable[[Any], T]) -> None:
        self._compute = compute
        self.__doc__ = compute.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, instance: object, owner: type | None = None) -> T:
        found = self._compute(instance)
        instance.__dict__[self._name] = found
        return found
