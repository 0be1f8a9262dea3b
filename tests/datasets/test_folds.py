from dataclasses import replace

import numpy as np
import pytest
from tests.datasets.by_hand import ALIEN, ALIENS, AMELIE, PADDINGTON, Line, log_of

from shortlist.core.candidates import Query
from shortlist.datasets.folds import Question, question

NOTHING_KNOWN = Query()


def answered(*lines: Line, query: Query = NOTHING_KNOWN) -> Question | None:
    """The question whose answer is all of a log."""
    log = log_of(*lines)
    return question(query, log, np.arange(len(lines)))


def test_the_answer_is_what_was_chosen() -> None:
    found = answered(Line(0, PADDINGTON, 1), Line(0, ALIEN, 2, "purchase"))

    assert found is not None
    assert found.items.tolist() == [ALIEN, PADDINGTON]
    assert found.gains.tolist() == [3, 1]
    assert found.liked.tolist() == [True, True]


def test_events_of_one_item_add_up() -> None:
    found = answered(Line(0, ALIEN, 1, "purchase"), Line(0, ALIEN, 2), Line(0, ALIEN, 3, "view"))

    assert found is not None
    assert found.items.tolist() == [ALIEN]
    assert found.gains.tolist() == [4.5]


def test_an_item_is_liked_when_one_of_its_events_says_so() -> None:
    found = answered(
        Line(0, ALIEN, 1, "rating", 2),
        Line(0, ALIEN, 2, "like"),
        Line(0, ALIENS, 3, "rating", 3),
    )

    assert found is not None
    assert found.liked.tolist() == [True, False]
    assert found.gains == pytest.approx([2.4, 0.6])


def test_what_was_disliked_at_least_as_much_as_liked_is_no_answer() -> None:
    found = answered(
        Line(0, ALIEN, 1),
        Line(0, ALIEN, 2, "dislike"),
        Line(0, AMELIE, 3, "like"),
        Line(0, AMELIE, 4, "dislike"),
    )

    assert found is not None
    assert found.items.tolist() == [AMELIE]
    assert found.gains.tolist() == [1]


def test_what_the_query_excludes_is_no_answer() -> None:
    had = replace(NOTHING_KNOWN, excluded=np.array([ALIEN], np.int32))

    found = answered(Line(0, ALIEN, 1), Line(0, ALIENS, 2), query=had)

    assert found is not None
    assert found.items.tolist() == [ALIENS]


@pytest.mark.parametrize("kind", ["impression", "dislike", "tag"])
def test_where_nothing_was_chosen_there_is_no_question(kind: str) -> None:
    assert answered(Line(0, ALIEN, 1, kind)) is None
