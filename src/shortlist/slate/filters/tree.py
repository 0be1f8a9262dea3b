"""What a filter says, as a tree, and the tree as text again."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from shortlist.slate.filters.tokens import quoted, written

Scalar = float | str | bool
Operator = Literal["==", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True)
class Value:
    """A number, text or flag that stands in the filter."""

    value: Scalar
    at: int = field(default=0, compare=False)

    def __str__(self) -> str:
        match self.value:
            case bool():
                return "true" if self.value else "false"
            case str():
                return quoted(self.value)
            case _:
                return repr(self.value).removesuffix(".0")


@dataclass(frozen=True)
class Values:
    """A list of values that stands in the filter."""

    values: tuple[Value, ...]
    at: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f"[{', '.join(map(str, self.values))}]"


@dataclass(frozen=True)
class ItemAttribute:
    """An attribute of the item: `year`."""

    name: str
    at: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return written(self.name)


@dataclass(frozen=True)
class UserAttribute:
    """An attribute of the user who asks: `user.age`."""

    name: str
    at: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f"user.{written(self.name)}"


Operand = Value | Values | ItemAttribute | UserAttribute


@dataclass(frozen=True)
class Compare:
    """Two values compared: `year >= 1990`."""

    left: Operand
    operator: Operator
    right: Operand

    def __str__(self) -> str:
        return f"{self.left} {self.operator} {self.right}"


@dataclass(frozen=True)
class Among:
    """One value among others: `"Drama" in genres`, `year not in [1990, 1991]`."""

    left: Operand
    right: Operand
    negated: bool

    def __str__(self) -> str:
        return f"{self.left} {'not in' if self.negated else 'in'} {self.right}"


@dataclass(frozen=True)
class Presence:
    """Whether there is a value: `year is missing`, `user.age is known`."""

    operand: Operand
    known: bool

    def __str__(self) -> str:
        return f"{self.operand} is {'known' if self.known else 'missing'}"


@dataclass(frozen=True)
class Flag:
    """A flag by itself: `available`."""

    operand: ItemAttribute | UserAttribute

    def __str__(self) -> str:
        return str(self.operand)


@dataclass(frozen=True)
class Not:
    """What does not hold: `not (...)`."""

    part: "Condition"

    def __str__(self) -> str:
        return f"not {_within(self.part, All | AnyOf)}"


@dataclass(frozen=True)
class All:
    """What holds together: `... and ... and ...`."""

    parts: tuple["Condition", ...]

    def __str__(self) -> str:
        return " and ".join(_within(each, All | AnyOf) for each in self.parts)


@dataclass(frozen=True)
class AnyOf:
    """What holds by one of its parts: `... or ... or ...`."""

    parts: tuple["Condition", ...]

    def __str__(self) -> str:
        return " or ".join(_within(each, AnyOf) for each in self.parts)


Condition = Compare | Among | Presence | Flag | Not | All | AnyOf


def _within(part: Condition, weaker: object) -> str:
    """A part as text, in parentheses where it would be read otherwise."""
    return f"({part})" if isinstance(part, weaker) else str(part)  # type: ignore[arg-type]


def operands(tree: Condition) -> Iterator[Operand]:
    """Everything that is compared in a filter, from left to right."""
    match tree:
        case Compare() | Among():
            yield from (tree.left, tree.right)
        case Presence() | Flag():
            yield tree.operand
        case Not():
            yield from operands(tree.part)
        case All() | AnyOf():
            for part in tree.parts:
                yield from operands(part)
