"""The service as its users run it: a command, its processes, its port."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
from tests.architecture.repository import ROOT

PATIENCE = 120.0
PATIENT = {"SHORTLIST_SERVING__BUDGET_MS": "2000"}
"""A budget that a busy machine keeps, so that nothing is left out of answers by chance."""
COMMAND = [sys.executable, "-c", "from shortlist.cli import main; main()"]


@dataclass
class Server:
    """One `shortlist serve`, and whoever talks to it."""

    home: Path
    port: int
    process: subprocess.Popen[bytes]
    key: str
    log: Path
    clients: list[httpx2.Client] = field(default_factory=list)

    def client(self) -> httpx2.Client:
        """A client with a connection of its own."""
        made = httpx2.Client(
            base_url=f"http://127.0.0.1:{self.port}", headers={"X-API-Key": self.key}, timeout=30
        )
        self.clients.append(made)
        return made

    def workers(self) -> list[int]:
        """The processes that serve: children of the command that have loaded the application."""
        found = subprocess.run(
            ["ps", "-ww", "--ppid", str(self.process.pid), "-o", "pid=,args="],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        return [int(each) for each in re.findall(r"^\s*(\d+).*spawn_main", found, re.MULTILINE)]

    def wait_until_ready(self) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            assert self.process.poll() is None, self.log.read_text()
            try:
                if self.client().get("/health/ready").status_code == 200:
                    return
            except httpx2.TransportError:
                pass
            time.sleep(0.1)
        raise AssertionError(f"it does not get ready: {self.log.read_text()}")

    def stop(self) -> int:
        """Tell it to stop, wait until it has, and give its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=PATIENCE)


@contextmanager
def serving(home: Path, *arguments: str, **environment: str) -> Iterator[Server]:
    """A server on a home, ready; stopped in the end."""
    known = {**os.environ, **PATIENT, **environment, "PYTHONPATH": str(ROOT / "src")}
    key = subprocess.run(
        [*COMMAND, "--home", str(home), "keys", "create", "--name", "test", "--scopes", "admin"],
        capture_output=True,
        text=True,
        check=True,
        env=known,
    ).stdout
    assert re.fullmatch(r"\S+\n", key)
    port, log = free_port(), home.parent / f"serve-{time.monotonic_ns()}.log"
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [*COMMAND, "--home", str(home), "serve", "--port", str(port), *arguments],
            stdout=stream,
            stderr=stream,
            env=known,
        )
    server = Server(home, port, process, key.strip(), log)
    try:
        server.wait_until_ready()
        yield server
    finally:
        for each in server.clients:
            each.close()
        server.stop()


def free_port() -> int:
    """A port with a free one after it."""
    while True:
        with socket.socket() as one, socket.socket() as other:
            one.bind(("127.0.0.1", 0))
            port = int(one.getsockname()[1])
            try:
                other.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return port


def listed(client: httpx2.Client, user: str, **params: Any) -> list[str]:
    """The items of a user's list."""
    answer = client.get(f"/v1/users/{user}/recommendations", params=params)
    assert answer.status_code == 200, answer.text
    return [each["item"] for each in answer.json()["items"]]
