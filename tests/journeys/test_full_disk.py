"""A disk that is full: events are refused in so many words, lists go on, and room mends it."""

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.journeys.crashes import Crashes, crashing
from tests.journeys.homes import copied
from tests.journeys.nursery import Nursery
from tests.journeys.writers import Caller

MEGABYTE = 1_000_000
PATIENCE = 60.0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of a few megabytes in memory."""
    place = tmp_path / "disk"
    place.mkdir()
    if os.geteuid() != 0:
        pytest.skip("only root may mount a small disk; the limit on files is tested in any case")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "none", str(place)],
        check=False,
        capture_output=True,
    )
    if mounted.returncode:
        pytest.skip(f"no small disk can be mounted here: {mounted.stderr.decode().strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def batch(name: str, number: int) -> list[dict[str, Any]]:
    """A hundred events, as long as events get."""
    return [
        {
            "id": f"w-{name}-{number}-{each}",
            "user": f"user-{each}",
            "item": str(each % 24),
            "kind": "search",
            "text": "x" * 500,
        }
        for each in range(100)
    ]


def fill(caller: Caller, acknowledged: set[str]) -> tuple[int, Any]:
    """Send events until they are refused; the answer that refused them."""
    until, number = time.monotonic() + PATIENCE, 0
    while time.monotonic() < until:
        number += 1
        events = batch("fill", number)
        status, said = caller.ask("POST", "/v1/events", {"events": events})
        if status != 200:
            return status, said
        acknowledged |= {each["id"] for each in events}
    raise AssertionError("the disk does not get full")


def test_a_full_disk_is_said_lists_go_on_and_room_mends_it(
    servers: Nursery, trained_once: Path, small_disk: Path
) -> None:
    acknowledged: set[str] = set()
    with crashing(copied(trained_once, small_disk), servers) as crashes:
        group = crashes.start()
        try:
            crashes.wait(group)
            ballast = small_disk / "ballast"
            ballast.write_bytes(bytes(shutil.disk_usage(small_disk).free - 4 * MEGABYTE))
            caller = crashes.caller()

            status, said = fill(caller, acknowledged)
            listed, _ = caller.ask("GET", "/v1/users/1/recommendations")
            with_no_room = refused_to_four(crashes)
            ballast.unlink()
            mended = sent_again(caller, batch("after", 1), acknowledged)
        finally:
            crashes.end(group)
        kept = crashes.kept()
        crashes.check()

    assert (status, said["code"]) == (503, "storage_failed")
    assert listed == 200
    assert with_no_room == {(503, "storage_failed")}
    assert mended
    assert acknowledged <= kept
    assert len(acknowledged) > 100


@pytest.mark.slow
def test_a_kill_while_the_disk_is_full_loses_nothing(
    servers: Nursery, trained_once: Path, small_disk: Path
) -> None:
    acknowledged: set[str] = set()
    with crashing(copied(trained_once, small_disk), servers) as crashes:
        group = crashes.start()
        try:
            crashes.wait(group)
            ballast = small_disk / "ballast"
            ballast.write_bytes(bytes(shutil.disk_usage(small_disk).free - 4 * MEGABYTE))
            fill(crashes.caller(), acknowledged)
        finally:
            crashes.end(group)
        ballast.unlink()
        group = crashes.start()
        try:
            crashes.wait(group)
            mended = sent_again(crashes.caller(), batch("after", 1), acknowledged)
        finally:
            crashes.end(group)
        kept = crashes.kept()
        crashes.check()

    assert mended
    assert acknowledged <= kept


def test_a_log_that_may_not_grow_is_said_and_lists_go_on(
    servers: Nursery, trained_once: Path, tmp_path: Path
) -> None:
    """The same by a limit on the size of files, which needs no root."""
    acknowledged: set[str] = set()
    with crashing(copied(trained_once, tmp_path), servers) as crashes:
        group = crashes.start(file_limit=2 * MEGABYTE)
        try:
            crashes.wait(group)
            caller = crashes.caller()

            status, said = fill(caller, acknowledged)
            listed, _ = caller.ask("GET", "/v1/users/1/recommendations")
        finally:
            crashes.end(group)
        kept = crashes.kept()
        crashes.check()

    assert (status, said["code"]) == (503, "storage_failed")
    assert listed == 200
    assert acknowledged <= kept


def refused_to_four(crashes: Crashes) -> set[tuple[int, str]]:
    """What four writers at once are told."""
    told: set[tuple[int, str]] = set()

    def send(name: str) -> None:
        caller = crashes.caller()
        for number in range(3):
            status, said = caller.ask("POST", "/v1/events", {"events": batch(name, number)})
            told.add((status, said.get("code", "accepted")))

    senders = [threading.Thread(target=send, args=(f"full-{n}",)) for n in range(4)]
    for each in senders:
        each.start()
    for each in senders:
        each.join()
    return told


def sent_again(caller: Caller, events: list[dict[str, Any]], acknowledged: set[str]) -> bool:
    """Whether events are taken at last, as a client would try."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        status, _ = caller.ask("POST", "/v1/events", {"events": events})
        if status == 200:
            acknowledged |= {each["id"] for each in events}
            return True
        time.sleep(0.1)
    return False
