"""The steps of models, and what the worker says, on every back end."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.storage.databases import PLACES

from shortlist.core.errors import Invalid
from shortlist.storage.facts import Facts, open_facts

HOLD = """
import sys
from shortlist.storage.facts import open_facts

with open_facts(sys.argv[1]) as facts, facts.alone("worker") as alone:
    print("alone" if alone else "not alone", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(params=list(PLACES))
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with PLACES[request.param](tmp_path) as url:
        yield url


@pytest.fixture
def facts(url: str) -> Iterator[Facts]:
    with open_facts(url) as facts:
        yield facts


def test_a_step_comes_back_as_it_was_taken(facts: Facts) -> None:
    figures = {"n": 3, "mean": 0.1 + 0.2, "why": "amélie"}

    taken = facts.model_steps.add("b2", "rejected", time=7, against="b1", detail=figures)

    assert facts.model_steps.all() == [taken]
    assert (taken.bundle, taken.step, taken.against) == ("b2", "rejected", "b1")
    assert taken.detail == figures


def test_steps_stand_in_the_order_in_which_they_were_taken(facts: Facts) -> None:
    taken = [facts.model_steps.add(f"b{each}", "trained", time=9 - each) for each in range(4)]

    assert facts.model_steps.all() == taken
    assert facts.model_steps.all(taken[1].sequence) == taken[2:]


def test_the_newest_steps_are_paged_backwards(facts: Facts) -> None:
    taken = [facts.model_steps.add(f"b{each}", "trained", time=0) for each in range(4)]

    newest = facts.model_steps.newest(2)
    older = facts.model_steps.newest(9, newest[-1].sequence)

    assert [*newest, *older] == taken[::-1]


def test_what_json_cannot_say_is_no_detail(facts: Facts) -> None:
    with pytest.raises(Invalid, match="JSON"):
        facts.model_steps.add("b1", "trained", time=0, detail={"why": object()})

    assert facts.model_steps.all() == []


def test_of_what_the_worker_says_the_last_is_kept(facts: Facts) -> None:
    assert facts.worker.said("phase") is None

    facts.worker.say("phase", {"name": "resting"}, 1)
    facts.worker.say("phase", {"name": "refreshing", "done": 3}, 2)

    assert facts.worker.said("phase") == (2, {"name": "refreshing", "done": 3})
    assert facts.worker.said("other") is None


@contextmanager
def another_process(url: str) -> Iterator[str]:
    """A process that tries to be alone; what it found."""
    command = [sys.executable, "-c", HOLD, url]
    with subprocess.Popen(command, stdin=-1, stdout=-1, text=True) as process:
        assert process.stdin
        assert process.stdout
        try:
            yield process.stdout.readline().strip()
        finally:
            process.kill()


def test_one_process_is_alone_and_the_next_when_it_was_killed(url: str, facts: Facts) -> None:
    with another_process(url) as first:
        with another_process(url) as second:
            pass
        with facts.alone("worker") as mine, facts.alone("other") as others:
            still = others is not None and others()

    assert (first, second) == ("alone", "not alone")
    assert mine is None
    assert still
    assert alone_soon(facts)


def alone_soon(facts: Facts) -> bool:
    """Whether the dead are gone: a database may take a moment to notice."""
    for _ in range(50):
        with facts.alone("worker") as mine:
            if mine is not None:
                return True
        time.sleep(0.1)
    return False
