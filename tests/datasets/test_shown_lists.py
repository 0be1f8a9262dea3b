"""A choice made from a list is asked about at the instant the list was asked for."""

from tests.datasets.by_hand import ALIEN, ALIENS, AMELIE, PADDINGTON, Line, log_of

from shortlist.core.times import HOUR, SECOND
from shortlist.datasets.shown_lists import asked_at, shown_lists
from shortlist.datasets.snapshot import Dataset
from shortlist.datasets.splits import successive

ANN, BOB = 0, 1
MORNING, NOON = 100 * HOUR, 105 * HOUR
BLINK = SECOND // 10


def shown(user: int, *items: int, at: int) -> list[Line]:
    """Impressions of one list, a tenth of a second apart."""
    return [Line(user, item, at + n * BLINK, "impression") for n, item in enumerate(items)]


def instants(data: Dataset) -> dict[tuple[str, int, int], int]:
    """By kind, user and item the instant of the question the last such event answers."""
    events = data.events
    columns = zip(events.kind, events.user, events.item, asked_at(data), strict=True)
    return {(data.kinds[k], int(u), int(i)): int(asked) for k, u, i, asked in columns}


def test_impressions_of_a_user_less_than_a_second_apart_are_one_list() -> None:
    data = log_of(
        *shown(ANN, ALIEN, ALIENS, at=MORNING),
        *shown(BOB, ALIEN, AMELIE, at=MORNING),
        *shown(ANN, AMELIE, at=MORNING + SECOND + BLINK),
    )

    lists = shown_lists(data)

    assert data.events.user[lists.impressions].tolist() == [ANN, ANN, ANN, BOB, BOB]
    assert lists.list_of.tolist() == [0, 0, 1, 2, 2]
    assert lists.begins.tolist() == [MORNING, MORNING + SECOND + BLINK, MORNING]


def test_a_list_has_each_item_once_in_the_order_in_which_it_was_shown() -> None:
    data = log_of(*shown(ANN, PADDINGTON, ALIEN, AMELIE, ALIEN, at=MORNING))

    assert shown_lists(data).of(0).tolist() == [PADDINGTON, ALIEN, AMELIE]


def test_a_click_is_asked_about_when_its_list_was_asked_for() -> None:
    click = Line(ANN, PADDINGTON, MORNING + 20 * SECOND)

    data = log_of(*shown(ANN, ALIEN, ALIENS, PADDINGTON, at=MORNING), click)

    assert instants(data)["click", ANN, PADDINGTON] == MORNING


def test_of_two_lists_with_the_item_the_later_one_counts() -> None:
    data = log_of(
        *shown(ANN, ALIEN, at=MORNING),
        *shown(ANN, ALIENS, ALIEN, at=MORNING + 60 * SECOND),
        Line(ANN, ALIEN, MORNING + 61 * SECOND),
    )

    assert instants(data)["click", ANN, ALIEN] == MORNING + 60 * SECOND


def test_a_list_that_is_shown_after_the_click_has_no_part_in_it() -> None:
    data = log_of(Line(ANN, ALIEN, MORNING), *shown(ANN, ALIEN, at=MORNING + SECOND))

    assert instants(data)["click", ANN, ALIEN] == MORNING


def test_what_nobody_showed_is_asked_about_when_it_happened() -> None:
    data = log_of(
        *shown(ANN, ALIEN, at=MORNING),
        *shown(BOB, AMELIE, at=MORNING),
        Line(ANN, AMELIE, MORNING + 20 * SECOND),
    )

    assert instants(data)["click", ANN, AMELIE] == MORNING + 20 * SECOND


def test_a_list_of_hours_ago_is_forgotten() -> None:
    data = log_of(*shown(ANN, ALIEN, at=MORNING), Line(ANN, ALIEN, NOON))

    assert instants(data)["click", ANN, ALIEN] == NOON


def test_a_log_that_does_not_say_what_was_shown_is_asked_at_its_events() -> None:
    data = log_of(Line(ANN, ALIEN, MORNING), Line(ANN, ALIENS, NOON))

    assert asked_at(data).tolist() == [MORNING, NOON]


def test_the_question_does_not_know_the_list_its_answer_was_chosen_from() -> None:
    data = log_of(
        Line(ANN, ALIEN, MORNING),
        *shown(ANN, AMELIE, at=MORNING + HOUR),
        *shown(ANN, ALIENS, PADDINGTON, at=NOON),
        Line(ANN, PADDINGTON, NOON + 20 * SECOND),
    )

    (asked,) = successive(data, NOON, NOON + HOUR).questions

    assert asked.items.tolist() == [PADDINGTON]
    assert asked.query.time == NOON
    assert asked.query.history.tolist() == [ALIEN]
    assert asked.query.shown.tolist() == [AMELIE]


def test_two_choices_from_one_list_do_not_know_of_each_other() -> None:
    data = log_of(
        *shown(ANN, ALIENS, PADDINGTON, at=NOON),
        Line(ANN, PADDINGTON, NOON + 20 * SECOND),
        Line(ANN, ALIENS, NOON + 40 * SECOND),
    )

    first, second = successive(data, NOON, NOON + HOUR).questions

    assert (first.query.time, second.query.time) == (NOON, NOON)
    assert len(second.query.history) == 0


def test_a_list_asked_for_before_the_window_is_no_question_of_it() -> None:
    """What is fitted before the window has seen its impressions."""
    data = log_of(
        *shown(ANN, ALIENS, PADDINGTON, at=NOON),
        Line(ANN, PADDINGTON, NOON + 20 * SECOND),
        Line(ANN, ALIENS, NOON + 3 * HOUR),
    )

    fold = successive(data, NOON + 10 * SECOND, NOON + 4 * HOUR)

    assert [each.items.tolist() for each in fold.questions] == [[ALIENS]]
