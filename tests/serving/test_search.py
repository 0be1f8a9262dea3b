"""What is looked for is found, in an order that can be foreseen."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.serving.shop import shop_on

from shortlist.serving.search import Search, Wanted
from shortlist.serving.service import Service


@pytest.fixture(scope="module")
def service(tastes_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with shop_on("sqlite", tastes_once, tmp_path_factory.mktemp("search")) as found:
        found.facts.write_items(
            [
                {"id": "sw", "title": "Star Wars (1977)", "categories": ["Sci-Fi"]},
                {"id": "ls", "title": "Lone Star, The (1996)", "categories": ["Western"]},
                {"id": "mu", "title": "Mustard (2001)", "categories": ["Comedy"]},
            ]
        )
        found.look()
        yield found


@pytest.fixture
def search(service: Service) -> Search:
    return service.shop.search


def test_titles_that_begin_with_the_words_come_first(search: Search) -> None:
    assert search.find(Wanted(words="StAr"), limit=9).items == ["sw", "ls", "mu"]


def test_every_word_must_be_there(search: Search) -> None:
    assert search.find(Wanted(words="star west"), limit=9).items == ["ls"]


def test_a_page_is_a_part_of_all(search: Search) -> None:
    whole = search.find(Wanted(), limit=100)
    parts = [search.find(Wanted(), limit=10, offset=place) for place in (0, 10, 20)]

    assert whole.total == 27
    assert [item for each in parts for item in each.items] == list(whole.items)
    assert {each.total for each in parts} == {27}


def test_a_category_and_years_narrow_it(search: Search) -> None:
    found = search.find(Wanted(category="Even", first_year=1990, last_year=1995), limit=100)

    assert sorted(found.items) == ["0", "2", "4"]


def test_the_newest_come_first_if_asked_for(search: Search) -> None:
    assert list(search.find(Wanted(category="Even", order="newest"), limit=2).items) == ["22", "20"]


def test_titles_are_ordered_as_people_say_them(search: Search) -> None:
    found = search.find(Wanted(words="star", order="title"), limit=9)

    assert list(found.items) == ["mu", "sw", "ls"]


def test_an_item_that_was_deleted_is_not_found(tastes_once: Path, tmp_path: Path) -> None:
    with shop_on("sqlite", tastes_once, tmp_path) as service:
        service.items.delete("2")

        assert service.shop.search.find(Wanted(), limit=100).total == 23


@pytest.mark.parametrize("words", ["", "  ", "\t"])
def test_no_words_ask_for_nothing(search: Search, words: str) -> None:
    assert search.find(Wanted(words=words), limit=1).total == 27


@pytest.mark.parametrize("words", ["zzz", "';--", "<script>", "%", "\x00", "(", "x" * 200])
def test_strange_words_find_nothing_and_harm_nothing(search: Search, words: str) -> None:
    assert search.find(Wanted(words=words), limit=0).items == []


def test_categories_are_counted(search: Search) -> None:
    assert search.categories()[:2] == [("Even", 12), ("Odd", 12)]


def test_years_reach_from_the_first_to_the_last(search: Search) -> None:
    assert search.years() == (1990, 2013)
