"""The kinds of columns that attributes make: numbers, texts, lists of texts, flags."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, Self, TypeVar

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from shortlist.datasets.terms import Terms

Kind = Literal["number", "text", "list", "flag"]
Mask = npt.NDArray[np.bool_]

Array = TypeVar("Array", bound=npt.NDArray[np.generic])


@dataclass(frozen=True)
class NumberColumn:
    """A number an item."""

    kind: ClassVar[Kind] = "number"

    values: npt.NDArray[np.float64]
    """NaN where missing."""

    @classmethod
    def of(cls, length: int, places: Sequence[int], values: Iterable[float]) -> Self:
        """The column that has these values at these places."""
        column = np.full(length, np.nan)
        column[places] = [_finite(each) for each in values]
        return cls(_read_only(column))

    @property
    def known(self) -> Mask:
        """Which items have one."""
        return ~np.isnan(self.values)


@dataclass(frozen=True)
class TextColumn:
    """A text an item."""

    kind: ClassVar[Kind] = "text"

    codes: npt.NDArray[np.int32]
    """The place of each item's text among the names; -1 where missing."""
    names: tuple[str, ...]
    """Every text there is, in alphabetical order, so that codes compare as texts do."""

    @classmethod
    def of(cls, length: int, places: Sequence[int], values: Sequence[str]) -> Self:
        """The column that has these values at these places."""
        names = tuple(sorted(set(values)))
        code = {name: place for place, name in enumerate(names)}
        codes = np.full(length, -1, np.int32)
        codes[places] = [code[each] for each in values]
        return cls(_read_only(codes), names)

    @property
    def known(self) -> Mask:
        """Which items have one."""
        return self.codes >= 0

    def code_of(self, text: str) -> int:
        """The code of a text; -2, which no item has, where there is none."""
        return _place_of(text, self.names)


@dataclass(frozen=True)
class ListColumn:
    """Some texts an item, each once."""

    kind: ClassVar[Kind] = "list"

    table: csr_array
    """items x names: 1 where the item's list has the name (float32)."""
    names: tuple[str, ...]
    """Every text in any list, in alphabetical order."""
    known: Mask
    """Which items have a list, if only an empty one."""
    by_name: csr_array
    """names x items: the table turned round."""

    @classmethod
    def of(cls, length: int, places: Sequence[int], values: Sequence[Iterable[str]]) -> Self:
        """The column that has these lists at these places."""
        lists: list[Iterable[str]] = [()] * length
        for place, value in zip(places, values, strict=True):
            lists[place] = set(value)
        terms = Terms.of(lists)
        known = np.zeros(length, bool)
        known[places] = True
        return cls(terms.table, terms.names, _read_only(known), terms.table.T.tocsr())

    def having(self, name: str) -> npt.NDArray[np.int32]:
        """The items whose list has a name."""
        row = _place_of(name, self.names)
        if row < 0:
            return np.empty(0, np.int32)
        start, end = self.by_name.indptr[row : row + 2]
        items: npt.NDArray[np.int32] = self.by_name.indices[start:end]
        return items


@dataclass(frozen=True)
class FlagColumn:
    """Yes or no an item."""

    kind: ClassVar[Kind] = "flag"

    values: Mask
    """False where missing."""
    known: Mask

    @classmethod
    def of(cls, length: int, places: Sequence[int], values: Sequence[bool]) -> Self:
        """The column that has these values at these places."""
        column, known = np.zeros(length, bool), np.zeros(length, bool)
        column[places] = values
        known[places] = True
        return cls(_read_only(column), _read_only(known))


Column = NumberColumn | TextColumn | ListColumn | FlagColumn


def _place_of(name: str, names: tuple[str, ...]) -> int:
    place = bisect_left(names, name)
    return place if place < len(names) and names[place] == name else -2


def _finite(value: float) -> float:
    """The number as a float; a whole number too large for one is infinite."""
    try:
        return float(value)
    except OverflowError:
        return np.inf if value > 0 else -np.inf


def _read_only(array: Array) -> Array:
    array.flags.writeable = False
    return array
