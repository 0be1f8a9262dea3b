"""The service running on a home of its own, in processes of its own."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, Literal

from family import family
from wire import HOST, Connection, Lost

from shortlist.bootstrap import Home
from shortlist.settings import read_settings

Kind = Literal["uvicorn", "granian"]

COMMAND: Final = (sys.executable, "-c", "from shortlist.cli import main; main()")
"""The command line, whether or not it is installed."""

PATIENCE: Final = 180.0
"""Seconds within which a server must be ready, and end."""


@dataclass(frozen=True)
class Site:
    """A home that is served from and changed, and thrown away."""

    folder: Path
    url: str | None = None

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def database(self) -> str:
        """Where its facts are."""
        return self.url or f"sqlite:///{self.home / 'facts.db'}"

    @property
    def back_end(self) -> str:
        """What its facts are kept by, for people."""
        return "PostgreSQL" if self.database.startswith("postgresql") else "SQLite"

    @property
    def environment(self) -> dict[str, str]:
        """What its processes find in their environment; no settings of one's own among it."""
        ours = {"SHORTLIST_DATABASE": self.database, "TMPDIR": str(self.folder)}
        return bare_environment() | ours

    @cached_property
    def key(self) -> str:
        """A key that may do everything."""
        settings = read_settings(self.home, {}).model_copy(update={"database": self.database})
        home = Home(self.home, settings)
        with home.facts:
            made = home.auth.keys.create("benchmark", ["admin"]).text
            home.auth.close()
        return made

    @contextmanager
    def serving(self, *, workers: int, kind: Kind = "uvicorn") -> Iterator["Server"]:
        """The service in processes of its own, warm; stopped at the end as a system would."""
        key = self.key
        port, admin_port = _free_ports(2)
        run = Path(tempfile.mkdtemp(prefix="shortlist-", dir=self.folder))
        if kind == "uvicorn":
            given = ["--home", str(self.home), "serve", "--workers", str(workers)]
            ports = ["--port", str(port), "--admin-port", str(admin_port)]
            words, environment = (*COMMAND, *given, *ports), {"TMPDIR": str(run)}
        else:
            words, environment = _granian(self.home, run, port, workers)
        log = run / "log"
        with log.open("wb") as stream:
            process = subprocess.Popen(  # noqa: S603
                words,
                env=self.environment | environment,
                stdout=stream,
                stderr=stream,
                start_new_session=True,
            )
        server = Server(self, run, port, admin_port, process, key)
        try:
            server.wait()
            yield server
        finally:
            server.stop()


@dataclass(frozen=True)
class Server:
    """A running service."""

    site: Site
    run: Path
    port: int
    admin_port: int
    process: subprocess.Popen[bytes]
    key: str

    def connect(self) -> Connection:
        """A new connection that shows the key."""
        return Connection(self.port, self.key)

    def family(self) -> list[int]:
        """All its processes."""
        return family(self.process.pid)

    def workers(self) -> list[int]:
        """Those of its processes that answer: each keeps a mark while it is warm."""
        return sorted(int(mark.stem) for mark in self.run.rglob("*.warm"))

    def metrics(self) -> str:
        """Its numbers, as Prometheus reads them."""
        with Connection(self.admin_port) as asking:
            return asking.get("/metrics").body.decode()

    def wait(self) -> None:
        """Until it is ready."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.process.poll() is None:
            try:
                with Connection(self.port) as asking:
                    if asking.get("/health/ready").status == 200:
                        return
            except Lost:
                pass
            time.sleep(0.05)
        sys.exit(f"The server does not get ready. It says:\n{self.said()}")

    def said(self) -> str:
        """Its log."""
        return (self.run / "log").read_text("utf-8", "replace")

    def stop(self) -> None:
        """End it; its processes are gone when this returns."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(PATIENCE)
        finally:
            if self.process.poll() is None:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()


def _granian(
    home: Path, run: Path, port: int, workers: int
) -> tuple[tuple[str, ...], dict[str, str]]:
    """The same application under granian: the command, and the environment that it needs."""
    words = f"-m granian --interface asgi --factory --host {HOST} --port {port} --workers {workers}"
    more = "--http 1 --no-ws --loop uvloop --backlog 2048 shortlist.server.application:application"
    environment = {
        "SHORTLIST_HOME": str(home),
        "SHORTLIST_RUN": str(run),
        "PROMETHEUS_MULTIPROC_DIR": str(run),
        "SHORTLIST_SERVER__WORKERS": str(workers),
        **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    }
    return (sys.executable, *words.split(), *more.split()), environment


def bare_environment() -> dict[str, str]:
    """The environment without settings of one's own."""
    return {name: value for name, value in os.environ.items() if not name.startswith("SHORTLIST_")}


def _free_ports(number: int) -> list[int]:
    held = [socket.create_server((HOST, 0)) for _ in range(number)]
    ports = [int(each.getsockname()[1]) for each in held]
    for each in held:
        each.close()
    return ports
