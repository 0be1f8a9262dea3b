import numpy as np
import pytest
from tests.datasets.by_hand import ALIEN, AMELIE, FILMS, PADDINGTON

from shortlist.datasets.catalogue import Catalogue
from shortlist.datasets.vocabulary import Vocabulary


def test_the_category_table_has_a_one_for_every_category_of_an_item() -> None:
    names = ("Action", "Comedy", "Horror", "Romance", "Space")

    assert FILMS.category_names == names
    assert FILMS.category_matrix.toarray().tolist() == [
        [0, 0, 1, 0, 1],
        [1, 0, 0, 0, 1],
        [0, 1, 0, 1, 0],
        [0, 1, 0, 0, 0],
    ]


def test_a_category_said_twice_counts_once() -> None:
    catalogue = Catalogue.of(Vocabulary(["alien"]), categories=[("Space", "Space")])

    assert catalogue.category_matrix.toarray().tolist() == [[1]]


def test_what_is_not_given_is_unknown() -> None:
    catalogue = Catalogue.of(Vocabulary(["alien", "aliens"]))

    assert catalogue.category_names == ()
    assert catalogue.category_matrix.shape == (2, 1)
    assert np.isnan(catalogue.years).all()
    assert catalogue.words.names == ()
    assert catalogue.words.table.nnz == 0
    assert catalogue.mark_terms.names == ()


def test_an_item_without_a_title_goes_by_its_id() -> None:
    catalogue = Catalogue.of(Vocabulary(["alien", "aliens"]), titles=["Alien", ""])

    assert [catalogue.title_of(item) for item in range(2)] == ["Alien", "aliens"]


def test_words_are_counted_in_title_and_text_in_lower_case() -> None:
    catalogue = Catalogue.of(
        Vocabulary(["alien"]), titles=["Alien 3"], texts=["The ALIEN, a queen's."]
    )

    assert catalogue.words.names == ("alien", "queen", "the")
    assert catalogue.words.table.toarray().tolist() == [[2, 1, 1]]


def test_marks_and_the_decade_are_terms_of_their_own() -> None:
    catalogue = Catalogue.of(
        Vocabulary(["alien", "amelie"]),
        years=np.array([1979, np.nan], np.float32),
        marks=[("cast=Sigourney Weaver",), ("cast=Audrey Tautou", "cast=Audrey Tautou")],
    )

    assert catalogue.mark_terms.names == (
        "cast=Audrey Tautou",
        "cast=Sigourney Weaver",
        "decade=1970",
    )
    assert catalogue.mark_terms.table.toarray().tolist() == [[0, 1, 1], [1, 0, 0]]


def test_some_of_the_items_keep_what_is_known_of_them() -> None:
    some = FILMS.take(np.array([PADDINGTON, ALIEN], np.int32))

    assert list(some.ids) == ["paddington", "alien"]
    assert some.titles == ["Paddington", "Alien"]
    assert some.categories == [FILMS.categories[PADDINGTON], FILMS.categories[ALIEN]]
    assert some.texts == ["a hungry bear", "a hungry creature"]
    assert some.years.tolist() == [2014, 1979]
    assert "Romance" not in some.category_names
    assert "Romance" in FILMS.take(np.array([AMELIE], np.int32)).category_names


def renewed(*ids: str, **columns: list[tuple[str, ...]] | list[str]) -> Catalogue:
    items = Catalogue.of(Vocabulary(list(ids)), **columns)  # type: ignore[arg-type]
    return FILMS.renewed(items)


def test_items_it_does_not_know_join_at_its_end() -> None:
    found = renewed("psycho", "vertigo", titles=["Psycho", "Vertigo"])

    assert list(found.ids) == [*FILMS.ids, "psycho", "vertigo"]
    assert found.titles[4:] == ["Psycho", "Vertigo"]
    assert found.titles[:4] == FILMS.titles
    assert len(found.years) == len(found.texts) == len(found.marks) == 6


def test_a_document_that_changed_takes_the_place_of_the_one_before() -> None:
    found = renewed("psycho", "alien", titles=["Psycho", "Alien (1979)"])

    assert found.titles[ALIEN] == "Alien (1979)"
    assert found.titles[4] == "Psycho"
    assert FILMS.titles[ALIEN] == "Alien"


@pytest.mark.parametrize(
    ("ids", "categories"),
    [
        (["psycho"], [("Horror",)]),
        (["psycho", "up"], [("Space", "Horror", "Horror"), ()]),
        (["psycho"], [("Horror", "Crime")]),
        (["psycho", "alien"], [("Horror",), ("Space",)]),
        (["alien"], [("Horror", "Space")]),
    ],
)
def test_the_category_table_is_that_of_all_items(
    ids: list[str], categories: list[tuple[str, ...]]
) -> None:
    found = renewed(*ids, categories=categories)

    anew = Catalogue.of(found.ids, categories=found.categories)
    assert found.category_names == anew.category_names
    assert found.category_matrix.toarray().tolist() == anew.category_matrix.toarray().tolist()
