import pytest

from shortlist.core.errors import BadFilter
from shortlist.slate.filters.parser import DEEPEST, parse
from shortlist.slate.filters.tokens import LONGEST
from shortlist.slate.filters.tree import (
    All,
    Among,
    AnyOf,
    Compare,
    Flag,
    ItemAttribute,
    Not,
    Presence,
    UserAttribute,
    Value,
    Values,
)

A, B, C = (Flag(ItemAttribute(name)) for name in "abc")


def refused(text: str) -> BadFilter:
    with pytest.raises(BadFilter) as caught:
        parse(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("year >= 1990", Compare(ItemAttribute("year"), ">=", Value(1990.0))),
        ("year>=1990", Compare(ItemAttribute("year"), ">=", Value(1990.0))),
        ("1990 < year", Compare(Value(1990.0), "<", ItemAttribute("year"))),
        ("a == -1.5e3", Compare(ItemAttribute("a"), "==", Value(-1500.0))),
        ("a != .5", Compare(ItemAttribute("a"), "!=", Value(0.5))),
        ('a == "x"', Compare(ItemAttribute("a"), "==", Value("x"))),
        ("a == 'x\"y'", Compare(ItemAttribute("a"), "==", Value('x"y'))),
        (r'a == "x\"y\\"', Compare(ItemAttribute("a"), "==", Value('x"y\\'))),
        ("a == true", Compare(ItemAttribute("a"), "==", Value(True))),
        ("`release date` < 5", Compare(ItemAttribute("release date"), "<", Value(5.0))),
        ("`user` < 5", Compare(ItemAttribute("user"), "<", Value(5.0))),
        ("année < 5", Compare(ItemAttribute("année"), "<", Value(5.0))),
        ("user.age < 5", Compare(UserAttribute("age"), "<", Value(5.0))),
        ("user.`home town` == a", Compare(UserAttribute("home town"), "==", ItemAttribute("a"))),
        ("a in [1, 2]", Among(ItemAttribute("a"), Values((Value(1.0), Value(2.0))), False)),
        ("a not in []", Among(ItemAttribute("a"), Values(()), True)),
        ("'x' in a", Among(Value("x"), ItemAttribute("a"), False)),
        ("a is missing", Presence(ItemAttribute("a"), known=False)),
        ("user.a is known", Presence(UserAttribute("a"), known=True)),
        ("known is missing", Presence(ItemAttribute("known"), known=False)),
    ],
)
def test_it_reads_what_stands_there(text: str, tree: object) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a and b or c", AnyOf((All((A, B)), C))),
        ("a or b and c", AnyOf((A, All((B, C))))),
        ("(a or b) and c", All((AnyOf((A, B)), C))),
        ("not a and b", All((Not(A), B))),
        ("not (a and b)", Not(All((A, B)))),
        ("not not a", Not(Not(A))),
        ("a and b and c", All((A, B, C))),
        ("a and (b and c)", All((A, All((B, C))))),
        ("not 'x' in a", Not(Among(Value("x"), ItemAttribute("a"), False))),
    ],
)
def test_not_binds_before_and_and_before_or(text: str, tree: object) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "position", "reason"),
    [
        ("", 0, "ends too early"),
        ("   ", 3, "ends too early"),
        ("year >", 6, "ends too early"),
        ("year 1990", 5, "should end here"),
        ("(a or b", 7, "parenthesis of position 0 is open"),
        ("a)", 1, "should end here"),
        ("1 < a < 3", 6, "not chained"),
        ("a = 3", 2, "Write == to compare"),
        ("a => 3", 2, "Write >="),
        ("a & b", 2, "Write and"),
        ("a AND b", 2, "small letters"),
        ("a adn b", 2, "Did you mean and?"),
        ("!a", 0, "Write not"),
        ("a == 'x", 5, "no closing quote"),
        ("`a", 0, "no closing backtick"),
        ("a == 1990s", 5, "not a number"),
        ("a == 1.2.3", 5, "not a number"),
        ("a == 1e999", 5, "too large"),
        ("a + 1 > 2", 2, "no arithmetic"),
        ("true", 4, "by itself is no condition"),
        ("a is not missing", 5, "missing or known"),
        ("a not b", 6, "followed by in"),
        ("a in [1 2]", 8, "separated by commas"),
        ("a in [b]", 6, "In a list stand"),
        ("a in [1", 7, "ends too early"),
        ("user == 'x'", 5, "user.id"),
        ("user.5", 4, "a dot and an attribute"),
        ("user. == 1", 6, "name of an attribute"),
        ("a == and", 5, "value or the name of an attribute is missing"),
    ],
)
def test_what_it_cannot_read_is_refused_at_its_place(text: str, position: int, reason: str) -> None:
    error = refused(text)

    assert error.position == position
    assert reason in error.reason
    assert error.text == text


def test_an_error_shows_the_place() -> None:
    error = refused("year == 1990s and new")

    assert str(error).splitlines()[1:] == ["  year == 1990s and new", "          ^"]


def test_an_error_in_a_long_filter_shows_what_is_around_it() -> None:
    error = refused("a and " * 100 + "b & c" + " and a" * 100)

    _, line, caret = str(error).splitlines()
    assert line[caret.index("^")] == "&"
    assert line.startswith("  ...")
    assert line.endswith("...")
    assert len(line) < 100


def test_an_error_shows_a_filter_of_several_lines_in_one() -> None:
    error = refused("year\n>= 1990\nand &")

    assert str(error).splitlines()[1:] == ["  year >= 1990 and &", "                   ^"]


def test_it_is_at_most_so_long() -> None:
    parse("a".ljust(LONGEST))

    assert refused("a".ljust(LONGEST + 1)).position == LONGEST


@pytest.mark.parametrize("opening", ["(", "not "])
def test_it_is_at_most_so_deep(opening: str) -> None:
    close = ")" * DEEPEST if opening == "(" else ""
    parse(opening * DEEPEST + "a" + close)

    error = refused(opening * (DEEPEST + 1) + "a")

    assert error.position == len(opening) * (DEEPEST + 1)
    assert "levels deep" in error.reason


@pytest.mark.parametrize("text", ["(" * LONGEST, "not " * 500, "(not " * 400])
def test_a_hostile_filter_does_not_reach_the_end_of_the_stack(text: str) -> None:
    assert "levels deep" in refused(text).reason


def test_a_long_chain_is_not_deep() -> None:
    tree = parse("a and " * 333 + "a")

    assert isinstance(tree, All)
    assert len(tree.parts) == 334
