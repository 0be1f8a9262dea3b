"""Listening: API and pages in one process or several, metrics and administration beside them."""

import os
import shutil
import socket
import tempfile
from pathlib import Path
from threading import Thread
from typing import Final

import uvicorn

from shortlist.bootstrap import Home
from shortlist.core.errors import StorageFailed
from shortlist.server.application import HOME, NUMBERS, RUN
from shortlist.server.log import set_up_log
from shortlist.worker.child import Child, command_of

TOLD: Final = ("workers", "threads", "body_limit")
"""Settings that processes must know as the command line changed them."""


def serve(home: Home) -> None:
    """Serve until told to stop; returns when all processes have ended."""
    set_up_log()
    server = home.settings.server
    run = Path(tempfile.mkdtemp(prefix="shortlist-"))
    os.environ |= {HOME: str(home.path), RUN: str(run), NUMBERS: str(run)}
    os.environ |= {f"SHORTLIST_SERVER__{name.upper()}": str(getattr(server, name)) for name in TOLD}
    listening = _listening(server.host, server.port)
    admin_port = server.admin_port or listening.getsockname()[1] + 1
    config = uvicorn.Config(
        "shortlist.server.application:application",
        factory=True,
        host=server.host,
        workers=server.workers,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(server.trusted_proxies),
        forwarded_allow_ips=server.trusted_proxies,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=server.grace_seconds,
        backlog=2048,
        timeout_worker_healthcheck=60,
    )
    child = Child(command_of(home.path))
    try:
        if home.settings.worker.enabled:
            child.start()
        _administer(home, server.admin_host, admin_port)
        if server.workers == 1:
            uvicorn.Server(config).run([listening])
        else:
            from uvicorn.supervisors import Multiprocess

            Multiprocess(config, sockets=[listening]).run()
    finally:
        child.stop()
        listening.close()
        shutil.rmtree(run, ignore_errors=True)


def _listening(host: str, port: int) -> socket.socket:
    """A listening address. Raises StorageFailed where it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((host, port))
    except OSError as error:
        found.close()
        raise StorageFailed(
            f"{host}:{port} cannot be listened at: {error.strerror}. Give another --port."
        ) from None
    found.set_inheritable(True)
    return found


def _administer(home: Home, host: str, port: int) -> None:
    """Serve metrics and administration from a thread of this process."""
    from shortlist.api.admin import create_admin

    listening = _listening(host, port)
    config = uvicorn.Config(
        create_admin(home),
        loop="asyncio",
        log_config=None,
        access_log=False,
        server_header=False,
        ws="none",
        lifespan="off",
    )
    Thread(
        target=uvicorn.Server(config).run, args=([listening],), name="admin", daemon=True
    ).start()
