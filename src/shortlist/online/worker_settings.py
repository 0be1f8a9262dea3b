"""What the worker does by itself, and when."""

from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, PositiveInt


class WorkerSettings(BaseModel):
    """What the worker does by itself, and when."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    enabled: bool = True
    """Whether `shortlist serve` starts a worker beside it."""

    look_seconds: PositiveFloat = Field(default=1.0, le=3600)
    """How often it looks for new events while there is nothing to do."""

    nice: int = Field(default=19, ge=0, le=19)
    """How far it steps back behind other processes: 19 is the lowest priority there is. On a
    machine that is busy all the time it may then hardly get a turn."""

    refresh_events: PositiveInt = 500
    """New choices after which the ranker learns on."""

    refresh_minutes: PositiveFloat = 60.0
    """Minutes after which it learns on although there are fewer, if there are a tenth as many."""

    refresh_trees: PositiveInt = 20
    """Trees by which each head grows when it learns on."""

    refresh_questions: PositiveInt = 2_000
    """Questions about new choices it learns from at most, spread evenly."""

    refreshes: PositiveInt = 12
    """Refreshes after which everything is trained again, so that forests do not grow for ever."""

    replay_rows: PositiveInt = 20_000
    """Earlier training rows that are kept with a bundle and learned again beside new ones."""

    margin: float = Field(default=0.01, ge=0, le=1)
    """How much worse a challenger may be, in the progressive score, and still be promoted."""

    error: float = Field(default=0.05, gt=0, lt=0.5)
    """How often, at most, a comparison may end with what is not so."""

    per_user: PositiveInt = 5
    """Events of one user that count in a comparison: they are not independent. What is chosen from
    one list counts together."""

    compared_events: PositiveInt = 1_000
    """Events after which a comparison ends that decided nothing for certain: by what it looks
    like, within the margin."""

    compared_hours: PositiveFloat = 168.0
    """Hours after which it ends too."""

    asked_share: float = Field(default=1.0, gt=0, le=1)
    """The share of new choices that is asked about: less where more come than it can follow."""

    retrain_hours: PositiveFloat = 24.0
    """Hours after which everything is trained again, where there are new choices to learn from."""

    drift: PositiveFloat = 0.25
    """Population stability index of the scores over which everything is trained again."""

    unknown_share: float = Field(default=0.2, gt=0, le=1)
    """Share of choices of items that the training did not know over which everything is trained
    again."""

    keep: PositiveInt = 8
    """Bundles that are kept, beside those that are in use."""
