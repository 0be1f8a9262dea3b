"""Every change that is made on the dashboard is written down: who, what, about what."""

from typing import Final

import structlog
from fastapi import Request

from shortlist.core.clock import SystemClock
from shortlist.web.visitors import visitor_of
from shortlist.web.web import web_of

LOG: Final = structlog.get_logger("shortlist.audit")


def note(request: Request, what: str, about: str, **detail: object) -> None:
    """Write down a change that was made, in the log of the service and in the database."""
    service, who = web_of(request).service, visitor_of(request).login
    LOG.info("changed", what=what, about=about, by=who, **detail)
    time = SystemClock().now()
    service.facts.audit.add(who, what, about, time=time, detail=detail)
