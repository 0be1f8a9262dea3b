import numpy as np
import pytest

from shortlist.datasets.vocabulary import Vocabulary

FILMS = Vocabulary(["alien", "amelie", "42"])


def test_ids_and_indices_are_two_ways_to_say_the_same() -> None:
    assert [FILMS[FILMS.index_of(each)] for each in FILMS] == ["alien", "amelie", "42"]
    assert len(FILMS) == 3


def test_what_is_unknown_has_no_index() -> None:
    assert FILMS.index_of("paddington") == -1
    assert "paddington" not in FILMS


def test_many_are_found_at_once() -> None:
    found = FILMS.indices_of(["42", "paddington", "alien", "42"])

    assert found.tolist() == [2, -1, 0, 2]
    assert FILMS.indices_of([]).tolist() == []


def test_many_positions_have_their_ids_at_once() -> None:
    assert FILMS.at(np.array([1, 0, 1])) == [FILMS[1], FILMS[0], FILMS[1]]
    assert FILMS.at(np.zeros(0, np.int32)) == []


def test_an_id_stands_once() -> None:
    with pytest.raises(ValueError, match="once"):
        Vocabulary(["alien", "alien"])
