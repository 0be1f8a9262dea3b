from typing import Any

from tests.datasets.by_hand import FILMS

from shortlist.core.times import HOUR, MINUTE, SECOND
from shortlist.datasets.catalogue import Catalogue
from shortlist.datasets.folds import Question
from shortlist.datasets.kinds import DEFAULT_KINDS
from shortlist.datasets.vocabulary import Vocabulary
from shortlist.online.choices import asked_at, question_of, questions_between, shown_with
from shortlist.storage.facts import EventRow

ALIEN, ALIENS, AMELIE, PADDINGTON = range(4)
NOON = 12 * HOUR


def row(sequence: int, item: str, time: int | None, kind: str = "click", **more: Any) -> EventRow:
    value, decision = more.get("value"), more.get("decision")
    return EventRow(sequence, str(sequence), item, kind, value, time, None, decision)


def asked(rows: list[EventRow], place: int = -1, **more: Any) -> Question | None:
    return question_of(rows, place % len(rows), FILMS, DEFAULT_KINDS, **more)


def test_a_question_knows_what_was_before_it() -> None:
    rows = [row(1, "alien", NOON), row(2, "amelie", NOON + 1), row(3, "aliens", NOON + 2)]

    found = asked(rows, 1)

    assert found is not None
    assert found.query.history.tolist() == [ALIEN]
    assert found.query.excluded.tolist() == [ALIEN]
    assert found.query.time == NOON + 1
    assert found.items.tolist() == [AMELIE]


def test_what_arrived_before_and_happened_after_is_not_known() -> None:
    rows = [row(1, "alien", NOON + 5), row(2, "aliens", NOON)]

    found = asked(rows)

    assert found is not None
    assert found.query.history.tolist() == []


def test_the_answer_may_reach_further() -> None:
    rows = [
        row(1, "alien", NOON),
        row(2, "amelie", NOON + 1, "dislike"),
        row(3, "aliens", NOON + 2),
        row(4, "paddington", NOON + 3),
    ]

    found = asked(rows, 0, horizon=3)

    assert found is not None
    assert found.items.tolist() == [ALIEN, ALIENS]


def test_what_is_no_choice_is_not_asked_about() -> None:
    before = row(1, "alien", NOON)

    assert asked([before, row(2, "aliens", NOON + 1, "impression")]) is None
    assert asked([before, row(2, "aliens", NOON + 1, "dislike")]) is None
    assert asked([before, row(2, "aliens", None)]) is None
    assert asked([before, row(2, "alien", NOON + 1)]) is None
    assert asked([before, row(2, "unheard of", NOON + 1)]) is None


def test_a_choice_from_a_list_is_asked_about_when_the_list_was() -> None:
    shown = [
        row(1, "alien", NOON, "impression"),
        row(2, "aliens", NOON + SECOND // 2, "impression"),
    ]
    chosen = row(3, "aliens", NOON + MINUTE)

    found = asked([*shown, chosen])

    assert found is not None
    assert found.query.time == NOON
    assert found.query.shown.tolist() == []


def test_a_list_of_long_ago_is_another_matter() -> None:
    shown = [row(1, "aliens", NOON, "impression")]

    assert asked_at(shown, row(2, "aliens", NOON + HOUR), lambda _: None) == NOON + HOUR


def test_the_decision_says_when_the_list_was_asked_for() -> None:
    event = row(2, "aliens", NOON + MINUTE, decision="d1")

    assert asked_at([], event, {"d1": NOON + 3}.get) == NOON + 3
    assert asked_at([], event, {"d1": NOON + HOUR}.get) == NOON + MINUTE
    assert asked_at([], event, lambda _: None) == NOON + MINUTE


def test_questions_lie_between_and_are_not_too_many() -> None:
    rows = [row(each, "alien", NOON + each) for each in range(1, 3)]
    rows += [row(each, f"item-{each}", NOON + each) for each in range(3, 40)]

    films = Catalogue.of(Vocabulary(["alien", *(f"item-{each}" for each in range(3, 40))]))

    found = list(questions_between(rows, 10, 30, films, DEFAULT_KINDS, user=4))

    assert len(found) == 8
    assert {each.query.user for each in found} == {4}
    assert found[0].query.time == NOON + 11
    assert found[-1].query.time == NOON + 30
    assert max(len(each.items) for each in found) == 20


def test_a_list_is_what_was_shown_together() -> None:
    shown = [
        row(1, "amelie", NOON, "impression"),
        row(2, "alien", NOON + MINUTE, "impression"),
        row(3, "aliens", NOON + MINUTE + 1, "impression"),
        row(4, "paddington", NOON + 2 * MINUTE, "impression"),
    ]

    assert shown_with(shown, row(5, "aliens", NOON + HOUR // 2)) == ["alien", "aliens"]
    assert shown_with(shown, row(5, "aliens", NOON + 2 * HOUR)) == []
    assert shown_with([], row(5, "aliens", NOON)) == []


def test_a_list_is_what_its_decision_showed() -> None:
    shown = [
        row(1, "amelie", NOON, "impression", decision="d1"),
        row(2, "aliens", NOON, "impression", decision="d1"),
        row(3, "aliens", NOON + MINUTE, "impression", decision="d2"),
        row(4, "alien", NOON + MINUTE, "impression", decision="d2"),
    ]

    chosen = row(5, "aliens", NOON + 2 * MINUTE, decision="d1")

    assert shown_with(shown, chosen) == ["amelie", "aliens"]
