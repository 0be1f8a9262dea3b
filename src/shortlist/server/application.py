"""The application of one process: the API and the pages, in front of the same service."""

import os
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any, Final

from shortlist.bootstrap import Home, open_home, open_service
from shortlist.server.log import set_up_log
from shortlist.serving.crew import Crew

HOME: Final = "SHORTLIST_HOME"
RUN: Final = "SHORTLIST_RUN"
"""The folder through which the processes of one service know of each other."""

NUMBERS: Final = "PROMETHEUS_MULTIPROC_DIR"
"""Where they leave their numbers. Prometheus' client looks at it when it is first imported, which
is why nothing here imports it before."""

App = Callable[[MutableMapping[str, Any], Any, Any], Awaitable[None]]

OF_THE_API: Final = ("/v1/", "/health/", "/version", "/docs", "/openapi.json")
"""How the paths of the API begin; all others are pages."""


class Site:
    """One address, two applications that do not know each other."""

    def __init__(self, api: App, pages: App) -> None:
        self._api = api
        self._pages = pages

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        """Hand a request to whose path it is. The API lives with the process, and ends it."""
        api = scope["type"] != "http" or scope["path"].startswith(OF_THE_API)
        await (self._api if api else self._pages)(scope, receive, send)


def application() -> App:
    """The application; what it needs it finds in its environment."""
    set_up_log()
    home = open_home(Path(os.environ[HOME]))
    return application_of(home, Crew(home.settings.server.workers, Path(os.environ[RUN])))


def application_of(home: Home, crew: Crew) -> App:
    """The application of a home: the API, and the pages unless the settings leave them out."""
    from shortlist.api.app import create_app
    from shortlist.http.metrics import Metrics
    from shortlist.web.app import create_pages

    server, metrics = home.settings.server, Metrics()
    service = open_service(home, crew, metrics)
    api = create_app(service, metrics, body_limit=server.body_limit, threads=server.threads)
    if not home.settings.web.enabled:
        return api
    return Site(api, create_pages(home, service, metrics))
