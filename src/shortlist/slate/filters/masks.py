"""tree + columns -> mask: which items a filter lets through.

A comparison with something that is missing is false, `!=` and `not in` included. Missing is an
attribute the item (or user) does not have, and for an attribute of the user, whose kind is known at
the request only, one of another kind than the comparison needs. `not (...)` turns whatever it
stands before: `not (year == 1990)` is true of items without a year, `year != 1990` is not.
"""

import operator as python
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from shortlist.datasets.columns import (
    Column,
    FlagColumn,
    ListColumn,
    Mask,
    NumberColumn,
    TextColumn,
)
from shortlist.datasets.item_columns import ItemColumns
from shortlist.slate.filters.tree import (
    All,
    Among,
    AnyOf,
    Compare,
    Condition,
    Flag,
    ItemAttribute,
    Not,
    Operand,
    Operator,
    Presence,
    Scalar,
    UserAttribute,
    Value,
    Values,
)

Resolved = Scalar | tuple[Scalar, ...] | Column | None
"""What an operand is at a request; None is missing."""

COMPARE: Final[Mapping[Operator, Callable[[Any, Any], Any]]] = {
    "==": python.eq,
    "!=": python.ne,
    "<": python.lt,
    "<=": python.le,
    ">": python.gt,
    ">=": python.ge,
}

TURNED: Final[Mapping[Operator, Operator]] = {
    "==": "==",
    "!=": "!=",
    "<": ">",
    "<=": ">=",
    ">": "<",
    ">=": "<=",
}
"""The operator that says the same with its sides changed."""


@dataclass(frozen=True)
class Masks:
    """The columns of the items and the attributes of who asks."""

    columns: ItemColumns
    user: Mapping[str, object]

    def of(self, tree: Condition) -> Mask:
        """One entry an item: whether the condition holds for it."""
        match tree:
            case All():
                found: Mask = np.logical_and.reduce([self.of(each) for each in tree.parts])
            case AnyOf():
                found = np.logical_or.reduce([self.of(each) for each in tree.parts])
            case Not():
                found = ~self.of(tree.part)
            case Compare(left, operator, right):
                found = self._compare(self._resolve(left), operator, self._resolve(right))
            case Among(left, right, negated):
                found = self._among(self._resolve(left), self._resolve(right), negated=negated)
            case Presence(operand, known):
                found = self._known(self._resolve(operand))
                found = found if known else ~found
            case Flag(operand):
                found = self._compare(self._resolve(operand), "==", right=True)
        return found

    def _resolve(self, operand: Operand) -> Resolved:
        match operand:
            case Value():
                return operand.value
            case Values():
                return tuple(each.value for each in operand.values)
            case ItemAttribute():
                return self.columns.columns.get(operand.name)
            case UserAttribute():
                return _of_user(self.user.get(operand.name))

    def _compare(self, left: Resolved, operator: Operator, right: Resolved) -> Mask:
        if isinstance(right, Column) and not isinstance(left, Column):
            left, operator, right = right, TURNED[operator], left
        match left, right:
            case NumberColumn(), NumberColumn():
                found: Mask = COMPARE[operator](left.values, right.values)
                found = found & left.known & right.known
            case NumberColumn(), float():
                found = COMPARE[operator](left.values, right)
                found = found & left.known if operator == "!=" else found
            case FlagColumn(), FlagColumn():
                found = self._flags(left, operator, right.values) & right.known
            case FlagColumn(), bool():
                found = self._flags(left, operator, right)
            case TextColumn(), str():
                found = _texts(left, operator, right)
            case _:
                found = self._all(_holds(left, operator, right))
        return found

    def _flags(self, column: FlagColumn, operator: Operator, other: bool | Mask) -> Mask:
        if operator not in ("==", "!="):
            return self._all(False)
        found: Mask = COMPARE[operator](column.values, other)
        return found & column.known

    def _among(self, left: Resolved, right: Resolved, *, negated: bool) -> Mask:
        if isinstance(right, ListColumn) and isinstance(left, str):
            found, known = self._all(False), right.known
            found[right.having(left)] = True
        elif isinstance(right, tuple) and _comparable(left, right):
            if isinstance(left, NumberColumn | TextColumn | FlagColumn):
                found, known = _within(left, right), left.known
            else:
                same = any(type(each) is type(left) and each == left for each in right)
                found, known = self._all(same), self._all(True)
        else:
            return self._all(False)
        return ~found & known if negated else found

    def _known(self, operand: Resolved) -> Mask:
        return operand.known if isinstance(operand, Column) else self._all(operand is not None)

    def _all(self, value: bool) -> Mask:
        return np.full(len(self.columns), value)


def _of_user(value: object) -> Resolved:
    """A user's attribute as the language has values: numbers are floats, objects missing."""
    match value:
        case bool() | str():
            return value
        case int() | float():
            return _number(value)
        case list() | tuple():
            found = (_of_user(each) for each in value)
            return tuple(each for each in found if isinstance(each, bool | str | float))
        case _:
            return None


def _number(value: float) -> float | None:
    try:
        number = float(value)
    except OverflowError:
        return None
    return None if np.isnan(number) else number


def _comparable(left: Resolved, values: tuple[Scalar, ...]) -> bool:
    """Whether something may be among some values: it is there, and one is of its kind."""
    match left:
        case NumberColumn():
            kind: type = float
        case TextColumn():
            kind = str
        case FlagColumn():
            kind = bool
        case float() | str() | bool():
            kind = type(left)
        case _:
            return False
    return not values or any(type(each) is kind for each in values)


def _holds(left: Resolved, operator: Operator, right: Resolved) -> bool:
    """Whether a comparison without columns holds; never between two kinds."""
    if not _is_scalar(left) or type(left) is not type(right):
        return False
    if isinstance(left, bool) and operator not in ("==", "!="):
        return False
    return bool(COMPARE[operator](left, right))


def _is_scalar(value: Resolved) -> bool:
    return isinstance(value, bool | str | float)


def _texts(column: TextColumn, operator: Operator, text: str) -> Mask:
    """A column of texts compared with one, by code: names are in alphabetical order."""
    if operator in ("==", "!="):
        found: Mask = COMPARE[operator](column.codes, column.code_of(text))
        return found & column.known if operator == "!=" else found
    after = operator in ("<=", ">")
    code = bisect_right(column.names, text) if after else bisect_left(column.names, text)
    if operator in ("<", "<="):
        return (column.codes < code) & column.known
    return column.codes >= code


def _within(column: NumberColumn | TextColumn | FlagColumn, values: tuple[Scalar, ...]) -> Mask:
    """Which items have one of some values."""
    match column:
        case NumberColumn():
            numbers = [each for each in values if type(each) is float]
            return np.isin(column.values, numbers)
        case TextColumn():
            codes = [column.code_of(each) for each in values if isinstance(each, str)]
            return np.isin(column.codes, codes)
        case FlagColumn():
            flags = [each for each in values if isinstance(each, bool)]
            return np.isin(column.values, flags) & column.known
