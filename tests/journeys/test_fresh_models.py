"""A service learns on while it serves: the new model answers, and no request fails meanwhile."""

import itertools
import time
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tests.cli.shell import SETTINGS
from tests.journeys.server import PATIENCE, Server, serving
from tests.online.live import live

from shortlist.core.times import HOUR, iso
from shortlist.training.publish import REPLAY

QUICK = """
[worker]
refresh_events = 150
refresh_trees = 4
margin = 0.2
look_seconds = 0.1
nice = 0
"""


def send(client: httpx2.Client, people: range, clock: int) -> int:
    """Everybody of these chooses eight films of their tribe; the instant after it."""
    events: list[dict[str, Any]] = []
    for person in people:
        for film in range(person % 2, 16, 2):
            clock += HOUR // 4
            item = f"film-{(film + person) % 24 // 2 * 2 + person % 2}"
            user, time_of = f"live-{person}", iso(clock)
            events.append(
                {"user": user, "item": item, "kind": "rating", "value": 5, "time": time_of}
            )
    answer = client.post("/v1/events", json={"events": events})
    assert answer.status_code in (200, 202), answer.text
    return clock


def steps_of(client: httpx2.Client) -> list[str]:
    found = client.get("/v1/admin/models/steps").json()["steps"]
    return [each["step"] for each in found][::-1]


def learned_on(server: Server, clock: int) -> tuple[set[str], list[int]]:
    """People choose and ask until a refreshed model answers; the bundles, and all statuses."""
    client = server.client()
    bundles: set[str] = set()
    statuses: list[int] = []
    until = time.monotonic() + PATIENCE
    for turn in itertools.count():
        clock = send(client, range(turn * 20, turn * 20 + 20), clock)
        for user in range(10):
            answer = client.get(f"/v1/users/live-{turn * 20 + user}/recommendations")
            statuses.append(answer.status_code)
            if answer.status_code == 200:
                ready = client.get("/health/ready").json()
                bundles.add(ready["bundle"])
        if len(bundles) > 1 or time.monotonic() > until:
            return bundles, statuses
        time.sleep(0.2)
    raise AssertionError


@pytest.mark.slow
def test_a_model_that_learned_on_takes_over_without_a_failed_request(tmp_path: Path) -> None:
    with live(tmp_path) as found:
        home, clock = found.home.path, found.clock
        first = found.home.bundles.current()
        kept = found.home.bundles.open().arrays(REPLAY)
    (home / "shortlist.toml").write_text(SETTINGS + QUICK)

    with serving(home) as server:
        bundles, statuses = learned_on(server, clock)
        steps = steps_of(server.client())
        listed = server.client().get("/v1/admin/models").json()

    assert kept
    assert set(statuses) == {200}
    assert first in bundles
    assert len(bundles) == 2
    assert steps[2:5] == ["refreshed", "shadowing", "promoted"]
    assert listed["worker"]["phase"]
    assert {each["role"] for each in listed["models"]} & {"champion", "watched"}
