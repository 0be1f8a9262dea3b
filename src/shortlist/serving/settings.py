"""How answers are made while serving."""

from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, PositiveInt


class ServingSettings(BaseModel):
    """How answers are made, and how long they may take."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    budget_ms: PositiveFloat = 50.0
    """Milliseconds an answer may take; a stage that has used up its share is left out and named."""

    explain_ms: PositiveFloat = 250.0
    """Milliseconds that explanations may take on top, where they are asked for."""

    at_once: PositiveInt = 2
    """Lists that a process makes at once; others wait for their turn before their time begins.
    More of them at work on one processor would all be late, and stages left out."""

    history: PositiveInt = 500
    """The newest events of a user that the sources and features look at."""

    remembered: PositiveInt = 5_000
    """The newest events of a user that are read at all: older choices may be recommended again."""

    events_kept: PositiveInt = 500_000
    """Events of the users who came last that stay in memory (about 400 bytes each); the others'
    are read again when they come."""

    page_depth: int = Field(default=100, ge=0, le=500)
    """How far down a list its pages go, in items."""

    watch_seconds: PositiveFloat = 0.5
    """How often a process looks for a new bundle and for changed items."""

    decisions_waiting: PositiveInt = 10_000
    """Decisions that wait to be written; what comes on top is dropped, and counted."""

    decisions_kept_days: PositiveInt = 90
    """Days after which a decision is forgotten."""

    events_waiting: PositiveInt = 100_000
    """Events that wait for their commit; what comes on top is refused, to be sent again."""

    commit_seconds: PositiveFloat = 10.0
    """How long an event may wait for its commit before its sender is told to send it again."""
