"""What holds for every filter: read or refused, printed as it is read, and true of each item."""

import operator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.slate.films import made

from shortlist.core.errors import BadFilter
from shortlist.slate.filters import compile_filter
from shortlist.slate.filters.filter import Filter
from shortlist.slate.filters.parser import OPERATORS, parse
from shortlist.slate.filters.tokens import LONGEST
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

LETTERS = "abA_ .,'\"\\`()[]<>=!5-é\n\0\ud800"

WORDS = "and or not in is missing known true user. year `a b` == != < >= ( ) [ ] , 5 -.5e3 'x' a"
PIECES = st.sampled_from([*WORDS.split(" "), '"\\""'])

TEXTS = st.text(LETTERS, max_size=60) | st.lists(PIECES, max_size=25).map(" ".join)


def refusal(text: str) -> BadFilter | None:
    """The error that refuses a text, if it is refused."""
    try:
        compile_filter(text)
    except BadFilter as error:
        return error
    return None


@given(TEXTS)
def test_any_text_is_read_or_refused_at_a_place_in_it(text: str) -> None:
    error = refusal(text)

    assert error is None or (0 <= error.position <= len(text) and error.reason)


@given(st.sampled_from(["(", "not ", "[", "user.", "a and (", "not(a or "]), st.integers(60, 2500))
def test_no_text_is_too_deep_for_the_stack(piece: str, times: int) -> None:
    assert refusal((piece * times)[: LONGEST + 1]) is not None


NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.builds(Value, NUMBERS | st.text(LETTERS, max_size=4) | st.booleans())
LISTS = st.builds(Values, st.lists(VALUES, max_size=3).map(tuple))
NAMES = st.text(LETTERS.replace("`", ""), min_size=1, max_size=4) | st.sampled_from(["in", "user"])
ATTRIBUTES = st.builds(ItemAttribute, NAMES) | st.builds(UserAttribute, NAMES)
OPERANDS: st.SearchStrategy[Operand] = VALUES | LISTS | ATTRIBUTES
TESTS: st.SearchStrategy[Condition] = (
    st.builds(Compare, OPERANDS, st.sampled_from(OPERATORS), OPERANDS)
    | st.builds(Among, OPERANDS, OPERANDS, st.booleans())
    | st.builds(Presence, OPERANDS, st.booleans())
    | st.builds(Flag, ATTRIBUTES)
)


