"""Every change that is made on the dashboard is written down: who, what, about what."""

from typing import Final

import structlog

from shortlist.web.visitors import Visitor

LOG: Final = structlog.get_logger("shortlist.audit")


def note(visitor: Visitor, what: str, about: str, **more: object) -> None:
    """Write down a change that was made."""
    LOG.info("changed", what=what, about=about, by=visitor.login, **more)
