"""How what happens between trainings is learned."""

from pydantic import BaseModel, ConfigDict, Field, NonNegativeFloat, PositiveFloat, PositiveInt


class OnlineSettings(BaseModel):
    """How what happens between trainings is learned."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    follow: bool = True
    """Whether a serving process learns from every event within seconds. Where not, only what a
    user did themselves counts before the next training."""

    look_seconds: PositiveFloat = Field(default=0.1, le=60)
    """How often a process looks for events that others took, and for users who were erased. Its
    own events wake it."""

    publish_share: float = Field(default=0.05, gt=0, le=1)
    """The share of a process's time that making what answers anew may take. The more expensive it
    is, the more events are gathered for it."""

    catch_up_seconds: NonNegativeFloat = 5.0
    """How long a start, or a new bundle, may wait until it knows what happened since its training;
    what is left is learned beside the requests."""

    checkpoint_events: PositiveInt = 20_000
    """Events after which what was learned is kept on disk, so that a restart need not learn them
    again."""

    checkpoint_seconds: PositiveFloat = 60.0
    """Seconds that lie between two such checkpoints at least."""
