"""Events of many callers through one writer, on every back end."""

import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from time import monotonic, sleep

import pytest
from tests.storage.databases import PLACES

from shortlist.core.errors import Invalid, Overloaded, Unavailable, Unconfirmed
from shortlist.core.events import Event
from shortlist.storage.facts import Appended, Facts, Fate, open_facts
from shortlist.storage.facts.writer import EventWriter

PATIENT = 20.0


@pytest.fixture(params=list(PLACES))
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with PLACES[request.param](tmp_path) as url:
        yield url


@pytest.fixture
def facts(url: str) -> Iterator[Facts]:
    with open_facts(url) as facts:
        yield facts


@pytest.fixture
def writer(facts: Facts) -> Iterator[EventWriter]:
    writer = EventWriter(facts)
    yield writer
    writer.close()


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(16) as pool:
        yield pool


def views(user: str, count: int) -> list[Event]:
    return [Event(user, f"film{each}", "view") for each in range(count)]


def at_once(
    facts: Facts, writer: EventWriter, pool: ThreadPoolExecutor, batches: Sequence[list[Event]]
) -> list[Future[Appended]]:
    """Hand in batches, in this order, while nothing can be committed."""
    futures = []
    with facts.bulk():
        for batch in batches:
            before = writer.waiting
            futures.append(pool.submit(writer.append, batch, PATIENT))
            until(lambda: writer.waiting > before)  # noqa: B023  called before the next turn
    wait(futures)
    return futures


def until(true: object) -> None:
    end = monotonic() + PATIENT
    while not true():  # type: ignore[operator]
        assert monotonic() < end
        sleep(0.001)


def test_an_answer_comes_after_the_commit(facts: Facts, writer: EventWriter) -> None:
    appended = writer.append(views("ann", 3), PATIENT)

    assert (appended.accepted, appended.duplicates) == (3, 0)
    assert appended.sequence == facts.last_sequence()
    assert [row.item for row in facts.recent_of("ann", 9)] == ["film0", "film1", "film2"]


def test_nothing_handed_in_is_answered_too(writer: EventWriter) -> None:
    assert writer.append([], PATIENT).accepted == 0


def test_every_caller_is_told_of_their_own_events(
    facts: Facts, writer: EventWriter, pool: ThreadPoolExecutor
) -> None:
    known = facts.append(views("ann", 2)).sequence
    batches = [views("bob", 1), views("ann", 2), [*views("ann", 1), *views("cat", 2)]]

    futures = at_once(facts, writer, pool, batches)

    bob, ann, both = (each.result() for each in futures)
    assert bob.fates.tolist() == [Fate.ACCEPTED]
    assert bob.sequence == facts.recent_of("bob", 1)[0].sequence
    assert ann.fates.tolist() == [Fate.KNOWN, Fate.KNOWN]
    assert ann.sequence == known
    assert both.fates.tolist() == [Fate.KNOWN, Fate.ACCEPTED, Fate.ACCEPTED]
    assert both.sequence == facts.last_sequence()


def test_of_two_callers_with_one_event_the_first_brought_it(
    facts: Facts, writer: EventWriter, pool: ThreadPoolExecutor
) -> None:
    futures = at_once(facts, writer, pool, [views("x", 1), views("ann", 2), views("ann", 3)])

    _, first, second = (each.result() for each in futures)
    assert (first.accepted, first.duplicates) == (2, 0)
    assert (second.accepted, second.duplicates) == (1, 2)
    assert facts.count_events() == 4


def test_what_waits_together_is_committed_in_the_order_it_came(
    facts: Facts, writer: EventWriter, pool: ThreadPoolExecutor
) -> None:
    futures = at_once(facts, writer, pool, [views(f"u{each}", 2) for each in range(8)])

    ends = [each.result().sequence for each in futures]

    assert ends == sorted(ends)
    assert facts.count_events() == 16


