"""Every change that people make by hand is written down: who, what, about what."""

from collections.abc import Mapping
from typing import Final

import structlog

from shortlist.core.clock import SystemClock
from shortlist.storage.facts import Facts

LOG: Final = structlog.get_logger("shortlist.audit")

THEMSELVES: Final = "themselves"
"""Who erased somebody, where it was that person: nothing is to name them any more."""


def write_down(facts: Facts, who: str, what: str, about: str, detail: Mapping[str, object]) -> None:
    """Write down a change that was made, in the log of the service and in the database."""
    LOG.info("changed", what=what, about=about, by=who, **detail)
    facts.audit.add(who, what, about, time=SystemClock().now(), detail=detail)
