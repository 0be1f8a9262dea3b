import json
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shortlist.datasets.columns import FlagColumn, ListColumn, NumberColumn, TextColumn
from shortlist.datasets.item_columns import ItemColumns
from shortlist.datasets.vocabulary import Vocabulary
from shortlist.storage.facts.frames import ITEMS


def columns_of(*attributes: object, ids: list[str] | None = None) -> ItemColumns:
    """The columns of items i0, i1, ... with these attributes; a string is taken as it is."""
    names = [f"i{place}" for place in range(len(attributes))]
    written = [each if isinstance(each, str | None) else json.dumps(each) for each in attributes]
    frame = pl.DataFrame({"id": names, "attributes": written}, schema_overrides=ITEMS)
    for name in ("title", "categories", "text"):
        frame = frame.with_columns(pl.lit(None, ITEMS[name]).alias(name))
    return ItemColumns.of(frame.select(ITEMS.names()), Vocabulary(ids or names))


def values(columns: ItemColumns, name: str) -> list[Any]:
    """A column as a value an item; None is missing."""
    column = columns.columns[name]
    match column:
        case NumberColumn():
            found: list[Any] = column.values.tolist()
        case TextColumn():
            found = [column.names[code] if code >= 0 else None for code in column.codes]
        case FlagColumn():
            found = column.values.tolist()
        case ListColumn():
            found = [
                [column.names[code] for code in column.table[[row]].indices]
                for row in range(len(columns))
            ]
    return [each if known else None for each, known in zip(found, column.known, strict=True)]


FILMS = pl.DataFrame(
    {
        "id": ["alien", "amelie", "paddington"],
        "title": ["Alien", "Amelie", None],
        "categories": [["Horror", "Space"], [], None],
        "text": [None, None, None],
        "attributes": ['{"year": 1979, "new": false, "cast": ["Weaver", "Hurt"]}', "{}", None],
    },
    schema=ITEMS,
)


def test_every_attribute_is_a_column_in_the_order_of_the_vocabulary() -> None:
    columns = ItemColumns.of(FILMS, Vocabulary(["amelie", "unknown", "alien"]))

    assert len(columns) == 3
    assert values(columns, "id") == ["amelie", "unknown", "alien"]
    assert values(columns, "title") == ["Amelie", None, "Alien"]
    assert values(columns, "categories") == [[], None, ["Horror", "Space"]]
    assert values(columns, "year") == [None, None, 1979.0]
    assert values(columns, "new") == [None, None, False]
    assert values(columns, "cast") == [None, None, ["Hurt", "Weaver"]]


def test_the_schema_says_the_kind_of_each_column() -> None:
    columns = ItemColumns.of(FILMS, Vocabulary(FILMS["id"].to_list()))

    assert columns.schema == {
        "id": "text",
        "title": "text",
        "categories": "list",
        "genres": "list",
        "year": "number",
        "new": "flag",
        "cast": "list",
    }


def test_genres_are_the_categories_unless_an_attribute_is_called_so() -> None:
    usual = ItemColumns.of(FILMS, Vocabulary(["alien"]))
    own = columns_of({"genres": "loud"})

    assert values(usual, "genres") == values(usual, "categories") == [["Horror", "Space"]]
    assert values(own, "genres") == ["loud"]


def test_an_attribute_does_not_take_the_place_of_the_items_own_columns() -> None:
    columns = columns_of({"id": "other", "title": 5, "categories": True})

    assert values(columns, "id") == ["i0"]
    assert values(columns, "title") == [None]
    assert values(columns, "categories") == [None]


@pytest.mark.parametrize(
    ("given", "kind", "read"),
    [
        ([1, 2.5], "number", [1.0, 2.5]),
        (["a", "b"], "text", ["a", "b"]),
        ([True, False], "flag", [True, False]),
        ([["b", "a", "a"], []], "list", [["a", "b"], []]),
        ([1, "a"], "text", ["1", "a"]),
        ([1, True], "text", ["1", "true"]),
        ([2.0, 0.5, "a"], "text", ["2", "0.5", "a"]),
        (["a", ["b", 1, None, {}]], "list", [["a"], ["1", "b"]]),
        ([None, 1], "number", [None, 1.0]),
        ([None, None], "text", [None, None]),
        ([{"a": 1}, "b"], "text", [None, "b"]),
        ([10**400, -(10**400)], "number", [np.inf, -np.inf]),
    ],
)
def test_a_column_is_of_the_kind_of_its_values(
    given: list[object], kind: str, read: list[object]
) -> None:
    columns = columns_of(*({"it": each} for each in given))

    assert columns.schema["it"] == kind
    assert values(columns, "it") == read


def test_one_bad_item_does_not_turn_a_column_of_numbers_into_text() -> None:
    columns = columns_of(*[{"year": 1990}] * 9, {"year": "unknown"})

    assert columns.schema["year"] == "number"
    assert values(columns, "year") == [1990.0] * 9 + [None]
    assert columns.misfits == {"year": 1}


def test_where_more_than_a_tenth_differ_all_are_text() -> None:
    columns = columns_of(*[{"new": True}] * 8, {"new": "yes"})

    assert values(columns, "new") == ["true"] * 8 + ["yes"]
    assert columns.misfits == {}


@pytest.mark.parametrize("bad", ["[1]", "5", '"x"', "{", "", "[" * 100_000, '{"a": ' + "9" * 5000])
def test_attributes_that_are_no_object_are_none(bad: str) -> None:
    columns = columns_of(bad, {"year": 1990})

    assert values(columns, "year") == [None, 1990.0]


def test_what_strict_json_does_not_know_is_read_all_the_same() -> None:
    columns = columns_of('{"price": NaN, "year": 1990}', '{"price": 1, "year": 1e999}')

    assert values(columns, "price") == [None, 1.0]
    assert values(columns, "year") == [1990.0, np.inf]


def test_texts_are_coded_in_alphabetical_order() -> None:
    columns = columns_of({"who": "b"}, {"who": "a"}, {}, {"who": "c"})

    column = columns.columns["who"]

    assert isinstance(column, TextColumn)
    assert column.codes.tolist() == [1, 0, -1, 2]
    assert [column.code_of(text) for text in ("a", "b", "c", "d", "")] == [0, 1, 2, -2, -2]


def test_a_list_knows_who_has_a_name() -> None:
    columns = columns_of({"cast": ["a", "b"]}, {}, {"cast": ["b"]})

    column = columns.columns["cast"]

    assert isinstance(column, ListColumn)
    assert column.having("b").tolist() == [0, 2]
    assert column.having("nobody").tolist() == []


def test_nothing_of_it_can_be_written_to() -> None:
    columns = columns_of({"a": 1, "b": "x", "c": True, "d": ["x"]})

    for name, part in (("a", "values"), ("b", "codes"), ("c", "values"), ("d", "known")):
        assert not getattr(columns.columns[name], part).flags.writeable


def test_no_items_have_no_columns_of_their_own() -> None:
    columns = ItemColumns.of(FILMS.clear(), Vocabulary([]))

    assert len(columns) == 0
    assert sorted(columns.schema) == ["categories", "genres", "id", "title"]


TEXT = st.text('ab"\\\0\ud800', max_size=3)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)


@given(st.lists(st.dictionaries(st.sampled_from("abc"), JSON), min_size=1, max_size=12))
def test_any_attributes_make_columns(attributes: list[dict[str, object]]) -> None:
    columns = columns_of(*attributes)

    for name, column in columns.columns.items():
        assert len(column.known) == len(attributes)
        assert len(values(columns, name)) == len(attributes)
