"""The application of the pages: routes, failures, headers."""

from importlib import import_module
from typing import Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from shortlist.bootstrap import Home
from shortlist.core.errors import ShortlistError
from shortlist.core.templates import Templates
from shortlist.evaluation.report.vega import vega_embed, vega_release
from shortlist.http.gate import Gate
from shortlist.http.metrics import Metrics
from shortlist.http.turnstile import Turnstile
from shortlist.serving.service import Service
from shortlist.web.dashboard.words import ago, amount, when
from shortlist.web.failures import foreseen, refused, unforeseen, unreadable
from shortlist.web.files import Files
from shortlist.web.headers import Headers
from shortlist.web.routes import ROUTERS
from shortlist.web.seals import Seals
from shortlist.web.shop.covers.cover import cover
from shortlist.web.shop.wall import wall
from shortlist.web.web import Web

COSTLY: Final = frozenset(
    {("POST", "/sign-in"), ("POST", "/register"), ("POST", "/account/password")}
)
"""What hashes a password, which takes tens of milliseconds of a processor by intention."""

VEGA: Final = "vega.js"
"""The script that draws charts, made when a page first asks for it."""

KNOWN: Final = {"cover": cover, "wall": wall, "when": when, "amount": amount, "ago": ago}
"""What templates draw and write with."""

LARGEST: Final = 100_000
"""Bytes of a form."""


def create_pages(home: Home, service: Service, metrics: Metrics) -> FastAPI:
    """The pages in front of a service, which somebody else starts and closes."""
    seals = Seals(service.auth.secret.derived("forms"))
    app = FastAPI(title="Pages", openapi_url=None, docs_url=None, redoc_url=None)
    files = Files({VEGA: lambda: vega_embed().encode()}, of=vega_release())
    templates = Templates("shortlist.web", "templates", known=KNOWN)
    app.state.web = Web(home, service, metrics, seals, files, templates)
    service.afterwards.append(_prepare)
    for router in ROUTERS:
        app.include_router(router)
    app.add_exception_handler(ShortlistError, foreseen)
    app.add_exception_handler(RequestValidationError, unreadable)
    app.add_exception_handler(HTTPException, refused)
    app.add_exception_handler(Exception, unforeseen)
    app.add_middleware(Turnstile, settings=service.auth.settings.passwords, costly=COSTLY)
    app.add_middleware(Headers, image_hosts=home.settings.web.image_hosts)
    app.add_middleware(Gate, metrics=metrics, body_limit=LARGEST)
    return app


def _prepare() -> None:
    """Import what draws the reports of bundles: it takes a second or two, once a process."""
    import_module("shortlist.evaluation.report.parts")
