"""What every back end of the facts promises; one is tested by being registered."""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from tests.storage.databases import PLACES

from shortlist.core.events import Event
from shortlist.storage.facts import BACK_ENDS, Facts, Fate, open_facts
from shortlist.storage.facts.frames import EVENTS, ITEMS, LOG, USERS, events_frame, of_schema

SEEN = Event("ann", "alien", "view", time=1_000_000)
RATED = Event("zoë", "amélie", "rating", value=4.5, time=2_000_000, session="s1", decision="d1")
TAGGED = Event("ann", "aliens", "tag", text='sci-fi, "scary"\n\\N')


@pytest.fixture(params=list(BACK_ENDS))
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with PLACES[request.param](tmp_path) as url:
        yield url


@pytest.fixture
def facts(url: str) -> Iterator[Facts]:
    with open_facts(url) as facts:
        yield facts


def log_of(facts: Facts) -> pl.DataFrame:
    return pl.concat([pl.DataFrame(schema=LOG), *facts.events()])


def test_a_new_log_is_empty(facts: Facts) -> None:
    assert facts.count_events() == 0
    assert facts.last_sequence() == 0
    assert list(facts.events()) == []
    assert facts.items().schema == ITEMS
    assert facts.users().schema == USERS


def test_events_come_back_as_they_were_in_the_order_of_arrival(facts: Facts) -> None:
    facts.append([SEEN, RATED])
    facts.append([TAGGED])

    log = log_of(facts)

    assert log.schema == LOG
    assert log.drop("sequence").rows() == events_frame([SEEN, RATED, TAGGED]).rows()
    assert log["sequence"].is_sorted()


def test_an_event_is_kept_once(facts: Facts) -> None:
    first = facts.append([SEEN, RATED, SEEN])
    again = facts.append([RATED, TAGGED])

    assert first.fates.tolist() == [Fate.ACCEPTED, Fate.ACCEPTED, Fate.REPEATED]
    assert again.fates.tolist() == [Fate.KNOWN, Fate.ACCEPTED]
    assert (first.accepted, first.duplicates) == (2, 1)
    assert (again.accepted, again.duplicates) == (1, 1)
    assert facts.count_events() == 3


def test_fates_count_across_the_batches_of_a_transaction(facts: Facts) -> None:
    facts.append([SEEN])

    with facts.bulk() as bulk:
        bulk.append(events_frame([RATED]))
        appended = bulk.append(events_frame([SEEN, RATED, TAGGED, SEEN, TAGGED]))

    assert appended.fates.tolist() == [
        Fate.KNOWN,
        Fate.REPEATED,
        Fate.ACCEPTED,
        Fate.KNOWN,
        Fate.REPEATED,
    ]


def test_the_callers_own_id_decides_what_is_the_same(facts: Facts) -> None:
    facts.append([Event("ann", "alien", "view", id="e1")])

    appended = facts.append([Event("bob", "aliens", "view", id="e1")])

    assert appended.accepted == 0
    assert log_of(facts)["user"].to_list() == ["ann"]


def test_events_without_ids_get_them_from_their_content(facts: Facts) -> None:
    frame = events_frame([SEEN, RATED, TAGGED]).with_columns(pl.lit(None, pl.String).alias("id"))

    with facts.bulk() as bulk:
        bulk.append(frame)

    assert log_of(facts)["id"].to_list() == [SEEN.id, RATED.id, TAGGED.id]


def test_the_answer_says_where_the_log_ends(facts: Facts) -> None:
    first = facts.append([SEEN])
    second = facts.append([RATED])
    nothing_new = facts.append([RATED])

    assert 0 < first.sequence < second.sequence == nothing_new.sequence == facts.last_sequence()


def test_nothing_appended_is_nothing_changed(facts: Facts) -> None:
    appended = facts.append([])

    assert appended.accepted == 0
    assert facts.last_sequence() == 0


def test_a_transaction_that_raises_leaves_nothing(facts: Facts) -> None:
    def fail_half_way() -> None:
        with facts.bulk() as bulk:
            bulk.append(events_frame([SEEN]))
            bulk.put_items(of_schema({"id": ["alien"]}, ITEMS))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail_half_way()

    assert facts.count_events() == 0
    assert facts.count_items() == 0


def test_nothing_is_seen_before_the_transaction_ends(facts: Facts) -> None:
    with facts.bulk() as bulk:
        bulk.append(events_frame([SEEN]))
        during = facts.count_events()

    assert during == 0
    assert facts.count_events() == 1


def test_a_second_writer_waits_and_comes_behind(facts: Facts) -> None:
    """Otherwise a reader of the tail could go past an event that appears later."""
    written = threading.Event()

    def write() -> None:
        facts.append([RATED])
        written.set()

    second = threading.Thread(target=write)
    with facts.bulk() as bulk:
        bulk.append(events_frame([SEEN]))
        second.start()
        overtook = written.wait(0.5)
        bulk.append(events_frame([TAGGED]))
    second.join()

    assert not overtook
    assert log_of(facts)["id"].to_list() == [SEEN.id, TAGGED.id, RATED.id]


def test_a_reader_of_the_tail_misses_nothing_while_many_write(facts: Facts) -> None:
    def write(writer: int) -> None:
        for number in range(25):
            facts.append([Event(f"u{writer}", f"i{number}", "view")])

    writers = [threading.Thread(target=write, args=(each,)) for each in range(4)]
    for each in writers:
        each.start()
    seen, after = 0, 0
    while any(each.is_alive() for each in writers) or after < facts.last_sequence():
        for batch in facts.events(after=after):
            seen, after = seen + len(batch), batch["sequence"][-1]
    for each in writers:
        each.join()

    assert seen == 100