def test_a_batch_that_cannot_be_kept_does_not_take_the_others_with_it(
    facts: Facts, writer: EventWriter, pool: ThreadPoolExecutor
) -> None:
    bad = [Event("ann", "alien", "tag", text="\ud800", id="e1")]

    futures = at_once(facts, writer, pool, [views("x", 1), views("bob", 2), bad, views("cat", 2)])

    assert [each.result().accepted for each in futures if each is not futures[2]] == [1, 2, 2]
    with pytest.raises(Invalid, match="cannot be kept"):
        futures[2].result()
    assert facts.count_events() == 5


def test_too_many_are_refused_at_once(facts: Facts, pool: ThreadPoolExecutor) -> None:
    writer = EventWriter(facts, capacity=5)
    with facts.bulk():
        first = pool.submit(writer.append, views("ann", 4), PATIENT)
        until(lambda: writer.waiting == 4)

        with pytest.raises(Overloaded, match="4 events wait"):
            writer.append(views("bob", 2), PATIENT)
        fitting = pool.submit(writer.append, views("bob", 1), PATIENT)
        until(lambda: writer.waiting == 5)

    assert first.result().accepted == 4
    assert fitting.result().accepted == 1
    writer.close()


def test_a_batch_larger_than_the_queue_is_taken_when_nothing_waits(facts: Facts) -> None:
    writer = EventWriter(facts, capacity=5)

    assert writer.append(views("ann", 9), PATIENT).accepted == 9
    writer.close()


def test_one_who_lost_patience_may_send_it_again(facts: Facts, writer: EventWriter) -> None:
    with facts.bulk(), pytest.raises(Unconfirmed, match="may still be kept"):
        writer.append(views("ann", 2), 0.05)

    again = writer.append(views("ann", 2), PATIENT)

    assert (again.accepted, again.duplicates) == (0, 2)
    assert facts.count_events() == 2


def test_closing_commits_what_was_taken(facts: Facts, pool: ThreadPoolExecutor) -> None:
    writer = EventWriter(facts)
    with facts.bulk():
        futures = [pool.submit(writer.append, views(f"u{n}", 5), PATIENT) for n in range(10)]
        until(lambda: writer.waiting == 50)
        closing = pool.submit(writer.close)

    closing.result()

    assert facts.count_events() == 50
    assert [each.result().accepted for each in futures] == [5] * 10


def test_nothing_is_taken_after_closing(facts: Facts) -> None:
    writer = EventWriter(facts)
    writer.close()
    writer.close()

    with pytest.raises(Unavailable, match="stopping"):
        writer.append(views("ann", 1), PATIENT)


def test_many_callers_lose_nothing(
    facts: Facts, writer: EventWriter, pool: ThreadPoolExecutor
) -> None:
    def post(caller: int) -> int:
        ends = [writer.append(views(f"u{caller}-{turn}", 1), PATIENT) for turn in range(30)]
        assert [each.accepted for each in ends] == [1] * 30
        return ends[-1].sequence

    ends = list(pool.map(post, range(16)))

    assert facts.count_events() == 480
    assert max(ends) == facts.last_sequence()


ACKNOWLEDGING = """
import sys, threading
from shortlist.core.events import Event
from shortlist.storage.facts import open_facts
from shortlist.storage.facts.writer import EventWriter
writer, said = EventWriter(open_facts(sys.argv[1])), threading.Lock()
def post(caller):
    for turn in range(10**6):
        ids = [f"{caller}-{turn}-{n}" for n in range(3)]
        writer.append([Event("ann", "film", "view", id=each) for each in ids], 30)
        with said:
            print(*ids, flush=True)
for caller in range(8):
    threading.Thread(target=post, args=(caller,)).start()
"""


def test_a_killed_process_has_kept_all_it_acknowledged(url: str) -> None:
    open_facts(url).close()
    run = [sys.executable, "-c", ACKNOWLEDGING, url]
    said = []
    with subprocess.Popen(run, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line)
            if len(said) == 200:
                process.send_signal(signal.SIGKILL)

    acknowledged = {each for line in said if line.endswith("\n") for each in line.split()}
    with open_facts(url) as facts:
        kept = {each for batch in facts.events(columns=["id"]) for each in batch["id"]}
    assert len(acknowledged) >= 600
    assert acknowledged <= kept
