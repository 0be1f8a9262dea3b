"""Whether a filter compares what can be compared."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from shortlist.core.errors import BadFilter
from shortlist.datasets.columns import Kind
from shortlist.slate.filters.complaint import complaint, did_you_mean
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
    Presence,
    UserAttribute,
    Value,
    Values,
)

OperandKind = Kind | Literal["any"]
"""What an operand is; `any` for what is known at the request only."""

A: Final[Mapping[str, str]] = {
    "number": "a number",
    "text": "a text",
    "flag": "a flag (true or false)",
    "list": "a list",
}


def check(text: str, tree: Condition, schema: Mapping[str, Kind] | None) -> None:
    """Raise BadFilter for the first thing that cannot be.

    Without a schema an item's attribute may be anything.
    """
    _Checker(text, schema).condition(tree)


@dataclass(frozen=True)
class _Checker:
    text: str
    schema: Mapping[str, Kind] | None

    def condition(self, tree: Condition) -> None:
        match tree:
            case All() | AnyOf():
                for part in tree.parts:
                    self.condition(part)
            case Not():
                self.condition(tree.part)
            case Compare():
                self._compare(tree)
            case Among():
                self._among(tree)
            case Presence():
                self._presence(tree)
            case Flag():
                self._flag(tree)

    def _compare(self, tree: Compare) -> None:
        left, right = self._kind(tree.left), self._kind(tree.right)
        for side, kind, other in ((tree.left, left, tree.right), (tree.right, right, tree.left)):
            if kind == "list":
                raise self._bad(side, f"{side} is a list.", _has(side, other))
            if kind == "flag" and tree.operator not in ("==", "!="):
                raise self._bad(side, f"{side} is a flag: it is not more or less than anything.")
        if "any" not in (left, right) and left != right:
            raise self._differ(tree.left, left, tree.right, right)
        both = isinstance(tree.left, ItemAttribute) and isinstance(tree.right, ItemAttribute)
        if both and "text" in (left, right):
            raise self._bad(tree.right, "Texts of an item are not compared with each other.")

    def _among(self, tree: Among) -> None:
        left, right = self._kind(tree.left), self._kind(tree.right)
        if left == "list":
            raise self._bad(tree.left, f"{tree.left} is a list.", "Look for one value at a time.")
        if isinstance(tree.right, Values):
            for each in tree.right.values:
                kind = self._kind(each)
                if "any" not in (left, kind) and left != kind:
                    raise self._differ(tree.left, left, each, kind)
        elif right not in ("list", "any"):
            says = f"{tree.right} is {A[right]} and no list."
            raise self._bad(tree.right, says, f"Write {tree.right} == {tree.left}.")
        elif isinstance(tree.right, ItemAttribute):
            self._in_attribute(tree.left, left, tree.right)

    def _in_attribute(self, left: Operand, kind: OperandKind, right: ItemAttribute) -> None:
        if isinstance(left, ItemAttribute):
            raise self._bad(left, "Attributes of an item are not looked for in each other.")
        if kind not in ("text", "any"):
            raise self._bad(left, f"{right} is a list of texts, and {left} is {A[kind]}.")

    def _presence(self, tree: Presence) -> None:
        self._kind(tree.operand)
        if isinstance(tree.operand, Value | Values):
            raise self._bad(tree.operand, f"{tree.operand} is no attribute: it is never missing.")

    def _flag(self, tree: Flag) -> None:
        kind = self._kind(tree.operand)
        if kind not in ("flag", "any"):
            says = f"{tree.operand} is {A[kind]}, and by itself no condition."
            meant = f'"..." in {tree.operand}' if kind == "list" else f"{tree.operand} == ..."
            raise self._bad(tree.operand, says, f"Write {meant}.")

    def _kind(self, operand: Operand) -> OperandKind:
        match operand:
            case Value():
                return _kind_of(operand)
            case Values():
                return self._list(operand)
            case UserAttribute():
                return "any"
            case ItemAttribute() if self.schema is None:
                return "any"
            case ItemAttribute():
                return self._attribute(operand, self.schema or {})

    def _list(self, values: Values) -> Literal["list"]:
        for each in values.values:
            if _kind_of(each) != _kind_of(values.values[0]):
                raise self._bad(each, "The values of a list are of one kind.")
        return "list"

    def _attribute(self, attribute: ItemAttribute, schema: Mapping[str, Kind]) -> Kind:
        if attribute.name in schema:
            return schema[attribute.name]
        near = did_you_mean(attribute.name, [*schema, "true", "false"])
        all_of_them = f"There are {', '.join(sorted(schema))}."
        reason = f"No item has an attribute {attribute}."
        raise self._bad(attribute, reason, near or all_of_them)

    def _differ(
        self, left: Operand, kind: OperandKind, right: Operand, other: OperandKind
    ) -> BadFilter:
        """The error for two sides of different kinds, at the one that was written out."""
        if isinstance(left, Value) and not isinstance(right, Value):
            left, kind, right, other = right, other, left, kind
        meant = ""
        if kind == "number" and isinstance(right, Value) and _is_number(right.value):
            meant = f"Write it without quotes: {right.value}."
        elif kind == "text":
            meant = f'Write it in quotes: "{right}".'
        return self._bad(right, f"{left} is {A[kind]}, and {right} is {A[other]}.", meant)

    def _bad(self, operand: Operand, reason: str, suggestion: str = "") -> BadFilter:
        return complaint(self.text, operand.at, reason, suggestion)


def _kind_of(value: Value) -> Kind:
    match value.value:
        case bool():
            return "flag"
        case str():
            return "text"
        case _:
            return "number"


def _has(side: Operand, other: Operand) -> str:
    return f"Write {other} in {side}."


def _is_number(value: object) -> bool:
    return isinstance(value, str) and value.replace(".", "", 1).isdecimal()
