"""How somebody new is asked about items."""

from pydantic import BaseModel, ConfigDict, Field, PositiveInt


class OnboardingSettings(BaseModel):
    """How people whom nobody knows yet are asked about items."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    questions: PositiveInt = 15
    """Items that somebody is asked about at most, those they do not know among them."""

    batch: int = Field(default=5, ge=1, le=20)
    """Items that are asked about at a time."""

    curiosity: float = Field(default=0.1, ge=0, le=4)
    """How much it weighs what an item would teach, beside how likely they know it: 0 asks about
    what they most likely know, 1 trades one for the other."""

    enough: float = Field(default=0.05, ge=0, le=1)
    """It is over where no item that is left is expected to teach more than this share of what the
    very first one is."""

    like: str = Field(default="like", min_length=1, max_length=200)
    """The kind of event that `like` becomes."""

    dislike: str = Field(default="dislike", min_length=1, max_length=200)
    """The kind of event that `dislike` becomes."""

    rating: str = Field(default="rating", min_length=1, max_length=200)
    """The kind of event that a number becomes."""
