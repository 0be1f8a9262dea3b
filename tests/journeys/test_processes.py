"""Several processes of one service, as they start, see each other, take a bundle, die and stop."""

import os
import shutil
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from tests.api.app import home_on
from tests.journeys.server import COMMAND, Server, listed, serving

from shortlist.storage.facts import open_facts

ANN = "1"


@pytest.fixture(scope="module")
def home(trained_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served") / "home"
    shutil.copytree(trained_once, folder)
    return folder


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[Server]:
    with serving(home, "--workers", "2") as found:
        yield found


def test_two_processes_serve(server: Server) -> None:
    assert len(server.workers()) == 2


def test_what_one_connection_sent_the_next_request_of_another_knows(server: Server) -> None:
    """Connections are spread over the processes by the machine, so that many meet both."""
    seen = 0
    for number in range(40):
        user = f"reader-{number}"
        with httpx2.Client(
            base_url=f"http://127.0.0.1:{server.port}", headers={"X-API-Key": server.key}
        ) as writer:
            first = listed(writer, user, limit=1)[0]
            event = {"user": user, "item": first, "kind": "rating", "value": 5}
            assert writer.post("/v1/events", json={"events": [event]}).status_code == 200
            with httpx2.Client(base_url=writer.base_url, headers=writer.headers) as reader:
                seen += first not in listed(reader, user, limit=24)

    assert seen == 40


def test_a_new_bundle_is_taken_by_all_without_a_failed_request(server: Server) -> None:
    before = current(server)
    statuses: Counter[int] = Counter()
    bundles: set[str] = set()
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            with httpx2.Client(
                base_url=f"http://127.0.0.1:{server.port}",
                headers={"X-API-Key": server.key},
                timeout=30,
            ) as client:
                answer = client.get(f"/v1/users/{ANN}/recommendations")
                statuses[answer.status_code] += 1
                bundles.add(answer.json().get("bundle"))

    askers = [threading.Thread(target=ask) for _ in range(3)]
    for each in askers:
        each.start()
    subprocess.run([*COMMAND, "--home", str(server.home), "train"], check=True, capture_output=True)
    until = time.monotonic() + 60
    while time.monotonic() < until and sum(current(server) != before for _ in range(8)) < 8:
        time.sleep(0.2)
    stop.set()
    for each in askers:
        each.join()

    assert set(statuses) == {200}
    assert len(bundles) == 2
    assert {current(server) for _ in range(8)} == bundles - {before}


def test_a_process_that_is_killed_is_replaced_and_nothing_acknowledged_is_lost(
    server: Server,
) -> None:
    acknowledged: list[str] = []
    stop = threading.Event()

    def send() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            event = {"user": "sender", "item": "1", "kind": "view", "id": f"sent-{number}"}
            try:
                with httpx2.Client(
                    base_url=f"http://127.0.0.1:{server.port}",
                    headers={"X-API-Key": server.key},
                    timeout=30,
                ) as client:
                    if client.post("/v1/events", json={"events": [event]}).status_code == 200:
                        acknowledged.append(str(event["id"]))
            except httpx2.TransportError:
                pass

    sender = threading.Thread(target=send)
    sender.start()
    time.sleep(1)
    doomed = server.workers()[0]
    os.kill(doomed, signal.SIGKILL)
    until = time.monotonic() + 60
    while time.monotonic() < until and not (
        len(server.workers()) == 2 and doomed not in server.workers()
    ):
        time.sleep(0.2)
    server.wait_until_ready()
    time.sleep(0.5)
    stop.set()
    sender.join()

    with open_facts(f"sqlite:///{server.home / 'facts.db'}") as facts:
        kept = {row.id for row in facts.recent_of("sender", 100_000)}
    assert len(acknowledged) > 20
    assert set(acknowledged) <= kept


def test_two_services_on_one_postgresql_see_each_others_events(
    trained_once: Path, tmp_path: Path
) -> None:
    with home_on("postgresql", trained_once, tmp_path) as opened:
        url = str(opened.settings.database)
        with (
            serving(opened.path, SHORTLIST_DATABASE=url) as one,
            serving(opened.path, SHORTLIST_DATABASE=url) as other,
        ):
            writer, reader, seen = one.client(), other.client(), 0
            for number in range(30):
                user = f"reader-{number}"
                first = listed(reader, user, limit=1)[0]
                event = {"user": user, "item": first, "kind": "rating", "value": 5}
                assert writer.post("/v1/events", json={"events": [event]}).status_code == 200
                seen += first not in listed(reader, user, limit=24)

    assert seen == 30


def test_told_to_stop_it_finishes_what_it_has_begun(home: Path, tmp_path: Path) -> None:
    shutil.copytree(home, tmp_path / "home")
    acknowledged: list[str] = []
    failures: list[str] = []

    with serving(tmp_path / "home") as server:
        stopping = threading.Event()

        def send(sender: int) -> None:
            client, number = server.client(), 0
            while True:
                number += 1
                event = {"user": "s", "item": "1", "kind": "view", "id": f"{sender}-{number}"}
                begun_before = not stopping.is_set()
                try:
                    answer = client.post("/v1/events", json={"events": [event]})
                except httpx2.TransportError as error:
                    if begun_before and not stopping.is_set():
                        failures.append(repr(error))
                    return
                if answer.status_code != 200:
                    return
                acknowledged.append(str(event["id"]))

        senders = [threading.Thread(target=send, args=(number,)) for number in range(4)]
        for each in senders:
            each.start()
        decision = server.client().get(f"/v1/users/{ANN}/recommendations").json()["decision"]
        time.sleep(1)
        stopping.set()
        code = server.stop()
        for each in senders:
            each.join()

    with open_facts(f"sqlite:///{tmp_path / 'home' / 'facts.db'}") as facts:
        kept = {row.id for row in facts.recent_of("s", 100_000)}
        assert facts.decisions.get(decision) is not None
    assert code in (0, -signal.SIGTERM)
    assert failures == []
    assert len(acknowledged) > 20
    assert set(acknowledged) <= kept


def current(server: Server) -> str:
    with httpx2.Client(
        base_url=f"http://127.0.0.1:{server.port}", headers={"X-API-Key": server.key}, timeout=30
    ) as client:
        return str(client.get("/health/ready").json()["bundle"])
