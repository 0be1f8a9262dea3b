"""The HTTP application: routes, errors, the gate, and the end of a process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import anyio.to_thread
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from shortlist import __version__
from shortlist.api.problems import foreseen, http, problem_schema, unforeseen, unreadable
from shortlist.api.reference.page import add_reference
from shortlist.api.routes import ROUTERS, routes
from shortlist.core.errors import ShortlistError
from shortlist.http.gate import Gate
from shortlist.http.metrics import Metrics
from shortlist.http.turnstile import Turnstile
from shortlist.serving.service import Service
from shortlist.serving.watch import Watch

NUMBERS_SECONDS: Final = 2.0
"""How often the gauges are set."""

ABOUT: Final = (
    "What should this user see next? Send events, ask for lists.\n\n"
    "Applications send an API key (`X-API-Key`), people a token (`Authorization: Bearer`). Errors "
    "are problem documents (RFC 9457) with a stable `code`."
)


COSTLY: Final = frozenset(
    {
        ("POST", "/v1/sign-in"),
        ("POST", "/v1/accounts"),
        ("POST", "/v1/me/password"),
        ("POST", "/v1/admin/accounts"),
    }
)
"""What hashes a password, which takes tens of milliseconds of a processor by intention."""


def create_app(service: Service, metrics: Metrics, *, body_limit: int, threads: int) -> FastAPI:
    """The application in front of a service; it starts and closes the service."""
    app = FastAPI(
        title="Shortlist",
        version=__version__,
        description=ABOUT,
        lifespan=_lifespan(service, metrics, threads),
        docs_url=None,
        redoc_url=None,
        responses={"default": problem_schema()},
        separate_input_output_schemas=False,
        telemetry={"tracing": False, "metrics": False, "logs": False, "operation_spans": False},
    )
    add_reference(app)
    app.state.service = service
    app.state.metrics = metrics
    app.state.routes = routes()
    for router in ROUTERS:
        app.include_router(router)
    app.add_exception_handler(ShortlistError, foreseen)
    app.add_exception_handler(RequestValidationError, unreadable)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(Exception, unforeseen)
    app.add_middleware(Turnstile, settings=service.auth.settings.passwords, costly=COSTLY)
    app.add_middleware(Gate, metrics=metrics, body_limit=body_limit)
    return app


def _lifespan(service: Service, metrics: Metrics, threads: int) -> Any:
    numbers = Watch("numbers", NUMBERS_SECONDS, lambda: metrics.now(service.numbers()))

    @asynccontextmanager
    async def running(_: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = threads
        service.start()
        numbers.start()
        try:
            yield
        finally:
            numbers.stop()
            service.close()

    return running
