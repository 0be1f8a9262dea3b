import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.datasets.by_hand import FILMS, Line, log_of
from tests.datasets.rows import Told, cut, rows_of

from shortlist.core.times import DAY, HOUR
from shortlist.datasets.arrivals import Arrivals
from shortlist.datasets.history import History
from shortlist.datasets.kinds import DEFAULT_KINDS
from shortlist.datasets.pasts import LogRow, Pasts

PLACES = {each: place for place, each in enumerate(FILMS.ids)}


def row(sequence: int, item: str, kind: str = "click", **rest: float | str | None) -> LogRow:
    columns = {"user": "ann", "value": None, "time": sequence * HOUR, **rest}
    return LogRow(sequence=sequence, item=item, kind=kind, **columns)  # type: ignore[arg-type]


def arrived(*rows: LogRow, known: int = 0) -> Arrivals:
    """What arrives after the first so many rows."""
    return Pasts(DEFAULT_KINDS, Told(rows)).arrivals(rows[known:], PLACES, known)


def before(arrivals: Arrivals, event: int) -> list[str]:
    return [FILMS.ids[item] for item in arrivals.before(event)]


def behind(arrivals: Arrivals, event: int) -> list[str]:
    start, end = arrivals.later_bounds[event : event + 2]
    return [FILMS.ids[item] for item in arrivals.later[start:end]]


def test_an_event_is_told_with_what_its_user_had_chosen_before() -> None:
    arrivals = arrived(
        row(1, "alien"), row(2, "aliens", "impression"), row(3, "amelie"), row(4, "alien"), known=1
    )

    assert [before(arrivals, event) for event in range(3)] == [[], ["alien"], ["alien", "amelie"]]
    assert arrivals.sign.tolist() == [1, 1, 1]
    assert arrivals.positive.tolist() == [False, True, True]


def test_what_others_chose_is_not_in_it() -> None:
    arrivals = arrived(row(1, "alien", user="bob"), row(2, "amelie"))

    assert before(arrivals, 1) == []
    assert len(set(arrivals.user.tolist())) == 2


def test_a_late_event_is_told_with_what_lies_behind_it() -> None:
    arrivals = arrived(
        row(1, "alien"), row(2, "amelie", time=9 * HOUR), row(3, "aliens", time=5 * HOUR)
    )

    assert before(arrivals, 2) == ["alien"]
    assert behind(arrivals, 2) == ["amelie"]
    assert behind(arrivals, 1) == []


def test_an_event_without_an_instant_is_before_all_others() -> None:
    arrivals = arrived(row(1, "alien"), row(2, "amelie", time=None), row(3, "aliens", time=None))

    assert before(arrivals, 2) == ["amelie"]
    assert behind(arrivals, 2) == ["alien"]


def test_what_is_taken_back_comes_once_more_before_what_takes_it_back() -> None:
    arrivals = arrived(row(1, "alien", "like"), row(2, "amelie"), row(3, "alien", "unlike"))

    assert arrivals.sign.tolist() == [1, 1, -1, 1]
    assert [arrivals.kinds[kind] for kind in arrivals.kind] == ["like", "click", "like", "unlike"]
    assert arrivals.time[2] == HOUR
    assert arrivals.told[2] == 3 * HOUR
    assert before(arrivals, 2) == []
    assert behind(arrivals, 2) == ["amelie"]
    assert len(arrivals.chosen) == 3


def test_a_rating_that_changed_counts_as_it_is_now() -> None:
    arrivals = arrived(
        row(1, "alien", "rating", value=5.0), row(2, "alien", "rating", value=1.0), known=1
    )

    assert arrivals.sign.tolist() == [-1, 1]
    assert arrivals.value.tolist() == [5, 1]
    assert before(arrivals, 1) == []


def test_a_rating_that_comes_after_the_one_that_changed_it_is_taken_back_at_once() -> None:
    arrivals = arrived(
        row(1, "alien", "rating", value=5.0, time=9 * HOUR),
        row(2, "alien", "rating", value=1.0, time=5 * HOUR),
        row(3, "amelie", time=10 * HOUR),
    )

    assert arrivals.sign.tolist() == [1, 1, -1, 1]
    assert arrivals.told[2] == 9 * HOUR
    assert before(arrivals, 3) == ["alien"]


def test_nothing_is_taken_back_twice() -> None:
    likes = [row(1, "alien", "like"), row(2, "alien", "unlike"), row(3, "alien", "unlike")]

    assert arrived(*likes).sign.tolist() == [1, -1, 1, 1]


def test_an_item_that_is_chosen_twice_is_novel_once() -> None:
    arrivals = arrived(row(1, "alien"), row(2, "alien"), row(3, "amelie"), row(4, "alien", "like"))

    assert [FILMS.ids[item] for item in arrivals.novel.item] == ["alien", "amelie"]
    assert arrivals.others.lengths.tolist() == [0, 1, 1, 2]


