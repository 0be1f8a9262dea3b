"""The caller's own ids and the dense indices that arrays use."""

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt


class Vocabulary(Sequence[str]):
    """Ids in index order; an id is found by `index`, an index by subscription.

    >>> films = Vocabulary(["alien", "amelie"])
    >>> films.index_of("amelie"), films.index_of("paddington"), films[0]
    (1, -1, 'alien')
    """

    def __init__(self, ids: Sequence[str], index: dict[str, int] | None = None) -> None:
        self._ids = list(ids)
        if index is not None:
            self.__dict__["_index"] = index
        if len(self._index) != len(self._ids):
            raise ValueError("a vocabulary holds each id once")

    @cached_property
    def _index(self) -> dict[str, int]:
        return {each: position for position, each in enumerate(self._ids)}

    def extended(self, more: Sequence[str]) -> "Vocabulary":
        """The vocabulary with further ids at its end."""
        places = range(len(self), len(self) + len(more))
        return Vocabulary(
            [*self._ids, *more], {**self._index, **dict(zip(more, places, strict=True))}
        )

    def __getitem__(self, position):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN204
        return self._ids[position]

    def __len__(self) -> int:
        return len(self._ids)

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __contains__(self, each: object) -> bool:
        return each in self._index

    def index_of(self, each: str) -> int:
        """The index of an id; -1 where it is unknown."""
        return self._index.get(each, -1)

    def indices_of(self, ids: Sequence[str]) -> npt.NDArray[np.int32]:
        """The indices of many ids; -1 where one is unknown."""
        return np.fromiter((self._index.get(each, -1) for each in ids), np.int32, len(ids))

    def at(self, positions: npt.NDArray[np.integer]) -> list[str]:
        """The ids at many positions."""
        ids = self._ids
        return [ids[position] for position in positions.tolist()]
