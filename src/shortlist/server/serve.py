"""Listening: API and pages in one process or several, metrics and administration beside them."""

import os
import shutil
import tempfile
from pathlib import Path
from threading import Thread
from typing import Final

import uvicorn

from shortlist.bootstrap import Home
from shortlist.server.application import HOME, NUMBERS, RUN
from shortlist.server.listening import listening, shared_address
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
    address = listening if server.workers == 1 else shared_address
    listens = address(server.host, server.port)
    admin_port = server.admin_port or listens.getsockname()[1] + 1
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
            uvicorn.Server(config).run([listens])
        else:
            from uvicorn.supervisors import Multiprocess

            Multiprocess(config, sockets=[listens]).run()
    finally:
        child.stop()
        listens.close()
        shutil.rmtree(run, ignore_errors=True)


def _administer(home: Home, host: str, port: int) -> None:
    """Serve metrics and administration from a thread of this process."""
    from shortlist.api.admin import create_admin

    listens = listening(host, port)
    config = uvicorn.Config(
        create_admin(home),
        loop="asyncio",
        log_config=None,
        access_log=False,
        server_header=False,
        ws="none",
        lifespan="off",
    )
    Thread(target=uvicorn.Server(config).run, args=([listens],), name="admin", daemon=True).start()
