"""Items and users by id, by their words and by age, on every back end."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.storage.databases import PLACES

from shortlist.core.errors import Invalid
from shortlist.storage.facts import Facts, ItemRow, UserRow, open_facts
from shortlist.storage.facts.frames import ITEMS, USERS, of_schema

ALIEN: dict[str, Any] = {
    "id": "alien",
    "title": "Alien",
    "categories": ["Horror", "Sci-Fi"],
    "text": "In space no one can hear you scream.",
    "attributes": {"year": 1979, "cast": ["Sigourney Weaver"]},
}


@pytest.fixture(params=list(PLACES))
def facts(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Facts]:
    with PLACES[request.param](tmp_path) as url, open_facts(url) as facts:
        yield facts


def found(facts: Facts, search: str) -> list[str]:
    return [each.id for each in facts.list_items(None, 99, search)]


def put(facts: Facts, *ids: str, **columns: list[object]) -> int:
    return facts.put_items(of_schema({"id": list(ids), **columns}, ITEMS))


def test_an_item_is_read_as_it_was_written(facts: Facts) -> None:
    new = facts.write_items([ALIEN, {"id": "amélie"}], at=7)

    assert new == 2
    assert facts.get_item("alien") == ItemRow(**ALIEN, added=7)
    assert facts.get_item("amélie") == ItemRow("amélie", None, [], None, {}, 7)
    assert facts.get_item("heat") is None


def test_several_items_are_read_at_once(facts: Facts) -> None:
    facts.write_items([ALIEN, {"id": "amélie"}, {"id": "heat"}])

    rows = facts.get_items(["heat", "alien", "unknown"])

    assert set(rows) == {"heat", "alien"}
    assert rows["alien"].title == "Alien"
    assert facts.get_items([]) == {}


def test_writing_an_item_whole_forgets_what_is_not_said(facts: Facts) -> None:
    facts.write_items([ALIEN], at=7)

    new = facts.write_items([{"id": "alien", "title": "ALIEN"}], at=8)

    assert new == 0
    assert facts.get_item("alien") == ItemRow("alien", "ALIEN", [], None, {}, 7)


def test_putting_an_item_keeps_what_is_not_said(facts: Facts) -> None:
    facts.write_items([ALIEN], at=7)

    put(facts, "alien", title=["ALIEN"])

    assert facts.get_item("alien") == ItemRow(**{**ALIEN, "title": "ALIEN"}, added=7)


def test_of_two_documents_with_one_id_the_later_is_kept(facts: Facts) -> None:
    new = facts.write_items([{"id": "alien", "title": "A"}, {"id": "alien", "text": "B"}])

    assert new == 1
    assert facts.items().select("title", "text").rows() == [(None, "B")]


def test_the_newest_come_first(facts: Facts) -> None:
    facts.write_items([{"id": "heat"}], at=1)
    facts.write_items([{"id": "amelie"}, {"id": "alien"}], at=2)
    facts.write_items([{"id": "heat", "title": "Heat"}], at=3)

    assert [each.id for each in facts.newest_items(9)] == ["amelie", "alien", "heat"]
    assert [each.id for each in facts.newest_items(1)] == ["amelie"]


def test_an_imported_item_is_new_when_it_is_imported(facts: Facts) -> None:
    put(facts, "alien")

    (row,) = facts.newest_items(9)

    assert row.added is not None
    assert row.added > 1_600_000_000_000_000


def test_items_are_listed_in_the_order_of_their_bytes(facts: Facts) -> None:
    ids = ["A", "B", "a-1", "a1", "b", "é", "日"]
    facts.write_items([{"id": each} for each in reversed(ids)])

    assert [each.id for each in facts.list_items(None, 99)] == ids
    assert facts.items()["id"].to_list() == ids


def test_pages_follow_each_other_while_items_come_and_go(facts: Facts) -> None:
    facts.write_items([{"id": each} for each in "abcd"])

    first = facts.list_items(None, 2)
    facts.write_items([{"id": "aa"}])
    facts.delete_items(["b"])
    second = facts.list_items(first[-1].id, 2)

    assert [each.id for each in (*first, *second)] == ["a", "b", "c", "d"]
    assert facts.list_items("d", 2) == []


@pytest.mark.parametrize(
    ("search", "ids"),
    [
        ("alien", ["alien", "amélie"]),
        ("ALIEN", ["alien", "amélie"]),
        ("amelie", ["amélie"]),
        ("AMÉLIE", ["amélie"]),
        ("scream space", ["alien"]),
        ("scream paris", []),
        ("straße", ["street"]),
        ("STRASSE", ["street"]),
        ("100%", ["street"]),
        ("%", ["street"]),
        ("_", ["under_score"]),
        ("\\", ["under_score"]),
        ("", ["alien", "amélie", "street", "under_score"]),
        ("  ", ["alien", "amélie", "street", "under_score"]),
    ],
)
def test_a_search_finds_parts_of_words_whatever_the_case(
    facts: Facts, search: str, ids: list[str]
) -> None:
    facts.write_items(
        [
            ALIEN,
            {"id": "amélie", "title": "Le Fabuleux Destin", "text": "In Paris, an ALIENated girl"},
            {"id": "street", "title": "Die Straße", "text": "100% true"},
            {"id": "under_score", "title": "back\\slash"},
        ]
    )

    assert found(facts, search) == ids


def test_a_search_finds_what_is_written_and_not_what_was(facts: Facts) -> None:
    facts.write_items([ALIEN])
    put(facts, "alien", title=["Ripley"])

    assert found(facts, "ripley scream") == ["alien"]

    facts.write_items([{"id": "alien", "title": "Nostromo"}])

    assert found(facts, "scream") == found(facts, "ripley") == []


def test_a_deleted_item_is_gone_but_for_a_mark(facts: Facts) -> None:
    facts.write_items([ALIEN, {"id": "heat"}])

    gone = facts.delete_items(["alien", "alien"])

    assert gone == 1
    assert facts.get_item("alien") is None
    assert facts.get_items(["alien"]) == {}
    assert facts.items()["id"].to_list() == ["heat"]
    assert facts.count_items() == 1
    assert [each.id for each in facts.newest_items(9)] == ["heat"]
    assert found(facts, "scream") == []
    assert facts.deleted_items() == ["alien"]
    (mark,) = facts.list_items(None, 9, deleted=True)
    assert mark._replace(added=None) == ItemRow("alien", None, [], None, {}, None)


def test_deleting_again_deletes_nothing(facts: Facts) -> None:
    facts.write_items([ALIEN])
    facts.delete_items(["alien"])

    assert facts.delete_items(["alien"]) == 0
    assert facts.delete_items([]) == 0


def test_an_item_that_nobody_described_can_be_deleted(facts: Facts) -> None:
    assert facts.delete_items(["only in the log"]) == 0
    assert facts.deleted_items() == ["only in the log"]


@pytest.mark.parametrize("whole", [True, False])
def test_a_deleted_item_that_is_written_is_there_as_new(facts: Facts, whole: bool) -> None:
    facts.write_items([ALIEN], at=1)
    facts.delete_items(["alien"])

    if whole:
        new = facts.write_items([{"id": "alien", "title": "Alien"}])
    else:
        new = put(facts, "alien", title=["Alien"])

    row = facts.get_item("alien")
    assert new == 1
    assert row is not None
    assert (row.title, row.text) == ("Alien", None)
    assert row.added != 1
    assert facts.deleted_items() == []


def test_every_change_of_the_catalogue_is_counted(facts: Facts) -> None:
    facts.write_items([ALIEN])
    facts.delete_items(["alien"])
    put(facts, "heat")

    assert facts.revisions() == {"items": 3}


def test_a_user_is_described_whole_or_in_part(facts: Facts) -> None:
    new = facts.write_user("ann", {"age": 30, "country": "FI"})
    again = facts.write_user("ann", {"age": 31})
    facts.put_users(of_schema({"id": ["ann", "bob"], "attributes": [None, '{"age": 4}']}, USERS))

    assert (new, again) == (True, False)
    assert facts.get_user("ann") == UserRow("ann", {"age": 31})
    assert facts.get_user("bob") == UserRow("bob", {"age": 4})
    assert facts.get_user("cat") is None
    assert facts.revisions() == {"users": 3}


def test_users_are_listed_and_found(facts: Facts) -> None:
    facts.write_user("ann", {"name": "Ann Müller", "age": 30})
    facts.write_user("bob", {"name": "Bob"})

    assert [each.id for each in facts.list_users(None, 9)] == ["ann", "bob"]
    assert [each.id for each in facts.list_users("ann", 9)] == ["bob"]
    assert [each.id for each in facts.list_users(None, 9, "muller")] == ["ann"]
    assert facts.list_users(None, 9, "30") == []


def test_a_description_that_json_can_say_survives(facts: Facts) -> None:
    attributes = {"nested": {"a": [1, None, "é"]}, "big": 2**53 + 1, "small": 0.1 + 0.2}

    facts.write_items([{"id": "alien", "attributes": attributes}])

    row = facts.get_item("alien")
    assert row is not None
    assert row.attributes == attributes
    assert json.loads(facts.items()["attributes"][0]) == attributes


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb"])
def test_half_a_character_is_the_callers_mistake(facts: Facts, text: str) -> None:
    with pytest.raises(Invalid):
        facts.write_items([{"id": "alien", "title": text}])
    with pytest.raises(Invalid):
        facts.get_item(text)


def test_a_number_no_database_holds_is_the_callers_mistake(facts: Facts) -> None:
    with pytest.raises(Invalid):
        facts.tail_of("ann", 2**70)
