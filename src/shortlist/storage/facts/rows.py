"""Facts one by one, as requests read them; `frames.py` has them as columns."""

from typing import NamedTuple

from shortlist.core.times import Instant


class EventRow(NamedTuple):
    """One line of the log, without what was typed."""

    sequence: int
    id: str
    item: str
    kind: str
    value: float | None
    time: Instant | None
    session: str | None
    decision: str | None