def test_the_log_is_read_in_batches_between_two_numbers(facts: Facts) -> None:
    facts.append([Event("ann", f"film{each}", "view") for each in range(10)])
    numbers = log_of(facts)["sequence"].to_list()

    batches = list(facts.events(after=numbers[1], until=numbers[7], batch_rows=4))

    assert [batch["sequence"].to_list() for batch in batches] == [numbers[2:6], numbers[6:8]]


def test_the_log_of_one_user_is_theirs_alone(facts: Facts) -> None:
    facts.append([SEEN, RATED, TAGGED])

    (batch,) = facts.events(user="ann")

    assert batch["item"].to_list() == ["alien", "aliens"]
    assert list(facts.events(user="nobody")) == []


def test_some_columns_of_the_log_can_be_read(facts: Facts) -> None:
    facts.append([SEEN, RATED])

    (batch,) = facts.events(columns=["value", "user"])

    assert batch.columns == ["sequence", "value", "user"]
    assert batch.select("value", "user").rows() == [(None, "ann"), (4.5, "zoë")]


def test_events_of_every_shape_survive_in_one_batch(facts: Facts) -> None:
    values = [None, 0.0, -1.5, 4.5, 1e300, 0.1 + 0.2, 2**53 + 0.0, 5e-324]
    times = [None, 0, -1, 1, 1_600_000_000_123_456, -2_000_000_000_000_000, 7, 8]
    users = ["1", "01", "x" * 256, "a b ", "o'neill", '"q"', "日本", "-"]
    events = [
        Event(user, "alien", "rating", value=value, time=time)
        for user, value, time in zip(users, values, times, strict=True)
    ]

    facts.append(events)

    log = log_of(facts)
    assert log.drop("sequence").rows() == events_frame(events).rows()


def test_many_events_survive(facts: Facts) -> None:
    count = 5000
    numbers = pl.int_range(count, eager=True)
    given = of_schema(
        {
            "user": (numbers % 97).cast(pl.String),
            "item": numbers.cast(pl.String),
            "kind": pl.select(pl.when(numbers % 3 == 0).then(pl.lit("view")).otherwise(pl.lit("é")))
            .to_series()
            .alias("kind"),
            "value": pl.select(pl.when(numbers % 5 > 0).then(numbers / 8)).to_series(),
            "time": numbers * 1_000_003 - 10**9,
        },
        EVENTS,
    )

    with facts.bulk() as bulk:
        for part in given.iter_slices(1000):
            bulk.append(part)

    assert log_of(facts).drop("id", "sequence").equals(given.drop("id"))


def test_items_come_back_as_they_were(facts: Facts) -> None:
    items = of_schema(
        {
            "id": ["alien", "amélie"],
            "title": ["Alien", None],
            "categories": [["Horror", "Sci-Fi"], []],
            "text": [None, "Paris"],
            "attributes": ['{"year": 1979}', None],
        },
        ITEMS,
    )

    new = facts.put_items(items)

    assert new == 2
    assert facts.items().equals(items)
    assert facts.count_items() == 2


def test_what_is_not_said_of_an_item_stays(facts: Facts) -> None:
    facts.put_items(of_schema({"id": ["alien"], "title": ["Alien"], "text": ["old"]}, ITEMS))

    new = facts.put_items(of_schema({"id": ["alien"], "text": ["new"]}, ITEMS))

    assert new == 0
    assert facts.items().select("title", "text").rows() == [("Alien", "new")]


def test_of_two_rows_with_one_id_the_later_is_kept(facts: Facts) -> None:
    new = facts.put_items(of_schema({"id": ["alien", "alien"], "title": ["A", "B"]}, ITEMS))

    assert new == 1
    assert facts.items()["title"].to_list() == ["B"]


def test_users_come_back_as_they_were(facts: Facts) -> None:
    users = of_schema({"id": ["ann", "bob"], "attributes": ['{"age": 30}', None]}, USERS)

    new = facts.put_users(users)

    assert new == 2
    assert facts.users().equals(users)


def test_a_transaction_sees_its_own_items(facts: Facts) -> None:
    facts.put_items(of_schema({"id": ["alien"]}, ITEMS))

    with facts.bulk() as bulk:
        bulk.put_items(of_schema({"id": ["aliens"]}, ITEMS))
        ids = bulk.item_ids()

    assert set(ids) == {"alien", "aliens"}


def test_facts_are_there_when_opened_again(url: str) -> None:
    with open_facts(url) as facts:
        facts.append([SEEN])

    with open_facts(url) as facts:
        assert log_of(facts)["id"].to_list() == [SEEN.id]


HALF = """
import sys, time
from shortlist.core.events import Event
from shortlist.storage.facts import open_facts
from shortlist.storage.facts.frames import events_frame
with open_facts(sys.argv[1]) as facts, facts.bulk() as bulk:
    for part in range(3):
        bulk.append(events_frame(Event("ann", f"film{part}-{n}", "view") for n in range(2000)))
    print("half way", flush=True)
    time.sleep(60)
"""


def test_a_killed_writer_leaves_nothing_half_written(url: str) -> None:
    with open_facts(url) as facts:
        facts.append([SEEN])
    writer = subprocess.Popen([sys.executable, "-c", HALF, url], stdout=subprocess.PIPE, text=True)
    with writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "half way\n"

        writer.send_signal(signal.SIGKILL)

    with open_facts(url) as facts:
        assert facts.count_events() == 1
        assert facts.append([RATED]).accepted == 1


def test_every_back_end_is_tested() -> None:
    assert set(PLACES) == set(BACK_ENDS)