def test_the_nearest_choices_are_the_last_before_and_the_first_behind() -> None:
    films = ("alien", "aliens", "amelie", "paddington")
    rows = [row(place, film, time=place * HOUR) for place, film in enumerate(films, 1)]
    late = row(5, "alien", time=int(2.5 * HOUR))
    arrivals = arrived(*rows, late)

    assert (before(arrivals, 4), behind(arrivals, 4)) == (
        ["alien", "aliens"],
        ["amelie", "paddington"],
    )
    near = arrivals.near(1)
    assert [before(near, event) for event in range(5)] == [
        [],
        ["alien"],
        ["aliens"],
        ["amelie"],
        ["aliens"],
    ]
    assert [behind(near, event) for event in range(5)] == [[], [], [], [], ["amelie"]]
    assert arrivals.near(3) is arrivals


def test_a_choice_that_is_taken_back_is_novel_where_no_other_is_left() -> None:
    arrivals = arrived(
        *(row(1, "alien", "like"), row(2, "alien", "unlike"), row(3, "amelie")),
        *(row(4, "amelie", "like"), row(5, "amelie", "unlike")),
    )

    assert arrivals.sign.tolist() == [1, -1, 1, 1, 1, -1, 1]
    assert [FILMS.ids[item] for item in arrivals.novel.item] == ["alien", "alien", "amelie"]
    assert arrivals.novel.sign.tolist() == [1, -1, 1]


def test_some_of_the_arrivals_keep_what_belongs_to_them() -> None:
    arrivals = arrived(row(1, "alien"), row(2, "amelie"), row(3, "aliens"))

    some = arrivals.take(np.array([2, 1]))

    assert [before(some, 0), before(some, 1)] == [["alien", "amelie"], ["alien"]]
    assert some.item.tolist() == [PLACES["aliens"], PLACES["amelie"]]


def test_what_was_done_with_an_item_that_is_known_only_now_is_read_again() -> None:
    """An item that was deleted, and is there again."""
    rows = [row(1, "alien"), row(2, "amelie"), row(3, "aliens"), row(4, "aliens")]
    pasts = Pasts(DEFAULT_KINDS, Told(rows))
    some = {"amelie": 2, "aliens": 1}
    first = pasts.arrivals(rows[2:3], some, 2)

    pasts.join(["alien"])
    second = pasts.arrivals(rows[3:], PLACES, 3)

    assert before(first, 0) == ["amelie"]
    assert before(second, 0) == ["alien", "amelie", "aliens"]


# --- any log -----------------------------------------------------------------------------------

LINES = st.lists(
    st.builds(
        Line,
        user=st.integers(0, 2),
        item=st.integers(0, 3),
        time=st.sampled_from([None, -DAY, 0, HOUR, 2 * HOUR, 3 * DAY]),
        kind=st.sampled_from(["click", "like", "unlike", "dislike", "rating", "impression"]),
        value=st.sampled_from([np.nan, 1.0, 5.0]),
    ),
    max_size=20,
)


def standing(rows: list[LogRow], user: str) -> list[str]:
    """What a user has chosen in the end, as a history tells it."""
    own = [row for row in rows if row.user == user]
    columns = [[getattr(row, name) for row in own] for name in ("item", "kind", "value", "time")]
    history = History.of(FILMS, DEFAULT_KINDS, *columns)
    return [FILMS.ids[item] for item in history.items[history.weights > 0]]


@settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=[*HealthCheck])
@given(LINES.flatmap(st.permutations))
def test_in_whatever_order_it_arrives_in_the_end_stands_what_a_history_tells(
    lines: list[Line],
) -> None:
    data = log_of(*lines, users=3)
    places = sorted(range(len(lines)), key=lambda at: hash((lines[at].user, at * 7919 % 31)))
    rows = [rows_of(data)[at]._replace(sequence=n + 1) for n, at in enumerate(places)]
    asked = [
        LogRow(len(rows) + n + 1, user, "alien", "click", None, 9 * DAY)
        for n, user in enumerate(data.users)
    ]

    arrivals = arrived(*rows, *asked)

    last = len(arrivals) - len(asked)
    for n, user in enumerate(data.users):
        assert before(arrivals, last + n) == standing(rows, user)
    net = np.zeros(4)
    np.add.at(net, arrivals.item[:last], (arrivals.sign * arrivals.positive)[:last])
    stands = [item for user in data.users for item in standing(rows, user)]
    assert net.tolist() == [stands.count(each) for each in FILMS.ids]


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[*HealthCheck])
@given(LINES, st.sets(st.integers(1, 19)), st.integers(0, 3))
def test_it_is_the_same_however_it_is_cut_and_forgotten(
    lines: list[Line], places: set[int], held: int
) -> None:
    rows = rows_of(log_of(*lines, users=3))
    parts = [part for part in cut(rows, *sorted(at for at in places if at < len(rows))) if part]
    pasts = Pasts(DEFAULT_KINDS, Told(rows), held=held)

    apart = [pasts.arrivals(part, PLACES, part[0].sequence - 1) for part in parts]

    together = arrived(*rows)
    for column in ("item", "time", "told", "sign", "weight", "past", "later"):
        joined = np.concatenate([getattr(each, column) for each in apart] or [np.zeros(0)])
        assert joined.tolist() == getattr(together, column).tolist()


@pytest.mark.parametrize("kind", ["click", "like"])
def test_a_kind_nobody_set_is_a_choice_like_any_other(kind: str) -> None:
    assert arrived(row(1, "alien", kind), row(2, "alien", "waved at")).positive.all()