def nested(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    some = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.builds(Not, inner) | st.builds(All, some) | st.builds(AnyOf, some)


@given(st.recursive(TESTS, nested, max_leaves=8))
def test_what_is_printed_is_read_as_the_same(tree: Condition) -> None:
    printed = str(tree)

    assert parse(printed) == tree


# What holds for each item is told again below, one item at a time and as plainly as can be.

ITEMS: dict[str, list[Any]] = {
    "price": [1, 2.5, None, -3, 2.5, 0],
    "who": ["ann", "bob", None, "", "ann", "zoe"],
    "tags": [["x", "y"], [], None, ["y"], ["x"], ["z"]],
    "hot": [True, False, None, True, False, True],
}
COLUMNS = made(**ITEMS)
USERS: list[dict[str, object]] = [
    {},
    {"id": "u", "n": 2.5, "s": "ann", "l": ["x", "ann", 2.5, True], "b": True},
    {"n": "2.5", "s": 1, "l": [], "b": False},
    {"n": 0, "s": "x", "l": "x", "b": None},
]

KNOWN = st.sampled_from(["price", "who", "tags", "hot"]).map(ItemAttribute)
OF_USER = st.sampled_from(["n", "s", "l", "b", "none"]).map(UserAttribute)
NUMBER = st.sampled_from([1.0, 2.5, 0.0, -3.0]).map(Value)
TEXT = st.sampled_from(["ann", "", "b", "x", "y"]).map(Value)
FLAG = st.booleans().map(Value)


def lists(values: st.SearchStrategy[Value]) -> st.SearchStrategy[Operand]:
    return st.builds(Values, st.lists(values, max_size=3).map(tuple))


def asked(
    column: str, value: st.SearchStrategy[Value], *operators: str
) -> st.SearchStrategy[Condition]:
    """Conditions on a column (of numbers, texts, flags), most of which make sense."""
    here = st.just(ItemAttribute(column))
    scalar: st.SearchStrategy[Operand] = value | OF_USER
    compare = st.sampled_from(operators)
    return (
        st.builds(Compare, here, compare, scalar)
        | st.builds(Compare, scalar, compare, here)
        | st.builds(Compare, scalar, compare, scalar)
        | st.builds(Among, here | scalar, lists(value) | OF_USER, st.booleans())
    )


ANYTHING: st.SearchStrategy[Operand] = KNOWN | OF_USER | NUMBER | TEXT | FLAG
ASKED: st.SearchStrategy[Condition] = (
    asked("price", NUMBER, *OPERATORS)
    | asked("who", TEXT, *OPERATORS)
    | asked("hot", FLAG, "==", "!=")
    | st.builds(Among, TEXT | OF_USER, st.just(ItemAttribute("tags")), st.booleans())
    | st.builds(Presence, KNOWN | OF_USER, st.booleans())
    | st.builds(Flag, st.just(ItemAttribute("hot")) | OF_USER)
    | st.builds(Compare, ANYTHING, st.sampled_from(OPERATORS), ANYTHING)
    | st.builds(Among, ANYTHING, ANYTHING, st.booleans())
)

PLAIN = {"==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le}
PLAIN |= {">": operator.gt, ">=": operator.ge}


def plain(value: object) -> Any:
    if isinstance(value, list):
        return [plain(each) for each in value]
    return float(value) if type(value) in (int, float) else value  # type: ignore[arg-type]


def told(operand: Operand, item: int, user: dict[str, object]) -> Any:
    match operand:
        case Value():
            return operand.value
        case Values():
            return [each.value for each in operand.values]
        case ItemAttribute():
            return plain(ITEMS[operand.name][item])
        case UserAttribute():
            return plain(user.get(operand.name))


def wants_text(operand: Operand, other: object) -> bool:
    """Whether a list is one of texts by its column and something else is looked for in it."""
    return isinstance(operand, ItemAttribute) and not isinstance(other, str)


def holds(tree: Condition, item: int, user: dict[str, object]) -> bool:
    match tree:
        case All():
            found = all(holds(each, item, user) for each in tree.parts)
        case AnyOf():
            found = any(holds(each, item, user) for each in tree.parts)
        case Not():
            found = not holds(tree.part, item, user)
        case Presence():
            found = (told(tree.operand, item, user) is not None) == tree.known
        case Flag():
            found = told(tree.operand, item, user) is True
        case Among(left, right, negated):
            found = among(told(left, item, user), right, told(right, item, user), negated=negated)
        case Compare(left, compared, right):
            found = compare(told(left, item, user), compared, told(right, item, user))
    return found


def among(left: Any, operand: Operand, right: Any, *, negated: bool) -> bool:
    if left is None or isinstance(left, list) or not isinstance(right, list):
        return False
    alike = [each for each in right if type(each) is type(left)]
    if not alike and (right or wants_text(operand, left)):
        return False
    return (left in alike) != negated


def compare(left: Any, compared: str, right: Any) -> bool:
    if type(left) is not type(right) or isinstance(left, list | None):
        return False
    if isinstance(left, bool) and compared not in ("==", "!="):
        return False
    return bool(PLAIN[compared](left, right))


@settings(max_examples=500)
@given(st.recursive(ASKED, nested, max_leaves=5), st.sampled_from(USERS))
def test_a_mask_says_of_every_item_what_is_true_of_it(
    tree: Condition, user: dict[str, object]
) -> None:
    try:
        compile_filter(str(tree), COLUMNS)
    except BadFilter:
        return

    mask = Filter(str(tree), tree).mask(COLUMNS, user)

    assert mask.tolist() == [holds(tree, item, user) for item in range(len(COLUMNS))]


@given(st.recursive(ASKED, nested, max_leaves=5), st.sampled_from(USERS))
def test_a_filter_of_any_kinds_never_fails_when_it_is_asked(
    tree: Condition, user: dict[str, object]
) -> None:
    mask = Filter(str(tree), tree).mask(COLUMNS, user)

    assert mask.shape == (len(COLUMNS),)
    assert mask.dtype == bool
